import { setTimeout as sleep } from "node:timers/promises"
import type { MonitorSettings } from "../../config/monitor.js"
import { TollgateError } from "../../shared/errors.js"
import { duration } from "../../shared/figures.js"
import { interruption } from "../../shared/interruption.js"
import { say } from "../../shared/progress.js"
import type { Instance, Maintenance, Replica, Target } from "../../targets/target.js"
import { type MonitorResult, monitorLine, type Window } from "./judge.js"
import {
  advance,
  begin,
  judgeProgress,
  type Progress,
  progressWords,
  secondsLeft,
  windowOfProgress,
} from "./progress.js"
import { readFigures } from "./read.js"
import { type Span, spanOf } from "./samples.js"

export interface WatchRequest {
  readonly target: Target
  readonly instance: Instance
  readonly settings: MonitorSettings
  /** The service's variables; null: --secrets is not set. */
  readonly values: ReadonlyMap<string, string> | null
  /** The window before the release, for comparison; null: none. */
  readonly before: Window | null
  /** As it was read last, before the watch. */
  readonly maintenance: Maintenance
  readonly signal?: AbortSignal | undefined
  /** Called with each look. It must not wait. */
  readonly looked?: (look: Look) => void
}

/** One look at the release. */
export interface Look extends Span {
  /** What is judged, from the begin of the watch until now; null: nothing now, because of maintenance mode. */
  readonly window: Window | null
  /** The watch ends with it. */
  readonly isLast: boolean
}

/** Often enough to roll back early, seldom enough to cause no load. */
const LOOKS = 12
const SHORTEST_PAUSE = 0.5
const LONGEST_PAUSE = 5

/**
 * Watches a release for the window. Ends early when a threshold fails with enough traffic, or a replica crashes. Time in maintenance mode is
 * not judged, and makes the watch longer, within limits.
 *
 * @throws TollgateError `crashed`
 */
export async function watch(request: WatchRequest): Promise<MonitorResult> {
  const { target, instance, settings, values, before, signal, looked } = request
  const at = performance.now() / 1000
  const start = await readFigures(target, instance, settings, values)
  let progress = begin({ reading: start, maintenance: request.maintenance, at })
  let toldAt = at
  say(`watch: for ${duration(settings.window)}`)
  if (progress.touched) say(IS_ON)
  const restarts = new Map(instance.replicas.map((replica) => [replica.name, restartsOf(replica)]))
  const pause = Math.min(LONGEST_PAUSE, Math.max(SHORTEST_PAUSE, settings.window / LOOKS))
  for (;;) {
    const left = secondsLeft(progress, settings) - (performance.now() / 1000 - progress.last.at)
    await wait(Math.max(0, Math.min(pause, left)), signal)
    const reading = await readFigures(target, instance, settings, values)
    const maintenance = await requireRunning(target, instance, restarts)
    const earlier = progress
    progress = advance(earlier, { reading, maintenance, at: performance.now() / 1000 })
    tellOfMaintenance(earlier, progress)
    const { result, isLast } = judgeProgress(progress, before, settings)
    const isJudged = progress.from !== null
    const span = spanOf(isJudged ? start : earlier.last.reading, reading)
    looked?.({ window: isJudged ? windowOfProgress(progress) : null, isLast, ...span })
    if (isLast) return result
    const words = progressWords(progress, result, { toldAt, settings })
    if (words === null) continue
    say(`watch: ${words}`)
    toldAt = progress.last.at
  }
}

const IS_ON = "watch: maintenance mode is on, and nothing is judged until it is off"

function tellOfMaintenance(before: Progress, now: Progress): void {
  if (now.touched && !before.touched) say(IS_ON)
  if (now.from !== null && before.from === null)
    say(`watch: maintenance mode is off; ${duration(now.leftOut)} of it are not judged`)
}

async function requireRunning(
  target: Target,
  { release }: Instance,
  restarts: ReadonlyMap<string, number>,
): Promise<Maintenance> {
  const { live, maintenance } = await target.running()
  if (live.kind !== "live" || live.instance.release !== release)
    throw new TollgateError(
      "traffic-lost",
      `Release ${release} no longer has the traffic: ${live.kind === "live" ? `release ${live.instance.release} has it` : live.kind}.`,
      "Something other than this run switched it. Find out what (`tollgate status`, `tollgate history`), then deploy again.",
    )
  for (const replica of live.instance.replicas) {
    const why = crash(replica, restarts.get(replica.name) ?? 0)
    if (why !== null)
      throw new TollgateError(
        "crashed",
        `${replica.process} at ${replica.place} ${why} during the watch.`,
        "Fix the cause and deploy again. No cleanup is needed.",
      )
  }
  return maintenance
}

function restartsOf({ state }: Replica): number {
  return state.kind === "running" || state.kind === "restarting" ? state.restarts : 0
}

/** Why a replica counts as crashed; null: it does not. */
export function crash({ state }: Replica, restartsBefore: number): string | null {
  switch (state.kind) {
    case "ended":
      return state.outOfMemory ? "ran out of memory" : `exited with code ${state.code}`
    case "restarting":
      return `exited with code ${state.code} and is restarting`
    case "running":
      if (state.restarts > restartsBefore) return "exited and was restarted"
      return state.check === "unhealthy" ? "is unhealthy by its HEALTHCHECK" : null
    case "prepared":
      return null
  }
}

/** @throws TollgateError `threshold-broken`, `monitor-inconclusive` */
export function requireMonitorPassed(result: MonitorResult, { inconclusive }: MonitorSettings): void {
  if (result.kind === "failed")
    throw new TollgateError(
      "threshold-broken",
      `A threshold of release.monitor failed: ${monitorLine(result)}`,
      "Fix the cause, or change release.monitor, and deploy again.",
    )
  if (result.kind !== "inconclusive" || inconclusive !== "roll-back") return
  if (result.unfinished !== null)
    throw new TollgateError(
      "monitor-inconclusive",
      `The watch ended in maintenance mode, and release.monitor.inconclusive is roll-back: ${monitorLine(result)}`,
      "Turn maintenance mode off (`tollgate maintenance off`) and deploy again.",
    )
  throw new TollgateError(
    "monitor-inconclusive",
    `Too little traffic for a verdict, and release.monitor.inconclusive is roll-back: ${monitorLine(result)}`,
    "Deploy when there is more traffic, or change release.monitor (window, requests, inconclusive).",
  )
}

export async function wait(seconds: number, signal?: AbortSignal): Promise<void> {
  try {
    await sleep(seconds * 1000, undefined, signal === undefined ? {} : { signal })
  } catch {
    throw interruption(signal)
  }
}
