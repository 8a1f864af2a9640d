import type { MonitorSettings } from "../../config/monitor.js"
import { count, duration } from "../../shared/figures.js"
import { type Measured, measuredBetween, type Reading } from "./measured.js"

export type { Reading } from "./measured.js"

/** What happened between two readings. */
export interface Window {
  readonly seconds: number
  readonly requests: number
  /** Answered with a status of 500 or more. */
  readonly errors: number
  /** Seconds; null: nothing measured, or beyond the last bucket. */
  readonly p95: number | null
  readonly p95Beyond: number | null
  readonly payments: { readonly good: number; readonly bad: number } | null
  readonly connections: { readonly used: number; readonly of: number } | null
}

export type FigureVerdict = "passed" | "failed" | "inconclusive" | "skipped"

export interface Figure {
  readonly name: string
  readonly measured: string
  readonly before: string
  readonly asked: string
  readonly verdict: FigureVerdict
}

export interface MonitorResult {
  readonly kind: "passed" | "failed" | "inconclusive"
  readonly figures: readonly Figure[]
  readonly window: Window
  /** Fewest requests for a verdict. */
  readonly asked: number
  /** Seconds in maintenance mode, which are not in the window. */
  readonly maintenance: number
  /** Because of them the watch ended before it had judged its whole window; null: it was judged. */
  readonly unfinished: { readonly judged: number; readonly of: number } | null
}

export function windowOf(before: Reading, now: Reading): Window {
  return windowFrom(measuredBetween(before, now))
}

export function windowFrom({ seconds, answers, durations, payments, connections }: Measured): Window {
  const quantile = quantileOf(durations, 0.95)
  return {
    seconds,
    requests: answers.reduce((sum, one) => sum + one.count, 0),
    errors: answers.filter(({ status }) => status >= 500).reduce((sum, one) => sum + one.count, 0),
    p95: quantile.kind === "within" ? quantile.seconds : null,
    p95Beyond: quantile.kind === "beyond" ? quantile.seconds : null,
    payments,
    connections,
  }
}

type Quantile = { kind: "none" } | { kind: "within"; seconds: number } | { kind: "beyond"; seconds: number }

/** Linear inside a bucket, as Prometheus' histogram_quantile. */
export function quantileOf(buckets: readonly { upTo: number; count: number }[], part: number): Quantile {
  const total = buckets.at(-1)?.count ?? 0
  if (total === 0) return { kind: "none" }
  const rank = part * total
  let [lower, below] = [0, 0]
  for (const { upTo, count } of buckets) {
    if (count >= rank && count > below) {
      if (upTo === Infinity) return { kind: "beyond", seconds: lower }
      return { kind: "within", seconds: lower + ((upTo - lower) * (rank - below)) / (count - below) }
    }
    ;[lower, below] = [upTo === Infinity ? lower : upTo, count]
  }
  return { kind: "beyond", seconds: lower }
}

/**
 * Judges a window against the thresholds. The window before is shown for people and not judged: a release that fixes its predecessor
 * differs from it as much as one that breaks something.
 */
export function judgeWindow(
  window: Window,
  before: Window | null,
  { requests, thresholds, payments, database }: MonitorSettings,
): MonitorResult {
  const enough = window.requests >= requests
  const errors = share(window.errors, window.requests)
  const figures: Figure[] = [
    {
      name: "errors",
      measured: percentText(errors, window.requests),
      before: before === null ? "–" : percentText(share(before.errors, before.requests), before.requests),
      asked: `<= ${thresholds.errors} %`,
      verdict: errors !== null && errors > thresholds.errors && enough ? "failed" : enough ? "passed" : "inconclusive",
    },
  ]
  if (thresholds.p95 !== undefined) {
    // in milliseconds in tollgate.yaml
    const asked = thresholds.p95 / 1000
    const slow = window.p95Beyond !== null ? window.p95Beyond >= asked : window.p95 !== null && window.p95 > asked
    figures.push({
      name: "p95",
      measured: p95Text(window),
      before: before === null ? "–" : p95Text(before),
      asked: `<= ${duration(asked)}`,
      verdict:
        !enough || (window.p95 === null && window.p95Beyond === null)
          ? "inconclusive"
          : slow
            ? "failed"
            : window.p95 === null
              ? "inconclusive"
              : "passed",
    })
  }
  if (payments !== undefined) figures.push(paymentFigure(window, before, thresholds.payments))
  if (database !== undefined) figures.push(connectionFigure(window, before, thresholds.connections))
  const all = figures.map(({ verdict }) => verdict)
  return {
    kind: all.includes("failed") ? "failed" : all.includes("inconclusive") ? "inconclusive" : "passed",
    figures,
    window,
    asked: requests,
    maintenance: 0,
    unfinished: null,
  }
}

/** Percent; null: of nothing. */
export function share(part: number, of: number): number | null {
  return of === 0 ? null : (100 * part) / of
}

/** Fewest payments for a verdict. */
export const FEWEST_PAYMENTS = 5

function paymentFigure(window: Window, before: Window | null, asked: number): Figure {
  const shareOf = ({ payments }: Window) =>
    payments === null || payments.good + payments.bad === 0
      ? null
      : (100 * payments.good) / (payments.good + payments.bad)
  const number = ({ payments }: Window) => (payments === null ? 0 : payments.good + payments.bad)
  const share = shareOf(window)
  return {
    name: "payments",
    measured: window.payments === null ? "not read" : percentText(share, number(window)),
    before: before === null ? "–" : percentText(shareOf(before), number(before)),
    asked: `>= ${asked} %`,
    // a quiet window without payments is no reason to doubt a release
    verdict:
      window.payments === null
        ? "inconclusive"
        : share === null || number(window) < FEWEST_PAYMENTS
          ? "skipped"
          : share < asked
            ? "failed"
            : "passed",
  }
}

function connectionFigure(window: Window, before: Window | null, asked: number): Figure {
  const text = ({ connections }: Window) =>
    connections === null ? "not read" : `${connections.used} of ${connections.of}`
  const { connections } = window
  return {
    name: "connections",
    measured: text(window),
    before: before === null ? "–" : text(before),
    asked: `<= ${asked} %`,
    verdict:
      connections === null ? "inconclusive" : (100 * connections.used) / connections.of > asked ? "failed" : "passed",
  }
}

function percentText(value: number | null, of: number): string {
  return value === null ? "none" : `${value.toFixed(2)} % of ${of}`
}

function p95Text({ p95, p95Beyond }: Window): string {
  if (p95Beyond !== null) return `> ${duration(p95Beyond)}`
  return p95 === null ? "none" : duration(p95)
}

/** In one line, for steps and causes. */
export function monitorLine(result: MonitorResult): string {
  const { maintenance, unfinished } = result
  if (unfinished !== null)
    return `inconclusive: maintenance mode was on for ${duration(maintenance)}; ${duration(unfinished.judged)} of the ${duration(unfinished.of)} to watch could be judged`
  return `${figuresLine(result)}${maintenance === 0 ? "" : `; ${duration(maintenance)} in maintenance mode not judged`}`
}

function figuresLine({ kind, figures, window, asked }: MonitorResult): string {
  const failed = figures.filter(({ verdict }) => verdict === "failed")
  if (kind === "failed")
    return failed.map(({ name, measured, asked }) => `${name} ${measured}, threshold ${asked}`).join("; ")
  if (kind === "inconclusive" && window.requests < asked)
    return `inconclusive: ${count(window.requests, "request")} in ${duration(window.seconds)}, ${asked} are needed`
  if (kind === "inconclusive")
    return `inconclusive: ${figures
      .filter(({ verdict }) => verdict === "inconclusive")
      .map(({ name, measured }) => `${name} ${measured}`)
      .join("; ")}`
  return `passed: ${figures
    .filter(({ verdict }) => verdict === "passed")
    .map(({ name, measured }) => `${name} ${measured}`)
    .join(", ")}`
}
