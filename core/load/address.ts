import { TollgateError } from "../errors.js"
import { count, duration } from "../report/figures.js"
import { rate } from "./figures.js"
import { type LoadPlan, volumeOf } from "./plan.js"
import { perSecond } from "./volume.js"

/**
 * Whether a deployed service may be loaded: one that tollgate.yaml lists as staging may; for any other, whoever asks must write its
 * host out. A `--yes` in a script would be given for a production that somebody put there later.
 */
export function requireMayBeLoaded(plan: LoadPlan, staging: readonly string[], confirm: string): void {
  const { host } = new URL(plan.baseUrl)
  if (staging.includes(plan.baseUrl) || confirm.toLowerCase() === host) return
  const wrong = confirm === "" ? "" : ` --confirm=${JSON.stringify(confirm)} names another host.`
  throw new TollgateError(
    "load-not-confirmed",
    [`${plan.baseUrl} is not among the addresses of load.staging.${wrong} This would be sent there:`, "", ...announcement(plan).map((line) => `  ${line}`)].join("\n"),
    `Nothing was sent. If that is what you want: --confirm=${host}. If it is a staging system: add it to load.staging of tollgate.yaml.`,
  )
}

/** Scheme, host and port of an address; anything more would be left out of what is sent. */
export function originOf(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : null
  if (parsed !== null && /^https?:$/.test(parsed.protocol) && parsed.pathname === "/" && parsed.search === "" && parsed.hash === "" && parsed.username === "" && parsed.password === "")
    return parsed.origin
  // not repeated: it may have a password in it
  throw new TollgateError("load-url", "--url is not an address of a service: expected scheme, host and port alone.", "For example --url=https://staging.shop.example; the paths are in load.scenarios of tollgate.yaml.")
}

/** What is going to be sent, before it is. */
export function announcement(plan: LoadPlan): string[] {
  const { requests, seconds } = volumeOf(plan)
  return [
    `up to ${count(requests, "request")} in ${duration(seconds)}, the warm-up of ${duration(plan.warmUp)} included`,
    ...plan.scenarios.map((scenario) => `${scenario.name}: ${scenario.method} ${scenario.path}, ${rate(perSecond(scenario.rate))} for ${duration(scenario.duration)}`),
  ]
}
