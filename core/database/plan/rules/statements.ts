import type { Evidence, Finding } from "../plan.js"
import { brief, finding } from "./finding.js"

/** What single statements show by themselves. */
export function judgeStatements({ pending, examined, replayed }: Evidence): Finding[] {
  const revisions = new Map(pending.map((revision) => [revision.revision, revision]))
  return examined.statements.flatMap((statement): Finding[] => {
    if (statement.revision === null) return []
    const about = { revision: revisions.get(statement.revision), line: statement.sourceLine, statement: statement.text }
    const findings: Finding[] = []
    if (statement.parseError !== null)
      findings.push(
        finding(
          "sql-unparsed",
          "warning",
          `Postgres's parser does not understand a statement of ${statement.revision}: ${brief(statement.parseError)}`,
          about,
        ),
      )
    else if (statement.opaque)
      findings.push(
        finding(
          "effect-unseen",
          "warning",
          `What ${brief(statement.text, 60)} does may depend on rows: on the empty copy only its effect without any was seen.`,
          {
            ...about,
            help: "Write it as plain statements, or rely on the rehearsal of migrate.",
          },
        ),
      )
    for (const table of statement.removesRows)
      findings.push(
        finding(
          "rows-removed",
          "warning",
          `${statement.revision} removes rows of ${table}: no downgrade brings them back.`,
          about,
        ),
      )
    const { timeout } = statement
    if (timeout !== null && isOff(timeout.value))
      findings.push(
        finding(
          "timeout-removed",
          "error",
          `${statement.revision} removes ${timeout.name}: a statement that waits for a lock would block the app for as long as it waits.`,
          { ...about, help: "Set a timeout that is long enough instead." },
        ),
      )
    // the statements run one by one here; whether the revision as a whole works, alembic's own run has shown
    if (statement.error !== null && replayed.upgradeError === null)
      findings.push(
        finding(
          "statement-unseen",
          "warning",
          `A statement of ${statement.revision} could not be examined by itself: ${brief(statement.error, 200)}`,
          about,
        ),
      )
    return findings
  })
}

function isOff(value: string): boolean {
  return value === "default" || /^0\s*[a-z]*$/.test(value)
}
