import type { SamplePhase } from "../../ledger/samples/sample.js"
import type { Instance } from "../../targets/target.js"
import { monitorLine, type Reading, type Window, windowOf } from "../monitor/judge.js"
import { readFigures } from "../monitor/read.js"
import { isDue, type Span, samplesOf, spanOf } from "../monitor/samples.js"
import { type Look, requireMonitorPassed, watch } from "../monitor/watch.js"
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
  const write = (window: Window, phase: SamplePhase, span: Span) =>
    session.samples?.add(instance.release, samplesOf(window, phase, span, settings))
  const now = firstReading === null ? null : await readFigures(target, instance, settings, values)
  const before = firstReading === null || now === null ? null : windowBefore(firstReading, now)
  // the release before counted its payments from its start on, and is not asked again
  if (firstReading !== null && now !== null && before !== null)
    write({ ...before, payments: firstReading.payments }, "before", spanOf(firstReading, now))
  let last: number | null = null
  const looked = ({ window, isLast, since, at }: Look) => {
    if (!isLast && !isDue(last, at, settings)) return
    last = at
    write(window, "watch", { since, at })
  }
  const monitor = await watch({ target, instance, settings, values, before, signal: request.signal, looked })
  known.monitor = monitor
  requireMonitorPassed(monitor, settings)
  return { kind: "done", note: monitorLine(monitor), detail: { ...monitor.window } }
}

/** From before the start until now: most of it is the previous version's traffic. */
function windowBefore(first: Reading, now: Reading): Window {
  return windowOf(first, { ...now, payments: first.payments })
}
