import { type Markup, markup, nothing } from "../../presentation/html-markup.js"
import { wallTime } from "../../release/freeze/time-zone.js"

/** Times in UTC and in one more zone, each with its name. */
export interface Clock {
  /** IANA name; UTC: no second zone. */
  readonly zone: string
}

/** Exact to the second: `2026-11-29 13:20:05 UTC`, and the same in the other zone. */
export function moment({ zone }: Clock, iso: string): Markup {
  const time = Date.parse(iso)
  if (Number.isNaN(time)) return markup`${iso}`
  const exact = new Date(time).toISOString()
  const other =
    zone === "UTC"
      ? nothing
      : markup` <small>${wallTime(new Date(time), zone).replace("T", " ")}:${exact.slice(17, 19)} ${zone}</small>`
  return markup`<time datetime="${exact}">${exact.slice(0, 19).replace("T", " ")} UTC${other}</time>`
}

/** For `moment`: which zones a page names. */
export function zonesLine({ zone }: Clock): string {
  return zone === "UTC" ? "All times are in UTC." : `Times are in UTC, and below in ${zone}.`
}
