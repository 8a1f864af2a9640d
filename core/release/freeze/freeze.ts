import { type FreezeSettings, WEEKDAYS } from "../../config/freeze.js"
import { TollgateError } from "../../shared/errors.js"
import { moment } from "../../shared/figures.js"
import { addDays, earliest, latest, momentsOf, wallTime } from "./time-zone.js"

/** A period without deployments. */
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
      /** When deployments are allowed again; null: not within 400 days. */
      until: Date | null
    }

/** How far ahead to look for the end of adjoining windows. */
const LOOKS_AHEAD_DAYS = 400

/** Whether deployments are frozen at a moment. A window includes its start and excludes its end. */
export function judgeFreeze(settings: FreezeSettings, at: Date): FreezeVerdict {
  const holding = windowsAround(settings, at).filter((window) => holds(window, at))
  if (holding.length === 0) return { kind: "open" }
  return { kind: "frozen", reasons: [...new Set(holding.map(({ reason }) => reason))], until: endAfter(settings, at) }
}

function holds({ from, until }: Window, at: Date): boolean {
  return from <= at && at < until
}

/** Adjoining windows count as one. */
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
  const single = once.map(
    ({ from, until, reason }): Window => ({ from: earliest(from, zone), until: latest(until, zone), reason }),
  )
  const today = wallTime(at, zone).slice(0, 10)
  const repeated = weekly.flatMap(({ days, from, until, reason }) =>
    // a window that began yesterday may still be open
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
 * The refusal of a deployment during a freeze.
 *
 * @param at the scheduled start; null: now
 */
export function frozenError(
  environment: string,
  zone: string,
  { reasons, until }: Extract<FreezeVerdict, { kind: "frozen" }>,
  at: Date | null = null,
): TollgateError {
  const end =
    until === null
      ? ""
      : ` until ${wallTime(until, zone).replace("T", " ")} ${zone}${zone === "UTC" ? "" : ` (${moment(until.toISOString())})`}`
  const when = at === null ? "" : ` at ${moment(at.toISOString())}, and`
  return new TollgateError(
    "frozen",
    `${environment} is frozen${when}${end}: ${reasons.join("; ")}.`,
    'Schedule it after the freeze with --at, or override the freeze with --break-glass="reason". Rollbacks are always allowed. Nothing was changed.',
  )
}

/** How far ahead --at may be: a waiting run occupies a machine. */
const FARTHEST_HOURS = 7 * 24

/**
 * Parses --at, the start of a scheduled deployment.
 *
 * @param given 2026-11-23T09:30+08:00, 2026-11-23T01:30Z, or 2026-11-23T09:30 (also with a blank), which is in the zone of `freeze.zone`
 * @throws TollgateError `at-…`; `frozen` when it is in a window
 */
export function readSchedule(given: string, settings: FreezeSettings, environment: string, now: Date): Date {
  const at = readMoment(given.trim(), settings.zone)
  const refuse = (code: string, what: string, next: string) =>
    new TollgateError(code, what, `${next} Nothing was changed.`)
  if (at.getTime() < now.getTime())
    throw refuse(
      "at-past",
      `--at is in the past: ${moment(at.toISOString())}, and it is ${moment(now.toISOString())}.`,
      "Pass a time in the future.",
    )
  if (at.getTime() - now.getTime() > FARTHEST_HOURS * 3_600_000)
    throw refuse(
      "at-far",
      `--at is more than ${FARTHEST_HOURS / 24} days away.`,
      "Start the run closer to that time: it occupies a machine while it waits.",
    )
  const verdict = judgeFreeze(settings, at)
  if (verdict.kind === "frozen") throw frozenError(environment, settings.zone, verdict, at)
  return at
}

function readMoment(given: string, zone: string): Date {
  const [, day = "", time = "", offset] =
    /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2})(?::00)?(Z|[+-]\d{2}:\d{2})?$/.exec(given) ?? []
  const bad = (what: string) =>
    new TollgateError(
      "at-form",
      `--at ${what}.`,
      "Write --at=2026-11-23T09:30+08:00. Without an offset, freeze.zone applies. Nothing was changed.",
    )
  if (Number.isNaN(Date.parse(`${day}T${time}Z`)) || new Date(`${day}T${time}Z`).toISOString().slice(0, 10) !== day)
    throw bad("is not a date and time")
  if (offset !== undefined) {
    if (Number.isNaN(Date.parse(`${day}T${time}${offset}`))) throw bad("has an invalid UTC offset")
    return new Date(`${day}T${time}${offset}`)
  }
  const { moments, around } = momentsOf(`${day}T${time}`, zone)
  const [first, second] = moments
  if (first === undefined)
    throw bad(`does not exist in ${zone}: its clocks go forward at ${moment(around.toISOString())}`)
  if (second !== undefined)
    throw bad(
      `is ambiguous in ${zone}: it is ${moment(first.toISOString())} or ${moment(second.toISOString())}. Add the offset`,
    )
  return first
}
