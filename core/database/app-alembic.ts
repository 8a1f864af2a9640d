import { readFile } from "node:fs/promises"
import type { Container, Directory } from "@dagger.io/dagger"
import type { Settings } from "../config/schema.js"
import { TollgateError } from "../errors.js"
import { APP, appEnvironment } from "../qa/environment.js"
import { quotedTail } from "../quoted-tail.js"

/** Where our scripts are in the app's container. */
export const SCRIPTS = "/opt/tollgate"
const FILES = [
  ...["alembic", "alone", "connections", "describe", "once", "serve", "start"].map((name) => `python/tollgate_${name}.py`),
  "plan/python/tollgate_replay.py",
]

/** The app as it is deployed, its own alembic, and our scripts that drive it: the same for every step. */
export async function appWithAlembic(settings: Settings, source: Directory): Promise<Container> {
  const configuration = settings.database.alembic
  if (!(await source.exists(configuration)))
    throw new TollgateError(
      "alembic-missing",
      `There is no ${configuration} in the app's folder (${settings.app.path}).`,
      "database.alembic of tollgate.yaml says where alembic's configuration is, relative to app.path.",
    )
  let container = (await appEnvironment(settings.app, settings.qa, source)).withDirectory(APP, source)
  for (const file of FILES) container = container.withNewFile(`${SCRIPTS}/${file.split("/").at(-1) ?? ""}`, await readFile(new URL(file, import.meta.url), "utf8"))
  return container
}

/** @param what the app's alembic did, such as: ended with 1 */
export function alembicFailed(what: string, output: string): TollgateError {
  const tail = quotedTail(output, 12)
  return new TollgateError(
    "alembic-failed",
    [`The app's alembic ${what}.`, "", ...tail].join("\n"),
    "Nothing was changed. alembic must be among the app's dependencies, and env.py must load with the variables that database.url and database.secrets name.",
  )
}
