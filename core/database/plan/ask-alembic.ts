import { type Container, ReturnType } from "@dagger.io/dagger"
import type { z } from "zod"
import type { Settings } from "../../config/schema.js"
import { clip } from "../../report/plain-text.js"
import { alembicFailed, SCRIPTS } from "../app-alembic.js"
import { type Description, description } from "./answers.js"

const ANSWER = `${SCRIPTS}/replay.json`
/** Longest time for the app's alembic, in seconds: on an empty database all but a mistake takes less. */
const LONGEST = "900"

/** One step of the script; its answer, checked. */
export async function askAlembic<T>(container: Container, settings: Settings, step: string[], schema: z.ZodType<T>): Promise<T> {
  const [name = "", ...rest] = step
  const ran = container.withExec(["timeout", LONGEST, settings.qa.interpreter, `${SCRIPTS}/tollgate_replay.py`, name, settings.database.alembic, ANSWER, ...rest], {
    expect: ReturnType.Any,
  })
  const code = await ran.exitCode()
  if (code !== 0) throw alembicFailed(code === 124 ? `was stopped after ${LONGEST} s` : `ended with ${code}`, clip(`${await ran.stdout()}\n${await ran.stderr()}`, 3000))
  return schema.parse(JSON.parse(await ran.file(ANSWER).contents()))
}

/** The revisions of a source. No database is there: env.py has to load without one, as it must for `alembic upgrade --sql`. */
export async function describeRevisions(app: Container, settings: Settings): Promise<Description> {
  return askAlembic(app, settings, ["describe"], description)
}
