/** What a server's log says that a program asked of it. Pure. */

/** One line of Postgres's csvlog. */
export interface LogLine {
  session: string
  /** Virtual: the same for all statements of one transaction. */
  transaction: string
  severity: string
  sqlstate: string
  message: string
  detail: string | null
  hint: string | null
  query: string | null
}

export interface Logged {
  text: string
  /** Of the transaction that it was part of. */
  transaction: string
  /** Between a BEGIN and its COMMIT. */
  explicit: boolean
}

const ASKED = /^(?:statement|execute [^:]*): (.*)$/s
const BEGINS = /^\s*(?:BEGIN|START\s+TRANSACTION)\b/i
const COMMITS = /^\s*(?:COMMIT|END)\b/i
const ENDS = /^\s*(?:ROLLBACK|ABORT)\b(?!\s+(?:WORK\s+|TRANSACTION\s+)?TO\b)/i

/** What lasts of what each session asked, in order. What was rolled back, or failed, is left out. */
export function lastingStatements(lines: readonly LogLine[]): Logged[] {
  const kept = new Set<number>()
  const statements: (Logged & { session: string })[] = []
  const open = new Map<string, { numbers: number[]; failed: boolean }>()
  for (const { session, transaction, severity, message, detail } of lines) {
    const current = open.get(session)
    if (severity === "ERROR" || severity === "FATAL") {
      if (current !== undefined) current.failed = true
      else {
        const last = statements.findLastIndex((one) => one.session === session)
        if (last !== -1 && statements[last]?.transaction === transaction) kept.delete(last)
      }
      continue
    }
    const asked = ASKED.exec(message)?.[1]
    if (asked === undefined) continue
    if (BEGINS.test(asked) && isOne(asked)) open.set(session, { numbers: [], failed: false })
    else if (current !== undefined && COMMITS.test(asked)) {
      if (!current.failed) for (const number of current.numbers) kept.add(number)
      open.delete(session)
    } else if (current !== undefined && ENDS.test(asked)) open.delete(session)
    else {
      const number =
        statements.push({
          session,
          text: withParameters(asked, detail).trim(),
          transaction,
          explicit: current !== undefined,
        }) - 1
      if (current === undefined) kept.add(number)
      else current.numbers.push(number)
    }
  }
  return statements
    .filter((_, number) => kept.has(number))
    .map(({ text, transaction, explicit }) => ({ text, transaction, explicit }))
}

function isOne(text: string): boolean {
  return !/;\s*\S/.test(text)
}

/** A statement with the values that were bound to it: `parameters: $1 = 'a', $2 = NULL`. */
function withParameters(text: string, detail: string | null): string {
  const [, list] = /^parameters: (.*)$/is.exec(detail ?? "") ?? []
  if (list === undefined) return text
  const values = new Map(
    [...list.matchAll(/\$(\d+) = ('(?:[^']|'')*'|NULL)/g)].map(([, number = "", value = ""]) => [number, value]),
  )
  return text.replace(/\$(\d+)/g, (written, number: string) => values.get(number) ?? written)
}

/** The last error that the server gave, in its own words, and the statement that it is about; null: there was none. */
export function lastError(lines: readonly LogLine[]): { sqlstate: string; message: string } | null {
  const error = lines.findLast(
    ({ severity, sqlstate }) => (severity === "ERROR" || severity === "FATAL") && sqlstate !== "25P02",
  )
  if (error === undefined) return null
  const { message, detail, hint, query, sqlstate } = error
  const statement = query === null ? [] : [`in ${query.replace(/\s+/g, " ").trim().slice(0, 300)}`]
  return {
    sqlstate,
    message: [
      message,
      ...(detail === null || detail === "" ? [] : [`DETAIL: ${detail}`]),
      ...(hint === null || hint === "" ? [] : [`HINT: ${hint}`]),
      ...statement,
    ].join("\n"),
  }
}

/** Names of `tables` that the statements contain as a word. */
export function tablesNamed(
  lines: readonly LogLine[],
  tables: readonly (readonly [schema: string, name: string])[],
): [schema: string, name: string][] {
  const asked = lines.flatMap(({ message, detail }) => [ASKED.exec(message)?.[1] ?? "", detail ?? ""]).join("\n")
  return tables
    .filter(([, name]) =>
      new RegExp(`(?<![\\w$])${name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}(?![\\w$])`, "i").test(asked),
    )
    .map(([schema, name]) => [schema, name])
}

/** Changes nothing of the database, whatever is in it. */
const QUIET =
  /^\s*(?:SHOW|SET|RESET|SAVEPOINT|RELEASE|ROLLBACK\s+TO|DISCARD|DEALLOCATE|LOCK|DECLARE|FETCH|CLOSE|LISTEN|UNLISTEN|EXPLAIN|VALUES|PREPARE)\b/i
const HARMLESS = new Set([
  "exists",
  "in",
  "any",
  "all",
  "array",
  "coalesce",
  "count",
  "max",
  "min",
  "sum",
  "now",
  "version",
  "current_setting",
  "current_schema",
  "current_database",
  "to_regclass",
  "to_regtype",
  "set_config",
  "values",
  "as",
  "and",
  "or",
  "not",
  "on",
  "where",
  "from",
  "select",
  "over",
  "format_type",
  "obj_description",
  "col_description",
  "unnest",
  "lower",
  "upper",
  "array_agg",
  "string_agg",
  "json_agg",
  "generate_subscripts",
  "has_schema_privilege",
  "has_table_privilege",
  "row_number",
  "case",
  "when",
  "then",
  "else",
  "nullif",
  "cast",
  "varchar",
  "numeric",
])

/** A question alone: as far as can be told, asking it changes nothing. */
export function onlyAsks(text: string): boolean {
  if (QUIET.test(text)) return true
  if (!/^\s*(?:SELECT|WITH|TABLE)\b/i.test(text) || !isOne(text) || /\b(?:INSERT|UPDATE|DELETE|INTO)\b/i.test(text))
    return false
  return [...text.matchAll(/([a-z_][\w.]*)\s*\(/gi)].every(
    ([, name = ""]) =>
      HARMLESS.has(name.toLowerCase().replace(/^pg_catalog\./, "")) ||
      /^(?:pg_catalog\.)?pg_(?!sleep|terminate|cancel|notify|read|write|logical|replication|create|drop|export|import|promote|switch|reload|rotate)/i.test(
        name,
      ),
  )
}

/** One statement that only writes to a table of the tool's own. */
export function keepsBooks(text: string, tables: readonly string[]): boolean {
  const [, name] =
    /^\s*(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM|CREATE\s+TABLE(?:\s+IF\s+NOT\s+EXISTS)?|LOCK\s+TABLE)\s+(?:"?[\w$]+"?\.)?"?([\w$]+)"?/i.exec(
      text,
    ) ?? []
  return name !== undefined && isOne(text) && tables.includes(name)
}

/** Postgres refuses these in a transaction, or ends one with them. */
const OUTSIDE = /\bCONCURRENTLY\b|^\s*VACUUM\b|^\s*CALL\b|^\s*DO\b[\s\S]*\bCOMMIT\b/i
/** What changes the schema whenever it does not fail. */
const SEEN = /(?:^|;)\s*(?:CREATE|ALTER|DROP)\s+(?:UNIQUE\s+)?(?:TABLE|INDEX|VIEW|SEQUENCE)\s+(?!IF\b|CONCURRENTLY\b)/i

export interface Effects {
  /** Transactions that wrote, in order. */
  transactions: string[]
  outside: string[]
  statements: number
  /** The first that wrote cannot have lasted while schema and revision are as before. */
  firstIsSeen: boolean
}

export function effectsOf(statements: readonly Logged[], books: readonly string[]): Effects {
  // an empty table of the tool's own is nothing to undo
  const writing = statements.filter(
    ({ text }) => !onlyAsks(text) && !(keepsBooks(text, books) && /^\s*(?:CREATE|LOCK)\b/i.test(text)),
  )
  const transactions = [...new Set(writing.map(({ transaction }) => transaction))]
  const first = writing.filter(({ transaction }) => transaction === transactions[0])
  const insertsBook = (text: string): boolean => /^\s*INSERT\b/i.test(text) && keepsBooks(text, books)
  return {
    transactions,
    outside: writing.flatMap(({ text }) => (OUTSIDE.test(text) ? [text] : [])),
    statements: writing.length,
    firstIsSeen: first.some(({ text }) => !OUTSIDE.test(text) && (SEEN.test(text) || insertsBook(text))),
  }
}
