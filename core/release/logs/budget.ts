import type { LogEntry } from "../../ledger/logs/line.js"

/** Most lines and characters of one run that the ledger keeps, and how many lines of its end it keeps beyond that. */
export const [MOST_LINES, MOST_CHARACTERS, MOST_LAST] = [10_000, 4_000_000, 200] as const

/** Lines that one run writes: the first ones, and, when they are too many, the last ones, which say why a run failed. */
export class LineBudget {
  #lines = 0
  #characters = 0
  #last: LogEntry[] = []
  /** Lines between the first and the last ones. */
  #left = 0

  /** @returns those that are written now */
  take(entries: readonly LogEntry[]): LogEntry[] {
    const now: LogEntry[] = []
    for (const entry of entries) {
      if (this.#last.length === 0 && this.#lines < MOST_LINES && this.#characters < MOST_CHARACTERS) {
        this.#lines += 1
        this.#characters += entry.text.length
        now.push(entry)
      } else this.#last.push(entry)
    }
    const over = this.#last.splice(0, Math.max(0, this.#last.length - MOST_LAST))
    this.#left += over.reduce((sum, { lines }) => sum + lines, 0)
    return now
  }

  /** What was held until the end of the run. */
  end(): { readonly left: number; readonly last: readonly LogEntry[] } {
    const ended = { left: this.#left, last: this.#last }
    this.#left = 0
    this.#last = []
    return ended
  }
}
