import type { Settings } from "../config/schema.js"
import type { TargetSettings } from "../config/target.js"
import { environmentSettings } from "../environment/check.js"
import { migrationTool } from "../database/migration-tool.js"
import { TollgateError } from "../errors.js"
import { count } from "../report/figures.js"
import { appFolder } from "../source.js"
import type { DeployRequest } from "./deploy/request.js"
import type { Door } from "./door.js"
import type { Place } from "./open.js"
import type { PlannedMigration } from "./plan/plan.js"
import type { Done } from "./story/step.js"
import type { Release, Target } from "./target/target.js"

/** What a release has to do with its database. */
export interface Migrations {
  /** What a deployment checks of them before it changes anything, for the plan. */
  readonly checks: readonly { readonly name: string; readonly what: string }[]
  /** Whether the database is looked at; false: `pending` says nothing. */
  readonly known: boolean
  /** What would be applied, in its order: part of what is approved. Changes nothing; looked at once. */
  pending(): Promise<PlannedMigration[]>
  /** Throws when what is pending may not be applied while two versions run. Changes nothing. */
  judge(): Promise<Done>
  /** Whether the backup that `migrate` makes has a place. Changes nothing. */
  backup(): Promise<Done>
  /** Applies what is pending. When it fails, the database is as it was, or the error says that it is not. */
  migrate(release: Release): Promise<Done>
  close(): Promise<void>
}

/**
 * Commands alone: nothing is known of the service's migrations, and nothing is backed up. Commands of release.before run as jobs of
 * the new release.
 */
export function commandsOnly(target: Target, settings: Settings): Migrations {
  return {
    checks: [],
    known: false,
    pending: () => Promise.resolve([]),
    judge: () => Promise.resolve({ kind: "skipped", note: "this environment's migrations are commands: nobody looks at them" }),
    backup: () => Promise.resolve({ kind: "skipped", note: "this environment's migrations are commands: nothing is backed up" }),
    migrate: async (release) => {
      const ran = await runCommands(target, settings, release)
      return ran === null ? { kind: "skipped", note: "release.before lists no command" } : { kind: "done", note: ran }
    },
    close: () => Promise.resolve(),
  }
}

/** release.before, as jobs of the new release. @returns what ran; null: it lists nothing */
export async function runCommands(target: Target, settings: Settings, release: Release): Promise<string | null> {
  const { before, beforeTimeout } = settings.release
  for (const [index, command] of before.entries()) {
    const result = await target.runJob(release, { name: `before-${index + 1}`, command, seconds: beforeTimeout })
    if (result.kind === "done") continue
    const why = result.kind === "too-long" ? `did not end within ${beforeTimeout} s` : `ended with exit code ${result.code}`
    const printed = result.printed.slice(-12).map((line) => `  ${line}`)
    throw new TollgateError("before-failed", [`\`${command}\` ${why}:`, ...printed].join("\n"), "Correct the command (release.before), or what it ran, and deploy again. The release before still serves.")
  }
  return before.length === 0 ? null : `${count(before.length, "command")} of release.before ran`
}

/**
 * How an environment's database is migrated: as environments.NAME.migrations says. Without that the database part does it on a team's
 * own hosts, when the service has alembic's configuration, database.commands or Django's manage.py.
 */
export async function migrationWay(written: "database" | "commands" | null, target: TargetSettings["kind"], hasTool: () => Promise<boolean>): Promise<"database" | "commands"> {
  if (written !== null) return written
  return target === "sandbox" || !(await hasTool()) ? "commands" : "database"
}

export async function openMigrations(settings: Settings, request: DeployRequest, place: Place, door: Door): Promise<Migrations> {
  const { migrations, target } = environmentSettings(settings, request.environment)
  if ((await migrationWay(migrations, target.kind, () => hasTool(settings, request))) === "commands") return commandsOnly(place.target, settings)
  const { databaseMigrations } = await import("./migrate-database.js")
  return databaseMigrations(settings, request, place, door)
}

async function hasTool(settings: Settings, { source }: DeployRequest): Promise<boolean> {
  return (await migrationTool(settings, await appFolder(source, settings))) !== null
}
