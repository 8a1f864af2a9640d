import type { MigrationPlan } from "../../database/plan/plan.js"
import type { PlannedMigration } from "../plan/plan.js"

/** The revisions of a migration plan with their errors and warnings, for the plan of a release. */
export function plannedMigrations({
  revisions,
  findings,
}: Pick<MigrationPlan, "revisions" | "findings">): PlannedMigration[] {
  const counted = (revision: string, severity: "error" | "warning") =>
    findings.filter((one) => one.revision === revision && one.severity === severity && one.accepted === null).length
  return revisions.map(({ revision, file, contract }) => ({
    id: revision,
    path: file,
    lint: { errors: counted(revision, "error"), warnings: counted(revision, "warning") },
    contracts: contract,
  }))
}
