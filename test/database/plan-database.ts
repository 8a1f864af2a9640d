import { randomUUID } from "node:crypto"
import { dag, type Service } from "@dagger.io/dagger"
import pg from "pg"
import { afterAll, beforeAll } from "vitest"
import { throwAwayServer } from "./throw-away-server.js"

const USER = "payments"
const PASSWORD = "s3cret-of-the-test"

/** A real Postgres that stands for production: a service of the engine, reached on the host's own loopback. */
export interface PlanDatabase {
  url: string
  password: string
  query(sql: string): Promise<Record<string, unknown>[]>
  /** All of the database as text, rows and sequences too. */
  dump(): Promise<string>
  stop(): Promise<void>
}

/** The schema of the fixture's two revisions. */
const AT_0002 = `
  CREATE TABLE payments (id serial PRIMARY KEY, amount integer NOT NULL, status varchar(20) NOT NULL, legacy_code varchar(40), memo text, forgotten text, unused text);
  CREATE TABLE customers (id serial PRIMARY KEY, email varchar(200) NOT NULL);
  CREATE INDEX ix_payments_status ON payments (status);
  CREATE TABLE alembic_version (version_num varchar(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num));
  INSERT INTO alembic_version VALUES ('0002');
`

/**
 * One at revision 0002, from before the first test of a file to after its last.
 *
 * @param more SQL after the schema's own
 */
export function usePlanDatabase(name: string, give: (database: PlanDatabase) => void, more = ""): void {
  let database: PlanDatabase | null = null
  beforeAll(async () => {
    database = await planDatabase(name, randomUUID())
    give(database)
    await database.query(AT_0002 + more)
  })
  afterAll(async () => database?.stop())
}

export async function planDatabase(name: string, run: string): Promise<PlanDatabase> {
  const server = throwAwayServer({
    image: "postgres:15",
    superuser: USER,
    database: "payments",
    password: dag.setSecret(`plan-database-${run}`, PASSWORD),
    settings: [
      "logging_collector=on",
      "log_destination=csvlog",
      "log_directory=log",
      "log_filename=test",
      "log_statement=all",
    ],
    nonce: `${name} ${run}`,
  })
  const tunnel: Service = await dag.host().tunnel(server).start()
  const port = Number((await tunnel.endpoint()).split(":").at(-1))
  const url = `postgresql://${USER}:${PASSWORD}@127.0.0.1:${port}/payments?sslmode=disable`
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  return {
    url,
    password: PASSWORD,
    query: async (sql) => (await client.query<Record<string, unknown>>(sql)).rows,
    dump: async () => {
      const { rows } = await client.query<{ table: string }>(
        "SELECT format('%I.%I', schemaname, tablename) AS table FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1",
      )
      const contents = []
      for (const { table } of rows)
        contents.push([table, (await client.query(`SELECT * FROM ${table} AS t ORDER BY t::text`)).rows])
      const catalog = await client.query(`
        SELECT c.oid, c.relname, c.relfilenode, c.relkind, c.xmin::text, a.attnum, a.attname, a.atttypid, a.attnotnull, s.last_value
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_attribute a ON a.attrelid = c.oid
        LEFT JOIN pg_sequences s ON s.sequencename = c.relname AND s.schemaname = n.nspname
        WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') ORDER BY 1, a.attnum`)
      // the server's processes hand in their counts late
      await client.query("SELECT pg_stat_force_next_flush()")
      await new Promise((done) => setTimeout(done, 1500))
      const written = await client.query(
        "SELECT relname, n_tup_ins, n_tup_upd, n_tup_del FROM pg_stat_user_tables ORDER BY 1",
      )
      const around = await client.query("SELECT nspname FROM pg_namespace ORDER BY 1")
      const databases = await client.query("SELECT datname FROM pg_database ORDER BY 1")
      const roles = await client.query("SELECT rolname, rolconfig FROM pg_roles ORDER BY 1")
      return JSON.stringify([contents, catalog.rows, written.rows, around.rows, databases.rows, roles.rows], null, 1)
    },
    stop: async () => {
      await client.end()
      await tunnel.stop()
    },
  }
}
