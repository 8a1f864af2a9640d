import type { ExaminedStatement, Lock, LockMode } from "./answers.js"
import type { TableFacts } from "./facts.js"
import type { PlannedLock } from "./plan.js"

/**
 * What Postgres's documentation says of statements that cannot run inside a transaction and that were not seen waiting:
 * https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-TABLES
 */
const DOCUMENTED: Record<string, LockMode> = {
  "create-index-concurrently": "ShareUpdateExclusiveLock",
  "drop-index-concurrently": "ShareUpdateExclusiveLock",
  "reindex-concurrently": "ShareUpdateExclusiveLock",
  "detach-partition-concurrently": "ShareUpdateExclusiveLock",
  vacuum: "ShareUpdateExclusiveLock",
  "vacuum-full": "AccessExclusiveLock",
}

/** From the weakest to the strongest: what each keeps out, in words. Same source. */
const KEEPS_OUT: Record<LockMode, string> = {
  AccessShareLock: "nothing but ACCESS EXCLUSIVE",
  RowShareLock: "schema changes",
  RowExclusiveLock: "schema changes, SHARE locks",
  ShareUpdateExclusiveLock: "schema changes, VACUUM",
  ShareLock: "writes",
  ShareRowExclusiveLock: "writes",
  ExclusiveLock: "writes, SELECT FOR UPDATE",
  AccessExclusiveLock: "reads and writes",
}

export const MODES: readonly LockMode[] = [
  "AccessShareLock",
  "RowShareLock",
  "RowExclusiveLock",
  "ShareUpdateExclusiveLock",
  "ShareLock",
  "ShareRowExclusiveLock",
  "ExclusiveLock",
  "AccessExclusiveLock",
]

/** AccessExclusiveLock as SQL writes it: ACCESS EXCLUSIVE. */
export function modeName(mode: LockMode): string {
  return mode
    .replace(/Lock$/, "")
    .replace(/(?<=[a-z])(?=[A-Z])/g, " ")
    .toUpperCase()
}

export function keepsOut(mode: LockMode): string {
  return KEEPS_OUT[mode]
}

/** Whether the app waits: for its writes at least. */
export function blocksApp(mode: LockMode): boolean {
  return MODES.indexOf(mode) >= MODES.indexOf("ShareLock")
}

export function plannedLocks(statement: ExaminedStatement, tables: TableFacts[]): PlannedLock[] {
  if (statement.locks.length > 0 || statement.outside === null)
    return statement.locks.map((lock) => withFacts(lock, tables, "observed"))
  const { way, name, schema } = statement.outside
  const mode = DOCUMENTED[way]
  const found = tables.find((one) => one.table === name && (schema === null || one.schema === schema))
  return mode === undefined || name === null
    ? []
    : [withFacts({ schema: found?.schema ?? schema ?? "public", table: name, mode }, tables, "documented")]
}

export function withFacts(lock: Lock, tables: TableFacts[], evidence: PlannedLock["evidence"]): PlannedLock {
  return {
    ...lock,
    evidence,
    facts: tables.find(({ schema, table }) => schema === lock.schema && table === lock.table) ?? null,
  }
}

/** Of several locks on a table the strongest, tables that the app waits for first, and of those the largest. */
export function strongestLocks(locks: PlannedLock[]): PlannedLock[] {
  const byTable = new Map<string, PlannedLock>()
  for (const lock of locks) {
    const key = `${lock.schema}.${lock.table}`
    const before = byTable.get(key)
    if (before === undefined || MODES.indexOf(lock.mode) > MODES.indexOf(before.mode)) byTable.set(key, lock)
  }
  return [...byTable.values()].sort(
    (one, other) =>
      MODES.indexOf(other.mode) - MODES.indexOf(one.mode) ||
      (other.facts?.rows ?? -1) - (one.facts?.rows ?? -1) ||
      one.table.localeCompare(other.table),
  )
}
