import type { Settings } from "../../config/schema.js"
import { TollgateError } from "../../shared/errors.js"
import { count } from "../../shared/figures.js"
import type { Release, Target } from "../../targets/target.js"
import type { Done } from "../pipeline/step.js"
import type { PlannedMigration } from "../plan/plan.js"

/** How a release migrates its database. */
export interface Migrations {
  /** Checks before the first change, listed in the plan. */
  readonly checks: readonly { readonly name: string; readonly what: string }[]
  /** false: the database is not inspected, and `pending` is always empty. */
  readonly known: boolean
  /** Pending migrations in order: part of what is approved. Changes nothing; read once. */
  pending(): Promise<PlannedMigration[]>
  /** Throws when a pending migration is not compatible with two running versions. Changes nothing. */
  judge(): Promise<Done>
  /** Verifies the storage for the backup that `migrate` makes. Changes nothing. */
  backup(): Promise<Done>
  /** Applies pending migrations. After a failure the database is as it was, unless the error says otherwise. */
  migrate(release: Release): Promise<Done>
  close(): Promise<void>
}

/** release.before, as jobs of the new release. @returns what ran; null: it lists nothing */
export async function runCommands(target: Target, settings: Settings, release: Release): Promise<string | null> {
  const { before, beforeTimeout } = settings.release
  for (const [index, command] of before.entries()) {
    const result = await target.runJob(release, { name: `before-${index + 1}`, command, seconds: beforeTimeout })
    if (result.kind === "done") continue
    const why =
      result.kind === "too-long" ? `did not finish within ${beforeTimeout} s` : `ended with exit code ${result.code}`
    const printed = result.printed.slice(-12).map((line) => `  ${line}`)
    throw new TollgateError(
      "before-failed",
      [`\`${command}\` ${why}:`, ...printed].join("\n"),
      "Fix the command (release.before), or what it runs, and deploy again. No traffic was switched.",
    )
  }
  return before.length === 0 ? null : `${count(before.length, "command")} of release.before ran`
}
