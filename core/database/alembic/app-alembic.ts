import { readFile } from "node:fs/promises"
import { dirname, join } from "node:path/posix"
import type { Container, Directory } from "@dagger.io/dagger"
import type { Settings } from "../../config/schema.js"
import { appEnvironment } from "../../qa/environment.js"
import { TollgateError } from "../../shared/errors.js"
import { quotedTail } from "../../shared/quoted-tail.js"

/** Where our scripts are in the app's container. */
export const SCRIPTS = "/opt/tollgate"
const FILES = [
  ...[
    "alembic",
    "alone",
    "commit",
    "config",
    "connections",
    "describe",
    "environment",
    "failure",
    "loaded",
    "models",
    "once",
    "serve",
    "start",
    "steps",
  ].map((name) => `python/tollgate_${name}.py`),
  "plan/python/tollgate_plan.py",
  "plan/python/tollgate_replay.py",
]

/** The app as it is deployed, its own alembic, and our scripts that drive it: the same for every step. */
export async function appWithAlembic(settings: Settings, source: Directory): Promise<Container> {
  await requireConfiguration(settings, source)
  let container = await appEnvironment(settings.app, settings.qa, source)
  for (const file of FILES)
    container = container.withNewFile(
      `${SCRIPTS}/${file.split("/").at(-1) ?? ""}`,
      await readFile(new URL(`../${file}`, import.meta.url), "utf8"),
    )
  return container
}

/** alembic.ini, or [tool.alembic] of a pyproject.toml in its place. */
async function requireConfiguration({ app, database }: Settings, source: Directory): Promise<void> {
  const configuration = database.alembic
  if (await source.exists(configuration)) return
  const pyproject = join(dirname(configuration), "pyproject.toml")
  if ((await source.exists(pyproject)) && /^\s*\[tool\.alembic[\].]/m.test(await source.file(pyproject).contents()))
    return
  const found = (await source.glob("**/alembic.ini")).filter(
    (path) => !/(^|\/)(node_modules|\.venv|venv|site-packages)\//.test(path),
  )
  throw new TollgateError(
    "alembic-missing",
    `There is no ${configuration} in the app's folder (${app.path}), and no [tool.alembic] in ${pyproject}.`,
    found.length === 0
      ? "Set database.alembic of tollgate.yaml to the path of alembic's configuration, relative to app.path. For another migration tool set database.commands."
      : `There is ${found.slice(0, 5).join(", ")}. Set database.alembic of tollgate.yaml to the right one.`,
  )
}

/** env.py, or what it loads, raised an error. */
export function envFailed(cause: string): TollgateError {
  return new TollgateError(
    "alembic-failed",
    ["alembic's env.py failed.", "", ...cause.split("\n").map((line) => `  ${line}`)].join("\n"),
    "env.py gets the variables of database.url, database.env and database.secrets and the -x arguments of database.x, and nothing else from your environment. Nothing was changed.",
  )
}

/** @param what the app's alembic did, such as: ended with 1 */
export function alembicFailed(what: string, output: string): TollgateError {
  const tail = quotedTail(output, 12)
  return new TollgateError(
    "alembic-failed",
    [`The app's alembic ${what}.`, "", ...tail].join("\n"),
    "alembic must be among the app's dependencies, and env.py must load with the variables of database.url, database.env and database.secrets. Nothing was changed.",
  )
}
