import { z } from "zod"
import type { DatabaseSettings } from "../../config/database.js"
import type { Question } from "../connect/ask.js"
import { identifier, type Session } from "../connect/session.js"
import {
  invariantQuestions,
  type Observation,
  protectedTables,
  revisionsIn,
  schemaQuestion,
  unchangedQuestions,
  type VersionTable,
} from "../copy/observe.js"

/** What a transaction of the migration left, as it was seen just before its commit. */
export const commit = z.object({ revision: z.array(z.string()), schema: z.string() })

export type Commit = z.output<typeof commit>

/** What is looked at before a transaction of the migration is committed; python/tollgate_commit.py answers it. */
export interface BeforeCommit {
  revision: Question
  schema: string
  /** Where what follows must hold. */
  target: readonly string[]
  /** What each commit must leave; null: it is only noted. */
  expected: readonly Commit[] | null
  protect: readonly { name: string; table: string; rows: number; files: readonly string[] }[]
  invariants: readonly { name: string; sql: string }[]
  unchanged: readonly { name: string; sql: string; was: string | null }[]
}

/** In the rehearsal: what each commit leaves is noted, to be compared with. */
export function noteCommits(version: VersionTable, target: readonly string[]): BeforeCommit {
  return {
    revision: revisionsIn(version),
    schema: schemaQuestion(version),
    target,
    expected: null,
    protect: [],
    invariants: [],
    unchanged: [],
  }
}

/**
 * In the real database: what is not as it was in the rehearsal is not committed.
 *
 * @param session of the database, before the upgrade
 * @param commits of the rehearsal; null: there was none
 * @param at where the upgrade begins: not at the first of these commits when it is tried again
 */
export async function compareCommits(
  session: Session,
  settings: DatabaseSettings,
  version: VersionTable,
  target: readonly string[],
  before: Observation,
  commits: readonly Commit[] | null,
  at: readonly string[],
): Promise<BeforeCommit> {
  const done = commits?.findLastIndex(({ revision }) => revision.join() === at.join()) ?? -1
  const names = Object.keys(before.rows)
  const tables =
    names.length === 0
      ? []
      : await session.rows(
          z.object({ name: z.string(), schema: z.string(), table: z.string(), files: z.array(z.string()) }),
          FILES,
        )
  return {
    ...noteCommits(version, target),
    expected: commits?.slice(done + 1) ?? null,
    protect: protectedTables(tables, names).map(({ name, schema, table, files }) => ({
      name,
      table: `${identifier(schema)}.${identifier(table)}`,
      rows: before.rows[name] ?? 0,
      files,
    })),
    invariants: invariantQuestions(settings),
    unchanged: unchangedQuestions(settings).map(({ name, sql }) => ({
      name,
      sql,
      was: before.unchanged[name] ?? null,
    })),
  }
}

/** Of each table its files: one that was rewritten or emptied has others. */
const FILES = `SELECT CASE n.nspname WHEN 'public' THEN c.relname::text ELSE n.nspname || '.' || c.relname END AS name, n.nspname::text AS schema, c.relname::text AS table,
    (SELECT coalesce(json_agg(f.relfilenode::text ORDER BY f.relfilenode), '[]') FROM pg_class f
      WHERE f.relkind = 'r' AND (f.oid = c.oid OR f.oid IN (SELECT relid FROM pg_partition_tree(c.oid) WHERE isleaf))) AS files
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'`
