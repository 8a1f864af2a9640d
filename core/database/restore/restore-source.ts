import type { Directory, Secret } from "@dagger.io/dagger"
import type { Settings } from "../../config/schema.js"
import { environmentSettings } from "../../environment/check.js"
import { alignColumns, fit } from "../../presentation/columns.js"
import { line, screenColumns } from "../../presentation/screen.js"
import { TollgateError } from "../../shared/errors.js"
import { count, duration } from "../../shared/figures.js"
import { step } from "../../shared/progress.js"
import { version } from "../../shared/version.js"
import { readSettings } from "../../source.js"
import type { BackupContext } from "../backup/backup.js"
import type { BackupFile } from "../backup/backup-file.js"
import { clientFacts, clientPrograms } from "../backup/programs.js"
import { openStore } from "../backup/store.js"
import { askSession } from "../connect/ask.js"
import { takeLock } from "../connect/lock.js"
import { type EntryPoint, type Reach, reachDatabase } from "../connect/reach.js"
import { endLeftOverMigrations, otherSessions } from "../connect/server.js"
import type { Session } from "../connect/session.js"
import { observe } from "../copy/observe.js"
import { nonces } from "../migrate/migrate.js"
import type { StepRecord } from "../migrate/migration-result.js"
import { recordEvent, recordRun } from "../migrate/records.js"
import { RunSteps } from "../migrate/run-steps.js"
import { mayRestore, type Permission, writtenSince } from "../migrate/undo.js"
import { revisionName } from "../migrate/validate.js"
import { putInPlace } from "./put-in-place.js"
import { requireWritable } from "./require-writable.js"
import { compareWithBackup, createDatabase } from "./restore.js"

export interface RestoreRequest {
  environment: string
  secrets: Secret | undefined
  entryPoint: EntryPoint
  /** Its name; empty: the newest one that was tested. */
  backup: string
  identity: Secret | undefined
  /** The application is stopped. It is looked whether that is so. */
  maintenance: boolean
  /** What was written since the backup may go: it stays in the database that is set aside. */
  discardWrites: boolean
  run: string
}

export interface RestoreResult {
  environment: string
  database: string
  run: string
  backup: BackupFile
  steps: StepRecord[]
  outcome:
    | { kind: "restored"; setAside: string; lost: number }
    | { kind: "asks"; question: string }
    | { kind: "failed"; causes: string[] }
}

/**
 * Puts a backup in the place of the database, which is kept under another name: the same for both entry points.
 *
 * @param known the source's settings, where they were read already
 */
export async function restoreSource(
  source: Directory,
  request: RestoreRequest,
  known?: Settings,
): Promise<RestoreResult> {
  const whole = known ?? (await readSettings(source))
  environmentSettings(whole, request.environment)
  const settings = whole.database
  const reach = await reachDatabase(settings, request.secrets, request.entryPoint)
  const gone = await isGone(reach)
  const { run, environment } = request
  const { database } = reach.inProcess
  const store = await openStore(settings, request.secrets, request.entryPoint, environment, database)
  const client = await clientPrograms(settings)
  const nonce = nonces(run)
  const { backups } = await store.contents(nonce())
  const backup = choose(backups, request.backup, store.described)
  const { major } = await clientFacts(client, "/", nonce())
  requireNewEnough(major, settings.image, backup)
  const context: BackupContext = { settings, environment, run, reach, store, client, nonce }
  if (gone) await step("create an empty database, because none has that name", () => createDatabase(context))
  const steps = new RunSteps(
    run,
    await step("lock", () => takeLock(reach.inProcess, { run, wait: settings.lockWait, lease: settings.lease })),
  )
  const result = { environment, database, run, backup, steps: steps.records }
  try {
    const { session } = steps.lock
    await recordRun(session, run, "restore", environment, version)
    await endLeftOverMigrations(session)
    if (request.maintenance) {
      const others = await otherSessions(session)
      if (others.length > 0)
        return {
          ...result,
          outcome: {
            kind: "failed",
            causes: [
              `--maintenance was given, but other sessions are connected: ${others.map(({ name, user }) => name || user).join(", ")}`,
            ],
          },
        }
    }
    const permit = async (on: Session): Promise<Permission> =>
      mayRestore(writtenSince(await compareWithBackup(on, backup, [], backup.versionTable.name)), {
        maintenance: request.maintenance,
        discard: request.discardWrites || gone,
      })
    const placed = await putInPlace({ context, steps, backup, identity: request.identity, permit, prefix: "" })
    if (placed.kind === "asks") return { ...result, outcome: placed }
    const { setAside, lost } = placed
    await recordRun(steps.lock.session, run, "restore", environment, version)
    const now = await steps.take(
      "validate",
      () => observe(askSession(steps.lock.session), settings, backup.versionTable),
      ({ revision }) => `at ${revisionName(backup.versionTable.foreign === true ? backup.revision : revision)}`,
    )
    const broken = Object.entries(now.broken)
      .filter(([, rows]) => rows !== 0)
      .map(([name]) => `the invariant ${name} is broken in the restored database`)
    // what another tool than alembic notes was counted with all other rows
    if (backup.versionTable.foreign !== true && now.revision.join() !== backup.revision.join())
      broken.push(`the revision is ${revisionName(now.revision)}, the backup was at ${revisionName(backup.revision)}`)
    await recordEvent(steps.lock.session, run, {
      step: "end",
      status: "done",
      detail: { backup: backup.name, setAside, lost },
    })
    if (broken.length > 0)
      return {
        ...result,
        outcome: { kind: "failed", causes: [...broken, `the previous database is kept as ${setAside}`] },
      }
    return { ...result, outcome: { kind: "restored", setAside, lost } }
  } finally {
    await steps.lock.release()
  }
}

/** Whether the database was dropped, and nothing that a restore has set aside can be put back. What else keeps one from writing is thrown. */
async function isGone(reach: Reach): Promise<boolean> {
  try {
    await requireWritable(reach)
    return false
  } catch (error) {
    if (error instanceof TollgateError && error.code === "database-unknown") return true
    throw error
  }
}

/** An older pg_restore cannot read what a newer pg_dump has written, and says so only with the number of a format. */
function requireNewEnough(major: number, image: string, { name, serverVersion }: BackupFile): void {
  if (major >= Number.parseInt(serverVersion, 10)) return
  throw new TollgateError(
    "client-programs",
    `${name} is from Postgres ${serverVersion}, and the programs of ${image} are version ${major}: an older pg_restore cannot restore it.`,
    `Set database.image to postgres:${Number.parseInt(serverVersion, 10)} or newer. Nothing was changed.`,
  )
}

function choose(backups: readonly BackupFile[], name: string, store: string): BackupFile {
  const found = name === "" ? backups.find(({ tested }) => tested) : backups.find((backup) => backup.name === name)
  if (found !== undefined) return found
  const known = backups.slice(0, 10).map((backup) => `  ${backup.name}`)
  throw new TollgateError(
    "backup-unknown",
    name === "" ? `There is no tested backup in ${store}.` : `There is no backup ${name} in ${store}.`,
    known.length === 0
      ? "Check database.backup.to and --env: there is no backup at all. Nothing was changed."
      : `Choose one with --backup:\n${known.join("\n")}\nNothing was changed.`,
  )
}

export function isRestored({ outcome }: RestoreResult): boolean {
  return outcome.kind === "restored"
}

export function restoreScreen({ environment, database, run, backup, steps, outcome }: RestoreResult): string {
  const rows = steps.map(({ name, status, seconds, note }) => [
    name,
    status === "done" ? duration(seconds) : "FAILED",
    note,
  ])
  const said = (): string[] => {
    switch (outcome.kind) {
      case "restored":
        return [
          line(
            `previous database: kept as ${outcome.setAside}, with ${count(outcome.lost, "row")} that the restored one does not have`,
          ),
          "",
          line(`RESTORED: ${database} from ${backup.name}`),
        ]
      case "asks":
        return [
          line(`Restoring would lose rows: ${outcome.question}`),
          "Pass --discard-writes to restore anyway. The rows stay in the previous database, which is kept under another name.",
          "",
          "FAILED: nothing was changed",
        ]
      case "failed":
        return [...outcome.causes.map((cause) => line(cause)), "", "FAILED: the restore failed"]
    }
  }
  return `${[
    line(`Tollgate ${version} · restore · ${environment} · database ${database} · run ${run}`),
    line(`backup ${backup.name}, ${backup.tested ? "" : "never restored before, "}at ${revisionName(backup.revision)}`),
    "",
    ...alignColumns(rows, ["left", "right", "left"]).map((row) => fit(row, screenColumns)),
    "",
    ...said(),
  ].join("\n")}\n`
}
