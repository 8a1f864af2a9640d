import type { ApprovalSettings } from "../../config/approvals.js"
import type { FreezeSettings } from "../../config/freeze.js"
import type { HappeningOf, LedgerEvent } from "../../ledger/event.js"
import type { LeaseHolder, ReleaseRecord } from "../../ledger/ledger.js"
import { type FreezeVerdict, judgeFreeze } from "../../release/freeze/freeze.js"
import type { PolicyHistory } from "../../release/policy/in-force.js"
import { count } from "../../shared/figures.js"
import { freezeOf } from "./freeze.js"
import { type WaitingPlan, waitingPlans } from "./plans.js"
import { type DueReview, dueReviews } from "./reviews.js"
import { type TargetPage, targetPage } from "./target.js"

/** What the ledger has about one environment. */
export interface EnvironmentFacts {
  readonly environment: string
  /** The newest first. */
  readonly releases: readonly ReleaseRecord[]
  /** The newest end of a release that verified what serves; null: none is recorded. */
  readonly served: LedgerEvent | null
  readonly lease: LeaseHolder | null
  /** The latest change; null: none is recorded. */
  readonly maintenance: LedgerEvent | null
  readonly policies: PolicyHistory
  /** Oldest first. */
  readonly broken: readonly LedgerEvent[]
  readonly reviewed: readonly LedgerEvent[]
  /** Recent plans, the newest first. */
  readonly planned: readonly LedgerEvent[]
  /** Recent starts of releases, the newest first. */
  readonly started: readonly LedgerEvent[]
  /** Recent approvals, the newest first. */
  readonly approved: readonly LedgerEvent[]
  /** Recent approvals that were given before a deployment, the newest first. */
  readonly given: readonly LedgerEvent[]
  /** Approvals of policies that were given before an adoption, oldest first. */
  readonly policyApprovals: readonly LedgerEvent[]
  /** Recent events that change what is live or maintenance mode, oldest first. */
  readonly changes: readonly LedgerEvent[]
  /** Signed requests, and what runners did about them, oldest first. */
  readonly requested: readonly LedgerEvent[]
  /** Runners that are alive. */
  readonly runners: number
  /** Recent reports of what the target has, the newest first. */
  readonly seen: readonly LedgerEvent[]
  /** Who looked at the target last, and when (`heartbeatAt`); null: nobody did. */
  readonly look: (LeaseHolder & { readonly expired: boolean }) | null
}

/** What tollgate.yaml, as this dashboard read it, says about the environment; null: it does not have it. */
export interface ProposedPolicy {
  /** Settings that differ from the policy in force. */
  readonly difference: readonly string[]
  readonly needed: boolean
  readonly freeze: FreezeSettings
  readonly keys: ApprovalSettings["keys"]
}

export interface Live {
  /** null: a release that this ledger does not know. */
  readonly release: string | null
  readonly digest: string
  readonly version: string | null
  /** When a run last verified from outside that it serves. */
  readonly verifiedAt: string
  readonly verifiedBy: string | null
}

export interface EnvironmentPage {
  readonly environment: string
  readonly live: Live | null
  readonly latest: ReleaseRecord | null
  readonly releases: readonly ReleaseRecord[]
  /** Releases that served before the live one, by this record. */
  readonly before: readonly ReleaseRecord[]
  /** What the target has, by the latest report. */
  readonly target: TargetPage
  readonly lease: LeaseHolder | null
  readonly maintenance: {
    readonly on: boolean
    readonly message: string
    readonly at: string
    readonly who: string
  } | null
  readonly policies: PolicyHistory
  readonly difference: readonly string[] | null
  readonly reviews: readonly DueReview[]
  readonly plans: readonly WaitingPlan[]
  readonly freeze: FreezeVerdict
  readonly freezeSettings: FreezeSettings | null
  /** Why a deployment started now would stop; empty: the ledger has no reason. */
  readonly blocks: readonly string[]
}

export function environmentPage(facts: EnvironmentFacts, proposed: ProposedPolicy | null, now: Date): EnvironmentPage {
  const { environment, releases, lease, policies } = facts
  const { inForce } = policies
  const freezeSettings = inForce === null ? (proposed?.freeze ?? null) : freezeOf(inForce.policy)
  const freeze: FreezeVerdict = freezeSettings === null ? { kind: "open" } : judgeFreeze(freezeSettings, now)
  const live = liveOf(facts)
  const before = servedBefore(releases, live)
  const maintenance = maintenanceOf(facts.maintenance)
  const difference = proposed === null || inForce === null ? null : proposed.difference
  return {
    environment,
    live,
    latest: releases[0] ?? null,
    releases,
    before,
    target: targetPage(facts, { live, before, maintenance }),
    lease,
    maintenance,
    policies,
    difference,
    reviews: dueReviews(facts, inForce?.policy.approvals.keys ?? proposed?.keys ?? [], now),
    plans: waitingPlans(facts, inForce?.policy.approvals ?? null, now),
    freeze,
    freezeSettings,
    blocks: [
      ...(lease === null ? [] : [`The lease is held: ${lease.command} by ${lease.who}, run ${lease.run}.`]),
      ...(freeze.kind === "frozen" ? [`The environment is frozen: ${freeze.reasons.join("; ")}.`] : []),
      ...(inForce === null && proposed?.needed === true
        ? ["No policy is in force, and this environment needs one."]
        : []),
      ...(difference !== null && difference.length > 0
        ? [
            `tollgate.yaml, as this dashboard last read it, differs from the policy in force in ${difference.length === 1 ? "one setting" : `${difference.length} settings`}.`,
          ]
        : []),
      ...(inForce !== null && inForce.policy.approvals.required > 0
        ? [`Each release needs ${count(inForce.policy.approvals.required, "approval")} of its own plan.`]
        : []),
    ],
  }
}

function liveOf({ served, releases }: Pick<EnvironmentFacts, "served" | "releases">): Live | null {
  if (served?.what.kind !== "release-finished" || served.what.serving === null) return null
  const { release, digest } = served.what.serving
  const known = releases.find(({ id, digest: other }) => id === release && other === digest)
  return {
    release,
    digest,
    version: known?.version ?? null,
    verifiedAt: served.journaled ? served.happenedAt : served.at,
    verifiedBy: served.context.release,
  }
}

/** Each once, the newest first. */
function servedBefore(releases: readonly ReleaseRecord[], live: Live | null): ReleaseRecord[] {
  const seen = new Set<string>(live === null ? [] : [live.digest])
  return releases.filter(({ outcome, digest, action }) => {
    if (outcome !== "live" || action !== "deploy" || seen.has(digest)) return false
    seen.add(digest)
    return true
  })
}

function maintenanceOf(event: LedgerEvent | null): EnvironmentPage["maintenance"] {
  if (event?.what.kind !== "maintenance") return null
  const { on, message }: HappeningOf<"maintenance"> = event.what
  return { on, message, at: event.journaled ? event.happenedAt : event.at, who: event.context.who }
}
