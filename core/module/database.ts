import type { Directory, Secret } from "@dagger.io/dagger"
import { areBackupsWhole, backupsScreen, listSource } from "../database/backup/list-backups.js"
import { migrateSource } from "../database/migrate/migrate.js"
import { isMigrated } from "../database/migrate/migration-result.js"
import { recordedMigration } from "../database/migrate/recorded-migration.js"
import { migrationReport } from "../database/migrate/report-folder.js"
import { migrationScreen } from "../database/migrate/screen.js"
import { makePlan } from "../database/plan/make-plan.js"
import { planReport } from "../database/plan/report-folder.js"
import { screenOf } from "../database/plan/screen.js"
import { isRestored, restoreScreen, restoreSource } from "../database/restore/restore-source.js"
import { requirePassed } from "../gate/failed.js"
import { runId } from "../qa/run-id.js"

interface Database {
  env: string
  secrets: Secret
}

interface Planned extends Database {
  runningSource: Directory | undefined
}

interface Changed extends Database {
  maintenance: boolean
  identity: Secret | undefined
}

export async function migrationPlan(source: Directory, asked: Planned): Promise<string> {
  const plan = await planned(source, asked)
  const running = asked.runningSource === undefined ? "" : " --running-source=…"
  const text = screenOf(plan, {
    report: `dagger call migration-plan-report --env=${asked.env} --secrets=…${running} export --path=tollgate-report/migration-plan`,
  })
  return requirePassed("migration-plan", plan.verdict.kind !== "red", text)
}

export async function migrationPlanReport(source: Directory, asked: Planned): Promise<Directory> {
  return planReport(await planned(source, asked))
}

export async function migrate(source: Directory, { env, secrets, maintenance, identity }: Changed): Promise<string> {
  const result = await migrateSource(source, {
    environment: env,
    secrets,
    entryPoint: "module",
    maintenance,
    identity,
    run: runId(new Date()),
  })
  const report = `dagger call migrate-report --env=${env} --secrets=… --run=${result.run} export --path=tollgate-report/migrate`
  return requirePassed("migrate", isMigrated(result), migrationScreen(result, { report }))
}

export async function migrateReport(
  source: Directory,
  { env, secrets, run }: Database & { run: string },
): Promise<Directory> {
  return migrationReport(await recordedMigration(source, { environment: env, secrets, entryPoint: "module", run }))
}

export async function restore(
  source: Directory,
  { env, ...asked }: Changed & { backup: string; discardWrites: boolean },
): Promise<string> {
  const result = await restoreSource(source, {
    ...asked,
    environment: env,
    entryPoint: "module",
    run: runId(new Date()),
  })
  return requirePassed("restore", isRestored(result), restoreScreen(result))
}

export async function backups(
  source: Directory,
  { env, secrets, check }: Database & { check: boolean },
): Promise<string> {
  const now = new Date()
  const list = await listSource(source, { environment: env, secrets, entryPoint: "module", check, run: runId(now) })
  return requirePassed("backups", areBackupsWhole(list), backupsScreen(list, now))
}

function planned(source: Directory, { env, secrets, runningSource }: Planned) {
  return makePlan(source, { environment: env, secrets, runningSource, entryPoint: "module" })
}
