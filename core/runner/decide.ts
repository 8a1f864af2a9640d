import type { LedgerEvent } from "../ledger/event.js"
import { actionOf, canceledBy } from "../requests/cancel.js"
import type { RequestRecord } from "../requests/fold.js"
import type { RequestRules } from "../requests/operators.js"
import { plannedProblems } from "../requests/planned-problems.js"
import type { RequestProblem } from "../requests/problem.js"
import { plainAction, type RequestStatement } from "../requests/request.js"
import { judgeRequest } from "../requests/verify.js"

/** How late something scheduled may still start, in seconds. Later it is reported as missed. */
export const TOLERANCE = 120
/** An interrupted request is tried once more. */
const MOST_ATTEMPTS = 2
/** How many runners try to undo a deployment. */
const MOST_RECOVERIES = 3

export type Decision =
  | { readonly kind: "run"; readonly attempt: number; readonly statement: RequestStatement }
  | { readonly kind: "refuse"; readonly problems: readonly RequestProblem[] }
  /** Scheduled, and its time was over before a runner could start it. */
  | { readonly kind: "miss"; readonly at: string }
  /** The runner that had it was killed, and it is not tried again. */
  | { readonly kind: "interrupt"; readonly attempt: number; readonly why: string }
  /** The runner that had this deployment was killed: what it left is undone. */
  | { readonly kind: "recover"; readonly attempt: number }
  /** Scheduled for later, with another runner, or over. */
  | { readonly kind: "leave" }

export interface Context {
  readonly service: string
  readonly environment: string
  readonly rules: RequestRules
  readonly requests: readonly RequestRecord[]
  /** Events of `STATE_KINDS`, oldest first. */
  readonly events: readonly LedgerEvent[]
  /** Events of plans. */
  readonly planned: readonly LedgerEvent[]
  readonly now: Date
  /** Whether this runner deploys. */
  readonly deploys: boolean
  /** Whether the runner with this lease is alive. */
  alive(lease: { readonly place: number; readonly token: number }): boolean
}

/** What a runner does about a request. Pure. */
export function decide(record: RequestRecord, context: Context): Decision {
  const { state } = record
  if (state.kind === "taken")
    return context.alive(state.lease) ? { kind: "leave" } : afterKill(record, state.attempt, context)
  if (state.kind !== "open") return { kind: "leave" }
  const verdict = judged(record, context)
  if (verdict.kind === "refused") return { kind: "refuse", problems: verdict.problems }
  const { statement } = verdict
  if (statement.action.kind === "schedule") {
    const late = (context.now.getTime() - Date.parse(statement.action.at)) / 1000
    if (late < 0) return { kind: "leave" }
    if (late > TOLERANCE) return { kind: "miss", at: statement.action.at }
  }
  return { kind: "run", attempt: 1, statement }
}

/** A rollback and maintenance mode may be tried again: they verify the state that they begin with. A deployment is undone. */
function afterKill(record: RequestRecord, attempt: number, context: Context): Decision {
  const interrupt = (why: string): Decision => ({ kind: "interrupt", attempt, why })
  const action = actionOf(record)
  const again = action === null ? null : plainAction(action).kind
  if (again === "deploy" && attempt <= MOST_RECOVERIES) return { kind: "recover", attempt }
  if (again !== "rollback" && again !== "maintenance") return interrupt("it is not retried: make a new request")
  if (attempt >= MOST_ATTEMPTS) return interrupt(`it was tried ${attempt} times`)
  const verdict = judged(record, context)
  return verdict.kind === "refused"
    ? interrupt(`it is not retried: it ${verdict.problems.map(({ message }) => message).join("; it ")}`)
    : { kind: "run", attempt: attempt + 1, statement: verdict.statement }
}

type Verdict = ReturnType<typeof judgeRequest>

function judged(record: RequestRecord, context: Context): Verdict {
  const { service, environment, rules, requests, events, now } = context
  const target = canceledBy(record.signed, requests)
  const verdict = judgeRequest(record.signed, {
    service,
    environment,
    rules,
    written: { at: new Date(record.at), number: record.number },
    earlier: new Set(record.replayed ? [record.id] : []),
    canceled: target === null ? null : actionOf(target),
    events,
    now,
  })
  const statement = verdict.statement
  if (statement === null) return verdict
  const before = verdict.kind === "refused" ? verdict.problems : []
  const more = [...targetProblems(statement, target), ...deployProblems(statement, context)]
  const problems = [...before, ...more]
  return problems.length === 0 ? verdict : { kind: "refused", statement, problems }
}

function targetProblems({ action }: RequestStatement, target: RequestRecord | null): RequestProblem[] {
  if (action.kind !== "cancel") return []
  if (target === null)
    return [
      {
        code: "request-target",
        message: `cancels the request ${action.request}, which this environment does not have`,
      },
    ]
  return target.state.kind === "open"
    ? []
    : [{ code: "request-target", message: `cancels the request ${action.request}, which a runner has already taken` }]
}

function deployProblems({ action }: RequestStatement, { deploys, planned }: Context): RequestProblem[] {
  const plain = plainAction(action)
  if (plain.kind !== "deploy") return []
  return [
    ...plannedProblems(plain, planned),
    ...(deploys
      ? []
      : [
          {
            code: "request-unsupported" as const,
            message: "asks for a deployment, and this runner was not started in a Git repository",
          },
        ]),
  ]
}

/** Urgent requests come first, then the oldest. */
export function byUrgency(one: RequestRecord, other: RequestRecord): number {
  return urgency(one) - urgency(other) || one.number - other.number
}

function urgency(record: RequestRecord): number {
  const action = actionOf(record)
  switch (action?.kind) {
    case "rollback":
      return 0
    case "unlock":
    case "cancel":
      return 1
    case "maintenance":
      return 2
    default:
      return 3
  }
}
