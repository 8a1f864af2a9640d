import { alignColumns, fit, wrapWords } from "../presentation/columns.js"
import { line, screenColumns } from "../presentation/screen.js"
import { count, duration, moment, percent } from "../shared/figures.js"
import { version } from "../shared/version.js"
import {
  type Distribution,
  type DoraFigures,
  type DoraWindow,
  type FigureName,
  type Frequency,
  LEAST,
  type Share,
} from "./figures.js"

const TITLES: Readonly<Record<FigureName, string>> = {
  frequency: "deployment frequency",
  leadTime: "change lead time",
  failRate: "change fail rate",
  recovery: "failed deployment recovery time",
  rework: "deployment rework rate",
}
const NAMES: readonly FigureName[] = ["leadTime", "frequency", "recovery", "failRate", "rework"]

/** DORA's five figures as one screen. */
export function doraScreen(service: string, environment: string, figures: DoraFigures): string {
  const { windows, formulas, until } = figures
  const rows = NAMES.map((name) => [TITLES[name], ...windows.map((one) => words(name, one))])
  const table = alignColumns(
    [["", ...windows.map(({ days }) => `${days} days`)], ...rows],
    ["left", ...windows.map((): "left" => "left")],
  ).map((row) => fit(row, screenColumns))
  return `${[
    line(`Tollgate ${version} · dora · ${service} · ${environment} · until ${moment(until)}`),
    "",
    ...table,
    ...remarks(windows),
    "",
    ...NAMES.flatMap((name) => wrapWords(`${TITLES[name]}: ${formulas[name]}.`, screenColumns)),
    ...wrapWords(
      `Too few: fewer than ${LEAST}. Median and 90th percentile; n is how many values they are of.`,
      screenColumns,
    ),
  ].join("\n")}\n`
}

function words(name: FigureName, window: DoraWindow): string {
  if (name === "frequency") return frequencyWords(window.frequency)
  if (name === "failRate" || name === "rework") return shareWords(window[name])
  return distributionWords(window[name])
}

function frequencyWords(given: Frequency): string {
  return given.kind === "known" ? `${given.perWeek.toFixed(1)} a week (n ${given.n})` : `too few (n ${given.n})`
}

function shareWords(given: Share): string {
  return given.kind === "known"
    ? `${percent(given.percent)} (${given.n} of ${given.of})`
    : `too few (${given.n} of ${given.of})`
}

function distributionWords(given: Distribution): string {
  if (given.kind === "not-known") return "not known"
  if (given.kind === "too-few") return `too few (n ${given.n})`
  return `${duration(given.median)}, p90 ${duration(given.p90)} (n ${given.n})`
}

function remarks(windows: readonly DoraWindow[]): string[] {
  const [longest] = [...windows].sort((one, other) => other.days - one.days)
  if (longest === undefined) return []
  const { days, covered, frequency, leadTime, withCommits, notRecovered } = longest
  return [
    ...(covered < days ? [`The ledger has releases of the last ${count(covered, "day")} only.`] : []),
    ...(leadTime.kind === "not-known" ? [`Change lead time is not known: ${leadTime.why}.`] : []),
    ...(leadTime.kind !== "not-known" && withCommits < frequency.n
      ? [`Change lead time is of ${withCommits} of ${frequency.n} deployments: the others have no plan with commits.`]
      : []),
    ...(notRecovered > 0 ? [`${count(notRecovered, "failed deployment")} without a good release since.`] : []),
  ].map((text) => line(text))
}
