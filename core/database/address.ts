import { TollgateError } from "../errors.js"
import { isSocket, lastOf, readConnectionUrl, readKeywords, rewriteConnectionUrl } from "../shared/connection-url.js"

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
}

/**
 * A database's URL in its parts. SQLAlchemy's form with a driver (postgresql+psycopg://) and the short postgres:// are the
 * same here. No error repeats any of it: it holds the password.
 *
 * @param variable the name it was given under, for errors
 */
export function parseAddress(url: string, variable: string): Address {
  const refuse = (what: string): TollgateError =>
    new TollgateError("database-url", `${variable} ${what}.`, `Expected postgresql://USER:PASSWORD@HOST:PORT/DATABASE. Special characters of the password are written as %XX.`)
  if (!/^postgres(ql)?(\+[a-z0-9_]+)?:\/\//.test(url)) {
    const keywords = readKeywords(url) === null ? "" : "; it is libpq's form of keywords and values, which alembic and SQLAlchemy do not read"
    throw refuse(`is not the URL of a Postgres database${keywords}`)
  }
  const reading = readConnectionUrl(url)
  if (reading.kind === "unreadable") throw refuse(`cannot be read as a URL: it ${reading.why}`)
  const { hosts, user, password, database, parameters } = reading.url
  const [only] = hosts
  if (lastOf(parameters, "service") !== null) throw refuse("names a service: the pg_service.conf that has its host is not there in a container")
  if (hosts.length > 1) throw refuse("names several hosts: a migration must know which one it changes")
  if (only === undefined || only.host === "" || isSocket(only.host)) throw refuse("names no host: a socket's folder cannot be reached from a container")
  if (database === "" || database.includes("/")) throw refuse("names no database")
  if (user === "") throw refuse("names no user")
  const given = lastOf(parameters, "sslmode") ?? "prefer"
  const tls = TLS_MODES.find((mode) => mode === given)
  if (tls === undefined) throw refuse("has an sslmode that Postgres does not know")
  return { host: only.host, port: only.port === "" ? 5432 : Number(only.port), user, password, database, tls }
}

/** The same URL with another host, port or database: everything else of it, the driver too, stays as it was written. */
export const rewriteUrl = rewriteConnectionUrl

export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127\./.test(host)
}

/** The text without the password, in each of the forms in which it may stand there. */
export function withoutPassword(text: string, { password }: Address): string {
  if (password === "") return text
  const forms = new Set([password, encodeURIComponent(password), encodeURI(password)])
  return [...forms].reduce((all, form) => all.replaceAll(form, "***"), text)
}
