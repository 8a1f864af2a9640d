import { terminalText } from "./plain-text.js"

/**
 * The error class of Tollgate: what happened, and what to do next.
 * `code` is stable, for scripts; the message is for people, and may quote programs: a terminal or a CI only shows it.
 */
export class TollgateError extends Error {
  readonly code: string
  readonly next: string

  constructor(code: string, what: string, next: string) {
    super(terminalText(next === "" ? what : `${what}\n\n${next}`))
    this.name = "TollgateError"
    this.code = code
    this.next = next
  }
}
