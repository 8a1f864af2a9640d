import { describe, expect, test } from "vitest"
import type { FreezeSettings } from "../../core/config/freeze.js"
import { frozenError, judgeFreeze, readSchedule } from "../../core/release/freeze/freeze.js"
import { earliest, latest, momentsOf, wallTime } from "../../core/release/freeze/time-zone.js"

function freeze(more: Partial<FreezeSettings> = {}): FreezeSettings {
  return { zone: "Asia/Taipei", once: [], weekly: [], ...more }
}

const at = (iso: string): Date => new Date(iso)

/** `open`, or when it is open again. */
function state(settings: FreezeSettings, iso: string): string {
  const verdict = judgeFreeze(settings, at(iso))
  return verdict.kind === "open" ? "open" : (verdict.until?.toISOString() ?? "for ever")
}

describe("wall clocks", () => {
  test.each([
    ["2026-11-22T10:00:00Z", "Asia/Taipei", "2026-11-22T18:00"],
    ["2026-11-22T18:30:00Z", "Asia/Taipei", "2026-11-23T02:30"],
    ["2026-11-22T10:00:00Z", "UTC", "2026-11-22T10:00"],
    ["2026-11-22T00:00:00Z", "Asia/Kathmandu", "2026-11-22T05:45"],
    ["2026-01-01T00:30:00Z", "America/New_York", "2025-12-31T19:30"],
    ["2026-11-22T16:00:00Z", "Asia/Taipei", "2026-11-23T00:00"],
  ])("%s is in %s %s", (moment, zone, wall) => expect(wallTime(at(moment), zone)).toBe(wall))

  test("a time that there is twice means two moments", () => {
    const { moments } = momentsOf("2026-10-25T02:30", "Europe/Berlin")
    expect(moments.map((moment) => moment.toISOString())).toEqual([
      "2026-10-25T00:30:00.000Z",
      "2026-10-25T01:30:00.000Z",
    ])
    expect(earliest("2026-10-25T02:30", "Europe/Berlin").toISOString()).toBe("2026-10-25T00:30:00.000Z")
    expect(latest("2026-10-25T02:30", "Europe/Berlin").toISOString()).toBe("2026-10-25T01:30:00.000Z")
  })

  test("a time that is left out means the moment at which the clocks are set ahead", () => {
    expect(momentsOf("2026-03-29T02:30", "Europe/Berlin")).toEqual({ moments: [], around: at("2026-03-29T01:00:00Z") })
    expect(momentsOf("2026-03-08T02:00", "America/New_York")).toEqual({
      moments: [],
      around: at("2026-03-08T07:00:00Z"),
    })
  })

  test("every hour goes there and back in every kind of zone: around the clock changes, and through the year", () => {
    const zones: [zone: string, changes: string[]][] = [
      ["Asia/Taipei", []],
      ["Europe/Berlin", ["2026-03-29", "2026-10-25"]],
      ["America/New_York", ["2026-03-08", "2026-11-01"]],
      ["Australia/Lord_Howe", ["2026-04-05", "2026-10-04"]],
      ["Asia/Kathmandu", []],
      ["Pacific/Apia", []],
    ]
    const HOUR = 3_600_000
    const between = (from: number, until: number, step: number) =>
      Array.from({ length: Math.ceil((until - from) / step) }, (_, index) => from + index * step)
    for (const [zone, changes] of zones) {
      // each hour of the day comes up, in another week
      const year = between(Date.parse("2026-01-01T00:00Z"), Date.parse("2027-01-01T00:00Z"), 53 * HOUR)
      const days = changes.map((day) => Date.parse(`${day}T00:00Z`))
      for (const time of [...year, ...days.flatMap((day) => between(day - 24 * HOUR, day + 36 * HOUR, HOUR / 2))])
        expect(momentsOf(wallTime(new Date(time), zone), zone).moments.map(Number)).toContain(time)
    }
  })
})

describe("a window that comes once", () => {
  const holidays = freeze({ once: [{ reason: "Lunar New Year", from: "2027-02-05T18:00", until: "2027-02-12T09:00" }] })
  test.each([
    ["2027-02-05T09:59:59Z", "open"],
    ["2027-02-05T10:00:00Z", "2027-02-12T01:00:00.000Z"],
    ["2027-02-12T00:59:59Z", "2027-02-12T01:00:00.000Z"],
    ["2027-02-12T01:00:00Z", "open"],
  ])("at %s: %s", (iso, expected) => expect(state(holidays, iso)).toBe(expected))

  test("holds through both of an hour that comes twice", () => {
    const settings = freeze({
      zone: "Europe/Berlin",
      once: [{ reason: "x", from: "2026-10-25T02:30", until: "2026-10-25T02:45" }],
    })
    expect(state(settings, "2026-10-25T00:29:00Z")).toBe("open")
    for (const iso of ["2026-10-25T00:30:00Z", "2026-10-25T01:00:00Z", "2026-10-25T01:44:00Z"])
      expect(state(settings, iso)).toBe("2026-10-25T01:45:00.000Z")
  })
})

test("an end is said that is within 400 days, and none that is later", () => {
  const until = (end: string) =>
    freeze({ zone: "UTC", once: [{ reason: "merger", from: "2026-01-01T00:00", until: end }] })
  expect(state(until("2027-02-04T23:59"), "2026-01-01T00:00:00Z")).toBe("2027-02-04T23:59:00.000Z")
  expect(state(until("2027-02-05T00:00"), "2026-01-01T00:00:00Z")).toBe("for ever")
})

describe("a window of each week", () => {
  const weekend = freeze({
    weekly: [
      { reason: "nobody is here", days: ["friday"], from: "16:00", until: "24:00" },
      { reason: "weekend", days: ["saturday", "sunday"], from: "00:00", until: "24:00" },
    ],
  })
  test.each([
    ["Friday at 15:59", "2026-11-20T07:59:00Z", "open"],
    ["Friday at 16:00, until Monday", "2026-11-20T08:00:00Z", "2026-11-22T16:00:00.000Z"],
    ["Saturday, which in UTC is Friday", "2026-11-20T17:00:00Z", "2026-11-22T16:00:00.000Z"],
    ["Sunday at 23:59", "2026-11-22T15:59:00Z", "2026-11-22T16:00:00.000Z"],
    ["Monday at 00:00", "2026-11-22T16:00:00Z", "open"],
  ])("%s", (_, iso, expected) => expect(state(weekend, iso)).toBe(expected))

  test("ends on the next day when its end is not after its beginning", () => {
    const nights = freeze({ weekly: [{ reason: "night", days: ["monday"], from: "22:00", until: "06:00" }] })
    expect(state(nights, "2026-11-23T13:59:00Z")).toBe("open")
    expect(state(nights, "2026-11-23T14:00:00Z")).toBe("2026-11-23T22:00:00.000Z")
    expect(state(nights, "2026-11-23T21:59:00Z")).toBe("2026-11-23T22:00:00.000Z")
    expect(state(nights, "2026-11-23T22:00:00Z")).toBe("open")
  })

  test("ends on the same day when its end is after its beginning, and lasts a day when they are the same", () => {
    const hours = freeze({ weekly: [{ reason: "peak", days: ["monday"], from: "09:00", until: "17:00" }] })
    expect(state(hours, "2026-11-23T00:59:00Z")).toBe("open")
    expect(state(hours, "2026-11-23T01:00:00Z")).toBe("2026-11-23T09:00:00.000Z")
    expect(state(hours, "2026-11-23T09:00:00Z")).toBe("open")
    const day = freeze({ weekly: [{ reason: "stocktaking", days: ["monday"], from: "09:00", until: "09:00" }] })
    expect(state(day, "2026-11-23T01:00:00Z")).toBe("2026-11-24T01:00:00.000Z")
    expect(state(day, "2026-11-24T01:00:00Z")).toBe("open")
  })

  test("is an hour longer in the night that is", () => {
    const nights = freeze({
      zone: "Europe/Berlin",
      weekly: [{ reason: "night", days: ["saturday"], from: "22:00", until: "06:00" }],
    })
    expect(state(nights, "2026-10-24T20:00:00Z")).toBe("2026-10-25T05:00:00.000Z")
    expect(state(nights, "2026-10-17T20:00:00Z")).toBe("2026-10-18T04:00:00.000Z")
  })

  test("that holds always ends never", () => {
    const always = freeze({
      weekly: [
        {
          reason: "closed",
          days: ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"],
          from: "00:00",
          until: "24:00",
        },
      ],
    })
    expect(state(always, "2026-11-22T10:00:00Z")).toBe("for ever")
  })
})

test("windows that overlap are one, with every reason", () => {
  const settings = freeze({
    once: [{ reason: "audit", from: "2026-11-20T12:00", until: "2026-11-21T12:00" }],
    weekly: [{ reason: "weekend", days: ["saturday", "sunday"], from: "00:00", until: "24:00" }],
  })
  expect(judgeFreeze(settings, at("2026-11-21T01:00:00Z"))).toEqual({
    kind: "frozen",
    reasons: ["audit", "weekend"],
    until: at("2026-11-22T16:00:00Z"),
  })
})

test("the refusal says until when, in both clocks, and why", () => {
  const verdict = judgeFreeze(
    freeze({ once: [{ reason: "audit", from: "2026-11-20T12:00", until: "2026-11-21T12:00" }] }),
    at("2026-11-20T10:00:00Z"),
  )
  if (verdict.kind === "open") throw new Error("expected a freeze")
  expect(frozenError("production", "Asia/Taipei", verdict).message).toContain(
    "production is frozen until 2026-11-21 12:00 Asia/Taipei (2026-11-21 04:00 UTC): audit.",
  )
})

test("the refusal says the time once where the zone is UTC, and no time where there is no end", () => {
  const frozen = { kind: "frozen", reasons: ["audit", "weekend"], until: at("2026-11-21T04:00:00Z") } as const
  const said = (until: Date | null) =>
    frozenError("production", "UTC", { ...frozen, reasons: ["a", "b"], until }).message
  expect(said(frozen.until)).toMatch(/^production is frozen until 2026-11-21 04:00 UTC: a; b\./)
  expect(said(null)).toMatch(/^production is frozen: a; b\./)
})

describe("--at", () => {
  const now = at("2026-11-22T10:00:00Z")
  const read = (given: string, settings = freeze()): string =>
    readSchedule(given, settings, "production", now).toISOString()
  test.each([
    ["2026-11-23T09:30+08:00", "2026-11-23T01:30:00.000Z"],
    ["2026-11-23T01:30Z", "2026-11-23T01:30:00.000Z"],
    ["2026-11-23 09:30", "2026-11-23T01:30:00.000Z"],
    ["2026-11-23T09:30:00", "2026-11-23T01:30:00.000Z"],
    [" 2026-11-23T09:30 ", "2026-11-23T01:30:00.000Z"],
    ["2026-11-22T10:00Z", "2026-11-22T10:00:00.000Z"],
    ["2026-11-29T10:00Z", "2026-11-29T10:00:00.000Z"],
  ])("=%s begins at %s", (given, moment) => expect(read(given)).toBe(moment))

  test.each([
    ["tomorrow", "at-form"],
    ["2026-11-31T09:30Z", "at-form"],
    ["2026-11-23T25:30Z", "at-form"],
    ["2026-11-23", "at-form"],
    ["x2026-11-23T09:30Z", "at-form"],
    ["2026-11-23T09:30Zx", "at-form"],
    ["2026-11-23T09:30+99:99", "at-form"],
    ["2026-11-29T10:01Z", "at-far"],
    ["2026-11-22T09:59Z", "at-past"],
    ["2026-12-22T09:59Z", "at-far"],
  ])("=%s is refused: %s", (given, code) => expect(() => read(given)).toThrow(expect.objectContaining({ code })))

  test("that is too far ahead says how far it may be", () =>
    expect(() => read("2026-12-22T09:59Z")).toThrow("--at is more than 7 days away."))

  test("is refused inside a freeze, even when now is outside of it", () => {
    const settings = freeze({ once: [{ reason: "audit", from: "2026-11-23T09:00", until: "2026-11-23T18:00" }] })
    expect(() => read("2026-11-23T09:30+08:00", settings)).toThrow(
      "production is frozen at 2026-11-23 01:30 UTC, and until 2026-11-23 18:00 Asia/Taipei (2026-11-23 10:00 UTC): audit.",
    )
    expect(read("2026-11-23T18:00+08:00", settings)).toBe("2026-11-23T10:00:00.000Z")
  })

  test("that a zone has twice, or not at all, needs an offset", () => {
    const berlin = freeze({ zone: "Europe/Berlin" })
    const at2 = (given: string, iso: string) => () => readSchedule(given, berlin, "production", at(iso))
    expect(at2("2026-10-25T02:30", "2026-10-24T10:00:00Z")).toThrow(
      "is ambiguous in Europe/Berlin: it is 2026-10-25 00:30 UTC or 2026-10-25 01:30 UTC",
    )
    expect(at2("2026-03-29T02:30", "2026-03-28T10:00:00Z")).toThrow(
      "does not exist in Europe/Berlin: its clocks go forward at 2026-03-29 01:00 UTC",
    )
  })
})
