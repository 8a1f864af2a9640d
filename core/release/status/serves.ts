import { setTimeout as pause } from "node:timers/promises"
import type { Settings } from "../../config/schema.js"
import { TollgateError } from "../../shared/errors.js"
import type { Instance, Target } from "../../targets/target.js"
import { firstLine } from "../pipeline/run.js"
import { versionProblem } from "../smoke/check.js"

const PATIENCE_MS = 15_000
const PAUSE_MS = 300

/**
 * Verifies from outside that a release is serving: it has the traffic, answers its health path, and reports its version.
 *
 * @returns the reason; null: it is serving
 */
export async function whyItDoesNotServe(
  target: Target,
  settings: Settings,
  instance: Instance,
): Promise<string | null> {
  const until = performance.now() + PATIENCE_MS
  for (;;) {
    const why = await look(target, settings, instance)
    if (why === null || performance.now() > until) return why
    await pause(PAUSE_MS)
  }
}

async function look(target: Target, settings: Settings, instance: Instance): Promise<string | null> {
  try {
    const places = [...new Set(instance.replicas.map(({ place }) => place))]
    const [{ live }, ...answers] = await Promise.all([
      target.running(),
      ...places.map((place) => problemAt(target, settings, instance, place)),
    ])
    if (live.kind !== "live")
      return live.kind === "split" ? "hosts serve different releases" : "no release of Tollgate has the traffic"
    if (live.instance.release !== instance.release) return `release ${live.instance.release} has the traffic`
    return answers.find((answer) => answer !== null) ?? null
  } catch (error) {
    if (!(error instanceof TollgateError)) throw error
    return firstLine(error)
  }
}

/** Why a host's public answer is not from this release; null: it is. */
async function problemAt(
  target: Target,
  settings: Settings,
  instance: Instance,
  place: string,
): Promise<string | null> {
  const path = settings.release.healthPath ?? settings.image.health
  const [answer, version] = await Promise.all([
    target.requestLive({ method: "GET", path, place }),
    versionProblem(settings, instance, (request) => target.requestLive({ ...request, place })),
  ])
  if (answer.kind === "silent") return `${place}: GET ${path}: ${answer.why}`
  if (answer.status < 200 || answer.status > 299) return `${place}: GET ${path} answered ${answer.status}`
  return version === null ? null : `${place}: ${version}`
}

/** @throws TollgateError `not-serving` */
export async function requireServes(target: Target, settings: Settings, instance: Instance): Promise<void> {
  const why = await whyItDoesNotServe(target, settings, instance)
  if (why !== null)
    throw new TollgateError(
      "not-serving",
      `Release ${instance.release} (${instance.version}) is not serving: ${why}`,
      "`tollgate status` shows what is serving. `tollgate logs --release=ID` shows why the release did not answer.",
    )
}
