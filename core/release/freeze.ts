import { type FreezeSettings, WEEKDAYS } from "../config/freeze.js"
import { TollgateError } from "../errors.js"
import { moment } from "../report/figures.js"
import { addDays, earliest, latest, momentsOf, wallTime } from "./time-zone.js"

/** A time in which nothing is deployed. */
interface Window {
  from: Date
  until: Date
  reason: string
}

export type FreezeVerdict =
  | { kind: "open" }
  | {
      kind: "frozen"
      reasons: string[]
      /** When deployments are allowed again; null: windows follow one another for longer than anybody plans. */
      until: Date | null
    }

/** The farthest that one looks for the end of windows that touch. */
const LOOKS_AHEAD_DAYS = 400

/** Whether nothing may be deployed at a moment. A window holds from its first minute on, and no longer in its last. */
export function judgeFreeze(settings: FreezeSettings, at: Date): FreezeVerdict {
  const holding = windowsAround(settings, at).filter((window) => holds(window, at))
  if (holding.length === 0) return { kind: "open" }
  return { kind: "frozen", reasons: [...new Set(holding.map(({ reason }) => reason))], until: endAfter(settings, at) }
}

function holds({ from, until }: Window, at: Date): boolean {
  return from <= at && at < until
}

/** Windows that touch are one: the end of one of them is no time to deploy when another holds then. */
function endAfter(settings: FreezeSettings, at: Date): Date | null {
  let end = at
  while (end.getTime() - at.getTime() < LOOKS_AHEAD_DAYS * 86_400_000) {
    const next = windowsAround(settings, end).filter((window) => holds(window, end))
    if (next.length === 0) return end
    end = new Date(Math.max(...next.map(({ until }) => until.getTime())))
  }
  return null
}

function windowsAround({ zone, once, weekly }: FreezeSettings, at: Date): Window[] {
  const single = once.map(({ from, until, reason }): Window => ({ from: earliest(from, zone), until: latest(until, zone), reason }))
  const today = wallTime(at, zone).slice(0, 10)
  const repeated = weekly.flatMap(({ days, from, until, reason }) =>
    // one that began yesterday may still hold
    [-1, 0, 1].flatMap((shift): Window[] => {
      const day = addDays(today, shift)
      const name = WEEKDAYS[(new Date(`${day}T00:00Z`).getUTCDay() + 6) % 7]
      if (name === undefined || !days.includes(name)) return []
      const overnight = until <= from
      const end = until === "24:00" ? `${addDays(day, 1)}T00:00` : `${overnight ? addDays(day, 1) : day}T${until}`
      return [{ from: earliest(`${day}T${from}`, zone), until: latest(end, zone), reason }]
    }),
  )
  return [...single, ...repeated]
}

/**
 * As an error, for whoever wants to deploy then.
 *
 * @param at when it was to begin; null: now
 */
export function frozenError(environment: string, zone: string, { reasons, until }: Extract<FreezeVerdict, { kind: "frozen" }>, at: Date | null = null): TollgateError {
  const end = until === null ? "" : ` until ${wallTime(until, zone).replace("T", " ")} ${zone}${zone === "UTC" ? "" : ` (${moment(until.toISOString())})`}`
  const when = at === null ? "" : ` at ${moment(at.toISOString())}, and`
  return new TollgateError("frozen", `${environment} is frozen${when}${end}: ${reasons.join("; ")}.`, "Nothing was changed. --at=… begins after that; --break-glass=\"reason\" does not wait. A rollback is never refused.")
}

/** The farthest that --at may be: a run that waits holds a machine. */
const FARTHEST_HOURS = 7 * 24

/**
 * When a scheduled deployment begins.
 *
 * @param given 2026-11-23T09:30+08:00, 2026-11-23T01:30Z, or 2026-11-23T09:30 (also with a blank), which is in the zone of `freeze.zone`
 * @throws TollgateError `at-…`; `frozen` when it is in a window
 */
export function readSchedule(given: string, settings: FreezeSettings, environment: string, now: Date): Date {
  const at = readMoment(given.trim(), settings.zone)
  const refuse = (code: string, what: string, next: string) => new TollgateError(code, what, `${next} Nothing was changed.`)
  if (at.getTime() < now.getTime()) throw refuse("at-past", `--at is in the past: ${moment(at.toISOString())}, and it is ${moment(now.toISOString())}.`, "Give a time to come.")
  if (at.getTime() - now.getTime() > FARTHEST_HOURS * 3_600_000) throw refuse("at-far", `--at is more than ${FARTHEST_HOURS / 24} days away.`, "Begin it nearer to the time: the run waits until then.")
  const verdict = judgeFreeze(settings, at)
  if (verdict.kind === "frozen") throw frozenError(environment, settings.zone, verdict, at)
  return at
}

function readMoment(given: string, zone: string): Date {
  const [, day, time, offset] = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2})(?::00)?(Z|[+-]\d{2}:\d{2})?$/.exec(given) ?? []
  const bad = (what: string) => new TollgateError("at-form", `--at ${what}.`, "Write --at=2026-11-23T09:30+08:00, or without a zone for that of freeze.zone. Nothing was changed.")
  if (day === undefined || time === undefined || Number.isNaN(Date.parse(`${day}T${time}Z`)) || new Date(`${day}T${time}Z`).toISOString().slice(0, 10) !== day) throw bad("is not a day and time")
  if (offset !== undefined) {
    if (Number.isNaN(Date.parse(`${day}T${time}${offset}`))) throw bad("has no offset that there is")
    return new Date(`${day}T${time}${offset}`)
  }
  const { moments, around } = momentsOf(`${day}T${time}`, zone)
  const [first, second] = moments
  if (first === undefined) throw bad(`is a time that ${zone} does not have: its clocks are set ahead at ${moment(around.toISOString())}`)
  if (second !== undefined) throw bad(`is a time that ${zone} has twice that day, at ${moment(first.toISOString())} and at ${moment(second.toISOString())}: give the offset`)
  return first
}
