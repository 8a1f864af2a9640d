import { fit } from "./columns.js"
import { oneLine } from "./plain-text.js"

/** What a terminal and a CI log show without wrapping, and how many lines a person takes in at once. */
export const screenColumns = 100
export const screenLines = 40

/** One line of untrusted text. GitHub and Azure read `##[…]` as a command wherever it stands in a log line. */
export function safe(text: string): string {
  return oneLine(text.slice(0, 4000)).replaceAll("##[", "## [")
}

/** The same, cut to a width. */
export function line(text: string, width = screenColumns): string {
  return fit(safe(text), width)
}
