import { redactor } from "../../secrets/redact.js"
import { isSocket, lastOf, readConnectionUrl, readKeywords, rewriteConnectionUrl } from "../../shared/connection-url.js"
import { TollgateError } from "../../shared/errors.js"

/** How much a connection insists on TLS: libpq's sslmode. */
export type TlsMode = "disable" | "allow" | "prefer" | "require" | "verify-ca" | "verify-full"

const TLS_MODES: readonly TlsMode[] = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"]

export interface Address {
  host: string
  port: number
  user: string
  password: string
  database: string
  tls: TlsMode
  /** Settings of each session (libpq's `options`), such as -c search_path=billing; empty: none. */
  options: string
}

/**
 * A database's URL in its parts. SQLAlchemy's form with a driver (postgresql+psycopg://) and the short postgres:// are the
 * same here. No error repeats any of it: it holds the password.
 *
 * @param variable the name it was given under, for errors
 */
export function parseAddress(url: string, variable: string): Address {
  const refuse = (what: string): TollgateError =>
    new TollgateError(
      "database-url",
      `${variable} ${what}.`,
      `Expected postgresql://USER:PASSWORD@HOST:PORT/DATABASE. Special characters of the password are written as %XX.`,
    )
  if (!/^postgres(ql)?(\+[a-z0-9_]+)?:\/\//.test(url)) {
    const keywords =
      readKeywords(url) === null
        ? ""
        : "; it is libpq's form of keywords and values, which alembic and SQLAlchemy do not read"
    throw refuse(`is not the URL of a Postgres database${keywords}`)
  }
  const reading = readConnectionUrl(url)
  if (reading.kind === "unreadable") throw refuse(`cannot be read as a URL: it ${reading.why}`)
  const { hosts, user, password, database, parameters } = reading.url
  const [only] = hosts
  if (lastOf(parameters, "service") !== null)
    throw refuse("names a service: the pg_service.conf that has its host is not there in a container")
  if (hosts.length > 1) throw refuse("names several hosts: a migration must know which one it changes")
  if (only === undefined || only.host === "" || isSocket(only.host))
    throw refuse("names no host: a socket's folder cannot be reached from a container")
  if (database === "" || database.includes("/")) throw refuse("names no database")
  if (user === "") throw refuse("names no user")
  const given = lastOf(parameters, "sslmode") ?? "prefer"
  const tls = TLS_MODES.find((mode) => mode === given)
  if (tls === undefined) throw refuse("has an sslmode that Postgres does not know")
  return {
    host: only.host,
    port: only.port === "" ? 5432 : Number(only.port),
    user,
    password,
    database,
    tls,
    options: lastOf(parameters, "options") ?? "",
  }
}

/** Whether a URL says how much it insists on TLS; else libpq's default holds, which falls back to plain text. */
export function saysTls(url: string): boolean {
  const reading = readConnectionUrl(url)
  return reading.kind === "read" && lastOf(reading.url.parameters, "sslmode") !== null
}

/**
 * The host where JavaScript looks for it. libpq and SQLAlchemy take it from a parameter as well: postgresql://USER@/DATABASE?host=db.
 * null: the URL names no host, or a socket's folder.
 */
export function withHostInPlace(url: string): string | null {
  const [, before, port = "", path = "", query = ""] =
    /^(postgres[a-z0-9_+]*:\/\/(?:[^@/?#]*@)?)(:\d+)?(\/[^?#]*)?(?:\?([^#]*))?$/s.exec(url) ?? []
  if (before === undefined) return url
  const parameters = new URLSearchParams(query)
  const host = parameters.get("host") ?? ""
  if (host === "" || host.startsWith("/") || host.startsWith("@")) return null
  const kept = query
    .split("&")
    .filter((one) => !/^(?:host|port)=/.test(one))
    .join("&")
  const given = parameters.get("port")
  return `${before}${host.includes(":") && !host.startsWith("[") ? `[${host}]` : host}${given === null ? port : `:${given}`}${path}${kept === "" ? "" : `?${kept}`}`
}

/** A password with the same special characters: what env.py does with them, it does without knowing the real one. */
export function likePassword(url: string, { password }: Pick<Address, "password">): string {
  const special = [...new Set(password.replace(/[\p{L}\p{N}]/gu, ""))].join("")
  const encoded = /^[^:]+:\/\/[^@/?#]*%/.test(url)
  return `${special}${encoded && encodeURIComponent(special) === special ? "@" : ""}`
}

/** The same URL with another host, port or database: everything else of it, the driver too, stays as it was written. */
export const rewriteUrl = rewriteConnectionUrl

/** Parameters of a URL that belong to the way to one server. */
const OF_THE_WAY =
  /^(?:ssl.*|host|hostaddr|port|target_session_attrs|channel_binding|gss.*|krbsrvname|require_auth|service)$/

/** The URL of a copy: the driver and what the sessions are like stay as they were written. */
export function copyUrl(
  url: string,
  { host, port, user, password, database }: Pick<Address, "host" | "port" | "user" | "password" | "database">,
): string {
  const [, scheme = "postgresql"] = /^([^:]+):/.exec(url) ?? []
  const reading = readConnectionUrl(url)
  const parameters = reading.kind === "read" ? reading.url.parameters : []
  const kept = parameters
    .filter(([name]) => !OF_THE_WAY.test(name))
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
  const address = `${scheme}://${encodeURIComponent(user)}:${encodeURIComponent(password)}@${host}:${port}/${encodeURIComponent(database)}`
  return kept.length === 0 ? address : `${address}?${kept.join("&")}`
}

export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127\./.test(host)
}

/**
 * The text without the password, in each of the forms in which it may stand there; a short one only as a whole word.
 *
 * @param url as it was given: more may be written as %XX there than has to be
 */
export function withoutPassword(text: string, { password }: Pick<Address, "password">, url = ""): string {
  if (password === "") return text
  const [, written = ""] = /^[^:]+:\/\/[^:@/?#]*:([^@/?#]*)@/.exec(url) ?? []
  return redactor([password, written], 1)(text)
}
