import { type Container, dag } from "@dagger.io/dagger"
import { z } from "zod"
import type { Settings } from "../../config/schema.js"
import { clip } from "../../presentation/plain-text.js"
import { AlembicServer, type Answered } from "../alembic/alembic-server.js"
import { alembicFailed } from "../alembic/app-alembic.js"
import { elsewhere, missesWithheld, reachedElsewhere } from "../alembic/elsewhere.js"
import type { CopyReach } from "../connect/reach.js"
import { type Description, description } from "./answers.js"

/** Longest time for the app's alembic, in seconds: on an empty database all but a mistake takes less. */
const LONGEST = 900

/** The app, and the copy that its code may reach. */
export interface OnCopy {
  app: Container
  reach: CopyReach
  settings: Settings
}

const tried = z.object({ elsewhere: z.array(elsewhere) })
const envAnswer = z.object({ environment: z.object({ error: z.object({ message: z.string() }).nullable() }).nullish() })

/** The app's alembic for one plan: loaded once, while the copy is still being made, and asked about each of the copy's databases. */
export class PlanAlembic {
  readonly #server: AlembicServer
  readonly #reach: CopyReach
  #stopped: Promise<void> | null = null

  constructor({ app, reach, settings }: OnCopy) {
    this.#reach = reach
    this.#server = new AlembicServer(
      reach.forApp(app),
      dag.container().from(settings.database.image),
      reach.bridge,
      settings.qa.interpreter,
      settings.database.alembic,
      "tollgate_plan.py",
      LONGEST,
    )
  }

  /** The revisions of the source. env.py is run as for `alembic upgrade head`, and runs none of them. */
  async describe({ variables }: CopyReach): Promise<Description> {
    return this.checked(
      await this.#server.ask({ action: "describe", arguments: [], session: {}, environment: variables, once: false }),
      description,
    )
  }

  /** A container in which a program can put questions by itself. */
  withFolder(container: Container): Container {
    return this.#server.withFolder(container)
  }

  /** Where it puts them. */
  get folder(): string {
    return this.#server.folder
  }

  /** An answer of tollgate_replay.py. */
  checked<T>({ code, answer, output }: Answered, schema: z.ZodType<T>): T {
    if (answer === null)
      throw alembicFailed(
        code === 124 ? `was stopped after ${LONGEST} s` : `ended with exit code ${code}`,
        this.#reach.redact(clip(output, 3000)),
      )
    const others = tried.parse(answer).elsewhere.filter(({ database }) => database !== null)
    if (others.length > 0) throw reachedElsewhere(others)
    const { environment } = envAnswer.parse(answer)
    const withheld = environment?.error == null ? null : missesWithheld(this.#reach.withheld, environment.error.message)
    if (withheld !== null) throw withheld
    return schema.parse(answer)
  }

  /** Why it gave no answer. */
  async failed(): Promise<never> {
    return this.checked(await this.#server.lastWords(), z.never())
  }

  /** It was asked the last time: it begins to end. */
  stop(): Promise<void> {
    return (this.#stopped ??= this.#server.stop())
  }
}
