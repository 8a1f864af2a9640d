import type { ApprovalSettings } from "../../config/approvals.js"
import { sameKey, samePerson } from "../../config/approver-key.js"
import type { LedgerEvent } from "../../ledger/event.js"
import { givenApprovals } from "../../release/approval/given.js"
import { isSigned } from "../../release/approval/verify.js"

/** A person who is listed as an approver, and whether their approval of a plan would count. */
export interface Approver {
  readonly name: string
  /** Why it would not; null: it would. */
  readonly whyNot: string | null
}

export interface RecordedApproval {
  readonly approver: string
  readonly reason: string
  readonly expiresAt: string
  readonly expired: boolean
}

export interface WaitingPlan {
  readonly planId: string
  /** Of its latest file. */
  readonly planSha256: string
  /** The commit that was planned; null: not known, and a runner cannot deploy it. */
  readonly revision: string | null
  readonly plannedAt: string
  readonly who: string
  /** null: not known, for the reason in `authorsUnknown`. */
  readonly authors: readonly string[] | null
  readonly authorsUnknown: string
  /** Those in the ledger: given before a deployment, or passed to one. */
  readonly approvals: readonly RecordedApproval[]
  readonly required: number
  readonly approvers: readonly Approver[]
  /** Releases that were started from it, and did not become live. */
  readonly attempts: readonly string[]
}

/** Plans shown at most. */
const MOST = 10

/**
 * Plans that no release has made live, newer than the latest that one did. An older one is out of date: it was made for another live
 * release.
 *
 * @param rules of the policy in force; null: none is
 */
export function waitingPlans(
  events: {
    readonly planned: readonly LedgerEvent[]
    readonly started: readonly LedgerEvent[]
    readonly approved: readonly LedgerEvent[]
    readonly given: readonly LedgerEvent[]
    readonly releases: readonly { readonly id: string; readonly outcome: string; readonly planId: string | null }[]
  },
  rules: ApprovalSettings | null,
  now: Date,
): WaitingPlan[] {
  const served = new Set(
    events.releases.flatMap(({ outcome, planId }) =>
      planId !== null && (outcome === "live" || outcome === "running" || outcome === "rolled-back") ? [planId] : [],
    ),
  )
  const plans: WaitingPlan[] = []
  const seen = new Set<string>()
  for (const { what, at, context } of events.planned) {
    if (what.kind !== "planned" || plans.length >= MOST) continue
    if (served.has(what.planId)) break
    if (seen.has(what.planId)) continue
    seen.add(what.planId)
    const { planId, planSha256, revision, authors, authorsUnknown } = what
    plans.push({
      planId,
      planSha256,
      revision,
      plannedAt: at,
      who: context.who,
      authors,
      authorsUnknown,
      approvals: approvalsOf(planId, events, rules, now),
      required: rules?.required ?? 0,
      approvers: rules === null ? [] : approversOf(rules, authors, now),
      attempts: [
        ...new Set(
          events.started.flatMap(({ what: start, context: { release } }) =>
            start.kind === "release-started" && start.planId === planId && release !== null ? [release] : [],
          ),
        ),
      ],
    })
  }
  return plans
}

function approvalsOf(
  planId: string,
  { approved, given }: { readonly approved: readonly LedgerEvent[]; readonly given: readonly LedgerEvent[] },
  rules: ApprovalSettings | null,
  now: Date,
): RecordedApproval[] {
  const one = ({ approver, reason, expiresAt }: Omit<RecordedApproval, "expired">): RecordedApproval => ({
    approver,
    reason,
    expiresAt,
    expired: Date.parse(expiresAt) <= now.getTime(),
  })
  // any writer of the ledger could add one: the page of the plan says why another one does not count
  const signed = givenApprovals([...given].reverse(), planId).filter(
    (file) => isSigned(file) && rules?.keys.some(({ key }) => sameKey(key, file.statement.key)) === true,
  )
  const used = approved.flatMap(({ what }) => (what.kind === "approved" && what.planId === planId ? [what] : []))
  const times = new Set(used.map(({ key, signedAt }) => `${key} ${signedAt}`))
  return [
    ...used.map(one),
    ...signed.flatMap(({ statement }) => (times.has(`${statement.key} ${statement.signedAt}`) ? [] : [one(statement)])),
  ]
}

/** Two keys of one person are one approver. */
function approversOf(rules: ApprovalSettings, authors: readonly string[] | null, now: Date): Approver[] {
  const today = now.toISOString().slice(0, 10)
  const people = new Map<string, Approver>()
  for (const { name, also, revoked } of rules.keys) {
    const names = [name, ...also]
    const own = authors?.find((author) => names.some((one) => samePerson(one, author)))
    const whyNot =
      revoked !== undefined && revoked <= today
        ? `the key was revoked on ${revoked}`
        : rules.requireSeparation && authors === null
          ? "the authors of the plan are not known"
          : rules.requireSeparation && own !== undefined
            ? `wrote a commit of this plan as ${own}`
            : null
    const before = people.get(name)
    if (before === undefined || before.whyNot !== null) people.set(name, { name, whyNot })
  }
  return [...people.values()]
}
