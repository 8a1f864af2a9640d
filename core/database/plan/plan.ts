import type { Revision } from "../alembic/revision.js"
import type { Measured } from "../migrate/records.js"
import type { Change, Examination, ExaminedStatement, Lock, Printed, Replayed } from "./answers.js"
import type { TableFacts } from "./facts.js"

/** Why a plan is not, or not quite, as it should be. The codes are stable; Squawk's begin with `squawk/`. */
export type Severity = "error" | "warning" | "note"

export interface Finding {
  code: string
  severity: Severity
  revision: string | null
  /** Relative to the app's folder. */
  file: string | null
  line: number | null
  /** The statement as alembic printed it, when it is about one. */
  statement: string | null
  message: string
  /** What to do instead; null when the message says it. */
  help: string | null
  /** The reason by which tollgate.yaml accepts it; it does not count then. */
  accepted: string | null
}

/** A lock as it is seen in pg_locks, or as Postgres's documentation says where nothing could be seen. */
export interface PlannedLock extends Lock {
  evidence: "observed" | "documented"
  /** null: the table is made by this very plan. */
  facts: TableFacts | null
}

export interface PlannedStatement {
  text: string
  /** Line of plan.sql, counted from 1. */
  line: number
  /** Line of the revision's file that printed it. */
  sourceLine: number | null
  locks: PlannedLock[]
  /** Whether it could not be seen which locks it takes. */
  locksUnknown: boolean
  changes: Change[]
}

export interface PlannedRevision {
  revision: string
  down: string[]
  message: string
  file: string
  sha256: string
  statements: PlannedStatement[]
  /** What it held at its end when alembic itself ran it on the empty copy; null: it did not get that far. */
  held: PlannedLock[] | null
  /** Statements that alembic sends to the database and does not print. */
  notPrinted: string[]
  contract: boolean
}

export type MigrationVerdict =
  /** The database is at the newest revision. */
  | { kind: "nothing-to-do" }
  /** complete: all that alembic sends was in what it printed. */
  | { kind: "ready"; complete: boolean }
  | { kind: "red"; errors: [Finding, ...Finding[]] }

/** What is known of what the running version uses. */
export type RunningUse =
  | { kind: "unknown"; why: string }
  | { kind: "known"; tables: MappedTable[]; mentions: ReadonlyMap<string, Mention[]> }

export interface MappedTable {
  schema: string | null
  table: string
  columns: string[]
}

export interface Mention {
  file: string
  line: number
}

export interface MigrationPlan {
  tollgateVersion: string
  app: string
  /** Digest of the app's files. */
  source: string
  environment: string
  database: { name: string; serverVersion: string; copyVersion: string | null }
  /** Empty: nothing was ever applied. */
  current: string[]
  heads: string[]
  revisions: PlannedRevision[]
  /** All that alembic printed, as it printed it; null when it was not asked. */
  script: string | null
  /** null: nothing was run. */
  sqlIsComplete: boolean | null
  findings: Finding[]
  verdict: MigrationVerdict
  /** Of the revisions and the SQL: what an approval is bound to. null when there is nothing to approve. */
  digest: string | null
  /** What the same revisions took before, here or on the restored copy; null: nothing of the kind is on record. */
  estimate: Measured | null
  running: { kind: "unknown"; why: string } | { kind: "known" }
  madeAt: string
}

/** What was gathered about the pending revisions, before anything is judged. */
export interface Evidence {
  pending: Revision[]
  /** Version tables of env.py: with several, the printed statements are for schemas that nothing in them names. */
  tables: number
  printed: Printed
  replayed: Replayed
  examined: Examination
}

export type { Change, ExaminedStatement, Lock }
