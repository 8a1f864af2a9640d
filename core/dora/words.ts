import { count, duration, percent } from "../shared/figures.js"
import type { DoraWindow, FigureName } from "./figures.js"

export const TITLES: Readonly<Record<FigureName, string>> = {
  leadTime: "change lead time",
  frequency: "deployment frequency",
  recovery: "failed deployment recovery time",
  failRate: "change fail rate",
  rework: "deployment rework rate",
}
export const NAMES: readonly FigureName[] = ["leadTime", "frequency", "recovery", "failRate", "rework"]

/** n, value, 90th percentile. */
export function cells(name: FigureName, window: DoraWindow): [n: string, value: string, p90: string] {
  const given = window[name]
  if (given.kind === "not-known") return ["–", "not known", ""]
  if ("of" in given) {
    const share = given.kind === "known" ? percent(given.percent) : "too few"
    return [String(given.of), `${share} (${given.n} of ${given.of})`, ""]
  }
  const n = String(given.n)
  if (given.kind === "too-few") return [n, "too few", ""]
  if ("perWeek" in given) return [n, `${given.perWeek.toFixed(1)} a week`, ""]
  return [n, duration(given.median), duration(given.p90)]
}

/** How much of the time the releases cover; empty: all of the longest window. */
export function coverage(windows: readonly DoraWindow[]): string {
  const longest = longestOf(windows)
  if (longest === null || longest.covered >= longest.days) return ""
  return `The ledger covers only the last ${count(longest.covered, "day")}.`
}

/** What else limits the figures. */
export function remarks(windows: readonly DoraWindow[]): string[] {
  const longest = longestOf(windows)
  if (longest === null) return []
  const { frequency, leadTime, withCommits, notRecovered } = longest
  return [
    ...(leadTime.kind === "not-known" ? [`The change lead time is not known: ${leadTime.why}.`] : []),
    ...(leadTime.kind !== "not-known" && withCommits < frequency.n
      ? [
          `The change lead time covers ${withCommits} of ${frequency.n} deployments: the others have no plan with commits.`,
        ]
      : []),
    ...(notRecovered > 0
      ? [`${count(notRecovered, "failed deployment")}: no working release has been verified since.`]
      : []),
  ]
}

function longestOf(windows: readonly DoraWindow[]): DoraWindow | null {
  return [...windows].sort((one, other) => other.days - one.days)[0] ?? null
}
