import { describe, expect, it } from "vitest"
import { monitor } from "../../core/config/monitor.js"
import { monitorLine, type Reading } from "../../core/release/monitor/judge.js"
import {
  advance,
  begin,
  judgeProgress,
  longestMaintenance,
  type Progress,
  progressWords,
  secondsLeft,
  windowOfProgress,
} from "../../core/release/monitor/progress.js"
import { requireMonitorPassed } from "../../core/release/monitor/watch.js"
import type { Maintenance } from "../../core/targets/target.js"

const settings = monitor.parse({ window: "60s", requests: 20, thresholds: { errors: "1%" } })
const OFF: Maintenance = { kind: "off" }
const ON: Maintenance = { kind: "on", message: "Back at 10" }
const ENDED: Maintenance = { kind: "off", ended: "2026-11-30T00:00:20Z" }

interface Look {
  readonly at: number
  readonly good?: number
  readonly bad?: number
  readonly maintenance?: Maintenance
  readonly payments?: Reading["payments"]
}

function moment({ at, good = 0, bad = 0, maintenance = OFF, payments = null }: Look) {
  const bounds = [
    { upTo: 0.1, count: good },
    { upTo: Infinity, count: good + bad },
  ]
  const requests = [
    { method: "GET", status: 200, count: good },
    { method: "GET", status: 503, count: bad },
  ]
  const traffic = { at: new Date(at * 1000).toISOString(), requests, durations: bounds }
  return { reading: { traffic, payments, connections: null }, maintenance, at }
}

/** Every look with the counters of that moment, as a watch sees them, until it ends. */
function watched(looks: readonly Look[], by = settings): { progress: Progress; kinds: string[] } {
  const [first, ...rest] = looks
  let progress = begin(moment(first ?? { at: 0 }))
  const kinds: string[] = []
  for (const look of rest) {
    progress = advance(progress, moment(look))
    const { result, isLast } = judgeProgress(progress, null, by)
    kinds.push(`${look.at}: ${progress.from === null ? "no data" : result.kind}${isLast ? ", ends" : ""}`)
    if (isLast) break
  }
  return { progress, kinds }
}

describe("a watch tells a person who waits", () => {
  const told = (looks: readonly Look[], toldAt: number) => {
    const { progress } = watched(looks)
    return progressWords(progress, judgeProgress(progress, null, settings).result, { toldAt, settings })
  }
  it("every half minute how far it is, with its figures", () => {
    expect(told([{ at: 0 }, { at: 29, good: 100 }], 0)).toBeNull()
    expect(told([{ at: 0 }, { at: 30, good: 99, bad: 1 }], 0)).toBe("30.0 s of 1 min 0 s; passed: errors 1.00 % of 100")
    expect(told([{ at: 0 }, { at: 30, good: 99, bad: 1 }], 10)).toBeNull()
    expect(told([{ at: 0 }, { at: 31 }], 0)).toBe(
      "31.0 s of 1 min 0 s; inconclusive: 0 requests in 31.0 s, 20 are needed",
    )
  })

  it("but nothing in maintenance mode, which it told before", () => {
    expect(told([{ at: 0 }, { at: 40, maintenance: ON }], 0)).toBeNull()
  })
})

describe("a watch in which maintenance mode is turned on", () => {
  const looks = [
    { at: 0 },
    { at: 10, good: 100 },
    { at: 20, good: 150, bad: 40, maintenance: ON },
    { at: 30, good: 150, bad: 900, maintenance: ON },
    { at: 40, good: 160, bad: 950, maintenance: ENDED },
    // the look before was before the end of maintenance mode, for all that is known
    { at: 50, good: 200, bad: 955, maintenance: ENDED },
    { at: 60, good: 250, bad: 955, maintenance: ENDED },
    { at: 99, good: 300, bad: 955, maintenance: ENDED },
    { at: 100, good: 300, bad: 955, maintenance: ENDED },
  ]

  it("judges none of its 503s, and takes so much longer", () => {
    const { progress, kinds } = watched(looks)
    expect(kinds).toEqual([
      "10: passed",
      "20: no data",
      "30: no data",
      "40: no data",
      "50: no data",
      "60: passed",
      "99: passed",
      "100: passed, ends",
    ])
    expect(windowOfProgress(progress)).toMatchObject({ seconds: 60, requests: 200, errors: 0 })
  })

  it("says how much was not judged", () => {
    const { progress } = watched(looks)
    const { result } = judgeProgress(progress, null, settings)
    expect(monitorLine(result)).toMatch(/^passed: errors 0\.00 % of 200.*; 40\.0 s in maintenance mode not judged$/)
  })

  it("judges what was measured before and after it together", () => {
    const bad = watched([
      { at: 0 },
      { at: 10, good: 10, bad: 5 },
      { at: 20, good: 10, bad: 5, maintenance: ON },
      { at: 30, good: 10, bad: 5, maintenance: ENDED },
      { at: 40, good: 10, bad: 5, maintenance: ENDED },
      { at: 50, good: 20, bad: 5, maintenance: ENDED },
    ])
    expect(bad.kinds.at(-1)).toBe("50: failed, ends")
    expect(windowOfProgress(bad.progress)).toMatchObject({ requests: 25, errors: 5 })
  })
})

it("a threshold that is broken before maintenance mode fails the watch", () => {
  const { kinds } = watched([{ at: 0 }, { at: 10, good: 10, bad: 30 }, { at: 20, bad: 900, maintenance: ON }])
  expect(kinds).toEqual(["10: failed, ends"])
})

it("a bad release is still bad when maintenance mode is turned on and off again and again", () => {
  let bad = 0
  const looks: Look[] = [{ at: 0 }]
  for (let at = 5; at <= 400; at += 5) {
    const isClosed = at % 30 < 10
    bad += isClosed ? 500 : 4
    looks.push({ at, bad, maintenance: isClosed ? ON : { kind: "off", ended: String(Math.floor(at / 30)) } })
  }
  expect(watched(looks).kinds.at(-1)).toMatch(/: failed, ends$/)
})

describe("maintenance mode between two looks", () => {
  it("is noticed by the time at which it ended", () => {
    const { kinds, progress } = watched([
      { at: 0, maintenance: ENDED },
      { at: 10, good: 100, maintenance: ENDED },
      { at: 20, good: 110, bad: 200, maintenance: { ...ENDED, ended: "2026-11-30T00:00:31Z" } },
    ])
    expect(kinds).toEqual(["10: passed", "20: no data"])
    expect(windowOfProgress(progress)).toMatchObject({ requests: 100, errors: 0 })
  })

  it("is not judged where a host does not know when it ended", () => {
    const { progress } = watched([
      { at: 0 },
      { at: 10, good: 50, bad: 20, maintenance: ON },
      { at: 20, good: 50, bad: 30 },
      { at: 30, good: 50, bad: 40 },
      { at: 40, good: 100, bad: 40 },
    ])
    expect(windowOfProgress(progress)).toMatchObject({ seconds: 10, requests: 50, errors: 0 })
  })
})

describe("a watch that maintenance mode does not let end", () => {
  /** Closed from a moment on, with a look every 10 seconds. */
  const closedFrom = (from: number) =>
    watched([
      { at: 0, maintenance: from === 0 ? ON : OFF },
      ...Array.from({ length: 100 }, (_, index) => {
        const at = 10 * (index + 1)
        return at < from ? { at, good: at * 10 } : { at, good: from * 10, bad: at * 9, maintenance: ON }
      }),
    ])

  it.each([
    ["on all the time", 0, 600, 0],
    ["on from the middle", 40, 630, 30],
  ])("is inconclusive after its limit: %s", (_, from, end, judged) => {
    const { progress, kinds } = closedFrom(from)
    expect(kinds.at(-1)).toBe(`${end}: no data, ends`)
    const { result } = judgeProgress(progress, null, settings)
    expect(result).toMatchObject({ kind: "inconclusive", maintenance: 600, unfinished: { judged, of: 60 } })
    // what was measured before is no verdict: not one figure passed
    expect(result.figures.map(({ verdict }) => verdict)).toEqual(["inconclusive"])
    expect(monitorLine(result)).toMatch(/^inconclusive: maintenance mode was on for 10 min.*could be judged$/)
  })

  it("is failed at once by what was broken before, and says so", () => {
    const first = moment({ at: 0 })
    const broken = advance(
      advance(begin(first), moment({ at: 10, good: 10, bad: 30 })),
      moment({ at: 20, maintenance: ON }),
    )
    const { result, isLast } = judgeProgress(broken, null, settings)
    expect([result.kind, isLast]).toEqual(["failed", true])
    expect(monitorLine(result)).toMatch(/^errors 75\.00 % of 40, threshold <= 1 %; 10\.0 s in maintenance mode/)
  })

  it("is what tollgate.yaml says about a watch without a verdict", () => {
    const { result } = judgeProgress(closedFrom(40).progress, null, settings)
    expect(() => requireMonitorPassed(result, settings)).not.toThrow()
    expect(() => requireMonitorPassed(result, { ...settings, inconclusive: "roll-back" })).toThrow(
      /ended in maintenance mode, and release\.monitor\.inconclusive is roll-back/,
    )
  })

  it("waits as long as its window, and 10 minutes at least", () => {
    expect([60, 600, 1800].map((window) => longestMaintenance({ window }))).toEqual([600, 600, 1800])
    expect(secondsLeft(begin(moment({ at: 0, maintenance: ON })), settings)).toBe(600)
    expect(secondsLeft(begin(moment({ at: 0 })), settings)).toBe(60)
  })
})

it("payments and response times of maintenance mode are not judged either", () => {
  const paid = (good: number, bad: number) => ({ payments: { good, bad } })
  const { progress } = watched(
    [
      { at: 0, ...paid(0, 0) },
      { at: 10, good: 50, ...paid(20, 0) },
      { at: 20, good: 50, bad: 9, maintenance: ON, ...paid(20, 30) },
      { at: 30, good: 50, bad: 9, maintenance: ENDED, ...paid(20, 40) },
      { at: 40, good: 50, bad: 9, maintenance: ENDED, ...paid(20, 40) },
      { at: 50, good: 60, bad: 9, maintenance: ENDED, ...paid(30, 40) },
    ],
    monitor.parse({ window: "60s", thresholds: { p95: "1s" } }),
  )
  expect(windowOfProgress(progress)).toMatchObject({
    payments: { good: 30, bad: 0 },
    p95: expect.closeTo(0.095),
    p95Beyond: null,
  })
})
