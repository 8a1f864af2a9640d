import type { Journal } from "../alembic/alembic-account.js"
import type { Rehearsed } from "./rehearse.js"

/** How a failed migration is undone. */
export type Undo =
  /** The database is as it was. */
  | { way: "nothing"; why: string }
  /** The downgrade of the revisions, which passed in the rehearsal. */
  | { way: "downgrade"; why: string }
  /** The backup, in place of the database. */
  | { way: "restore"; why: string }

export interface Failure {
  before: { revision: readonly string[]; schema: string }
  now: { revision: readonly string[]; schema: string }
  /** What alembic says that it made lasting; null when it left no account. */
  journal: Journal | null
  rehearsed: Rehearsed | null
}

/** The cheapest safe way. A downgrade that was not rehearsed is not safe: it may fail halfway, or lose rows. */
export function decideUndo({ before, now, journal, rehearsed }: Failure): Undo {
  const sameRevision = now.revision.join() === before.revision.join()
  const asBefore = sameRevision && now.schema === before.schema
  if (asBefore && journal !== null && journal.outside.length === 0 && journal.transactions.length === 0)
    return { way: "nothing", why: "its transaction was rolled back: nothing was committed" }
  if (asBefore && journal === null && rehearsed?.oneTransaction === true)
    return { way: "nothing", why: "the whole upgrade is one transaction, by the rehearsal, and it was rolled back" }
  if (asBefore && journal === null && rehearsed?.firstIsSeen === true)
    return {
      way: "nothing",
      why: "by the rehearsal its first transaction changes the schema or the revision, and neither has changed: nothing was committed",
    }
  if (!sameRevision && rehearsed?.downgrade.kind === "proven" && whole(now, journal, rehearsed))
    return { way: "downgrade", why: "the rehearsal ran this downgrade, and every table was as before" }
  return { way: "restore", why: reasonForRestore(sameRevision, asBefore, rehearsed) }
}

/** Whether the database is at a point that the rehearsal has been at: the end, or the end of a revision with nothing left over. */
function whole(now: Failure["now"], journal: Journal | null, rehearsed: Rehearsed): boolean {
  if (now.schema === rehearsed.after.schema && now.revision.join() === rehearsed.after.revision.join()) return true
  return journal !== null && journal.outside.length === 0
}

function reasonForRestore(sameRevision: boolean, asBefore: boolean, rehearsed: Rehearsed | null): string {
  if (asBefore) return "statements outside of a transaction may have changed rows, and no downgrade begins there"
  if (sameRevision) return "a part of a revision was committed, and no downgrade begins in the middle of one"
  if (rehearsed === null) return "no downgrade was rehearsed"
  return rehearsed.downgrade.kind === "proven"
    ? "the database is in a state that the rehearsal never reached"
    : rehearsed.downgrade.why
}

/** What others wrote since the backup, table by table. */
export interface Written {
  table: string
  /** Rows that are certainly new, changed or gone; at least so many. */
  rows: number
  /** Whether the migration wrote to the table as well, so that changes by others may hide behind its own. */
  alsoByMigration: boolean
}

export interface TableNow {
  table: string
  /** Rows in the backup's snapshot; null for a table that was not there. */
  backedUp: number | null
  /** Rows now, or null for a table that is gone. */
  now: { rows: number; unchanged: number; byMigration: number } | null
}

/** Counts per table what a restore would lose. A table that the migration made has nothing of others that the backup could hold. */
export function writtenSince(tables: readonly TableNow[]): Written[] {
  return tables.flatMap(({ table, backedUp, now }): Written[] => {
    // a table that the migration has dropped: what others had written to it cannot be counted any more
    if (now === null) return backedUp === null ? [] : [{ table, rows: 0, alsoByMigration: true }]
    const byOthers = now.rows - now.unchanged - now.byMigration
    if (backedUp === null) return byOthers > 0 ? [{ table, rows: byOthers, alsoByMigration: now.byMigration > 0 }] : []
    const touched = now.byMigration > 0
    const rows = touched ? Math.max(byOthers, now.rows - backedUp, 0) : Math.max(byOthers, backedUp - now.unchanged)
    return rows > 0 || touched ? [{ table, rows, alsoByMigration: touched }] : []
  })
}

export type Permission = { kind: "go"; lost: number } | { kind: "ask"; why: string }

/** Whether a restore may go on. `maintenance`: the operator said that nothing writes, and no other session was there. */
export function mayRestore(
  written: readonly Written[],
  allowed: { maintenance: boolean; discard: boolean },
): Permission {
  const lost = written.reduce((sum, { rows }) => sum + rows, 0)
  if (allowed.maintenance || allowed.discard) return { kind: "go", lost }
  const hidden = written.filter(({ alsoByMigration }) => alsoByMigration).map(({ table }) => table)
  if (lost === 0 && hidden.length === 0) return { kind: "go", lost: 0 }
  const tables = written.filter(({ rows }) => rows > 0).map(({ table, rows }) => `${table}: ${rows}`)
  const counted =
    lost > 0 ? [`${lost} rows were written, changed or removed since the backup (${tables.join(", ")})`] : []
  const unsure =
    hidden.length > 0
      ? [
          `the migration itself wrote to ${hidden.join(", ")}: changes by others cannot be told apart from its own there`,
        ]
      : []
  return { kind: "ask", why: [...counted, ...unsure].join("; ") }
}
