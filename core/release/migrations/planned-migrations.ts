import { modeName } from "../../database/plan/locks.js"
import type { MigrationPlan, PlannedStatement } from "../../database/plan/plan.js"
import { tableName } from "../../database/plan/words.js"
import type { PlannedMigration } from "../plan/plan.js"

/** Characters of SQL in a plan; more is left out, and `tollgate migration-plan` has it. */
const LONGEST = 65_536

/** The revisions of a migration plan with their errors, warnings, SQL and locks, for the plan of a release. */
export function plannedMigrations({
  revisions,
  findings,
}: Pick<MigrationPlan, "revisions" | "findings">): PlannedMigration[] {
  const counted = (revision: string, severity: "error" | "warning") =>
    findings.filter((one) => one.revision === revision && one.severity === severity && one.accepted === null).length
  const length = revisions.flatMap(({ statements }) => statements).reduce((sum, { text }) => sum + text.length, 0)
  return revisions.map(({ revision, file, contract, statements }) => ({
    id: revision,
    path: file,
    lint: { errors: counted(revision, "error"), warnings: counted(revision, "warning") },
    contracts: contract,
    ...(length > LONGEST ? {} : { statements: statements.map(plannedStatement) }),
  }))
}

function plannedStatement({ text, locks, locksUnknown }: PlannedStatement) {
  return {
    sql: text,
    locks: locks.map((lock) => `${modeName(lock.mode)} on ${tableName(lock)}`),
    locksKnown: !locksUnknown,
  }
}
