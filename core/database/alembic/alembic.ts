import { type Container, type Directory, dag } from "@dagger.io/dagger"
import type { z } from "zod"
import type { Settings } from "../../config/schema.js"
import type { AppReach, Reach } from "../connect/reach.js"
import { withReadOnlySession } from "../connect/session.js"
import type { Observation } from "../copy/observe.js"
import type { Scratch } from "../copy/scratch.js"
import {
  type AlembicRun,
  type Comparison,
  comparison,
  outcome,
  type SessionLimits,
  type SourceInspection,
  sourceInspection,
} from "./alembic-account.js"
import { type AlembicQuestion, AlembicServer } from "./alembic-server.js"
import { alembicFailed, appWithAlembic, envFailed } from "./app-alembic.js"
import type { AppMigrations, Inspected } from "./app-migrations.js"
import type { BeforeCommit } from "./before-commit.js"
import { currentOfEach, oneVersionTable } from "./current-revisions.js"
import { elsewhereProblem, missesWithheld, reachedElsewhere } from "./elsewhere.js"
import { failureWords } from "./failure.js"
import { pendingAnywhere } from "./pending.js"
import { type Revision, whyNoDowngrade } from "./revision.js"

/** The app's own alembic: its environment, its source, its env.py. */
export class Alembic implements AppMigrations {
  readonly copyOptions = undefined
  readonly comparesBeforeCommit = true
  readonly #container: Container
  readonly #settings: Settings
  readonly #servers = new Map<AppReach, AlembicServer>()
  readonly #stopping: Promise<void>[] = []

  private constructor(container: Container, settings: Settings) {
    this.#container = container
    this.#settings = settings
  }

  static async of(settings: Settings, source: Directory): Promise<Alembic> {
    return new Alembic(await appWithAlembic(settings, source), settings)
  }

  /** Loads it for a database that it will be asked about, unless it is loaded; nothing is connected to yet. */
  load(reach: AppReach): AlembicServer {
    const { qa, database } = this.#settings
    const loaded = this.#servers.get(reach)
    if (loaded !== undefined && !loaded.over) return loaded
    const server = new AlembicServer(
      reach.forApp(this.#container),
      dag.container().from(database.image),
      reach.bridge,
      qa.interpreter,
      database.alembic,
    )
    this.#servers.set(reach, server)
    return server
  }

  /** The revisions of the source, and where env.py notes them. Asked on a copy. */
  async inspect(reach: AppReach): Promise<SourceInspection> {
    return this.#ask(reach, "inspect", sourceInspection)
  }

  /** The app's code says on a copy of the schema what its revisions are and where it notes them; the database itself is read without it. */
  async lookAhead(scratch: Scratch, real: Reach): Promise<Inspected> {
    const { heads, ends, revisions, versionTables } = await this.inspect(scratch.reach)
    const version = oneVersionTable(versionTables)
    const { each, all } = await withReadOnlySession(real.inProcess, "tollgate read", (session) =>
      currentOfEach(session, version),
    )
    return { heads, ends, revisions, current: all, pending: pendingAnywhere(revisions, each), version }
  }

  seenOnCopy(observed: Observation): Promise<Observation> {
    return Promise.resolve(observed)
  }

  seenOnReal(observed: Observation): Promise<Observation> {
    return Promise.resolve(observed)
  }

  noWayBack(from: readonly string[], pending: readonly Revision[]): string | null {
    return whyNoDowngrade(from, pending)
  }

  /** What differs between a copy and the models; nothing when `alembic check` would pass. */
  async check(reach: AppReach): Promise<Comparison> {
    return this.#ask(reach, "check", comparison)
  }

  /**
   * @param from where it must begin; elsewhere nothing is run
   * @param more tables: how many version tables env.py has, of which `from` is what they name together
   */
  async upgrade(
    reach: AppReach,
    from: readonly string[],
    target: string,
    limits: SessionLimits,
    { tables = 1, beforeCommit = null }: { tables?: number; beforeCommit?: BeforeCommit | null } = {},
  ): Promise<AlembicRun> {
    return this.#move(reach, "upgrade", [target, from.join(" "), String(tables)], limits, beforeCommit)
  }

  /** @param target a revision, or `base` */
  async downgrade(reach: AppReach, target: string, limits: SessionLimits): Promise<AlembicRun> {
    return this.#move(reach, "downgrade", [target], limits)
  }

  goBack(reach: AppReach, to: readonly string[], limits: SessionLimits): Promise<AlembicRun> {
    return this.downgrade(reach, to[0] ?? "base", limits)
  }

  /** Begins to end what was loaded for a database: it was asked the last time. */
  unload(reach: AppReach): void {
    const server = this.#servers.get(reach)
    this.#servers.delete(reach)
    if (server !== undefined) this.#stopping.push(server.stop())
  }

  /** Ends everything that was loaded. */
  async end(): Promise<void> {
    for (const reach of this.#servers.keys()) this.unload(reach)
    await Promise.all(this.#stopping)
  }

  async #move(
    reach: AppReach,
    action: string,
    parameters: string[],
    limits: SessionLimits,
    beforeCommit: BeforeCommit | null = null,
  ): Promise<AlembicRun> {
    const session = {
      application_name: limits.applicationName,
      lock_timeout: `${limits.lockTimeout * 1000}ms`,
      statement_timeout: `${limits.statementTimeout * 1000}ms`,
      idle_in_transaction_session_timeout: `${limits.statementTimeout * 1000}ms`,
      // a server that is told looks whether the migration's process is still there, and ends its statement when not
      client_connection_check_interval: "2s",
    }
    const { code, answer, output } = await this.#put(reach, {
      action,
      arguments: parameters,
      session,
      beforeCommit,
      once: true,
    })
    const parsed = outcome.safeParse(answer)
    if (!parsed.success)
      return {
        ok: false,
        error: `alembic ended with exit code ${code} before it reported a result`,
        sqlstate: null,
        journal: null,
        output,
        elsewhere: [],
        commits: [],
      }
    const { failure: failed, elsewhere: tried, ...rest } = parsed.data
    const said = failed === null ? null : [reach.redact(failureWords(failed)), ...elsewhereProblem(tried)].join("\n")
    return { ...rest, error: said, output, elsewhere: tried }
  }

  async #ask<T>(reach: AppReach, action: string, schema: z.ZodType<T>): Promise<T> {
    const { answer, output } = await this.#put(reach, { action, arguments: [], session: {}, once: false })
    const failed = outcome.safeParse(answer)
    const tried = failed.success ? failed.data.elsewhere : []
    // whether or not env.py went on without it: on the real database it might get there
    if (tried.some(({ database }) => database !== null)) throw reachedElsewhere(tried)
    const parsed = schema.safeParse(answer)
    if (parsed.success) return parsed.data
    if (tried.length > 0) throw reachedElsewhere(tried)
    const said = failed.success && failed.data.failure !== null ? reach.redact(failureWords(failed.data.failure)) : null
    throw (
      missesWithheld(reach.withheld, said ?? output) ??
      (said === null ? alembicFailed("gave no answer", output) : envFailed(said))
    )
  }

  async #put(reach: AppReach, question: AlembicQuestion): Promise<{ code: number; answer: unknown; output: string }> {
    const { code, answer, output } = await this.load(reach).ask(question)
    return { code, answer, output: reach.redact(output) }
  }
}
