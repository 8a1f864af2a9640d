import type { Directory } from "@dagger.io/dagger"
import type { Settings } from "../../config/schema.js"
import { environmentSettings } from "../../environment/check.js"
import { step } from "../../shared/progress.js"
import { version as tollgateVersion } from "../../shared/version.js"
import { appFolder, readSettings } from "../../source.js"
import { Alembic } from "../alembic/alembic.js"
import type { AppMigrations, Inspected } from "../alembic/app-migrations.js"
import { migrationTool } from "../alembic/migration-tool.js"
import { upgradeTarget } from "../alembic/pending.js"
import type { BackupContext } from "../backup/backup.js"
import { type BackupTest, backupTest } from "../backup/backup-test.js"
import { clientPrograms } from "../backup/programs.js"
import { openStore } from "../backup/store.js"
import type { Store } from "../backup/store-places.js"
import { CommandMigrations } from "../commands/command-migrations.js"
import { askSession } from "../connect/ask.js"
import { takeLock } from "../connect/lock.js"
import { type Reach, reachDatabase } from "../connect/reach.js"
import { askServer } from "../connect/server.js"
import { observe } from "../copy/observe.js"
import { placeOfScratch, type Scratch, startScratch } from "../copy/scratch.js"
import { requireWritable } from "../restore/require-writable.js"
import { backupAndRehearse } from "./backup-and-rehearse.js"
import { type Migration, type MigrationRequest, StepRefused } from "./migration.js"
import { migrationDocument } from "./migration-file.js"
import type { MigrationResult } from "./migration-result.js"
import { recordRevisions, recordRun, unfinishedRun } from "./records.js"
import { inspect, preflight } from "./run-preflight.js"
import { RunSteps } from "./run-steps.js"
import { finishEarlier } from "./unfinished.js"
import { upgradeForReal } from "./upgrade.js"
import { brokenBefore, revisionName } from "./validate.js"

/**
 * From a repository to a migrated database, or to one that is as it was: the same for both entry points.
 *
 * @param known the source's settings, where they were read already
 */
export async function migrateSource(
  source: Directory,
  request: MigrationRequest,
  known?: Settings,
): Promise<MigrationResult> {
  const settings = known ?? (await readSettings(source))
  environmentSettings(settings, request.environment)
  const reach = await reachDatabase(settings.database, request.secrets, request.entryPoint)
  const app = await appFolder(source, settings)
  const alembic = await step("install dependencies", () => migrationsOf(settings, app))
  return migrate(settings, alembic, reach, request)
}

async function migrationsOf(settings: Settings, app: Directory): Promise<AppMigrations> {
  const tool = await migrationTool(settings, app)
  // without either, alembic's own error says what is missing
  return tool?.kind === "commands" ? CommandMigrations.of(settings, app, tool) : Alembic.of(settings, app)
}

/** @param given where backups go; where the settings say, unless told */
export async function migrate(
  settings: Settings,
  alembic: AppMigrations,
  reach: Reach,
  request: MigrationRequest,
  given?: Store,
): Promise<MigrationResult> {
  try {
    return await prepared(settings, alembic, reach, request, given)
  } finally {
    await alembic.end()
  }
}

async function prepared(
  settings: Settings,
  alembic: AppMigrations,
  reach: Reach,
  request: MigrationRequest,
  given: Store | undefined,
): Promise<MigrationResult> {
  const { database } = settings
  const store =
    given ??
    (await openStore(database, request.secrets, request.entryPoint, request.environment, reach.inProcess.database))
  const [client, warnings] = await Promise.all([clientPrograms(database), requireWritable(reach)])
  const nonce = nonces(request.run)
  // both start first because they take longest; a failure to start is reported when the copy is needed
  const place = placeOfScratch(database, reach, nonce, alembic.copyOptions)
  const starting = startScratch(place, reach, client, nonce, alembic.copyOptions)
  starting.catch(() => undefined)
  alembic.load(place.reach)
  const stop = async (): Promise<void> => {
    const scratch = await starting.catch(() => null)
    await scratch?.stop().catch(() => undefined)
  }
  try {
    const decided = backupTest(database, environmentSettings(settings, request.environment))
    return await onCopy(settings, alembic, reach, request, {
      store,
      client,
      nonce,
      starting,
      backupTest: decided,
      warnings,
    })
  } finally {
    await stop()
  }
}

interface Prepared extends Pick<BackupContext, "store" | "client" | "nonce"> {
  starting: Promise<Scratch>
  backupTest: BackupTest
  warnings: string[]
}

async function onCopy(
  { database }: Settings,
  alembic: AppMigrations,
  reach: Reach,
  request: MigrationRequest,
  { starting, warnings, backupTest, ...programs }: Prepared,
): Promise<MigrationResult> {
  const lock = await step("lock", () =>
    takeLock(reach.inProcess, { run: request.run, wait: database.lockWait, lease: database.lease }),
  )
  const context: BackupContext = {
    settings: database,
    environment: request.environment,
    run: request.run,
    reach,
    ...programs,
  }
  return locked({ ...context, starting, backupTest }, alembic, request, warnings, new RunSteps(request.run, lock))
}

async function locked(
  context: BackupContext & Pick<Migration, "starting" | "backupTest">,
  alembic: AppMigrations,
  request: MigrationRequest,
  warnings: string[],
  steps: RunSteps,
): Promise<MigrationResult> {
  const { run, environment, reach, store } = context
  try {
    await recordRun(steps.lock.session, run, "migrate", environment, tollgateVersion)
    const result: MigrationResult = {
      environment,
      database: reach.inProcess.database,
      run,
      from: [],
      target: [],
      pending: [],
      steps: steps.records,
      warnings,
      backup: null,
      store: store.described,
      rehearsed: null,
      setAside: null,
      lost: 0,
      outcome: { kind: "up-to-date" },
    }
    await underLock({
      ...context,
      alembic,
      request,
      version: { name: "alembic_version", schema: null },
      upgradeTo: "head",
      revisions: [],
      steps,
      result,
    })
    alembic.unload(reach)
    await steps.note("end", "done", { outcome: result.outcome.kind, report: migrationDocument(result) })
    return result
  } finally {
    await steps.lock.release()
  }
}

async function underLock(migration: Migration): Promise<void> {
  const { result, steps } = migration
  try {
    let inspection = await steps.take(
      "preflight",
      () => preflight(migration),
      ({ current }) => `at ${revisionName(current)}`,
    )
    begin(migration, inspection)
    const earlier = await unfinishedRun(steps.lock.session)
    if (earlier !== null) {
      if ((await finishEarlier(migration, earlier)) === "over") return
      // what is left to do from where the database is now, only the tool can tell
      if (inspection.version.foreign === true) begin(migration, (inspection = await inspect(migration)))
    }
    if (result.pending.length > 0) await forward(migration)
    if (result.outcome.kind === "up-to-date" || result.outcome.kind === "migrated") {
      // with the head applied, every revision of the source is
      await recordRevisions(steps.lock.session, migration.run, inspection.revisions)
    }
  } catch (error) {
    if (!(error instanceof StepRefused)) throw error
    result.outcome = { kind: "refused", step: steps.failed, causes: error.causes }
  }
}

function begin(migration: Migration, { revisions, current, ends, heads, pending }: Inspected): void {
  const { result } = migration
  migration.revisions = revisions
  result.from = current
  result.target = ends
  migration.upgradeTo = upgradeTarget(revisions, heads) ?? "head"
  result.pending = pending
}

/** Backup, test, rehearsal: all of it before the first change. Then the change. */
async function forward(migration: Migration): Promise<void> {
  const { steps, settings, version, alembic, reach } = migration
  const serverVersion = (await askServer(steps.lock.session)).version
  const broken = brokenBefore(
    await observe(askSession(steps.lock.session), { ...settings, protect: [], unchanged: {} }, version),
  )
  if (broken.length > 0) await steps.take("invariants", () => Promise.reject(new StepRefused(broken)))
  // takes longer than to rehearse a small upgrade
  alembic.load(reach)
  const { cleaned } = await backupAndRehearse(migration, await migration.starting, serverVersion)
  await Promise.all([cleaned, upgradeForReal(migration, cleaned)])
}

/** Each use gives another one: what touches the world is never answered from the engine's cache. */
export function nonces(run: string): () => string {
  let count = 0
  return () => `${run} ${(count += 1)}`
}
