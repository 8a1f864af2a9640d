import type { LedgerHead } from "../shared/ledger-head.js"
import { GENESIS } from "./chain.js"
import { type HeadVerdict, judgeHead, type KeptHead } from "./judge-head.js"
import type { Ledger } from "./ledger.js"

/** Looks up each head in the ledger. */
export async function verifyHeads(
  ledger: Pick<Ledger, "rowsAfter" | "latestEvent">,
  heads: readonly KeptHead[],
): Promise<HeadVerdict[]> {
  if (heads.length === 0) return []
  const last = await ledger.latestEvent()
  const verdicts: HeadVerdict[] = []
  for (const head of heads) verdicts.push(judgeHead(head, last, await hashAt(ledger, head.number)))
  return verdicts
}

/** The ledger's head as it is now. */
export async function currentHead(ledger: Pick<Ledger, "rowsAfter" | "latestEvent">): Promise<LedgerHead> {
  const number = await ledger.latestEvent()
  const hash = await hashAt(ledger, number)
  return hash === null ? { number: 0, hash: GENESIS } : { number, hash }
}

async function hashAt(ledger: Pick<Ledger, "rowsAfter">, number: number): Promise<string | null> {
  if (number === 0) return GENESIS
  const [row] = await ledger.rowsAfter(number - 1, 1)
  return row?.number === number ? row.hash : null
}
