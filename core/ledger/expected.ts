import type { ReleaseRecord } from "./ledger.js"

/** How many releases back a guess looks: what was true a year ago says little. */
const LOOKS_BACK = 20

/** How long a deployment may take: the median of the latest that went well; null: none did. */
export function expectedDuration(releases: readonly ReleaseRecord[]): { seconds: number; releases: number } | null {
  const times = releases
    .filter(({ action, outcome, seconds }) => action === "deploy" && outcome === "live" && seconds !== null)
    .slice(0, LOOKS_BACK)
    .map(({ seconds }) => seconds ?? 0)
    .sort((one, other) => one - other)
  const middle = times.length >> 1
  const high = times[middle]
  if (high === undefined) return null
  const low = times.length % 2 === 0 ? (times[middle - 1] ?? high) : high
  return { seconds: (low + high) / 2, releases: times.length }
}
