import { setTimeout as pause } from "node:timers/promises"
import type { Settings } from "../../config/schema.js"
import { TollgateError } from "../../shared/errors.js"
import type { Instance, Target } from "../../targets/target.js"
import { firstLine } from "../pipeline/run.js"
import { versionProblem } from "../smoke/check.js"

const PATIENCE_MS = 15_000
const PAUSE_MS = 300

/** Why a release does not serve; null: it does. */
export async function whyItDoesNotServe(
  target: Target,
  settings: Settings,
  instance: Instance,
): Promise<string | null> {
  return (await verified(target, settings, instance)).why
}

interface Verified {
  readonly why: string | null
  /** In maintenance mode. */
  readonly isClosed: boolean
}

/**
 * Verifies from outside that a release is serving: it has the traffic, answers its health path, and reports its version. In maintenance mode
 * the proxy answers for every release, so there the release itself is asked.
 */
async function verified(target: Target, settings: Settings, instance: Instance): Promise<Verified> {
  const until = performance.now() + PATIENCE_MS
  for (;;) {
    const found = await look(target, settings, instance)
    if (found.why === null || performance.now() > until) return found
    await pause(PAUSE_MS)
  }
}

/** At this moment. */
export async function look(target: Target, settings: Settings, instance: Instance): Promise<Verified> {
  const open = (why: string | null): Verified => ({ why, isClosed: false })
  try {
    const places = [...new Set(instance.replicas.map(({ place }) => place))]
    const asked = (ask: Target["requestLive"]) =>
      places.map((place) => problemAt(settings, instance, place, (request) => ask({ ...request, place })))
    const [{ live, maintenance }, ...answers] = await Promise.all([
      target.running(),
      ...asked((request) => target.requestLive(request)),
    ])
    if (live.kind !== "live")
      return open(live.kind === "split" ? "hosts serve different releases" : "no release of Tollgate has the traffic")
    if (live.instance.release !== instance.release) return open(`release ${live.instance.release} has the traffic`)
    if (maintenance.kind === "off") return open(firstOf(answers))
    return { why: firstOf(await Promise.all(asked((request) => target.request(instance, request)))), isClosed: true }
  } catch (error) {
    if (!(error instanceof TollgateError)) throw error
    return open(firstLine(error))
  }
}

function firstOf(problems: readonly (string | null)[]): string | null {
  return problems.find((problem) => problem !== null) ?? null
}

/** Why a host's answer is not from this release; null: it is. */
async function problemAt(
  settings: Settings,
  instance: Instance,
  place: string,
  ask: Target["requestLive"],
): Promise<string | null> {
  const path = settings.release.healthPath ?? settings.image.health
  const [answer, version] = await Promise.all([ask({ method: "GET", path }), versionProblem(settings, instance, ask)])
  if (answer.kind === "silent") return `${place}: GET ${path}: ${answer.why}`
  if (answer.status < 200 || answer.status > 299) return `${place}: GET ${path} answered ${answer.status}`
  return version === null ? null : `${place}: ${version}`
}

/**
 * @returns what was verified, in words
 * @throws TollgateError `not-serving`
 */
export async function requireServes(target: Target, settings: Settings, instance: Instance): Promise<string> {
  const { why, isClosed } = await verified(target, settings, instance)
  if (why !== null)
    throw new TollgateError(
      "not-serving",
      `Release ${instance.release} (${instance.version}) is not serving: ${why}`,
      "`tollgate status` shows what is serving. `tollgate logs --release=ID` shows why the release did not answer.",
    )
  return isClosed ? `${instance.version} answers behind maintenance mode` : `serving ${instance.version}`
}
