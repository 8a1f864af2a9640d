import { z } from "zod"
import {
  always,
  command,
  distinct,
  duration,
  entryOf,
  environment,
  environmentName,
  expected,
  filePath,
  folder,
  isMapping,
  keysOf,
  mapping,
  named,
  pathGlob,
  plainName,
  plainNameProblem,
  sequence,
  some,
  text,
  textsIn,
  withHint,
} from "./fields.js"
import { serviceNames, services } from "./services.js"
import { suite } from "./suite.js"
import { placeholdersAreKnown } from "./template.js"

const NO_SUITE = "lists no suite: nothing would be proven"

const suites = named("a mapping of suites", plainName, suite, plainNameProblem("suite"))
  .superRefine((listed, context) => {
    if (isMapping(listed) && keysOf(listed).length === 0) context.addIssue({ code: "custom", message: NO_SUITE })
  }, always)
  .meta({ minProperties: 1 })

const LIGHT = ["greenlet", "eventlet", "gevent"]

const concurrency = some(
  "a list of concurrency libraries",
  z.enum(["thread", "greenlet", "eventlet", "gevent", "multiprocessing"], {
    error: expected("one of thread, greenlet, eventlet, gevent, multiprocessing"),
  }),
  "lists nothing: expected thread at least",
).superRefine((listed, context) => {
  const light = textsIn(listed).filter(([, name]) => LIGHT.includes(name))
  for (const [index, name] of light.slice(1)) {
    context.addIssue({
      code: "custom",
      path: [index],
      message: `${name} cannot be measured together with ${light[0]?.[1]}`,
    })
  }
}, always)

const percent = expected("a percent from 0 to 100", (input) => {
  const number = Number(String(input).replace(/\s*%\s*$/, ""))
  if (!Number.isFinite(number) || number <= 0 || number > 100 || input === true) return null
  if (number <= 1) return `percent: did you mean ${Math.round(number * 100)}?`
  return typeof input === "string" ? `write ${number}` : null
})

const lineCount = expected("a whole number of lines, 1 or more")

const patch = mapping("a mapping with threshold and fewestLines", {
  threshold: z
    .number({ error: percent })
    .min(0, { error: percent })
    .max(100, { error: percent })
    .refine((number) => number === 0 || number > 1, { error: percent })
    .meta({ anyOf: [{ const: 0 }, { exclusiveMinimum: 1 }] })
    .prefault(80)
    .describe("Percent of the changed lines that the suites must cover, 0 to 100."),
  fewestLines: z
    .number({ error: lineCount })
    .int({ error: lineCount })
    .min(1, { error: lineCount })
    .prefault(10)
    .describe("Changed lines of code from which on the threshold fails `ci`. Below, the figure is only reported."),
})

const coverage = mapping("a mapping with source and threshold", {
  source: some(
    "a list of folders",
    folder("a path of a folder, relative to app.path"),
    "lists nothing: coverage of what?",
  ).describe(
    "Folders whose Python code is measured, relative to app.path. A file that no test imports counts as uncovered.",
  ),
  threshold: z
    .number({ error: percent })
    .min(0, { error: percent })
    .max(100, { error: percent })
    .refine((number) => number === 0 || number > 1, { error: percent })
    .meta({ anyOf: [{ const: 0 }, { exclusiveMinimum: 1 }] })
    .describe("Percent of the lines that all suites together must cover, 0 to 100."),
  branch: z
    .boolean({ error: expected("true or false") })
    .prefault(false)
    .describe("Whether both ways out of a condition must be covered."),
  omit: distinct("a list of patterns of files", pathGlob("a pattern of files such as app/generated/*"))
    .prefault([])
    .describe("Patterns of files that do not count, relative to app.path."),
  exclude: distinct("a list of regular expressions", text("a regular expression"))
    .prefault([])
    .describe("Regular expressions of lines that do not count, besides `pragma: no cover`."),
  concurrency: concurrency
    .prefault(["thread"])
    .describe("Concurrency libraries the service uses; SQLAlchemy's asyncio needs greenlet."),
  patch: patch.prefault({}).describe("Coverage of the lines that a change touches, in `ci` with a base."),
})

/** Two sources for one variable: which of them a test saw would be a matter of luck. */
function oneSourceForEachVariable(value: unknown, context: z.core.$RefinementCtx<unknown>): void {
  const given = entryOf(value, "services")
  const provider = new Map<string, string>()
  for (const service of keysOf(given)) {
    const name = entryOf(entryOf(given, service), "env")
    if (typeof name !== "string") continue
    const other = provider.get(name)
    if (other === undefined) provider.set(name, `qa.services.${service}`)
    else
      context.addIssue({
        code: "custom",
        path: ["services", service, "env"],
        message: `is the variable of ${other} as well`,
      })
  }

  const suites = entryOf(value, "suites")
  const environments: [path: string[], variables: unknown][] = [
    [["env"], entryOf(value, "env")],
    ...keysOf(suites).map((name): [string[], unknown] => [
      ["suites", name, "env"],
      entryOf(entryOf(suites, name), "env"),
    ]),
  ]
  const missing = entryOf(given, "postgres") === false ? "there is no database: qa.services.postgres is false" : null
  for (const [path, variables] of environments) {
    placeholdersAreKnown(variables, path, { missing, services: serviceNames(given) }, context)
    for (const name of keysOf(variables)) {
      const service = provider.get(name)
      if (service === undefined) continue
      const message = withHint(
        `is set by ${service}`,
        `leave it out, write \`${service.split(".").pop()}: false\`, or give ${service}.env another name`,
      )
      context.addIssue({ code: "custom", path: [...path, name], message, params: { at: "key" } })
    }
  }

  for (const [index, secret] of textsIn(entryOf(value, "secrets"))) {
    const service = provider.get(secret)
    if (service !== undefined)
      context.addIssue({
        code: "custom",
        path: ["secrets", index],
        message: withHint(`is set by ${service}`, "leave it out here"),
      })
    for (const [path, variables] of environments) {
      if (!keysOf(variables).includes(secret)) continue
      const place = ["qa", ...path].join(".")
      const message = withHint(
        `is in ${place} as well: a secret's value must not be in a file`,
        `remove it from ${place}`,
      )
      context.addIssue({ code: "custom", path: ["secrets", index], message })
    }
  }
}

function suiteIsTollgatesToChoose(value: unknown, context: z.core.$RefinementCtx<unknown>): void {
  const flag = entryOf(value, "suiteFlag")
  if (typeof flag !== "string") return
  for (const [index, argument] of textsIn(entryOf(value, "arguments"))) {
    if (argument !== flag && !argument.startsWith(`${flag}=`)) continue
    context.addIssue({
      code: "custom",
      path: ["arguments", index],
      message: `${flag} is added by Tollgate, once for each suite`,
    })
  }
}

export const qa = mapping("a mapping with runner and suites", {
  runner: filePath("a path of the QA runner, relative to app.path")
    .optional()
    .describe("The service's QA runner, relative to app.path. When left out: pytest with the suite's files."),
  interpreter: text("a program that runs the runner", /^\S+$/)
    .prefault("python")
    .describe("Python that runs the runner, or pytest."),
  arguments: sequence("a list of arguments", text("an argument for the runner"))
    .prefault(["--verbose"])
    .describe("Arguments for the runner, after `--suite <name>`; without a runner, for pytest."),
  suiteFlag: text("an option such as --suite", /^--?[A-Za-z][A-Za-z0-9-]*$/)
    .prefault("--suite")
    .describe("Option by which the runner is told the suite."),
  timeout: duration.prefault("10m").describe("Longest time for one suite: 90s, 10m, 1h30m."),
  env: environment
    .prefault({})
    .describe(
      "Environment variables for every suite. Filled in from its Postgres: {host} {port} {user} {password} {database} {url}; from any of its services: {services.NAME.host} {services.NAME.port}.",
    ),
  secrets: distinct("a list of names of environment variables", environmentName)
    .prefault([])
    .describe("Names that --secrets must hold; every suite gets them, no report shows them."),
  before: sequence("a list of shell commands", command)
    .prefault([])
    .describe(
      "Shell commands run in each suite's container before the runner, with source, environment and services. What they start in the background runs until the suite ends.",
    ),
  services: services
    .prefault({})
    .describe(
      "Services that each suite gets, fresh, for itself: postgres, redis, and others by name. Each is reached by its name.",
    ),
  artifacts: distinct("a list of patterns of files", pathGlob("a pattern of files such as screenshots/**"))
    .prefault([])
    .describe("Patterns of files to keep from each suite, relative to app.path."),
  suites: suites.describe("The suites, by the names that the runner knows. At least one."),
  coverage: coverage
    .optional()
    .describe("Coverage that all suites together must reach. When left out: coverage is not measured."),
})
  .superRefine(oneSourceForEachVariable, always)
  .superRefine(suiteIsTollgatesToChoose, always)
  .transform(({ suites, coverage, runner, ...rest }) => ({
    ...rest,
    runner: runner ?? null,
    suites: Object.fromEntries(
      Object.entries(suites).map(([name, { timeout, env, command: own, mayFail, maxSkipped, ...suite }]) => [
        name,
        {
          ...suite,
          command: own ?? null,
          timeout: timeout ?? rest.timeout,
          env: { ...rest.env, ...env },
          mayFail: mayFail ?? null,
          maxSkipped: maxSkipped ?? null,
        },
      ]),
    ),
    coverage: coverage ?? null,
  }))

export type QaSettings = z.output<typeof qa>
export type SuiteSettings = QaSettings["suites"][string]
export type CoverageSettings = z.output<typeof coverage>
