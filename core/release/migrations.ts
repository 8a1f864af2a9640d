import type { Settings } from "../config/schema.js"
import type { TargetSettings } from "../config/target.js"
import { migrationTool } from "../database/migration-tool.js"
import { environmentSettings } from "../environment/check.js"
import { TollgateError } from "../errors.js"
import { count } from "../report/figures.js"
import { appFolder } from "../source.js"
import type { DeployRequest } from "./deploy/request.js"
import type { ReleaseEntryPoint } from "./entry-point.js"
import type { Place } from "./open.js"
import type { Done } from "./pipeline/step.js"
import type { PlannedMigration } from "./plan/plan.js"
import type { Release, Target } from "./target/target.js"

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

/**
 * Migrations by the commands of release.before, run as jobs of the new release: no plan, no backup.
 */
export function commandsOnly(target: Target, settings: Settings): Migrations {
  return {
    checks: [],
    known: false,
    pending: () => Promise.resolve([]),
    judge: () => Promise.resolve({ kind: "skipped", note: 'environments.NAME.migrations is "commands"' }),
    backup: () => Promise.resolve({ kind: "skipped", note: 'environments.NAME.migrations is "commands": no backup' }),
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
    const why =
      result.kind === "too-long" ? `did not finish within ${beforeTimeout} s` : `ended with exit code ${result.code}`
    const printed = result.printed.slice(-12).map((line) => `  ${line}`)
    throw new TollgateError(
      "before-failed",
      [`\`${command}\` ${why}:`, ...printed].join("\n"),
      "Fix the command (release.before), or what it runs, and deploy again. The previous release is still serving.",
    )
  }
  return before.length === 0 ? null : `${count(before.length, "command")} of release.before ran`
}

/**
 * How an environment's database is migrated: by environments.NAME.migrations. Default: `database` on a team's own hosts when the service
 * has alembic's configuration, database.commands or Django's manage.py, else `commands`.
 */
export async function migrationWay(
  written: "database" | "commands" | null,
  target: TargetSettings["kind"],
  hasTool: () => Promise<boolean>,
): Promise<"database" | "commands"> {
  if (written !== null) return written
  return target === "sandbox" || !(await hasTool()) ? "commands" : "database"
}

export async function openMigrations(
  settings: Settings,
  request: DeployRequest,
  place: Place,
  entryPoint: ReleaseEntryPoint,
): Promise<Migrations> {
  const { migrations, target } = environmentSettings(settings, request.environment)
  if ((await migrationWay(migrations, target.kind, () => hasTool(settings, request))) === "commands")
    return commandsOnly(place.target, settings)
  const { databaseMigrations } = await import("./migrate-database.js")
  return databaseMigrations(settings, request, place, entryPoint)
}

async function hasTool(settings: Settings, { source }: DeployRequest): Promise<boolean> {
  return (await migrationTool(settings, await appFolder(source, settings))) !== null
}
