import { createHash } from "node:crypto"
import type { Revision } from "../alembic/revision.js"

/** A row of tollgate.revisions. */
export interface ChainedRevision {
  number: number
  revision: string
  sha256: string
  /** sha256 of the chain before it, the revision and its sha256. */
  chain: string
  at: string
}

/** One revision as the database's own record of applied ones has it. */
export interface AppliedRevision {
  revision: string
  sha256: string
  appliedAt: string
}

/** What is known of the revisions that were applied: `broken` says where the chain of hashes does not hold. */
export type AppliedRecord =
  /** `migrate` never ran on this database. */
  { kind: "none" } | { kind: "chain"; revisions: AppliedRevision[]; broken: string | null }

export function chainAfter(before: string, revision: string, sha256: string): string {
  return createHash("sha256").update(`${before}\n${revision}\n${sha256}`).digest("hex")
}

/** The record as a chain: each row's hash depends on all rows before it, so that none can be changed or taken out unseen. */
export function readChain(rows: readonly ChainedRevision[]): AppliedRecord {
  if (rows.length === 0) return { kind: "none" }
  let before = ""
  let broken: string | null = null
  for (const { number, revision, sha256, chain } of rows) {
    if (chain !== chainAfter(before, revision, sha256))
      broken ??= `row ${number} (revision ${revision}) does not match the hash of the rows before it`
    before = chain
  }
  return {
    kind: "chain",
    revisions: rows.map(({ revision, sha256, at }) => ({ revision, sha256, appliedAt: at })),
    broken,
  }
}

/** Revisions that were applied with another content than their file has now. */
export function changedRevisions(
  record: AppliedRecord,
  source: readonly Revision[],
): { applied: AppliedRevision; now: Revision }[] {
  if (record.kind === "none") return []
  // the last time counts: a revision may have been undone and applied again
  const last = new Map(record.revisions.map((applied) => [applied.revision, applied]))
  return source.flatMap((now) => {
    const applied = last.get(now.revision)
    return applied === undefined || applied.sha256 === now.sha256 ? [] : [{ applied, now }]
  })
}
