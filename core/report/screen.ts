import { fit } from "./columns.js"
import { oneLine } from "./plain-text.js"

/** More than any line has: a file and a CI log keep what they get, and a cause must not end in the middle there. */
const UNLIMITED = 4000
const NARROWEST = 60

/** The terminal's width, where there is one; COLUMNS says another, as it does elsewhere. */
export function widthOf(columns: string | undefined, terminal: { isTTY?: boolean; columns?: number }): number {
  const wanted = Number(columns)
  if (Number.isInteger(wanted) && wanted > 0) return Math.max(NARROWEST, wanted)
  return terminal.isTTY === true ? Math.max(NARROWEST, terminal.columns ?? 100) : UNLIMITED
}

export const screenColumns = widthOf(process.env["COLUMNS"], process.stdout)
/** What a person takes in at once. */
export const screenLines = 40

/** One line of untrusted text. GitHub and Azure read `##[…]` as a command wherever it stands in a log line. */
export function safe(text: string): string {
  return oneLine(text.slice(0, 4000)).replaceAll("##[", "## [")
}

/** The same, cut to a width. */
export function line(text: string, width = screenColumns): string {
  return fit(safe(text), width)
}
