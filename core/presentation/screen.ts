import { withoutCommands } from "../shared/plain-text.js"
import { fit } from "./columns.js"
import { oneLine } from "./plain-text.js"

/** Files and CI logs get uncut lines. */
const UNLIMITED = Number.POSITIVE_INFINITY
const NARROWEST = 60
/** Of one line, in characters: an app under test may print megabytes. */
const LONGEST = 8000

/** The terminal's width, unless COLUMNS sets another. */
export function widthOf(columns: string | undefined, terminal: { isTTY?: boolean; columns?: number }): number {
  const wanted = Number(columns)
  if (Number.isInteger(wanted) && wanted > 0) return Math.max(NARROWEST, wanted)
  return terminal.isTTY === true ? Math.max(NARROWEST, terminal.columns ?? 100) : UNLIMITED
}

export const screenColumns = widthOf(process.env["COLUMNS"], process.stdout)
/** Maximum height of a screen. */
export const screenLines = 40

/** Lines for causes, which are never cut where no terminal limits the screen. */
export function roomForCauses(left: number, columns = screenColumns): number {
  return columns === UNLIMITED ? UNLIMITED : Math.max(2, left)
}

/** One line of untrusted text. */
export function safe(text: string): string {
  return withoutCommands(oneLine(text.slice(0, LONGEST)))
}

/** `safe`, cut to a width. */
export function line(text: string, width = screenColumns): string {
  return fit(safe(text), width)
}
