import { perSecond } from "../config/load-volume.js"
import { TollgateError } from "../shared/errors.js"
import { count, duration } from "../shared/figures.js"
import { rate } from "./figures.js"
import { type LoadPlan, volumeOf } from "./plan.js"

/**
 * A deployed service may be loaded when load.staging of tollgate.yaml lists it, or when --confirm repeats its host. A plain `--yes` in a
 * script would also confirm a production address that is put there later.
 */
export function requireMayBeLoaded(plan: LoadPlan, staging: readonly string[], confirm: string): void {
  const { host } = new URL(plan.baseUrl)
  if (staging.includes(plan.baseUrl) || confirm.toLowerCase() === host) return
  const wrong = confirm === "" ? "" : ` --confirm=${JSON.stringify(confirm)} names another host.`
  throw new TollgateError(
    "load-not-confirmed",
    [
      `${plan.baseUrl} is not listed in load.staging of tollgate.yaml.${wrong} The load test would send:`,
      "",
      ...announcement(plan).map((line) => `  ${line}`),
    ].join("\n"),
    `Nothing was sent. To load it anyway, pass --confirm=${host}. If it is a staging system, add it to load.staging.`,
  )
}

/** Scheme, host and port of --url. Anything more is rejected, because it would be ignored. */
export function originOf(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : null
  if (
    parsed !== null &&
    /^https?:$/.test(parsed.protocol) &&
    parsed.pathname === "/" &&
    parsed.search === "" &&
    parsed.hash === "" &&
    parsed.username === "" &&
    parsed.password === ""
  )
    return parsed.origin
  // not repeated, because it may contain a password
  throw new TollgateError(
    "load-url",
    "--url is not the address of a service: expected only a scheme, host and port.",
    "Pass, for example, --url=https://staging.shop.example. The paths are in load.scenarios of tollgate.yaml.",
  )
}

/** Describes the load before it is sent. */
export function announcement(plan: LoadPlan): string[] {
  const { requests, seconds } = volumeOf(plan)
  return [
    `up to ${count(requests, "request")} in ${duration(seconds)}, including ${duration(plan.warmUp)} of warm-up`,
    ...plan.scenarios.map(
      (scenario) =>
        `${scenario.name}: ${scenario.method} ${scenario.path}, ${rate(perSecond(scenario.rate))} for ${duration(scenario.duration)}`,
    ),
  ]
}
