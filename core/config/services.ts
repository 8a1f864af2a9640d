import { z } from "zod"
import {
  always,
  containerImage,
  entryOf,
  environmentName,
  expected,
  isMapping,
  keysOf,
  mapping,
  sequence,
  text,
  variables,
  withHint,
} from "./fields.js"
import { port } from "./port.js"
import type { ServiceAddress } from "./template.js"

/** Services that a suite or an image is given: Postgres and Redis unless it has none, and any other by a name of its own. */

const PLACEHOLDER = /\{([^{}]*)\}/g

/** Where a service is reached: a URL in which `{host}` and the like are filled in for each suite. */
function serviceUrl(placeholders: readonly string[]) {
  const known = placeholders.map((name) => `{${name}}`).join(" ")
  return text("a URL with {host} in it").superRefine((url, context) => {
    if (url.trim() === "") return
    for (const [written, name = ""] of url.matchAll(PLACEHOLDER)) {
      if (placeholders.includes(name)) continue
      context.addIssue({
        code: "custom",
        message: withHint(`has the unknown placeholder ${written}`, `known here: ${known}`),
      })
    }
    if (!url.includes("{host}")) {
      const message = withHint(
        "has no {host}: each suite has a service of its own, at a host of its own",
        `known here: ${known}`,
      )
      context.addIssue({ code: "custom", message })
    }
  })
}

const variable = (set: string) =>
  environmentName.prefault(set).describe("Environment variable in which a suite finds the URL.")
const url = (template: string, placeholders: readonly string[]) =>
  serviceUrl(placeholders)
    .prefault(template)
    .describe(`The URL a suite is given. Filled in: ${placeholders.map((name) => `{${name}}`).join(" ")}.`)

const identifier = (what: string) => text(`${what}: lower-case letters, digits and _`, /^[a-z_][a-z0-9_]*$/)

const postgres = mapping("false or a mapping", {
  image: containerImage.prefault("postgres:15").describe("Image of the database."),
  user: identifier("a role's name").prefault("app").describe("Role that owns the database."),
  // stands unescaped in the URL, and guards nothing: the database lives as long as its suite
  password: text("a password of letters, digits and . _ ~ -", /^[A-Za-z0-9._~-]+$/)
    .prefault("app")
    .describe("The role's password. Not a secret: the database lives as long as its suite."),
  database: identifier("a database's name").prefault("app").describe("Name of the database, created empty."),
  env: variable("DATABASE_URL"),
  url: url("postgresql://{user}:{password}@{host}:{port}/{database}", ["user", "password", "host", "port", "database"]),
})

const redis = mapping("false or a mapping", {
  image: containerImage.prefault("redis:7").describe("Image of the Redis server."),
  env: variable("REDIS_URL"),
  url: url("redis://{host}:{port}/0", ["host", "port"]),
})

function orNone<Service extends z.ZodType>(service: Service) {
  return z.union([z.literal(false), service], {
    error: expected("false or a mapping", (input) =>
      input === true || input === null ? "leave the key out: the service is there by default" : null,
    ),
  })
}

const other = mapping("a mapping with image and port", {
  image: containerImage.describe("Image of the service."),
  port: port.describe("Port that the service listens on."),
  env: variables
    .prefault({})
    .describe("Environment variables of the service itself, such as a password to throw away."),
  command: sequence("a list: the program or its arguments", text("a program or an argument"))
    .optional()
    .describe("Arguments for the image's entry point. When left out: the image's own."),
  healthy: text("a shell command")
    .optional()
    .describe(
      "Shell command in the service's container that exits 0 once the service answers. When left out: the port accepts connections.",
    ),
})

/** A label of a host name: it is the service's address. */
const HOST = /^[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/

function namesAreHosts(value: unknown, context: z.core.$RefinementCtx<unknown>): void {
  for (const name of keysOf(value)) {
    const message = nameProblem(name)
    if (message !== null) context.addIssue({ code: "custom", path: [name], message, params: { at: "key" } })
  }
}

function nameProblem(name: string): string | null {
  if (name === "localhost") return "is each container's own name: choose another one"
  if (HOST.test(name)) return null
  if (name.length > 63) return `is too long for a host name: it has ${name.length} characters, at most 63 are allowed`
  const better = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^[^a-z]+|-+$/g, "")
  const problem = "is not a host name: expected lower-case letters, digits and -, beginning with a letter"
  return withHint(problem, better === "" ? null : `write ${better}`)
}

export const services = mapping("a mapping of services", {
  postgres: orNone(postgres).prefault({}).describe("A Postgres of its own for each suite; false for none."),
  redis: orNone(redis).prefault({}).describe("A Redis of its own for each suite; false for none."),
})
  .catchall(other)
  .superRefine(namesAreHosts, always)
  .meta({ propertyNames: { type: "string", pattern: HOST.source } })
  .transform(({ postgres, redis, ...others }) => ({ postgres, redis, others }))

export type ServicesSettings = z.output<typeof services>
export type PostgresSettings = z.output<typeof postgres>
export type RedisSettings = z.output<typeof redis>
export type OtherService = z.output<typeof other>

export const POSTGRES_PORT = 5432
export const REDIS_PORT = 6379

/** Where each service is reached by those that it is given to. */
export function addressesOf({ postgres, redis, others }: ServicesSettings): ReadonlyMap<string, ServiceAddress> {
  const ports = [
    ...(postgres === false ? [] : [["postgres", POSTGRES_PORT] as const]),
    ...(redis === false ? [] : [["redis", REDIS_PORT] as const]),
    ...Object.entries(others).map(([name, { port }]) => [name, port] as const),
  ]
  return new Map(ports.map(([name, port]) => [name, { host: name, port: String(port) }]))
}

/** The same names, of settings that may not be right, before or after they are read. */
export function serviceNames(settings: unknown): string[] {
  const others = entryOf(settings, "others")
  // one service is no mapping of mappings: its image is a text
  const read = isMapping(others) && Object.values(others).every(isMapping)
  const builtIn = ["postgres", "redis"].filter((name) => entryOf(settings, name) !== false)
  const further = keysOf(read ? others : settings).filter((name) => name !== "postgres" && name !== "redis")
  return [...builtIn, ...further]
}
