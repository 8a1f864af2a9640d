import { setTimeout as sleep } from "node:timers/promises"
import type { MonitorSettings } from "../../config/monitor.js"
import { TollgateError } from "../../shared/errors.js"
import { interruption } from "../../shared/interruption.js"
import type { Instance, Replica, Target } from "../../targets/target.js"
import { judgeWindow, type MonitorResult, monitorLine, type Window, windowOf } from "./judge.js"
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
  readonly signal?: AbortSignal | undefined
  /** Called with each window that was judged. It must not wait. */
  readonly looked?: (look: Look) => void
}

/** One look at the release. */
export interface Look extends Span {
  /** From the begin of the watch until now. */
  readonly window: Window
  /** The verdict rests on it. */
  readonly isLast: boolean
}

/** Often enough to roll back early, seldom enough to cause no load. */
const LOOKS = 12
const SHORTEST_PAUSE = 0.5
const LONGEST_PAUSE = 5

/**
 * Watches a release for the window. Ends early when a threshold fails with enough traffic, or a replica crashes.
 *
 * @throws TollgateError `crashed`
 */
export async function watch({
  target,
  instance,
  settings,
  values,
  before,
  signal,
  looked,
}: WatchRequest): Promise<MonitorResult> {
  const began = performance.now()
  const start = await readFigures(target, instance, settings, values)
  const restarts = new Map(instance.replicas.map((replica) => [replica.name, restartsOf(replica)]))
  const pause = Math.min(LONGEST_PAUSE, Math.max(SHORTEST_PAUSE, settings.window / LOOKS))
  for (;;) {
    const left = settings.window - (performance.now() - began) / 1000
    await wait(Math.max(0, Math.min(pause, left)), signal)
    await requireRunning(target, instance, restarts)
    const now = await readFigures(target, instance, settings, values)
    const window = windowOf(start, now)
    const result = judgeWindow(window, before, settings)
    const isLast = result.kind === "failed" || settings.window - (performance.now() - began) / 1000 <= 0
    looked?.({ window, isLast, ...spanOf(start, now) })
    if (isLast) return result
  }
}

async function requireRunning(
  target: Target,
  { release }: Instance,
  restarts: ReadonlyMap<string, number>,
): Promise<void> {
  const { live } = await target.running()
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
  if (result.kind === "inconclusive" && inconclusive === "roll-back")
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
