import type { Settings } from "../../config/schema.js"
import { TollgateError } from "../../shared/errors.js"
import { duration } from "../../shared/figures.js"
import type { Instance, Target } from "../../targets/target.js"
import type { Done } from "../pipeline/step.js"
import { requireServes } from "../status/serves.js"
import type { ReleaseUndo } from "./undo.js"

/** What a deployment and a rollback do in the same way. */

/**
 * Waits until a started release is healthy, and keeps its last log lines if it is not.
 *
 * @param next what to do about it
 * @returns seconds
 */
export async function requireHealthy(
  target: Target,
  instance: Instance,
  undo: ReleaseUndo,
  next: string,
): Promise<number> {
  const health = await target.health(instance)
  if (health.kind === "healthy") return health.after
  undo.printed = health.printed
  throw new TollgateError(
    "never-healthy",
    `${health.replica.process} at ${health.replica.place} did not become healthy: ${health.why}`,
    `Its last log lines are below. ${next}`,
  )
}

/** Gives a release the traffic and the workers, and verifies from outside that it serves. */
export async function switchTo(target: Target, settings: Settings, instance: Instance): Promise<Done> {
  const { traffic, workers } = await target.switch(instance)
  const verified = await requireServes(target, settings, instance)
  return {
    kind: "done",
    note: `traffic in ${duration(traffic)}, workers in ${duration(workers)}; verified: ${verified}`,
  }
}
