import { percentOf, rate as perSecondText, time } from "./figures.js"
import type { K6SummaryReading } from "./k6-summary.js"
import type { Figures, GeneratorEnd, GeneratorRun, Measurement } from "./measurement.js"
import { leastRequests } from "./percentile.js"
import type { LoadPlan, PlannedScenario } from "./plan.js"
import type { CheckResult, FailureShown, LoadReason, ScenarioResult, ThresholdVerdict } from "./result.js"
import { failureInWords } from "./failure.js"
import { plannedRequests, perSecond } from "./volume.js"

export interface LoadVerdict {
  scenarios: ScenarioResult[]
  reasons: LoadReason[]
  warnings: string[]
}

/** k6 ran to its end and says that a threshold of the plan was crossed. */
const THRESHOLDS_CROSSED = 99

/** What the exit codes of k6 mean (its package errext/exitcodes). */
const EXIT_CODES: Record<number, string> = {
  100: "its set-up took too long", 101: "its clean-up took too long", 102: "something took too long", 103: "it was stopped over its API",
  104: "its options are not valid", 105: "it was stopped from outside", 107: "the script threw an error", 108: "the script gave up", 109: "it crashed",
}

/** Saturated: what is measured then is how fast the generator can be. */
const SATURATED = 0.8
const BUSY = 0.95
/** Milliseconds: requests that come in bursts, because they are late, are not the load that was asked for. */
const LATE = 100

/**
 * What the measurement proves of the plan. A red run has a reason for each thing that is not as it was asked, and never a good word
 * for what was not measured.
 */
export function judgeLoad(plan: LoadPlan, measurement: Measurement | { lost: string }, k6: K6SummaryReading): LoadVerdict {
  if ("lost" in measurement) return withoutFigures(plan, { code: "no-measurement", scenario: null, message: `nothing was measured: ${measurement.lost}` })
  const { unreachable, run } = measurement
  if (unreachable !== null || run === null)
    return withoutFigures(plan, { code: "unreachable", scenario: null, message: `nobody could be asked: ${unreachable ?? "k6 was not started"}; k6 was not started` })

  const scenarios = plan.scenarios.map((scenario) => judgeScenario(plan, scenario, run))
  const broke = whyBroken(run, k6)
  return {
    scenarios,
    reasons: [
      ...endOfService(measurement, scenarios),
      ...(broke === null ? disagreements(scenarios, run.end, k6) : [{ code: "generator-broke" as const, scenario: null, message: broke }]),
    ],
    warnings: warningsOf(run),
  }
}

function withoutFigures(plan: LoadPlan, reason: LoadReason): LoadVerdict {
  const scenarios = plan.scenarios.map((scenario): ScenarioResult => ({
    plan: scenario,
    figures: null,
    rate: { asked: perSecond(scenario.rate), reached: 0 },
    checks: [],
    failures: [],
    thresholds: thresholdsOf(scenario, null),
    reasons: [],
  }))
  return { scenarios, reasons: [reason], warnings: [] }
}

function judgeScenario(plan: LoadPlan, scenario: PlannedScenario, run: GeneratorRun): ScenarioResult {
  const figures = run.scenarios[scenario.name] ?? null
  const { name } = scenario
  const failures = (figures?.failures ?? []).map((failure): FailureShown => {
    const example = run.examples.find((one) => one.scenario === name && one.kind === failure.kind && one.detail === failure.detail)
    return { ...failure, example: example?.said ?? null }
  })
  const thresholds = thresholdsOf(scenario, figures)
  const result = {
    plan: scenario,
    figures,
    rate: { asked: perSecond(scenario.rate), reached: Math.min(perSecond(scenario.rate), (figures?.requests ?? 0) / scenario.duration) },
    checks: checksOf(scenario, figures),
    failures,
    thresholds,
  }
  const nothing: LoadReason[] =
    figures === null || figures.requests === 0 ? [{ code: "nothing-measured", scenario: name, message: "no request was measured: nothing is known about it" }] : []
  const broken = thresholds.flatMap((threshold) => reasonFor(plan, result, threshold))
  // of no request every threshold is inconclusive, and says the same
  return { ...result, reasons: [...nothing, ...broken.filter(({ code }) => nothing.length === 0 || code === "rate-not-reached")] }
}

function thresholdsOf(scenario: PlannedScenario, figures: Figures | null): ThresholdVerdict[] {
  const { times, errors, rate } = scenario.thresholds
  const requests = figures?.requests ?? 0
  const judged = (name: string, unit: ThresholdVerdict["unit"], asked: number, measured: number | null, least: number, kept: (measured: number) => boolean): ThresholdVerdict => ({
    name, unit, asked, measured, requests,
    verdict:
      measured === null || requests < least
        ? { kind: "inconclusive", why: `${requests} of the ${least} requests that it needs` }
        : { kind: kept(measured) ? "kept" : "broken" },
  })
  const planned = plannedRequests(scenario.rate, scenario.duration)
  const timesMeasured = new Map(Object.entries(figures?.times ?? {}))
  return [
    // first: what failed explains what was slow
    judged("errors", "%", errors, figures === null || requests === 0 ? null : (figures.failed / requests) * 100, 1, (measured) => measured <= errors),
    ...Object.entries(times).map(([name, asked]) =>
      judged(name, "ms", asked, timesMeasured.get(name) ?? null, name === "max" ? 1 : leastRequests(Number(name.slice(1))), (measured) => measured <= asked),
    ),
    judged("rate", "%", rate, figures === null ? null : Math.min(100, (requests / planned) * 100), 0, (measured) => measured >= rate),
  ]
}

function reasonFor(plan: LoadPlan, result: Omit<ScenarioResult, "reasons">, threshold: ThresholdVerdict): LoadReason[] {
  const { name: scenario } = result.plan
  const { name, asked, measured, requests, verdict } = threshold
  switch (verdict.kind) {
    case "kept":
      return []
    case "inconclusive":
      return [{ code: "too-few-requests", scenario, message: `${name} cannot be judged: ${verdict.why} were measured` }]
    case "broken":
      if (name === "rate") return [{ code: "rate-not-reached", scenario, message: rateInWords(plan, result) }]
      if (name === "errors") {
        const failed = result.figures?.failed ?? 0
        const kinds = result.failures.slice(0, 3).map((failure) => `${failure.count} × ${failureInWords(failure)}`)
        return [{ code: "threshold-broken", scenario, message: `errors ${percentOf(measured ?? 0)} (${failed} of ${requests}), ${asked} % asked: ${kinds.join(", ")}` }]
      }
      return [{ code: "threshold-broken", scenario, message: `${name} ${time(measured ?? 0)}, ${time(asked)} asked (${requests} requests${slowBecauseFailed(plan, result, measured ?? 0)})` }]
  }
}

function slowBecauseFailed(plan: LoadPlan, { figures }: Omit<ScenarioResult, "reasons">, measured: number): string {
  return measured >= plan.timeout && figures !== null && figures.failed > 0 ? `; one that failed counts as ${time(plan.timeout)}` : ""
}

function rateInWords(plan: LoadPlan, { rate, figures }: Omit<ScenarioResult, "reasons">): string {
  const dropped = figures?.dropped ?? 0
  const why = dropped > 0 ? `; ${dropped} requests were due and not sent, as all ${plan.virtualUsers} virtual users waited for an answer` : ""
  return `asked ${perSecondText(rate.asked)}, reached ${perSecondText(rate.reached)}${why}`
}

function checksOf(scenario: PlannedScenario, figures: Figures | null): CheckResult[] {
  if (figures === null) return []
  const unread = figures.failures.filter(({ kind }) => kind !== "check").reduce((sum, { count }) => sum + count, 0)
  return scenario.checks.map(({ name }) => ({ name, judged: figures.requests - unread, broken: figures.brokenChecks[name] ?? 0 }))
}

/** Whether or not the figures still look well: what ended under the load would not have gone on. */
function endOfService({ service }: Measurement, scenarios: ScenarioResult[]): LoadReason[] {
  const end = service?.end ?? null
  if (end === null) return []
  const starts = scenarios.flatMap(({ figures }) => figures?.startedAt ?? [])
  const after = (end.at - Math.min(...starts)) / 1000
  const when = starts.length === 0 || after < 0 ? "during the warm-up" : `${after.toFixed(1)} s after the warm-up`
  return [{ code: "service-ended", scenario: null, message: `the service ended with ${end.code} ${when}` }]
}

/** Anything but a k6 that went its way to the end: its figures are not all there then, whatever they say. */
function whyBroken({ end, errors, lastLines }: GeneratorRun, k6: K6SummaryReading): string | null {
  const said = errors[0] ?? lastLines.at(-1)
  const words = said === undefined ? "" : `: ${said}`
  switch (end.kind) {
    case "not-started":
      return `k6 could not be started: ${end.why}`
    case "signalled":
      return `k6 was ended by ${end.signal}${words}`
    case "timed-out":
      return `k6 did not end within ${end.seconds} s, and was ended`
    case "exited":
      if (end.code !== 0 && end.code !== THRESHOLDS_CROSSED)
        return `k6 ended with ${end.code}${EXIT_CODES[end.code] === undefined ? "" : ` (${EXIT_CODES[end.code]})`}${words}`
  }
  if (errors.length > 0) return `k6 ended with ${end.code}, and its log has errors: ${errors[0]}`
  return k6.kind === "unusable" ? k6.why : null
}

/** k6 counts by itself as well. Where it comes to other figures than ours, neither can be believed. */
function disagreements(scenarios: ScenarioResult[], end: GeneratorEnd, k6: K6SummaryReading): LoadReason[] {
  if (k6.kind === "unusable") return []
  const reasons = scenarios.flatMap(({ plan, figures }): LoadReason[] => {
    const theirs = k6.summary.scenarios[plan.name]
    if (figures === null || theirs === undefined) return []
    const pairs: [what: string, ours: number, theirs: number][] = [
      ["requests", figures.requests, theirs.requests],
      ["failed requests", figures.failed, theirs.failed],
      ["dropped requests", figures.dropped, theirs.dropped],
      ...(["p50", "p95", "p99", "max"] as const).map((key): [string, number, number] => [key, figures.times?.[key] ?? 0, theirs[key]]),
    ]
    // samples are written with six decimals
    const apart = pairs.find(([, one, other]) => Math.abs(one - other) > 0.001)
    return apart === undefined ? [] : [{ code: "figures-disagree", scenario: plan.name, message: `${apart[0]}: k6 says ${apart[2]}, its samples ${apart[1]}` }]
  })
  const broken = scenarios.some(({ thresholds }) => thresholds.some(({ name, verdict }) => name !== "rate" && verdict.kind === "broken"))
  const inconclusive = scenarios.some(({ thresholds }) => thresholds.some(({ verdict }) => verdict.kind === "inconclusive"))
  const crossed = end.kind === "exited" && end.code === THRESHOLDS_CROSSED
  if (crossed && !broken && !inconclusive) {
    const which = k6.summary.crossed.join(", ") || "a threshold"
    reasons.push({ code: "figures-disagree", scenario: null, message: `k6 calls ${which} crossed, its samples do not show it` })
  }
  if (!crossed && broken) reasons.push({ code: "figures-disagree", scenario: null, message: "k6 calls no threshold crossed, its samples show one" })
  return reasons
}

function warningsOf({ cpu, scenarios }: GeneratorRun): string[] {
  const late = Object.values(scenarios).filter((figures) => figures.late.p95 > LATE)
  const lateWords = late.length === 0 ? [] : [`requests were begun up to ${time(Math.max(...late.map((figures) => figures.late.max)))} late: the load generator was held up, and came in bursts`]
  return [...cpuWarnings(cpu), ...lateWords]
}

function cpuWarnings(cpu: GeneratorRun["cpu"]): string[] {
  if (cpu === null) return ["the load generator's own use of the processors could not be measured: its figures may describe it, and not the service"]
  if (cpu.mean >= SATURATED) return [`the load generator took ${percentOf(cpu.mean * 100)} of its ${cpu.cores} cores: its figures describe the generator more than the service`]
  if (cpu.machine >= BUSY) return [`the machine was ${percentOf(cpu.machine * 100)} busy: response times include waiting for a processor`]
  return []
}
