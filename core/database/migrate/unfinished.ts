import { pendingRevisions } from "../alembic/pending.js"
import { intent } from "./intent.js"
import type { Migration } from "./migration.js"
import { undoMigration } from "./undo-migration.js"
import { type Models, validateNow } from "./upgrade.js"

/**
 * A run was killed while it changed the database. What it meant to do was written down before; where the database is now says how far
 * it came.
 *
 * @returns `go-on` when the database is as if that run had never been; `over` when this run's outcome is decided
 */
export async function finishEarlier(
  migration: Migration,
  earlier: { run: string; detail: unknown },
): Promise<"go-on" | "over"> {
  const { result, steps } = migration
  const parsed = intent.safeParse(earlier.detail)
  if (!parsed.success) {
    result.outcome = {
      kind: "not-undone",
      step: "upgrade",
      causes: [`the run ${earlier.run} was killed while it changed the database`],
      undoCauses: ["its record in tollgate.events is unreadable"],
    }
    return "over"
  }
  const { before, from, target, backup, rehearsed } = parsed.data
  const cause = `the run ${earlier.run} was killed while it changed the database`
  if (result.from.join() === target.join()) {
    const heads = result.target
    result.from = from
    result.target = target
    result.backup = backup
    result.rehearsed = rehearsed
    // the source may be another one by now: what an earlier rehearsal found does not count
    const models: Models =
      heads.join() === target.join()
        ? { kind: "to-be-asked", known: rehearsed?.known ?? null }
        : { kind: "of-another-revision" }
    try {
      await steps.take(
        "validate the earlier run",
        () => validateNow(migration, before, models),
        () => `${earlier.run} was killed after its upgrade`,
      )
      result.warnings.push(`${cause}: its upgrade is complete and valid`)
      if (result.pending.length > 0) {
        result.from = target
        result.target = heads
        return "go-on"
      }
      result.outcome = { kind: "migrated" }
      return "over"
    } catch (error) {
      await undoMigration(migration, parsed.data, {
        step: "validate",
        causes: [cause, error instanceof Error ? error.message : String(error)],
        journal: null,
      })
      return "over"
    }
  }
  await undoMigration(migration, parsed.data, { step: "upgrade", causes: [cause], journal: null })
  if (result.outcome.kind !== "undone") return "over"
  result.warnings.push(`${cause}: ${result.outcome.why}`)
  result.outcome = { kind: "up-to-date" }
  result.from = from
  result.pending = pendingRevisions(migration.revisions, from)
  return "go-on"
}
