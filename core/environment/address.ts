import { type ConnectionUrl, lastOf, readConnectionUrl, readKeywords } from "../shared/connection-url.js"

/** The parts of a URL that locate a server and database, and the password beside them. */
export interface Address {
  /** In lower case and without the driver: `postgresql` for `postgresql+psycopg`. */
  scheme: string
  /** In lower case; for a socket, its folder. Empty when the URL names no host. */
  hosts: string[]
  /** Each host with its port. Two URLs that share one of them lead to the same server. */
  servers: string[]
  /** The database's name, or its number for Redis. */
  database: string
  /** Section of pg_service.conf that holds the connection; empty when there is none. */
  service: string
  password: string
}

export type AddressReading = { kind: "read"; address: Address } | { kind: "unreadable"; why: string }

const DEFAULT_PORTS: Readonly<Record<string, string>> = {
  postgres: "5432",
  postgresql: "5432",
  pgsql: "5432",
  psql: "5432",
  postgis: "5432",
  timescale: "5432",
  timescalegis: "5432",
  redis: "6379",
  rediss: "6379",
  valkey: "6379",
  valkeys: "6379",
}

/** null: not a URL. */
export function readAddress(value: string): Address | null {
  const reading = readWhere(value)
  return reading.kind === "read" ? reading.address : null
}

export function readWhere(value: string): AddressReading {
  const keywords = readKeywords(value)
  if (keywords !== null) return { kind: "read", address: addressOf(keywords) }
  // http and WebSocket URLs have their own grammar
  if (/^(https?|wss?):/i.test(value)) return ofTheWeb(value)
  const reading = readConnectionUrl(value)
  return reading.kind === "read" ? { kind: "read", address: addressOf(reading.url) } : reading
}

function addressOf({ scheme, driver, hosts, database, password, parameters }: ConnectionUrl): Address {
  const byFile = hosts.length === 0 && (scheme === "unix" || /^(socket|unix)$/i.test(driver ?? ""))
  if (byFile) {
    const path = `/${database}`
    const number = lastOf(parameters, "db") ?? lastOf(parameters, "virtual_host") ?? "0"
    return { scheme, hosts: [path], servers: [path], database: number, service: "", password }
  }
  const there = hosts
    .filter(({ host }) => host !== "")
    .map(({ host, port }) => ({ host: host.toLowerCase(), port: port === "" ? (DEFAULT_PORTS[scheme] ?? "") : port }))
  return {
    scheme,
    hosts: there.map(({ host }) => host),
    servers: there.map(({ host, port }) => `${host}:${port}`),
    database,
    service: lastOf(parameters, "service") ?? "",
    password,
  }
}

/** WHATWG's parser silently drops whitespace; here a URL with whitespace is invalid. */
function ofTheWeb(value: string): AddressReading {
  if (/[\s\u0000-\u001f\u007f]/.test(value) || !URL.canParse(value)) return { kind: "unreadable", why: "is not a URL" }
  const url = new URL(value)
  const host = url.hostname.toLowerCase()
  const password = decodedOrWritten(url.password)
  return {
    kind: "read",
    address: {
      scheme: url.protocol.slice(0, -1),
      hosts: [host],
      servers: [`${host}:${url.port}`],
      database: url.pathname.replace(/^\//, ""),
      service: "",
      password,
    },
  }
}

function decodedOrWritten(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
