import type { LoadSettings } from "../../core/config/load.js"
import { parseSettings } from "../../core/config/parse.js"
import { judgeLoad } from "../../core/load/judge.js"
import type { K6SummaryReading } from "../../core/load/k6-summary.js"
import type { Figures, GeneratorRun, Measurement } from "../../core/load/measurement.js"
import { loadPlan, volumeOf } from "../../core/load/plan.js"
import type { LoadResult } from "../../core/load/result.js"
import { percentileOf } from "../../core/shared/percentile.js"

export function settingsOf(yaml: string): LoadSettings {
  const { load } = parseSettings(
    `qa: { runner: a.py, suites: { e2e: { files: [a.py] } } }\nload:\n${yaml.replace(/^/gm, "  ")}`,
  )
  if (load === undefined) throw new Error("no load")
  return load
}

/** 20/s for 15 s is 300 requests: enough for a p99. */
export const asked = settingsOf(`
timeout: 5s
scenarios:
  checkout:
    method: POST
    path: /checkout
    rate: 20/s
    duration: 15s
    checks: { order: { json: id, matches: "^T" }, open: { json: status, equals: open } }
    thresholds: { p95: 500ms, p99: 1s, errors: 1% }`)

export const plan = loadPlan(asked, ["checkout"], { baseUrl: "http://app:8000", run: "20261122T130000000Z" })

export interface Answers {
  /** Milliseconds of each right answer. */
  times: number[]
  failures?: { kind: "timeout" | "connection" | "status" | "check"; detail: string; count: number }[]
  dropped?: number
  failedChecks?: Record<string, number>
}

/** Figures of these answers, as the generator makes them. */
export function figuresOf({ times, failures = [], dropped = 0, failedChecks = {} }: Answers): Figures {
  const failed = failures.reduce((sum, { count }) => sum + count, 0)
  const sorted = Float64Array.from([...times, ...Array.from({ length: failed }, () => plan.timeout)]).sort()
  const at = (percent: number) => percentileOf(sorted, percent)
  return {
    requests: sorted.length,
    failed,
    dropped,
    times:
      sorted.length === 0
        ? null
        : { min: sorted[0] ?? 0, mean: 1, p50: at(50), p90: at(90), p95: at(95), p99: at(99), max: sorted.at(-1) ?? 0 },
    failures: failures.map((failure) => ({ ...failure, firstAt: 2500 })),
    failedChecks,
    seconds: Array.from({ length: 15 }, () => ({
      requests: Math.floor(sorted.length / 15),
      failed: Math.floor(failed / 15),
      dropped: 0,
      p50: at(50),
      p95: at(95),
    })),
    histogram: [{ from: 10, to: 15, count: times.length }],
    late: { p95: 1, max: 9 },
    startedAt: 1_795_351_511_000,
  }
}

/** What k6 would say of the same. */
export function summaryOf({ requests, failed, dropped, times }: Figures, crossed: string[] = []): K6SummaryReading {
  const { p50 = 0, p95 = 0, p99 = 0, max = 0 } = times ?? {}
  return {
    kind: "read",
    summary: { scenarios: { checkout: { requests, failed, dropped, p50, p95, p99, max } }, crossed },
  }
}

export function measurementOf(
  figures: Figures,
  run: Partial<GeneratorRun> = {},
  service: Measurement["service"] = null,
): Measurement {
  return {
    startedAt: "2026-11-22T13:00:00.000Z",
    unreachable: null,
    run: {
      end: { kind: "exited", code: 0 },
      seconds: 21,
      cpu: { cores: 2, mean: 0.04, peak: 0.06, machine: 0.5 },
      scenarios: { checkout: figures },
      examples: [],
      errors: [],
      lastLines: [],
      ...run,
    },
    service,
  }
}

export const quick = Array.from({ length: 300 }, (_, index) => 10 + index / 10)

export function resultOf(
  measurement: Measurement | { lost: string },
  k6: K6SummaryReading,
  more: Partial<LoadResult> = {},
): LoadResult {
  const measured = "lost" in measurement ? null : measurement
  return {
    tollgateVersion: "0.1.0",
    target: { kind: "image", name: "examples/payments" },
    source: "sha256:38ee70682887aa",
    run: plan.run,
    startedAt: "2026-11-22T13:00:00.000Z",
    plan,
    volume: volumeOf(plan),
    notRun: [],
    serviceOutput: measured?.service?.output ?? "",
    generator: {
      end: measured?.run?.end ?? null,
      seconds: 21,
      cpu: measured?.run?.cpu ?? null,
      lastLines: measured?.run?.lastLines ?? [],
    },
    ...judgeLoad(plan, measurement, k6),
    ...more,
  }
}

const crossed = { end: { kind: "exited", code: 99 } } as const

function of(answers: Answers, run: Partial<GeneratorRun> = {}): LoadResult {
  const figures = figuresOf(answers)
  return resultOf(measurementOf(figures, run), summaryOf(figures))
}

export const kept = of({ times: quick })
export const slow = of({ times: quick.map((time) => time * 20) }, crossed)
export const failing = of(
  {
    times: quick.slice(0, 250),
    failures: [
      { kind: "status", detail: "503", count: 40 },
      { kind: "check", detail: "order", count: 10 },
    ],
    failedChecks: { order: 10 },
    dropped: 3,
  },
  {
    ...crossed,
    examples: [
      {
        scenario: "checkout",
        kind: "status",
        detail: "503",
        at: 2500,
        said: "<script>alert('no')</script>\u001b[31m ##[error]down",
      },
      { scenario: "checkout", kind: "check", detail: "order", at: 2500, said: '{"id": 0}' },
    ],
  },
)
export const unreachable = resultOf(
  { startedAt: "2026-11-22T13:00:00.000Z", unreachable: "connect ECONNREFUSED", run: null, service: null },
  { kind: "unusable", why: "k6 wrote no summary" },
)
export const lost = resultOf(
  { lost: "the service app ended under the load (exit code: 1)" },
  { kind: "unusable", why: "k6 wrote no summary" },
)

export const everySample: [string, LoadResult][] = [
  ["a kept run", kept],
  ["a slow one", slow],
  ["a failing one", failing],
  ["an unreachable one", unreachable],
  ["a lost one", lost],
]
