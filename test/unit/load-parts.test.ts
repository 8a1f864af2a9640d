import { describe, expect, test } from "vitest"
import { parsePlace } from "../../core/config/json-place.js"
import { announcement, originOf, requireMayBeLoaded } from "../../core/load/address.js"
import { binOf, EDGES, placeOf } from "../../core/load/bins.js"
import { failureInWords } from "../../core/load/failure.js"
import { percentOf, rate, time } from "../../core/load/figures.js"
import { cpuUse, machineTime, processTime, type Reading } from "../../core/load/generator/cpu.js"
import { readLog } from "../../core/load/generator/log.js"
import { K6_IMAGE } from "../../core/load/generator.js"
import { readK6Summary } from "../../core/load/k6-summary.js"
import { loadPlan } from "../../core/load/plan.js"
import { leastRequests, percentileOf } from "../../core/shared/percentile.js"
import { k6 } from "../../dagger/engine/tools/k6.js"
import { plan, settingsOf } from "./load-samples.js"

describe("a percentile", () => {
  test("needs as many requests as it takes for the slowest to lie above it 19 times out of 20", () => {
    expect([50, 90, 95, 99].map(leastRequests)).toEqual([5, 29, 59, 299])
    expect(1 - 0.99 ** 299).toBeGreaterThanOrEqual(0.95)
    expect(1 - 0.99 ** 298).toBeLessThan(0.95)
  })

  test("lies between ranks as k6 has it", () => {
    expect(percentileOf([10, 20, 30, 40], 50)).toBe(25)
    expect([percentileOf([7], 99), percentileOf([], 99)]).toEqual([7, 0])
  })
})

describe("bins", () => {
  test("follow one another without a gap, and each time is in one", () => {
    for (const [index, edge] of EDGES.slice(1).entries()) expect(edge).toBeGreaterThan(EDGES[index] ?? Infinity)
    for (const edge of EDGES) expect(EDGES[binOf(edge)]).toBe(edge)
    expect([EDGES[binOf(0)], EDGES[binOf(149.9)], EDGES[binOf(1e9)]]).toEqual([0, 100, 700_000])
  })

  test("are drawn equally wide: a time has a place within its own", () => {
    expect(placeOf(125)).toBe(binOf(100) + 0.5)
  })
})

test("figures are rounded so that one that is too slow never reads like its threshold", () => {
  expect([0.04, 9.91, 10.01, 500, 500.001, 999.2, 1000, 1001, 12_340].map(time)).toEqual([
    "0.1 ms",
    "10 ms",
    "11 ms",
    "500 ms",
    "501 ms",
    "1000 ms",
    "1 s",
    "1.01 s",
    "12.34 s",
  ])
  expect([0, 0.1, 5, 74.59, 99.9, 100].map(percentOf)).toEqual(["0 %", "0.10 %", "5.00 %", "74.6 %", "99.9 %", "100 %"])
  expect([0, 0.5, 20, 19.53].map(rate)).toEqual(["0/s", "30/min", "20/s", "19.5/s"])
})

test("failures are described in words, k6's own where it has no number for them", () => {
  const failures: Parameters<typeof failureInWords>[0][] = [
    { kind: "timeout", detail: "", example: null },
    { kind: "status", detail: "503", example: "x" },
    { kind: "check", detail: "order", example: "x" },
    { kind: "connection", detail: "1212", example: "x" },
    { kind: "connection", detail: "1000", example: 'Get "http://app:8000/orders": EOF' },
    { kind: "connection", detail: "1650", example: null },
  ]
  expect(failures.map(failureInWords)).toEqual([
    "timed out",
    "status 503",
    "check order failed",
    "connection refused",
    "connection error (EOF)",
    "connection error (k6 error 1650)",
  ])
})

describe("the processors", () => {
  test("are read as the kernel writes them, whatever the program is called", () => {
    expect(processTime("4711 (k6 (x) 1 2) S 1 4711 4711 0 -1 4194304 1 0 0 0 250 50 0 0 20 0 9 0 100 1 1")).toBe(3000)
    expect(machineTime("cpu  100 0 50 800 50 0 0 0 0 0\ncpu0 1 1 1")).toEqual({ busy: 150, total: 1000 })
  })

  const readings: Reading[] = [0, 500, 1000, 1500, 2000, 2500].map((at, index) => ({
    at,
    generator: index < 3 ? at * 0.2 : 200 + (at - 1000) * 1.6,
    busy: at / 10,
    total: at / 5,
  }))

  test("are a share of all of them, over the measured time alone", () => {
    expect(cpuUse(readings, 0, 1000, 2)).toEqual({ cores: 2, mean: 0.1, peak: 0.1, machine: 0.5 })
    expect(cpuUse(readings, 1000, 2500, 2)?.mean).toBeCloseTo(0.8)
    expect(cpuUse(readings, 0, 2500, 2)).toMatchObject({ mean: expect.closeTo(0.52), peak: expect.closeTo(0.8) })
  })

  test("are not guessed at", () => {
    expect(cpuUse(readings, 400, 600, 2)).toBeNull()
    expect(cpuUse(readings, Infinity, -Infinity, 2)).toBeNull()
  })
})

describe("k6's log", () => {
  const told = (at: number, said: string) =>
    JSON.stringify({
      level: "info",
      msg: JSON.stringify({ tollgate: "failure", scenario: "orders", kind: "status", detail: "503", at, said }),
      source: "console",
    })

  test("has the earliest example of each failure", () => {
    expect(readLog([told(900, "late"), told(100, "early"), told(500, "middle")]).examples).toEqual([
      { scenario: "orders", kind: "status", detail: "503", at: 100, said: "early" },
    ])
  })

  test("has errors, but a crossed threshold is not one", () => {
    const error = (msg: string) => JSON.stringify({ level: "error", msg })
    const { errors } = readLog([
      error("ReferenceError: x"),
      error("ReferenceError: x"),
      error("thresholds on metrics 'a' have been crossed"),
      JSON.stringify({ level: "warning", msg: "Request Failed" }),
      "panic: runtime error",
      "{broken",
    ])
    expect(errors).toEqual(["ReferenceError: x", "panic: runtime error"])
  })
})

describe("k6's summary", () => {
  test("is refused when it is not there, not JSON, of another shape, or without a scenario", () => {
    const whys = [null, "{", '{"metrics": []}', '{"metrics": {}}'].map((text) => readK6Summary(text, ["orders"]))
    expect(whys.map((reading) => (reading.kind === "unusable" ? reading.why.split(":")[0] : "read"))).toEqual([
      "k6 wrote no summary",
      "k6's summary is invalid",
      "k6's summary is invalid",
      "k6's summary does not contain orders",
    ])
  })

  test("gives what k6 counted by itself, and what it calls crossed", () => {
    const metrics = {
      "tollgate_response_time{scenario:orders}": {
        type: "trend",
        values: { count: 90, "p(50)": 1, "p(95)": 2, "p(99)": 3, max: 4 },
        thresholds: { "max>=0": { ok: true }, "p(95)<=1": { ok: false } },
      },
      "tollgate_failed{scenario:orders}": { type: "rate", values: { rate: 0.1, passes: 9, fails: 81 } },
      "dropped_iterations{scenario:orders}": { type: "counter", values: { count: 5, rate: 1 } },
    }
    expect(readK6Summary(JSON.stringify({ metrics }), ["orders"])).toEqual({
      kind: "read",
      summary: {
        scenarios: { orders: { requests: 90, failed: 9, dropped: 5, p50: 1, p95: 2, p99: 3, max: 4 } },
        crossed: ["tollgate_response_time{scenario:orders}: p(95)<=1"],
      },
    })
  })
})

test("places in a JSON document are keys and indices", () => {
  expect(["checks.postgres", "[0].code", "items[10].price-minor", "a[0][1]"].map(parsePlace)).toEqual([
    ["checks", "postgres"],
    [0, "code"],
    ["items", 10, "price-minor"],
    ["a", 0, 1],
  ])
  expect(["", ".a", "a.", "a..b", "a[x]", "a[0]b", "a b"].map(parsePlace)).toEqual([
    null,
    null,
    null,
    null,
    null,
    null,
    null,
  ])
})

describe("the plan for the generator", () => {
  const settings = settingsOf(`
secrets: [TOKEN]
scenarios:
  orders:
    method: POST
    path: /orders
    headers: { Authorization: "Bearer {{secret.TOKEN}}" }
    json: { id: "{{uuid}}" }
    rate: 60/m
    duration: 10s
    checks: { text: { contains: a }, number: { json: 'a[0]', equals: 0 }, none: { json: b, equals: null }, form: { matches: x } }
    thresholds: { max: 1s }
  plain: { method: PUT, path: /, headers: { content-type: text/csv }, json: [1], rate: 1/s, duration: 10s, status: [204], checks: { empty: { equals: "" } } }`)
  const made = loadPlan(settings, ["orders", "plain"], { baseUrl: "http://app:8000", run: "r" })

  test("has everything that is sent, and of secrets the names", () => {
    expect(made.scenarios[0]).toMatchObject({
      method: "POST",
      headers: { "Content-Type": "application/json", Authorization: "Bearer {{secret.TOKEN}}" },
      body: '{"id":"{{uuid}}"}',
      bodyIsJson: true,
      status: [],
      thresholds: { times: { max: 1000 }, errors: 0, rate: 98 },
    })
    expect(made.scenarios[0]?.checks).toEqual([
      { name: "text", place: null, kind: "contains", value: "a" },
      { name: "number", place: ["a", 0], kind: "equals", value: 0 },
      { name: "none", place: ["b"], kind: "equals", value: null },
      { name: "form", place: null, kind: "matches", value: "x" },
    ])
    expect(made.scenarios[1]).toMatchObject({ headers: { "content-type": "text/csv" }, body: "[1]", status: [204] })
  })

  test("has the scenarios that were asked for, and no others", () => {
    expect(loadPlan(settings, ["plain"], { baseUrl: "", run: "" }).scenarios.map(({ name }) => name)).toEqual(["plain"])
  })
})

describe("an address", () => {
  test.each(["https://shop.example", "https://shop.example/", "http://10.0.0.7:8080", "http://[::1]:8000"])(
    "is a scheme, a host and a port: %s",
    (url) => {
      expect(originOf(url)).toBe(url.replace(/\/$/, ""))
    },
  )

  test.each([
    "shop.example",
    "https://shop.example/api",
    "https://shop.example/?a=1",
    "ftp://shop.example",
    "https://user:hunter22@shop.example",
    "https://shop.example/#x",
    "",
  ])("is not %s, which is not repeated", (url) => {
    let said = ""
    try {
      originOf(url)
    } catch (error) {
      said = error instanceof Error ? error.message : ""
    }
    expect(said).toContain("--url is not the address of a service")
    expect(said).not.toContain("hunter22")
  })

  test("is loaded when it is staging, or its host is written out; a port or a scheme of its own makes it another", () => {
    const may =
      (baseUrl: string, staging: string[], confirm = "") =>
      () =>
        requireMayBeLoaded({ ...plan, baseUrl }, staging, confirm)
    expect(may("https://staging.shop.example", ["https://staging.shop.example"])).not.toThrow()
    expect(may("https://shop.example", [], "SHOP.example")).not.toThrow()
    expect(may("http://shop.example:8080", [], "shop.example:8080")).not.toThrow()
    for (const refused of [
      may("https://shop.example", ["https://staging.shop.example"]),
      may("http://staging.shop.example", ["https://staging.shop.example"]),
      may("https://staging.shop.example:8443", ["https://staging.shop.example"]),
      may("https://shop.example", [], "yes"),
      may("https://shop.example", [], "staging.shop.example"),
      may("http://shop.example:8080", [], "shop.example"),
    ])
      expect(refused).toThrow("Nothing was sent")
  })

  test("that is refused comes with what it would have to bear", () => {
    expect(announcement(plan)).toEqual([
      "up to 402 requests in 20.0 s, including 5.0 s of warm-up",
      "checkout: POST /checkout, 20/s for 15.0 s",
    ])
  })
})

test("the image of k6 is the one that the engine without Docker builds", () => {
  expect(k6.image.names).toEqual([K6_IMAGE])
})
