import { type Container, type Directory, ReturnType } from "@dagger.io/dagger"
import { z } from "zod"
import type { Settings } from "../../config/schema.js"
import { TollgateError } from "../../errors.js"
import { APP, appEnvironment } from "../../qa/environment.js"
import { clip } from "../../report/plain-text.js"
import { type Description, description } from "./answers.js"
import { planScript } from "./copy.js"

const SCRIPT = "/opt/tollgate/tollgate_revisions.py"
const ANSWER = "/opt/tollgate/revisions.json"
/** Longest time for the app's alembic, in seconds: on an empty database all but a mistake takes less. */
const LONGEST = "900"

/** The app as it is deployed, its alembic and our script: the same for every step of a plan. */
export async function appWithAlembic(settings: Settings, source: Directory): Promise<Container> {
  const configuration = settings.database.alembic
  if (!(await source.exists(configuration)))
    throw new TollgateError(
      "alembic-missing",
      `There is no ${configuration} in the app's folder (${settings.app.path}).`,
      "database.alembic of tollgate.yaml says where alembic's configuration is, relative to app.path.",
    )
  const environment = await appEnvironment(settings.app, settings.qa, source)
  return environment.withDirectory(APP, source).withNewFile(SCRIPT, await planScript("tollgate_revisions.py"))
}

/** One step of the script; its answer, checked. */
export async function askAlembic<T>(container: Container, settings: Settings, step: string[], schema: z.ZodType<T>): Promise<T> {
  const [name = "", ...rest] = step
  const ran = container.withExec(["timeout", LONGEST, settings.qa.interpreter, SCRIPT, name, settings.database.alembic, ANSWER, ...rest], {
    expect: ReturnType.Any,
  })
  const code = await ran.exitCode()
  if (code !== 0) throw alembicFailed(code, clip(`${await ran.stdout()}\n${await ran.stderr()}`, 3000))
  return schema.parse(JSON.parse(await ran.file(ANSWER).contents()))
}

/** The revisions of a source. No database is there: env.py has to load without one, as it must for `alembic upgrade --sql`. */
export async function describeRevisions(app: Container, settings: Settings): Promise<Description> {
  return askAlembic(app, settings, ["describe"], description)
}

function alembicFailed(code: number, output: string): TollgateError {
  const tail = output.trim().split("\n").slice(-12).map((line) => `  | ${line}`)
  const what = code === 124 ? `The app's alembic was stopped after ${LONGEST} s.` : `The app's alembic ended with ${code}.`
  return new TollgateError(
    "alembic-failed",
    [what, "", ...tail].join("\n"),
    "Nothing was changed. alembic must be among the app's dependencies, and env.py must load with the variables that database.url and database.secrets name.",
  )
}
