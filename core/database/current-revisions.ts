import { z } from "zod"
import type { VersionTable } from "./observe.js"
import { identifier, type Session } from "./session.js"

/** Revisions that a database is at, as its version table names them; none where there is no such table. */
export async function currentRevisions(session: Session, { schema, name }: VersionTable): Promise<string[]> {
  const table = schema === null ? identifier(name) : `${identifier(schema)}.${identifier(name)}`
  const { there } = await session.row(z.object({ there: z.boolean() }), "SELECT to_regclass($1) IS NOT NULL AS there", [table])
  if (!there) return []
  const rows = await session.rows(z.object({ revision: z.string() }), `SELECT version_num AS revision FROM ${table} ORDER BY version_num COLLATE "C"`)
  return rows.map(({ revision }) => revision)
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
  return { name: version.name, schema }
}
