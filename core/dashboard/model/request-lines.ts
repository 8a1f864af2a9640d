import type { Operator } from "../../config/operators.js"
import { actionOf } from "../../requests/cancel.js"
import type { RequestRecord } from "../../requests/fold.js"
import { plainAction, type RequestAction, requestFile } from "../../requests/request.js"
import { actionWords } from "../../requests/screen.js"

/** A request as a page shows it. Its signature is the runner's to verify. */
export interface RequestLine {
  readonly id: string
  readonly number: number
  readonly at: string
  readonly what: string
  readonly who: string
  readonly reason: string
  readonly state:
    | "waiting"
    | "expired"
    | "taken"
    | "refused"
    | "done"
    | "failed"
    | "canceled"
    | "missed"
    | "interrupted"
  /** When it runs or expires; null: it is over, or a runner has it. */
  readonly until: { readonly kind: "runs" | "expires"; readonly at: string } | null
  /** Reasons of a refusal, or what the runner said. */
  readonly notes: readonly string[]
  readonly release: string | null
  /** What one must be allowed to request in order to cancel it; null: it can no longer be canceled. */
  readonly cancel: Operator["may"][number] | null
}

/** Requests shown at most. */
const MOST = 20

/**
 * @param requests oldest first
 * @param now the ledger's clock
 * @returns the newest first; those that wait are always among them
 */
export function requestLines(requests: readonly RequestRecord[], now: Date): RequestLine[] {
  const lines = requests.map((record) => lineOf(record, now)).reverse()
  return lines.filter(({ state }, index) => index < MOST || state === "waiting")
}

function lineOf(record: RequestRecord, now: Date): RequestLine {
  const { number, at, id, state, signed, replayed } = record
  const parsed = requestFile.safeParse(signed)
  const statement = parsed.success ? parsed.data.statement : null
  const action = actionOf(record)
  const until = statement === null ? null : untilOf(statement.action, statement.expiresAt)
  // what is scheduled and late is the runner's to report as missed
  const expired = until !== null && until.kind === "expires" && Date.parse(until.at) <= now.getTime()
  const waiting = state.kind === "open" && !expired
  return {
    id,
    number,
    at,
    what: action === null ? "unreadable" : actionWords(action),
    who: statement?.who ?? "–",
    reason: statement?.reason ?? "",
    state:
      state.kind === "open"
        ? waiting
          ? "waiting"
          : "expired"
        : state.kind === "finished"
          ? state.outcome
          : state.kind,
    until: waiting ? until : null,
    notes: notesOf(state, expired),
    release: state.kind === "finished" ? state.release : null,
    cancel: waiting && !replayed && action !== null ? neededFor(action) : null,
  }
}

function untilOf(action: RequestAction, expiresAt: string): NonNullable<RequestLine["until"]> {
  return action.kind === "schedule" ? { kind: "runs", at: action.at } : { kind: "expires", at: expiresAt }
}

function notesOf(state: RequestRecord["state"], expired: boolean): string[] {
  switch (state.kind) {
    case "refused":
      return state.problems.map(({ code, message }) => `${code}: it ${message}`)
    case "finished":
      return state.note === "" ? [] : [state.note]
    case "open":
      return expired ? ["no runner took it in time"] : []
    case "taken":
      return state.attempt > 1 ? ["a runner that had it before was killed"] : []
  }
}

function neededFor(action: RequestAction): RequestLine["cancel"] {
  const { kind } = plainAction(action)
  return kind === "approve" || kind === "cancel" ? null : kind
}
