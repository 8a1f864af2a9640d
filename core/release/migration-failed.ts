import type { MigrationResult } from "../database/migration-result.js"
import { verdict } from "../database/screen.js"
import { revisionName } from "../database/validate.js"
import { TollgateError } from "../errors.js"

/** A migration that failed and left the database otherwise than it was: whoever deploys must not simply go on. */
export const LEFT_OPEN = "migration-left-open"

/** What the database part says of itself is the cause; whether the database is as it was decides what comes next. */
export function migrationFailed(result: MigrationResult): TollgateError {
  const { outcome, from } = result
  const said = (title: string, causes: readonly string[]) => [title, ...causes.map((cause) => `  ${cause}`)].join("\n")
  const runbook = "docs/runbook-migration-failed.md says what to do. Do not deploy again before."
  switch (outcome.kind) {
    case "refused":
      return new TollgateError("migration-refused", said(`The migration stopped at ${outcome.step}; the database was not changed:`, outcome.causes), "Fix the cause and deploy again. No cleanup is needed.")
    case "undone":
      return new TollgateError("migration-undone", said(`The migration failed at ${outcome.step} and was taken back (${outcome.way}); the database is at ${revisionName(from)}, valid:`, outcome.causes), "Fix the cause and deploy again. No cleanup is needed.")
    case "asks":
      return new TollgateError(LEFT_OPEN, said(`${verdict(result)}:`, [...outcome.causes, outcome.question]), runbook)
    case "not-undone":
      return new TollgateError(LEFT_OPEN, said(`${verdict(result)}:`, [...outcome.causes, ...outcome.undoCauses]), runbook)
    case "migrated":
    case "up-to-date":
      throw new RangeError("a migration that went well has not failed")
  }
}
