import type { Revision } from "./alembic.js"
import type { RecordedRevision } from "./records.js"

/** Revisions that were applied with another content than their file has now. */
export function changedRevisions(recorded: readonly RecordedRevision[], source: readonly Revision[]): { revision: string; path: string }[] {
  const applied = new Map(recorded.map(({ revision, sha256 }) => [revision, sha256]))
  return source.flatMap(({ revision, sha256, path }) => {
    const was = applied.get(revision)
    return was === undefined || was === sha256 ? [] : [{ revision, path }]
  })
}

/** The revisions from one that the database is at to the head, oldest first. */
export function pendingRevisions(source: readonly Revision[], current: readonly string[]): Revision[] {
  const known = new Map(source.map((one) => [one.revision, one]))
  const applied = new Set<string>()
  const visit = (revision: string): void => {
    if (applied.has(revision)) return
    applied.add(revision)
    for (const below of known.get(revision)?.down ?? []) visit(below)
  }
  for (const revision of current) visit(revision)
  return source.filter(({ revision }) => !applied.has(revision))
}
