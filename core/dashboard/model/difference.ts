import type { LedgerEvent } from "../../ledger/event.js"
import type { ReleaseRecord } from "../../ledger/ledger.js"
import { policyDifference } from "../../release/policy/difference.js"
import type { PolicyHistory } from "../../release/policy/in-force.js"

/** A release as it is compared: what it was made of, and the policy that it was judged by. */
export interface ComparedRelease {
  readonly release: ReleaseRecord
  /** null: its policy step recorded none. */
  readonly policy: string | null
}

export interface ReleaseDifference {
  readonly from: ComparedRelease
  readonly to: ComparedRelease
  readonly rows: readonly {
    readonly what: string
    readonly from: string
    readonly to: string
    readonly same: boolean
  }[]
  readonly migrations: Names
  readonly configNames: Names
  /** A value changed although its name did not; null: not known. */
  readonly configChanged: boolean | null
  /** Settings that differ; null: the policies are not both known. */
  readonly policy: readonly string[] | null
}

interface Names {
  readonly added: readonly string[]
  readonly removed: readonly string[]
}

export function releaseDifference(
  from: ComparedRelease,
  to: ComparedRelease,
  { adopted }: Pick<PolicyHistory, "adopted">,
): ReleaseDifference {
  const row = (what: string, one: string | null, other: string | null) => ({
    what,
    from: one ?? "not recorded",
    to: other ?? "not recorded",
    same: one === other,
  })
  const [one, other] = [from.release, to.release]
  const [before, after] = [from, to].map(
    ({ policy }) => adopted.find(({ digest }) => digest === policy)?.policy ?? null,
  )
  return {
    from,
    to,
    rows: [
      row("version", one.version, other.version),
      row("image", one.digest, other.digest),
      row("commit", one.revision, other.revision),
      row("source", one.sourceDigest, other.sourceDigest),
      row("plan", one.planId, other.planId),
      row("policy", from.policy, to.policy),
    ],
    migrations: namesBetween(one.migrations, other.migrations),
    configNames: namesBetween(one.configNames, other.configNames),
    configChanged:
      one.configDigest === null || other.configDigest === null ? null : one.configDigest !== other.configDigest,
    policy: before == null || after == null ? null : policyDifference(before, after),
  }
}

function namesBetween(before: readonly string[], after: readonly string[]): Names {
  return {
    added: after.filter((name) => !before.includes(name)).sort(),
    removed: before.filter((name) => !after.includes(name)).sort(),
  }
}

/** The digest that the policy step of a release recorded. */
export function policyOfRelease(events: readonly LedgerEvent[]): string | null {
  for (const { what } of events) {
    if (what.kind !== "step-finished" || what.step !== "policy") continue
    const { detail } = what
    if (typeof detail !== "object" || detail === null || Array.isArray(detail)) continue
    const digest = detail["policy"]
    if (typeof digest === "string") return digest
  }
  return null
}
