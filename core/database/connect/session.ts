import type { QueryConfig } from "pg"
import { z } from "zod"
import { TollgateError } from "../../shared/errors.js"
import type { Address, TlsMode } from "./address.js"
import { connectionProblem } from "./connection-problem.js"

/** One connection to Postgres. What comes back is checked against a schema: the database is a border like any other. */
export interface Session {
  rows<T>(schema: z.ZodType<T>, sql: string, values?: readonly unknown[]): Promise<T[]>
  /** The only row. */
  row<T>(schema: z.ZodType<T>, sql: string, values?: readonly unknown[]): Promise<T>
  /** Without an answer; several statements when there are no values. */
  run(sql: string, values?: readonly unknown[]): Promise<void>
  /** Calls back at each NOTIFY on the channel, until the connection is closed or breaks. */
  listen(channel: string, heard: () => void): Promise<void>
  /** Whether the connection broke. */
  readonly broken: boolean
  close(): Promise<void>
}

const CONNECT_MS = 15_000

/**
 * Opens a connection. Loaded here and not at the top: most functions of the module never talk to Postgres.
 *
 * @param purpose how pg_stat_activity names it
 * @param connectMs longest time for one attempt, in milliseconds
 */
export async function openSession(address: Address, purpose: string, connectMs = CONNECT_MS): Promise<Session> {
  const [{ default: pg }, { Socket }] = await Promise.all([import("pg"), import("node:net")])
  const failures: unknown[] = []
  for (const ssl of attempts(address.tls)) {
    const socket = new Socket()
    const client = new pg.Client({
      stream: () => socket,
      host: address.host,
      port: address.port,
      user: address.user,
      password: address.password,
      database: address.database,
      ...(address.options === "" ? {} : { options: address.options }),
      ssl,
      application_name: purpose,
      connectionTimeoutMillis: connectMs,
      keepAlive: true,
    })
    let broken = false
    // without a listener a server that goes away would end the process
    client.on("error", () => (broken = true))
    client.on("end", () => (broken = true))
    try {
      await client.connect()
    } catch (error) {
      failures.push(error)
      // not client.end(), which waits for the server to close: one that has just refused TLS goes on waiting for a login, for as long as
      // its authentication_timeout, and behind a tunnel that keeps half-open connections (Dagger's) it never hears that we hung up
      socket.destroy()
      continue
    }
    const query = async (sql: string, values?: readonly unknown[]): Promise<unknown[]> => {
      const asked: OneStatement | QueryConfig =
        values === undefined ? { text: sql } : { text: sql, values: [...values], queryMode: "extended" }
      return (await client.query<Record<string, unknown>>(asked)).rows
    }
    const rows = async <T>(schema: z.ZodType<T>, sql: string, values?: readonly unknown[]): Promise<T[]> =>
      z.array(schema).parse(await query(sql, values))
    return {
      rows,
      row: async (schema, sql, values) => {
        const [first, second] = await rows(schema, sql, values)
        if (first === undefined || second !== undefined) throw new RangeError("expected one row")
        return first
      },
      run: async (sql, values) => {
        await client.query(sql, values === undefined ? undefined : [...values])
      },
      listen: async (channel, heard) => {
        client.on("notification", heard)
        await client.query(`LISTEN ${identifier(channel)}`)
      },
      get broken() {
        return broken
      },
      close: async () => {
        await client.end().catch(() => undefined)
      },
    }
  }
  throw connectionProblem(address, failures)
}

/** With values, even none, a second statement behind a semicolon is an error. */
interface OneStatement extends QueryConfig {
  /** https://node-postgres.com/apis/client#clientquery */
  queryMode: "extended"
}

type Ssl = false | { rejectUnauthorized: boolean; checkServerIdentity?: () => undefined }

/** libpq's meaning of sslmode: https://www.postgresql.org/docs/current/libpq-ssl.html#LIBPQ-SSL-PROTECTION */
function attempts(mode: TlsMode): Ssl[] {
  switch (mode) {
    case "disable":
      return [false]
    case "allow":
      return [false, { rejectUnauthorized: false }]
    case "prefer":
      return [{ rejectUnauthorized: false }, false]
    case "require":
      return [{ rejectUnauthorized: false }]
    case "verify-ca":
      return [{ rejectUnauthorized: true, checkServerIdentity: () => undefined }]
    case "verify-full":
      return [{ rejectUnauthorized: true }]
  }
}

export async function withSession<T>(
  address: Address,
  purpose: string,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const session = await openSession(address, purpose)
  try {
    return await work(session)
  } finally {
    await session.close()
  }
}

/** One read-only transaction: what has been read in it has no way to make it another. */
export async function withReadOnlySession<T>(
  address: Address,
  purpose: string,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  return withSession(address, purpose, async (session) => {
    await session.run("SET statement_timeout = '30s'; SET lock_timeout = '5s'")
    await session.run("BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
    // only before the first query could it still become one that writes
    await session.run("SELECT 1")
    const result = await work(session)
    await session.run("ROLLBACK")
    return result
  })
}

/** Postgres's code of an error, or Node's; null when it has none. */
export function codeOf(error: unknown): string | null {
  const parsed = z.object({ code: z.string() }).safeParse(error)
  return parsed.success ? parsed.data.code : null
}

/** An identifier as SQL. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

/** The server is away, starting or ending: the same may work in a moment. */
export function isServerAway(error: unknown): boolean {
  const code = error instanceof TollgateError ? error.code : (codeOf(error) ?? "")
  return (
    code === "database-unreachable" ||
    /^(57P0[123]|08\w{3}|ECONN\w+|EPIPE)$/.test(code) ||
    (error instanceof Error && /Connection terminated|not queryable/.test(error.message))
  )
}
