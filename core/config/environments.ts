import { z } from "zod"
import { approvals } from "./approvals.js"
import { isProduction } from "./ecpay-endpoint.js"
import { commonRules, type Preset, presetNames, presetOf, presets } from "./environment-defaults.js"
import { type Rule, rule } from "./environment-rules.js"
import {
  always,
  distinct,
  duration,
  entryOf,
  expected,
  keysOf,
  mapping,
  named,
  soundsSecret,
  text,
  textsIn,
  withHint,
} from "./fields.js"
import { freeze } from "./freeze.js"
import { gateSettings } from "./gates.js"
import { operators } from "./operators.js"
import { target, targetOf } from "./target.js"

const variablePattern = /^[A-Za-z_][A-Za-z0-9_]*$/
const variable = text(
  "a name of an environment variable: letters, digits and _, not beginning with a digit",
  variablePattern,
)
const NOT_A_VARIABLE =
  "is not a name of an environment variable: expected letters, digits and _, not beginning with a digit"
const variables = (what: string) => distinct(`a list of names of environment variables ${what}`, variable).prefault([])

function variableProblem(name: string): string | null {
  return variablePattern.test(name) ? null : NOT_A_VARIABLE
}

const defaultValue = z
  .union([z.string(), z.number(), z.boolean()], {
    error: expected("a text, a number or true/false", (input) => (input === null ? 'write "" for an empty one' : null)),
  })
  .transform(String)

const config = mapping("a mapping that says what the environment's configuration must hold", {
  extends: z
    .enum(presetNames, { error: expected("staging, production or none") })
    .optional()
    .describe(
      "Built-in set of names and rules that this environment begins with. When left out: its own for staging and production, none for others.",
    ),
  required: variables("that must be given").describe("Names that must be given, besides the built-in ones."),
  optional: variables("that may be given").describe(
    "Names that may be given, besides the built-in ones. A built-in required name that is listed here becomes optional.",
  ),
  without: variables("that this service does not have").describe("Built-in names that this service does not have."),
  defaults: named(
    "a mapping of default values",
    variablePattern,
    defaultValue,
    (name) =>
      variableProblem(name) ??
      (soundsSecret(name)
        ? withHint(
            "sounds like a secret: a secret's value must not be in a file",
            "give it with --secrets, and list its name under required",
          )
        : null),
  )
    .prefault({})
    .describe("Values of names that are not given. Not for secrets: they stand here for everybody to read."),
  rules: named("a mapping of rules by variable", variablePattern, rule, variableProblem)
    .prefault({})
    .describe("Rules by variable. A rule that is given replaces the built-in one of its kind; the others stay."),
})

const ORIGIN = /^https?:\/\/[A-Za-z0-9.-]+(:\d{1,5})?\/?$/

const ecpay = mapping("a mapping with endpoint and timeout", {
  endpoint: text("an address such as https://payment-stage.ecpay.com.tw, without a path", ORIGIN)
    .refine((address) => !/^http:.*\becpay\.com\.tw\b/i.test(address), {
      error: "is ECPay's own without TLS: write https://",
    })
    .optional()
    .describe(
      "Address of ECPay. When left out: https://payment.ecpay.com.tw for production, https://payment-stage.ecpay.com.tw for every other environment.",
    ),
  timeout: duration.prefault("30s").describe("Longest time for ECPay's answer: 10s, 1m."),
})

const MIGRATIONS = ["database", "commands"] as const

const environment = mapping("a mapping of settings for one environment", {
  config: config.prefault({}).describe("What the environment's configuration must hold: check-config."),
  ecpay: ecpay.prefault({}).describe("How ECPay is asked from this environment: check-ecpay."),
  target: target
    .optional()
    .describe(
      "Where its releases run. When left out: the environment `sandbox` has the sandbox, others cannot be released to.",
    ),
  approvals: approvals.prefault({}).describe("Who must approve a deployment, and with which keys."),
  operators: operators
    .prefault([])
    .describe("Who may request changes by a signed request. When left out: the approvers, for everything."),
  freeze: freeze.prefault({}).describe("When nothing is deployed."),
  gates: distinct("a list of gates", z.enum(gateSettings, { error: expected(`one of ${gateSettings.join(", ")}`) }))
    .prefault([...gateSettings])
    .describe(
      "Gates that a deployment must pass, besides those of the image, the configuration and the target, which it always must.",
    ),
  migrations: z
    .enum(MIGRATIONS, { error: expected("database or commands") })
    .optional()
    .describe(
      "How a deployment migrates: database is the whole of `migration-plan` and `migrate`, by alembic or database.commands; commands is release.before alone. When left out: database on hosts, where the service has alembic, database.commands or Django; else commands.",
    ),
})

const environmentPattern = /^[a-z][a-z0-9-]{0,62}$/

export const environments = named("a mapping of environments", environmentPattern, environment, (name) =>
  environmentPattern.test(name)
    ? null
    : withHint(
        `is not a name for an environment: expected lower-case letters, digits and -, beginning with a letter${name.length > 63 ? ", at most 63" : ""}`,
        name.length > 63 ? null : suggestedName(name),
      ),
)
  .superRefine((listed, context) => {
    for (const name of keysOf(listed))
      for (const { path, message } of contradictions(name, entryOf(entryOf(listed, name), "config"))) {
        context.addIssue({
          code: "custom",
          path: [name, "config", ...path],
          message,
          ...(path[0] === "rules" ? { params: { at: "key" } } : {}),
        })
      }
  }, always)
  .transform((listed) => {
    const all = {
      staging: environment.parse({}),
      production: environment.parse({}),
      sandbox: environment.parse({}),
      ...listed,
    }
    return Object.fromEntries(Object.entries(all).map(([name, settings]) => [name, withPreset(name, settings)]))
  })

function suggestedName(name: string): string | null {
  const better = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^[^a-z]+|-+$/g, "")
  return better === "" ? null : `write ${better}`
}

function contradictions(environment: string, given: unknown): { path: (string | number)[]; message: string }[] {
  const preset = presetNamed(environment, entryOf(given, "extends"))
  const builtIn = new Set([...preset.required, ...preset.optional])
  const problems: { path: (string | number)[]; message: string }[] = []
  const place = new Map<string, string>()
  for (const list of ["required", "optional", "without"]) {
    for (const [index, name] of textsIn(entryOf(given, list))) {
      const other = place.get(name)
      if (other !== undefined && other !== list)
        problems.push({ path: [list, index], message: `is under ${other} as well` })
      else place.set(name, list)
      if (list === "without" && !builtIn.has(name))
        problems.push({
          path: [list, index],
          message: withHint("is not a built-in name of this environment", "leave it out: it is not asked for"),
        })
    }
  }
  for (const name of keysOf(entryOf(given, "rules"))) {
    const known = place.has(name)
      ? place.get(name) !== "without"
      : builtIn.has(name) || keysOf(entryOf(given, "defaults")).includes(name)
    if (!known)
      problems.push({
        path: ["rules", name],
        message: withHint("is neither required nor optional here", "list it under required or optional"),
      })
  }
  return problems
}

function presetNamed(environment: string, given: unknown): Preset {
  const name = presetNames.find((one) => one === given) ?? presetOf(environment)
  return presets[name]
}

export interface VariableSettings {
  name: string
  need: "required" | "optional"
  /** null: none. */
  default: string | null
  rule: Rule
}

function withPreset(
  name: string,
  { config, ecpay, target, approvals, operators, freeze, gates, migrations }: z.output<typeof environment>,
) {
  const preset = presetNamed(name, config.extends)
  const endpoint = (ecpay.endpoint ?? officialEndpoint(name)).replace(/\/$/, "")
  const defaults: Readonly<Record<string, string>> = { ...preset.defaults, ...config.defaults }
  const without = new Set(config.without)
  const optional = new Set([...config.optional, ...preset.optional.filter((one) => !config.required.includes(one))])
  const required = new Set([...preset.required, ...config.required].filter((one) => !config.optional.includes(one)))
  for (const one of Object.keys(config.defaults)) if (!required.has(one)) optional.add(one)
  const variables = [...required, ...optional]
    .filter((one) => !without.has(one))
    .map(
      (one): VariableSettings => ({
        name: one,
        need: required.has(one) ? "required" : "optional",
        default: own(defaults, one) ?? null,
        rule: { ...own(commonRules, one), ...own(preset.rules, one), ...own(config.rules, one) },
      }),
    )
  /** Real money is paid here, whatever its name is: what everybody knows must not sign for it. */
  const production = name === "production" || preset === presets.production || isProduction(endpoint)
  return {
    variables,
    production,
    ecpay: { endpoint, timeout: ecpay.timeout },
    target: targetOf(name, target),
    approvals: { ...approvals, requireSeparation: approvals.requireSeparation ?? production },
    operators,
    freeze,
    gates,
    /** null: nobody said. */
    migrations: migrations ?? null,
  }
}

/** A variable may be called `constructor`. */
function own<Value>(record: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined
}

/** Anything but production asks ECPay's test environment: a mistake there moves no money. */
function officialEndpoint(environment: string): string {
  return environment === "production" ? "https://payment.ecpay.com.tw" : "https://payment-stage.ecpay.com.tw"
}

export type EnvironmentSettings = ReturnType<typeof withPreset>
