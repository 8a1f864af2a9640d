/** Several hosts at the same time: all come to their end, then the first failure is thrown. */
export async function requireAll<Result>(work: readonly Promise<Result>[]): Promise<Result[]> {
  const settled = await Promise.allSettled(work)
  const failed = settled.find((one) => one.status === "rejected")
  if (failed !== undefined) throw failed.reason
  return settled.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []))
}

export function seconds(since: number): number {
  return (performance.now() - since) / 1000
}
