/**
 * Wall clocks and moments, by the IANA database that Node has (Intl): Temporal is not in the versions of Node that Tollgate runs on, and
 * this is all that is needed of it.
 */

/** A local date and time: 2026-12-24T18:00. Sorts as text within a zone. */
export type WallTime = string

/** The local time of a zone at a moment. */
export function wallTime(moment: Date, zone: string): WallTime {
  const parts = new Map(
    new Intl.DateTimeFormat("en-CA", {
      timeZone: zone,
      calendar: "gregory",
      numberingSystem: "latn",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
    })
      .formatToParts(moment)
      .map(({ type, value }) => [type, value]),
  )
  const part = (name: Intl.DateTimeFormatPartTypes): string => parts.get(name) ?? ""
  return `${part("year").padStart(4, "0")}-${part("month")}-${part("day")}T${part("hour")}:${part("minute")}`
}

/**
 * The moments at which the wall clocks of a zone show a time: one; two where they are set back; none where they are set ahead, and then `around` is
 * the moment at which that happens.
 */
export function momentsOf(wall: WallTime, zone: string): { moments: Date[]; around: Date } {
  const naive = Date.parse(`${wall}Z`)
  // no zone is further from UTC than 14 hours, so that the offsets that may hold are those of the day before and after
  const offsets = new Set([-1, 0, 1].map((days) => offsetAt(naive + days * DAY, zone)))
  const moments = [...offsets]
    .map((offset) => new Date(naive - offset))
    .filter((moment) => wallTime(moment, zone) === wall)
    .sort((one, other) => one.getTime() - other.getTime())
  const [first] = moments
  if (first !== undefined) return { moments, around: first }
  return { moments, around: changeAfter(naive - Math.max(...offsets), zone) }
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

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

function offsetAt(time: number, zone: string): number {
  const whole = Math.floor(time / MINUTE) * MINUTE
  return Date.parse(`${wallTime(new Date(whole), zone)}Z`) - whole
}

/** The minute of the change of offset, within a day. */
function changeAfter(time: number, zone: string): Date {
  const before = offsetAt(time, zone)
  for (let at = time; at < time + DAY; at += MINUTE) if (offsetAt(at, zone) !== before) return new Date(at)
  return new Date(time)
}

/** Adds days to a date. */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00Z`) + days * DAY).toISOString().slice(0, 10)
}
