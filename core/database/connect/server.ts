import { setTimeout as pause } from "node:timers/promises"
import { z } from "zod"
import type { Session } from "./session.js"

const bigint = z.string().transform(Number)

export const serverFacts = z.object({
  /** Such as 15. */
  major: z.number(),
  version: z.string(),
  recovery: z.boolean(),
  readOnly: z.boolean(),
  mayCreateDatabases: z.boolean(),
  owns: z.boolean(),
  bytes: bigint,
  connections: z.number(),
  maxConnections: z.number(),
})

export type ServerFacts = z.output<typeof serverFacts>

export async function askServer(session: Session): Promise<ServerFacts> {
  return session.row(
    serverFacts,
    `SELECT current_setting('server_version_num')::int / 10000 AS major, current_setting('server_version') AS version,
       pg_is_in_recovery() AS recovery, current_setting('transaction_read_only')::bool AS "readOnly",
       (SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user) AS "mayCreateDatabases",
       pg_has_role(current_user, (SELECT datdba FROM pg_database WHERE datname = current_database()), 'USAGE') AS owns,
       pg_database_size(current_database())::text AS bytes,
       (SELECT count(*)::int FROM pg_stat_activity WHERE backend_type = 'client backend') AS connections,
       current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int AS "maxConnections"`,
  )
}

const openTransaction = z.object({
  pid: z.number(),
  name: z.string(),
  user: z.string(),
  seconds: z.number(),
  state: z.string(),
})

export type OpenTransaction = z.output<typeof openTransaction>

/** Transactions of this database that have been open for so many seconds, the oldest first. Prepared ones have the pid 0. */
export async function longTransactions(session: Session, seconds: number): Promise<OpenTransaction[]> {
  return session.rows(
    openTransaction,
    `SELECT pid, coalesce(application_name, '') AS name, coalesce(usename, '') AS "user", extract(epoch FROM clock_timestamp() - xact_start)::float8 AS seconds, coalesce(state, '') AS state
     FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
       AND xact_start < clock_timestamp() - make_interval(secs => $1)
     UNION ALL SELECT 0, gid, owner, extract(epoch FROM clock_timestamp() - prepared)::float8, 'prepared' FROM pg_prepared_xacts
     WHERE database = current_database() AND prepared < clock_timestamp() - make_interval(secs => $1) ORDER BY seconds DESC`,
    [seconds],
  )
}

const other = z.object({ pid: z.number(), name: z.string(), user: z.string() })

/** Who else is connected to this database, Tollgate's own sessions left out. */
export async function otherSessions(session: Session): Promise<z.output<typeof other>[]> {
  return session.rows(
    other,
    `SELECT pid, coalesce(application_name, '') AS name, coalesce(usename, '') AS "user" FROM pg_stat_activity
     WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend' AND application_name NOT LIKE 'tollgate %'`,
  )
}

/**
 * Ends what an earlier run, or one that lost its connection, has left at work: the server goes on with a statement after its client
 * has died. Waits until it is over, so that what is seen afterwards does not change any more.
 */
export async function endLeftOverMigrations(session: Session): Promise<number> {
  const pids =
    "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'tollgate alembic %'"
  const found = await session.rows(
    z.object({ pid: z.number(), ended: z.boolean() }),
    `SELECT pid, pg_terminate_backend(pid) AS ended FROM (${pids}) AS left_over`,
  )
  for (
    let waited = 0;
    waited < 300 && (await session.rows(z.object({ pid: z.number() }), pids)).length > 0;
    waited += 1
  )
    await pause(100)
  return found.length
}
