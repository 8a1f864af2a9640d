import type { Options } from "yargs"
import { z } from "zod"

/**
 * An option is described once, here and in the files beside this one: its schema has type and default, and `about` what it means. From
 * both, yargs gets its option and zod its parsing. A function of the module writes the same in its docstring, which a test compares.
 */
export interface About {
  kind: "text" | "flag" | "number" | "list" | "secret" | "folder"
  /** In lower case, as the help prints it. */
  description: string
  /** How a value is written, or its unit. */
  form?: string
  /** The default in words; not needed for a literal one. */
  usual?: string
  /** Where the argument of a function differs. */
  module?: { description?: string; form?: string; usual?: string }
  alias?: string
  /** The action of the command that it is for. */
  action?: string
  choices?: readonly string[]
  /** Written behind the command's name, and not as --NAME. */
  positional?: true
}

type More = Omit<About, "kind" | "description" | "choices" | "positional">

const registry = z.registry<About>()

export function aboutOption(schema: z.core.$ZodType): About {
  const about = registry.get(schema)
  if (about === undefined) throw new RangeError("an option was made without its description")
  return about
}

export function text(description: string, more: More = {}) {
  return z
    .string()
    .optional()
    .register(registry, { ...more, kind: "text", description })
}

export function requiredText(description: string, more: More = {}) {
  return z.string().register(registry, { ...more, kind: "text", description })
}

/** @param literal "" where `usual` says what holds without it */
export function textOr(literal: string, description: string, more: More = {}) {
  return z
    .string()
    .default(literal)
    .register(registry, { ...more, kind: "text", description })
}

/** A reference to a secret, never the secret. */
export const SECRET = "env:NAME, file:PATH, op://… or vault://…"

export function secret(description: string, more: More = {}) {
  return z
    .string()
    .optional()
    .register(registry, { form: SECRET, ...more, kind: "secret", description })
}

export function requiredSecret(description: string, more: More = {}) {
  return z.string().register(registry, { form: SECRET, ...more, kind: "secret", description })
}

export function flag(description: string, more: More = {}) {
  return z
    .boolean()
    .default(false)
    .register(registry, { ...more, kind: "flag", description })
}

export function wholeNumber(literal: number, description: string, more: More & { min?: number; max?: number } = {}) {
  const { min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER, ...about } = more
  return z
    .number("is not a number")
    .int("is not a whole number")
    .min(min, `is below ${min}`)
    .max(max, `is above ${max}`)
    .default(literal)
    .register(registry, { ...about, kind: "number", description })
}

export function list(description: string, more: More = {}) {
  return z
    .array(z.string())
    .default([])
    .register(registry, { ...more, kind: "list", description })
}

/** Names given with several options, or in one separated by commas. */
export function names(description: string, more: More = {}) {
  return z
    .array(z.string())
    .default([])
    .transform((given) =>
      given
        .flatMap((one) => one.split(","))
        .map((name) => name.trim())
        .filter((name) => name !== ""),
    )
    .register(registry, { ...more, kind: "list", description })
}

/** Folder of a gate's report; false for --no-report. */
export function reportFolder(literal: string) {
  return z
    .union([z.string(), z.literal(false)])
    .default(literal)
    .transform((given) => (given === "" ? false : given))
    .register(registry, { kind: "folder", description: "folder for the full report; --no-report writes none" })
}

export function choices<const T extends readonly [string, ...string[]]>(
  values: T,
  description: string,
  more: More = {},
) {
  return z
    .array(z.enum(values))
    .default([])
    .register(registry, { ...more, kind: "list", description, choices: values })
}

export function choice<const T extends readonly [string, ...string[]]>(
  values: T,
  description: string,
  more: More = {},
) {
  return z
    .enum(values)
    .optional()
    .register(registry, { ...more, kind: "text", description, choices: values })
}

/** An argument that is written behind the command's name. */
export function place<const T extends readonly [string, ...string[]]>(values: T, description: string, more: More = {}) {
  return z.enum(values).register(registry, { ...more, kind: "text", description, choices: values, positional: true })
}

/** An argument that may be written behind the command's name. */
export function placeOr(description: string, more: More = {}) {
  return z
    .string()
    .optional()
    .register(registry, { ...more, kind: "text", description, positional: true })
}

/** undefined: it has none; null: it must be given. */
export function defaultOf(schema: z.core.$ZodType): unknown {
  const parsed = z.safeParse(schema, undefined)
  return parsed.success ? parsed.data : null
}

export function yargsOption(schema: z.core.$ZodType): Options {
  const about = aboutOption(schema)
  const literal = defaultOf(schema)
  const { kind, description, form, usual, alias, action, choices } = about
  const words = [...(action === undefined ? [] : [action]), description, ...(form === undefined ? [] : [form])]
  return {
    type: kind === "flag" ? "boolean" : kind === "number" ? "number" : "string",
    array: kind === "list",
    requiresArg: kind !== "flag" && kind !== "folder",
    demandOption: literal === null,
    describe: words.join(": "),
    ...(alias === undefined ? {} : { alias }),
    ...(choices === undefined ? {} : { choices }),
    ...(usual === undefined ? {} : { defaultDescription: usual }),
    ...(literal === null || literal === undefined || literal === "" || kind === "list" ? {} : { default: literal }),
  }
}

export const noOptions = z.object({})
