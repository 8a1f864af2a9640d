import { z } from "zod"
import { isDay } from "./day.js"
import { entryOf, expected, mapping, sequence, some, text, withHint } from "./fields.js"

export const WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] as const
export type Weekday = (typeof WEEKDAYS)[number]

function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name })
    return true
  } catch {
    return false
  }
}

const zone = text("a time zone such as Asia/Taipei or UTC").refine((name) => name.trim() === "" || isZone(name), {
  error: expected("a time zone of the IANA database such as Asia/Taipei or UTC"),
})

const TIME = /^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/

const LOCAL = /^\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}$/
const local = text("a day and time such as 2026-12-24 18:00, in the time zone of freeze.zone", LOCAL)
  .refine((written) => !LOCAL.test(written) || (isDay(written.slice(0, 10)) && TIME.test(written.slice(11))), {
    error: expected("a day and time that there is"),
  })
  .transform((written) => written.replace(" ", "T"))

const time = text("a time of day such as 17:00", TIME)

const weekday = z.enum(WEEKDAYS, {
  error: expected(`one of ${WEEKDAYS.join(", ")}`, (input) => {
    const meant = WEEKDAYS.find(
      (day) => typeof input === "string" && input.length >= 3 && day.startsWith(input.toLowerCase().slice(0, 3)),
    )
    return meant === undefined ? null : `write ${meant}`
  }),
})

const reason = text("a reason").describe("Why nothing is deployed then. It is shown when a deployment is refused.")

const once = mapping("a mapping with reason, from and until", {
  reason,
  from: local.describe("When it begins: 2026-12-24 18:00."),
  until: local.describe("When it ends: 2027-01-04 09:00. At that time deployments are allowed again."),
}).superRefine((window, context) => {
  const [from, until] = [entryOf(window, "from"), entryOf(window, "until")]
  if (
    typeof from === "string" &&
    typeof until === "string" &&
    LOCAL.test(from) &&
    LOCAL.test(until) &&
    until.replace(" ", "T") <= from.replace(" ", "T")
  )
    context.addIssue({ code: "custom", path: ["until"], message: "is not after `from`" })
})

const weekly = mapping("a mapping with reason, days, from and until", {
  reason,
  days: some("a list of days of the week", weekday, "lists no day: leave the window out").describe(
    "Days of the week on which it begins.",
  ),
  from: time.prefault("00:00").describe("Time of day at which it begins: 17:00."),
  until: time
    .prefault("24:00")
    .describe("Time of day at which it ends. One that is not after `from` is of the next day."),
}).superRefine((window, context) => {
  if (entryOf(window, "from") === "24:00")
    context.addIssue({
      code: "custom",
      path: ["from"],
      message: withHint("is the end of a day", "write 00:00, and the next day"),
    })
})

export const freeze = mapping("a mapping with zone, once and weekly", {
  zone: zone.prefault("UTC").describe("Time zone of all times here, and of --at without one of its own: Asia/Taipei."),
  once: sequence("a list of windows", once)
    .prefault([])
    .describe("Times in which nothing is deployed: holidays, audits."),
  weekly: sequence("a list of windows", weekly)
    .prefault([])
    .describe("Times of each week in which nothing is deployed."),
})

export type FreezeSettings = z.output<typeof freeze>
