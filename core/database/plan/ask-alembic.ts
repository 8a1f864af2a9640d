import { type Container, ReturnType } from "@dagger.io/dagger"
import { z } from "zod"
import type { Settings } from "../../config/schema.js"
import { clip } from "../../report/plain-text.js"
import { ALONE, aloneCommand } from "../alone.js"
import { alembicFailed, SCRIPTS } from "../app-alembic.js"
import { elsewhere, missesWithheld, reachedElsewhere } from "../elsewhere.js"
import type { AppReach } from "../reach.js"
import { type Description, description } from "./answers.js"

const ANSWER = `${SCRIPTS}/replay.json`
/** Longest time for the app's alembic, in seconds: on an empty database all but a mistake takes less. */
const LONGEST = "900"

/** The app, and the copy that its code may reach. */
export interface OnCopy {
  app: Container
  reach: AppReach
  settings: Settings
}

const tried = z.object({ elsewhere: z.array(elsewhere) })
const envAnswer = z.object({ environment: z.object({ error: z.object({ message: z.string() }).nullable() }).nullish() })

/** One step of the script; its answer, checked. */
export async function askAlembic<T>({ app, reach, settings }: OnCopy, step: string[], schema: z.ZodType<T>): Promise<T> {
  const [name = "", ...rest] = step
  const program = [`${SCRIPTS}/tollgate_replay.py`, name, settings.database.alembic, ANSWER, ...rest]
  const ran = reach.forApp(app).withExec(["timeout", LONGEST, ...aloneCommand(settings.qa.interpreter, reach.bridge, program)], { expect: ReturnType.Any, ...ALONE })
  const code = await ran.exitCode()
  if (code !== 0) throw alembicFailed(code === 124 ? `was stopped after ${LONGEST} s` : `ended with ${code}`, reach.redact(clip(`${await ran.stdout()}\n${await ran.stderr()}`, 3000)))
  const answer: unknown = JSON.parse(await ran.file(ANSWER).contents())
  const others = tried.parse(answer).elsewhere.filter(({ database }) => database !== null)
  if (others.length > 0) throw reachedElsewhere(others)
  const { environment } = envAnswer.parse(answer)
  const withheld = environment?.error == null ? null : missesWithheld(reach.withheld, environment.error.message)
  if (withheld !== null) throw withheld
  return schema.parse(answer)
}

/** The revisions of a source. env.py is run as for `alembic upgrade head`, and runs none of them. */
export async function describeRevisions(on: OnCopy): Promise<Description> {
  return askAlembic(on, ["describe"], description)
}
