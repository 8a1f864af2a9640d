/** Whether there is such a day: of 2026-02-31 the platform makes one in March without a word. */
export function isDay(written: string): boolean {
  const time = Date.parse(`${written}T00:00:00Z`)
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(written)
}
