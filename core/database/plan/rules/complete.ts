import type { Revision } from "../../alembic/revision.js"
import type { Evidence, Finding } from "../plan.js"
import { brief, finding, whole } from "./finding.js"

interface Hidden {
  /** Sent on the empty copy, and not printed. */
  statements: string[]
  /** A query whose answer the revision reads. */
  query: string | null
  /** Why printing it stopped. */
  why: string | null
  line: number | null
}

/** Revisions of which alembic does not print everything, with what is missing as far as it was seen. */
export function notPrinted({ pending, printed, examined }: Evidence): Map<string, Hidden> {
  const found = new Map<string, Hidden>()
  for (const revision of pending) {
    const failed = printed.errors.find((error) => error.revision === revision.revision)
    const seen = examined.comparison.revisions.find((one) => one.revision === revision.revision)
    const statements = seen?.notPrinted ?? []
    // a script has nobody who reads the answer of a query: the revision itself does, and goes on by what it reads
    const query = examined.statements.find(
      (statement) =>
        statement.revision === revision.revision &&
        statement.reads &&
        !statement.opaque &&
        statement.removesRows.length === 0,
    )
    if (failed === undefined && statements.length === 0 && query === undefined) continue
    found.set(revision.revision, {
      statements,
      query: query?.text ?? null,
      why: failed?.message ?? null,
      line: failed?.line ?? query?.sourceLine ?? revision.live[0] ?? null,
    })
  }
  return found
}

/**
 * Alembic prints what its operations would send; what a revision asks of a live connection, or sends over one of its own, it
 * cannot print. What the server was really asked is compared with what was printed.
 */
export function judgeCompleteness(evidence: Evidence): Finding[] {
  const { pending, printed, replayed, examined } = evidence
  const missing = notPrinted(evidence)
  const findings = pending.flatMap((revision): Finding[] => {
    const hidden = missing.get(revision.revision)
    return [...(hidden === undefined ? [] : [incomplete(revision, hidden)]), ...notRun(revision, evidence)]
  })
  for (const error of printed.errors) {
    if (error.revision === null)
      findings.push(
        finding("sql-unprintable", "warning", `alembic upgrade --sql fails: ${whole(error.message)}`, {
          file: error.file,
          line: error.line,
          help: "The plan shows what the revisions did when they ran on the copy; their SQL is not shown.",
        }),
      )
  }
  if (examined.comparison.whilePrinting.length > 0)
    findings.push(
      finding(
        "database-asked-while-printing",
        "warning",
        `env.py or a revision asks the database even when alembic only prints: ${brief(examined.comparison.whilePrinting[0] ?? "")}`,
        {
          help: "What is printed then depends on the database that it is printed beside.",
        },
      ),
    )
  if (replayed.upgradeError !== null) {
    const { at, message, file, line } = replayed.upgradeError
    findings.push(
      finding("upgrade-fails", "error", `${at} fails on an empty copy of the schema: ${whole(message)}`, {
        revision: pending.find(({ revision }) => revision === at),
        file,
        line,
      }),
    )
  }
  const last = examined.upgraded.at(-1)
  const unprinted = printed.errors.some(({ revision }) => revision === null)
  if (
    evidence.tables === 1 &&
    missing.size === 0 &&
    !unprinted &&
    replayed.upgradeError === null &&
    last !== undefined
  ) {
    const differences = [
      ...onlyIn(last.schema, examined.printedSchema).map((line) => `only alembic makes: ${line}`),
      ...onlyIn(examined.printedSchema, last.schema).map((line) => `only the SQL makes: ${line}`),
    ]
    if (differences.length > 0)
      findings.push(
        finding(
          "sql-differs",
          "error",
          `The printed SQL leads to another schema than alembic does: ${differences
            .slice(0, 3)
            .map((line) => brief(line, 160))
            .join("; ")}.`,
          {
            help: "A revision that asks whether it is being printed (context.is_offline_mode) shows one thing and does another.",
          },
        ),
      )
  }
  return findings
}

function incomplete(revision: Revision, hidden: Hidden): Finding {
  const [first] = hidden.statements
  const example =
    first === undefined
      ? ""
      : ` On the empty copy it also sent: ${brief(first)}${hidden.statements.length > 1 ? ` and ${hidden.statements.length - 1} more` : ""}.`
  const reads =
    hidden.query === null
      ? "It runs Python against the database."
      : `It reads rows and goes on by what it finds: ${brief(hidden.query)}.`
  const why = hidden.why === null ? reads : `Printing it stops with: ${brief(hidden.why, 200)}.`
  return finding(
    "sql-incomplete",
    "warning",
    `The SQL shown for ${revision.revision} is not everything. ${why}${example}`,
    {
      revision,
      line: hidden.line,
      help: "What it does to rows is only seen when it runs on a copy that has them: the rehearsal of migrate.",
    },
  )
}

function notRun(revision: Revision, { examined, replayed }: Evidence): Finding[] {
  // of one that failed only its first statements were sent
  if (replayed.upgradeError?.at === revision.revision) return []
  const statements = examined.comparison.revisions.find((one) => one.revision === revision.revision)?.notRun ?? []
  const [first] = statements
  if (first === undefined) return []
  return [
    finding("sql-not-run", "warning", `${revision.revision} prints a statement that it does not run: ${brief(first)}`, {
      revision,
      statement: first,
    }),
  ]
}

function onlyIn(some: string[], others: string[]): string[] {
  return some.filter((line) => !others.includes(line) && !line.includes("alembic_version"))
}
