import { addressesOf, POSTGRES_PORT, type PostgresSettings, REDIS_PORT, type ServicesSettings } from "./services.js"
import { type Filling, fillTemplate } from "./template.js"

/** Environment variables by which a suite or an image finds its services. */

type Variable = readonly [name: string, value: string]

/** Those that Postgres and Redis set by themselves. */
export function serviceVariables({ postgres, redis }: ServicesSettings): Variable[] {
  return [
    ...(postgres === false ? [] : [[postgres.env, urlOf(postgres)] as const]),
    ...(redis === false ? [] : [[redis.env, fill(redis.url, { host: "redis", port: String(REDIS_PORT) })] as const]),
  ]
}

/** Variables of the settings, with the addresses of these services filled in. */
export function filledIn(env: Readonly<Record<string, string>>, services: ServicesSettings): Variable[] {
  const filling = services.postgres === false ? NOTHING : fillingOf(services.postgres)
  const addresses = addressesOf(services)
  return Object.entries(env).map(([name, value]) => [name, fillTemplate(value, filling, addresses)])
}

/** Without a database no value has a placeholder: the settings would have been refused. */
const NOTHING: Filling = { host: "", port: "", user: "", password: "", database: "", url: "" }

function fillingOf(settings: PostgresSettings): Filling {
  const { user, password, database } = settings
  return { host: "postgres", port: String(POSTGRES_PORT), user, password, database, url: urlOf(settings) }
}

function urlOf({ url, user, password, database }: PostgresSettings): string {
  return fill(url, { user, password, database, host: "postgres", port: String(POSTGRES_PORT) })
}

function fill(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/\{([a-z]+)\}/g, (written, name: string) => values[name] ?? written)
}
