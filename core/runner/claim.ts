import { createHash } from "node:crypto"
import type { EventContext, Happening, RequestOutcome } from "../ledger/event.js"
import type { Ledger } from "../ledger/ledger.js"
import type { RequestRecord } from "../requests/fold.js"
import { TollgateError } from "../shared/errors.js"
import type { Place } from "./slot.js"

/** Seconds. */
const FENCING = 10

export interface ClaimOptions {
  readonly service: string
  readonly environment: string
  readonly ledger: Ledger
  /** That this runner is alive. */
  readonly place: Place
  readonly run: string
}

/** Takes requests for one runner, and records their results. */
export class Claims {
  readonly #options: ClaimOptions

  constructor(options: ClaimOptions) {
    this.#options = options
  }

  /** One transaction: of all runners, one gets `true`. */
  async take({ number }: RequestRecord, attempt: number, who: string): Promise<boolean> {
    const { ledger, place } = this.#options
    await place.requireHeld()
    return await ledger.recordOnce(
      this.#context(who),
      { kind: "request-taken", number, attempt, lease: { place: place.number, token: place.token } },
      this.#id("taken", number, attempt),
    )
  }

  refuse(
    { number }: RequestRecord,
    who: string,
    problems: readonly { readonly code: string; readonly message: string }[],
  ): Promise<void> {
    return this.#record(who, {
      kind: "request-refused",
      number,
      problems: problems.map(({ code, message }) => ({ code, message })),
    })
  }

  /** Goes to the journal while the ledger is unreachable: until then, others see the request as taken. */
  finish(
    { number }: RequestRecord,
    who: string,
    outcome: RequestOutcome,
    note: string,
    release: string | null = null,
  ): Promise<void> {
    return this.#record(who, { kind: "request-finished", number, outcome, release, note })
  }

  /** Takes the lease of the environment for a moment: a run that held it and was stopped can change nothing more. */
  async fence(): Promise<void> {
    const { ledger, environment, run, place } = this.#options
    const { owner, who } = place
    try {
      const lease = await ledger.takeLease({ environment, run, owner, who, command: "runner", seconds: FENCING })
      await lease.release()
    } catch (error) {
      // the holder has fenced the run already
      if (!(error instanceof TollgateError) || error.code !== "lease-held") throw error
    }
  }

  /** Reports a killed runner's request, once. */
  async interrupt({ number }: RequestRecord, attempt: number, note: string): Promise<boolean> {
    return await this.#options.ledger.recordOnce(
      this.#context("runner"),
      { kind: "request-finished", number, outcome: "interrupted", release: null, note },
      this.#id("interrupted", number, attempt),
    )
  }

  async #record(who: string, what: Happening): Promise<void> {
    await this.#options.ledger.record(this.#context(who), what)
  }

  #context(who: string): EventContext {
    const { service, environment, run } = this.#options
    return { service, environment, release: null, run, token: null, who }
  }

  /** A UUID of version 8: the ledger has one event with it. */
  #id(what: string, number: number, attempt: number): string {
    const { service, environment } = this.#options
    const hash = createHash("sha256")
      .update(JSON.stringify(["tollgate request", what, service, environment, number, attempt]))
      .digest("hex")
    return `${hash.slice(0, 8)}-${hash.slice(8, 12)}-8${hash.slice(13, 16)}-8${hash.slice(17, 20)}-${hash.slice(20, 32)}`
  }
}
