import { TollgateError } from "../../shared/errors.js"
import { type Address, isLoopback } from "./address.js"

/** A shorter password stands in ordinary words by accident. */
const SHORTEST = 6

/**
 * Refuses names of `database.secrets` that lead to the real database. env.py gets their values on a copy too, and would connect
 * to the real one.
 */
export function requireNoAddress(others: readonly (readonly [name: string, value: string])[], address: Address): void {
  const found = others.flatMap(([name, value]) => {
    const part = partOf(value, address)
    return part === null ? [] : [{ name, part }]
  })
  if (found.length === 0) return
  throw new TollgateError(
    "secrets-name-the-database",
    [
      "database.secrets lists values that lead to the real database; env.py would get them on a copy, too.",
      ...found.map(({ name, part }) => `  ${name} holds the database's ${part}`),
    ].join("\n"),
    [
      "Remove them from database.secrets, and set them in database.env, where they are filled in for the database that env.py runs on:",
      "",
      "database:",
      "  env:",
      ...found.map(({ name, part }) => `    ${name}: "{${part}}"`),
      "",
      "Nothing was changed.",
    ].join("\n"),
  )
}

/** Which placeholder of database.env says what the value says; null: it says nothing of the database. */
function partOf(value: string, address: Address): "host" | "password" | "url" | null {
  const { host, password } = address
  const url = /^postgres[a-z0-9_+]*:\/\//i.test(value.trim())
  if (password !== "" && value === password) return "password"
  if (sameHost(value.trim(), address)) return "host"
  const withPassword =
    password.length >= SHORTEST && [password, encodeURIComponent(password)].some((form) => value.includes(form))
  if (url) return withPassword || names(value, host) ? "url" : null
  // another service on the same host, such as Redis, is not the database
  const otherService = /^[a-z][a-z0-9+.-]*:\/\//i.test(value.trim())
  if (withPassword) return "password"
  return !otherService && !isLoopback(host) && host.includes(".") && names(value, host) ? "host" : null
}

function sameHost(value: string, { host, port }: Address): boolean {
  const plain = value.toLowerCase()
  return plain === host.toLowerCase() || plain === `${host.toLowerCase()}:${port}`
}

/** Whether the host stands there as a whole word. */
function names(value: string, host: string): boolean {
  const escaped = host.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")
  return new RegExp(`(^|[^A-Za-z0-9.-])${escaped}($|[^A-Za-z0-9.-])`, "i").test(value)
}

/** Whether a variable is, by its name, about a database: its value is for the real one alone, and a copy is not given it. */
export function namesDatabase(name: string): boolean {
  return /(?:^|_)(?:PG|POSTGRES|POSTGRESQL|DB|DATABASE|SQLALCHEMY|DSN)(?:_|$)|^PG[A-Z]/i.test(name)
}
