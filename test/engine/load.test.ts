import { dag } from "@dagger.io/dagger"
import { describe, expect, test } from "vitest"
import { codesOf, load, loadOf, loadSettings, messagesOf, misbehaving, newRun, only, orders } from "./load-service.js"
import { useEngine } from "./session.js"

useEngine()

test("a service that answers well is proven, with every request after the warm-up counted", async () => {
  const loaded = await loadOf("well", orders("", "thresholds: { p95: 3s, max: 3500ms, errors: 0% }"))
  expect(messagesOf(loaded)).toBe("")
  const { figures, thresholds, checks } = only(loaded)
  expect(figures).toMatchObject({ failed: 0, dropped: 0 })
  // 30 requests a second for 2 seconds, and one may begin at either end
  expect(figures?.requests).toBeGreaterThanOrEqual(60)
  expect(figures?.requests).toBeLessThanOrEqual(61)
  expect(figures?.seconds.map(({ requests }) => requests).reduce((sum, count) => sum + count)).toBe(figures?.requests)
  expect(thresholds.map(({ name, asked, verdict }) => [name, asked, verdict.kind])).toEqual([
    ["errors", 0, "passed"],
    ["p95", 3000, "passed"],
    ["max", 3500, "passed"],
    ["rate", 98, "passed"],
  ])
  expect(checks).toEqual([{ name: "answer", judged: figures?.requests, failed: 0 }])
  const run = "lost" in loaded.run.measurement ? null : loaded.run.measurement.run
  expect(run?.end).toEqual({ kind: "exited", code: 0 })
  expect(run?.cpu?.cores).toBeGreaterThan(0)
  expect(run?.cpu?.mean).toBeGreaterThan(0)
  expect(run?.cpu?.mean).toBeLessThan(1)
})

describe.concurrent("the gate refuses, naming scenario and reason,", () => {
  test("a wrong body that comes with 200", async () => {
    const loaded = await loadOf("wrong-body", orders())
    expect(codesOf(loaded)).toEqual(["threshold-broken"])
    expect(messagesOf(loaded)).toMatch(/^errors 100 % \((\d+) of \1\), threshold 0 %: \1 × check answer failed$/)
    expect(only(loaded).failures[0]?.example).toBe('{"status": "maintenance"}')
    const { figures, checks } = only(loaded)
    expect(checks).toEqual([{ name: "answer", judged: figures?.requests, failed: figures?.requests }])
  })

  test("an empty body that comes with 200", async () => {
    expect(messagesOf(await loadOf("empty-body", orders()))).toContain("check answer failed")
  })

  test("a service that is slow only at p99", async () => {
    const settings = loadSettings(`
warmUp: 1s
timeout: 4s
maxVirtualUsers: 100
scenarios:
  orders: { path: /orders, rate: 110/s, duration: 3s, checks: { answer: { json: status, equals: ok } }, thresholds: { p50: 1200ms, p95: 1200ms, p99: 1200ms } }`)
    const loaded = await loadOf("slow-at-p99", settings)
    expect(only(loaded).thresholds.map(({ name, verdict }) => [name, verdict.kind])).toEqual([
      ["errors", "passed"],
      ["p50", "passed"],
      ["p95", "passed"],
      ["p99", "failed"],
      ["rate", "passed"],
    ])
    expect(messagesOf(loaded)).toMatch(/^p99 1\.\d+ s, threshold 1\.2 s \(3[123]\d requests\)$/)
    const run = "lost" in loaded.run.measurement ? null : loaded.run.measurement.run
    expect(run?.end).toEqual({ kind: "exited", code: 99 })
  })

  test("a service that exits in the middle, with the figures until then", async () => {
    const loaded = await loadOf("dies", orders("", "thresholds: { p95: 3s }", "3s"))
    expect(codesOf(loaded)).toContain("threshold-broken")
    const { figures, failures } = only(loaded)
    expect(failures.map(({ kind }) => kind)).toContain("connection")
    expect(messagesOf(loaded)).toContain("connection refused")
    // it dies at the 76th request, some 31 of which are the warm-up's: half-way
    expect(figures?.seconds[0]).toMatchObject({ failed: 0 })
    expect(figures?.seconds.at(-1)?.failed).toBe(figures?.seconds.at(-1)?.requests)
    // what failed counts as the time-out, in k6's own summary as well
    expect(figures?.times?.p95).toBeGreaterThanOrEqual(4000)
  })

  test("a service whose container goes away with it: nothing can be said then", async () => {
    const run = newRun()
    const loaded = await load(orders("", "", "4s"), misbehaving("dies", run, false), { run })
    expect(codesOf(loaded)).toEqual(["no-measurement"])
    expect(messagesOf(loaded)).toContain("the service app exited under the load (exit code: 1)")
  })

  test("a service that is quick only during the warm-up", async () => {
    const loaded = await loadOf("slow-after-warm-up", orders("maxVirtualUsers: 100", "thresholds: { p50: 1200ms }"))
    expect(codesOf(loaded)).toEqual(["threshold-broken"])
    expect(messagesOf(loaded)).toMatch(/^p50 1\.\d+ s, threshold 1\.2 s/)
  })

  test("a redirect to a login page, which is not followed to its 200", async () => {
    expect(messagesOf(await loadOf("redirects-to-login", orders()))).toContain("× status 302")
  })

  test("errors that come fast: they never make a percentile better", async () => {
    const loaded = await loadOf("fails-fast", orders("", "thresholds: { p50: 3s, p90: 3s, errors: 50% }"))
    expect(only(loaded).thresholds.map(({ name, verdict }) => [name, verdict.kind])).toEqual([
      ["errors", "passed"],
      ["p50", "passed"],
      ["p90", "failed"],
      ["rate", "passed"],
    ])
    expect(messagesOf(loaded)).toContain("a failed request counts as 4 s")
  })

  test("answers that do not come in time", async () => {
    const loaded = await loadOf("hangs", orders("maxVirtualUsers: 100"))
    expect(messagesOf(loaded)).toContain("× timed out")
    expect(only(loaded).failures.map(({ kind }) => kind)).toEqual(["timeout"])
  })

  test("an arrival rate that is not reached, because all virtual users wait", async () => {
    const loaded = await loadOf("one-at-a-time", orders("maxVirtualUsers: 5", "thresholds: { errors: 100% }"))
    expect(codesOf(loaded)).toEqual(["rate-not-reached"])
    expect(messagesOf(loaded)).toMatch(
      /^target 30\/s, achieved (\d|\.)+\/s; \d+ requests were not sent, because all 5 virtual users were waiting/,
    )
    expect(only(loaded).figures?.seconds.some(({ dropped }) => dropped > 0)).toBe(true)
  })

  test("bodies that break off, and connections that are closed without an answer", async () => {
    const [cutOff, closed] = await Promise.all([loadOf("cuts-off", orders()), loadOf("resets", orders())])
    expect(only(cutOff).failures.map(({ kind }) => kind)).toEqual(["connection"])
    expect(only(closed).failures.map(({ kind }) => kind)).toEqual(["connection"])
    expect(codesOf(closed)).toEqual(["threshold-broken"])
  })

  test("no server to send requests to: k6 is not even started", async () => {
    const idle = dag
      .container()
      .from("python:3.11-slim")
      .withExposedPort(8000, { experimentalSkipHealthcheck: true })
      .withEnvVariable("TOLLGATE_TEST", newRun())
      .asService({ args: ["sleep", "600"] })
    const loaded = await load(orders(), idle)
    expect(codesOf(loaded)).toEqual(["unreachable"])
    expect(messagesOf(loaded)).toMatch(/^could not reach the service: .*(refused|ECONNREFUSED)/)
    expect(only(loaded).thresholds.every(({ verdict }) => verdict.kind === "inconclusive")).toBe(true)
  })
})

test("a service that is slow only during the warm-up is proven: no request of it is in any figure", async () => {
  const loaded = await loadOf("slow-in-warm-up", orders("maxVirtualUsers: 100", "thresholds: { max: 1200ms }"))
  expect(messagesOf(loaded)).toBe("")
})

test("scenarios side by side have figures of their own, and only the one that is broken is red", async () => {
  const loaded = await loadOf(
    "well",
    loadSettings(`
warmUp: 1s
timeout: 4s
scenarios:
  health: { path: /health, rate: 20/s, duration: 3s, checks: { ok: { json: status, equals: ok } } }
  login: { path: /login, rate: 600/m, duration: 2s, checks: { form: { contains: "<form>" }, empty: { equals: "" } }, thresholds: { errors: 10% } }`),
  )
  expect(loaded.scenarios.map(({ plan, reasons }) => [plan.name, reasons.map(({ code }) => code)])).toEqual([
    ["health", []],
    ["login", ["threshold-broken"]],
  ])
  expect(loaded.scenarios.map(({ figures }) => figures?.seconds.length)).toEqual([3, 2])
  expect(loaded.scenarios[1]?.checks.map(({ name, failed }) => [name, failed > 0])).toEqual([
    ["form", false],
    ["empty", true],
  ])
})

test("each request has an id and a number of its own, in path, header and body alike", async () => {
  const loaded = await loadOf(
    "refuses-repeats",
    loadSettings(`
warmUp: 1s
timeout: 4s
scenarios:
  orders:
    method: POST
    path: /orders?id={{uuid}}
    headers: { Idempotency-Key: "{{run}}-{{iteration}}" }
    json: { id: "{{uuid}}", number: "{{ iteration }}" }
    rate: 30/s
    duration: 3s
    checks:
      first-time: { json: repeated, equals: false }
      key: { json: key, matches: "^test-.+-[0-9]+$" }
      body: { json: sent, matches: '^{"id":"[0-9a-f]{8}-[0-9a-f-]{27}","number":"[0-9]+"}$' }`),
  )
  expect(messagesOf(loaded)).toBe("")
})
