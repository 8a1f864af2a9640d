import { type Located, pathInSource } from "../../gate/located.js"
import type { Judged } from "../../gate/outcome.js"
import { count } from "../../shared/figures.js"
import type { MigrationLint } from "./lint.js"
import type { Finding } from "./plan.js"
import { amount, counted, placeOf } from "./words.js"

/** The lint of revisions in the words of `ci`. */
export function migrationsOutcome({ plan, fromEmpty }: MigrationLint): Judged {
  const errors = plan.findings.filter((finding) => finding.severity === "error" && finding.accepted === null)
  const counting = errors.filter((finding) => fromEmpty === null || concernsAll(finding))
  const only = errors.length - counting.length
  const what = plan.revisions.length === 0 ? "no new revision" : amount(plan)
  return {
    verdict: counting.length === 0 ? "passed" : "failed",
    words: [
      counting.length === 0 ? "" : count(counting.length, "error"),
      what,
      warningsOf(plan.findings),
      only === 0 ? "" : `${count(only, "error")} not enforced`,
      fromEmpty === null ? "" : `on an empty database, because ${fromEmpty}`,
    ]
      .filter((part) => part !== "")
      .join("; "),
    reasons: counting.map(reasonOf),
    figures: [],
    // without a base, what concerns a single revision may be of one that was applied long ago
    located: (fromEmpty === null ? plan.findings : counting).flatMap((finding) => locatedFinding(plan.app, finding)),
    cached: false,
  }
}

/** Where no revision counts as applied, an error of a single one may be of one that was applied long ago. */
function concernsAll({ code, revision }: Finding): boolean {
  return revision === null || code === "upgrade-fails"
}

function warningsOf(findings: Finding[]): string {
  const warnings = counted(findings, "warning")
  return warnings === 0 ? "" : count(warnings, "warning")
}

function reasonOf(finding: Finding): string {
  const { code, message, help } = finding
  const next =
    code === "upgrade-fails"
      ? "If the revisions begin from a schema that is made elsewhere, set database.lint.ci of tollgate.yaml to false."
      : help
  return [code, placeOf(finding), message, next ?? ""].filter((part) => part !== "").join("  ")
}

const WEIGHTS = { error: "critical", warning: "minor", note: "info" } as const

function locatedFinding(app: string, { code, severity, revision, file, line, message, accepted }: Finding): Located[] {
  const path = file === null ? null : pathInSource(app, file)
  if (path === null || accepted !== null) return []
  return [{ check: code, weight: WEIGHTS[severity], message, path, line, key: revision ?? "" }]
}
