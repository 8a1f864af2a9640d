import type { MonitorSettings } from "../../config/monitor.js"
import { duration } from "../../shared/figures.js"
import type { Maintenance } from "../../targets/target.js"
import { judgeWindow, type MonitorResult, monitorLine, type Window, windowFrom } from "./judge.js"
import { type Measured, measuredBetween, type Reading, together } from "./measured.js"

/**
 * How far a watch is. In maintenance mode the proxy answers 503 itself, so that its counters say nothing of the release: that time is not
 * judged, and the watch takes so much longer.
 */
export interface Progress {
  /** What was measured before the latest maintenance mode; null: nothing. */
  readonly earlier: { readonly measured: Measured; readonly seconds: number } | null
  /** Since when the counters are judged; null: not now. */
  readonly from: Moment | null
  readonly last: Moment
  /** Whether maintenance mode was on, or was turned off, shortly before the last moment. */
  readonly touched: boolean
  /** Seconds that are not judged. */
  readonly leftOut: number
}

export interface Moment {
  readonly reading: Reading
  /** As it was after the reading; of the first moment, before it. */
  readonly maintenance: Maintenance
  /** Seconds of a clock that only goes forward. */
  readonly at: number
}

export function begin(first: Moment): Progress {
  const touched = first.maintenance.kind === "on"
  return { earlier: null, from: touched ? null : first, last: first, touched, leftOut: 0 }
}

export function advance(progress: Progress, now: Moment): Progress {
  const { from, last, leftOut } = progress
  const touched = isTouched(last.maintenance, now.maintenance)
  // maintenance mode may have been turned off after the last reading: what follows it is not judged either
  if (!touched && !progress.touched) return { ...progress, from: from ?? last, last: now }
  return { earlier: judgedUntil(progress), from: null, last: now, touched, leftOut: leftOut + now.at - last.at }
}

/** Whether maintenance mode was on at some time between two moments. */
export function isTouched(before: Maintenance, now: Maintenance): boolean {
  return before.kind === "on" || now.kind === "on" || before.ended !== now.ended
}

function judgedUntil({ earlier, from, last }: Progress): Progress["earlier"] {
  if (from === null || from === last) return earlier
  return {
    measured: together(earlier?.measured ?? null, measuredBetween(from.reading, last.reading)),
    seconds: (earlier?.seconds ?? 0) + last.at - from.at,
  }
}

/** Seconds that were judged. */
export function judgedSeconds(progress: Progress): number {
  return judgedUntil(progress)?.seconds ?? 0
}

export function windowOfProgress(progress: Progress): Window {
  const { reading } = progress.last
  return windowFrom(judgedUntil(progress)?.measured ?? measuredBetween(reading, reading))
}

const SHORTEST_LIMIT = 600

/** How long in all a watch waits for the end of maintenance mode, in seconds: as long as its window, and 10 minutes at least. */
export function longestMaintenance({ window }: Pick<MonitorSettings, "window">): number {
  return Math.max(window, SHORTEST_LIMIT)
}

/** Seconds until the watch ends, if maintenance mode stays as it is. */
export function secondsLeft(progress: Progress, settings: MonitorSettings): number {
  return progress.from === null
    ? longestMaintenance(settings) - progress.leftOut
    : settings.window - judgedSeconds(progress)
}

/** Seconds between two lines on how far a watch is. */
const TELLING = 30

/** How far the watch is, and its figures, for a person who waits; null: not time yet. */
export function progressWords(
  progress: Progress,
  result: MonitorResult,
  { toldAt, settings }: { readonly toldAt: number; readonly settings: MonitorSettings },
): string | null {
  if (progress.last.at - toldAt < TELLING || progress.from === null) return null
  return `${duration(judgedSeconds(progress))} of ${duration(settings.window)}; ${monitorLine(result)}`
}

/** @returns `isLast`: the watch ends with this verdict */
export function judgeProgress(
  progress: Progress,
  before: Window | null,
  settings: MonitorSettings,
): { readonly result: MonitorResult; readonly isLast: boolean } {
  const judged = { ...judgeWindow(windowOfProgress(progress), before, settings), maintenance: progress.leftOut }
  const isLast = judged.kind === "failed" || secondsLeft(progress, settings) <= 0
  if (judged.kind === "failed" || progress.from !== null) return { result: judged, isLast }
  const figures = judged.figures.map((figure) =>
    figure.verdict === "passed" ? { ...figure, verdict: "inconclusive" as const } : figure,
  )
  const unfinished = { judged: judgedSeconds(progress), of: settings.window }
  return { result: { ...judged, kind: "inconclusive", figures, unfinished }, isLast }
}
