import { createHash } from "node:crypto"
import type { Revision } from "../alembic/revision.js"

/**
 * What an approval of a plan is bound to: which revisions run, what their files say, and the SQL that alembic prints for
 * them. The files count as well as the SQL, since a revision may do more than it prints.
 */
export function planDigest(from: string, to: string, revisions: Revision[], script: string): string {
  const text = JSON.stringify({
    format: 1,
    from,
    to,
    revisions: revisions.map(({ revision, sha256 }) => [revision, sha256]),
    // alembic writes no time and no path; the ends of lines are all that may differ between machines
    sql: script.replaceAll("\r\n", "\n"),
  })
  return `sha256:${createHash("sha256").update(text).digest("hex")}`
}
