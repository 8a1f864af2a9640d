import { z } from "zod"
import type { AlembicRun } from "./alembic.js"
import { askSession } from "./ask.js"
import { type Lock, takeLock } from "./lock.js"
import { limitsOf, type Migration, StepRefused } from "./migrate.js"
import { type Observation, observation, observe } from "./observe.js"
import { rehearsed } from "./rehearse.js"
import { backupFile } from "./backup-file.js"
import { recordMeasured, upgradeDigest } from "./records.js"
import { endLeftOverMigrations } from "./server.js"
import { isServerAway, openSession } from "./session.js"
import { takeBack } from "./take-back.js"
import { watched } from "./watch.js"
import { revisionName, validate } from "./validate.js"

/** Written down before the database is changed: what whoever finds this run killed must know. */
export const intent = z.object({
  before: observation,
  from: z.array(z.string()),
  target: z.array(z.string()),
  backup: backupFile,
  rehearsed: rehearsed.nullable(),
})

export type Intent = z.output<typeof intent>

/** Upgrades the real database, validates it, and takes it back when either fails. */
export async function upgradeForReal(migration: Migration): Promise<void> {
  const { steps, settings, result, version } = migration
  if (result.backup === null) throw new RangeError("no upgrade without a backup")
  const before = await observe(askSession(steps.lock.session), settings, version)
  const written: Intent = { before, from: result.from, target: result.target, backup: result.backup, rehearsed: result.rehearsed }
  const runs: AlembicRun[] = []
  try {
    await steps.take("upgrade", () => upgrade(migration, before, runs), () => `to ${revisionName(result.target)}${runs.length > 1 ? `, ${runs.length} attempts` : ""}`, written)
    await steps.take("validate", () => validateNow(migration, before), () => "revision, schema, rows, invariants")
    const { seconds = 0 } = steps.records.findLast(({ name }) => name === "upgrade") ?? {}
    await recordMeasured(steps.lock.session, migration.run, "migration", upgradeDigest(result.from, result.pending), seconds)
    result.outcome = { kind: "migrated" }
  } catch (error) {
    const step = steps.failed === "" ? "upgrade" : steps.failed
    const causes = error instanceof StepRefused ? error.causes : [migration.reach.redact(error instanceof Error ? error.message : String(error))]
    await takeBack(migration, written, { step, causes, journal: joined(runs) })
  }
}

async function upgrade(migration: Migration, before: Observation, runs: AlembicRun[]): Promise<void> {
  const { alembic, reach, settings, result } = migration
  for (let attempt = 1; ; attempt += 1) {
    const limits = limitsOf(migration)
    const run = await watched(reach, migration.steps.lock, limits.applicationName, alembic.upgrade(reach, "head", limits))
    runs.push(run)
    if (run.ok) return
    await reconnect(migration)
    const now = await look(migration)
    // its last word was lost on the way, and what it meant to do is done
    if (now.revision.join() === result.target.join() && run.journal === null) return
    const lockNotAvailable = run.sqlstate === "55P03"
    const cleanStop = run.journal !== null && run.journal.outside.length === 0
    if (!lockNotAvailable || !cleanStop || attempt === settings.attempts) {
      const tried = attempt > 1 ? ` (${attempt} attempts)` : ""
      // Postgres words it in several ways: https://www.postgresql.org/docs/current/errcodes-appendix.html
      const full = run.sqlstate === "53100" ? ["the disk of the database's server is full"] : []
      throw new StepRefused([...full, `${run.error ?? "alembic failed"}${tried}`])
    }
    // whoever holds the lock, and whoever waits behind this migration, gets time
    await new Promise((done) => setTimeout(done, Math.min(30_000, 500 * 2 ** attempt) * (0.5 + Math.random())))
  }
}

/** @param models whether the source's models are those of the revision that the database should be at */
export async function validateNow(migration: Migration, before: Observation, models = true): Promise<Observation> {
  // both are over before anything is undone
  const [looked, checked] = await Promise.allSettled([look(migration), models ? migration.alembic.check(migration.reach) : []])
  if (looked.status === "rejected") throw looked.reason
  if (checked.status === "rejected") throw checked.reason
  const [now, differences] = [looked.value, checked.value]
  const problems = validate(now, { revision: migration.result.target, schema: null, before }, differences)
  if (problems.length > 0) throw new StepRefused(problems)
  return now
}

export function look({ steps, settings, version }: Migration): Promise<Observation> {
  return observe(askSession(steps.lock.session), settings, version)
}

/** After a failure: sees to it that the server is there, that the lock is held, and that nothing of the migration is still at work. */
export async function reconnect(migration: Migration): Promise<void> {
  const { steps, reach, settings, run } = migration
  if (!(await isHeld(steps.lock))) {
    await steps.lock.release()
    const deadline = Date.now() + settings.serverWait * 1000
    for (;;) {
      try {
        await (await openSession(reach.inProcess, "tollgate look")).close()
        break
      } catch (error) {
        if (!isServerAway(error) || Date.now() > deadline) throw error
        await new Promise((done) => setTimeout(done, 500))
      }
    }
    steps.use(await takeLock(reach.inProcess, { run, wait: settings.lockWait, lease: settings.lease }))
  }
  await endLeftOverMigrations(steps.lock.session)
}

async function isHeld(lock: Lock): Promise<boolean> {
  try {
    await lock.session.run("SELECT 1")
    lock.requireHeld()
    return true
  } catch {
    return false
  }
}

/** What all attempts together made lasting; null when one of them left no account. */
function joined(runs: readonly AlembicRun[]): AlembicRun["journal"] {
  const journals = runs.map(({ journal }) => journal)
  return journals.reduce<AlembicRun["journal"]>(
    (all, one) =>
      all === null || one === null
        ? null
        : { transactions: [...all.transactions, ...one.transactions], outside: [...all.outside, ...one.outside], statements: all.statements + one.statements },
    { transactions: [], outside: [], statements: 0 },
  )
}
