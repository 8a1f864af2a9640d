// The k6 script of every load test. It sends the plan's requests and records of each when it started, how long it took and what was
// wrong with the answer. The verdict is made elsewhere.
import exec from "k6/execution"
import http from "k6/http"
import { Counter, Rate, Trend } from "k6/metrics"

const plan = JSON.parse(open(__ENV.TOLLGATE_PLAN))
const scenarios = Object.fromEntries(plan.scenarios.map((scenario) => [scenario.name, prepare(scenario)]))

// from the start of the request, including the wait for a connection, to the last byte of the answer
const responseTime = new Trend("tollgate_response_time", true)
const failed = new Rate("tollgate_failed")
const failedChecks = new Counter("tollgate_failed_checks")

const WARM_UP = "_warm-up"

export const options = {
  scenarios: Object.fromEntries(
    plan.scenarios.flatMap((scenario) => [
      [scenario.name + WARM_UP, executor(scenario, 0, plan.warmUp)],
      [scenario.name, executor(scenario, plan.warmUp, scenario.duration)],
    ]),
  ),
  thresholds: Object.assign({}, ...plan.scenarios.map(thresholds)),
  // a URL that contains an id would create one time series per request
  systemTags: ["scenario"],
  summaryTrendStats: ["count", "min", "avg", "p(50)", "p(90)", "p(95)", "p(99)", "max"],
  userAgent: "Tollgate load test",
  setupTimeout: "10s",
}

function executor(scenario, startTime, duration) {
  return {
    executor: "constant-arrival-rate",
    exec: "request",
    rate: scenario.rate.count,
    timeUnit: `${scenario.rate.seconds}s`,
    startTime: `${startTime}s`,
    duration: `${duration}s`,
    // all at the start: creating one during the test takes time, and its request is dropped
    preAllocatedVUs: plan.virtualUsers,
    maxVUs: plan.virtualUsers,
    // every request gets its answer or its time-out before the scenario stops
    gracefulStop: `${Math.ceil(plan.timeout / 1000) + 2}s`,
  }
}

function thresholds({ name, thresholds: asked }) {
  const times = Object.entries(asked.times).map(
    ([key, limit]) => `${key === "max" ? key : `p(${key.slice(1)})`}<=${limit}`,
  )
  return {
    // k6 reports figures of a single scenario only for metrics with a threshold
    [`tollgate_response_time{scenario:${name}}`]: ["max>=0", ...times],
    [`tollgate_failed{scenario:${name}}`]: [`rate<=${asked.errors / 100}`],
    [`dropped_iterations{scenario:${name}}`]: ["count>=0"],
  }
}

function prepare(scenario) {
  return {
    ...scenario,
    checks: scenario.checks.map((check) =>
      check.kind === "matches" ? { ...check, value: new RegExp(check.value) } : check,
    ),
    // a late k6 may start requests after the end: the announced maximum is never exceeded
    most: { warmUp: most(scenario, plan.warmUp), measured: most(scenario, scenario.duration) },
  }
}

function most({ rate }, seconds) {
  return Math.floor((rate.count * seconds) / rate.seconds) + 1
}

export function request() {
  const { name: running, startTime, iterationInTest } = exec.scenario
  const warmUp = running.endsWith(WARM_UP)
  const scenario = scenarios[warmUp ? running.slice(0, -WARM_UP.length) : running]
  if (iterationInTest >= (warmUp ? scenario.most.warmUp : scenario.most.measured)) return
  // the warm-up uses odd numbers, so that none is used twice in a run
  const values = { uuid: crypto.randomUUID(), run: plan.run, iteration: String(2 * iterationInTest + (warmUp ? 1 : 0)) }
  const fill = (text, written = (value) => value) =>
    text.replace(/\{\{\s*([^{}]*?)\s*\}\}/g, (_, name) => written(name in values ? values[name] : secret(name)))
  const headers = Object.fromEntries(Object.entries(scenario.headers).map(([name, value]) => [name, fill(value)]))
  const body = scenario.body === null ? null : fill(scenario.body, scenario.bodyIsJson ? inJsonText : undefined)
  const url = plan.baseUrl + fill(scenario.path)

  const began = Date.now()
  const answer = http.request(scenario.method, url, body, {
    headers,
    redirects: 0,
    timeout: plan.timeout,
    throw: false,
  })
  const took = answer.timings.blocked + answer.timings.duration

  const wrong = whatIsWrong(scenario, answer)
  // a failed request counts as the time-out, however fast it failed
  const counted = wrong === null ? took : Math.max(took, plan.timeout)
  exec.vu.metrics.metadata["began"] = String(began - startTime)
  exec.vu.metrics.metadata["start"] = String(startTime)
  responseTime.add(counted, wrong === null ? { outcome: "right" } : { outcome: wrong.kind, detail: wrong.detail })
  failed.add(wrong !== null)
  if (wrong === null || warmUp) return
  for (const check of wrong.checks) failedChecks.add(1, { check })
  report(scenario, wrong, began - startTime)
}

const inJsonText = (value) => JSON.stringify(value).slice(1, -1)

function secret(name) {
  const value = __ENV[`TOLLGATE_SECRET_${name.replace("secret.", "")}`]
  if (value === undefined) exec.test.abort(`no value for ${name}`)
  return value
}

function whatIsWrong(scenario, answer) {
  if (answer.error_code === 1050) return { kind: "timeout", detail: "", checks: [], said: answer.error }
  if (answer.status === 0)
    return { kind: "connection", detail: String(answer.error_code), checks: [], said: answer.error }
  const right =
    scenario.status.length === 0
      ? answer.status >= 200 && answer.status <= 299
      : scenario.status.includes(answer.status)
  const body = answer.body === null ? "" : answer.body
  if (!right) return { kind: "status", detail: String(answer.status), checks: [], said: body }
  // the status arrived, but not the whole body
  if (answer.error_code !== 0)
    return { kind: "connection", detail: String(answer.error_code), checks: [], said: answer.error }
  const checks = scenario.checks.filter((check) => !holds(check, body)).map(({ name }) => name)
  return checks.length === 0 ? null : { kind: "check", detail: checks[0], checks, said: body }
}

function holds({ place, kind, value }, body) {
  const found = place === null ? body : inJson(body, place)
  if (kind === "equals") return found === value
  if (found === undefined) return false
  const text = typeof found === "string" ? found : JSON.stringify(found)
  return kind === "contains" ? text.includes(value) : value.test(text)
}

function inJson(body, place) {
  try {
    return place.reduce(
      (inner, step) =>
        inner !== null && typeof inner === "object" && Object.hasOwn(inner, step) ? inner[step] : undefined,
      JSON.parse(body),
    )
  } catch {
    return undefined
  }
}

// one example of each kind of failure per virtual user: the earliest is shown
const reported = new Set()

function report({ name }, { kind, detail, said }, at) {
  const what = `${name} ${kind} ${detail}`
  if (reported.has(what)) return
  reported.add(what)
  console.log(
    JSON.stringify({ tollgate: "failure", scenario: name, kind, detail, at, said: String(said).slice(0, 4000) }),
  )
}

export function handleSummary(data) {
  return { [__ENV.TOLLGATE_SUMMARY]: JSON.stringify(data, null, 2) }
}
