import { z } from "zod"
import { type Commit, commit } from "./before-commit.js"
import { type Elsewhere, elsewhere } from "./elsewhere.js"
import { failure } from "./failure.js"
import { type Revision, revision } from "./revision.js"

const journal = z.object({
  /** Ids of the transactions that were committed. */
  transactions: z.array(z.string()),
  /** Statements that ran outside of a transaction, and last whatever comes after. */
  outside: z.array(z.string()),
  statements: z.number(),
})

export const outcome = z.object({
  ok: z.boolean(),
  failure: failure.nullable(),
  sqlstate: z.string().nullable(),
  journal,
  elsewhere: z.array(elsewhere),
  commits: z.array(commit),
})

/** What differs between a database and the models. */
const difference = z.object({
  /** As alembic calls it, such as remove_table. */
  kind: z.string(),
  what: z.string(),
  /** The same as long as the difference is. */
  key: z.string(),
})

export const comparison = z.object({
  /** Why the models could not be compared; null: they were. */
  notCompared: z.string().nullable(),
  differences: z.array(difference),
})

export type Difference = z.output<typeof difference>
export type Comparison = z.output<typeof comparison>

export const sourceInspection = z.object({
  heads: z.array(z.string()),
  /** Rows of the version table at the heads: what a head depends on has none of its own. */
  ends: z.array(z.string()),
  /** From the first to the newest. */
  revisions: z.array(revision),
  /** Where env.py keeps the revisions that the database is at. */
  versionTables: z.array(z.object({ name: z.string(), schema: z.string().nullable() })),
})

export type SourceInspection = z.output<typeof sourceInspection>

export interface Inspection extends Pick<SourceInspection, "heads" | "ends" | "revisions"> {
  /** What is to go: of several version tables, in any. */
  pending: Revision[]
  /** Revisions that the database is at: none before the first, several when it has several heads. */
  current: string[]
}

export type Journal = z.output<typeof journal>

/** How one run of alembic ended, by its own account. */
export interface AlembicRun {
  ok: boolean
  error: string | null
  /** Postgres's code of the error, when it has one: 55P03: a lock was not available. */
  sqlstate: string | null
  /** null when alembic's process left no account: it was killed. */
  journal: Journal | null
  /** What it printed, without passwords. */
  output: string
  /** What each of its commits left, where that was asked. */
  commits: Commit[]
  /** What it tried to reach besides its database. */
  elsewhere: Elsewhere[]
}

export interface SessionLimits {
  /** Seconds. */
  lockTimeout: number
  /** Seconds. */
  statementTimeout: number
  /** By which its sessions can be told in pg_stat_activity. */
  applicationName: string
}
