import type { DescribedRevision } from "./answers.js"

export type Pending =
  | { kind: "pending"; from: string; to: string; revisions: DescribedRevision[] }
  | { kind: "nothing" }
  /** What is wrong with the revisions themselves: there is no one way from here to a head. */
  | { kind: "no-way"; reason: "no-revision" | "several-heads" | "several-current" | "unknown-current" }

/** The revisions between where the database is and the newest one, in the order in which alembic applies them. */
export function pendingRevisions(revisions: DescribedRevision[], heads: string[], current: string[]): Pending {
  const [head, second] = heads
  const known = new Set(revisions.map(({ revision }) => revision))
  if (current.some((revision) => !known.has(revision))) return { kind: "no-way", reason: "unknown-current" }
  if (head === undefined) return { kind: "no-way", reason: "no-revision" }
  if (second !== undefined) return { kind: "no-way", reason: "several-heads" }
  if (current.length > 1) return { kind: "no-way", reason: "several-current" }
  const parents = new Map(revisions.map(({ revision, down, dependsOn }) => [revision, [...down, ...dependsOn]]))
  const applied = withAncestors(current, parents)
  const wanted = withAncestors([head], parents)
  const pending = revisions.filter(({ revision }) => wanted.has(revision) && !applied.has(revision))
  return pending.length === 0 ? { kind: "nothing" } : { kind: "pending", from: current[0] ?? "base", to: head, revisions: pending }
}

function withAncestors(from: string[], parents: ReadonlyMap<string, string[]>): Set<string> {
  const seen = new Set<string>()
  const left = [...from]
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    if (seen.has(next)) continue
    seen.add(next)
    left.push(...(parents.get(next) ?? []))
  }
  return seen
}
