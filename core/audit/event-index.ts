import type { LedgerEvent } from "../ledger/event.js"
import { approvalFile } from "../release/approval/approval.js"
import { type EventOf, isKind } from "./change.js"

/** Finds the events that a signature is judged by, without reading a ledger of many years again for each. */
export class EventIndex {
  readonly releases = new Map<string, LedgerEvent[]>()
  readonly #firstOfRun = new Map<string, number>()
  readonly #policyOfRun = new Map<string, EventOf<"step-finished">>()
  readonly #plans = new Map<string, EventOf<"planned">[]>()
  readonly #signed = new Map<string, LedgerEvent[]>()
  /** By release: its first event with traffic. */
  readonly #traffic = new Map<string, number>()

  /** @param events oldest first */
  constructor(events: readonly LedgerEvent[]) {
    for (const event of events) {
      const { number, context } = event
      const { release, run } = context
      if (!this.#firstOfRun.has(run)) this.#firstOfRun.set(run, number)
      if (release !== null) append(this.releases, release, event)
      if (isKind(event, "planned")) append(this.#plans, event.what.planId, event)
      if (isKind(event, "approved")) append(this.#signed, event.what.planId, event)
      if (isKind(event, "broke-glass")) {
        const signed = approvalFile.safeParse(event.what.signed)
        if (signed.success) append(this.#signed, signed.data.statement.planId, event)
      }
      if (isKind(event, "step-finished") && event.what.step === "policy" && event.what.outcome === "done")
        this.#policyOfRun.set(run, event)
      if (isKind(event, "step-started") && event.what.step === "switch" && release !== null)
        if (!this.#traffic.has(release)) this.#traffic.set(release, number)
    }
  }

  /** Number of a run's first event. */
  beginOf({ context, number }: LedgerEvent): number {
    return this.#firstOfRun.get(context.run) ?? number
  }

  /** Digest of the policy that a run was judged by; null: it was not recorded. */
  policyNamedBy({ context }: LedgerEvent): string | null {
    const detail = this.#policyOfRun.get(context.run)?.what.detail
    if (typeof detail !== "object" || detail === null || Array.isArray(detail)) return null
    const named = detail["policy"]
    return typeof named === "string" ? named : null
  }

  /** Plans of that id which were recorded before an event. */
  plansBefore({ number }: LedgerEvent, planId: string): LedgerEvent[] {
    return (this.#plans.get(planId) ?? []).filter((one) => one.number < number)
  }

  /** Approvals of a plan in releases that had traffic before an event, and those releases. */
  usesBefore(event: LedgerEvent, planId: string): { signed: LedgerEvent[]; served: Set<string> } {
    const signed = (this.#signed.get(planId) ?? []).filter(
      ({ number, context }) => number < event.number && context.release !== event.context.release,
    )
    const served = signed.flatMap(({ context }) => {
      const since = context.release === null ? undefined : this.#traffic.get(context.release)
      return context.release !== null && since !== undefined && since < event.number ? [context.release] : []
    })
    return { signed, served: new Set(served) }
  }
}

function append<T>(map: Map<string, T[]>, key: string, value: T): void {
  const known = map.get(key)
  if (known === undefined) map.set(key, [value])
  else known.push(value)
}
