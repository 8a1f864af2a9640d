import { createHash } from "node:crypto"
import type { ChainedRow } from "./chained-row.js"
import type { ChainVerdict } from "./ledger.js"

export const GENESIS = "0".repeat(64)

/** The expected hash of a row, as the trigger in schema.ts computes it. */
export function rowHash({ number, at, journaled, stale, previous, body }: Omit<ChainedRow, "hash">): string {
  const flag = (value: boolean): string => (value ? "t" : "f")
  return createHash("sha256")
    .update([number, at, flag(journaled), flag(stale), previous, body].join("\n"))
    .digest("hex")
}

/** Verifies further rows of the chain. Called page by page, since a ledger grows for years. */
export function followChain(before: ChainVerdict, rows: readonly ChainedRow[]): ChainVerdict {
  return rows.reduce<ChainVerdict>((verdict, row) => {
    if (verdict.kind === "broken") return verdict
    const broken = (why: string): ChainVerdict => ({ kind: "broken", events: verdict.events, number: row.number, why })
    if (row.number !== verdict.events + 1)
      return broken(`event ${verdict.events + 1} is missing: ${row.number} follows ${verdict.events}`)
    if (row.previous !== verdict.head)
      return broken("it does not follow the previous event: one of the two was changed or replaced")
    if (rowHash(row) !== row.hash) return broken("its content does not match its hash")
    return { kind: "whole", events: row.number, head: row.hash }
  }, before)
}

export const EMPTY_CHAIN: ChainVerdict = { kind: "whole", events: 0, head: GENESIS }
