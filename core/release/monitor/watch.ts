import type { MonitorSettings } from "../../config/monitor.js"
import { TollgateError } from "../../errors.js"
import type { Instance, Replica, Target } from "../target/target.js"
import { judgeWindow, type MonitorResult, monitorLine, type Reading, type Window, windowOf } from "./judge.js"
import { readFigures } from "./read.js"

export interface WatchRequest {
  readonly target: Target
  readonly instance: Instance
  readonly settings: MonitorSettings
  /** The service's variables; null: nobody gave them. */
  readonly values: ReadonlyMap<string, string> | null
  /** The window before the release, to show beside; null: there was none. */
  readonly before: Window | null
  readonly signal?: AbortSignal | undefined
}

/** Looks often enough to take a bad release back early, seldom enough to be no load. */
const LOOKS = 12
const SHORTEST_PAUSE = 0.5
const LONGEST_PAUSE = 5

/**
 * Watches a release for the window. Ends early when a threshold is broken with enough traffic to say so, or a replica has ended.
 *
 * @throws TollgateError `crashed` when a replica ended
 */
export async function watch({ target, instance, settings, values, before, signal }: WatchRequest): Promise<MonitorResult> {
  const began = performance.now()
  const start = await readFigures(target, instance, settings, values)
  const restarts = new Map(instance.replicas.map((replica) => [replica.name, restartsOf(replica)]))
  const pause = Math.min(LONGEST_PAUSE, Math.max(SHORTEST_PAUSE, settings.window / LOOKS))
  for (;;) {
    const left = settings.window - (performance.now() - began) / 1000
    await wait(Math.max(0, Math.min(pause, left)), signal)
    await requireRunning(target, instance, restarts)
    const result = judged(start, await readFigures(target, instance, settings, values), before, settings)
    if (result.kind === "broken" || settings.window - (performance.now() - began) / 1000 <= 0) return result
  }
}

function judged(start: Reading, now: Reading, before: Window | null, settings: MonitorSettings): MonitorResult {
  return judgeWindow(windowOf(start, now), before, settings)
}

async function requireRunning(target: Target, { release }: Instance, restarts: ReadonlyMap<string, number>): Promise<void> {
  const { live } = await target.running()
  if (live.kind !== "live" || live.instance.release !== release)
    throw new TollgateError("traffic-lost", `The traffic is no longer release ${release}'s: ${live.kind === "live" ? `release ${live.instance.release} has it` : live.kind}.`, "Somebody else switched it: `status` says to what. Deploy again once that is settled.")
  for (const replica of live.instance.replicas) {
    const why = crash(replica, restarts.get(replica.name) ?? 0)
    if (why !== null) throw new TollgateError("crashed", `${replica.process} at ${replica.place} ${why} while it was watched.`, "Fix the cause and deploy again. No cleanup is needed.")
  }
}

function restartsOf({ state }: Replica): number {
  return state.kind === "running" || state.kind === "restarting" ? state.restarts : 0
}

/** Why a replica is not well; null: it is. */
export function crash({ state }: Replica, restartsBefore: number): string | null {
  switch (state.kind) {
    case "ended":
      return state.outOfMemory ? "ran out of memory" : `ended with exit code ${state.code}`
    case "restarting":
      return `ended with exit code ${state.code}, and is started again and again`
    case "running":
      if (state.restarts > restartsBefore) return "ended, and was started again"
      return state.check === "unhealthy" ? "is unhealthy by its own check" : null
    case "prepared":
      return null
  }
}

/** @throws TollgateError what a deployment does about a verdict that is not good */
export function requirePassed(result: MonitorResult, { inconclusive }: MonitorSettings): void {
  if (result.kind === "broken") throw new TollgateError("threshold-broken", `A threshold is broken: ${monitorLine(result)}`, "Fix the cause, or change release.monitor, and deploy again.")
  if (result.kind === "inconclusive" && inconclusive === "roll-back")
    throw new TollgateError("monitor-inconclusive", `Too little was seen for a verdict, and release.monitor.inconclusive says roll-back: ${monitorLine(result)}`, "Deploy when there is more traffic, or change release.monitor (window, requests, inconclusive).")
}

export function wait(seconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((done, failed) => {
    const stop = () => {
      clearTimeout(timer)
      failed(new TollgateError("stopped", "Interrupted.", "Run the same command again. No cleanup is needed."))
    }
    if (signal?.aborted === true) return failed(new TollgateError("stopped", "Interrupted.", "Run the same command again. No cleanup is needed."))
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop)
      done()
    }, seconds * 1000)
    signal?.addEventListener("abort", stop, { once: true })
  })
}
