/** null: of nothing. */
export function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((one, other) => one - other)
  const middle = sorted.length >> 1
  const high = sorted[middle]
  if (high === undefined) return null
  return sorted.length % 2 === 0 ? ((sorted[middle - 1] ?? high) + high) / 2 : high
}
