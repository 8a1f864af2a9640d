import { type Alignment, alignColumns, fit, wrapWords } from "../presentation/columns.js"
import { line, screenColumns } from "../presentation/screen.js"
import { count, duration, moment, percent } from "../shared/figures.js"
import { version } from "../shared/version.js"
import { type DoraFigures, type DoraWindow, type FigureName, LEAST } from "./figures.js"

const TITLES: Readonly<Record<FigureName, string>> = {
  leadTime: "change lead time",
  frequency: "deployment frequency",
  recovery: "failed deployment recovery time",
  failRate: "change fail rate",
  rework: "deployment rework rate",
}
const NAMES: readonly FigureName[] = ["leadTime", "frequency", "recovery", "failRate", "rework"]
const ALIGNMENTS: Alignment[] = ["left", "right", "right", "left", "left"]

/** DORA's five figures as one screen. */
export function doraScreen(service: string, environment: string, figures: DoraFigures): string {
  const { windows, formulas, until } = figures
  const rows = NAMES.flatMap((name) =>
    windows.map((window, index) => [index === 0 ? TITLES[name] : "", String(window.days), ...cells(name, window)]),
  )
  const table = alignColumns([["figure", "days", "n", "value", "p90"], ...rows], ALIGNMENTS)
  return `${[
    line(`Tollgate ${version} · dora · ${service} · ${environment} · until ${moment(until)}`),
    "",
    ...table.map((row) => fit(row, screenColumns)),
    "",
    ...remarks(windows),
    ...wrapWords(`Times are medians. Too few: n is below ${LEAST}.`, screenColumns),
    "",
    ...NAMES.flatMap((name) => wrapWords(`${TITLES[name]}: ${formulas[name]}.`, screenColumns)),
  ].join("\n")}\n`
}

/** n, value, 90th percentile. */
function cells(name: FigureName, window: DoraWindow): [string, string, string] {
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

function remarks(windows: readonly DoraWindow[]): string[] {
  const [longest] = [...windows].sort((one, other) => other.days - one.days)
  if (longest === undefined) return []
  const { days, covered, frequency, leadTime, withCommits, notRecovered } = longest
  return [
    ...(covered < days ? [`The ledger covers only the last ${count(covered, "day")}.`] : []),
    ...(leadTime.kind === "not-known" ? [`The change lead time is not known: ${leadTime.why}.`] : []),
    ...(leadTime.kind !== "not-known" && withCommits < frequency.n
      ? [
          `The change lead time covers ${withCommits} of ${frequency.n} deployments: the others have no plan with commits.`,
        ]
      : []),
    ...(notRecovered > 0
      ? [`${count(notRecovered, "failed deployment")}: no working release has been verified since.`]
      : []),
  ].map((text) => line(text))
}
