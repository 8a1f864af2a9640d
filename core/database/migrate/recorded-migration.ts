import type { Directory, Secret } from "@dagger.io/dagger"
import { environmentSettings } from "../../environment/check.js"
import { TollgateError } from "../../shared/errors.js"
import { readSettings } from "../../source.js"
import { type EntryPoint, reachDatabase } from "../connect/reach.js"
import { withSession } from "../connect/session.js"
import { type MigrationDocument, migrationFile } from "./migration-file.js"
import { recordedReport } from "./records.js"

export interface RecordedRequest {
  environment: string
  secrets: Secret | undefined
  entryPoint: EntryPoint
  /** Empty: the last one that came to an end. */
  run: string
}

/** What an earlier run wrote down in the database about itself. */
export async function recordedMigration(
  source: Directory,
  { environment, secrets, entryPoint, run }: RecordedRequest,
): Promise<MigrationDocument> {
  const settings = await readSettings(source)
  environmentSettings(settings, environment)
  const reach = await reachDatabase(settings.database, secrets, entryPoint)
  const found = await withSession(reach.inProcess, "tollgate migrate-report", (session) => recordedReport(session, run))
  if (found !== null) return migrationFile.parse(found)
  throw new TollgateError(
    "migration-unknown",
    run === ""
      ? "The database has no record of a finished migration."
      : "The database has no record of a finished migration with that id.",
    "Copy the id from the screen of the run. A run that an error stopped before its first change has no report. Nothing was changed.",
  )
}
