import type { Session } from "../../database/connect/session.js"
import { count } from "../../shared/figures.js"
import { type BackgroundStore, backgroundStore } from "../background-store.js"
import { reasonOf, SLOW, settled } from "../dropped.js"
import { insertSamples, pruneSamples, type SampleOwner } from "./rows.js"
import type { Sample } from "./sample.js"

/** Samples that wait while a batch is written: those of many minutes. */
const MOST_WAITING = 400
/** What a run that has ended waits for its last batch. */
const LAST_MS = 1000

export type SampleStore = BackgroundStore<SampleOwner, Sample>

export function ledgerStore(url: string, patience: number): SampleStore {
  const insert = (session: Session, owner: SampleOwner, samples: readonly Sample[]) =>
    insertSamples(session, owner, samples, Date.now())
  return backgroundStore(url, patience, insert, pruneSamples)
}

/**
 * Writes samples in the background. Nothing waits for it and nothing fails because of it: samples that the ledger does not take are
 * dropped, and counted.
 */
export class SampleWriter {
  readonly #store: SampleStore
  readonly #of: Omit<SampleOwner, "release">
  #waiting: { readonly release: string; readonly sample: Sample }[] = []
  #writing: Promise<void> | null = null
  /** Samples of the batch that the ledger has not answered. */
  #unanswered = 0
  #dropped = 0
  #why = ""

  constructor(store: SampleStore, of: Omit<SampleOwner, "release">) {
    this.#store = store
    this.#of = of
  }

  /** Returns at once. */
  add(release: string, samples: readonly Sample[]): void {
    if (this.#waiting.length + samples.length > MOST_WAITING) {
      this.#drop(samples.length, SLOW)
      return
    }
    this.#waiting.push(...samples.map((sample) => ({ release, sample })))
    this.#writing ??= this.#writeAll().finally(() => (this.#writing = null))
  }

  /**
   * Ends the writing, after a moment for the last batch.
   *
   * @returns a warning; null: every sample is in the ledger
   */
  async end(): Promise<string | null> {
    // a ledger that has not taken a batch is not waited for
    if (this.#dropped === 0) await settled(this.#writing, LAST_MS)
    const left = this.#waiting.splice(0).length + this.#unanswered
    this.#unanswered = 0
    this.#drop(left, SLOW)
    return this.#dropped === 0
      ? null
      : `${count(this.#dropped, "sample")} of the watch ${this.#dropped === 1 ? "was" : "were"} not written to the ledger: ${this.#why}. The dashboard's pictures of this release lack them.`
  }

  close(): Promise<void> {
    return this.#store.close()
  }

  /** What has come while a batch was written is the next one. */
  async #writeAll(): Promise<void> {
    for (let [first] = this.#waiting; first !== undefined; [first] = this.#waiting) {
      const { release } = first
      const batch = this.#waiting.filter((one) => one.release === release).map(({ sample }) => sample)
      this.#waiting = this.#waiting.filter((one) => one.release !== release)
      this.#unanswered = batch.length
      try {
        await this.#store.write({ ...this.#of, release }, batch)
      } catch (error) {
        // 0: end() has counted them
        this.#drop(this.#unanswered, reasonOf(error, "samples", "Samples"))
      }
      this.#unanswered = 0
    }
  }

  #drop(samples: number, why: string): void {
    this.#dropped += samples
    if (samples > 0) this.#why ||= why
  }
}
