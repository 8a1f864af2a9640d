import { z } from "zod"
import type { DatabaseSettings } from "../../config/database.js"
import type { Answer, Ask, Question } from "../connect/ask.js"
import { identifier, literal } from "../connect/session.js"

/** What of a database must be right after a migration, as it was seen at one moment. */
export const observation = z.object({
  /** Revisions that it is at. */
  revision: z.array(z.string()),
  /** Digest of the schema: tables, columns, constraints, indexes, functions, triggers, types, sequences, comments: whatever alembic compares with the models. */
  schema: z.string(),
  /** Rows of each protected table. */
  rows: z.record(z.string(), z.number()),
  /** Rows that break each invariant; a text says why it could not be asked. */
  broken: z.record(z.string(), z.union([z.number(), z.string()])),
  /** What each query of `unchanged` answered; null when it could not be asked. */
  unchanged: z.record(z.string(), z.string().nullable()),
})

export type Observation = z.output<typeof observation>

export interface VersionTable {
  name: string
  schema: string | null
  /** Further schemas with one of the same name: env.py runs the revisions in each, as for tenants. */
  also?: readonly string[] | undefined
  /** Of another tool than alembic: what the database is at is asked of the tool. */
  foreign?: boolean | undefined
}

export function tablesIn({ also = [] }: VersionTable): number {
  return 1 + also.length
}

/** Everything that is the service's own: not Postgres's, not Tollgate's. */
const OWN = "n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'tollgate')"

/** The table in which alembic notes its revision is not part of the schema: at base it is there or not as it happens. */
const schemaExcept = (
  version: string,
): string => `SELECT to_json(md5(coalesce(string_agg(part, E'\\n' ORDER BY part COLLATE "C"), ''))) FROM (
  SELECT concat_ws(' ', 'column', n.nspname, c.relname, c.relkind, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
    pg_get_expr(d.adbin, d.adrelid), a.attidentity, a.attgenerated, coll.collname) AS part
  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum LEFT JOIN pg_collation coll ON coll.oid = a.attcollation
  WHERE ${OWN} AND a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
  UNION ALL SELECT concat_ws(' ', 'table', n.nspname, c.relname, c.relkind, c.relrowsecurity) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE ${OWN} AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
  UNION ALL SELECT concat_ws(' ', 'view', n.nspname, c.relname, pg_get_viewdef(c.oid)) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE ${OWN} AND c.relkind IN ('v', 'm')
  UNION ALL SELECT concat_ws(' ', 'constraint', n.nspname, c.relname, k.conname, k.convalidated, pg_get_constraintdef(k.oid)) FROM pg_constraint k
  JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE ${OWN}
  UNION ALL SELECT concat_ws(' ', 'index', n.nspname, i.indisvalid, pg_get_indexdef(i.indexrelid)) FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace WHERE ${OWN} AND c.relkind IN ('r', 'p', 'm')
  UNION ALL SELECT concat_ws(' ', 'function', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid), md5(p.prosrc)) FROM pg_proc p
  JOIN pg_namespace n ON n.oid = p.pronamespace WHERE ${OWN}
  AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.objid = p.oid AND e.deptype = 'e')
  UNION ALL SELECT concat_ws(' ', 'trigger', n.nspname, c.relname, pg_get_triggerdef(t.oid)) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace WHERE ${OWN} AND NOT t.tgisinternal
  UNION ALL SELECT concat_ws(' ', 'label', n.nspname, y.typname, e.enumlabel) FROM pg_enum e JOIN pg_type y ON y.oid = e.enumtypid
  JOIN pg_namespace n ON n.oid = y.typnamespace WHERE ${OWN}
  UNION ALL SELECT concat_ws(' ', 'comment', n.nspname, c.relname, a.attname, md5(m.description)) FROM pg_description m JOIN pg_class c ON c.oid = m.objoid
  JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = m.objsubid AND m.objsubid > 0
  WHERE ${OWN} AND m.classoid = 'pg_class'::regclass
) AS parts WHERE part NOT LIKE '%' || ${literal(version)} || '%'`

const OF_TABLES = `FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE ${OWN} AND c.relkind IN ('r', 'p') AND NOT c.relispartition`
const names = z.array(z.tuple([z.string(), z.string()]))

/** Tables by schema and name, those of partitions left out: the whole table has their rows. */
export async function tablesOf(ask: Ask): Promise<[schema: string, name: string][]> {
  return value(
    names,
    (await ask([`SELECT coalesce(json_agg(json_build_array(n.nspname, c.relname) ORDER BY 1), '[]') ${OF_TABLES}`]))[0],
  )
}

/** One expression for all tables: their names, each with what is asked of it. */
function ofEachTable(asked: string, condition = ""): Question {
  const name = "CASE n.nspname WHEN 'public' THEN c.relname ELSE n.nspname || '.' || c.relname END"
  const each = `format(${literal(`SELECT %L AS name, ${asked.replaceAll("%", "%%")} AS value FROM %I.%I AS t`)}, ${name}, n.nspname, c.relname)`
  return {
    derived: `SELECT coalesce('SELECT json_object_agg(name, value) FROM (' || string_agg(${each}, ' UNION ALL ') || ') AS tables', 'SELECT ''{}''::json') ${OF_TABLES} ${condition}`,
  }
}

const counts = z.record(z.string(), z.number())

/** Rows of every table. */
export async function countRows(ask: Ask): Promise<Record<string, number>> {
  return value(counts, (await ask([ofEachTable("count(*)")]))[0])
}

function protectedExpression(patterns: readonly string[]): string {
  return `^(?:${patterns.map((pattern) => pattern.replace(/[$.]/g, "\\$&").replaceAll("*", ".*")).join("|")})$`
}

export function isProtected(patterns: readonly string[], schema: string, name: string): boolean {
  const expression = new RegExp(protectedExpression(patterns))
  return expression.test(name) || expression.test(`${schema}.${name}`)
}

/** public is where tables are unless somebody says otherwise: it is not said. */
export function tableName(schema: string, name: string): string {
  return schema === "public" ? name : `${schema}.${name}`
}

export async function observe(ask: Ask, settings: DatabaseSettings, version: VersionTable): Promise<Observation> {
  return read(settings, await ask(questions(settings, version)))
}

export interface Contents {
  observed: Observation
  /** Rows of every table, and a digest of what it holds. Rows are added up, so that their order does not count; a column that moved to the end does. */
  contents: Record<string, string>
  /** Rows of every table. */
  rows: Record<string, number>
}

/** @param digests whether what the tables hold is to be compared later; otherwise their rows are only counted */
export async function observeContents(
  ask: Ask,
  settings: DatabaseSettings,
  version: VersionTable,
  digests = true,
): Promise<Contents> {
  const ofRows = ofEachTable(
    digests ? "count(*)::text || ' ' || coalesce(sum(hashtextextended(t::text, 0)), 0)::text" : "count(*)::text",
  )
  const [answer, ...rest] = await ask([ofRows, ...questions(settings, version)])
  const contents = value(z.record(z.string(), z.string()), answer)
  const rows = Object.fromEntries(
    Object.entries(contents).map(([table, digest]) => [table, Number.parseInt(digest, 10)]),
  )
  return { observed: read(settings, rest), contents, rows }
}

export function schemaQuestion(version: VersionTable): string {
  return schemaExcept(version.name)
}

interface NamedQuestion {
  name: string
  sql: string
}

/** How many rows break each. */
export function invariantQuestions({ invariants }: Pick<DatabaseSettings, "invariants">): NamedQuestion[] {
  return Object.entries(invariants).map(([name, sql]) => ({
    name,
    sql: `SELECT to_json(count(*)) FROM (${inner(sql)}\n) AS broken`,
  }))
}

export function unchangedQuestions({ unchanged }: Pick<DatabaseSettings, "unchanged">): NamedQuestion[] {
  return Object.entries(unchanged).map(([name, sql]) => ({
    name,
    sql: `SELECT to_json(coalesce(string_agg(answer::text, E'\\n' ORDER BY answer::text COLLATE "C"), '')) FROM (${inner(sql)}\n) AS answer`,
  }))
}

/** Those tables whose rows were counted. */
export function protectedTables<T extends { name: string }>(tables: readonly T[], names: readonly string[]): T[] {
  return tables.filter(({ name }) => names.includes(name))
}

function questions(settings: DatabaseSettings, version: VersionTable): Question[] {
  const protects = literal(protectedExpression(settings.protect))
  return [
    revisionsIn(version),
    schemaQuestion(version),
    ofEachTable(
      "count(*)",
      settings.protect.length === 0
        ? "AND false"
        : `AND (c.relname ~ ${protects} OR n.nspname || '.' || c.relname ~ ${protects})`,
    ),
    ...invariantQuestions(settings).map(({ sql }) => sql),
    ...unchangedQuestions(settings).map(({ sql }) => sql),
  ]
}

/** Of several tables, the revisions that any of them names. */
export function revisionsIn({ name, schema, also = [], foreign = false }: VersionTable): Question {
  if (foreign) return "SELECT '[]'::json"
  if (schema === null || also.length === 0)
    return `SELECT coalesce(json_agg(version_num ORDER BY version_num COLLATE "C"), '[]') FROM ${schema === null ? "" : `${identifier(schema)}.`}${identifier(name)}`
  const schemas = [schema, ...also].map(literal).join(", ")
  return {
    derived: `SELECT coalesce('SELECT coalesce(json_agg(one ORDER BY one COLLATE "C"), ''[]'') FROM (' || string_agg(format('SELECT version_num AS one FROM %I.%I', n.nspname, c.relname), ' UNION ') || ') AS tables', 'SELECT ''[]''::json')
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relname = ${literal(name)} AND c.relkind = 'r' AND n.nspname IN (${schemas})`,
  }
}

function read(settings: DatabaseSettings, [revision, schema, rows, ...rest]: Answer[]): Observation {
  const invariants = Object.keys(settings.invariants)
  const same = rest.slice(invariants.length)
  return {
    // without its table alembic has never been here
    revision: revision?.kind === "error" && revision.sqlstate === "42P01" ? [] : value(z.array(z.string()), revision),
    schema: value(z.string(), schema),
    rows: value(counts, rows),
    broken: Object.fromEntries(invariants.map((name, index) => [name, countOrWhy(rest[index])])),
    unchanged: Object.fromEntries(
      Object.keys(settings.unchanged).map((name, index) => [name, textOrNull(same[index])]),
    ),
  }
}

function inner(sql: string): string {
  return sql.trim().replace(/;+$/, "")
}

export function value<T>(schema: z.ZodType<T>, answer: Answer | undefined): T {
  if (answer === undefined) throw new RangeError("no answer")
  if (answer.kind === "error") throw new Error(`${answer.message} (${answer.sqlstate})`)
  return schema.parse(answer.value)
}

function countOrWhy(answer: Answer | undefined): number | string {
  return answer?.kind === "error" ? answer.message : value(z.number(), answer)
}

function textOrNull(answer: Answer | undefined): string | null {
  return answer?.kind === "error" ? null : value(z.string(), answer)
}
