import type { DatabaseSettings } from "../../config/database.js"
import type { EnvironmentSettings } from "../../config/environments.js"

export interface BackupTest {
  /** Whether the backup is restored once, with every row counted, before the database is changed. */
  tested: boolean
  /** For the report; null: there is nothing to say. */
  warning: string | null
}

/** A backup of production is always tested: an untested one may turn out to be unreadable when only it could undo a failure. */
export function backupTest(
  { backup, rehearse }: Pick<DatabaseSettings, "backup" | "rehearse">,
  { production }: Pick<EnvironmentSettings, "production">,
): BackupTest {
  if (backup.test || rehearse !== false) return { tested: true, warning: null }
  if (production)
    return {
      tested: true,
      warning:
        "database.backup.test: false was ignored: real money is paid in this environment, so its backup is tested",
    }
  return {
    tested: false,
    warning:
      "the backup was never restored (database.backup.test: false): whether it can be restored is only known when it is needed",
  }
}
