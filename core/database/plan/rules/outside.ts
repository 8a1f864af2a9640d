import type { ExaminedStatement } from "../answers.js"
import type { Evidence, Finding } from "../plan.js"
import { brief, finding } from "./finding.js"

/**
 * Statements that are not part of a transaction: they last whatever comes after them, and no comparison with the rehearsal can hold
 * them back. One that Postgres refuses inside a transaction is a note; any other is a warning.
 */
export function judgeOutside({ pending, examined }: Evidence): Finding[] {
  const revisions = new Map(pending.map((revision) => [revision.revision, revision]))
  return outsideTransactions(examined.statements).flatMap((statement): Finding[] => {
    const revision = statement.revision === null ? undefined : revisions.get(statement.revision)
    if (revision === undefined) return []
    const about = { revision, line: statement.sourceLine, statement: statement.text, help: meaning(statement) }
    return [
      finding(
        "outside-transaction",
        statement.outside === null ? "warning" : "note",
        `${revision.revision} runs outside of a transaction: ${brief(statement.text, 80)}. It lasts whatever fails after it.`,
        about,
      ),
    ]
  })
}

/** As alembic prints a script: between a COMMIT and the next BEGIN. */
export function outsideTransactions(statements: readonly ExaminedStatement[]): ExaminedStatement[] {
  let inside = false
  return statements.filter(({ transaction, bookkeeping, reads, timeout, text, outside }) => {
    if (transaction) {
      inside = /^\s*(?:BEGIN|START)\b/i.test(text)
      return false
    }
    return outside !== null || (!inside && !bookkeeping && !reads && timeout === null)
  })
}

function meaning({ outside }: ExaminedStatement): string {
  switch (outside?.way) {
    case "create-index-concurrently":
    case "reindex-concurrently":
      return "When it fails itself it leaves an index that is INVALID: drop it (DROP INDEX CONCURRENTLY …) and migrate again. When a later statement fails, the index stays; migrate undoes it by the rehearsed downgrade, or asks. In a revision of its own nothing comes after it."
    case "drop-index-concurrently":
      return "When it fails itself the index may be left INVALID: run it again. When a later statement fails, the index is gone; migrate undoes it by the rehearsed downgrade, or asks. In a revision of its own nothing comes after it."
    case "vacuum":
    case "vacuum-full":
      return "Nothing needs to be undone after it: it changes no row."
    default:
      return "When a later statement of the revision fails, this one stays, and no downgrade begins in the middle of a revision: migrate restores the backup if nothing was written since, or asks. Put it into a revision of its own."
  }
}
