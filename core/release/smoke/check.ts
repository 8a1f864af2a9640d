import type { Settings } from "../../config/schema.js"
import { TollgateError } from "../../shared/errors.js"
import { count } from "../../shared/figures.js"
import type { Answer, HttpRequest, Instance, Target } from "../../targets/target.js"
import type { Done } from "../pipeline/step.js"
import { judgeSmoke } from "./judge.js"

/** Sends the requests of release.smoke to a new release before it gets traffic. Reports all problems at once. */
export async function checkSmoke(target: Target, instance: Instance, settings: Settings): Promise<Done> {
  const checks = Object.entries(settings.release.smoke)
  const places = [...new Set(instance.replicas.filter(({ process }) => process === "web").map(({ place }) => place))]
  const versionProblems = await Promise.all(
    places.map((place) =>
      versionProblem(settings, instance, (request) => target.request(instance, { ...request, place })),
    ),
  )
  const problems = versionProblems.filter((problem) => problem !== null)
  for (const place of places)
    for (const [name, check] of checks) {
      const { method, headers: given, json } = check
      const path = filled(check.path, instance)
      const headers = Object.fromEntries(
        Object.entries(given).map(([header, value]) => [header, filled(value, instance)]),
      )
      const body = json === undefined ? {} : { body: filled(JSON.stringify(json), instance) }
      const type: Record<string, string> = json === undefined ? {} : { "Content-Type": "application/json" }
      const why = judgeSmoke(
        check,
        await target.request(instance, { method, path, headers: { ...type, ...headers }, ...body, place }),
      )
      if (why !== null) problems.push(`${name} at ${place}: ${why}`)
    }
  if (problems.length > 0)
    throw new TollgateError(
      "smoke-failed",
      `The new release failed its smoke checks:\n${problems.map((problem) => `  ${problem}`).join("\n")}`,
      "Fix the release, or the expected answers under release.smoke, and deploy again.",
    )
  if (checks.length === 0 && settings.release.version === undefined)
    return { kind: "skipped", note: "release.smoke is empty" }
  return {
    kind: "done",
    note: `${count(checks.length, "check")} passed${settings.release.version === undefined ? "" : `, reports version ${instance.version}`}`,
  }
}

/** Makes the request unique to the release: a service may reject an order that it has seen. */
function filled(text: string, { release }: Instance): string {
  return text.replaceAll("{{release}}", release)
}

/** Why the reported version is not this release's; null: it is, or release.version is not set. */
export async function versionProblem(
  settings: Settings,
  instance: Instance,
  ask: (request: HttpRequest) => Promise<Answer>,
): Promise<string | null> {
  const place = settings.release.version
  if (place === undefined) return null
  const answer = await ask({ method: "GET", path: place.path })
  return judgeSmoke({ method: "GET", path: place.path, status: undefined, contains: [instance.version] }, answer)
}
