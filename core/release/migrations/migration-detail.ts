import type { MigrationResult } from "../../database/migrate/migration-result.js"
import type { Detail } from "../pipeline/step.js"

/** What the ledger keeps of a migration, for auditors: revisions, steps, the backup and its digest, the rehearsal. */
export function migrationDetail(result: MigrationResult): Detail {
  const { run, database, from, target, steps, backup, rehearsed, warnings } = result
  return {
    run,
    database,
    from,
    to: target,
    steps: steps.map(({ name, status, seconds, note }) => ({ name, status, seconds, note })),
    backup:
      backup === null
        ? null
        : {
            name: backup.name,
            sha256: backup.sha256,
            bytes: backup.bytes,
            encrypted: backup.encrypted,
            tested: backup.tested,
          },
    rehearsal: rehearsed === null ? null : { seconds: rehearsed.seconds, downgrade: rehearsed.downgrade.kind },
    warnings,
  }
}
