import { describe, expect, it } from "vitest"
import { monitor } from "../../core/config/monitor.js"
import type { Sample } from "../../core/ledger/samples/sample.js"
import { type SampleStore, SampleWriter } from "../../core/ledger/samples/writer.js"
import type { Window } from "../../core/release/monitor/judge.js"
import { isDue, MOST_LOOKS, samplesInMaintenance, samplesOf } from "../../core/release/monitor/samples.js"
import { TollgateError } from "../../core/shared/errors.js"

const settings = monitor.parse({
  thresholds: { errors: "1%", p95: "500ms", payments: "95%", connections: "80%" },
  requests: 20,
  database: "DATABASE_URL",
  payments: { metric: "payments_total", label: "outcome", good: ["paid"], bad: ["failed"] },
})
const window = (more: Partial<Window> = {}): Window => ({
  seconds: 60,
  requests: 200,
  errors: 1,
  p95: 0.2,
  p95Beyond: null,
  payments: { good: 49, bad: 1 },
  connections: { used: 10, of: 50 },
  ...more,
})
const span = { since: 1000, at: 61_000 }
const taken = (given: Window, phase: Sample["phase"] = "watch", by = settings) =>
  samplesOf(given, phase, span, by).map(({ metric, value, outOf, least, threshold, beyond }) => [
    metric,
    value,
    outOf,
    least,
    threshold,
    beyond,
  ])

describe("samples of a window", () => {
  it("are what the monitor judges, each with its threshold and what it is made of", () => {
    expect(taken(window())).toEqual([
      ["errors", 0.5, 200, 20, 1, false],
      ["p95", 0.2, 200, 20, 0.5, false],
      ["payments", 98, 50, 5, 95, false],
      ["connections", 20, 50, 0, 80, false],
    ])
    expect(samplesOf(window(), "watch", span, settings)[0]).toMatchObject({ phase: "watch", since: 1000, at: 61_000 })
  })

  it("have no data where nothing happened or nothing was read", () => {
    const quiet = window({ requests: 0, errors: 0, p95: null, payments: { good: 0, bad: 0 }, connections: null })
    expect(taken(quiet).map(([metric, value, outOf]) => [metric, value, outOf])).toEqual([
      ["errors", null, 0],
      ["p95", null, 0],
      ["payments", null, 0],
      ["connections", null, null],
    ])
    expect(taken(window({ payments: null }))[2]).toEqual(["payments", null, null, 5, 95, false])
  })

  it("have no data in maintenance mode, and say that it was on", () => {
    const samples = samplesInMaintenance("watch", span, settings)
    expect(samples.map(({ metric, phase, value, outOf }) => [metric, phase, value, outOf])).toEqual(
      ["errors", "p95", "payments", "connections"].map((metric) => [metric, "watch-maintenance", null, null]),
    )
    expect(samples[0]).toMatchObject({ since: 1000, at: 61_000, threshold: 1 })
    expect(samplesInMaintenance("before", span, settings)[0]?.phase).toBe("before-maintenance")
  })

  it("say when a response time is beyond what the proxy measures", () => {
    expect(taken(window({ p95: null, p95Beyond: 10 }))[1]).toEqual(["p95", 10, 200, 20, 0.5, true])
  })

  it("are of what is configured", () => {
    expect(taken(window(), "watch", monitor.parse({})).map(([metric, , , , threshold]) => [metric, threshold])).toEqual(
      [
        ["errors", 1],
        ["p95", null],
      ],
    )
  })
})

it("a watch of any length writes so many samples of a metric at most", () => {
  for (const seconds of [6, 300, 3600, 86_400]) {
    const pause = Math.min(5, Math.max(0.5, seconds / 12)) * 1000
    let [last, looks]: [number | null, number] = [null, 0]
    for (let at = 0; at <= seconds * 1000; at += pause)
      if (isDue(last, at, { window: seconds })) [last, looks] = [at, looks + 1]
    expect(looks, `${seconds} s`).toBeLessThanOrEqual(1.2 * MOST_LOOKS)
    expect(looks, `${seconds} s`).toBeGreaterThan(10)
  }
})

const [one] = samplesOf(window(), "watch", span, settings)
if (one === undefined) throw new Error("a window has samples")
const OF = { service: "shop", environment: "production", run: "run-1" }

/** A store whose batches end when they are told to. */
function heldStore() {
  const batches: { readonly samples: readonly Sample[]; readonly end: (error?: unknown) => void }[] = []
  const store: SampleStore = {
    write: (_, samples) =>
      new Promise((done, fail) =>
        batches.push({ samples, end: (error) => (error === undefined ? done() : fail(error)) }),
      ),
    close: () => Promise.resolve(),
  }
  return { batches, writer: new SampleWriter(store, OF) }
}

const turn = () => new Promise((done) => setImmediate(done))

describe("the writer of samples", () => {
  it("writes what came during a batch as the next batch", async () => {
    const { batches, writer } = heldStore()
    writer.add("r1", [one])
    writer.add("r1", [one, one])
    writer.add("r1", [one])
    await turn()
    expect(batches.map(({ samples }) => samples.length)).toEqual([1])
    batches[0]?.end()
    await turn()
    expect(batches.map(({ samples }) => samples.length)).toEqual([1, 3])
    batches[1]?.end()
    expect(await writer.end()).toBeNull()
  })

  it("drops what the ledger does not take, says how many and why, and goes on", async () => {
    const { batches, writer } = heldStore()
    writer.add("r1", [one, one])
    batches[0]?.end(Object.assign(new Error("permission denied for postgresql://a:pass-word@db"), { code: "42501" }))
    await turn()
    writer.add("r1", [one])
    batches[1]?.end()
    await turn()
    const warning = await writer.end()
    expect(warning).toBe(
      "2 samples of the watch were not written to the ledger: its user may not insert into tollgate_ledger.samples (docs/ledger.md, Samples, says how to grant it). The dashboard's pictures of this release lack them.",
    )
  })

  it.each([
    [new TollgateError("ledger-unreachable", "Could not reach pass-word", "Wait."), "it could not be reached"],
    [Object.assign(new Error("pass-word"), { code: "23514" }), "it refused them (SQLSTATE 23514)"],
    [new Error("pass-word"), "it refused them"],
  ])("repeats no message of the server: %s", async (error, words) => {
    const { batches, writer } = heldStore()
    writer.add("r1", [one])
    batches[0]?.end(error)
    await turn()
    const warning = await writer.end()
    expect(warning).toContain(`1 sample of the watch was not written to the ledger: ${words}.`)
    expect(warning).not.toContain("pass-word")
  })

  it("keeps only some hundred samples while a batch is written", async () => {
    const { batches, writer } = heldStore()
    writer.add("r1", [one])
    for (let batch = 0; batch < 500; batch += 1) writer.add("r1", [one, one])
    batches[0]?.end()
    await turn()
    expect(batches[1]?.samples).toHaveLength(400)
    batches[1]?.end()
    await turn()
    expect(await writer.end()).toContain("600 samples of the watch were not written")
  })

  it("waits a moment for a ledger that says nothing, and then counts what it has not taken, once", async () => {
    const { batches, writer } = heldStore()
    writer.add("r1", [one])
    for (let batch = 0; batch < 500; batch += 1) writer.add("r1", [one, one])
    expect(await writer.end()).toContain(
      "1001 samples of the watch were not written to the ledger: it did not answer in time.",
    )
    // an answer after the end changes no count
    batches[0]?.end(new Error("too late"))
    await turn()
    expect(await writer.end()).toContain("1001 samples")
    expect(batches).toHaveLength(1)
  })
})
