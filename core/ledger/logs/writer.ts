import { count } from "../../shared/figures.js"
import { type BackgroundStore, backgroundStore } from "../background-store.js"
import { reasonOf, SLOW, settled } from "../dropped.js"
import { type LogEntry, noteOf } from "./line.js"
import { insertLines, type LineOwner, pruneLines } from "./rows.js"

/** Lines that wait while a batch is written, and characters of them. */
const [MOST_WAITING, MOST_CHARACTERS] = [2000, 1_000_000]
/** Lines of one batch. */
const LARGEST_BATCH = 500
/** What a run that has ended waits for its last batches. */
const LAST_MS = 1000

export type LineStore = BackgroundStore<LineOwner, LogEntry>

export function lineStore(url: string, patience: number): LineStore {
  return backgroundStore(url, patience, insertLines, pruneLines)
}

/**
 * Writes log lines in the background. Nothing waits for it and nothing fails because of it: lines that the ledger does not take are
 * dropped and counted, and the next batch that it takes says so.
 */
export class LineWriter {
  readonly #store: LineStore
  readonly #owner: LineOwner
  #waiting: LogEntry[] = []
  #characters = 0
  #writing: Promise<void> | null = null
  /** Lines of the batch that the ledger has not answered. */
  #unanswered = 0
  #dropped = 0
  /** Dropped lines that the ledger has no note of. */
  #unsaid = 0
  #why = ""
  /** The ledger did not take the latest batch. */
  #isRefused = false

  constructor(store: LineStore, owner: LineOwner) {
    this.#store = store
    this.#owner = owner
  }

  /** Returns at once. */
  add(lines: readonly LogEntry[]): void {
    const characters = charactersOf(lines)
    if (this.#waiting.length + lines.length > MOST_WAITING || this.#characters + characters > MOST_CHARACTERS) {
      this.#drop(linesIn(lines), SLOW)
      return
    }
    this.#waiting.push(...lines)
    this.#characters += characters
    if (this.#waiting.length > 0) this.#writing ??= this.#writeAll().finally(() => (this.#writing = null))
  }

  /**
   * Ends the writing, after a moment for the last batches.
   *
   * @returns a warning; null: every line is in the ledger
   */
  async end(): Promise<string | null> {
    // a ledger that takes nothing is not waited for
    if (!this.#isRefused) await settled(this.#writing, LAST_MS)
    const left = linesIn(this.#waiting.splice(0)) + this.#unanswered
    this.#unanswered = 0
    this.#drop(left, SLOW)
    return this.#dropped === 0
      ? null
      : `${count(this.#dropped, "log line")} of this run ${this.#dropped === 1 ? "was" : "were"} not written to the ledger: ${this.#why}. The dashboard lacks them; \`tollgate logs\` reads them from the target.`
  }

  close(): Promise<void> {
    return this.#store.close()
  }

  /** What has come while a batch was written is the next one. */
  async #writeAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, LARGEST_BATCH)
      this.#characters -= charactersOf(batch)
      this.#unanswered = linesIn(batch)
      const unsaid = this.#unsaid
      try {
        await this.#store.write(this.#owner, unsaid === 0 ? batch : [noteOf("ledger", unsaid), ...batch])
        this.#unsaid -= unsaid
        this.#isRefused = false
      } catch (error) {
        this.#isRefused = true
        // 0: end() has counted them
        this.#drop(this.#unanswered, reasonOf(error, "log_lines", "Log lines"))
      }
      this.#unanswered = 0
    }
  }

  #drop(lines: number, why: string): void {
    this.#dropped += lines
    this.#unsaid += lines
    if (lines > 0) this.#why ||= why
  }
}

/** A note of missing lines that is dropped is as many. */
function linesIn(entries: readonly LogEntry[]): number {
  return entries.reduce((sum, { lines }) => sum + lines, 0)
}

function charactersOf(lines: readonly LogEntry[]): number {
  return lines.reduce((sum, { text }) => sum + text.length, 0)
}
