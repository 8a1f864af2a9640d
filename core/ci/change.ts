import type { FigureForm } from "../config/gate.js"
import { ciGates } from "../config/gates.js"
import { bytes, count, percent } from "../shared/figures.js"
import type { FigureStatus, Status } from "./status.js"

const FORMS: ReadonlyMap<string, FigureForm> = new Map(
  ciGates.flatMap(({ ci }) => Object.entries<FigureForm>(ci.figures)),
)

/** A report of another version may have a figure that this one does not know. */
function formOf(name: string): FigureForm {
  return FORMS.get(name) ?? { title: name, unit: "count" }
}

export function titleOf({ name }: Pick<FigureStatus, "name">): string {
  return formOf(name).title
}

export function shownValue(name: string, value: number): string {
  switch (formOf(name).unit) {
    case "percent":
      return percent(value)
    case "bytes":
      return bytes(value)
    case "milliseconds":
      return `${Math.round(value)} ms`
    case "count":
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

/** With its sign; empty where nothing changed or nothing is known. */
export function differenceOf({ name, value, before }: FigureStatus): string {
  if (before === null || value === before) return ""
  const sign = value > before ? "+" : "−"
  const size = Math.abs(value - before)
  const shown = formOf(name).unit === "percent" ? `${size.toFixed(2)} points` : shownValue(name, size)
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
      return formOf(name).unit === "milliseconds"
        ? Math.abs(value - before) > before * SAME_TIME
        : shownValue(name, value) !== shownValue(name, before)
    }),
  )
}

/** `3 files changed`, or that it is not known. */
export function changedInWords({ changed }: Status): string {
  return changed === null ? "base unknown, every gate runs" : `${count(changed, "changed file")}`
}
