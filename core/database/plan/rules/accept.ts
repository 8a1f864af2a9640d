import type { LintSettings } from "../../../config/lint.js"
import type { Finding } from "../plan.js"

/** What no reason makes right: without it there is no one way to go, or no knowing what was applied. */
const NEVER = new Set([
  "revisions-unreadable",
  "revision-twice",
  "env-unreadable",
  "no-revision",
  "several-heads",
  "unknown-current",
  "record-broken",
  "sql-unprintable",
  "upgrade-fails",
])

/** Findings that tollgate.yaml accepts say so with its reason, and count no more. They are never left out. */
export function accept(findings: Finding[], accepted: LintSettings["accept"]): Finding[] {
  return findings.map((finding) => {
    const found = NEVER.has(finding.code)
      ? undefined
      : accepted.find(
          ({ rule, revisions }) =>
            rule === finding.code &&
            (revisions === null || (finding.revision !== null && revisions.includes(finding.revision))),
        )
    return found === undefined ? finding : { ...finding, accepted: found.reason }
  })
}
