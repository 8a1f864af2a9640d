import type { Revision } from "../../alembic/revision.js"
import type { Finding } from "../plan.js"
import { finding } from "./finding.js"

/** What holds of every tool but alembic: how its statements were seen, and when its result is compared. */
export function judgeCommands(revision: Revision, table: string): Finding[] {
  const restore =
    revision.downgrade === "work"
      ? "the rollback, if the rehearsal ran it and found every table as before, or a restore"
      : "a restore: database.commands has no rollback"
  return [
    finding(
      "statements-from-log",
      "note",
      "The statements are from the log of the copy's server, where `migrate` ran without rows: what depends on rows is only seen in the rehearsal. Queries, and what the tool writes to its own tables, are left out.",
      {
        revision,
        help: `Its own tables are those that \`revision\` reads, such as ${table}.`,
      },
    ),
    finding(
      "compared-after-commit",
      "note",
      "`migrate` commits by itself: rows, invariants, schema and revision are compared with the rehearsal right after it, not before its commits.",
      {
        revision,
        help: `When the comparison fails, the application has had the new schema for that long. It is undone by ${restore}.`,
      },
    ),
  ]
}
