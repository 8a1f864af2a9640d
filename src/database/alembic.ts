import { randomUUID } from "node:crypto"
import { type Container, dag, type Directory } from "@dagger.io/dagger"
import { z } from "zod"
import type { Settings } from "../config/schema.js"
import { runProgram } from "../run-program.js"
import { alembicFailed, appWithAlembic, SCRIPTS } from "./app-alembic.js"
import type { Reach } from "./reach.js"
import { revision } from "./revision.js"

const SCRIPT = `${SCRIPTS}/tollgate_alembic.py`
const ANSWER = `${SCRIPTS}/alembic.json`
const CLAIMS = "/var/lib/tollgate/claims"

const journal = z.object({
  /** Ids of the transactions that were committed. */
  transactions: z.array(z.string()),
  /** Statements that ran outside of a transaction, and last whatever comes after. */
  outside: z.array(z.string()),
  statements: z.number(),
})

const outcome = z.object({ ok: z.boolean(), error: z.string().nullable(), sqlstate: z.string().nullable(), journal })

const inspection = z.object({
  heads: z.array(z.string()),
  /** From the first to the newest. */
  revisions: z.array(revision),
  /** Revisions that the database is at: none before the first, several when it has several heads. */
  current: z.array(z.string()),
  versionTable: z.string(),
  versionSchema: z.string().nullable(),
})

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
    return new Alembic(await appWithAlembic(settings, source), settings)
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
    const container = reach
      .inContainer(this.#container)
      .withEnvVariable("TOLLGATE_SESSION", JSON.stringify(session))
      .withMountedCache(CLAIMS, dag.cacheVolume("tollgate-claims"))
      .withEnvVariable("TOLLGATE_CLAIMS", CLAIMS)
      .withEnvVariable("TOLLGATE_CLAIM", randomUUID())
    const { code, answer, output } = await this.#run(container, action, reach, nonce)
    const parsed = outcome.safeParse(answer)
    if (!parsed.success) return { ok: false, error: `alembic ended with ${code} and left no account of what it did`, sqlstate: null, journal: null, output }
    return { ...parsed.data, error: parsed.data.error === null ? null : reach.redact(parsed.data.error), output }
  }

  async #ask<T>(container: Container, action: string[], schema: z.ZodType<T>, reach: Reach, nonce: string): Promise<T> {
    const { answer, output } = await this.#run(container, action, reach, nonce)
    const parsed = schema.safeParse(answer)
    if (parsed.success) return parsed.data
    const failed = outcome.safeParse(answer)
    const said = failed.success && failed.data.error !== null ? `${failed.data.error}\n${output}` : output
    throw alembicFailed(`could not ${action[0] ?? "run"}`, reach.redact(said))
  }

  async #run(container: Container, action: string[], reach: Reach, nonce: string): Promise<{ code: number; answer: unknown; output: string }> {
    const { qa, database } = this.#settings
    const command = [qa.interpreter, SCRIPT, database.alembic, ANSWER, ...action]
    const { code, out, err, after } = await runProgram(container.withEnvVariable("TOLLGATE_NONCE", nonce), command)
    return { code, answer: code === 0 && after !== null ? JSON.parse(await after.file(ANSWER).contents()) : null, output: reach.redact(out + err) }
  }
}
