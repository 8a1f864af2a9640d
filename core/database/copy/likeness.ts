import { z } from "zod"
import type { Session } from "../connect/session.js"

/** What a copy must have besides tables and rows to be the database as its user sees it. A dump of one database has none of it. */
export const likeness = z.object({
  /** Who logged in. */
  user: z.string(),
  roles: z.array(
    z.object({
      name: z.string(),
      superuser: z.boolean(),
      inherit: z.boolean(),
      createRole: z.boolean(),
      createDatabase: z.boolean(),
      login: z.boolean(),
      bypassRls: z.boolean(),
    }),
  ),
  members: z.array(
    z.object({
      role: z.string(),
      member: z.string(),
      admin: z.boolean(),
      inherit: z.boolean().nullable(),
      set: z.boolean().nullable(),
    }),
  ),
  /** ALTER ROLE … SET, ALTER DATABASE … SET, and both; as Postgres keeps them. */
  settings: z.array(z.object({ role: z.string().nullable(), ofDatabase: z.boolean(), values: z.array(z.string()) })),
  /** From the server's own configuration, where statements mean something else with them. */
  server: z.record(z.string(), z.string()),
  database: z.object({
    name: z.string(),
    owner: z.string(),
    encoding: z.string(),
    collate: z.string(),
    type: z.string(),
    icuLocale: z.string().nullable(),
    privileges: z.string().nullable(),
  }),
  extensions: z.array(z.object({ name: z.string(), version: z.string(), schema: z.string() })),
})

export type Likeness = z.output<typeof likeness>

/** Settings of a server by which the same statement gives another result. */
const MEANINGFUL = [
  "TimeZone",
  "DateStyle",
  "IntervalStyle",
  "search_path",
  "bytea_output",
  "default_text_search_config",
  "standard_conforming_strings",
  "array_nulls",
  "transform_null_equals",
  "default_transaction_isolation",
  "lc_monetary",
  "lc_numeric",
  "lc_time",
  "xmloption",
  "quote_all_identifiers",
  "createrole_self_grant",
]

const ASKED = `SELECT json_build_object(
  'user', session_user::text,
  'roles', (SELECT coalesce(json_agg(json_build_object('name', rolname, 'superuser', rolsuper, 'inherit', rolinherit, 'createRole', rolcreaterole,
      'createDatabase', rolcreatedb, 'login', rolcanlogin, 'bypassRls', rolbypassrls) ORDER BY rolname), '[]') FROM pg_catalog.pg_roles WHERE rolname !~ '^pg_'),
  'members', (SELECT coalesce(json_agg(json_build_object('role', r.rolname, 'member', u.rolname, 'admin', m.admin_option,
      'inherit', (to_jsonb(m)->>'inherit_option')::boolean, 'set', (to_jsonb(m)->>'set_option')::boolean)), '[]')
    FROM pg_catalog.pg_auth_members m JOIN pg_catalog.pg_roles r ON r.oid = m.roleid JOIN pg_catalog.pg_roles u ON u.oid = m.member WHERE u.rolname !~ '^pg_'),
  'settings', (SELECT coalesce(json_agg(json_build_object('role', r.rolname, 'ofDatabase', s.setdatabase <> 0, 'values', s.setconfig)), '[]')
    FROM pg_catalog.pg_db_role_setting s LEFT JOIN pg_catalog.pg_roles r ON r.oid = s.setrole
    WHERE s.setdatabase IN (0, (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database()))),
  'server', (SELECT coalesce(json_object_agg(name, setting), '{}') FROM pg_catalog.pg_settings
    WHERE name IN (${MEANINGFUL.map((name) => `'${name}'`).join(", ")}) AND source IN ('configuration file', 'command line', 'environment variable')),
  'database', (SELECT json_build_object('name', datname, 'owner', pg_catalog.pg_get_userbyid(datdba), 'encoding', pg_catalog.pg_encoding_to_char(encoding), 'collate', datcollate,
      'type', datctype, 'icuLocale', coalesce(to_jsonb(d)->>'daticulocale', to_jsonb(d)->>'datlocale'), 'privileges', datacl::text)
    FROM pg_catalog.pg_database d WHERE datname = current_database()),
  'extensions', (SELECT coalesce(json_agg(json_build_object('name', extname, 'version', extversion, 'schema', nspname)), '[]')
    FROM pg_catalog.pg_extension JOIN pg_catalog.pg_namespace n ON n.oid = extnamespace)
) AS likeness`

/** Reads only catalogs that every role may read. */
export async function readLikeness(session: Session): Promise<Likeness> {
  return (await session.row(z.object({ likeness }), ASKED)).likeness
}
