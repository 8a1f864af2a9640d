import type { Revision } from "../../alembic/revision.js"
import type { Examination, ExaminedStatement } from "../answers.js"
import type { TableFacts } from "../facts.js"
import type { Finding, Severity } from "../plan.js"
import { finding } from "./finding.js"

/** Rules of Squawk that our own judge by evidence: by what the catalog shows, and by what the running version uses. */
const OURS = new Set([
  "ban-drop-column",
  "ban-drop-table",
  "ban-drop-view",
  "ban-drop-function",
  "renaming-column",
  "renaming-table",
  "adding-required-field",
  "changing-column-type",
])

/** Rules about locks that are held while a table is read, written or built anew: a matter of how large the table is. */
const HEAVY = new Set([
  "require-concurrent-index-creation",
  "require-concurrent-index-deletion",
  "require-concurrent-partition-detach",
  "require-concurrent-reindex",
  "constraint-missing-not-valid",
  "adding-field-with-default",
  "adding-foreign-key-constraint",
  "adding-not-nullable-field",
  "adding-required-field",
  "adding-serial-primary-key-field",
  "changing-column-type",
  "disallowed-unique-constraint",
])

/** A matter of taste, or of running a script again by hand: alembic keeps count of what ran. */
const TASTE = /^(prefer-|ban-char-field|identifier-too-long|require-table-schema)/

/** Rules that say that the script cannot work as it is, or may hold up the app for ever. */
const BROKEN = new Set([
  "ban-concurrent-index-creation-in-transaction",
  "require-lock-timeout",
  "require-statement-timeout",
  "require-timeout-settings",
  "ban-drop-database",
  "ban-truncate-cascade",
])

export function judgeLint(
  lint: Examination["lint"],
  statements: ExaminedStatement[],
  revisions: Revision[],
  tables: TableFacts[],
  bigTable: number,
  own: Finding[],
): Finding[] {
  return lint.flatMap((one): Finding[] => {
    const statement = statements.find(({ line, lineEnd }) => line <= one.line && one.line <= lineEnd)
    const revision = revisions.find(({ revision }) => revision === statement?.revision)
    // alembic's own statements, and lines that are none
    if (statement === undefined || revision === undefined) return []
    const touched = touchedTables(statement, tables)
    if (
      OURS.has(one.rule) &&
      own.some((ours) => ours.statement === statement.text && ours.revision === revision.revision)
    )
      return []
    const [severity, size] =
      one.level === "Error"
        ? (["error", ""] as const)
        : onlyNew(statement, tables)
          ? (["note", " The same plan creates the table, so nothing uses it yet."] as const)
          : severityOf(one.rule, touched, bigTable)
    return [
      finding(`squawk/${one.rule}`, severity, `${one.message}${size}`, {
        revision,
        line: statement.sourceLine,
        statement: statement.text,
        help: one.help,
      }),
    ]
  })
}

/** The tables that are there now and that the statement locks against writers; new ones have nobody who waits. */
function touchedTables(statement: ExaminedStatement, tables: TableFacts[]): TableFacts[] {
  return statement.locks
    .filter(({ mode }) => mode !== "AccessShareLock" && mode !== "RowShareLock" && mode !== "RowExclusiveLock")
    .flatMap((lock) => tables.filter(({ schema, table }) => schema === lock.schema && table === lock.table))
}

function onlyNew(statement: ExaminedStatement, tables: TableFacts[]): boolean {
  return (
    statement.locks.length > 0 &&
    statement.locks.every((lock) => !tables.some(({ schema, table }) => schema === lock.schema && table === lock.table))
  )
}

function severityOf(rule: string, touched: TableFacts[], bigTable: number): [Severity, string] {
  if (BROKEN.has(rule)) return ["error", ""]
  if (TASTE.test(rule)) return ["note", ""]
  if (!HEAVY.has(rule)) return ["warning", ""]
  const [largest] = [...touched].sort((one, other) => (other.rows ?? 0) - (one.rows ?? 0))
  if (largest === undefined) return ["warning", ""]
  if (largest.rows === null)
    return ["warning", ` From ${bigTable} rows of ${largest.table} this is an error: migration-plan counts them.`]
  const rows = `${largest.exact ? "" : "about "}${largest.rows}`
  const big = largest.rows >= bigTable
  return [
    big ? "error" : "warning",
    ` ${largest.table} has ${rows} rows${big ? "" : `, less than the ${bigTable} from which this is an error`}.`,
  ]
}
