import { count, duration } from "../../shared/figures.js"
import type { TableFacts } from "./facts.js"
import { strongestLocks } from "./locks.js"
import type { Finding, MigrationPlan, PlannedLock, PlannedRevision } from "./plan.js"

/** The verdict in words, for the last line of a log and the head of a page. */
export function verdictLine(plan: MigrationPlan): string {
  const { verdict } = plan
  switch (verdict.kind) {
    case "nothing-to-do":
      return `NOTHING TO DO: the database is at ${plan.heads.join(", ")}, the newest revision`
    case "ready": {
      const warnings = counted(plan.findings, "warning")
      const parts = [amount(plan), warnings === 0 ? "no error, no warning" : `no error, ${count(warnings, "warning")}`]
      if (!verdict.complete) parts.push("the SQL shown is not everything")
      return `PASSED: ${parts.join("; ")}`
    }
    case "red": {
      const codes = [
        ...new Set(verdict.errors.map(({ code, revision }) => (revision === null ? code : `${code} in ${revision}`))),
      ]
      const shown = codes.slice(0, 3).join(", ")
      return `FAILED: ${count(verdict.errors.length, "error")}: ${shown}${codes.length > 3 ? ` and ${codes.length - 3} more` : ""}`
    }
  }
}

export function amount({ revisions }: MigrationPlan): string {
  return `${count(revisions.length, "revision")}, ${count(
    revisions.reduce((sum, { statements }) => sum + statements.length, 0),
    "statement",
  )}`
}

export function counted(findings: Finding[], severity: Finding["severity"]): number {
  return findings.filter((finding) => finding.severity === severity && finding.accepted === null).length
}

export function way({ current, heads }: MigrationPlan): string {
  return `from ${current.length === 0 ? "nothing" : current.join(", ")} to ${heads.length === 0 ? "nothing" : heads.join(", ")}`
}

/** The locks of a revision on tables that are there now: alembic's own run knows them all, its statements where it did not get that far. */
export function revisionLocks({ held, statements }: PlannedRevision): PlannedLock[] {
  return strongestLocks([...(held ?? []), ...statements.flatMap(({ locks }) => locks)]).filter(
    ({ facts }) => facts !== null,
  )
}

export function rowsOf(facts: TableFacts | null): string {
  if (facts === null) return "new"
  if (facts.rows === null) return "size unknown"
  const grouped = String(facts.rows).replace(/\B(?=(\d{3})+(?!\d))/g, " ")
  return `${facts.exact ? "" : "≈ "}${grouped} ${facts.rows === 1 ? "row" : "rows"}`
}

export function sizeOf(facts: TableFacts | null): string {
  if (facts === null || facts.bytes === null) return ""
  const units = ["B", "KiB", "MiB", "GiB", "TiB"]
  const power = Math.min(units.length - 1, facts.bytes === 0 ? 0 : Math.floor(Math.log2(facts.bytes) / 10))
  const value = facts.bytes / 1024 ** power
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[power]}`
}

export function tableName({ schema, table }: { schema: string; table: string }): string {
  return schema === "public" ? table : `${schema}.${table}`
}

export function placeOf({ file, line }: Finding): string {
  if (file === null) return ""
  return line === null ? file : `${file}:${line}`
}

/** How long it will take, from what was measured; never guessed. */
export function estimateWords({ estimate }: MigrationPlan): string {
  if (estimate === null)
    return "unknown: these revisions were never rehearsed for this database (`migrate` does that first)"
  const what = estimate.what === "rehearsal" ? "rehearsed on the restored backup" : "run on this database"
  return `${duration(estimate.seconds)}, as ${what} at ${estimate.at}`
}
