import { randomUUID } from "node:crypto"
import type { Directory } from "@dagger.io/dagger"
import type { Settings } from "../../config/schema.js"
import { TollgateError } from "../../shared/errors.js"
import { quotedTail } from "../../shared/quoted-tail.js"
import type { Comparison, SessionLimits } from "../alembic/alembic-account.js"
import type { AppMigrations, Inspected, MigrationRun } from "../alembic/app-migrations.js"
import { missesWithheld, USE_ENV } from "../alembic/elsewhere.js"
import type { CommandsTool } from "../alembic/migration-tool.js"
import type { Revision } from "../alembic/revision.js"
import type { AppReach } from "../connect/reach.js"
import { type Observation, tablesOf, type VersionTable } from "../copy/observe.js"
import type { Scratch } from "../copy/scratch.js"
import { AppCommands, type CommandRan, type CommandStep, type RunOptions } from "./app-commands.js"
import { type CopyLog, REHEARSED_AND_LOGGED, readLog } from "./copy-log.js"
import { effectsOf, lastError, lastingStatements, tablesNamed } from "./logged-statements.js"
import { pendingRevision, revisionLines, scriptOf } from "./pending-commands.js"

/** Postgres's code of a relation that is not there. */
const NO_TABLE = "42P01"
/** A name that no table has: the tool has noted nothing anywhere yet. */
const NOWHERE = "tollgate has seen none"
/** A command that reads one table more after each one that has rows. */
const MOST_ROUNDS = 6

/** What one command did on a copy. */
export interface OnCopy {
  ran: CommandRan | null
  log: CopyLog
}

/** Migrations of any tool, by its commands. What they do is read in the log of the copy's server. */
export class CommandMigrations implements AppMigrations {
  readonly copyOptions = REHEARSED_AND_LOGGED
  readonly comparesBeforeCommit = false
  readonly #app: AppCommands
  readonly #settings: Settings
  readonly tool: CommandsTool
  /** Tables in which the tool keeps its books: those that `revision` reads. */
  #books: [schema: string, name: string][] = []
  /** Of the run; its server's log says what was asked. */
  #scratch: Scratch | null = null
  #ahead = false
  #mark: string | null = null

  constructor(app: AppCommands, settings: Settings, tool: CommandsTool) {
    this.#app = app
    this.#settings = settings
    this.tool = tool
  }

  static async of(settings: Settings, source: Directory, tool: CommandsTool): Promise<CommandMigrations> {
    return new CommandMigrations(await AppCommands.of(settings, source, tool), settings, tool)
  }

  get books(): string[] {
    return this.#books.map(([, name]) => name)
  }

  get version(): VersionTable {
    const [book] = this.#books
    return book === undefined
      ? { schema: null, name: NOWHERE, foreign: true }
      : { schema: book[0], name: book[1], foreign: true }
  }

  load(): void {
    // each command has a container of its own
  }

  async lookAhead(scratch: Scratch): Promise<Inspected> {
    // one that was looked ahead on is at the newest revision
    if (this.#ahead) await scratch.takeSchema(this.version, [])
    this.#ahead = true
    const from = await this.revisionWithRows(scratch)
    const { ran, log } = await this.on(scratch, this.tool.commands.migrate)
    const lasting = lastingStatements(log.lines)
    const failed = ran === null || ran.code !== 0
    if (failed && log.lines.length === 0) throw nothingReached("migrate", ran, scratch.reach)
    if (failed && this.#settings.database.rehearse === false) throw this.#failed("migrate", ran, log)
    // what needs rows cannot run on a copy without: the rehearsal tells where it leads
    const to = failed ? null : await this.revision(scratch)
    const same = to !== null && to.join("\n") === from.join("\n") && effectsOf(lasting, this.books).statements === 0
    const pending = same ? [] : [pendingRevision(this.tool.commands, from, to, scriptOf(lasting, this.books))]
    return { heads: to ?? [], ends: to ?? [], revisions: pending, pending, current: from, version: this.version }
  }

  check(): Promise<Comparison> {
    return Promise.resolve({ notCompared: null, differences: [] })
  }

  async upgrade(
    reach: AppReach,
    from: readonly string[],
    _target: string,
    limits: SessionLimits,
  ): Promise<MigrationRun> {
    const { migrate, revision } = this.tool.commands
    return this.#move(
      reach,
      [
        { command: revision, expect: from.join("\n") },
        { command: migrate, expect: null },
      ],
      "migrate",
      limits,
      {},
    )
  }

  async goBack(reach: AppReach, to: readonly string[], limits: SessionLimits): Promise<MigrationRun> {
    const { rollback } = this.tool.commands
    if (rollback === undefined) throw new RangeError("no rollback without a command for it")
    return this.#move(reach, [{ command: rollback, expect: null }], "rollback", limits, {
      TOLLGATE_REVISION: to.join("\n"),
    })
  }

  noWayBack(_from: readonly string[], pending: readonly Revision[]): string | null {
    return pending.some(({ downgrade }) => downgrade !== "work") ? "database.commands has no rollback" : null
  }

  async seenOnCopy(observed: Observation, scratch: Scratch): Promise<Observation> {
    return { ...observed, revision: await this.revision(scratch) }
  }

  async seenOnReal(observed: Observation, scratch: Scratch): Promise<Observation> {
    await scratch.takeSchema(this.version, [])
    return { ...observed, revision: await this.revisionWithRows(scratch) }
  }

  unload(): void {
    // nothing stays loaded
  }

  end(): Promise<void> {
    return Promise.resolve()
  }

  /** What a copy is at, by what the command prints there. */
  async revision(scratch: Scratch, database?: string): Promise<string[]> {
    if (this.#books.length > 0) {
      // which tables it reads is known: what it asked need not be read
      const [ran = null] =
        (await this.#app.run(reachOf(scratch, database), [{ command: this.tool.commands.revision, expect: null }])) ??
        []
      if (ran?.code === 0) return revisionLines(ran.out)
    }
    return (await this.#revision(scratch, database)).revision
  }

  /** The same on a copy without rows: it gets those of the tables that the command reads. */
  async revisionWithRows(scratch: Scratch): Promise<string[]> {
    if (this.#books.length > 0) {
      const there = (await tablesOf(scratch.ask)).filter(
        ([schema, name]) => this.#isBook(schema, name) || this.tool.rows.includes(name),
      )
      if (there.length > 0) await scratch.takeRows(there)
      return this.revision(scratch)
    }
    const filled = new Set<string>()
    for (let round = 1; ; round += 1) {
      const { revision, read } = await this.#revision(scratch)
      const missing = read.filter(([schema, name]) => !filled.has(`${schema}.${name}`))
      if (missing.length === 0 || round === MOST_ROUNDS) return revision
      await scratch.takeRows(missing)
      for (const [schema, name] of missing) filled.add(`${schema}.${name}`)
    }
  }

  /** Runs one command on a copy. @param more SQL to run there after it */
  async on(
    scratch: Scratch,
    command: string,
    { database, more, ...options }: RunOptions & { database?: string; more?: string } = {},
  ): Promise<OnCopy> {
    const [ran = null] = (await this.#app.run(reachOf(scratch, database), [{ command, expect: null }], options)) ?? []
    return { ran, log: await this.#log(scratch, database, more) }
  }

  /** What was asked since the log was read last. */
  #log(scratch: Scratch, database?: string, more?: string): Promise<CopyLog> {
    this.#scratch = scratch
    const [mark, next] = [this.#mark, randomUUID()]
    this.#mark = next
    return readLog(scratch, { mark, next }, database, more)
  }

  async #revision(
    scratch: Scratch,
    database?: string,
  ): Promise<{ revision: string[]; read: [schema: string, name: string][] }> {
    const { ran, log } = await this.on(scratch, this.tool.commands.revision, database === undefined ? {} : { database })
    const read = tablesNamed(log.lines, log.tables)
    for (const table of read) if (!this.#isBook(...table)) this.#books.push(table)
    if (ran?.code === 0)
      return {
        revision: revisionLines(ran.out),
        read: [...read, ...log.tables.filter(([, name]) => this.tool.rows.includes(name))],
      }
    // without its table the tool has never been here
    if (ran !== null && lastError(log.lines)?.sqlstate === NO_TABLE) return { revision: [], read }
    throw log.lines.length === 0 ? nothingReached("revision", ran, scratch.reach) : this.#failed("revision", ran, log)
  }

  #isBook(schema: string, name: string): boolean {
    return this.#books.some((book) => book[0] === schema && book[1] === name)
  }

  async #move(
    reach: AppReach,
    steps: readonly CommandStep[],
    name: string,
    limits: SessionLimits,
    variables: Record<string, string>,
  ): Promise<MigrationRun> {
    const scratch = this.#scratch
    const onCopy = scratch !== null && reach === scratch.reach
    const ran = await this.#app.run(reach, steps, {
      variables,
      session: {
        options: `-c lock_timeout=${limits.lockTimeout * 1000} -c statement_timeout=${limits.statementTimeout * 1000}`,
        name: limits.applicationName,
      },
      once: true,
    })
    const log = onCopy ? (await this.#log(scratch)).lines : null
    const last = ran?.at(-1) ?? null
    const ok = ran !== null && ran.length === steps.length && last?.code === 0
    const effects = log === null ? null : effectsOf(lastingStatements(log), this.books)
    const output = last === null ? "" : `${last.out}${last.err}`
    const said = log === null ? null : lastError(log)
    return {
      ok,
      error: ok ? null : (wrongStart(ran, steps) ?? problemOf(name, last, said)),
      sqlstate: ok
        ? null
        : (said?.sqlstate ?? (/canceling statement due to lock timeout|\b55P03\b/.test(output) ? "55P03" : null)),
      journal:
        effects === null
          ? null
          : { transactions: effects.transactions, outside: effects.outside, statements: effects.statements },
      output,
      commits: [],
      elsewhere: [],
      firstIsSeen: effects?.firstIsSeen ?? false,
    }
  }

  #failed(name: string, ran: CommandRan | null, log: CopyLog): TollgateError {
    const reach = this.#scratch?.reach
    const output = ran === null ? "" : `${ran.out}${ran.err}`
    const withheld = reach === undefined ? null : missesWithheld(reach.withheld, output)
    return (
      withheld ??
      new TollgateError(
        "command-failed",
        problemOf(name, ran, lastError(log.lines)),
        `Correct ${this.#where(name)}, or what it runs. It ran on a copy of the database; nothing was changed.`,
      )
    )
  }

  #where(name: string): string {
    return this.#settings.database.commands === undefined ? "the Django service" : `database.commands.${name}`
  }
}

function reachOf(scratch: Scratch, database: string | undefined): AppReach {
  return database === undefined ? scratch.reach : scratch.named(database)
}

function wrongStart(ran: readonly CommandRan[] | null, steps: readonly CommandStep[]): string | null {
  const [first] = ran ?? []
  if (ran === null || first === undefined || ran.length === steps.length || first.code !== 0) return null
  return `\`revision\` printed ${JSON.stringify(first.out.trim())} before \`migrate\`, expected ${JSON.stringify(steps[0]?.expect ?? "")}: \`migrate\` was not run`
}

/** Why a command failed: by the database's own words where the copy's log has them, and by what it printed. */
export function problemOf(name: string, ran: CommandRan | null, said: { message: string } | null): string {
  if (ran === null) return `\`${name}\` was killed before it reported a result`
  const tail = quotedTail(`${ran.out}\n${ran.err}`, 8)
  return [...(said === null ? [] : [said.message]), `\`${name}\` ended with exit code ${ran.code}`, ...tail].join("\n")
}

function nothingReached(name: string, ran: CommandRan | null, reach: AppReach): TollgateError {
  const output = ran === null ? "" : `${ran.out}\n${ran.err}`
  return (
    missesWithheld(reach.withheld, output) ??
    new TollgateError(
      "command-elsewhere",
      [
        `\`${name}\` failed and did not connect to the database of this run; nothing else can be reached.`,
        "",
        ...quotedTail(output, 8),
      ].join("\n"),
      `${USE_ENV.replaceAll("env.py", "the command")}\n\nNothing was changed.`,
    )
  )
}
