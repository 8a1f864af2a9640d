import type { Session } from "../../database/connect/session.js"
import type { Happening, LedgerEvent } from "../../ledger/event.js"
import { ofKindAfter, type Position } from "./rows.js"

/** Events per query. */
const PAGE = 1000

/** All events of kinds that are rare. The ledger is append-only, so only what is new is read each time. */
export class GrowingEvents {
  readonly #service: string
  readonly #kept = new Map<string, LedgerEvent[]>()

  constructor(service: string) {
    this.#service = service
  }

  /** @returns oldest first */
  async all(
    session: Session,
    environment: string,
    kind: Happening["kind"],
    position: Position,
  ): Promise<readonly LedgerEvent[]> {
    const key = `${kind} ${environment}`
    let known = this.#kept.get(key) ?? []
    // another ledger has replaced it
    if ((known.at(-1)?.number ?? 0) > position.number) known = []
    for (;;) {
      const after = known.at(-1)?.number ?? 0
      const fresh = await ofKindAfter(session, this.#service, environment, kind, after, PAGE)
      known = [...known, ...fresh]
      this.#kept.set(key, known)
      if (fresh.length < PAGE) return known
    }
  }
}
