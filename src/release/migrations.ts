import type { Settings } from "../config/schema.js"
import { TollgateError } from "../errors.js"
import { count } from "../report/figures.js"
import type { PlannedMigration } from "./plan/plan.js"
import type { Done } from "./story/step.js"
import type { Release, Target } from "./target/target.js"

/** What a release has to do with its database. */
export interface Migrations {
  /** What would be applied, in its order: part of what is approved. */
  pending(): Promise<PlannedMigration[]>
  /** Before anything is applied. */
  backup(): Promise<Done>
  /** Applies what is pending. When it fails, the database is as it was, or the error says that it is not. */
  migrate(release: Release): Promise<Done>
}

/**
 * For a service without a database section: nothing is known of its migrations, and nothing is backed up. Commands of
 * release.before run as jobs of the new release.
 */
export function noDatabase(target: Target, settings: Settings): Migrations {
  const { before, beforeTimeout } = settings.release
  return {
    pending: () => Promise.resolve([]),
    backup: () => Promise.resolve({ kind: "skipped", note: "no database section: nothing is backed up" }),
    migrate: async (release) => {
      if (before.length === 0) return { kind: "skipped", note: "no database section: nothing to migrate" }
      for (const [index, command] of before.entries()) {
        const result = await target.runJob(release, { name: `before-${index + 1}`, command, seconds: beforeTimeout })
        if (result.kind === "done") continue
        const why = result.kind === "too-long" ? `did not end within ${beforeTimeout} s` : `ended with exit code ${result.code}`
        const printed = result.printed.slice(-12).map((line) => `  ${line}`)
        throw new TollgateError("before-failed", [`\`${command}\` ${why}:`, ...printed].join("\n"), "")
      }
      return { kind: "done", note: `${count(before.length, "command")} of release.before ran` }
    },
  }
}
