import { z } from "zod"
import {
  always,
  command,
  distinct,
  duration,
  entryOf,
  environmentName,
  expected,
  isMapping,
  keysOf,
  mapping,
  named,
  plainName,
  plainNameProblem,
  sequence,
  some,
  text,
  variables,
  withHint,
} from "./fields.js"
import { parsePlace } from "./json-place.js"
import {
  arrivalRate,
  headerName,
  headerNameProblem,
  origin,
  responseTime,
  share,
  status,
  wholeNumber,
} from "./load-fields.js"
import {
  credentialsAreSecrets,
  pathHasNoSecret,
  placeholdersAreKnown,
  planIsWithinLimits,
  requestHasOneBody,
  secretsAreUsed,
  thresholdsCanBeJudged,
} from "./load-rules.js"

const slowest = (what: string) =>
  responseTime.optional().describe(`Longest response time of ${what}. When left out: not judged.`)

const thresholds = mapping("a mapping of thresholds such as p95 and errors", {
  p50: slowest("50 % of the requests"),
  p90: slowest("90 % of the requests"),
  p95: slowest("95 % of the requests"),
  p99: slowest("99 % of the requests"),
  max: slowest("every single request"),
  errors: share.prefault("0%").describe("Largest share of the requests that may get no right answer."),
  rate: share.prefault("98%").describe("Smallest share of the arrival rate that must really be reached."),
})

const NO_PLACE = withHint("is not a place in a JSON document", "for example checks.postgres or items[0].id")

const place = text("a place in a JSON document such as checks.postgres or items[0].id").superRefine(
  (written, context) => {
    if (written.trim() !== "" && parsePlace(written) === null) context.addIssue({ code: "custom", message: NO_PLACE })
  },
)

const pattern = text("a regular expression", /[\s\S]/).superRefine((written, context) => {
  try {
    new RegExp(written)
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/^Invalid regular expression: /, "") : ""
    context.addIssue({ code: "custom", message: `is not a regular expression: ${why}` })
  }
})

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()], {
  error: expected("a text, a number, true/false or null"),
})

const KINDS = ["equals", "contains", "matches"]

const check = mapping("a mapping such as { json: status, equals: ok }", {
  json: place
    .optional()
    .describe("Place in a JSON answer: checks.postgres, items[0].id. When left out: the whole body, as text."),
  equals: scalar.optional().describe('The value there, of the same type: 200 is not the text "200".'),
  contains: text("a text", /[\s\S]/)
    .optional()
    .describe("A text that is part of it."),
  matches: pattern.optional().describe("A regular expression that matches it."),
}).superRefine((value, context) => {
  const given = keysOf(value).filter((key) => KINDS.includes(key) && entryOf(value, key) !== undefined)
  if (!isMapping(value) || given.length === 1) return
  const none = withHint("does not say what must be there", `add one of ${KINDS.join(", ")}`)
  context.addIssue({
    code: "custom",
    message: given.length === 0 ? none : withHint(`has ${given.join(" and ")}`, "write a check for each"),
  })
}, always)

const NO_CHECK = withHint(
  "lists no check: an error page that comes with a right status would do",
  "for example  answer: { contains: order }",
)

const checks = named("a mapping of checks", plainName, check, plainNameProblem("check"))
  .superRefine((listed, context) => {
    if (isMapping(listed) && keysOf(listed).length === 0) context.addIssue({ code: "custom", message: NO_CHECK })
  }, always)
  .meta({ minProperties: 1 })

const path = text("a path that begins with /", /^\/[^\s]*$/, (input) => {
  if (typeof input !== "string" || input === "") return null
  if (/^[a-z]+:\/\//i.test(input))
    return "write the path alone: the host is the built image's, or the one given with --url"
  return input.startsWith("/") ? "write a space as %20" : `write /${input}`
})

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]

const method = z.enum(METHODS, {
  error: expected(`one of ${METHODS.join(", ")}`, (input) =>
    typeof input === "string" && METHODS.includes(input.toUpperCase()) ? `write ${input.toUpperCase()}` : null,
  ),
})

const scenario = mapping("a mapping with path, rate, duration and checks", {
  method: method.prefault("GET").describe("HTTP method."),
  path: path.superRefine(pathHasNoSecret, always).describe("Path and query of each request."),
  headers: named("a mapping of headers", headerName, text("a text", /^[^\r\n]+$/), headerNameProblem)
    .superRefine(credentialsAreSecrets, always)
    .prefault({})
    .describe("Headers of each request."),
  body: text("a text", /[\s\S]/)
    .optional()
    .describe("Body of each request, as text. When left out, and json too: none."),
  json: z
    .unknown()
    .optional()
    .describe("Body of each request, as JSON; its Content-Type is application/json. When left out: see body."),
  rate: arrivalRate.describe(
    "Requests that begin in each second, minute or hour, whether earlier ones are answered or not: 20/s, 300/m.",
  ),
  duration: duration.describe("How long that goes on after the warm-up: 30s, 5m."),
  status: some("a list of statuses", status, "lists no status: no answer would be right")
    .optional()
    .describe("Statuses of a right answer; redirects are not followed. When left out: 200 to 299."),
  checks: checks.describe("What the body of a right answer is like: every check must hold. At least one."),
  thresholds: thresholds.prefault({}).describe("What is asked of the figures."),
})
  .superRefine(requestHasOneBody, always)
  .superRefine(placeholdersAreKnown, always)

const NO_SCENARIO = "lists no scenario: nothing would be sent"

const scenarios = named("a mapping of scenarios", plainName, scenario, plainNameProblem("scenario"))
  .superRefine((listed, context) => {
    if (isMapping(listed) && keysOf(listed).length === 0) context.addIssue({ code: "custom", message: NO_SCENARIO })
  }, always)
  .meta({ minProperties: 1 })

export const load = mapping("a mapping with scenarios", {
  scenarios: scenarios.describe(
    "What is sent, by names of your own; all scenarios run at the same time. At least one.",
  ),
  warmUp: duration.prefault("5s").describe("How long the same requests are sent before anything is measured: 5s, 1m."),
  timeout: responseTime
    .prefault("10s")
    .describe(
      "Longest wait for an answer: 500ms, 10s. A request without a right answer counts as one that took this long.",
    ),
  maxVirtualUsers: wholeNumber(1, 1000)
    .prefault(50)
    .describe("Most requests of one scenario that wait for an answer at the same time."),
  maxRequests: wholeNumber(1, 1_000_000)
    .prefault(50_000)
    .describe("Most requests that one run may send, warm-up included: a guard against a slip."),
  maxTime: duration.prefault("10m").describe("Longest time that one run may send requests, warm-up included."),
  env: variables
    .prefault({})
    .describe(
      "Environment variables of the built image while it is under load, over those of image.env. Filled in as they are: {host} {port} {user} {password} {database} {url}.",
    ),
  before: sequence("a list of shell commands", command)
    .prefault([])
    .describe(
      "Shell commands run in a container of the built image before it is started, with its environment and services.",
    ),
  secrets: distinct("a list of names", environmentName)
    .prefault([])
    .describe(
      "Names that --secrets must hold, for {{secret.NAME}} in headers and bodies; no report shows their values.",
    ),
  staging: distinct("a list of addresses", origin)
    .prefault([])
    .describe("Addresses of deployed services that --url may load without a confirmation."),
})
  .superRefine(thresholdsCanBeJudged, always)
  .superRefine(planIsWithinLimits, always)
  .superRefine(secretsAreUsed, always)

export type LoadSettings = z.output<typeof load>
export type ScenarioSettings = LoadSettings["scenarios"][string]
export type CheckSettings = ScenarioSettings["checks"][string]
export type ThresholdSettings = ScenarioSettings["thresholds"]
