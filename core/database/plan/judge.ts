import type { DatabaseSettings } from "../../config/database.js"
import type { Pending } from "../alembic/pending.js"
import type { AppliedRecord } from "../copy/hash-chain.js"
import type { Change, Description } from "./answers.js"
import type { TableFacts } from "./facts.js"
import type { Evidence, Finding, MigrationVerdict, RunningUse } from "./plan.js"
import { accept } from "./rules/accept.js"
import { judgeCompleteness, notPrinted } from "./rules/complete.js"
import { judgeDestructive, type RevisionChanges } from "./rules/destructive.js"
import { judgeDowngrades } from "./rules/downgrade.js"
import { judgeOutside } from "./rules/outside.js"
import { judgeApplied, judgeCopy, judgeElsewhere, judgeRevisions } from "./rules/revisions.js"
import { judgeLint } from "./rules/squawk.js"
import { judgeStatements } from "./rules/statements.js"

export interface Judged {
  findings: Finding[]
  verdict: MigrationVerdict
}

interface Case {
  settings: Pick<DatabaseSettings, "contract"> & { lint: Pick<DatabaseSettings["lint"], "bigTable" | "accept"> }
  description: Description
  current: string[]
  pending: Pending
  record: AppliedRecord
  /** null: there was nothing to look at. */
  evidence: Evidence | null
  tables: TableFacts[]
  running: RunningUse
  /** In what the copy is not like the database; left out: in nothing. */
  copyDiffers?: readonly string[]
}

const ORDER = ["error", "warning", "note"]

/** Every rule on everything that was gathered, and the verdict. */
export function judge(given: Case, more: readonly Finding[] = []): Judged {
  const { settings, description, evidence } = given
  const found = [
    ...judgeRevisions(description, given.current, given.pending),
    ...judgeApplied(description, given.record),
    ...judgeElsewhere([...(description.elsewhere ?? []), ...(evidence?.replayed.elsewhere ?? [])]),
    ...judgeCopy(given.copyDiffers ?? []),
    ...(evidence === null ? [] : judgeEvidence(given, evidence)),
    ...more,
  ]
  const findings = accept(found, settings.lint.accept).sort(
    (one, other) => ORDER.indexOf(one.severity) - ORDER.indexOf(other.severity),
  )
  return { findings, verdict: verdictOf(findings, given.pending, evidence) }
}

function judgeEvidence({ settings, tables, running }: Case, evidence: Evidence): Finding[] {
  const own = judgeDestructive(revisionChanges(evidence), settings.contract, running)
  return [
    ...judgeCompleteness(evidence),
    ...own,
    ...judgeDowngrades(evidence),
    ...judgeStatements(evidence),
    ...judgeOutside(evidence),
    ...judgeLint(
      evidence.examined.lint,
      evidence.examined.statements,
      evidence.pending,
      tables,
      settings.lint.bigTable,
      own,
    ),
  ]
}

/**
 * What each revision changed in the catalog: statement by statement where it was printed, and besides what only alembic's own
 * run of it did. How the SQL was written or hidden makes no difference to either.
 */
export function revisionChanges({ pending, examined }: Evidence): RevisionChanges[] {
  return pending.map((revision) => {
    const printed = examined.statements
      .filter((statement) => statement.revision === revision.revision)
      .flatMap(({ changes, sourceLine, text }) =>
        changes.map((change) => ({ change, line: sourceLine, statement: text })),
      )
    const known = new Set(printed.map(({ change }) => sameness(change)))
    const ran = examined.upgraded.find((one) => one.revision === revision.revision)?.changes ?? []
    // several steps of one revision look otherwise when only its ends are compared: said twice is better than missed
    const hidden = ran.filter((change) => !known.has(sameness(change)))
    return {
      revision,
      changes: [...printed, ...hidden.map((change) => ({ change, line: revision.live[0] ?? null, statement: null }))],
    }
  })
}

/** A column that is made and then required is, seen from the ends, one that is made required. */
function sameness(change: Change): string {
  return JSON.stringify(change.kind === "column-required" ? { ...change, to: null } : change)
}

function verdictOf(findings: Finding[], pending: Pending, evidence: Evidence | null): MigrationVerdict {
  const [first, ...others] = findings.filter(({ severity, accepted }) => severity === "error" && accepted === null)
  if (first !== undefined) return { kind: "red", errors: [first, ...others] }
  if (pending.kind === "nothing" || evidence === null) return { kind: "nothing-to-do" }
  return { kind: "ready", complete: notPrinted(evidence).size === 0 }
}
