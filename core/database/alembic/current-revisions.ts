import { z } from "zod"
import { TollgateError } from "../../shared/errors.js"
import { identifier, type Session } from "../connect/session.js"
import type { VersionTable } from "../copy/observe.js"

/** Revisions that a database is at, as its version table names them; none where there is no such table. */
export async function currentRevisions(session: Session, { schema, name }: VersionTable): Promise<string[]> {
  const table = schema === null ? identifier(name) : `${identifier(schema)}.${identifier(name)}`
  const { there } = await session.row(z.object({ there: z.boolean() }), "SELECT to_regclass($1) IS NOT NULL AS there", [
    table,
  ])
  if (!there) return []
  const rows = await session.rows(
    z.object({ revision: z.string() }),
    `SELECT version_num AS revision FROM ${table} ORDER BY version_num COLLATE "C"`,
  )
  return rows.map(({ revision }) => revision)
}

/** The same of each table where env.py has several, and of all of them together. */
export async function currentOfEach(
  session: Session,
  version: VersionTable,
): Promise<{ each: string[][]; all: string[] }> {
  const each: string[][] = []
  for (const schema of [version.schema, ...(version.also ?? [])])
    each.push(await currentRevisions(session, { name: version.name, schema }))
  return { each, all: [...new Set(each.flat())].sort() }
}

/** A version table whose schema nothing names: where the session finds it, else the only one of that name, else where it would be made. */
export async function locateVersionTable(session: Session, version: VersionTable): Promise<VersionTable> {
  if (version.schema !== null) return version
  const { schema } = await session.row(
    z.object({ schema: z.string().nullable() }),
    `WITH tables AS (SELECT c.oid, n.nspname::text AS schema FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relname = $1 AND c.relkind = 'r')
     SELECT coalesce((SELECT schema FROM tables WHERE oid = to_regclass($2)), (SELECT min(schema) FROM tables HAVING count(*) = 1), current_schema()::text) AS schema`,
    [version.name, identifier(version.name)],
  )
  return { ...version, schema }
}

/** Where env.py notes its revisions: one table, or one of the same name in each of several schemas. */
export function oneVersionTable(tables: readonly VersionTable[]): VersionTable {
  const [first, ...others] = tables
  if (first === undefined)
    throw new TollgateError(
      "env-unreadable",
      "env.py never called context.run_migrations().",
      "env.py must call it, as the one that `alembic init` writes does. Nothing was changed.",
    )
  const also = others.flatMap(({ name, schema }) => (name === first.name && schema !== null ? [schema] : []))
  if (also.length === others.length) return also.length === 0 ? first : { ...first, also }
  throw new TollgateError(
    "several-version-tables",
    `env.py uses version tables of several names: ${tables.map(({ schema, name }) => `${schema ?? "?"}.${name}`).join(", ")}.`,
    "Give the version table the same name in every schema, or each its own alembic configuration and tollgate.yaml. Nothing was changed.",
  )
}
