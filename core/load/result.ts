import type { CpuUse, Failure, Figures, GeneratorEnd } from "./measurement.js"
import type { LoadPlan, PlannedScenario, Volume } from "./plan.js"

/** Why a load test failed. The codes are stable: reports and scripts may rely on them. */
export type LoadReasonCode =
  | "unreachable"
  | "no-measurement"
  | "service-ended"
  | "generator-broke"
  | "nothing-measured"
  | "figures-disagree"
  | "threshold-broken"
  | "too-few-requests"
  | "rate-not-reached"

export interface LoadReason {
  code: LoadReasonCode
  /** null when it concerns the whole run. */
  scenario: string | null
  message: string
}

/** A threshold and the measured figure, both in the same unit. */
export interface ThresholdVerdict {
  /** p95, errors, rate. */
  name: string
  unit: "ms" | "%" | "/s"
  asked: number
  /** null when nothing was measured. */
  measured: number | null
  /** Requests behind the measured figure. */
  requests: number
  verdict: { kind: "passed" } | { kind: "failed" } | { kind: "inconclusive"; why: string }
}

export interface CheckResult {
  name: string
  /** Number of checked answers: those with an expected status. */
  judged: number
  failed: number
}

/** One kind of failure, with its first answer. */
export interface FailureShown extends Failure {
  example: string | null
}

export interface ScenarioResult {
  plan: PlannedScenario
  /** null when k6 sent nothing. */
  figures: Figures | null
  /** Requests per second: target and achieved. */
  rate: { asked: number; reached: number }
  checks: CheckResult[]
  failures: FailureShown[]
  thresholds: ThresholdVerdict[]
  reasons: LoadReason[]
}

export interface LoadTarget {
  kind: "image" | "url"
  /** The app's path in the source, or the address. */
  name: string
}

export interface LoadResult {
  tollgateVersion: string
  target: LoadTarget
  /** Digest of the app's files; null for a deployed service. */
  source: string | null
  run: string
  startedAt: string
  plan: LoadPlan
  volume: Volume
  scenarios: ScenarioResult[]
  /** Scenarios of tollgate.yaml that this run did not select. */
  notRun: string[]
  /** Last output of a service started for this test; empty for a deployed one. */
  serviceOutput: string
  generator: { end: GeneratorEnd | null; seconds: number; cpu: CpuUse | null; lastLines: string[] }
  /** Problems of the whole run. */
  reasons: LoadReason[]
  /** Notes on how far the figures can be trusted. They do not fail the run. */
  warnings: string[]
}

export function isPassed(result: LoadResult): boolean {
  return result.scenarios.length > 0 && reasonsOf(result).length === 0
}

export function reasonsOf(result: LoadResult): LoadReason[] {
  return [...result.reasons, ...result.scenarios.flatMap(({ reasons }) => reasons)]
}
