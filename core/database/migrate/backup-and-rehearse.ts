import { type Dump, dumpDatabase, type Kept, keepDump, testDump } from "../backup/backup.js"
import type { Ask } from "../connect/ask.js"
import { type Contents, countRows } from "../copy/observe.js"
import type { Scratch } from "../copy/scratch.js"
import { limitsOf, type Migration, StepRefused } from "./migration.js"
import { recordMeasured, upgradeDigest } from "./records.js"
import { noDowngrade, observeCopy, type Rehearsed, rehearse } from "./rehearse.js"

/** The backup is made, tested and stored, and the upgrade rehearsed, as the settings say. Nothing of the real database is changed. */
export async function backupAndRehearse(migration: Migration, scratch: Scratch, serverVersion: string): Promise<Kept> {
  const { steps, result } = migration
  const { tested, warning } = migration.backupTest
  if (warning !== null) result.warnings.push(warning)
  // the copy is made anew for the dump while that is made
  const emptied = tested ? scratch.empty() : Promise.resolve()
  emptied.catch(() => undefined)
  const dump = await steps.take(
    "backup",
    () => dumpDatabase(migration, result.from, migration.version, serverVersion),
    ({ file }) => `${Object.values(file.rows).reduce((sum, rows) => sum + rows, 0)} rows`,
  )
  if (!tested) {
    const kept = await keep(migration, dump)
    result.backup = kept.file
    return kept
  }
  const restored = await steps.take(
    "test the backup",
    () => testDump(migration, dump, { scratch, emptied }, (ask) => lookAtCopy(migration, ask)),
    () => "restored, every row counted",
  )
  const keeping = keep(migration, restored.tested)
  const rehearsing = "contents" in restored.seen ? takeRehearsal(migration, scratch, restored.seen) : null
  // side by side, and both are over before anything else is done, whatever becomes of one
  const [kept, rehearsal] = await Promise.allSettled([keeping, rehearsing])
  if (kept.status === "rejected") throw kept.reason
  result.backup = kept.value.file
  // of a rehearsal that failed as well: it may be why
  result.warnings.push(...scratch.warnings)
  if (rehearsal.status === "rejected") {
    await kept.value.cleaned
    throw rehearsal.reason
  }
  if (rehearsal.value !== null) await useRehearsal(migration, rehearsal.value)
  return kept.value
}

function keep(migration: Migration, dump: Dump): Promise<Kept> {
  return migration.steps.take(
    "keep the backup",
    () => keepDump(migration, dump, (text) => migration.result.warnings.push(text)),
    ({ file }) => file.name,
  )
}

/** What a rehearsal must know of the copy has its rows as well: they are counted once. */
async function lookAtCopy(migration: Migration, ask: Ask): Promise<Contents | { rows: Record<string, number> }> {
  const { settings, result, alembic, version } = migration
  if (settings.rehearse === false) return { rows: await countRows(ask) }
  return observeCopy(ask, settings, version, noDowngrade(alembic, settings, result.from, result.pending) === null)
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
      `upgrade ${seconds.toFixed(1)} s; ${downgrade.kind === "proven" ? "downgrade passed" : "no downgrade to undo it"}`,
  )
}

async function useRehearsal({ steps, result, run, version }: Migration, rehearsed: Rehearsed): Promise<void> {
  result.rehearsed = rehearsed
  if (version.foreign === true) result.target = rehearsed.after.revision
  result.warnings.push(...rehearsed.modelWarnings)
  await recordMeasured(
    steps.lock.session,
    run,
    "rehearsal",
    upgradeDigest(result.from, result.pending),
    rehearsed.seconds,
  )
}
