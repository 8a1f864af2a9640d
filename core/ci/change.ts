import { bytes, count, percent } from "../shared/figures.js"
import type { FigureStatus, Status } from "./status.js"

const TITLES: ReadonlyMap<string, string> = new Map([
  ["coverage", "coverage"],
  ["patch-coverage", "coverage of changed lines"],
  ["tests", "tests"],
  ["image-size", "image size"],
  ["findings", "findings of the scan"],
  ["blocking-findings", "blocking findings"],
  ["p95", "p95, slowest scenario"],
])

export function titleOf({ name }: Pick<FigureStatus, "name">): string {
  return TITLES.get(name) ?? name
}

export function shownValue(name: string, value: number): string {
  switch (name) {
    case "coverage":
    case "patch-coverage":
      return percent(value)
    case "image-size":
      return bytes(value)
    case "p95":
      return `${Math.round(value)} ms`
    default:
      return String(value)
  }
}

export interface ShownFigure {
  title: string
  now: string
  /** null: there is no baseline with this figure. */
  before: string | null
  /** With its sign; empty where nothing changed or nothing is known. */
  difference: string
}

/** Each figure beside the one of the baseline. */
export function shownFigures(status: Status): ShownFigure[] {
  return status.gates.flatMap(({ figures }) =>
    figures.map((figure) => ({
      title: titleOf(figure),
      now: shownValue(figure.name, figure.value),
      before: figure.before === null ? null : shownValue(figure.name, figure.before),
      difference: differenceOf(figure),
    })),
  )
}

function differenceOf({ name, value, before }: FigureStatus): string {
  if (before === null || value === before) return ""
  const sign = value > before ? "+" : "−"
  const size = Math.abs(value - before)
  const shown = name === "coverage" || name === "patch-coverage" ? `${size.toFixed(2)} points` : shownValue(name, size)
  return `${sign}${shown}`
}

/** Response times differ a little on each run: below this part of the earlier one, they did not change. */
const SAME_TIME = 0.2

/** Whether the comment tells the reader of a pull request more than the green check does. */
export function isWorthTelling(status: Status): boolean {
  if (status.verdict !== "passed") return true
  return status.gates.some(({ figures }) =>
    figures.some(({ name, value, before }) => {
      if (before === null) return false
      return name === "p95"
        ? Math.abs(value - before) > before * SAME_TIME
        : shownValue(name, value) !== shownValue(name, before)
    }),
  )
}

/** `3 files changed`, or that it is not known. */
export function changedInWords({ changed }: Status): string {
  return changed === null ? "base unknown, every gate runs" : `${count(changed, "changed file")}`
}
