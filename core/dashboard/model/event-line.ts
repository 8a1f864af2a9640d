import type { LedgerEvent } from "../../ledger/event.js"
import { duration } from "../../shared/figures.js"

export interface EventLine {
  readonly number: number
  /** By the database's clock; an event from a journal has its writer's. */
  readonly at: string
  readonly who: string
  readonly what: string
  /** Empty: nothing to add. */
  readonly more: string
  readonly remarks: readonly string[]
}

/** One event in words. */
export function eventLine(event: LedgerEvent): EventLine {
  const { number, at, happenedAt, journaled, stale, context } = event
  const [what, more] = wordsOf(event)
  return {
    number,
    at: journaled ? happenedAt : at,
    who: context.who,
    what,
    more,
    remarks: [
      ...(journaled ? ["recorded later, from a journal"] : []),
      ...(stale ? ["its run had lost the lease"] : []),
    ],
  }
}

function wordsOf({ what }: LedgerEvent): [what: string, more: string] {
  const { kind } = what
  switch (what.kind) {
    case "release-started":
      return [`${what.action === "rollback" ? "rollback" : "deployment"} started`, what.why]
    case "step-started":
      return [`${what.step}: started`, ""]
    case "step-finished":
      return [`${what.step}: ${what.outcome}, ${duration(what.seconds)}`, what.note]
    case "planned":
      return ["planned", what.planId]
    case "plan-file":
      return ["plan file kept", what.planId]
    case "approval-given":
      return [`approval given by ${what.approver}`, what.planId]
    case "policy-approval-given":
      return [`policy approved by ${what.approver}`, what.to]
    case "policy-adopted":
      return ["policy adopted", what.reason]
    case "approved":
      return [`approved by ${what.approver}`, what.reason]
    case "broke-glass":
      return [`break-glass: overrides ${what.waived.join(", ")}`, what.reason]
    case "glass-reviewed":
      return [`break-glass reviewed by ${what.approver}`, what.reason]
    case "release-finished":
      return [`ended: ${what.outcome}, ${duration(what.seconds)}`, what.causes.join("; ")]
    case "notified":
      return [
        `${what.channel} notified of ${what.event}: ${what.sent ? "sent" : `not sent after ${what.attempts} attempts`}`,
        what.error ?? "",
      ]
    case "lease-taken":
      return [
        `lease taken for ${what.command}${what.from === null ? "" : ` from run ${what.from.run}`}`,
        what.reason ?? "",
      ]
    case "lease-released":
      return ["lease released", ""]
    case "unlocked":
      return [`unlocked: run ${what.held.run} held the lease`, what.reason]
    case "maintenance":
      return [`maintenance ${what.on ? "on" : "off"}`, what.message]
    // a kind that has no words of its own here yet
    default:
      return [kind, ""]
  }
}
