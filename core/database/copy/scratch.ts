import type { Container, File } from "@dagger.io/dagger"
import type { DatabaseSettings } from "../../config/database.js"
import { TollgateError } from "../../shared/errors.js"
import { quotedTail } from "../../shared/quoted-tail.js"
import { runScript } from "../backup/programs.js"
import { dumpRows, dumpSchema } from "../backup/schema-dump.js"
import { type Ask, askContainer } from "../connect/ask.js"
import type { CopyReach, Login, Reach } from "../connect/reach.js"
import { identifier, literal, withReadOnlySession } from "../connect/session.js"
import { CopyServer } from "./copy-server.js"
import { type Likeness, readLikeness } from "./likeness.js"
import { databaseScript, extensionsScript, rolesScript } from "./likeness-script.js"
import type { VersionTable } from "./observe.js"

/** The copy of the database that the app's code runs on: with its roles, settings and extensions, under its name, for its user. */
export interface Scratch {
  reach: CopyReach
  readonly likeness: Likeness
  readonly server: CopyServer
  /** libpq's, of the database's URL. */
  readonly options: string
  /** Another database of the copy's server, for the same user. */
  named(database: string): CopyReach
  /** As the app's own user sees it. */
  ask: Ask
  /** In what the copy could not be made like the database. */
  readonly warnings: readonly string[]
  /** Makes it anew, empty. */
  empty(): Promise<void>
  /** Makes it anew, with the schema that the database has now and no row but those of the version table. */
  takeSchema(version: VersionTable, revisions: readonly string[]): Promise<void>
  /** Rows of these tables as the database has them now. */
  takeRows(tables: readonly (readonly [schema: string, name: string])[]): Promise<void>
  /** SQL as the copy's superuser, in a database of its server; what psql prints of it. */
  run(sql: string, database?: string): Promise<string>
  /** Postgres's own programs as the copy's superuser. */
  asSuperuser(container: Container): Container
  stop(): Promise<void>
}

export interface ScratchOptions {
  /** Of Postgres. */
  server: readonly string[]
  /** Whether the app's user may do everything there; otherwise what it may do in the database. */
  mayAll: boolean
}

/** Where a copy will be: the app's code can be loaded for it before it is there. */
export interface ScratchPlace {
  server: CopyServer
  login: Login
  /** Under the name that the database's URL has. */
  reach: CopyReach
}

export function placeOfScratch(
  settings: DatabaseSettings,
  original: Reach,
  nonce: () => string,
  own = REHEARSAL,
): ScratchPlace {
  const server = new CopyServer(settings.image, own.server, nonce())
  const { user, database } = original.inProcess
  const login = { user, password: original.passwordOfCopy(), database }
  return { server, login, reach: original.onCopy(server, login) }
}

/** How the copy's log names the session that reads for us as the app's user. */
export const READER = "tollgate read"

/** For a copy that gets all rows, and shows which rights are missing. */
export const REHEARSAL: ScratchOptions = {
  server: ["max_wal_size=4GB", "wal_level=minimal", "max_wal_senders=0"],
  mayAll: false,
}

/**
 * A server in the engine for one run, and in it the schema of the database without its rows. The real server needs neither room nor
 * rights for it, and from the copy nothing leads there.
 */
export async function startScratch(
  { server, login: planned, reach: early }: ScratchPlace,
  original: Reach,
  client: Container,
  nonce: () => string,
  own = REHEARSAL,
): Promise<Scratch> {
  const [likeness, schema] = await Promise.all([
    withReadOnlySession(original.inProcess, "tollgate read", readLikeness),
    dumpSchema(client, original, nonce()),
    server.start(),
  ])
  const { name } = likeness.database
  // a pooler may have another name for it
  const login = { ...planned, database: name }
  const reach = name === planned.database ? early : original.onCopy(server, login)
  const asUser = server
    .mounted(client)
    .withEnvVariable("PGHOST", server.folder)
    .withEnvVariable("PGUSER", login.user)
    .withEnvVariable("PGPASSWORD", login.password)
    .withEnvVariable("PGDATABASE", name)
    .withEnvVariable("PGAPPNAME", READER)
  const { options } = original.inProcess
  const warnings = new Set<string>()
  const make = async (before: readonly string[], given: File | null): Promise<void> => {
    const found = await runSetup(server.asSuperuser(client), { likeness, before, schema: given, nonce: nonce() })
    for (const one of found) warnings.add(one)
  }
  const again = `DROP DATABASE IF EXISTS ${identifier(name)} WITH (FORCE);`
  await make([rolesScript(likeness, login.password, own.mayAll), ...(name === "postgres" ? [again] : [])], schema)
  return {
    reach,
    likeness,
    server,
    options,
    named: (database) => original.onCopy(server, { ...login, database }),
    ask: askContainer(options === "" ? asUser : asUser.withEnvVariable("PGOPTIONS", options), nonce),
    get warnings() {
      return [...warnings]
    },
    empty: () => make([again], null),
    takeSchema: async ({ schema: of, name: table }, revisions) => {
      await make([again], await dumpSchema(client, original, nonce()))
      const qualified = of === null ? identifier(table) : `${identifier(of)}.${identifier(table)}`
      const insert = revisions.map((revision) => `INSERT INTO ${qualified} VALUES (${literal(revision)});`).join("\n")
      await runScript(
        asUser.withNewFile("/copy/version.sql", insert),
        "psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --file=/copy/version.sql",
        nonce(),
      )
    },
    takeRows: async (tables) => {
      const rows = await dumpRows(client, original, tables, nonce())
      const ran = await runScript(
        server.asSuperuser(client, name).withFile("/copy/rows.sql", rows),
        "psql --no-psqlrc --quiet --output=/dev/null --set=ON_ERROR_STOP=1 --file=/copy/rows.sql",
        nonce(),
      )
      if (ran.code !== 0) throw copyFailed(ran.err)
    },
    run: (sql, database = name) => runSql(server.asSuperuser(client, database), sql, nonce()),
    asSuperuser: (container) => server.asSuperuser(container, name),
    stop: () => server.stop(),
  }
}

/** @param superuser a client of the copy's database */
export async function runSql(superuser: Container, sql: string, nonce: string): Promise<string> {
  const ran = await runScript(
    superuser.withNewFile("/copy/run.sql", sql),
    "psql --no-psqlrc --quiet --tuples-only --no-align --set=ON_ERROR_STOP=1 --file=/copy/run.sql",
    nonce,
  )
  if (ran.code !== 0) throw copyFailed(ran.err)
  return ran.out
}

interface Setup {
  likeness: Likeness
  before: readonly string[]
  schema: File | null
  nonce: string
}

/** @returns warnings */
export async function runSetup(superuser: Container, { likeness, before, schema, nonce }: Setup): Promise<string[]> {
  const database = likeness.database.name
  const container = superuser
    .withNewFile("/copy/server.sql", `\\set ON_ERROR_STOP on\n${[...before, databaseScript(likeness)].join("\n")}\n`)
    .withNewFile("/copy/database.sql", `\\set ON_ERROR_STOP on\n${extensionsScript(likeness)}\n`)
  const run = (file: string, name: string): string =>
    `psql --no-psqlrc --quiet --output=/dev/null --dbname="${name}" --file=${file}`
  // DROP DATABASE is done from a database that stays
  const steps = [
    run("/copy/server.sql", "template1"),
    run("/copy/database.sql", "$COPY"),
    ...(schema === null
      ? []
      : [`psql --no-psqlrc --quiet --output=/dev/null --set=ON_ERROR_STOP=1 --dbname="$COPY" --file=/copy/schema.sql`]),
  ]
  const ran = await runScript(
    (schema === null ? container : container.withFile("/copy/schema.sql", schema)).withEnvVariable("COPY", database),
    steps.join("\n"),
    nonce,
  )
  if (ran.code !== 0) throw copyFailed(ran.err)
  return ran.out.split("\n").flatMap((line) => (line.startsWith("@@warning ") ? [line.slice("@@warning ".length)] : []))
}

export function copyFailed(said: string): TollgateError {
  return new TollgateError(
    "copy-failed",
    ["Could not make a copy of the database:", "", ...quotedTail(said, 8)].join("\n"),
    "database.image of tollgate.yaml must have the extensions that the database uses. Nothing was changed.",
  )
}
