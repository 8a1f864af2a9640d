import { describe, expect, it } from "vitest"
import { monitor } from "../../core/config/monitor.js"
import {
  judgeWindow,
  monitorLine,
  quantileOf,
  type Reading,
  type Window,
  windowOf,
} from "../../core/release/monitor/judge.js"

type Buckets = readonly (readonly [upTo: number, count: number])[]

function reading(
  at: string,
  requests: readonly (readonly [method: string, status: number, count: number])[],
  more: Partial<Omit<Reading, "traffic">> = {},
  buckets: Buckets = [],
): Reading {
  return {
    traffic: {
      at: `2026-11-22T${at}Z`,
      requests: requests.map(([method, status, count]) => ({ method, status, count })),
      durations: buckets.map(([upTo, count]) => ({ upTo, count })),
    },
    payments: null,
    connections: null,
    ...more,
  }
}

describe("what happened between two readings", () => {
  it("is counted for each method and status by itself", () => {
    const before = reading("09:00:00", [
      ["GET", 200, 10],
      ["POST", 200, 40],
      ["GET", 503, 2],
    ])
    const now = reading("09:01:30", [
      ["POST", 200, 45],
      ["GET", 200, 10],
      ["GET", 503, 3],
      ["PUT", 201, 7],
    ])
    expect(windowOf(before, now)).toMatchObject({ seconds: 90, requests: 13, errors: 1 })
  })

  it("has as errors the answers of 500 and more alone", () => {
    const now = reading("09:01:00", [
      ["GET", 499, 1],
      ["GET", 500, 2],
      ["GET", 599, 4],
    ])
    expect(windowOf(reading("09:00:00", []), now)).toMatchObject({ requests: 7, errors: 6 })
  })

  it("has the response times of this window, and none where nothing was answered", () => {
    const early: Buckets = [
      [0.1, 100],
      [1, 100],
      [Infinity, 100],
    ]
    const late: Buckets = [
      [0.1, 100],
      [1, 120],
      [Infinity, 120],
    ]
    const between = (before: Buckets, now: Buckets) =>
      windowOf(reading("09:00:00", [], {}, before), reading("09:01:00", [], {}, now))
    expect(between(early, late)).toMatchObject({ p95: expect.closeTo(0.955), p95Beyond: null })
    expect(between(early, early)).toMatchObject({ p95: null, p95Beyond: null })
    expect(between([], early)).toMatchObject({ p95: expect.closeTo(0.095), p95Beyond: null })
    expect(
      between(
        [],
        [
          [1, 5],
          [Infinity, 100],
        ],
      ),
    ).toMatchObject({ p95: null, p95Beyond: 1 })
  })

  it("has the payments since the reading before, or all where that one had none", () => {
    const read = (before: Reading["payments"], now: Reading["payments"]) =>
      windowOf(reading("09:00:00", [], { payments: before }), reading("09:01:00", [], { payments: now })).payments
    expect(read({ good: 10, bad: 1 }, { good: 30, bad: 1 })).toEqual({ good: 20, bad: 0 })
    expect(read({ good: 10, bad: 1 }, { good: 3, bad: 4 })).toEqual({ good: 3, bad: 3 })
    expect(read(null, { good: 3, bad: 4 })).toEqual({ good: 3, bad: 4 })
    expect(read({ good: 3, bad: 4 }, null)).toBeNull()
  })

  it("has the connections as they are now", () => {
    const [before, now] = [
      { used: 1, of: 100 },
      { used: 9, of: 100 },
    ]
    const both = windowOf(
      reading("09:00:00", [], { connections: before }),
      reading("09:01:00", [], { connections: now }),
    )
    expect(both.connections).toEqual(now)
  })
})

describe("a quantile", () => {
  const of = (buckets: Buckets, part: number) =>
    quantileOf(
      buckets.map(([upTo, count]) => ({ upTo, count })),
      part,
    )
  const buckets: Buckets = [
    [0.1, 0],
    [0.2, 50],
    [0.4, 50],
    [0.8, 100],
    [Infinity, 110],
  ]

  it("is as far within its bucket as its rank is within the bucket's counts", () => {
    expect(of(buckets, 22 / 110)).toEqual({ kind: "within", seconds: expect.closeTo(0.144) })
    expect(of(buckets, 75 / 110)).toEqual({ kind: "within", seconds: expect.closeTo(0.6) })
  })

  it("is the end of the bucket that it fills, and skips buckets without an answer", () => {
    expect(of(buckets, 50 / 110)).toEqual({ kind: "within", seconds: expect.closeTo(0.2) })
    expect(of(buckets, 0)).toEqual({ kind: "within", seconds: expect.closeTo(0.1) })
  })

  it("is beyond the last bucket that has an end, where the proxy cannot say more", () => {
    expect(of(buckets, 105 / 110)).toEqual({ kind: "beyond", seconds: 0.8 })
    expect(of([[Infinity, 3]], 0.95)).toEqual({ kind: "beyond", seconds: 0 })
  })

  it("is none without an answer", () => {
    expect([
      of([], 0.95),
      of(
        [
          [0.1, 0],
          [Infinity, 0],
        ],
        0.95,
      ),
    ]).toEqual([{ kind: "none" }, { kind: "none" }])
  })
})

const window = (more: Partial<Window> = {}): Window => ({
  seconds: 60,
  requests: 100,
  errors: 0,
  p95: 0.2,
  p95Beyond: null,
  payments: null,
  connections: null,
  ...more,
})
const bare = monitor.parse({ requests: 50, thresholds: { errors: "1%" } })
const timed = monitor.parse({ requests: 50, thresholds: { errors: "1%", p95: "500ms" } })
const full = monitor.parse({
  requests: 50,
  thresholds: { errors: "1%", p95: "500ms", payments: "95%", connections: "80%" },
  database: "DATABASE_URL",
  payments: { metric: "payments_total", label: "outcome", good: ["paid"], bad: ["failed"] },
})
const paid = { good: 100, bad: 0 }
const used = { used: 10, of: 100 }
/** The verdict of one figure, and of all. */
const judged = (name: string, more: Partial<Window>, settings = full) => {
  const { kind, figures } = judgeWindow(window({ payments: paid, connections: used, ...more }), null, settings)
  return `${figures.find((one) => one.name === name)?.verdict} → ${kind}`
}

describe("the share of errors", () => {
  it.each<[string, Partial<Window>, string]>([
    ["at its threshold", { errors: 1 }, "passed → passed"],
    ["over it", { requests: 99, errors: 1 }, "failed → failed"],
    ["of as many requests as are needed", { requests: 50 }, "passed → passed"],
    ["over it, of as many as are needed", { requests: 50, errors: 1 }, "failed → failed"],
    ["of fewer", { requests: 49 }, "inconclusive → inconclusive"],
    ["over it, of fewer", { requests: 49, errors: 49 }, "inconclusive → inconclusive"],
    ["of no request", { requests: 0, p95: null }, "inconclusive → inconclusive"],
  ])("%s", (_, more, verdict) => expect(judged("errors", more)).toBe(verdict))
})

describe("the response time", () => {
  it.each<[string, Partial<Window>, string]>([
    ["at its threshold", { p95: 0.5 }, "passed → passed"],
    ["over it", { p95: 0.501 }, "failed → failed"],
    ["over it, of too few requests", { requests: 49, p95: 0.501 }, "inconclusive → inconclusive"],
    ["that was not measured", { p95: null }, "inconclusive → inconclusive"],
    ["beyond a bucket that ends at the threshold", { p95: null, p95Beyond: 0.5 }, "failed → failed"],
    ["beyond a bucket that ends after it", { p95: null, p95Beyond: 1 }, "failed → failed"],
    ["beyond a bucket that ends before it", { p95: null, p95Beyond: 0.499 }, "inconclusive → inconclusive"],
    ["beyond a bucket, of too few requests", { requests: 49, p95: null, p95Beyond: 1 }, "inconclusive → inconclusive"],
  ])("%s", (_, more, verdict) => expect(judged("p95", more)).toBe(verdict))

  it("is not judged without a threshold", () => {
    expect(judgeWindow(window({ p95: 99 }), null, bare).figures.map(({ name }) => name)).toEqual(["errors"])
  })
})

describe("the share of payments", () => {
  it.each<[string, Partial<Window>, string]>([
    ["at its threshold", { payments: { good: 95, bad: 5 } }, "passed → passed"],
    ["under it", { payments: { good: 94, bad: 6 } }, "failed → failed"],
    ["of five, of which one failed", { payments: { good: 4, bad: 1 } }, "failed → failed"],
    ["of four, of which all failed", { payments: { good: 0, bad: 4 } }, "skipped → passed"],
    ["of none", { payments: { good: 0, bad: 0 } }, "skipped → passed"],
    ["that was not read", { payments: null }, "inconclusive → inconclusive"],
  ])("%s", (_, more, verdict) => expect(judged("payments", more)).toBe(verdict))
})

describe("the connections", () => {
  it.each<[string, Partial<Window>, string]>([
    ["at their threshold", { connections: { used: 160, of: 200 } }, "passed → passed"],
    ["over it", { connections: { used: 161, of: 200 } }, "failed → failed"],
    ["that were not read", { connections: null }, "inconclusive → inconclusive"],
  ])("%s", (_, more, verdict) => expect(judged("connections", more)).toBe(verdict))
})

it("one figure that failed fails the window, whatever else could not be determined", () => {
  expect(judged("errors", { errors: 50, p95: null, connections: null })).toBe("failed → failed")
  expect(judged("connections", { requests: 1, connections: { used: 99, of: 100 } })).toBe("failed → failed")
  expect(judged("payments", { requests: 1, payments: { good: 0, bad: 9 } })).toBe("failed → failed")
})

describe("the table of a window", () => {
  const shown = (now: Window, before: Window | null, settings = full) =>
    judgeWindow(now, before, settings).figures.map(({ name, measured, before, asked }) => [
      name,
      measured,
      before,
      asked,
    ])

  it("has each figure beside the window before and its threshold", () => {
    const now = window({ errors: 1, p95: null, p95Beyond: 10, payments: { good: 3, bad: 1 }, connections: used })
    const before = window({ requests: 200, errors: 1, payments: { good: 1, bad: 1 }, connections: { used: 7, of: 50 } })
    expect(shown(now, before)).toEqual([
      ["errors", "1.00 % of 100", "0.50 % of 200", "<= 1 %"],
      ["p95", "> 10.0 s", "200 ms", "<= 500 ms"],
      ["payments", "75.00 % of 4", "50.00 % of 2", ">= 95 %"],
      ["connections", "10 of 100", "7 of 50", "<= 80 %"],
    ])
  })

  it("says of a figure that there is none, and of one that was not read that it was not", () => {
    const quiet = window({ requests: 0, p95: null })
    expect(shown(quiet, null).map((row) => row.slice(1, 3))).toEqual([
      ["none", "–"],
      ["none", "–"],
      ["not read", "–"],
      ["not read", "–"],
    ])
    const none = window({ payments: { good: 0, bad: 0 } })
    expect(shown(none, quiet).map((row) => row.slice(1, 3))).toEqual([
      ["0.00 % of 100", "none"],
      ["200 ms", "none"],
      ["none", "none"],
      ["not read", "not read"],
    ])
  })
})

describe("the line of a window", () => {
  const line = (more: Partial<Window>, settings = full) =>
    monitorLine(judgeWindow(window({ payments: paid, connections: used, ...more }), null, settings))

  it("names every figure that failed with its threshold, and no other", () => {
    expect(line({ errors: 2, p95: 0.6, connections: null })).toBe(
      "errors 2.00 % of 100, threshold <= 1 %; p95 600 ms, threshold <= 500 ms",
    )
  })

  it("says how many requests there were where they were too few", () => {
    expect(line({ requests: 49 })).toBe("inconclusive: 49 requests in 1 min 0 s, 50 are needed")
    expect(line({ requests: 1, p95: null })).toBe("inconclusive: 1 request in 1 min 0 s, 50 are needed")
  })

  it("names what could not be determined where there were enough", () => {
    expect(line({ requests: 50, payments: null, connections: null })).toBe(
      "inconclusive: payments not read; connections not read",
    )
  })

  it("names what passed, and nothing that was skipped", () => {
    expect(line({})).toBe("passed: errors 0.00 % of 100, p95 200 ms, payments 100.00 % of 100, connections 10 of 100")
    expect(line({ payments: { good: 0, bad: 0 } })).toBe(
      "passed: errors 0.00 % of 100, p95 200 ms, connections 10 of 100",
    )
    expect(line({}, timed)).toBe("passed: errors 0.00 % of 100, p95 200 ms")
  })
})
