import type { MigrationResult } from "../../database/migrate/migration-result.js"
import { verdict } from "../../database/migrate/screen.js"
import { revisionName } from "../../database/migrate/validate.js"
import { TollgateError } from "../../shared/errors.js"

/** The migration failed and the database is not as it was: an operator must act before the next deployment. */
export const LEFT_OPEN = "migration-left-open"

/** The action depends on whether the database is as it was. */
export function migrationFailed(result: MigrationResult): TollgateError {
  const { outcome, from } = result
  const said = (title: string, causes: readonly string[]) => [title, ...causes.map((cause) => `  ${cause}`)].join("\n")
  const runbook = "Follow docs/runbook-migration-failed.md before you deploy again."
  switch (outcome.kind) {
    case "refused":
      return new TollgateError(
        "migration-refused",
        said(`The migration failed at ${outcome.step}. The database was not changed:`, outcome.causes),
        "Fix the cause and deploy again. No cleanup is needed.",
      )
    case "undone":
      return new TollgateError(
        "migration-undone",
        said(
          `The migration failed at ${outcome.step} and was undone (${outcome.way}). The database is at ${revisionName(from)} and valid:`,
          outcome.causes,
        ),
        "Fix the cause and deploy again. No cleanup is needed.",
      )
    case "asks":
      return new TollgateError(LEFT_OPEN, said(`${verdict(result)}:`, [...outcome.causes, outcome.question]), runbook)
    case "not-undone":
      return new TollgateError(
        LEFT_OPEN,
        said(`${verdict(result)}:`, [...outcome.causes, ...outcome.undoCauses]),
        runbook,
      )
    case "migrated":
    case "up-to-date":
      throw new RangeError("a migration that went well has not failed")
  }
}
