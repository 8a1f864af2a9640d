import { samePerson } from "../config/approver-key.js"
import type { Ledger } from "../ledger/ledger.js"
import type { ApprovalFile } from "../release/approval/approval.js"
import { isSigned } from "../release/approval/verify.js"
import { actionOf } from "../requests/cancel.js"
import type { RequestRecord } from "../requests/fold.js"
import type { RequestStatement } from "../requests/request.js"

/** Why an approval that a request hands over cannot count; null: it can. `deploy` judges it again, with everything else. */
export async function approvalProblem(
  file: ApprovalFile,
  { who, key }: Pick<RequestStatement, "who" | "key">,
  { service, environment, now }: { readonly service: string; readonly environment: string; readonly now: Date },
  ledger: Pick<Ledger, "eventsOfKind">,
): Promise<string | null> {
  const { statement } = file
  if (statement.key !== key || !samePerson(statement.approver, who))
    return `is signed by ${statement.approver}, but was submitted by ${who}`
  if (!isSigned(file)) return "has a signature that does not match"
  if (statement.environment !== environment) return `is for ${statement.environment}`
  if (statement.service !== service) return `is for the service ${statement.service}`
  if (Date.parse(statement.expiresAt) <= now.getTime()) return "has expired"
  const planned = await ledger.eventsOfKind(environment, "planned")
  return planned.some(
    ({ what }) =>
      what.kind === "planned" && what.planId === statement.planId && what.planSha256 === statement.planSha256,
  )
    ? null
    : "is for a plan file that `tollgate plan` did not record in this ledger"
}

/** The approvals of a plan that requests have handed over, each person's latest. `deploy` verifies them. */
export function approvalsOf(requests: readonly RequestRecord[], planId: string): string[] {
  const files = new Map<string, ApprovalFile>()
  for (const record of requests) {
    const action = actionOf(record)
    if (record.state.kind !== "finished" || record.state.outcome !== "done" || action?.kind !== "approve") continue
    const { statement } = action.approval
    if (statement.planId === planId) files.set(statement.key, action.approval)
  }
  return [...files.values()].map((file) => JSON.stringify(file))
}
