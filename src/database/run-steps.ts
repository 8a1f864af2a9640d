import { step } from "../progress.js"
import type { Lock } from "./lock.js"
import type { StepRecord } from "./migration-result.js"
import { recordEvent } from "./records.js"

/** The steps of a run: shown as they happen, kept for the screen, and written down in the database. */
export class RunSteps {
  readonly records: StepRecord[] = []
  readonly #run: string
  #lock: Lock

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

  /**
   * @param before what to write down before it begins: for whoever finds the run killed
   * @param end what came of it, in a few words
   */
  async take<T>(name: string, work: () => Promise<T>, end: (result: T) => string = () => "done", before: unknown = {}): Promise<T> {
    this.#lock.requireHeld()
    await recordEvent(this.#lock.session, this.#run, { step: name, status: "started", detail: before })
    const began = performance.now()
    const seconds = (): number => (performance.now() - began) / 1000
    try {
      const result = await step(name, work, end)
      this.records.push({ name, status: "done", seconds: seconds(), note: end(result) })
      await this.note(name, "done", { note: end(result) })
      return result
    } catch (error) {
      this.records.push({ name, status: "failed", seconds: seconds(), note: "" })
      await this.note(name, "failed", { why: error instanceof Error ? error.message : String(error) })
      throw error
    }
  }

  /** Of what has happened already: a database that is away cannot take it down, and need not. */
  async note(name: string, status: "done" | "failed", detail: unknown): Promise<void> {
    if (this.#lock.session.broken) return
    await recordEvent(this.#lock.session, this.#run, { step: name, status, detail }).catch(() => undefined)
  }
}
