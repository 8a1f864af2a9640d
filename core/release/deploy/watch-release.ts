import type { Instance } from "../../targets/target.js"
import { monitorLine, type Reading, type Window, windowOf } from "../monitor/judge.js"
import { isTouched } from "../monitor/progress.js"
import { readFigures } from "../monitor/read.js"
import { isDue, samplesInMaintenance, samplesOf, spanOf } from "../monitor/samples.js"
import { type Look, requireMonitorPassed, watch } from "../monitor/watch.js"
import type { Done } from "../pipeline/step.js"
import type { Deployment } from "./deployment.js"
import type { Looked } from "./look-at-target.js"
import type { Configuration } from "./pass-gates.js"

/**
 * Watches the release that has the traffic now, and compares it with the one before.
 *
 * @param instance as it was started: a replica that restarted since then counts as a crash
 * @param first figures of the release before; null: none was live
 */
export async function watchRelease(
  deployment: Deployment,
  instance: Instance,
  { values }: Configuration,
  first: Looked["firstReading"],
): Promise<Done> {
  const { session, request, known } = deployment
  const { target } = session.place
  const settings = deployment.settings.release.monitor
  const write = (samples: ReturnType<typeof samplesOf>) => session.samples?.add(instance.release, samples)
  const now = first === null ? null : await readFigures(target, instance, settings, values)
  const { maintenance } = await target.running()
  let before: Window | null = null
  if (first !== null && now !== null) {
    const span = spanOf(first.reading, now)
    if (isTouched(first.maintenance, maintenance)) write(samplesInMaintenance("before", span, settings))
    else {
      before = windowBefore(first.reading, now)
      // the release before counted its payments from its start on, and is not asked again
      write(samplesOf({ ...before, payments: first.reading.payments }, "before", span, settings))
    }
  }
  let last: number | null = null
  const looked = ({ window, isLast, since, at }: Look) => {
    if (!isLast && !isDue(last, at, settings)) return
    last = at
    const span = { since, at }
    write(window === null ? samplesInMaintenance("watch", span, settings) : samplesOf(window, "watch", span, settings))
  }
  const { signal } = request
  const monitor = await watch({ target, instance, settings, values, before, maintenance, signal, looked })
  known.monitor = monitor
  requireMonitorPassed(monitor, settings)
  return { kind: "done", note: monitorLine(monitor), detail: { ...monitor.window, maintenance: monitor.maintenance } }
}

/** From before the start until now: most of it is the previous version's traffic. */
function windowBefore(first: Reading, now: Reading): Window {
  return windowOf(first, { ...now, payments: first.payments })
}
