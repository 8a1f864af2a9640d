import type { Settings } from "../../config/schema.js"
import type { Revision } from "../alembic/revision.js"
import type { DatabaseFacts } from "./facts.js"
import { plannedLocks, withFacts } from "./locks.js"
import type { Evidence, PlannedRevision } from "./plan.js"
import { notPrinted } from "./rules/complete.js"

/** One revision with what was seen of it. */
export function plannedRevision(
  revision: Revision,
  evidence: Evidence | null,
  facts: DatabaseFacts,
  settings: Settings,
): PlannedRevision {
  const statements = (evidence?.examined.statements ?? []).filter(
    (one) => one.revision === revision.revision && !one.transaction,
  )
  const upgraded = evidence?.examined.upgraded.find((one) => one.revision === revision.revision)
  return {
    revision: revision.revision,
    down: revision.down,
    message: revision.message,
    file: revision.file,
    sha256: revision.sha256,
    statements: statements.map((statement) => {
      const locks = plannedLocks(statement, facts.tables)
      return {
        text: statement.text,
        line: statement.line + 1,
        sourceLine: statement.sourceLine,
        locks,
        locksUnknown: statement.error !== null || (locks.length === 0 && statement.evidence === "unknown"),
        changes: statement.changes,
      }
    }),
    held: upgraded === undefined ? null : upgraded.locks.map((lock) => withFacts(lock, facts.tables, "observed")),
    notPrinted: evidence === null ? [] : (notPrinted(evidence).get(revision.revision)?.statements ?? []),
    contract: settings.database.contract.includes(revision.revision),
  }
}
