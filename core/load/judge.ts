import { perSecond, plannedRequests } from "../config/load-volume.js"
import { leastRequests } from "../shared/percentile.js"
import { failureInWords } from "./failure.js"
import { percentOf, rate as perSecondText, time } from "./figures.js"
import type { K6SummaryReading } from "./k6-summary.js"
import type { Figures, GeneratorEnd, GeneratorRun, Measurement } from "./measurement.js"
import type { LoadPlan, PlannedScenario } from "./plan.js"
import type { CheckResult, FailureShown, LoadReason, ScenarioResult, ThresholdVerdict } from "./result.js"

export interface LoadVerdict {
  scenarios: ScenarioResult[]
  reasons: LoadReason[]
  warnings: string[]
}

/** k6 finished, and a threshold of the plan was crossed. */
const THRESHOLDS_CROSSED = 99

/** k6's exit codes (its package errext/exitcodes). */
const EXIT_CODES: Record<number, string> = {
  100: "setup timed out",
  101: "teardown timed out",
  102: "timed out",
  103: "stopped through its API",
  104: "invalid options",
  105: "stopped from outside",
  107: "the script threw an error",
  108: "the script aborted",
  109: "crashed",
}

/** Share of the CPU at which the figures measure the generator instead of the service. */
const SATURATED = 0.8
const BUSY = 0.95
/** Milliseconds. Late requests come in bursts, which is not the configured load. */
const LATE = 100

/**
 * Judges the measurement by the plan. A failed run has a reason for each problem. Nothing that was not measured passes.
 */
export function judgeLoad(
  plan: LoadPlan,
  measurement: Measurement | { lost: string },
  k6: K6SummaryReading,
): LoadVerdict {
  if ("lost" in measurement)
    return withoutFigures(plan, {
      code: "no-measurement",
      scenario: null,
      message: `no measurement: ${measurement.lost}`,
    })
  const { unreachable, run } = measurement
  if (unreachable !== null || run === null)
    return withoutFigures(plan, {
      code: "unreachable",
      scenario: null,
      message: `could not reach the service: ${unreachable ?? "k6 was not started"}; k6 was not started`,
    })

  const scenarios = plan.scenarios.map((scenario) => judgeScenario(plan, scenario, run))
  const broke = whyGeneratorFailed(run, k6)
  return {
    scenarios,
    reasons: [
      ...endOfService(measurement, scenarios),
      ...(broke === null
        ? disagreements(scenarios, run.end, k6)
        : [{ code: "generator-broke" as const, scenario: null, message: broke }]),
    ],
    warnings: warningsOf(run),
  }
}

function withoutFigures(plan: LoadPlan, reason: LoadReason): LoadVerdict {
  const scenarios = plan.scenarios.map(
    (scenario): ScenarioResult => ({
      plan: scenario,
      figures: null,
      rate: { asked: perSecond(scenario.rate), reached: 0 },
      checks: [],
      failures: [],
      thresholds: thresholdsOf(scenario, null),
      reasons: [],
    }),
  )
  return { scenarios, reasons: [reason], warnings: [] }
}

function judgeScenario(plan: LoadPlan, scenario: PlannedScenario, run: GeneratorRun): ScenarioResult {
  const figures = run.scenarios[scenario.name] ?? null
  const { name } = scenario
  const failures = (figures?.failures ?? []).map((failure): FailureShown => {
    const example = run.examples.find(
      (one) => one.scenario === name && one.kind === failure.kind && one.detail === failure.detail,
    )
    return { ...failure, example: example?.said ?? null }
  })
  const thresholds = thresholdsOf(scenario, figures)
  const result = {
    plan: scenario,
    figures,
    rate: {
      asked: perSecond(scenario.rate),
      reached: Math.min(perSecond(scenario.rate), (figures?.requests ?? 0) / scenario.duration),
    },
    checks: checksOf(scenario, figures),
    failures,
    thresholds,
  }
  const nothing: LoadReason[] =
    figures === null || figures.requests === 0
      ? [{ code: "nothing-measured", scenario: name, message: "no request was measured" }]
      : []
  const missed = thresholds.flatMap((threshold) => reasonFor(plan, result, threshold))
  // without requests every threshold is inconclusive for the same reason
  return {
    ...result,
    reasons: [...nothing, ...missed.filter(({ code }) => nothing.length === 0 || code === "rate-not-reached")],
  }
}

function thresholdsOf(scenario: PlannedScenario, figures: Figures | null): ThresholdVerdict[] {
  const { times, errors, rate } = scenario.thresholds
  const requests = figures?.requests ?? 0
  const judged = (
    name: string,
    unit: ThresholdVerdict["unit"],
    asked: number,
    measured: number | null,
    least: number,
    passes: (measured: number) => boolean,
  ): ThresholdVerdict => ({
    name,
    unit,
    asked,
    measured,
    requests,
    verdict:
      measured === null || requests < least
        ? { kind: "inconclusive", why: `${requests} of ${least} required requests` }
        : { kind: passes(measured) ? "passed" : "failed" },
  })
  const planned = plannedRequests(scenario.rate, scenario.duration)
  const timesMeasured = new Map(Object.entries(figures?.times ?? {}))
  return [
    // errors come first, because they explain slow percentiles
    judged(
      "errors",
      "%",
      errors,
      figures === null || requests === 0 ? null : (figures.failed / requests) * 100,
      1,
      (measured) => measured <= errors,
    ),
    ...Object.entries(times).map(([name, asked]) =>
      judged(
        name,
        "ms",
        asked,
        timesMeasured.get(name) ?? null,
        name === "max" ? 1 : leastRequests(Number(name.slice(1))),
        (measured) => measured <= asked,
      ),
    ),
    judged(
      "rate",
      "%",
      rate,
      figures === null ? null : Math.min(100, (requests / planned) * 100),
      0,
      (measured) => measured >= rate,
    ),
  ]
}

function reasonFor(plan: LoadPlan, result: Omit<ScenarioResult, "reasons">, threshold: ThresholdVerdict): LoadReason[] {
  const { name: scenario } = result.plan
  const { name, asked, measured, requests, verdict } = threshold
  switch (verdict.kind) {
    case "passed":
      return []
    case "inconclusive":
      return [{ code: "too-few-requests", scenario, message: `${name} is inconclusive: ${verdict.why} were measured` }]
    case "failed":
      if (name === "rate") return [{ code: "rate-not-reached", scenario, message: rateInWords(plan, result) }]
      if (name === "errors") {
        const failed = result.figures?.failed ?? 0
        const kinds = result.failures.slice(0, 3).map((failure) => `${failure.count} × ${failureInWords(failure)}`)
        return [
          {
            code: "threshold-broken",
            scenario,
            message: `errors ${percentOf(measured ?? 0)} (${failed} of ${requests}), threshold ${asked} %: ${kinds.join(", ")}`,
          },
        ]
      }
      return [
        {
          code: "threshold-broken",
          scenario,
          message: `${name} ${time(measured ?? 0)}, threshold ${time(asked)} (${requests} requests${slowBecauseFailed(plan, result, measured ?? 0)})`,
        },
      ]
  }
}

function slowBecauseFailed(plan: LoadPlan, { figures }: Omit<ScenarioResult, "reasons">, measured: number): string {
  return measured >= plan.timeout && figures !== null && figures.failed > 0
    ? `; a failed request counts as ${time(plan.timeout)}`
    : ""
}

function rateInWords(plan: LoadPlan, { rate, figures }: Omit<ScenarioResult, "reasons">): string {
  const dropped = figures?.dropped ?? 0
  const why =
    dropped > 0
      ? `; ${dropped} requests were not sent, because all ${plan.virtualUsers} virtual users were waiting for answers`
      : ""
  return `target ${perSecondText(rate.asked)}, achieved ${perSecondText(rate.reached)}${why}`
}

function checksOf(scenario: PlannedScenario, figures: Figures | null): CheckResult[] {
  if (figures === null) return []
  const unread = figures.failures.filter(({ kind }) => kind !== "check").reduce((sum, { count }) => sum + count, 0)
  return scenario.checks.map(({ name }) => ({
    name,
    judged: figures.requests - unread,
    failed: figures.failedChecks[name] ?? 0,
  }))
}

/** A service that exits under load fails the test, however good its figures are. */
function endOfService({ service }: Measurement, scenarios: ScenarioResult[]): LoadReason[] {
  const end = service?.end ?? null
  if (end === null) return []
  const starts = scenarios.flatMap(({ figures }) => figures?.startedAt ?? [])
  const after = (end.at - Math.min(...starts)) / 1000
  const when = starts.length === 0 || after < 0 ? "during the warm-up" : `${after.toFixed(1)} s after the warm-up`
  return [{ code: "service-ended", scenario: null, message: `the service exited ${end.code} ${when}` }]
}

/** Why k6 did not finish properly, in which case its figures are incomplete; null when it did. */
function whyGeneratorFailed({ end, errors, lastLines }: GeneratorRun, k6: K6SummaryReading): string | null {
  const said = errors[0] ?? lastLines.at(-1)
  const words = said === undefined ? "" : `: ${said}`
  switch (end.kind) {
    case "not-started":
      return `k6 could not be started: ${end.why}`
    case "signalled":
      return `k6 was killed by ${end.signal}${words}`
    case "timed-out":
      return `k6 did not finish within ${end.seconds} s and was killed`
    case "exited":
      if (end.code !== 0 && end.code !== THRESHOLDS_CROSSED)
        return `k6 exited ${end.code}${EXIT_CODES[end.code] === undefined ? "" : ` (${EXIT_CODES[end.code]})`}${words}`
  }
  if (errors.length > 0) return `k6 exited ${end.code}, but its log has errors: ${errors[0]}`
  return k6.kind === "unusable" ? k6.why : null
}

/** k6 also counts by itself. If its figures differ from ours, neither can be trusted. */
function disagreements(scenarios: ScenarioResult[], end: GeneratorEnd, k6: K6SummaryReading): LoadReason[] {
  if (k6.kind === "unusable") return []
  const reasons = scenarios.flatMap(({ plan, figures }): LoadReason[] => {
    const theirs = k6.summary.scenarios[plan.name]
    if (figures === null || theirs === undefined) return []
    const pairs: [what: string, ours: number, theirs: number][] = [
      ["requests", figures.requests, theirs.requests],
      ["failed requests", figures.failed, theirs.failed],
      ["dropped requests", figures.dropped, theirs.dropped],
      ...(["p50", "p95", "p99", "max"] as const).map((key): [string, number, number] => [
        key,
        figures.times?.[key] ?? 0,
        theirs[key],
      ]),
    ]
    // samples have six decimals
    const apart = pairs.find(([, one, other]) => Math.abs(one - other) > 0.001)
    return apart === undefined
      ? []
      : [
          {
            code: "figures-disagree",
            scenario: plan.name,
            message: `${apart[0]}: ${apart[2]} in k6's summary, ${apart[1]} in its samples`,
          },
        ]
  })
  const failed = scenarios.some(({ thresholds }) =>
    thresholds.some(({ name, verdict }) => name !== "rate" && verdict.kind === "failed"),
  )
  const inconclusive = scenarios.some(({ thresholds }) =>
    thresholds.some(({ verdict }) => verdict.kind === "inconclusive"),
  )
  const crossed = end.kind === "exited" && end.code === THRESHOLDS_CROSSED
  if (crossed && !failed && !inconclusive) {
    const which = k6.summary.crossed.join(", ") || "a threshold"
    reasons.push({
      code: "figures-disagree",
      scenario: null,
      message: `k6 reports ${which} as crossed, but its samples do not show it`,
    })
  }
  if (!crossed && failed)
    reasons.push({
      code: "figures-disagree",
      scenario: null,
      message: "k6 reports no crossed threshold, but its samples show one",
    })
  return reasons
}

function warningsOf({ cpu, scenarios }: GeneratorRun): string[] {
  const late = Object.values(scenarios).filter((figures) => figures.late.p95 > LATE)
  const lateWords =
    late.length === 0
      ? []
      : [
          `requests were sent up to ${time(Math.max(...late.map((figures) => figures.late.max)))} late and in bursts: the load generator could not keep up`,
        ]
  return [...cpuWarnings(cpu), ...lateWords]
}

function cpuWarnings(cpu: GeneratorRun["cpu"]): string[] {
  if (cpu === null)
    return ["the load generator's CPU usage could not be measured: the figures may describe it instead of the service"]
  if (cpu.mean >= SATURATED)
    return [
      `the load generator used ${percentOf(cpu.mean * 100)} of its ${cpu.cores} cores: the figures describe it rather than the service`,
    ]
  if (cpu.machine >= BUSY)
    return [`the machine's CPU was ${percentOf(cpu.machine * 100)} busy: response times include waiting for CPU`]
  return []
}
