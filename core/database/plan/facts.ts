import { z } from "zod"
import { currentOfEach, locateVersionTable } from "../alembic/current-revisions.js"
import type { Revision } from "../alembic/revision.js"
import type { Address } from "../connect/address.js"
import { identifier, type Session, withReadOnlySession } from "../connect/session.js"
import type { AppliedRecord } from "../copy/hash-chain.js"
import type { VersionTable } from "../copy/observe.js"
import { appliedRecord, type Measured, newestMeasured, upgradeDigest } from "../migrate/records.js"

/** A table as the real database has it. */
export interface TableFacts {
  schema: string
  table: string
  /** null: there is no database to count them in. */
  rows: number | null
  /** false: the planner's estimate, because counting would have taken long. */
  exact: boolean
  /** With its indexes and what is stored out of line; null: as for rows. */
  bytes: number | null
}

export interface DatabaseFacts {
  /** As the server says it, such as 15.9. */
  serverVersion: string
  database: string
  user: string
  /** With the schema that it is in, or would be made in. */
  versionTable: VersionTable
  /** Of each version table, where env.py has several. */
  currentOfEach: string[][]
  /** Revisions that the version table names; none: nothing was ever applied. */
  current: string[]
  tables: TableFacts[]
  record: AppliedRecord
}

/** Counting reads the whole table: below this it takes a moment, above it the planner's estimate must do. */
const COUNTED_BYTES = 64 * 1024 * 1024

const userTables = `
  SELECT n.nspname AS schema, c.relname AS "table", c.reltuples::float8 AS estimate, pg_catalog.pg_total_relation_size(c.oid)::float8 AS bytes,
         pg_catalog.has_table_privilege(c.oid, 'SELECT') AS readable
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'm') AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'tollgate') AND n.nspname !~ '^pg_(toast|temp)'
  ORDER BY 1, 2`

const tableRow = z.object({
  schema: z.string(),
  table: z.string(),
  estimate: z.number(),
  bytes: z.number(),
  readable: z.boolean(),
})

/**
 * What the real database says of itself. One transaction that the server itself holds to reading: neither a mistake here nor a
 * function of the user's schema could change anything.
 */
export async function readFacts(address: Address, version: VersionTable): Promise<DatabaseFacts> {
  return withReadOnlySession(address, "tollgate migration-plan", async (session) => {
    const server = await session.row(
      z.object({ version: z.string(), database: z.string(), user: z.string() }),
      `SELECT split_part(current_setting('server_version'), ' ', 1) AS version, current_database()::text AS database, current_user::text AS "user"`,
    )
    const versionTable = await locateVersionTable(session, version)
    const { each, all } = await currentOfEach(session, versionTable)
    const record = await appliedRecord(session)
    const tables: TableFacts[] = []
    for (const { schema, table, estimate, bytes, readable } of await session.rows(tableRow, userTables)) {
      const counted = readable && bytes <= COUNTED_BYTES
      const rows = counted ? await countRows(session, schema, table) : Math.max(0, Math.round(estimate))
      tables.push({ schema, table, rows, exact: counted, bytes })
    }
    return {
      serverVersion: server.version,
      database: server.database,
      user: server.user,
      versionTable,
      current: all,
      currentOfEach: each,
      tables,
      record,
    }
  })
}

/** What an earlier run wrote down about these very revisions. */
export async function readMeasured(
  address: Address,
  current: readonly string[],
  pending: readonly Revision[],
): Promise<Measured | null> {
  return withReadOnlySession(address, "tollgate migration-plan", (session) =>
    newestMeasured(session, upgradeDigest(current, pending)),
  )
}

async function countRows(session: Session, schema: string, table: string): Promise<number> {
  const { rows } = await session.row(
    z.object({ rows: z.coerce.number() }),
    `SELECT count(*) AS rows FROM ONLY ${identifier(schema)}.${identifier(table)}`,
  )
  return rows
}
