import { setTimeout as pause } from "node:timers/promises"
import type { AlembicRun, Comparison } from "../alembic/alembic-account.js"
import { compareCommits } from "../alembic/before-commit.js"
import { grouped } from "../alembic/failure.js"
import { judgeModels, keysOf } from "../alembic/models.js"
import { askSession } from "../connect/ask.js"
import { type Observation, observe, tablesIn } from "../copy/observe.js"
import type { Intent } from "./intent.js"
import { limitsOf, type Migration, StepRefused } from "./migration.js"
import { look, reconnect } from "./reconnect.js"
import { recordMeasured, upgradeDigest } from "./records.js"
import type { Rehearsed } from "./rehearse.js"
import { decideUndo } from "./undo.js"
import { undoMigration } from "./undo-migration.js"
import { revisionName, validate } from "./validate.js"
import { watched } from "./watch.js"

/**
 * Upgrades the real database, validates it, and undoes the upgrade when either fails.
 *
 * @param cleaned when the work folder of the backups is free for a restore
 */
export async function upgradeForReal(migration: Migration, cleaned: Promise<void>): Promise<void> {
  const { steps, settings, result, version } = migration
  if (result.backup === null) throw new RangeError("no upgrade without a backup")
  // whether the invariants hold was asked before the backup; broken since then, they are found broken afterwards
  const before = {
    ...(await observe(askSession(steps.lock.session), { ...settings, invariants: {} }, version)),
    ...(version.foreign === true ? { revision: result.from } : {}),
  }
  // a difference that was there before is not the migration's doing; without a rehearsal the copy still has the schema from before
  const known =
    result.rehearsed === null
      ? keysOf(await migration.alembic.check((await migration.starting).reach))
      : result.rehearsed.known
  const written: Intent = {
    before,
    from: result.from,
    target: result.target,
    backup: result.backup,
    rehearsed: result.rehearsed,
  }
  const runs: AlembicRun[] = []
  try {
    await steps.take(
      "upgrade",
      () => upgrade(migration, before, runs),
      () => `to ${revisionName(result.target)}${runs.length > 1 ? `, ${runs.length} attempts` : ""}`,
      written,
    )
    await steps.take(
      "validate",
      () => validateNow(migration, before, modelsAfter(result.rehearsed, known)),
      () => "revision, schema, rows, invariants",
    )
    const { seconds = 0 } = steps.records.findLast(({ name }) => name === "upgrade") ?? {}
    await recordMeasured(
      steps.lock.session,
      migration.run,
      "migration",
      upgradeDigest(result.from, result.pending),
      seconds,
    )
    result.outcome = { kind: "migrated" }
  } catch (error) {
    const step = steps.failed === "" ? "upgrade" : steps.failed
    const causes =
      error instanceof StepRefused
        ? error.causes
        : [migration.reach.redact(error instanceof Error ? error.message : String(error))]
    await cleaned
    await undoMigration(migration, written, { step, causes, journal: joined(runs) })
  }
}

function modelsAfter(rehearsal: Rehearsed | null, known: readonly string[] | null): Models {
  return rehearsal === null
    ? { kind: "to-be-asked", known }
    : { kind: "compared", schema: rehearsal.after.schema, known }
}

async function upgrade(migration: Migration, before: Observation, runs: AlembicRun[]): Promise<void> {
  const { alembic, reach, settings, result, steps, version } = migration
  for (let attempt = 1, at: readonly string[] = result.from; ; attempt += 1) {
    const limits = limitsOf(migration)
    const beforeCommit = !alembic.comparesBeforeCommit
      ? null
      : await compareCommits(
          steps.lock.session,
          settings,
          version,
          result.target,
          before,
          result.rehearsed?.commits ?? null,
          at,
        )
    const run = await watched(
      reach,
      migration.steps.lock,
      limits.applicationName,
      alembic.upgrade(reach, at, migration.upgradeTo, limits, { tables: tablesIn(version), beforeCommit }),
    )
    runs.push(run)
    if (run.ok) return
    await reconnect(migration)
    const now = await alembic.seenOnReal(
      await observe(
        askSession(migration.steps.lock.session),
        { ...settings, protect: [], invariants: {}, unchanged: {} },
        migration.version,
      ),
      await migration.starting,
    )
    const { revision } = now
    // its last word was lost on the way, and what it meant to do is done
    if (revision.join() === result.target.join() && run.journal === null) return
    at = revision
    const lockNotAvailable = run.sqlstate === "55P03"
    const cleanStop =
      run.journal !== null
        ? run.journal.outside.length === 0
        : decideUndo({ before, now, journal: null, rehearsed: result.rehearsed }).way === "nothing"
    if (!lockNotAvailable || !cleanStop || attempt === settings.attempts) {
      const tried = attempt > 1 ? ` (${attempt} attempts)` : ""
      // Postgres words it in several ways: https://www.postgresql.org/docs/current/errcodes-appendix.html
      const full = run.sqlstate === "53100" ? ["the disk of the database's server is full"] : []
      throw new StepRefused([...full, `${run.error ?? "alembic failed"}${tried}`])
    }
    // gives time to the holder of the lock, and to those who wait behind this migration
    await pause(Math.min(30_000, 500 * 2 ** attempt) * (0.5 + Math.random()))
  }
}

/** What is known of the source's models. */
export type Models =
  /** known: differences that were there before the upgrade; null: not known. */
  | { kind: "to-be-asked"; known: readonly string[] | null }
  /** They are of another revision than the database should be at. */
  | { kind: "of-another-revision" }
  /** In the rehearsal alembic found them to be what a schema says: that same schema need not be compared with them again. */
  | { kind: "compared"; schema: string; known: readonly string[] | null }

export async function validateNow(migration: Migration, before: Observation, models: Models): Promise<Observation> {
  const now = await lookAndCompare(migration, models)
  const problems = [
    ...validate(now.observed, { revision: migration.result.target, schema: null, before }, now.differences),
    ...afterCommit(migration, now.observed, models),
  ]
  if (problems.length > 0) throw new StepRefused(grouped(problems))
  return now.observed
}

/** What could not be compared before the commit. */
function afterCommit({ alembic }: Migration, { schema }: Observation, models: Models): string[] {
  return !alembic.comparesBeforeCommit && models.kind === "compared" && schema !== models.schema
    ? ["the schema is not the one that the rehearsal produced"]
    : []
}

async function lookAndCompare(
  migration: Migration,
  models: Models,
): Promise<{ observed: Observation; differences: readonly string[] }> {
  const { alembic, reach, result } = migration
  alembic.unload(reach)
  const compare = async (known: readonly string[] | null): Promise<string[]> => {
    const judged = judgeModels(await checkOnCopy(migration), known)
    result.warnings.push(...judged.warnings.filter((warning) => !result.warnings.includes(warning)))
    return judged.problems
  }
  if (models.kind === "compared") {
    const observed = await look(migration)
    return { observed, differences: observed.schema === models.schema ? [] : await compare(models.known) }
  }
  // both are over before anything is undone
  const [looked, checked] = await Promise.allSettled([
    look(migration),
    models.kind === "to-be-asked" ? compare(models.known) : [],
  ])
  if (looked.status === "rejected") throw looked.reason
  if (checked.status === "rejected") throw checked.reason
  return { observed: looked.value, differences: checked.value }
}

/** The models against a copy of the schema that the database has now: the app's code is not given the database to read it. */
async function checkOnCopy({ alembic, starting, version, result }: Migration): Promise<Comparison> {
  if (version.foreign === true) return { notCompared: null, differences: [] }
  const scratch = await starting
  await scratch.takeSchema(version, result.target)
  return alembic.check(scratch.reach)
}

/** What all attempts together made lasting; null when one of them left no account. */
function joined(runs: readonly AlembicRun[]): AlembicRun["journal"] {
  const journals = runs.map(({ journal }) => journal)
  return journals.reduce<AlembicRun["journal"]>(
    (all, one) =>
      all === null || one === null
        ? null
        : {
            transactions: [...all.transactions, ...one.transactions],
            outside: [...all.outside, ...one.outside],
            statements: all.statements + one.statements,
          },
    { transactions: [], outside: [], statements: 0 },
  )
}
