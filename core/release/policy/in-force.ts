import { z } from "zod"
import type { LedgerEvent } from "../../ledger/event.js"
import { policyApprovalId } from "./change.js"
import { judgeChange } from "./judge-change.js"
import { type Policy, policyDigest, policySchema } from "./policy.js"

export interface Adopted {
  readonly digest: string
  readonly policy: Policy
  /** Number of its event in the ledger. */
  readonly number: number
  readonly at: string
  readonly who: string
  readonly reason: string
  readonly approvers: readonly string[]
  /** Ids of its approvals. */
  readonly approvals: readonly string[]
}

export interface PolicyHistory {
  /** The latest valid one; null: none. */
  readonly inForce: Adopted | null
  /** Oldest first. */
  readonly adopted: readonly Adopted[]
  /** Adoptions without valid approvals, written into the ledger by hand. They are not in force. */
  readonly problems: readonly { readonly number: number; readonly why: string }[]
}

const record = z.object({ policy: policySchema, approvals: z.array(z.unknown()) })

/**
 * Follows the adoptions of one environment. Each must be approved under the policy that was in force then, so that one entry of a
 * database does not change the rules.
 *
 * @param events oldest first
 */
export function policyHistory(events: readonly LedgerEvent[]): PolicyHistory {
  let inForce: Adopted | null = null
  const adopted: Adopted[] = []
  const problems: { number: number; why: string }[] = []
  for (const { what, number, at, context } of events) {
    if (what.kind !== "policy-adopted") continue
    const refuse = (why: string) => problems.push({ number, why })
    const parsed = record.safeParse(what.signed)
    if (!parsed.success) {
      refuse("is not a policy that this Tollgate can read")
      continue
    }
    const { policy, approvals } = parsed.data
    const before: Adopted | null = inForce
    const verdict = judgeChange(approvals, before?.policy ?? null, policy, new Date(at), usedApprovals(adopted))
    if (policy.service !== context.service || policy.environment !== context.environment)
      refuse("is the policy of another environment")
    else if (verdict.kind === "refused") refuse(verdict.problems.join("; "))
    else {
      inForce = {
        digest: policyDigest(policy),
        policy,
        number,
        at,
        who: context.who,
        reason: what.reason,
        approvers: verdict.approvals.map(({ statement }) => statement.approver),
        approvals: verdict.approvals.map(({ statement }) => policyApprovalId(statement)),
      }
      adopted.push(inForce)
    }
  }
  return { inForce, adopted, problems }
}

/** Approvals that no further adoption can use: the policies may return to what they were, and an approval names only the two. */
export function usedApprovals(adopted: readonly Adopted[]): Set<string> {
  return new Set(adopted.flatMap(({ approvals }) => approvals))
}
