import { type Container, dag, type Secret } from "@dagger.io/dagger"
import { parse } from "dotenv"
import type { DatabaseSettings } from "../config/database.js"
import { TollgateError } from "../errors.js"
import { type Address, isLoopback, parseAddress, rewriteUrl, withHostInPlace, withoutPassword } from "./address.js"
import { type AppVariables, secretValue, withAppVariables } from "./app-variables.js"
import { requireNoAddress } from "./secrets-of-database.js"

/** One database, and the two ways to it: from this process, and from a program in a container. */
export interface Reach {
  /** For `pg`. In memory only: it holds the password. */
  readonly inProcess: Address
  /** Binds what is needed, sets the app's own variables for this database, and PGHOST and the like for Postgres's own programs. */
  inContainer(container: Container): Container
  /** Another database of the same server, for the same user. */
  withDatabase(name: string): Reach
  /** The same app with a database of another server, to which containers are bound. */
  onService(bind: (container: Container) => Container, host: string, login: Login): Reach
  /** A text that may have come from a program that knew the password, without it. */
  redact(text: string): string
}

export interface Login {
  user: string
  password: string
  database: string
}

/**
 * Which door Tollgate was started by. On the host a database on the host's own loopback can be reached, and containers get
 * to it through the engine; inside the engine that name would mean the module's own container.
 */
export type Door = "host" | "module"

const LOOPBACK_ALIAS = "database.tollgate"

/** The database that --secrets names, and whatever else alembic's env.py needs from there. */
export async function reachDatabase(settings: DatabaseSettings, bundle: Secret | undefined, door: Door): Promise<Reach> {
  const values = bundle === undefined ? {} : parse(await bundle.plaintext())
  const names = [settings.url, ...settings.secrets]
  const missing = names.filter((name) => !values[name])
  if (missing.length > 0)
    throw new TollgateError(
      "secrets-missing",
      `--secrets does not hold ${missing.join(", ")}.`,
      "database.url and database.secrets of tollgate.yaml name them. Give them in dotenv form, for example --secrets=env:PRODUCTION_ENV or --secrets=file:production.env.",
    )
  const url = values[settings.url] ?? ""
  const others = settings.secrets.map((name): [string, string] => [name, values[name] ?? ""])
  const reach = reachUrl(url, { variable: settings.url, env: settings.env, others, door })
  requireNoAddress(others, reach.inProcess)
  return reach
}

interface Given extends AppVariables {
  door: Door
}

export function reachUrl(written: string, given: Given): Reach {
  const address = parseAddress(written, given.variable)
  const url = withHostInPlace(written) ?? written
  const loopback = isLoopback(address.host)
  if (loopback && given.door === "module")
    throw new TollgateError(
      "database-loopback",
      `${given.variable} names the host ${address.host}: from inside the engine that is not your machine.`,
      "Give the database's name or address in the network, or use the command line (npx tollgate …), which can reach your machine's own ports.",
    )
  const containerUrl = loopback ? rewriteUrl(url, { host: LOOPBACK_ALIAS }) : url
  const containerAddress = loopback ? { ...address, host: LOOPBACK_ALIAS } : address
  const bind = (container: Container): Container =>
    loopback
      ? container.withServiceBinding(
          LOOPBACK_ALIAS,
          dag.host().service([{ backend: address.port, frontend: address.port }], { host: address.host === "localhost" ? "127.0.0.1" : address.host }),
        )
      : container
  return {
    inProcess: address,
    inContainer: (container) => withAddress(bind(container), given, containerUrl, containerAddress),
    withDatabase: (database) => reachUrl(rewriteUrl(url, { database }), given),
    onService: (bindTo, host, login) => reachService(bindTo, host, login, given, /^[^:]+/.exec(url)?.[0] ?? "postgresql"),
    redact: (text) => withoutPassword(text, address, written),
  }
}

function reachService(bind: (container: Container) => Container, host: string, login: Login, given: Given, scheme: string): Reach {
  const address: Address = { host, port: 5432, ...login, tls: "disable" }
  const url = `${scheme}://${encodeURIComponent(login.user)}:${encodeURIComponent(login.password)}@${host}:5432/${encodeURIComponent(login.database)}`
  return {
    inProcess: address,
    inContainer: (container) => withAddress(bind(container), given, url, address),
    withDatabase: (database) => reachService(bind, host, { ...login, database }, given, scheme),
    onService: (bindTo, otherHost, otherLogin) => reachService(bindTo, otherHost, otherLogin, given, scheme),
    redact: (text) => withoutPassword(text, address),
  }
}

function withAddress(container: Container, given: AppVariables, url: string, address: Address): Container {
  const client = container
    .withSecretVariable("PGPASSWORD", secretValue(address.password))
    .withEnvVariable("PGHOST", address.host)
    .withEnvVariable("PGPORT", String(address.port))
    .withEnvVariable("PGUSER", address.user)
    .withEnvVariable("PGDATABASE", address.database)
    .withEnvVariable("PGSSLMODE", address.tls)
    .withEnvVariable("PGCONNECT_TIMEOUT", "10")
  return withAppVariables(client, given, url, address)
}
