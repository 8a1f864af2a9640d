import type { Secret } from "@dagger.io/dagger"
import { z } from "zod"
import { TollgateError } from "../../shared/errors.js"
import { type BackupContext, differentCounts, restoreInto } from "../backup/backup.js"
import type { BackupFile } from "../backup/backup-file.js"
import { openBackup } from "../backup/open-backup.js"
import { askSession } from "../connect/ask.js"
import { sessionName } from "../connect/lock.js"
import type { Reach } from "../connect/reach.js"
import { codeOf, identifier, literal, type Session, withSession } from "../connect/session.js"
import { countRows, tableName, tablesOf, value } from "../copy/observe.js"
import type { Permission, TableNow } from "../migrate/undo.js"

/** A database of every server, from which others can be renamed. */
const ADMINISTRATION = "postgres"

/** Marks a database that was set aside for a restored one: it holds what the backup does not. */
const ASIDE = "_aside_"

export function asideName(database: string, stamp: string): string {
  return `${database.slice(0, 35)}${ASIDE}${stamp.slice(0, 15)}`
}

/** Restores a backup into a new database of the same server, and counts every row. The one in use is not touched. */
export async function restoreBeside(
  context: BackupContext,
  file: BackupFile,
  identity: Secret | undefined,
): Promise<Reach> {
  const name = `${context.reach.inProcess.database.slice(0, 35)}_restored_${context.run.slice(0, 15)}`
  const fresh = context.reach.withDatabase(name)
  const opened = await openBackup(context, file, identity)
  await administer(context, async (session) => {
    await session.run(`DROP DATABASE IF EXISTS ${identifier(name)}`)
    const { encoding, collate, type } = await session.row(
      z.object({ encoding: z.string(), collate: z.string(), type: z.string() }),
      "SELECT pg_encoding_to_char(encoding) AS encoding, datcollate AS collate, datctype AS type FROM pg_database WHERE datname = $1",
      [context.reach.inProcess.database],
    )
    await session.run(
      `CREATE DATABASE ${identifier(name)} TEMPLATE template0 ENCODING ${literal(encoding)} LC_COLLATE ${literal(collate)} LC_CTYPE ${literal(type)}`,
    )
    await copyProperties(session, context.reach.inProcess.database, name)
  })
  try {
    const container = context.store.work.attach(fresh.inContainer(context.client)).withEnvVariable("DUMP", opened.path)
    await restoreInto(
      container,
      opened.sha256,
      context.nonce(),
      (text) => context.reach.redact(text),
      "The restore changed nothing.",
    )
    const wrong = differentCounts(
      file.rows,
      await withSession(fresh.inProcess, "tollgate count", (session) => countRows(askSession(session))),
    )
    if (wrong.length > 0)
      throw new TollgateError(
        "restore-differs",
        `The restored rows are not those that were backed up: ${wrong.join(", ")}.`,
        "Restore another backup (--backup). The restore changed nothing.",
      )
    return fresh
  } catch (error) {
    await dropDatabase(context, name).catch(() => undefined)
    throw error
  } finally {
    await opened.close()
  }
}

/** What belongs to a database and is in no dump of it: its settings (ALTER DATABASE … SET) and who may do what with it. */
async function copyProperties(session: Session, from: string, to: string): Promise<void> {
  const settings = await session.rows(
    z.object({ name: z.string(), value: z.string() }),
    `SELECT split_part(one, '=', 1) AS name, substr(one, strpos(one, '=') + 1) AS value
     FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase, unnest(s.setconfig) AS one WHERE d.datname = $1 AND s.setrole = 0`,
    [from],
  )
  for (const { name, value: given } of settings) {
    // as a list such as search_path is only understood where it is set
    await session.run("SELECT set_config($1, $2, false)", [name, given])
    await session.run(`ALTER DATABASE ${identifier(to)} SET ${name.split(".").map(identifier).join(".")} FROM CURRENT`)
    await session.run(`RESET ${name.split(".").map(identifier).join(".")}`)
  }
  const grants = await session.rows(
    z.object({ privilege: z.string(), grantee: z.string().nullable() }),
    `SELECT a.privilege_type AS privilege, r.rolname AS grantee FROM pg_database d, aclexplode(d.datacl) AS a LEFT JOIN pg_roles r ON r.oid = a.grantee WHERE d.datname = $1`,
    [from],
  )
  if (grants.length === 0) return
  await session.run(`REVOKE ALL ON DATABASE ${identifier(to)} FROM PUBLIC`)
  for (const { privilege, grantee } of grants)
    await session.run(
      `GRANT ${privilege} ON DATABASE ${identifier(to)} TO ${grantee === null ? "PUBLIC" : identifier(grantee)}`,
    )
}

const tableNow = z.object({ rows: z.number(), unchanged: z.number(), byMigration: z.number() })

/**
 * What was written since the backup, told by the transaction that made each row (xmin) and the snapshot that was backed up.
 *
 * @param transactions ids of the migration's own transactions
 * @param version alembic's own table, which the migration wrote
 */
export async function compareWithBackup(
  session: Session,
  file: BackupFile,
  transactions: readonly string[],
  version: string,
): Promise<TableNow[]> {
  const ask = askSession(session)
  const tables = (await tablesOf(ask)).filter(([, name]) => name !== version)
  // xmin has the lower 32 bits: the upper ones are those of now, or one less where that would lie in the future
  // each part is asked once or is plain arithmetic: rows are many, and Postgres counts them with several processes only then
  const next = "txid_snapshot_xmax(txid_current_snapshot())"
  const full = `lower + (SELECT ${next} / 4294967296 * 4294967296) - CASE WHEN lower > (SELECT ${next} % 4294967296) THEN 4294967296 ELSE 0 END`
  const own = transactions.filter((id) => /^\d+$/.test(id))
  const answers = await ask(
    tables.map(
      ([
        schema,
        name,
      ]) => `SELECT json_build_object('rows', count(*), 'unchanged', count(*) FILTER (WHERE txid_visible_in_snapshot(id, ${literal(file.snapshot)}::txid_snapshot)),
        'byMigration', count(*) FILTER (WHERE id = ANY('{${own.join(",")}}'::bigint[])))
        FROM (SELECT ${full} AS id FROM (SELECT xmin::text::bigint AS lower FROM ${identifier(schema)}.${identifier(name)}) AS t) AS rows`,
    ),
  )
  const now = new Map(tables.map(([schema, name], index) => [tableName(schema, name), value(tableNow, answers[index])]))
  const names = new Set([...now.keys(), ...Object.keys(file.rows).filter((table) => table !== version)])
  return [...names].map((table) => ({ table, backedUp: file.rows[table] ?? null, now: now.get(table) ?? null }))
}

/**
 * Puts the restored database in place of the one in use, which is kept under another name. Between the two renames there is no
 * database of that name: nothing can be written while what would be lost is counted for the last time.
 *
 * @param permit judges the database that was set aside; when it may not be given up, it is put back
 */
export async function swapIn(
  context: BackupContext,
  fresh: string,
  aside: string,
  permit: (setAside: Reach) => Promise<Permission>,
): Promise<Permission> {
  const { database } = context.reach.inProcess
  return administer(context, async (session) => {
    await rename(session, database, aside)
    let permission: Permission
    try {
      permission = await permit(context.reach.withDatabase(aside))
    } catch (error) {
      await rename(session, aside, database)
      throw error
    }
    await rename(session, permission.kind === "go" ? fresh : aside, database)
    return permission
  })
}

/** What a pipeline that was killed between the two renames left behind: the database is put back as it was. Gives its name, or null. */
export async function recoverFromSwap(reach: Reach): Promise<string | null> {
  const { database } = reach.inProcess
  return withSession(reach.withDatabase(ADMINISTRATION).inProcess, "tollgate recover", async (session) => {
    const named = await session.rows(
      z.object({ name: z.string() }),
      "SELECT datname AS name FROM pg_database WHERE datname = $1 OR datname LIKE $2 ORDER BY datname = $1 DESC, datname DESC",
      [database, `${database.slice(0, 35).replace(/[\\%_]/g, "\\$&")}${ASIDE.replaceAll("_", "\\_")}%`],
    )
    const newest = named[0]?.name
    if (newest === undefined || newest === database) return null
    await rename(session, newest, database)
    return newest
  })
}

/** An empty one with the server's own settings, in the place of one that was dropped. */
export async function createDatabase(context: BackupContext): Promise<void> {
  await administer(context, (session) => session.run(`CREATE DATABASE ${identifier(context.reach.inProcess.database)}`))
}

export async function dropDatabase(context: BackupContext, name: string): Promise<void> {
  await administer(context, (session) => session.run(`DROP DATABASE IF EXISTS ${identifier(name)}`))
}

/** A database that somebody is connected to cannot be renamed: sessions are ended until none is back in between. */
async function rename(session: Session, from: string, to: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const kept = await endSessions(session, from)
    try {
      return await session.run(`ALTER DATABASE ${identifier(from)} RENAME TO ${identifier(to)}`)
    } catch (error) {
      if (codeOf(error) !== IN_USE) throw error
      // the server has waited 5 s for them to leave
      if (attempt >= (kept.length > 0 ? 4 : 20)) throw stillInUse(from, kept)
    }
  }
}

const IN_USE = "55006"
const NOT_ALLOWED = "42501"

const connected = z.object({ pid: z.number(), user: z.string(), name: z.string() })

/**
 * Ends the sessions of a database's clients; those of the server itself (autovacuum) end when the database is renamed, and only a
 * superuser may end them.
 *
 * @returns who stays because this role may not end a session of theirs
 */
async function endSessions(session: Session, database: string): Promise<z.output<typeof connected>[]> {
  const kept = []
  for (const client of await session.rows(
    connected,
    `SELECT pid, coalesce(usename, '') AS "user", coalesce(application_name, '') AS name FROM pg_stat_activity
     WHERE datname = $1 AND pid <> pg_backend_pid() AND backend_type = 'client backend'`,
    [database],
  )) {
    try {
      await session.run("SELECT pg_terminate_backend($1)", [client.pid])
    } catch (error) {
      if (codeOf(error) !== NOT_ALLOWED) throw error
      kept.push(client)
    }
  }
  return kept
}

function stillInUse(database: string, kept: readonly z.output<typeof connected>[]): TollgateError {
  const who = kept.map(({ pid, user, name }) => `pid ${pid}, role ${user}${name === "" ? "" : ` (${name})`}`).join("; ")
  return new TollgateError(
    "database-in-use",
    kept.length === 0
      ? `${database} could not be renamed: clients reconnect as fast as their sessions are ended.`
      : `${database} could not be renamed: this role may not end the sessions of others: ${who}.`,
    kept.length === 0
      ? "Stop the application, or turn maintenance mode on, and run the same command again."
      : "Disconnect them, or give this role pg_signal_backend (a superuser's sessions only a superuser can end), and run the same command again.",
  )
}

function administer<T>(context: BackupContext, work: (session: Session) => Promise<T>): Promise<T> {
  return withSession(context.reach.withDatabase(ADMINISTRATION).inProcess, sessionName("restore", context.run), work)
}
