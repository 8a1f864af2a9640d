import type { Ledger } from "../ledger/ledger.js"

/** What a reader is told when the ledger did not get everything; null: it did. */
export function ledgerAway(ledger: Pick<Ledger, "state"> | null): string | null {
  if (ledger === null || ledger.state.kind === "online") return null
  const { why, lost } = ledger.state
  return `the ledger is away (${why}); what happened is kept, and written there by the next run that reaches it${lost === 0 ? "" : `: ${lost} events could not be kept`}`
}
