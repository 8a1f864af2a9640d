import { dirname } from "node:path/posix"
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
export function planPending(
  revisions: readonly Revision[],
  heads: readonly string[],
  current: readonly string[],
  each: readonly (readonly string[])[] = [current],
): Pending {
  const [head] = heads
  if (unknownRevisions(revisions, current).length > 0) return { kind: "no-way", reason: "unknown-current" }
  if (head === undefined) return { kind: "no-way", reason: "no-revision" }
  const target = upgradeTarget(revisions, heads)
  if (target === null) return { kind: "no-way", reason: "several-heads" }
  const pending = pendingAnywhere(revisions, each)
  return pending.length === 0
    ? { kind: "nothing" }
    : {
        kind: "pending",
        from: current.length === 0 ? "base" : current.join(","),
        to: heads.join(","),
        target,
        revisions: pending,
      }
}

/** null: there are several heads by accident, and which of them is the newest cannot be told. */
export function upgradeTarget(revisions: readonly Revision[], heads: readonly string[]): Target | null {
  if (heads.length <= 1) return "head"
  return headsNotApart(revisions, heads).length === 0 ? "heads" : null
}

/**
 * The heads that are not on branches which a team keeps apart on purpose: each with a label of its own, or from a first revision of
 * its own in a folder of its own. Two revisions that were written after the same one are neither.
 */
export function headsNotApart(revisions: readonly Revision[], heads: readonly string[]): string[] {
  const branches = heads.map((head) => branchOf(revisions, head))
  return branches.filter((one) => branches.some((other) => other !== one && !apart(one, other))).map(({ head }) => head)
}

/** @param heads that are not apart */
export function howToMerge(heads: readonly string[]): string {
  return `merge them: alembic merge ${heads.join(" ")}. Branches that stay separate need a label each (branch_labels), or a first revision and a folder of their own (version_locations)`
}

interface Branch {
  head: string
  labels: readonly string[]
  /** Of the revisions from the first to the head: branches that have one revision in common have its folder. */
  folders: ReadonlySet<string>
}

/** What a revision depends on in another branch is not of its own. */
function branchOf(source: readonly Revision[], head: string): Branch {
  const revisions = behind([head], new Map(source.map(({ revision, down }) => [revision, down])))
  const own = source.filter(({ revision }) => revisions.has(revision))
  return {
    head,
    labels: own.find(({ revision }) => revision === head)?.labels ?? [],
    folders: new Set(own.map(({ file }) => dirname(file))),
  }
}

function apart(one: Branch, other: Branch): boolean {
  const labelled =
    one.labels.some((label) => !other.labels.includes(label)) &&
    other.labels.some((label) => !one.labels.includes(label))
  return labelled || [...one.folders].every((folder) => !other.folders.has(folder))
}

/** The revisions themselves and all that come before them. */
function behind(revisions: readonly string[], below: ReadonlyMap<string, readonly string[]>): Set<string> {
  const found = new Set<string>()
  const left = [...revisions]
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    if (found.has(next)) continue
    found.add(next)
    left.push(...(below.get(next) ?? []))
  }
  return found
}

/** Those of the source, oldest first, that are not behind a revision that the database is at. */
export function pendingRevisions(source: readonly Revision[], current: readonly string[]): Revision[] {
  const applied = behind(
    current,
    new Map(source.map(({ revision, down, dependsOn }) => [revision, [...down, ...dependsOn]])),
  )
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
