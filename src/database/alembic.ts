import { readFile } from "node:fs/promises"
import { type Container, type Directory, ReturnType } from "@dagger.io/dagger"
import { z } from "zod"
import type { Settings } from "../config/schema.js"
import { TollgateError } from "../errors.js"
import { appEnvironment, APP } from "../qa/environment.js"
import type { Reach } from "./reach.js"

const SCRIPT = "/opt/tollgate/tollgate_alembic.py"
const ANSWER = "/opt/tollgate/alembic.json"

const journal = z.object({
  /** Ids of the transactions that were committed. */
  transactions: z.array(z.string()),
  /** Statements that ran outside of a transaction, and last whatever comes after. */
  outside: z.array(z.string()),
  statements: z.number(),
})

const outcome = z.object({ ok: z.boolean(), error: z.string().nullable(), sqlstate: z.string().nullable(), journal })

const revision = z.object({
  revision: z.string(),
  down: z.array(z.string()),
  message: z.string(),
  /** Relative to app.path. */
  path: z.string(),
  /** Of the revision's file. */
  sha256: z.string(),
  emptyDowngrade: z.boolean(),
})

const description = z.object({ heads: z.array(z.string()), /** From the first to the newest. */ revisions: z.array(revision) })
const inspection = description.extend({
  /** Revisions that the database is at: none before the first, several when it has several heads. */
  current: z.array(z.string()),
  versionTable: z.string(),
  versionSchema: z.string().nullable(),
})

export type Revision = z.output<typeof revision>
export type Description = z.output<typeof description>
export type Inspection = z.output<typeof inspection>
export type Journal = z.output<typeof journal>

/** How one run of alembic ended, by its own account. */
export interface AlembicRun {
  ok: boolean
  error: string | null
  /** Postgres's code of the error, when it has one: 55P03 is a lock that was not to be had. */
  sqlstate: string | null
  /** null when alembic's process left no account: it was killed. */
  journal: Journal | null
  /** What it printed, without passwords. */
  output: string
}

export interface SessionLimits {
  /** Seconds. */
  lockTimeout: number
  /** Seconds. */
  statementTimeout: number
  /** By which its sessions can be told in pg_stat_activity. */
  applicationName: string
}

/** The app's own alembic: its environment, its source, its env.py. */
export class Alembic {
  readonly #container: Container
  readonly #settings: Settings

  private constructor(container: Container, settings: Settings) {
    this.#container = container
    this.#settings = settings
  }

  static async of(settings: Settings, source: Directory): Promise<Alembic> {
    const configuration = settings.database.alembic
    if (!(await source.exists(configuration)))
      throw new TollgateError(
        "alembic-missing",
        `There is no ${configuration} in the app's folder (${settings.app.path}).`,
        "database.alembic of tollgate.yaml says where alembic's configuration is, relative to app.path.",
      )
    const environment = await appEnvironment(settings.app, settings.qa, source)
    const script = await readFile(new URL("python/tollgate_alembic.py", import.meta.url), "utf8")
    return new Alembic(environment.withDirectory(APP, source).withNewFile(SCRIPT, script), settings)
  }

  /** The revisions of the source; needs no database. */
  async describe(): Promise<Description> {
    return this.#ask(this.#container, ["describe"], description)
  }

  /** The revisions of the source, and where the database is. */
  async inspect(reach: Reach, nonce: string): Promise<Inspection> {
    return this.#ask(reach.inContainer(this.#container), ["inspect"], inspection, reach, nonce)
  }

  /** What differs between the database and the models; nothing when `alembic check` would pass. */
  async check(reach: Reach, nonce: string): Promise<string[]> {
    const answer = await this.#ask(reach.inContainer(this.#container), ["check"], z.object({ differences: z.array(z.string()) }), reach, nonce)
    return answer.differences
  }

  /**
   * The SQL that takes a database from one revision to another, as alembic writes it for somebody to run by hand.
   *
   * @param from empty: from the very beginning
   */
  async sql(from: string, to: string): Promise<string> {
    const range = from === "" ? to : `${from}:${to}`
    // env.py may ask for the URL even when it needs no database
    const container = this.#container.withEnvVariable(this.#settings.database.url, "postgresql://nobody@localhost/nothing")
    const ran = container.withExec([this.#settings.qa.interpreter, "-m", "alembic", "-c", this.#settings.database.alembic, "upgrade", range, "--sql"], {
      expect: ReturnType.Any,
    })
    if ((await ran.exitCode()) !== 0) throw alembicFailed("upgrade --sql", await ran.stderr())
    return ran.stdout()
  }

  async upgrade(reach: Reach, target: string, limits: SessionLimits, nonce: string): Promise<AlembicRun> {
    return this.#move(reach, ["upgrade", target], limits, nonce)
  }

  /** @param target a revision, or `base` */
  async downgrade(reach: Reach, target: string, limits: SessionLimits, nonce: string): Promise<AlembicRun> {
    return this.#move(reach, ["downgrade", target], limits, nonce)
  }

  async #move(reach: Reach, action: string[], limits: SessionLimits, nonce: string): Promise<AlembicRun> {
    const session = {
      application_name: limits.applicationName,
      lock_timeout: `${limits.lockTimeout * 1000}ms`,
      statement_timeout: `${limits.statementTimeout * 1000}ms`,
      idle_in_transaction_session_timeout: `${limits.statementTimeout * 1000}ms`,
      // a server that is told looks whether the migration's process is still there, and ends its statement when not
      client_connection_check_interval: "2s",
    }
    const container = reach.inContainer(this.#container).withEnvVariable("TOLLGATE_SESSION", JSON.stringify(session))
    const { ran, answer, output } = await this.#run(container, action, reach, nonce)
    const parsed = outcome.safeParse(answer)
    if (!parsed.success) return { ok: false, error: `alembic ended with ${await ran.exitCode()} and left no account of what it did`, sqlstate: null, journal: null, output }
    return { ...parsed.data, error: parsed.data.error === null ? null : reach.redact(parsed.data.error), output }
  }

  async #ask<T>(container: Container, action: string[], schema: z.ZodType<T>, reach: Reach | null = null, nonce = ""): Promise<T> {
    const { answer, output } = await this.#run(container, action, reach, nonce)
    const parsed = schema.safeParse(answer)
    if (parsed.success) return parsed.data
    const failed = outcome.safeParse(answer)
    const said = failed.success && failed.data.error !== null ? `${failed.data.error}\n${output}` : output
    throw alembicFailed(action[0] ?? "", reach === null ? said : reach.redact(said))
  }

  async #run(container: Container, action: string[], reach: Reach | null, nonce: string): Promise<{ ran: Container; answer: unknown; output: string }> {
    const { qa, database } = this.#settings
    const command = [qa.interpreter, SCRIPT, database.alembic, ANSWER, ...action]
    const ran = container.withEnvVariable("TOLLGATE_NONCE", nonce).withExec(command, { expect: ReturnType.Any })
    const [code, out, err] = await Promise.all([ran.exitCode(), ran.stdout(), ran.stderr()])
    const output = reach === null ? out + err : reach.redact(out + err)
    if (code !== 0) return { ran, answer: null, output }
    return { ran, answer: JSON.parse(await ran.file(ANSWER).contents()), output }
  }
}

function alembicFailed(action: string, output: string): TollgateError {
  const tail = output.trim().split("\n").slice(-12).map((line) => `  | ${line}`)
  return new TollgateError(
    "alembic-failed",
    [`alembic ${action} failed:`, "", ...tail].join("\n"),
    "Nothing was changed. The app's own env.py and revisions must load with the variables that database.url and database.secrets name.",
  )
}
