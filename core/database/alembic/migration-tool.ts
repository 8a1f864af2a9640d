import { dirname, join } from "node:path/posix"
import type { Directory } from "@dagger.io/dagger"
import type { DatabaseSettings } from "../../config/database.js"
import type { Settings } from "../../config/schema.js"

export type Commands = NonNullable<DatabaseSettings["commands"]>

/** What a service migrates its database with. */
export type MigrationTool =
  | { kind: "alembic" }
  | {
      kind: "commands"
      commands: Commands
      /** Relative to the app's folder. */
      folder: string
      /** Tables, besides those that `revision` reads, without whose rows \`migrate\` does on a copy what it need not do. */
      rows: readonly string[]
    }

/** As tollgate.yaml says; otherwise by what the app's folder has. null: nothing there is known. */
export async function migrationTool({ database, qa }: Settings, app: Directory): Promise<MigrationTool | null> {
  if (database.commands !== undefined) return { kind: "commands", commands: database.commands, folder: ".", rows: [] }
  if (await hasAlembic(database.alembic, app)) return { kind: "alembic" }
  const folder = await djangoFolder(app)
  return folder === null
    ? null
    : { kind: "commands", commands: djangoCommands(qa.interpreter), folder, rows: DJANGO_ROWS }
}

/** alembic.ini, or [tool.alembic] of a pyproject.toml in its place. */
async function hasAlembic(configuration: string, app: Directory): Promise<boolean> {
  if (await app.exists(configuration)) return true
  const pyproject = join(dirname(configuration), "pyproject.toml")
  return (await app.exists(pyproject)) && /^\s*\[tool\.alembic[\].]/m.test(await app.file(pyproject).contents())
}

async function djangoFolder(app: Directory): Promise<string | null> {
  for (const path of [...(await app.glob("manage.py")), ...(await app.glob("*/manage.py"))])
    if (isDjango(await app.file(path).contents())) return dirname(path)
  return null
}

/** After each migration Django adds what these lack of its models. */
const DJANGO_ROWS = ["django_content_type", "auth_permission"]

/** A manage.py as `django-admin startproject` writes it. */
export function isDjango(manage: string): boolean {
  return /\bDJANGO_SETTINGS_MODULE\b/.test(manage)
}

export function djangoCommands(interpreter: string): Commands {
  const own = `${interpreter} /opt/tollgate/tollgate_django.py`
  return {
    migrate: `${interpreter} manage.py migrate --noinput`,
    revision: `${own} revision`,
    rollback: `${own} rollback`,
  }
}

export type CommandsTool = Extract<MigrationTool, { kind: "commands" }>
