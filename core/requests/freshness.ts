import type { LedgerEvent } from "../ledger/event.js"

/** The state of an environment, as the events of its ledger have it. */
export interface Seen {
  /** The release that was last recorded as serving; null: none. */
  readonly live: string | null
  /** The deployment that has started and not ended; null: none. */
  readonly running: string | null
  /** Number of the last event that turned maintenance mode on or off; 0: none. */
  readonly maintenance: number
}

/** Kinds of events that `stateAt` reads. */
export const STATE_KINDS = ["release-started", "release-finished", "maintenance"] as const

/**
 * The state after the event with this number.
 *
 * @param events of `STATE_KINDS`, oldest first
 */
export function stateAt(events: readonly LedgerEvent[], number: number): Seen {
  let live: string | null = null
  let running: string | null = null
  let maintenance = 0
  for (const { what, context, number: own } of events) {
    if (own > number) break
    if (what.kind === "maintenance") maintenance = own
    if (what.kind === "release-started") running = what.action === "deploy" ? context.release : null
    if (what.kind === "release-finished") {
      if (running === context.release) running = null
      if (what.serving !== null) live = what.serving.release
    }
  }
  return { live, running, maintenance }
}
