import type { Ledger } from "../../ledger/ledger.js"

/** The warning for a screen when some events are not in the ledger yet; null: all are. */
export function ledgerAway(ledger: Pick<Ledger, "state"> | null): string | null {
  if (ledger === null || ledger.state.kind === "online") return null
  const { why, lost } = ledger.state
  return `the ledger is unreachable (${why}). Its events are kept locally; the next run that reaches the ledger writes them there.${lost === 0 ? "" : ` ${lost} events could not be kept.`}`
}
