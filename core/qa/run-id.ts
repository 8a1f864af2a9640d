/** Names one run by its time, to the millisecond: 20261122T093015123Z. */
export function runId(now: Date): string {
  return now.toISOString().replace(/[-:.]/g, "")
}
