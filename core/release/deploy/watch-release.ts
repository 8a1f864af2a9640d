import type { Instance } from "../../targets/target.js"
import { monitorLine, type Reading, type Window, windowOf } from "../monitor/judge.js"
import { readFigures } from "../monitor/read.js"
import { requireMonitorPassed, watch } from "../monitor/watch.js"
import type { Done } from "../pipeline/step.js"
import type { Deployment } from "./deployment.js"
import type { Configuration } from "./pass-gates.js"

/**
 * Watches the release that has the traffic now, and compares it with the one before.
 *
 * @param instance as it was started: a replica that restarted since then counts as a crash
 * @param firstReading of the release before; null: none was live
 */
export async function watchRelease(
  deployment: Deployment,
  instance: Instance,
  { values }: Configuration,
  firstReading: Reading | null,
): Promise<Done> {
  const { session, request, known } = deployment
  const { target } = session.place
  const settings = deployment.settings.release.monitor
  const before =
    firstReading === null ? null : windowBefore(firstReading, await readFigures(target, instance, settings, values))
  const monitor = await watch({ target, instance, settings, values, before, signal: request.signal })
  known.monitor = monitor
  requireMonitorPassed(monitor, settings)
  return { kind: "done", note: monitorLine(monitor), detail: { ...monitor.window } }
}

/** From before the start until now: most of it is the previous version's traffic. */
function windowBefore(first: Reading, now: Reading): Window {
  return windowOf(first, { ...now, payments: first.payments })
}
