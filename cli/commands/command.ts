import type { CommandModule } from "yargs"
import type { z } from "zod"
import { TollgateError } from "../../core/shared/errors.js"
import { aboutOption, defaultOf, yargsOption } from "../options/option.js"

interface Definition<T extends z.ZodObject> {
  name: string
  describe: string
  options: T
  /** Each with what it is for, which may be empty. */
  examples?: [command: string, purpose: string][]
  /** What is wrong with options that do not go together. */
  check?(options: z.output<T>): string | undefined
  /** Loads what it needs, so that the help loads fast; false: the command failed. */
  run(options: z.output<T>): Promise<boolean> | Promise<void>
}

export interface Command extends CommandModule {
  name: string
  options: z.ZodObject
}

/** A command of yargs, whose options and their parsing are made from one definition. */
export function command<T extends z.ZodObject>(definition: Definition<T>): Command {
  const { name, describe, options, examples = [], check, run } = definition
  const shape = Object.entries(options.shape)
  const places = shape.filter(([, schema]) => aboutOption(schema).positional === true).map(([place]) => place)
  const isRequired = (place: string) => shape.some(([key, schema]) => key === place && defaultOf(schema) === null)
  return {
    name,
    options,
    command: [name, ...places.map((place) => (isRequired(place) ? `<${place}>` : `[${place}]`))].join(" "),
    describe,
    builder: (yargs) => {
      // there, --version is the release's
      if ("version" in options.shape) yargs.version(false)
      for (const [key, schema] of shape) {
        const { array, requiresArg, ...positional } = yargsOption(schema)
        if (places.includes(key)) yargs.positional(key, { ...positional, type: "string" })
        else yargs.option(kebab(key), { array, requiresArg, ...positional })
      }
      for (const [example, purpose] of examples) yargs.example(example, purpose)
      if (check !== undefined) yargs.check((given) => check(parsed(options, given)) ?? true)
      return yargs
    },
    handler: async (given) => {
      if ((await run(parsed(options, given))) === false) process.exitCode = 1
    },
  }
}

export function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}

function parsed<T extends z.ZodObject>(options: T, given: unknown): z.output<T> {
  const result = options.safeParse(given)
  if (result.success) return result.data
  throw new TollgateError(
    "option-value",
    result.error.issues.map(({ path, message }) => `--${kebab(String(path[0]))} ${message}.`).join("\n"),
    "Correct the command; --help shows how each option is written. Nothing was run.",
  )
}
