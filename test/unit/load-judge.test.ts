import { describe, expect, test } from "vitest"
import { judgeLoad } from "../../core/load/judge.js"
import type { K6SummaryReading } from "../../core/load/k6-summary.js"
import type { GeneratorRun } from "../../core/load/measurement.js"
import { isPassed } from "../../core/load/result.js"
import { type Answers, failing, figuresOf, kept, measurementOf, plan, quick, slow, summaryOf } from "./load-samples.js"

interface Judged {
  reasons: string[]
  warnings: string[]
}

function judge(answers: Answers, run: Partial<GeneratorRun> = {}, k6?: K6SummaryReading): Judged {
  const figures = figuresOf(answers)
  const verdict = judgeLoad(plan, measurementOf(figures, run), k6 ?? summaryOf(figures))
  const reasons = [...verdict.reasons, ...verdict.scenarios.flatMap((scenario) => scenario.reasons)].map(
    ({ code, message }) => `${code}: ${message}`,
  )
  return { reasons, warnings: verdict.warnings }
}

const crossed: Partial<GeneratorRun> = { end: { kind: "exited", code: 99 } }

describe("a threshold", () => {
  test("that is met shows its limit, the measured figure and the number of requests", () => {
    expect(isPassed(kept)).toBe(true)
    expect(kept.scenarios[0]?.thresholds).toEqual([
      { name: "errors", unit: "%", asked: 1, measured: 0, requests: 300, verdict: { kind: "passed" } },
      {
        name: "p95",
        unit: "ms",
        asked: 500,
        measured: expect.closeTo(38.405, 3),
        requests: 300,
        verdict: { kind: "passed" },
      },
      {
        name: "p99",
        unit: "ms",
        asked: 1000,
        measured: expect.closeTo(39.601, 3),
        requests: 300,
        verdict: { kind: "passed" },
      },
      { name: "rate", unit: "%", asked: 98, measured: 100, requests: 300, verdict: { kind: "passed" } },
    ])
  })

  test("that is met exactly passes, and one that is exceeded by a thousandth fails and never reads like its limit", () => {
    expect(judge({ times: quick.map(() => 500) }).reasons).toEqual([])
    expect(judge({ times: quick.map(() => 500.001) }, crossed).reasons).toEqual([
      "threshold-broken: p95 501 ms, threshold 500 ms (300 requests)",
    ])
  })

  test("on a percentile is broken by failures, however fast they came: each counts as the time-out", () => {
    const answers: Answers = { times: quick.slice(0, 291), failures: [{ kind: "status", detail: "503", count: 9 }] }
    expect(judge(answers, crossed).reasons).toEqual([
      "threshold-broken: errors 3.00 % (9 of 300), threshold 1 %: 9 × status 503",
      "threshold-broken: p99 5 s, threshold 1 s (300 requests; a failed request counts as 5 s)",
    ])
  })

  test("on errors says of what kind they were", () => {
    expect(failing.scenarios[0]?.reasons[0]?.message).toBe(
      "errors 16.7 % (50 of 300), threshold 1 %: 40 × status 503, 10 × check order failed",
    )
  })

  test("on a percentile is not judged by too few requests, and that is red", () => {
    expect(judge({ times: quick.slice(0, 297) }).reasons).toEqual([
      "too-few-requests: p99 is inconclusive: 297 of 299 required requests were measured",
    ])
  })

  test("that nothing was measured for is never kept", () => {
    expect(judge({ times: [] }).reasons).toEqual([
      "nothing-measured: no request was measured",
      "rate-not-reached: target 20/s, achieved 0/s",
    ])
  })
})

describe("the arrival rate", () => {
  test("that is not reached is a reason of its own, though all that was sent was answered well", () => {
    expect(judge({ times: [...quick, ...quick].slice(0, 299).slice(0, 293), dropped: 7 }).reasons).toContain(
      "rate-not-reached: target 20/s, achieved 19.5/s; 7 requests were not sent, because all 50 virtual users were waiting for answers",
    )
  })

  test("may miss two in a hundred", () => {
    expect(judge({ times: [...quick].slice(0, 294) }).reasons.filter((reason) => reason.startsWith("rate"))).toEqual([])
  })
})

describe("a k6 that broke", () => {
  const well: Answers = { times: quick }
  test.each<[string, Partial<GeneratorRun>, string]>([
    [
      "ended with a code of its own",
      { end: { kind: "exited", code: 107 }, lastLines: ["GoError: no plan"] },
      "k6 exited 107 (the script threw an error): GoError: no plan",
    ],
    ["ended with a code nobody knows", { end: { kind: "exited", code: 3 } }, "k6 exited 3"],
    ["was killed", { end: { kind: "signalled", signal: "SIGKILL" } }, "k6 was killed by SIGKILL"],
    ["did not end", { end: { kind: "timed-out", seconds: 90 } }, "k6 did not finish within 90 s and was killed"],
    [
      "was not there",
      { end: { kind: "not-started", why: "spawn k6 ENOENT" } },
      "k6 could not be started: spawn k6 ENOENT",
    ],
    [
      "logged an error and ended with 0",
      { errors: ["ReferenceError: x"] },
      "k6 exited 0, but its log has errors: ReferenceError: x",
    ],
  ])("because it %s is red, whatever its figures are", (_, run, message) => {
    expect(judge(well, run).reasons).toEqual([`generator-broke: ${message}`])
  })

  test("because it left no summary is red", () => {
    expect(judge(well, {}, { kind: "unusable", why: "k6 wrote no summary" }).reasons).toEqual([
      "generator-broke: k6 wrote no summary",
    ])
  })
})

describe("k6's own summary", () => {
  test("that counts otherwise than its samples is red", () => {
    const figures = figuresOf({ times: quick })
    expect(judge({ times: quick }, {}, summaryOf({ ...figures, requests: 301 })).reasons).toEqual([
      "figures-disagree: requests: 301 in k6's summary, 300 in its samples",
    ])
    expect(
      judge({ times: quick }, {}, summaryOf(figuresOf({ times: quick.map((time) => time + 1) }))).reasons[0],
    ).toMatch(/^figures-disagree: p50: 25\.95/)
  })

  test("that calls a threshold crossed which the samples do not show, or none where they do, is red", () => {
    expect(judge({ times: quick }, crossed, summaryOf(figuresOf({ times: quick }), ["x: p(95)<=1"])).reasons).toEqual([
      "figures-disagree: k6 reports x: p(95)<=1 as crossed, but its samples do not show it",
    ])
    expect(judge({ times: quick.map(() => 600) }).reasons).toContain(
      "figures-disagree: k6 reports no crossed threshold, but its samples show one",
    )
  })
})

describe("a service of ours", () => {
  const figures = figuresOf({ times: quick })
  const reasons = (at: number) =>
    judgeLoad(plan, measurementOf(figures, {}, { end: { code: 137, at }, output: "Killed" }), summaryOf(figures))
      .reasons

  test("that ended is red, though its figures look well", () => {
    expect(reasons((figures.startedAt ?? 0) + 14_900)).toEqual([
      { code: "service-ended", scenario: null, message: "the service exited 137 14.9 s after the warm-up" },
    ])
    expect(reasons((figures.startedAt ?? 0) - 10)[0]?.message).toBe("the service exited 137 during the warm-up")
  })
})

describe("the load generator", () => {
  test("that took most of the processors is warned of: its figures are about itself", () => {
    expect(judge({ times: quick }, { cpu: { cores: 2, mean: 0.85, peak: 0.97, machine: 0.99 } })).toEqual({
      reasons: [],
      warnings: ["the load generator used 85.0 % of its 2 cores: the figures describe it rather than the service"],
    })
    expect(judge({ times: quick }, { cpu: { cores: 2, mean: 0.1, peak: 0.2, machine: 0.97 } }).warnings).toEqual([
      "the machine's CPU was 97.0 % busy: response times include waiting for CPU",
    ])
  })

  test("that was held up is warned of: bursts are not the load that was asked for", () => {
    const figures = { ...figuresOf({ times: quick }), late: { p95: 101, max: 740 } }
    expect(judgeLoad(plan, measurementOf(figures), summaryOf(figures)).warnings).toEqual([
      "requests were sent up to 740 ms late and in bursts: the load generator could not keep up",
    ])
  })

  test("whose use was not measured is warned of as well", () => {
    expect(judge({ times: quick }, { cpu: null }).warnings[0]).toContain("could not be measured")
  })
})

test("a slow run is red for its slowness alone", () => {
  expect(slow.scenarios[0]?.reasons.map(({ message }) => message)).toEqual([
    "p95 769 ms, threshold 500 ms (300 requests)",
  ])
})
