import type { Revision } from "./revision.js"

export type Pending =
  | { kind: "pending"; from: string; to: string; target: Target; revisions: Revision[] }
  | { kind: "nothing" }
  /** What is wrong with the revisions themselves: there is no one way from here to a head. */
  | { kind: "no-way"; reason: "no-revision" | "several-heads" | "unknown-current" }

/** What alembic is told to upgrade to: `heads` where a service keeps several branches on purpose. */
export type Target = "head" | "heads"

/**
 * The revisions between where the database is and the newest one, in the order in which alembic applies them.
 *
 * @param each of each version table, where env.py has several
 */
export function planPending(revisions: readonly Revision[], heads: readonly string[], current: readonly string[], each: readonly (readonly string[])[] = [current]): Pending {
  const [head] = heads
  if (unknownRevisions(revisions, current).length > 0) return { kind: "no-way", reason: "unknown-current" }
  if (head === undefined) return { kind: "no-way", reason: "no-revision" }
  const target = upgradeTarget(revisions, heads)
  if (target === null) return { kind: "no-way", reason: "several-heads" }
  const pending = pendingAnywhere(revisions, each)
  return pending.length === 0 ? { kind: "nothing" } : { kind: "pending", from: current.length === 0 ? "base" : current.join(","), to: heads.join(","), target, revisions: pending }
}

/**
 * null: there are several heads by accident, and which of them is the newest cannot be told. Branches that a team keeps apart on
 * purpose have each a label of its own.
 */
export function upgradeTarget(revisions: readonly Revision[], heads: readonly string[]): Target | null {
  if (heads.length <= 1) return "head"
  const labels = heads.map((head) => revisions.find(({ revision }) => revision === head)?.labels ?? [])
  const apart = labels.every((own, index) => own.some((label) => labels.every((other, place) => place === index || !other.includes(label))))
  return apart ? "heads" : null
}

/** Those of the source, oldest first, that are not behind a revision that the database is at. */
export function pendingRevisions(source: readonly Revision[], current: readonly string[]): Revision[] {
  const below = new Map(source.map(({ revision, down, dependsOn }) => [revision, [...down, ...dependsOn]]))
  const applied = new Set<string>()
  const left = [...current]
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    if (applied.has(next)) continue
    applied.add(next)
    left.push(...(below.get(next) ?? []))
  }
  return source.filter(({ revision }) => !applied.has(revision))
}

/** Of several version tables, what is to go in any. */
export function pendingAnywhere(source: readonly Revision[], each: readonly (readonly string[])[]): Revision[] {
  const pending = new Set(each.flatMap((current) => pendingRevisions(source, current)))
  return source.filter((revision) => pending.has(revision))
}

/** Revisions that the database is at and the source does not have: it is newer than the code, or of another service. */
export function unknownRevisions(source: readonly Revision[], current: readonly string[]): string[] {
  const known = new Set(source.map(({ revision }) => revision))
  return current.filter((revision) => !known.has(revision))
}
