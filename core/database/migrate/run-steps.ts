import { step } from "../../shared/progress.js"
import type { Lock } from "../connect/lock.js"
import type { StepRecord } from "./migration-result.js"
import { recordEvent } from "./records.js"

/** The steps of a run: shown as they happen, kept for the screen, and written down in the database. */
export class RunSteps {
  /** Those that are over, in the order in which they began. */
  readonly records: StepRecord[] = []
  readonly #begun: number[] = []
  readonly #run: string
  #lock: Lock
  #count = 0

  constructor(run: string, lock: Lock) {
    this.#run = run
    this.#lock = lock
  }

  /** The lock was taken anew, on another connection or in another database. */
  use(lock: Lock): void {
    this.#lock = lock
  }

  get lock(): Lock {
    return this.#lock
  }

  /** The step that failed last; empty when none has. */
  get failed(): string {
    return this.records.findLast(({ status }) => status === "failed")?.name ?? ""
  }

  /**
   * @param before recorded before it begins: for the next run, if this one is killed
   * @param end what came of it, in a few words
   */
  async take<T>(
    name: string,
    work: () => Promise<T>,
    end: (result: T) => string = () => "done",
    before: unknown = {},
  ): Promise<T> {
    this.#lock.requireHeld()
    const turn = (this.#count += 1)
    await recordEvent(this.#lock.session, this.#run, { step: name, status: "started", detail: before })
    const began = performance.now()
    const seconds = (): number => (performance.now() - began) / 1000
    try {
      const result = await step(name, work, end)
      this.#keep(turn, { name, status: "done", seconds: seconds(), note: end(result) })
      await this.note(name, "done", { note: end(result) })
      return result
    } catch (error) {
      this.#keep(turn, { name, status: "failed", seconds: seconds(), note: "" })
      await this.note(name, "failed", { why: error instanceof Error ? error.message : String(error) })
      throw error
    }
  }

  /** Of what has happened already: a database that is away cannot take it down, and need not. */
  async note(name: string, status: "done" | "failed", detail: unknown): Promise<void> {
    if (this.#lock.session.broken) return
    await recordEvent(this.#lock.session, this.#run, { step: name, status, detail }).catch(() => undefined)
  }

  /** Steps may overlap: one that began earlier stands before one that was over earlier. */
  #keep(turn: number, record: StepRecord): void {
    const later = this.#begun.findIndex((other) => other > turn)
    const place = later === -1 ? this.records.length : later
    this.#begun.splice(place, 0, turn)
    this.records.splice(place, 0, record)
  }
}
