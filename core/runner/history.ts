import type { LedgerEvent } from "../ledger/event.js"
import type { Ledger } from "../ledger/ledger.js"
import { REQUEST_KINDS, type RequestRecord, requestsOf } from "../requests/fold.js"
import { STATE_KINDS } from "../requests/freshness.js"

/** The events of an environment that a runner needs, read once each. */
export class History {
  readonly #ledger: Pick<Ledger, "eventsOfKinds">
  readonly #environment: string
  #requests: LedgerEvent[] = []
  #state: LedgerEvent[] = []

  constructor(ledger: Pick<Ledger, "eventsOfKinds">, environment: string) {
    this.#ledger = ledger
    this.#environment = environment
  }

  async refresh(): Promise<{ requests: RequestRecord[]; events: readonly LedgerEvent[] }> {
    // requests first: what is read of the environment's state is then never older
    const requests = await this.#after(REQUEST_KINDS, this.#requests)
    const state = await this.#after(STATE_KINDS, this.#state)
    this.#requests = [...this.#requests, ...requests]
    this.#state = [...this.#state, ...state]
    return { requests: requestsOf(this.#requests), events: this.#state }
  }

  #after(kinds: Parameters<Ledger["eventsOfKinds"]>[1], known: readonly LedgerEvent[]): Promise<LedgerEvent[]> {
    return this.#ledger.eventsOfKinds(this.#environment, kinds, known.at(-1)?.number ?? 0)
  }
}
