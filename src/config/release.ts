import { z } from "zod"
import { duration, mapping, named, plainName, plainNameProblem, sequence, text, withHint } from "./fields.js"
import { wholeNumber } from "./load-fields.js"

/** How the service runs where it is released, the same in every environment. */

const process = mapping("a mapping with a command", {
  command: sequence("a list: the program and its arguments", text("a program or an argument"))
    .min(1, { error: "names no program: there is nothing to start" })
    .describe("Program with its arguments."),
})

const processProblem = (name: string): string | null => plainNameProblem("process")(name) ?? (name.length > 30 ? withHint("is too long for a name of a process", "30 characters at most") : null)

const retain = mapping("a mapping with releases and running", {
  releases: wholeNumber(1, 20).prefault(3).describe("Earlier releases that stay on the target, to go back to."),
  running: wholeNumber(0, 5).prefault(1).describe("How many of those keep running without traffic: going back to them takes no start."),
})

export const release = mapping("a mapping that says how the service runs where it is released", {
  name: text("a name such as payments: lower-case letters, digits and -", /^[a-z][a-z0-9-]{0,39}$/)
    .optional()
    .describe("Name of the service on its target. When left out: the last part of image.name, or `service`."),
  processes: named("a mapping of processes", plainName, process, processProblem)
    .prefault({})
    .describe("Processes by name: `web` has the traffic, every other one is a worker. When web is left out, it is the image's own command."),
  healthPath: text("a path such as /health", /^\/[^\s#]*$/).optional().describe("Path that answers 2xx when the service is healthy. When left out: what image.health says."),
  healthTimeout: duration.prefault("60s").describe("Longest time from the start of a release until it is healthy."),
  drain: duration.prefault("30s").describe("Longest time for requests and jobs under way to end when a release loses the traffic."),
  retain: retain.prefault({}).describe("What stays on the target to go back to."),
})

export type ReleaseSettings = z.output<typeof release>
