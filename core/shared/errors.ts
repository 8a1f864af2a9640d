/**
 * The error class of Tollgate: what happened, and what to do next.
 * `code` is stable, for scripts; the message is for people.
 */
export class TollgateError extends Error {
  readonly code: string
  readonly next: string

  constructor(code: string, what: string, next: string) {
    super(next === "" ? what : `${what}\n\n${next}`)
    this.name = "TollgateError"
    this.code = code
    this.next = next
  }
}
