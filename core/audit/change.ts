import type { HappeningOf, LedgerEvent } from "../ledger/event.js"
import { releasesOf, timeOf } from "../ledger/fold.js"
import type { ReleaseRecord } from "../ledger/ledger.js"
import { type Evidence, numbersOf, ownEvents } from "./evidence.js"

/** One change: a deployment or a rollback, with all of its events. */
export interface Change {
  /** Its folder below changes/. */
  readonly folder: string
  readonly record: ReleaseRecord
  readonly events: readonly LedgerEvent[]
  readonly plans: readonly RecordedPlan[]
}

export type EventOf<Kind extends LedgerEvent["what"]["kind"]> = LedgerEvent & { what: HappeningOf<Kind> }
type RecordedPlan = EventOf<"planned">

export function isKind<Kind extends LedgerEvent["what"]["kind"]>(
  event: LedgerEvent,
  kind: Kind,
): event is EventOf<Kind> {
  return event.what.kind === kind
}

export function eventsOfKind<Kind extends LedgerEvent["what"]["kind"]>(
  events: readonly LedgerEvent[],
  kind: Kind,
): EventOf<Kind>[] {
  return events.filter((event) => isKind(event, kind))
}

/**
 * The changes that started in the period, or were continued in it, oldest first: the population that auditors sample from. Each is told
 * by events of the chain, and reviews, which are signed: any other event from outside could be forged to hide or to embellish it.
 */
export function changesOf(evidence: Evidence): Change[] {
  const numbers = numbersOf(evidence)
  if (numbers === null) return []
  const all = ownEvents(evidence)
  const first = evidence.chain[0]?.number ?? 0
  const last = evidence.chain.at(-1)?.number ?? 0
  const events = all.filter(({ number, what }) => number >= first && (number <= last || what.kind === "glass-reviewed"))
  const planned = new Map<string, RecordedPlan[]>()
  for (const event of eventsOfKind(all, "planned"))
    planned.set(event.what.planId, [...(planned.get(event.what.planId) ?? []), event])
  const { running } = evidence.head
  return [...byRelease(events)].flatMap(([id, given]): Change[] => {
    const begin = given.findIndex(
      ({ what, number }) => what.kind === "release-started" && number >= numbers.first && number <= numbers.last,
    )
    const start = given[begin]
    if (start === undefined) return []
    const own = given.slice(begin)
    const [record] = releasesOf(own, running === null ? null : { run: running })
    if (record === undefined) return []
    const files = new Set(own.flatMap((event) => (isKind(event, "approved") ? [event.what.planSha256] : [])))
    const plans = (planned.get(record.planId ?? "") ?? []).filter(
      ({ what, number }) => number < start.number || files.has(what.planSha256),
    )
    return [{ folder: folderOf(start.number, id), record, events: own, plans }]
  })
}

function byRelease(events: readonly LedgerEvent[]): Map<string, LedgerEvent[]> {
  const found = new Map<string, LedgerEvent[]>()
  for (const event of events) {
    const { release } = event.context
    if (release === null) continue
    const known = found.get(release)
    if (known === undefined) found.set(release, [event])
    else known.push(event)
  }
  return found
}

/** The id is text of the ledger: it must not leave the folder, nor differ from another one by case alone. */
function folderOf(number: number, id: string): string {
  return `${String(number).padStart(7, "0")}-${id.replace(/[^A-Za-z0-9._-]/g, "_").slice(0, 60)}`
}

export interface Step {
  readonly step: string
  readonly startedAt: string
  /** null: it did not end. */
  readonly outcome: string | null
  readonly seconds: number | null
  readonly note: string
  readonly detail: HappeningOf<"step-finished">["detail"]
  readonly run: string
}

/** The steps of all runs of a change, in their order. */
export function stepsOf({ events }: Change): Step[] {
  const steps: Step[] = []
  for (const event of events) {
    const { run } = event.context
    if (isKind(event, "step-started"))
      steps.push({
        step: event.what.step,
        startedAt: timeOf(event),
        outcome: null,
        seconds: null,
        note: "",
        detail: null,
        run,
      })
    if (!isKind(event, "step-finished")) continue
    const { step, outcome, seconds, note, detail } = event.what
    const open = steps.findLastIndex((one) => one.step === step && one.run === run && one.outcome === null)
    const startedAt = steps[open]?.startedAt ?? timeOf(event)
    const ended = { step, startedAt, outcome, seconds, note, detail, run }
    if (open < 0) steps.push(ended)
    else steps[open] = ended
  }
  return steps
}

/** Whether the run of an event gave this release traffic, or tried to. */
export function gotTraffic(events: readonly LedgerEvent[], run: string): boolean {
  return events.some(
    (event) => event.context.run === run && isKind(event, "step-started") && event.what.step === "switch",
  )
}
