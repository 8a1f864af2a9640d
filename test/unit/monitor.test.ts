import { describe, expect, test } from "vitest"
import { monitor } from "../../core/config/monitor.js"
import { judgeWindow, quantileOf, type Reading, windowOf } from "../../core/release/monitor/judge.js"
import { parsePrometheus, sumOf } from "../../core/release/monitor/prometheus.js"
import { crash, requireMonitorPassed } from "../../core/release/monitor/watch.js"
import { judgeSmoke } from "../../core/release/smoke/judge.js"

function reading(
  at: string,
  counts: [status: number, count: number][],
  more: Partial<Reading> = {},
  bounds: [upTo: number, count: number][] = [],
): Reading {
  return {
    traffic: {
      at,
      requests: counts.map(([status, count]) => ({ method: "GET", status, count })),
      durations: bounds.map(([upTo, count]) => ({ upTo, count })),
    },
    payments: null,
    connections: null,
    ...more,
  }
}

const start = reading("2026-11-22T09:00:00Z", [
  [200, 100],
  [500, 7],
])
const settings = monitor.parse({ thresholds: { errors: "1%", p95: "500ms" }, requests: 50 })

describe("a window", () => {
  test("counts what lies between two readings, and nothing that was before", () => {
    expect(
      windowOf(
        start,
        reading("2026-11-22T09:01:00Z", [
          [200, 190],
          [500, 8],
          [404, 3],
        ]),
      ),
    ).toMatchObject({ seconds: 60, requests: 94, errors: 1 })
  })
  test("counts from 0 when the proxy was restarted in it", () => {
    expect(
      windowOf(
        start,
        reading("2026-11-22T09:01:00Z", [
          [200, 40],
          [500, 2],
        ]),
      ),
    ).toMatchObject({ requests: 42, errors: 2 })
  })
})

describe("the verdict", () => {
  const after = (
    good: number,
    bad: number,
    bounds: [number, number][] = [
      [0.1, good + bad],
      [Infinity, good + bad],
    ],
  ) =>
    windowOf(
      reading("2026-11-22T09:00:00Z", []),
      reading(
        "2026-11-22T09:01:00Z",
        [
          [200, good],
          [500, bad],
        ],
        {},
        bounds,
      ),
    )
  test("passes with enough requests under the thresholds", () => {
    expect(judgeWindow(after(99, 1), null, settings).kind).toBe("passed")
  })
  test("fails with one error too many", () => {
    expect(judgeWindow(after(98, 2), null, settings).kind).toBe("failed")
  })
  test("fails with answers that come too late, even where the proxy cannot say how late", () => {
    expect(
      judgeWindow(
        after(100, 0, [
          [0.1, 90],
          [0.5, 94],
          [1, 100],
          [Infinity, 100],
        ]),
        null,
        settings,
      ).kind,
    ).toBe("failed")
    expect(
      judgeWindow(
        after(100, 0, [
          [0.1, 90],
          [10, 94],
          [Infinity, 100],
        ]),
        null,
        settings,
      ).kind,
    ).toBe("failed")
  })
  test("is inconclusive with fewer requests than are required, whatever they were", () => {
    expect(judgeWindow(after(49, 0), null, settings).kind).toBe("inconclusive")
    expect(judgeWindow(after(0, 0), null, settings).kind).toBe("inconclusive")
    expect(judgeWindow(after(0, 40), null, settings).kind).toBe("inconclusive")
  })
  test("of an inconclusive window is what tollgate.yaml says", () => {
    const result = judgeWindow(after(0, 0), null, settings)
    expect(() => requireMonitorPassed(result, settings)).not.toThrow()
    expect(() => requireMonitorPassed(result, { ...settings, inconclusive: "roll-back" })).toThrow(/Too little/)
    expect(() => requireMonitorPassed(judgeWindow(after(50, 50), null, settings), settings)).toThrow(
      /errors 50.00 % of 100, threshold <= 1 %/,
    )
  })
})

describe("payments and connections", () => {
  const own = monitor.parse({
    requests: 1,
    database: "DATABASE_URL",
    payments: { metric: "payments_total", label: "outcome", good: ["paid"], bad: ["failed"] },
  })
  const window = (more: Partial<Reading>) =>
    windowOf(
      reading("2026-11-22T09:00:00Z", [], { payments: { good: 10, bad: 0 } }),
      reading("2026-11-22T09:01:00Z", [[200, 10]], {
        payments: { good: 30, bad: 0 },
        connections: { used: 10, of: 100 },
        ...more,
      }),
    )
  test("are good, broken and not read", () => {
    expect(judgeWindow(window({}), null, own).kind).toBe("passed")
    expect(judgeWindow(window({ payments: { good: 20, bad: 10 } }), null, own).kind).toBe("failed")
    expect(judgeWindow(window({ connections: { used: 81, of: 100 } }), null, own).kind).toBe("failed")
    expect(judgeWindow(window({ connections: null }), null, own).kind).toBe("inconclusive")
    expect(judgeWindow(window({ payments: null }), null, own).kind).toBe("inconclusive")
  })
  test("of a quiet window say nothing against a release", () => {
    expect(judgeWindow(window({ payments: { good: 10, bad: 1 } }), null, own).kind).toBe("passed")
  })
})

test("a quantile lies inside its bucket", () => {
  expect(
    quantileOf(
      [
        { upTo: 0.1, count: 0 },
        { upTo: 0.2, count: 100 },
        { upTo: Infinity, count: 100 },
      ],
      0.95,
    ),
  ).toMatchObject({ kind: "within", seconds: expect.closeTo(0.195) })
  expect(quantileOf([], 0.95)).toEqual({ kind: "none" })
})

test("Prometheus' text is read as it is written", () => {
  const text =
    '# HELP payments_total x\n# TYPE payments_total counter\npayments_total{outcome="paid",plan="a, \\"b\\"}"} 3.0\npayments_total{outcome="failed"} 1 1700000000\nup 1\nbroken{ 1\nnot a number x\n'
  const samples = parsePrometheus(text)
  expect(samples.map(({ name, value }) => `${name} ${value}`)).toEqual(["payments_total 3", "payments_total 1", "up 1"])
  expect(samples[0]?.labels.get("plan")).toBe('a, "b"}')
  expect(sumOf(samples, "payments_total", "outcome", ["paid"])).toBe(3)
})

test("a replica that ended, or was started again, is not well", () => {
  const replica = (state: Parameters<typeof crash>[0]["state"]) => ({ place: "app1", process: "web", name: "x", state })
  expect(crash(replica({ kind: "running", check: "none", restarts: 2 }), 2)).toBeNull()
  expect(crash(replica({ kind: "running", check: "none", restarts: 3 }), 2)).toMatch(/restarted/)
  expect(crash(replica({ kind: "running", check: "unhealthy", restarts: 0 }), 0)).toMatch(/unhealthy/)
  expect(crash(replica({ kind: "ended", code: 137, outOfMemory: true }), 0)).toMatch(/memory/)
  expect(crash(replica({ kind: "restarting", code: 1, restarts: 4 }), 0)).toMatch(/exited with code 1/)
})

describe("a smoke check", () => {
  const check = { method: "POST" as const, path: "/checkout", status: [201], contains: ["order"] }
  const answer = (status: number, body: string) => ({
    kind: "answered" as const,
    status,
    body,
    headers: new Map<string, string>(),
    milliseconds: 1,
  })
  test("wants the status and every text, and repeats nothing of the answer", () => {
    expect(judgeSmoke(check, answer(201, "an order"))).toBeNull()
    expect(judgeSmoke(check, answer(200, "an order"))).toBe("POST /checkout answered 200, not 201")
    expect(judgeSmoke(check, answer(201, "secret"))).toBe('POST /checkout answered 201 without "order"')
    expect(judgeSmoke(check, { kind: "silent", why: "refused", milliseconds: 1 })).toBe("POST /checkout: refused")
    expect(judgeSmoke({ ...check, status: undefined }, answer(302, "order"))).toContain("not 200 to 299")
  })
})
