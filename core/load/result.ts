import type { CpuUse, Failure, Figures, GeneratorEnd } from "./measurement.js"
import type { LoadPlan, PlannedScenario, Volume } from "./plan.js"

/** Why a load test is red. The codes are stable: reports and scripts may rely on them. */
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
  /** null: it is about the run as a whole. */
  scenario: string | null
  message: string
}

/** What was asked of a figure and what was measured; both as numbers of the unit. */
export interface ThresholdVerdict {
  /** p95, errors, rate. */
  name: string
  unit: "ms" | "%" | "/s"
  asked: number
  /** null: nothing was measured. */
  measured: number | null
  /** Requests that the measured figure rests on. */
  requests: number
  verdict: { kind: "kept" } | { kind: "broken" } | { kind: "inconclusive"; why: string }
}

export interface CheckResult {
  name: string
  /** Answers that were looked at: those with a right status. */
  judged: number
  broken: number
}

/** One kind of failure, with how the first of them looked. */
export interface FailureShown extends Failure {
  example: string | null
}

export interface ScenarioResult {
  plan: PlannedScenario
  /** null: k6 was not started, or broke before it sent anything. */
  figures: Figures | null
  /** Requests in each second: asked and reached. */
  rate: { asked: number; reached: number }
  checks: CheckResult[]
  failures: FailureShown[]
  thresholds: ThresholdVerdict[]
  reasons: LoadReason[]
}

export interface LoadTarget {
  kind: "image" | "url"
  /** For the reader: the app's path in the source, or the address. */
  name: string
}

export interface LoadResult {
  tollgateVersion: string
  target: LoadTarget
  /** Digest of the app's files, where the image was built from them. */
  source: string | null
  run: string
  startedAt: string
  plan: LoadPlan
  volume: Volume
  scenarios: ScenarioResult[]
  /** Scenarios of tollgate.yaml that were not asked for in this run. */
  notRun: string[]
  /** The last that a service started for this test printed; empty for a deployed one. */
  serviceOutput: string
  generator: { end: GeneratorEnd | null; seconds: number; cpu: CpuUse | null; lastLines: string[] }
  /** What is wrong with the run as a whole. */
  reasons: LoadReason[]
  /** What the reader must know to read the figures; no reason to be red. */
  warnings: string[]
}

export function isKept(result: LoadResult): boolean {
  return result.scenarios.length > 0 && reasonsOf(result).length === 0
}

export function reasonsOf(result: LoadResult): LoadReason[] {
  return [...result.reasons, ...result.scenarios.flatMap(({ reasons }) => reasons)]
}
