import type { EventContext, LedgerEvent } from "../../core/ledger/event.js"

export interface EventSample {
  readonly number?: number
  /** By the ledger's clock. */
  readonly at: Date | string
  readonly context?: Partial<EventContext>
}

/** An event of the service shop in production, as a ledger has it. */
export function sampleEvent(what: LedgerEvent["what"], { number = 1, at, context = {} }: EventSample): LedgerEvent {
  const time = typeof at === "string" ? at : at.toISOString()
  return {
    version: 1,
    id: `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`,
    number,
    at: time,
    happenedAt: time,
    journaled: false,
    stale: false,
    context: {
      service: "shop",
      environment: "production",
      release: null,
      run: "r",
      token: null,
      who: "Mei Lin",
      ...context,
    },
    what,
  }
}
