import type { LedgerReader } from "../reading/reader.js"
import type { Page } from "./pages.js"

/** The times on a page of a run that goes on may be as old. */
const KEPT_MS = 1000
const MOST_KEPT = 500

/** Pages that were just made: when an event reaches two hundred browsers, they ask for the same one. */
export class RecentPages {
  readonly #reader: LedgerReader
  readonly #kept = new Map<string, { readonly made: number; readonly stand: string; readonly page: Promise<Page> }>()

  constructor(reader: LedgerReader) {
    this.#reader = reader
  }

  /** A page of before the latest event is made again: a browser that heard of it must not get the old one. */
  get(address: string, make: () => Promise<Page>): Promise<Page> {
    const stand = this.#stand()
    const kept = this.#kept.get(address)
    if (kept !== undefined && kept.stand === stand && Date.now() - kept.made < KEPT_MS) return kept.page
    if (this.#kept.size >= MOST_KEPT) this.#kept.clear()
    const page = make()
    this.#kept.set(address, { made: Date.now(), stand, page })
    page.catch(() => this.#kept.delete(address))
    return page
  }

  #stand(): string {
    const { state } = this.#reader
    return state.kind === "online"
      ? `${state.position.number} ${state.position.leases} ${state.position.samples}`
      : state.kind
  }
}
