import type { MonitorSettings } from "../../config/monitor.js"
import type { Sample, SamplePhase } from "../../ledger/samples/sample.js"
import { FEWEST_PAYMENTS, type Reading, share, type Window } from "./judge.js"

/** What is measured, by the names of the monitor's figures. */
export type Metric = "errors" | "p95" | "payments" | "connections"

/** Most samples of one metric that a watch writes: it reads the figures more often when its window is long. */
export const MOST_LOOKS = 720

/** A window between two readings, in milliseconds since 1970. */
export interface Span {
  readonly since: number
  readonly at: number
}

export function spanOf(first: Reading, now: Reading): Span {
  return { since: Date.parse(first.traffic.at), at: Date.parse(now.traffic.at) }
}

/** Whether a look is written, or is too soon after the one before. */
export function isDue(last: number | null, at: number, { window }: Pick<MonitorSettings, "window">): boolean {
  // the pause between two looks is never exact
  return last === null || at - last >= 0.9 * ((window * 1000) / MOST_LOOKS)
}

/** What is known of time in maintenance mode. */
const NOTHING: Window = {
  seconds: 0,
  requests: 0,
  errors: 0,
  p95: null,
  p95Beyond: null,
  payments: null,
  connections: null,
}

/** Samples without data, of time in maintenance mode. */
export function samplesInMaintenance(phase: "before" | "watch", span: Span, settings: MonitorSettings): Sample[] {
  return samplesOf(NOTHING, `${phase}-maintenance`, span, settings).map((sample) => ({ ...sample, outOf: null }))
}

/** One sample of each metric that is configured, with the figure that the monitor judges. */
export function samplesOf(
  window: Window,
  phase: SamplePhase,
  { since, at }: Span,
  { requests, thresholds, payments, database }: MonitorSettings,
): Sample[] {
  const sample = (metric: Metric, more: Omit<Sample, "metric" | "phase" | "since" | "at" | "beyond">): Sample => ({
    metric,
    phase,
    since,
    at,
    beyond: false,
    ...more,
  })
  const samples: Sample[] = [
    sample("errors", {
      value: share(window.errors, window.requests),
      outOf: window.requests,
      least: requests,
      threshold: thresholds.errors,
    }),
    {
      ...sample("p95", {
        value: window.p95Beyond ?? window.p95,
        outOf: window.requests,
        least: requests,
        // in milliseconds in tollgate.yaml
        threshold: thresholds.p95 === undefined ? null : thresholds.p95 / 1000,
      }),
      beyond: window.p95Beyond !== null,
    },
  ]
  if (payments !== undefined) {
    const counted = window.payments
    const number = counted === null ? null : counted.good + counted.bad
    samples.push(
      sample("payments", {
        value: counted === null || number === null ? null : share(counted.good, number),
        outOf: number,
        least: FEWEST_PAYMENTS,
        threshold: thresholds.payments,
      }),
    )
  }
  if (database !== undefined) {
    const { connections } = window
    samples.push(
      sample("connections", {
        value: connections === null ? null : share(connections.used, connections.of),
        outOf: connections?.of ?? null,
        least: 0,
        threshold: thresholds.connections,
      }),
    )
  }
  return samples
}
