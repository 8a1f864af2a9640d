import type { ReleaseRecord } from "./ledger.js"

/** Only recent releases count: older ones say little about today. */
const MOST_RELEASES = 20

/** Expected duration of a deployment: the median of the latest successful ones; null when there are none. */
export function expectedDuration(releases: readonly ReleaseRecord[]): { seconds: number; releases: number } | null {
  const times = releases
    .filter(({ action, outcome, seconds }) => action === "deploy" && outcome === "live" && seconds !== null)
    .slice(0, MOST_RELEASES)
    .map(({ seconds }) => seconds ?? 0)
    .sort((one, other) => one - other)
  const middle = times.length >> 1
  const high = times[middle]
  if (high === undefined) return null
  const low = times.length % 2 === 0 ? (times[middle - 1] ?? high) : high
  return { seconds: (low + high) / 2, releases: times.length }
}
