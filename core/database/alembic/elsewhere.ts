import { z } from "zod"
import { TollgateError } from "../../shared/errors.js"

/** A connection that the app's code asked for, to something else than the database of this run. It did not take place. */
export const elsewhere = z.object({
  host: z.string(),
  port: z.union([z.number(), z.string()]).nullable(),
  /** null: it is no connection of a Postgres driver, or the driver was not told. */
  database: z.string().nullable(),
  /** The last line in the app's own code. */
  file: z.string().nullable(),
  line: z.number().nullable(),
})

export type Elsewhere = z.output<typeof elsewhere>

/** One line for each. */
export function elsewhereProblem(tried: readonly Elsewhere[]): string[] {
  return tried.map(({ host, port, database, file, line }) => {
    const where = `${host}${port === null ? "" : `:${port}`}${database === null ? "" : `, database ${database}`}`
    return `${file === null ? "env.py" : `${file}${line === null ? "" : `:${line}`}`} connects to ${where}; only the database of this run can be reached`
  })
}

export const USE_ENV = [
  "Let env.py take the whole address from the variable that database.url names, or from variables that database.env fills in for each database, such as:",
  "",
  "database:",
  "  env:",
  ...[
    ["DB_HOST", "host"],
    ["DB_PORT", "port"],
    ["DB_USER", "user"],
    ["DB_PASSWORD", "password"],
    ["DB_NAME", "database"],
  ].map(([name, part]) => `    ${name}: "{${part}}"`),
].join("\n")

/** Whether what env.py said is about variables that it was not given on purpose; null: it is not. */
export function missesWithheld(withheld: readonly string[], said: string): TollgateError | null {
  const words = new Set(said.split(/\W+/))
  if (!withheld.some((name) => words.has(name) || words.has(name.toLowerCase()))) return null
  return new TollgateError(
    "env-withheld",
    `env.py asks for ${withheld.join(", ")}. They are listed under database.secrets, and their names say that they lead to the real database: on a copy they are not set.`,
    `${USE_ENV}\n\nNothing was changed.`,
  )
}

export function reachedElsewhere(tried: readonly Elsewhere[]): TollgateError {
  return new TollgateError("env-elsewhere", elsewhereProblem(tried).join("\n"), `${USE_ENV}\n\nNothing was changed.`)
}
