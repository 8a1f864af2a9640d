import { z } from "zod"
import {
  command,
  duration,
  environmentName,
  expected,
  mapping,
  named,
  plainName,
  plainNameProblem,
  sequence,
  some,
  text,
  withHint,
} from "./fields.js"
import { headerName, headerNameProblem, status, wholeNumber } from "./load-fields.js"
import { monitor } from "./monitor.js"
import { LONGEST_SERVICE, SERVICE_NAME } from "./service-name.js"

/** How the service runs where it is released, the same in every environment. */

const process = mapping("a mapping with a command", {
  command: sequence("a list: the program and its arguments", text("a program or an argument"))
    .min(1, { error: "names no program: there is nothing to start" })
    .describe("Program with its arguments."),
})

const processProblem = (name: string): string | null =>
  plainNameProblem("process")(name) ??
  (name.length > 30 ? withHint("is too long for a name of a process", "30 characters at most") : null)

function nameHint(input: unknown): string | null {
  if (typeof input !== "string" || input.length <= LONGEST_SERVICE) return null
  return `it has ${input.length} characters: with -web- and a release's id it is a container's host name, which may have 63`
}

const retain = mapping("a mapping with releases and running", {
  releases: wholeNumber(1, 20).prefault(3).describe("Earlier releases that stay on the target, to go back to."),
  running: wholeNumber(0, 5)
    .prefault(1)
    .describe("How many of those keep running without traffic: going back to them takes no start."),
})

const versionPlace = mapping("a mapping with variable and path", {
  variable: environmentName.describe(
    "Variable by which the service learns its version: Tollgate sets it to --version.",
  ),
  path: text("a path such as /version", /^\/[^\s#]*$/).describe("Path that answers with that version."),
})

const METHODS = ["GET", "HEAD", "POST", "PUT", "DELETE"] as const

const smoke = mapping("a mapping with path and contains", {
  method: z
    .enum(METHODS, { error: expected(`one of ${METHODS.join(", ")}`) })
    .prefault("GET")
    .describe("HTTP method."),
  path: text("a path that begins with /", /^\/[^\s]*$/).describe(
    "Path and query. {{release}} is the release's id, here, in headers and in json.",
  ),
  headers: named("a mapping of headers", headerName, text("a text", /^[^\r\n]+$/), headerNameProblem)
    .prefault({})
    .describe("Headers of the request."),
  json: z.unknown().optional().describe("Body of the request, as JSON. When left out: none."),
  status: some("a list of statuses", status, "lists no status: no answer would be right")
    .optional()
    .describe("Statuses of a right answer. When left out: 200 to 299."),
  contains: sequence("a list of texts", text("a text", /[\s\S]/))
    .prefault([])
    .describe("Texts that the body of a right answer has."),
})

export type SmokeSettings = z.output<typeof smoke>

export const release = mapping("a mapping that says how the service runs where it is released", {
  name: text(
    `a name such as payments: lower-case letters, digits and -, at most ${LONGEST_SERVICE} characters, ending with a letter or digit`,
    SERVICE_NAME,
    nameHint,
  )
    .optional()
    .describe("Name of the service on its target. When left out: the last part of image.name, or `service`."),
  processes: named("a mapping of processes", plainName, process, processProblem)
    .prefault({})
    .describe(
      "Processes by name: `web` has the traffic, every other one is a worker. When web is left out, it is the image's own command.",
    ),
  healthPath: text("a path such as /health", /^\/[^\s#]*$/)
    .optional()
    .describe("Path that answers 2xx when the service is healthy. When left out: what image.health says."),
  healthTimeout: duration.prefault("60s").describe("Longest time from the start of a release until it is healthy."),
  drain: duration
    .prefault("30s")
    .describe("Longest time for requests and jobs under way to end when a release loses the traffic."),
  before: sequence("a list of shell commands", command)
    .prefault([])
    .describe(
      "Shell commands run as jobs of the new release before it starts, such as migrations. They must leave the running release able to work.",
    ),
  beforeTimeout: duration.prefault("5m").describe("Longest time of each of these commands."),
  version: versionPlace
    .optional()
    .describe("How the service tells its version. When left out: the version is read from the target alone."),
  smoke: named("a mapping of smoke checks", plainName, smoke, plainNameProblem("smoke check"))
    .prefault({})
    .describe(
      "Requests to a new release before it gets traffic, by names of your own: each must have its right answer.",
    ),
  monitor: monitor.prefault({}).describe("How a release is watched, and when it is taken back."),
  retain: retain.prefault({}).describe("What stays on the target to go back to."),
})

export type ReleaseSettings = z.output<typeof release>
