import { createHash } from "node:crypto"
import type { AppliedRecord } from "./rules/revisions.js"

/** A row of tollgate.revisions, as `migrate` adds it after each migration. */
export interface ChainedRevision {
  number: number
  revision: string
  sha256: string
  /** sha256 of the chain before it, the revision and its sha256. */
  chain: string
  at: string
}

/** The record as a chain: each row's hash depends on all rows before it, so that none can be changed or taken out unseen. */
export function readChain(rows: ChainedRevision[]): AppliedRecord {
  if (rows.length === 0) return { kind: "none" }
  let before = ""
  let broken: string | null = null
  for (const { number, revision, sha256, chain } of rows) {
    const expected = createHash("sha256").update(`${before}\n${revision}\n${sha256}`).digest("hex")
    if (chain !== expected && broken === null) broken = `row ${number} (revision ${revision}) does not follow from the rows before it`
    before = chain
  }
  return { kind: "chain", revisions: rows.map(({ revision, sha256, at }) => ({ revision, sha256, appliedAt: at })), broken }
}
