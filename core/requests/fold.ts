import type { LedgerEvent, RequestOutcome } from "../ledger/event.js"
import type { RequestProblem } from "./problem.js"
import { requestFile } from "./request.js"

/** Kinds of events that `requestsOf` reads. */
export const REQUEST_KINDS = ["requested", "request-taken", "request-refused", "request-finished"] as const

/** A request and its result. `open`: no runner has taken it. */
export type RequestState =
  | { readonly kind: "open" }
  | {
      readonly kind: "taken"
      readonly attempt: number
      readonly lease: { readonly place: number; readonly token: number }
    }
  | {
      readonly kind: "refused"
      readonly problems: readonly (Omit<RequestProblem, "code"> & { readonly code: string })[]
    }
  | {
      readonly kind: "finished"
      readonly outcome: RequestOutcome
      readonly release: string | null
      readonly note: string
    }

export interface RequestRecord {
  /** Number of its event. */
  readonly number: number
  /** By the database's clock. */
  readonly at: string
  /** As the event names it: not verified. */
  readonly id: string
  /** As it was signed: not verified. */
  readonly signed: unknown
  /** Whether a request before it in the ledger has the same id. */
  readonly replayed: boolean
  readonly state: RequestState
}

/**
 * The requests of an environment. Nothing here is verified: `judgeRequest` does that.
 *
 * @param events of `REQUEST_KINDS`, oldest first
 */
export function requestsOf(events: readonly LedgerEvent[]): RequestRecord[] {
  const requests = new Map<number, RequestRecord>()
  const ids = new Set<string>()
  /** The run that took each request last. */
  const takenBy = new Map<number, string>()
  const set = (number: number, state: RequestState) => {
    const known = requests.get(number)
    if (known !== undefined) requests.set(number, { ...known, state })
  }
  for (const { what, number, at, context } of events) {
    switch (what.kind) {
      case "requested": {
        const id = idOf(what.signed) ?? what.request
        requests.set(number, { number, at, id, signed: what.signed, replayed: ids.has(id), state: { kind: "open" } })
        ids.add(id)
        break
      }
      case "request-taken": {
        const before = requests.get(what.number)?.state
        // what its run said takes precedence over what others saw of it
        if (before?.kind === "open" || before?.kind === "taken" || isInterrupted(before)) {
          set(what.number, { kind: "taken", attempt: what.attempt, lease: what.lease })
          takenBy.set(what.number, context.run)
        }
        break
      }
      case "request-refused":
        set(what.number, { kind: "refused", problems: what.problems })
        break
      case "request-finished": {
        const before = requests.get(what.number)?.state
        if (before?.kind === "finished" && !isInterrupted(before)) break
        // a run that was only stopped, and whose request another one has ended since
        if (what.outcome !== "interrupted" && isOther(takenBy.get(what.number), context.run)) break
        set(what.number, { kind: "finished", outcome: what.outcome, release: what.release, note: what.note })
        break
      }
    }
  }
  return [...requests.values()]
}

function isOther(taker: string | undefined, run: string): boolean {
  return taker !== undefined && taker !== run
}

function isInterrupted(state: RequestState | undefined): boolean {
  return state?.kind === "finished" && state.outcome === "interrupted"
}

/** By the signed file: the id beside it could be another one. */
function idOf(signed: unknown): string | null {
  const parsed = requestFile.safeParse(signed)
  return parsed.success ? parsed.data.statement.id : null
}
