import { version as tollgateVersion } from "../../shared/version.js"
import type { Journal } from "../alembic/alembic-account.js"
import type { Session } from "../connect/session.js"
import type { Observation } from "../copy/observe.js"
import { putInPlace } from "../restore/put-in-place.js"
import { compareWithBackup } from "../restore/restore.js"
import type { Intent } from "./intent.js"
import { limitsOf, type Migration } from "./migration.js"
import type { MigrationOutcome } from "./migration-result.js"
import { look, reconnect } from "./reconnect.js"
import { recordEvent, recordRun } from "./records.js"
import { decideUndo, mayRestore, type Permission, writtenSince } from "./undo.js"
import { validate } from "./validate.js"
import { watched } from "./watch.js"

export interface MigrationFailure {
  step: string
  causes: string[]
  /** null when alembic left no account of what it did. */
  journal: Journal | null
}

/** Undoes a failed migration in the cheapest safe way, and verifies that the database is as before. Sets the outcome. */
export async function undoMigration(migration: Migration, intent: Intent, failure: MigrationFailure): Promise<void> {
  const { result, steps } = migration
  const { step, causes } = failure
  try {
    await reconnect(migration)
    const now = await look(migration)
    const undo = decideUndo({ before: intent.before, now, journal: failure.journal, rehearsed: intent.rehearsed })
    if (undo.way === "downgrade") {
      const wrong = await steps.take(
        "undo: downgrade",
        () => downgrade(migration, intent),
        (problems) => (problems.length === 0 ? "as it was before" : "not as it was before"),
      )
      if (wrong.length === 0) result.outcome = { kind: "undone", step, causes, way: "downgrade", why: undo.why }
      else result.outcome = await restored(migration, intent, failure, wrong.join("; "))
    } else if (undo.way === "restore") {
      result.outcome = await restored(migration, intent, failure, undo.why)
    } else {
      const wrong = asBefore(now, intent)
      result.outcome =
        wrong.length === 0
          ? { kind: "undone", step, causes, way: "nothing", why: undo.why }
          : { kind: "not-undone", step, causes, undoCauses: wrong }
    }
  } catch (error) {
    const why = migration.reach.redact(error instanceof Error ? error.message : String(error))
    result.outcome = {
      kind: "not-undone",
      step,
      causes,
      undoCauses: why.split("\n").filter((line) => line.trim() !== ""),
    }
  }
}

function asBefore(now: Observation, { before, from }: Intent): string[] {
  return validate(now, { revision: from, schema: before.schema, before }, [])
}

async function downgrade(migration: Migration, intent: Intent): Promise<string[]> {
  const { alembic, reach } = migration
  const limits = limitsOf(migration)
  const run = await watched(
    reach,
    migration.steps.lock,
    limits.applicationName,
    alembic.goBack(reach, intent.from, limits),
  )
  if (!run.ok) {
    await reconnect(migration)
    return [`the downgrade failed: ${run.error ?? "alembic failed"}`]
  }
  return asBefore(await look(migration), intent)
}

async function restored(
  migration: Migration,
  intent: Intent,
  failure: MigrationFailure,
  why: string,
): Promise<MigrationOutcome> {
  const { steps, result, request, version } = migration
  const { step, causes } = failure
  const allowed = { maintenance: request.maintenance, discard: false }
  const permit = async (session: Session): Promise<Permission> =>
    mayRestore(
      writtenSince(await compareWithBackup(session, intent.backup, failure.journal?.transactions ?? [], version.name)),
      allowed,
    )

  const placed = await putInPlace({
    context: migration,
    steps,
    backup: intent.backup,
    identity: request.identity,
    permit,
    prefix: "undo: ",
  })
  if (placed.kind === "asks")
    return {
      kind: "asks",
      step,
      causes: [...causes, `only restoring the backup can undo this: ${why}`],
      question: placed.question,
    }
  result.setAside = placed.setAside
  result.lost = placed.lost
  await carryOver(migration)
  const wrong = asBefore(await look(migration), {
    ...intent,
    before: { ...intent.before, rows: countsOfBackup(intent) },
  })
  if (wrong.length > 0) return { kind: "not-undone", step, causes, undoCauses: wrong }
  return { kind: "undone", step, causes, way: "restore", why }
}

/** Rows that were added between the backup and the upgrade are in the database that was set aside; they have been counted. */
function countsOfBackup({ before, backup }: Intent): Record<string, number> {
  return Object.fromEntries(Object.keys(before.rows).map((table) => [table, backup.rows[table] ?? 0]))
}

/** The restored database has the records of before the backup: this run's are added again. */
async function carryOver({ steps, run, request }: Migration): Promise<void> {
  const { session } = steps.lock
  await recordRun(session, run, "migrate", request.environment, tollgateVersion)
  for (const { name, status, note, seconds } of steps.records)
    await recordEvent(session, run, { step: name, status, detail: { note, seconds, carriedOver: true } })
}
