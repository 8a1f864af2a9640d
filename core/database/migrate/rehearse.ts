import { z } from "zod"
import type { DatabaseSettings } from "../../config/database.js"
import type { SessionLimits } from "../alembic/alembic-account.js"
import type { AppMigrations } from "../alembic/app-migrations.js"
import { commit, noteCommits } from "../alembic/before-commit.js"
import { elsewhereProblem } from "../alembic/elsewhere.js"
import { grouped } from "../alembic/failure.js"
import { judgeModels, keysOf } from "../alembic/models.js"
import type { Target } from "../alembic/pending.js"
import type { Revision } from "../alembic/revision.js"
import type { Ask } from "../connect/ask.js"
import { type Contents, observation, observe, observeContents, tablesIn, type VersionTable } from "../copy/observe.js"
import type { Scratch } from "../copy/scratch.js"
import { revisionName, validate } from "./validate.js"

export const rehearsed = z.object({
  after: observation,
  /** What each of its commits left. */
  commits: z.array(commit).prefault([]),
  /** How long the upgrade took on the copy, in seconds. */
  seconds: z.number(),
  /** Whether the whole upgrade was one transaction: whatever happens to it, all of it lasts or nothing. */
  oneTransaction: z.boolean(),
  /** Whether its first transaction cannot have lasted while schema and revision are as before. */
  firstIsSeen: z.boolean().optional(),
  /** Differences between models and database that were there before the upgrade; null: not known. */
  known: z.array(z.string()).nullable().default(null),
  /** What of the models, and of what env.py tried to reach, is worth a word and no reason to stop. */
  modelWarnings: z.array(z.string()).default([]),
  downgrade: z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("proven"), seconds: z.number() }),
    z.object({ kind: z.literal("not-proven"), why: z.string() }),
  ]),
})

export type Rehearsed = z.output<typeof rehearsed>

export type Rehearsal = { kind: "passed"; rehearsed: Rehearsed } | { kind: "failed"; why: string; output: string }

/**
 * What the copy is like before anything is tried on it. Whether the invariants hold is asked of the database itself.
 *
 * @param digests whether a downgrade will be tried, which must bring back what every table holds
 */
export function observeCopy(
  ask: Ask,
  settings: DatabaseSettings,
  version: VersionTable,
  digests: boolean,
): Promise<Contents> {
  return observeContents(ask, { ...settings, invariants: {} }, version, digests)
}

export interface RehearsalPlan {
  alembic: AppMigrations
  scratch: Scratch
  /** The copy as it was restored. */
  copy: Contents
  settings: DatabaseSettings
  version: VersionTable
  from: readonly string[]
  /** null: only the rehearsal shows where the upgrade ends. */
  target: readonly string[] | null
  upgradeTo: Target
  pending: readonly Revision[]
  limits: SessionLimits
}

/** The whole upgrade on the restored copy, judged like the real one; and then the downgrade, judged by what every table holds. */
export async function rehearse(plan: RehearsalPlan): Promise<Rehearsal> {
  const { alembic, scratch, copy, settings, version, limits } = plan
  const before = await alembic.seenOnCopy(copy.observed, scratch)
  if (before.revision.join() !== plan.from.join())
    return {
      kind: "failed",
      why: `the copy is at ${revisionName(before.revision)} and the database at ${revisionName(plan.from)}: it cannot be rehearsed there`,
      output: "",
    }
  const known = keysOf(await alembic.check(scratch.reach))
  const began = performance.now()
  const run = await alembic.upgrade(scratch.reach, plan.from, plan.upgradeTo, limits, {
    tables: tablesIn(version),
    beforeCommit: noteCommits(version, plan.target ?? []),
  })
  const seconds = (performance.now() - began) / 1000
  if (!run.ok) return { kind: "failed", why: run.error ?? "alembic failed", output: run.output }
  const others = run.elsewhere.filter(({ database }) => database !== null)
  const besides = elsewhereProblem(run.elsewhere.filter(({ database }) => database === null))
  if (others.length > 0) return { kind: "failed", why: elsewhereProblem(others).join("\n"), output: run.output }
  const [after, comparison] = await Promise.all([
    observe(scratch.ask, settings, version).then((seen) => alembic.seenOnCopy(seen, scratch)),
    alembic.check(scratch.reach),
  ])
  const models = judgeModels(comparison, known)
  const problems = validate(
    after,
    { revision: [...(plan.target ?? after.revision)], schema: null, before },
    models.problems,
  )
  if (problems.length > 0) return { kind: "failed", why: grouped(problems).join("\n"), output: run.output }

  const oneTransaction =
    run.journal !== null && run.journal.outside.length === 0 && run.journal.transactions.length === 1
  return {
    kind: "passed",
    rehearsed: {
      after,
      commits: run.commits,
      seconds,
      oneTransaction,
      firstIsSeen: run.firstIsSeen,
      known,
      modelWarnings: [...models.warnings, ...besides],
      downgrade: await wayBack(plan),
    },
  }
}

/** Why no downgrade is rehearsed; null: one is. */
export function noDowngrade(
  alembic: AppMigrations,
  { rehearse: asked }: Pick<DatabaseSettings, "rehearse">,
  from: readonly string[],
  pending: readonly Revision[],
): string | null {
  return alembic.noWayBack(from, pending) ?? (asked === "upgrade" ? "database.rehearse is upgrade" : null)
}

async function wayBack(plan: RehearsalPlan): Promise<Rehearsed["downgrade"]> {
  const { alembic, scratch, copy, settings, version, limits } = plan
  const none = noDowngrade(alembic, settings, plan.from, plan.pending)
  if (none !== null) return { kind: "not-proven", why: none }
  const began = performance.now()
  const run = await alembic.goBack(scratch.reach, plan.from, limits)
  const seconds = (performance.now() - began) / 1000
  if (!run.ok) return { kind: "not-proven", why: `the rehearsed downgrade failed: ${run.error ?? "alembic failed"}` }
  const { contents: restored, observed } = await observeContents(
    scratch.ask,
    { ...settings, protect: [], invariants: {}, unchanged: {} },
    version,
  )
  const now = await alembic.seenOnCopy(observed, scratch)
  if (now.revision.join() !== plan.from.join())
    return { kind: "not-proven", why: "the rehearsed downgrade ended at another revision" }
  if (now.schema !== copy.observed.schema)
    return { kind: "not-proven", why: "the rehearsed downgrade left another schema than before" }
  const different = Object.keys(copy.contents).filter((table) => copy.contents[table] !== restored[table])
  if (different.length > 0)
    return { kind: "not-proven", why: `the rehearsed downgrade did not bring back the rows of ${different.join(", ")}` }
  return { kind: "proven", seconds }
}
