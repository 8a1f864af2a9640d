import type { Settings } from "../../config/schema.js"
import { migrationTool } from "../../database/alembic/migration-tool.js"
import { environmentSettings } from "../../environment/check.js"
import { appFolder } from "../../source.js"
import type { Place } from "../../targets/kind.js"
import { traitsOf } from "../../targets/registry.js"
import type { Target } from "../../targets/target.js"
import type { DeployRequest } from "../deploy/request.js"
import type { ReleaseEntryPoint } from "../session/entry-point.js"
import { type Migrations, runCommands } from "./release-migrations.js"

/**
 * Migrations by the commands of release.before, run as jobs of the new release: no plan, no backup.
 */
export function commandsOnly(target: Target, settings: Settings, environment: string): Migrations {
  const why = `environments.${environment}.migrations is "commands"`
  return {
    checks: [],
    known: false,
    pending: () => Promise.resolve([]),
    judge: () => Promise.resolve({ kind: "skipped", note: why }),
    backup: () => Promise.resolve({ kind: "skipped", note: `${why}: no backup` }),
    migrate: async (release) => {
      const ran = await runCommands(target, settings, release)
      return ran === null ? { kind: "skipped", note: "release.before lists no command" } : { kind: "done", note: ran }
    },
    close: () => Promise.resolve(),
  }
}

/**
 * How an environment's database is migrated: by environments.NAME.migrations. Default: `database` where the target says so and the service
 * has alembic's configuration, database.commands or Django's manage.py, else `commands`.
 */
export async function migrationWay(
  written: "database" | "commands" | null,
  usual: "database" | "commands",
  hasTool: () => Promise<boolean>,
): Promise<"database" | "commands"> {
  if (written !== null) return written
  return usual === "database" && (await hasTool()) ? "database" : "commands"
}

export async function openMigrations(
  settings: Settings,
  request: DeployRequest,
  place: Place,
  entryPoint: ReleaseEntryPoint,
): Promise<Migrations> {
  const { migrations, target } = environmentSettings(settings, request.environment)
  if ((await migrationWay(migrations, traitsOf(target).migrates, () => hasTool(settings, request))) === "commands")
    return commandsOnly(place.target, settings, request.environment)
  const { databaseMigrations } = await import("./migrate-database.js")
  return databaseMigrations(settings, request, place, entryPoint)
}

async function hasTool(settings: Settings, { source }: DeployRequest): Promise<boolean> {
  return (await migrationTool(settings, await appFolder(source, settings))) !== null
}
