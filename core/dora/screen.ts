import { type Alignment, alignColumns, fit, wrapWords } from "../presentation/columns.js"
import { line, screenColumns } from "../presentation/screen.js"
import { moment } from "../shared/figures.js"
import { version } from "../shared/version.js"
import { type DoraFigures, LEAST } from "./figures.js"
import { cells, coverage, NAMES, remarks, TITLES } from "./words.js"

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
    ...[coverage(windows), ...remarks(windows)].filter((text) => text !== "").map((text) => line(text)),
    ...wrapWords(`Times are medians. Too few: n is below ${LEAST}.`, screenColumns),
    "",
    ...NAMES.flatMap((name) => wrapWords(`${TITLES[name]}: ${formulas[name]}.`, screenColumns)),
  ].join("\n")}\n`
}
