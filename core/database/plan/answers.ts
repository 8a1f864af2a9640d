import { z } from "zod"
import { elsewhere } from "../alembic/elsewhere.js"
import { failure } from "../alembic/failure.js"
import { revision } from "../alembic/revision.js"

/** What the programs of python/ answer, as they write it. */

export const environment = z.object({
  error: failure.nullable(),
  schema: z.string().nullable(),
  table: z.string(),
  /** Further schemas with a version table of that name. */
  also: z.array(z.string()),
  /** null: env.py has no target_metadata. */
  columns: z
    .array(z.object({ schema: z.string().nullable(), table: z.string(), columns: z.array(z.string()) }))
    .nullable(),
})

export const description = z.object({
  error: failure.nullable(),
  /** From the oldest to the newest. */
  revisions: z.array(revision),
  heads: z.array(z.string()),
  /** Rows of the version table at the heads. */
  ends: z.array(z.string()),
  /** Where alembic's env.py is, relative to the app's folder. */
  folder: z.string().nullable(),
  warnings: z.array(z.string()),
  environment: environment.nullable(),
  /** What env.py tried to reach besides its database; left out: nothing. */
  elsewhere: z.array(elsewhere).optional(),
})

export const printed = z.object({
  pieces: z.array(z.object({ text: z.string(), revision: z.string().nullable(), line: z.number().int().nullable() })),
  errors: z.array(failure),
})

export const idle = z.object({
  error: failure.nullable(),
  /** That env.py is at other revisions than the database; null: it is at the same. */
  wrongStart: z.string().nullable(),
})

const failureAt = failure.extend({ at: z.string() })

export const replayed = z.object({
  upgraded: z.array(z.string()),
  downgraded: z.array(z.string()),
  upgradeError: failureAt.nullable(),
  downgradeError: failureAt.nullable(),
  elsewhere: z.array(elsewhere).optional(),
})

const lockMode = z.enum([
  "AccessShareLock",
  "RowShareLock",
  "RowExclusiveLock",
  "ShareUpdateExclusiveLock",
  "ShareLock",
  "ShareRowExclusiveLock",
  "ExclusiveLock",
  "AccessExclusiveLock",
])

const lock = z.object({ schema: z.string(), table: z.string(), mode: lockMode })

const change = z.object({
  kind: z.enum([
    "relation-created",
    "relation-dropped",
    "relation-renamed",
    "rewritten",
    "column-dropped",
    "column-renamed",
    "column-type",
    "column-required",
    "function-dropped",
  ]),
  schema: z.string(),
  table: z.string(),
  column: z.string().nullable(),
  from: z.string().nullable(),
  to: z.string().nullable(),
})

const statement = z.object({
  revision: z.string().nullable(),
  /** Line of the revision's file that printed it. */
  sourceLine: z.number().int().nullable(),
  /** Line of the script, counted from 0. */
  line: z.number().int(),
  lineEnd: z.number().int(),
  text: z.string(),
  /** Postgres's own name of the kind of statement. */
  kind: z.string(),
  parseError: z.string().nullable(),
  transaction: z.boolean(),
  bookkeeping: z.boolean(),
  /** It can do anything: DO, CALL, a function that is not known. */
  opaque: z.boolean(),
  /** A query whose answer nobody reads but the revision itself. */
  reads: z.boolean(),
  removesRows: z.array(z.string()),
  /** Postgres refuses it inside a transaction. */
  outside: z.object({ way: z.string(), schema: z.string().nullable(), name: z.string().nullable() }).nullable(),
  timeout: z.object({ name: z.string(), value: z.string(), local: z.boolean() }).nullable(),
  locks: z.array(lock),
  /** Where `locks` is from; unknown: nothing could be seen. */
  evidence: z.enum(["observed", "unknown", "none"]),
  changes: z.array(change),
  error: z.string().nullable(),
})

export const examination = z.object({
  /** Of the copy. */
  serverVersion: z.string(),
  /** All that alembic printed. */
  script: z.string(),
  statements: z.array(statement),
  /** The schema in words after the printed statements. */
  printedSchema: z.array(z.string()),
  upgraded: z.array(
    z.object({
      revision: z.string(),
      changes: z.array(change),
      locks: z.array(lock),
      schemaChanged: z.boolean(),
      schema: z.array(z.string()),
    }),
  ),
  downgraded: z.array(
    z.object({ revision: z.string(), lost: z.array(z.string()), left: z.array(z.string()), didNothing: z.boolean() }),
  ),
  comparison: z.object({
    revisions: z.array(
      z.object({ revision: z.string(), notPrinted: z.array(z.string()), notRun: z.array(z.string()) }),
    ),
    whilePrinting: z.array(z.string()),
  }),
  lint: z.array(
    z.object({
      rule: z.string(),
      level: z.string(),
      message: z.string(),
      help: z.string().nullable(),
      line: z.number().int(),
    }),
  ),
})

export type Description = z.output<typeof description>
export type Printed = z.output<typeof printed>
export type Replayed = z.output<typeof replayed>
export type Examination = z.output<typeof examination>
export type ExaminedStatement = z.output<typeof statement>
export type Change = z.output<typeof change>
export type Lock = z.output<typeof lock>
export type LockMode = z.output<typeof lockMode>
