import { Temporal } from "temporal-polyfill"

/** A local date and time: 2026-12-24T18:00. Sorts as text within a zone. */
export type WallTime = string

/** The local time of a zone at a moment. */
export function wallTime(moment: Date, zone: string): WallTime {
  return Temporal.Instant.fromEpochMilliseconds(moment.getTime())
    .toZonedDateTimeISO(zone)
    .toPlainDateTime()
    .toString({ smallestUnit: "minute" })
}

/**
 * The moments at which the wall clocks of a zone show a time: one; two where they are set back; none where they are set ahead, and then
 * `around` is the moment at which that happens.
 */
export function momentsOf(wall: WallTime, zone: string): { moments: Date[]; around: Date } {
  const plain = Temporal.PlainDateTime.from(wall)
  const first = plain.toZonedDateTime(zone, { disambiguation: "earlier" })
  const last = plain.toZonedDateTime(zone, { disambiguation: "later" })
  if (!first.toPlainDateTime().equals(plain))
    return { moments: [], around: dateOf(first.getTimeZoneTransition("next") ?? first) }
  return { moments: first.equals(last) ? [dateOf(first)] : [dateOf(first), dateOf(last)], around: dateOf(first) }
}

/** The first and last moment that a local time can mean. A window begins at the first and ends at the last. */
export function earliest(wall: WallTime, zone: string): Date {
  const { moments, around } = momentsOf(wall, zone)
  return moments[0] ?? around
}

export function latest(wall: WallTime, zone: string): Date {
  const { moments, around } = momentsOf(wall, zone)
  return moments.at(-1) ?? around
}

/** Adds days to a date. */
export function addDays(day: string, days: number): string {
  return Temporal.PlainDate.from(day).add({ days }).toString()
}

function dateOf(at: Temporal.ZonedDateTime): Date {
  return new Date(at.epochMilliseconds)
}
