import { z } from "zod"
import type { HappeningOf, LedgerEvent } from "../../ledger/event.js"
import type { Ledger } from "../../ledger/ledger.js"
import { madeId } from "../../ledger/made-id.js"
import { runId } from "../../qa/run-id.js"
import { type PolicyApproval, policyApproval, policyApprovalId } from "./change.js"
import { type PolicyHistory, usedApprovals } from "./in-force.js"
import { judgeChange, type WrongApproval } from "./judge-change.js"
import type { Policy } from "./policy.js"

/**
 * Approvals of policies that were written to the ledger before the adoption. Anyone who may write to the ledger can write such an event: only
 * what its signature says counts, and one that does not count refuses nothing.
 */

export interface CountedChange {
  /** Those that count beside the ones that were passed as files: of each approver one. */
  readonly approvals: readonly PolicyApproval[]
  /** Why the others do not, with the approver's name. */
  readonly others: readonly (Omit<WrongApproval, "file"> & { readonly approver: string })[]
}

/**
 * The approvals of the ledger that count for this change. Those of before the policy in force was adopted are over.
 *
 * @param events oldest first
 * @param files that were passed; all of them are judged, and one that is wrong refuses the adoption
 */
export function countedForChange(
  events: readonly LedgerEvent[],
  files: readonly unknown[],
  { inForce, adopted }: PolicyHistory,
  to: Policy,
  now: Date,
): CountedChange {
  const since = new Map<string, number>()
  const given = new Map<string, PolicyApproval>()
  for (const { what, number } of events) {
    const parsed = what.kind === "policy-approval-given" ? policyApproval.safeParse(what.signed) : null
    if (parsed?.success !== true) continue
    const id = policyApprovalId(parsed.data.statement)
    // one that is written again stays as old as it was; a forged copy does not take the place of the signed one
    if (!since.has(id)) since.set(id, number)
    if ((since.get(id) ?? 0) > (inForce?.number ?? 0)) given.set(`${id} ${parsed.data.signature}`, parsed.data)
  }
  const approvals: PolicyApproval[] = []
  const others: CountedChange["others"][number][] = []
  // the newest first: a later one of a person takes the place of one that expires earlier
  for (const one of [...given.values()].reverse()) {
    const all = [...files, ...approvals, one]
    const { found } = judgeChange(all, inForce?.policy ?? null, to, now, usedApprovals(adopted))
    const own = found.filter(({ file }) => file === all.length - 1)
    if (own.length === 0) approvals.push(one)
    else others.push(...own.map(({ code, message }) => ({ code, message, approver: one.statement.approver })))
  }
  return { approvals, others }
}

/**
 * Writes an approval to the ledger. It is judged when the policy is adopted.
 *
 * @returns false: the ledger has it already
 */
export async function recordPolicyApproval(ledger: Pick<Ledger, "recordOnce">, file: PolicyApproval): Promise<boolean> {
  const { service, environment, approver } = file.statement
  const context = { service, environment, release: null, run: runId(new Date()), token: null, who: approver }
  return await ledger.recordOnce(
    context,
    givenEvent(file),
    madeId("tollgate policy approval", policyApprovalId(file.statement), file.signature),
  )
}

const json = z.json()

function givenEvent(file: PolicyApproval): HappeningOf<"policy-approval-given"> {
  const { from, to, approver } = file.statement
  return { kind: "policy-approval-given", from, to, approver, signed: json.parse(file) }
}
