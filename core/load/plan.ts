import { parsePlace } from "../config/json-place.js"
import type { CheckSettings, LoadSettings, ScenarioSettings } from "../config/load.js"
import type { ArrivalRate } from "../config/load-fields.js"
import { mostRequests, plannedSeconds } from "../config/load-volume.js"

/** The load generator's input, as JSON. Contains no secret. */
export interface LoadPlan {
  /** Scheme, host and port; paths are appended. */
  baseUrl: string
  run: string
  /** Seconds. */
  warmUp: number
  /** Milliseconds. */
  timeout: number
  virtualUsers: number
  scenarios: PlannedScenario[]
}

export interface PlannedScenario {
  name: string
  method: string
  path: string
  headers: Record<string, string>
  body: string | null
  /** Filled-in values are escaped as JSON strings. */
  bodyIsJson: boolean
  rate: ArrivalRate
  /** Seconds. */
  duration: number
  /** Empty for 200 to 299. */
  status: number[]
  checks: PlannedCheck[]
  thresholds: { times: Record<string, number>; errors: number; rate: number }
}

export interface PlannedCheck {
  name: string
  /** Path into a JSON document; null for the body as text. */
  place: (string | number)[] | null
  kind: "equals" | "contains" | "matches"
  value: string | number | boolean | null
}

export interface Volume {
  /** Upper bound. */
  requests: number
  seconds: number
}

export function loadPlan(
  settings: LoadSettings,
  names: readonly string[],
  where: { baseUrl: string; run: string },
): LoadPlan {
  return {
    ...where,
    warmUp: settings.warmUp,
    timeout: settings.timeout,
    virtualUsers: settings.maxVirtualUsers,
    scenarios: Object.entries(settings.scenarios)
      .filter(([name]) => names.includes(name))
      .map(([name, scenario]) => plannedScenario(name, scenario)),
  }
}

/** Upper bound of the load, including the warm-up. */
export function volumeOf(plan: LoadPlan): Volume {
  return {
    requests: plan.scenarios.reduce((sum, { rate, duration }) => sum + mostRequests(rate, plan.warmUp, duration), 0),
    seconds: plannedSeconds(
      plan.scenarios.map(({ duration }) => duration),
      plan.warmUp,
    ),
  }
}

function plannedScenario(name: string, scenario: ScenarioSettings): PlannedScenario {
  const { method, path, rate, duration, status, thresholds } = scenario
  const { errors, rate: reached, ...times } = thresholds
  return {
    name,
    method,
    path,
    headers: headersOf(scenario),
    body: scenario.json === undefined ? (scenario.body ?? null) : JSON.stringify(scenario.json),
    bodyIsJson: scenario.json !== undefined,
    rate,
    duration,
    status: status ?? [],
    checks: Object.entries(scenario.checks).map(([check, settings]) => plannedCheck(check, settings)),
    thresholds: {
      times: Object.fromEntries(
        Object.entries(times).filter((entry): entry is [string, number] => entry[1] !== undefined),
      ),
      errors,
      rate: reached,
    },
  }
}

function headersOf({ headers, json }: ScenarioSettings): Record<string, string> {
  const typed = Object.keys(headers).some((name) => name.toLowerCase() === "content-type")
  return json === undefined || typed ? headers : { "Content-Type": "application/json", ...headers }
}

function plannedCheck(name: string, { json, equals, contains, matches }: CheckSettings): PlannedCheck {
  const place = json === undefined ? null : parsePlace(json)
  if (contains !== undefined) return { name, place, kind: "contains", value: contains }
  if (matches !== undefined) return { name, place, kind: "matches", value: matches }
  return { name, place, kind: "equals", value: equals ?? null }
}
