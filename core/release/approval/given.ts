import { z } from "zod"
import type { HappeningOf, LedgerEvent } from "../../ledger/event.js"
import type { Ledger } from "../../ledger/ledger.js"
import { madeId } from "../../ledger/made-id.js"
import { runId } from "../../qa/run-id.js"
import { type ApprovalFile, approvalFile, approvalId } from "./approval.js"
import type { ApprovalProblem } from "./problem.js"
import { type Asked, judgeApprovals } from "./verify.js"

/**
 * Approvals that were written to the ledger before the deployment. Anyone who may write to the ledger can write such an event: only what its
 * signature says counts, and one that does not count refuses nothing.
 */

/** Approvals of a plan, the newest first. A signature for --break-glass is passed as a file. */
export function givenApprovals(events: readonly LedgerEvent[], planId: string): ApprovalFile[] {
  const files = new Map<string, ApprovalFile>()
  for (const { what } of events) {
    if (what.kind !== "approval-given" || what.planId !== planId) continue
    const parsed = approvalFile.safeParse(what.signed)
    if (!parsed.success || parsed.data.statement.purpose !== "approval") continue
    // a forged copy does not take the place of the signed one
    files.set(`${approvalId(parsed.data.statement)} ${parsed.data.signature}`, parsed.data)
  }
  return [...files.values()].reverse()
}

export interface Counted {
  /** Those that count beside the approvals that were passed as files, as files. */
  readonly texts: readonly string[]
  /** Why the others do not, with the approver's name. */
  readonly others: readonly (Pick<ApprovalProblem, "code" | "message"> & { readonly approver: string })[]
}

/**
 * The approvals of the ledger that count: of each approver one, and none of an approver whose file was passed.
 *
 * @param files that were passed; all of them are judged, and one that is wrong refuses the deployment
 */
export function countedApprovals(given: readonly ApprovalFile[], files: readonly string[], asked: Asked): Counted {
  const texts: string[] = []
  const others: Counted["others"][number][] = []
  for (const one of given) {
    const text = JSON.stringify(one)
    const all = [...files, ...texts, text]
    const verdict = judgeApprovals(all, asked)
    const problems = verdict.kind === "approved" ? [] : verdict.problems.filter(({ file }) => file === all.length - 1)
    if (problems.length === 0) texts.push(text)
    else others.push(...problems.map(({ code, message }) => ({ code, message, approver: one.statement.approver })))
  }
  return { texts, others }
}

/**
 * Writes an approval to the ledger. It is judged when the plan is deployed.
 *
 * @returns false: the ledger has it already
 */
export async function recordGiven(ledger: Pick<Ledger, "recordOnce">, file: ApprovalFile): Promise<boolean> {
  const { service, environment, approver } = file.statement
  const context = { service, environment, release: null, run: runId(new Date()), token: null, who: approver }
  return await ledger.recordOnce(context, givenEvent(file), madeId("tollgate approval", approvalId(file.statement)))
}

const json = z.json()

function givenEvent(file: ApprovalFile): HappeningOf<"approval-given"> {
  const { planId, planSha256, approver } = file.statement
  return { kind: "approval-given", planId, planSha256, approver, signed: json.parse(JSON.parse(JSON.stringify(file))) }
}
