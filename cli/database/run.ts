import type { Directory } from "@dagger.io/dagger"
import type { z } from "zod"
import type { Settings } from "../../core/config/parse.js"
import {
  areBackupsWhole,
  backupsScreen,
  isMigrated,
  isRestored,
  listSource,
  migrateSource,
  migrationReport,
  migrationScreen,
  recordedMigration,
  restoreScreen,
  restoreSource,
} from "../../core/database/functions.js"
import { migrationDocument } from "../../core/database/migrate/migration-file.js"
import { runId } from "../../core/qa/run-id.js"
import { type EngineKind, withEngine } from "../engine/connect.js"
import { readLocalSource } from "../environment/read-settings.js"
import { findSource } from "../gate/find-source.js"
import { hostSource } from "../gate/host-source.js"
import { openReport } from "../gate/report-folder.js"
import { optionalSecret, secretFrom } from "../gate/secret.js"
import type { backupsOptions, migrateOptions, migrateReportOptions, restoreOptions } from "../options/database.js"
import { postgresFor } from "./postgres-for.js"

interface DatabaseOptions {
  source?: string | undefined
  env: string
  secrets: string
}

/** Migrates, writes the report and prints the one screen; true when the database is at the head. */
export async function runMigrate(options: z.output<typeof migrateOptions>): Promise<boolean> {
  const report = openReport(options.report, "migration.json")
  return withSource(options, async (source, given, settings, engine) => {
    const result = await migrateSource(
      source,
      {
        ...given,
        volumesMayVanish: engine !== "local",
        maintenance: options.maintenance,
        identity: optionalSecret(options.identity),
      },
      settings,
    )
    // the database is as it is now: a report that cannot be written must not hide what became of it
    process.stdout.write(`\n${migrationScreen(result, { report: report.shown })}`)
    await report.write(() => migrationReport(migrationDocument(result)))
    return isMigrated(result)
  })
}

/** Writes the report that a migration left in the database, and prints where it is. */
export async function runMigrateReport(options: z.output<typeof migrateReportOptions>): Promise<void> {
  const report = openReport(options.report, "migration.json")
  await withSource(options, async (source, given) => {
    await report.write(async () => migrationReport(await recordedMigration(source, { ...given, run: options.run })))
    process.stdout.write(`Full report: ${report.shown}\n`)
  })
}

export async function runRestore(options: z.output<typeof restoreOptions>): Promise<boolean> {
  return withSource(options, async (source, given, settings) => {
    const { backup, maintenance, discardWrites } = options
    const result = await restoreSource(
      source,
      { ...given, backup, maintenance, discardWrites, identity: optionalSecret(options.identity) },
      settings,
    )
    process.stdout.write(`\n${restoreScreen(result)}`)
    return isRestored(result)
  })
}

export async function runBackups(options: z.output<typeof backupsOptions>): Promise<boolean> {
  return withSource(options, async (source, given, settings) => {
    const list = await listSource(source, { ...given, check: options.check }, settings)
    process.stdout.write(backupsScreen(list, new Date()))
    return areBackupsWhole(list)
  })
}

function withSource<T>(
  options: DatabaseOptions,
  work: (source: Directory, given: ReturnType<typeof request>, settings: Settings, engine: EngineKind) => Promise<T>,
): Promise<T> {
  const source = findSource(options.source, process.cwd())
  const { settings } = readLocalSource(options.source)
  return withEngine({ tools: postgresFor(settings.database.image) }, (engine) =>
    work(hostSource(source), request(options), settings, engine),
  )
}

function request({ env, secrets }: DatabaseOptions) {
  return { environment: env, secrets: secretFrom(secrets), entryPoint: "cli" as const, run: runId(new Date()) }
}
