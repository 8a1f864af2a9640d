import { randomUUID } from "node:crypto"
import { type Container, dag, type Secret } from "@dagger.io/dagger"
import { parse } from "dotenv"
import type { DatabaseSettings } from "../../config/database.js"
import { TollgateError } from "../../shared/errors.js"
import type { Bridge } from "../alembic/alone.js"
import { type AppVariables, databaseVariables, secretValue, withAppVariables } from "../alembic/app-variables.js"
import type { CopyServer } from "../copy/copy-server.js"
import {
  type Address,
  copyUrl,
  isLoopback,
  likePassword,
  parseAddress,
  rewriteUrl,
  withHostInPlace,
  withoutPassword,
} from "./address.js"
import { namesDatabase, requireNoAddress } from "./secrets-of-database.js"

/** A database, as the app's own code is given it. */
export interface AppReach {
  /** Mounts or binds what the bridge leads to, and sets the app's own variables for this database. */
  forApp(container: Container): Container
  /** By which the app's code gets there. Nothing else can be reached. */
  readonly bridge: Bridge
  /** Names of database.secrets whose values are for the real database alone. */
  readonly withheld: readonly string[]
  /** A text that may have come from a program that knew the password, without it. */
  redact(text: string): string
}

/** A database of a copy's server. Nothing that it is reached by is worth keeping secret: it is gone after the run. */
export interface CopyReach extends AppReach {
  /** Variables by which a program that has those of another database of the same copy finds this one. */
  readonly variables: Readonly<Record<string, string>>
}

/** By what a connection of the app's code is told from one to another database. */
interface Named {
  host: string
  port: number
  database: string
}

/** The real database, and the ways to it: from this process, from Postgres's own programs, and from the app's code. */
export interface Reach extends AppReach {
  /** For `pg`. In memory only: it holds the password. */
  readonly inProcess: Address
  /** Binds what is needed, and sets PGHOST and the like for Postgres's own programs. */
  inContainer(container: Container): Container
  /** Another database of the same server, for the same user. */
  withDatabase(name: string): Reach
  /** For the user of a copy: with the special characters of the real one, which it is not. */
  passwordOfCopy(): string
  /** A database of a copy's server, for the same app. */
  onCopy(server: CopyServer, login: Login): CopyReach
}

export interface Login {
  user: string
  password: string
  database: string
}

/**
 * Which entry point started Tollgate. On the command line a database on the host's own loopback can be reached, and containers get
 * to it through the engine; inside the engine that name would mean the module's own container.
 */
export type EntryPoint = "cli" | "module"

const LOOPBACK_ALIAS = "database.tollgate"

/** The database that --secrets names, and whatever else alembic's env.py needs from there. */
export async function reachDatabase(
  settings: DatabaseSettings,
  bundle: Secret | undefined,
  entryPoint: EntryPoint,
): Promise<Reach> {
  const values = bundle === undefined ? {} : parse(await bundle.plaintext())
  const names = [settings.url, ...settings.secrets]
  const missing = names.filter((name) => !values[name])
  if (missing.length > 0)
    throw new TollgateError(
      "secrets-missing",
      `--secrets does not hold ${missing.join(", ")}.`,
      "database.url and database.secrets of tollgate.yaml name them. Pass them in dotenv form, for example --secrets=env:PRODUCTION_ENV or --secrets=file:production.env.",
    )
  const url = values[settings.url] ?? ""
  const others = settings.secrets.map((name): [string, string] => [name, values[name] ?? ""])
  const reach = reachUrl(url, { variable: settings.url, env: settings.env, x: settings.x, others, entryPoint })
  requireNoAddress(others, reach.inProcess)
  return reach
}

interface Given extends AppVariables {
  entryPoint: EntryPoint
}

export function reachUrl(written: string, given: Given): Reach {
  const address = parseAddress(written, given.variable)
  const url = withHostInPlace(written) ?? written
  const loopback = isLoopback(address.host)
  if (loopback && given.entryPoint === "module")
    throw new TollgateError(
      "database-loopback",
      `${given.variable} names the host ${address.host}: from inside the engine that is not your machine.`,
      "Use the database's name or address in the network, or the command line (npx tollgate …), which can reach your machine's own ports.",
    )
  const containerUrl = loopback ? rewriteUrl(url, { host: LOOPBACK_ALIAS }) : url
  const containerAddress = loopback ? { ...address, host: LOOPBACK_ALIAS } : address
  const bind = (container: Container): Container =>
    loopback
      ? container.withServiceBinding(
          LOOPBACK_ALIAS,
          dag.host().service([{ backend: address.port, frontend: address.port }], {
            host: address.host === "localhost" ? "127.0.0.1" : address.host,
          }),
        )
      : container
  const { port, database } = address
  const named: Named = { host: containerAddress.host, port, database }
  return {
    inProcess: address,
    inContainer: (container) => withAddress(bind(container), containerAddress),
    forApp: (container) =>
      withAppVariables(
        withAddress(bind(container), containerAddress),
        given,
        containerUrl,
        containerAddress,
      ).withEnvVariable(NAMED, JSON.stringify(named)),
    bridge: { host: containerAddress.host, port, to: { host: containerAddress.host, port } },
    withheld: [],
    withDatabase: (name) => reachUrl(rewriteUrl(url, { database: name }), given),
    passwordOfCopy: () => `${randomUUID()}${likePassword(written, address)}`,
    onCopy: (server, login) => reachCopy(server, login, given, url),
    redact: (text) => withoutPassword(text, address, written),
  }
}

/** Variable that tells our own scripts in the app's container. */
const NAMED = "TOLLGATE_DATABASE"
const COPY_HOST = "copy.tollgate"
const PORT = 5432

/** As the real one is, but for the address: driver and options of the URL stay. What only names the way to the real server goes. */
function reachCopy(server: CopyServer, login: Login, given: Given, realUrl: string): CopyReach {
  const address: Address = {
    host: COPY_HOST,
    port: PORT,
    ...login,
    tls: "disable",
    options: parseAddress(realUrl, given.variable).options,
  }
  const url = copyUrl(realUrl, address)
  const named: Named = { host: COPY_HOST, port: PORT, database: login.database }
  const withheld = given.others.map(([name]) => name).filter(namesDatabase)
  return {
    forApp: (container) =>
      withAppVariables(
        withAddress(server.mounted(container), address),
        { ...given, others: given.others.filter(([name]) => !withheld.includes(name)) },
        url,
        address,
      ).withEnvVariable(NAMED, JSON.stringify(named)),
    variables: {
      ...databaseVariables(given, url, address),
      PGDATABASE: login.database,
      [NAMED]: JSON.stringify(named),
    },
    bridge: { host: COPY_HOST, port: PORT, to: { socket: server.socket } },
    withheld,
    redact: (text) => withoutPassword(text, address),
  }
}

function withAddress(container: Container, address: Address): Container {
  const client = container
    .withSecretVariable("PGPASSWORD", secretValue(address.password))
    .withEnvVariable("PGHOST", address.host)
    .withEnvVariable("PGPORT", String(address.port))
    .withEnvVariable("PGUSER", address.user)
    .withEnvVariable("PGDATABASE", address.database)
    .withEnvVariable("PGSSLMODE", address.tls)
    .withEnvVariable("PGCONNECT_TIMEOUT", "10")
  return address.options === "" ? client : client.withEnvVariable("PGOPTIONS", address.options)
}
