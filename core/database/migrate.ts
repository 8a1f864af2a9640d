import type { Directory } from "@dagger.io/dagger"
import type { Settings } from "../config/schema.js"
import { environmentSettings } from "../environment/check.js"
import { TollgateError } from "../errors.js"
import { step } from "../progress.js"
import { count } from "../report/figures.js"
import { appFolder, readSettings } from "../source.js"
import { version as tollgateVersion } from "../version.js"
import { Alembic } from "./alembic.js"
import type { AppMigrations, Inspected } from "./app-migrations.js"
import { type Ask, askSession } from "./ask.js"
import { type BackupContext, dumpDatabase, type Kept, keepDump, testDump } from "./backup.js"
import { backupPlaceWarning } from "./backup-place.js"
import { CommandMigrations } from "./commands/command-migrations.js"
import { takeLock } from "./lock.js"
import { limitsOf, type Migration, type MigrationRequest, StepRefused } from "./migration.js"
import { migrationDocument } from "./migration-file.js"
import type { MigrationResult } from "./migration-result.js"
import { migrationTool } from "./migration-tool.js"
import { type Contents, countRows, observe } from "./observe.js"
import { upgradeTarget } from "./pending.js"
import { judgePreflight, judgePrograms } from "./preflight.js"
import { clientFacts, clientPrograms } from "./programs.js"
import { type Reach, reachDatabase } from "./reach.js"
import { appliedRecord, recordMeasured, recordRevisions, recordRun, unfinishedRun, upgradeDigest } from "./records.js"
import { observeCopy, type Rehearsed, rehearse } from "./rehearse.js"
import { recoverFromSwap } from "./restore.js"
import { RunSteps } from "./run-steps.js"
import { placeOfScratch, type Scratch, startScratch } from "./scratch.js"
import { askServer, endLeftOverMigrations, longTransactions, otherSessions } from "./server.js"
import { type Session, withSession } from "./session.js"
import { openStore } from "./store.js"
import type { Store } from "./store-places.js"
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
    return await onCopy(settings, alembic, reach, request, { store, client, nonce, starting, warnings })
  } finally {
    await stop()
  }
}

interface Prepared extends Pick<BackupContext, "store" | "client" | "nonce"> {
  starting: Promise<Scratch>
  warnings: string[]
}

async function onCopy(
  { database }: Settings,
  alembic: AppMigrations,
  reach: Reach,
  request: MigrationRequest,
  { starting, warnings, ...programs }: Prepared,
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
  return locked({ ...context, starting }, alembic, request, warnings, new RunSteps(request.run, lock))
}

async function locked(
  context: BackupContext & Pick<Migration, "starting">,
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

async function preflight(migration: Migration): Promise<Inspected> {
  const { settings, steps, store, client, nonce, request, result } = migration
  const { session } = steps.lock
  const ended = await endLeftOverMigrations(session)
  if (ended > 0)
    result.warnings.push(
      `${count(ended, "session")} of an earlier migration, whose pipeline was gone, ${ended === 1 ? "was" : "were"} ended`,
    )
  // whether the store can be reached at all is better known before a dump is made
  const [{ major, freeBytes }, server] = await Promise.all([
    clientFacts(store.work.attach(client), store.work.folder, nonce()),
    askServer(session),
    store.contents(nonce()),
  ])
  const unsuited = judgePrograms(major, server)
  if (unsuited.length > 0) throw new StepRefused(unsuited)
  const inspection = await inspect(migration)
  const { problems, warnings } = judgePreflight({
    inspection: inspection.version.foreign === true ? WITHOUT_REVISIONS : inspection,
    server,
    clientMajor: major,
    freeBytes,
    long: await longTransactions(session, settings.longTransaction),
    record: await appliedRecord(session),
    others: request.maintenance
      ? (await otherSessions(session)).map(({ name, user }) => (name === "" ? user : name))
      : null,
  })
  result.warnings.push(...warnings)
  if (settings.backup.encryptTo.length > 0 && request.identity === undefined)
    result.warnings.push("without --identity no encrypted backup can be restored, should that be the only way back")
  // a module cannot know whose engine it runs on: Dagger's own removes volumes
  if (request.entryPoint === "module" || request.volumesMayVanish === true)
    result.warnings.push(...backupPlaceWarning(settings.backup.to))
  if (problems.length > 0) throw new StepRefused(problems)
  return inspection
}

/** Only the tool knows what there is: nothing of it can be judged beforehand. */
const WITHOUT_REVISIONS = { heads: ["newest"], ends: [], revisions: [], pending: [], current: [] }

async function inspect(migration: Migration): Promise<Inspected> {
  const inspected = await migration.alembic.lookAhead(await migration.starting, migration.reach)
  migration.version = inspected.version
  return inspected
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
  const { tidied } = await prove(migration, await migration.starting, serverVersion)
  await Promise.all([tidied, upgradeForReal(migration, tidied)])
}

/** The backup is made, tested and kept, and the upgrade rehearsed. Nothing of the real database is changed. */
async function prove(migration: Migration, scratch: Scratch, serverVersion: string): Promise<Kept> {
  const { steps, settings, result } = migration
  // the copy is made anew for the dump while that is made
  const emptied = scratch.empty()
  emptied.catch(() => undefined)
  const dump = await steps.take(
    "backup",
    () => dumpDatabase(migration, result.from, migration.version, serverVersion),
    ({ file }) => `${Object.values(file.rows).reduce((sum, rows) => sum + rows, 0)} rows`,
  )
  // what a rehearsal must know of the copy has its rows as well: they are counted once
  const look = async (ask: Ask) =>
    settings.rehearse
      ? observeCopy(ask, settings, migration.version, migration.alembic.noWayBack(result.from, result.pending) === null)
      : { rows: await countRows(ask) }
  const { tested, seen } = await steps.take(
    "test the backup",
    () => testDump(migration, dump, { scratch, emptied }, look),
    () => "restored, every row counted",
  )
  const keeping = steps.take(
    "keep the backup",
    () => keepDump(migration, tested, (text) => result.warnings.push(text)),
    ({ file }) => file.name,
  )
  const rehearsing = "contents" in seen ? takeRehearsal(migration, scratch, seen) : null
  // side by side, and both are over before anything else is done, whatever becomes of one
  const [kept, rehearsal] = await Promise.allSettled([keeping, rehearsing])
  if (kept.status === "rejected") throw kept.reason
  result.backup = kept.value.file
  // of a rehearsal that failed as well: it may be why
  result.warnings.push(...scratch.warnings)
  if (rehearsal.status === "rejected") {
    await kept.value.tidied
    throw rehearsal.reason
  }
  result.rehearsed = rehearsal.value
  if (rehearsal.value !== null && migration.version.foreign === true) result.target = rehearsal.value.after.revision
  result.warnings.push(...(rehearsal.value?.modelWarnings ?? []))
  if (rehearsal.value !== null)
    await recordMeasured(
      steps.lock.session,
      migration.run,
      "rehearsal",
      upgradeDigest(result.from, result.pending),
      rehearsal.value.seconds,
    )
  return kept.value
}

function takeRehearsal(migration: Migration, scratch: Scratch, copy: Contents): Promise<Rehearsed> {
  const { steps, settings, result, alembic, version } = migration
  return steps.take(
    "rehearse",
    async () => {
      const found = await rehearse({
        alembic,
        scratch,
        copy,
        settings,
        version,
        from: result.from,
        target: version.foreign === true && result.target.length === 0 ? null : result.target,
        upgradeTo: migration.upgradeTo,
        pending: result.pending,
        limits: limitsOf(migration),
      })
      if (found.kind === "failed") throw new StepRefused(found.why.split("\n"))
      return found.rehearsed
    },
    ({ seconds, downgrade }) =>
      `upgrade ${seconds.toFixed(1)} s; the way back is ${downgrade.kind === "proven" ? "proven" : "not proven"}`,
  )
}

/** A replica and a read-only database are known before anything is tried; a half-done restore of an earlier run is put right. */
export async function requireWritable(reach: Reach): Promise<string[]> {
  const look = (): Promise<void> =>
    withSession(reach.inProcess, "tollgate look", async (session: Session) => {
      const { recovery, readOnly } = await askServer(session)
      if (recovery || readOnly)
        throw new TollgateError(
          "database-read-only",
          recovery
            ? "The database is a replica: it can only be read."
            : "The database is read-only (default_transaction_read_only).",
          "Give the address of the primary server in --secrets. Nothing was changed.",
        )
    })
  try {
    await look()
    return []
  } catch (error) {
    if (!(error instanceof TollgateError) || error.code !== "database-unknown") throw error
    const recovered = await recoverFromSwap(reach).catch(() => null)
    if (recovered === null) throw error
    await look()
    return [`a restore that was cut off had left the database under the name ${recovered}: it was put back`]
  }
}

/** Each use gives another one: what touches the world is never answered from the engine's cache. */
export function nonces(run: string): () => string {
  let count = 0
  return () => `${run} ${(count += 1)}`
}
