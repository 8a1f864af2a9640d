import { z } from "zod"
import { always, entryOf, expected, isMapping, mapping, withHint } from "./fields.js"
import { commonKeys, commonSettings } from "./target-common.js"
import { compose } from "./target-compose.js"
import { sandbox } from "./target-sandbox.js"

/** Where an environment's releases run: `environments.NAME.target`. `docs/add-a-target.md` says what belongs to a kind. */

const kinds = {
  compose,
  sandbox,
}

const types = ["compose", "sandbox"] as const satisfies (keyof typeof kinds)[]

/** The settings of each kind. */
export type TargetByKind = { [Kind in keyof typeof kinds]: ReturnType<(typeof kinds)[Kind]["settings"]> }

export type TargetSettings = { kind: "none" } | TargetByKind[keyof TargetByKind]

export const target = mapping("a mapping that says where releases run", {
  type: z
    .enum(types, { error: expected(types.join(" or ")) })
    .prefault("compose")
    .describe(types.map((type) => `${type}: ${kinds[type].what}.`).join(" ")),
  ...compose.keys,
  ...sandbox.keys,
  ...commonKeys,
}).superRefine((value, context) => {
  const type = types.find((one) => one === entryOf(value, "type"))
  if (!isMapping(value) || type === undefined) return
  const { name, without, keys, check } = kinds[type]
  const others = types
    .flatMap((one) => Object.entries<z.core.$ZodType>(kinds[one].keys))
    .filter(([key]) => !(key in keys))
  for (const [key, schema] of others)
    if (isGiven(entryOf(value, key), schema))
      context.addIssue({
        code: "custom",
        path: [key],
        message: withHint(`is not for ${name}`, without),
        params: { at: "key" },
      })
  check(value, context)
}, always)

/** These rules see values with their defaults filled in. */
function isGiven(value: unknown, schema: z.core.$ZodType): boolean {
  return JSON.stringify(value) !== JSON.stringify(z.safeParse(schema, undefined).data)
}

/** The environment `sandbox` is there without being listed, and runs in the sandbox. */
export function targetOf(environment: string, written: z.output<typeof target> | undefined): TargetSettings {
  const given = written ?? (environment === "sandbox" ? target.parse({ type: "sandbox" }) : undefined)
  return given === undefined ? { kind: "none" } : kinds[given.type].settings(given, commonSettings(given))
}
