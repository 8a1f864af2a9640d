import type { HappeningOf, LedgerEvent } from "../ledger/event.js"
import type { RequestProblem } from "./problem.js"
import type { RequestAction } from "./request.js"

type Deploy = Extract<RequestAction, { kind: "deploy" }>

/** Whether a request to deploy is for a plan that `tollgate plan` recorded, and for the commit that was planned. */
export function plannedProblems(
  { planId, planSha256, revision }: Deploy,
  events: readonly LedgerEvent[],
): RequestProblem[] {
  const plan = plannedWith(events, planSha256)
  const problem = (message: string): RequestProblem[] => [{ code: "request-plan", message }]
  if (plan === null || plan.planId !== planId)
    return problem("is for a plan file that `tollgate plan` did not record in this ledger for this environment")
  if (plan.revision === null)
    return problem("is for a plan whose commit is not known: its source had uncommitted changes, or was not in Git")
  return plan.revision === revision
    ? []
    : problem(`is for the commit ${revision.slice(0, 12)}, and ${plan.revision.slice(0, 12)} was planned`)
}

/** The plan of a plan file; null: it was not recorded. */
export function plannedWith(events: readonly LedgerEvent[], planSha256: string): HappeningOf<"planned"> | null {
  for (const { what } of events) if (what.kind === "planned" && what.planSha256 === planSha256) return what
  return null
}
