import type { LedgerEvent } from "../ledger/event.js"
import { stateAt } from "./freshness.js"
import type { RequestProblem } from "./problem.js"
import { plainAction, type RequestStatement } from "./request.js"

/**
 * Whether the environment has moved since the person saw it. What is scheduled is compared with the state when the request reached the
 * ledger, everything else with the state now.
 */
export function freshnessProblems(
  { sees, action }: RequestStatement,
  { events, written }: { events: readonly LedgerEvent[]; written: { readonly number: number } },
): RequestProblem[] {
  if (sees.event >= written.number)
    return [
      {
        code: "request-other-ledger",
        message: `names event ${sees.event}, which the ledger did not have when the request reached it`,
      },
    ]
  const seen = stateAt(events, sees.event)
  const now = stateAt(events, action.kind === "schedule" ? written.number : Number.MAX_SAFE_INTEGER)
  const stale = (message: string): RequestProblem[] => [{ code: "request-stale", message }]
  if (seen.live !== sees.live)
    return stale(
      `says that ${sees.live ?? "nothing"} was live at event ${sees.event}; the ledger has ${seen.live ?? "nothing"}`,
    )
  const plain = plainAction(action)
  switch (plain.kind) {
    case "deploy":
    case "rollback":
      // a deployment that was in progress may have ended meanwhile: a rollback is meant for what it left
      if (now.live === seen.live || (plain.kind === "rollback" && seen.running !== null && now.live === seen.running))
        return []
      return stale(`was made when ${seen.live ?? "nothing"} was live; ${now.live ?? "nothing"} is live now`)
    case "maintenance":
      return now.maintenance === seen.maintenance
        ? []
        : stale(`was made before event ${now.maintenance}, which turned maintenance mode on or off`)
    // they name the run or the request that they are about
    case "unlock":
    case "cancel":
      return []
  }
}

/** The release that a rollback leads to: with a deployment in progress, the one before it. Empty: the one before the live one. */
export function rollbackTo(
  { sees, action }: RequestStatement,
  events: readonly LedgerEvent[],
): { readonly to: string; readonly from: readonly string[] } {
  const plain = plainAction(action)
  const to = plain.kind === "rollback" ? plain.to : ""
  const { running } = stateAt(events, sees.event)
  const from = [sees.live, running].flatMap((one) => (one === null ? [] : [one]))
  return { to: to === "" && running !== null ? (sees.live ?? "") : to, from }
}
