import { TollgateError } from "../errors.js"

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
    new TollgateError("database-url", `${variable} ${what}.`, `Expected postgresql://USER:PASSWORD@HOST:PORT/DATABASE. Special characters of the password are written as %XX.`)
  if (!/^postgres(ql)?(\+[a-z0-9_]+)?:\/\//.test(url)) throw refuse("is not the URL of a Postgres database")
  const parts = urlParts(url.replace(/^postgres(ql)?(\+[a-z0-9_]+)?:/, "postgresql:"))
  if (parts === null) throw refuse("cannot be read as a URL")
  const { hostname, username, pathname, searchParams } = parts
  const host = hostname === "" ? (searchParams.get("host") ?? "") : hostname.replace(/^\[(.*)\]$/, "$1")
  if (host === "" || host.startsWith("/") || host.startsWith("%2F")) throw refuse("names no host: a socket's folder cannot be reached from a container")
  if (host.includes(",")) throw refuse("names several hosts: a migration must know which one it changes")
  const database = decoded(pathname.slice(1))
  if (database === null || database === "" || database.includes("/")) throw refuse("names no database")
  const user = decoded(username)
  const password = decoded(parts.password)
  if (user === null || user === "" || password === null) throw refuse("names no user, or has a % that is not followed by two digits")
  const given = searchParams.get("sslmode") ?? "prefer"
  const tls = TLS_MODES.find((mode) => mode === given)
  if (tls === undefined) throw refuse("has an sslmode that Postgres does not know")
  return { host, port: parts.port === "" ? 5432 : Number(parts.port), user, password, database, tls, options: searchParams.get("options") ?? "" }
}

function urlParts(url: string): URL | null {
  try {
    return new URL(url)
  } catch {
    return null
  }
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}

/** The same URL with another host, port or database: everything else of it, the driver too, stays as it was written. */
export function rewriteUrl(url: string, changes: { host?: string; port?: number; database?: string }): string {
  const [, scheme = "", rest = ""] = /^([^:]+):(.*)$/s.exec(url) ?? []
  const parsed = new URL(`postgresql:${rest}`)
  if (changes.host !== undefined) parsed.hostname = changes.host
  if (changes.port !== undefined) parsed.port = String(changes.port)
  if (changes.database !== undefined) parsed.pathname = `/${encodeURIComponent(changes.database)}`
  return parsed.href.replace(/^postgresql:/, `${scheme}:`)
}

/** Parameters of a URL that belong to the way to one server. */
const OF_THE_WAY = /^(?:ssl.*|host|hostaddr|port|target_session_attrs|channel_binding|gss.*|krbsrvname|require_auth|service)$/

/** The URL of a copy: the driver and what the sessions are like stay as they were written. */
export function copyUrl(url: string, { host, port, user, password, database }: Pick<Address, "host" | "port" | "user" | "password" | "database">): string {
  const [, scheme = "postgresql", rest = ""] = /^([^:]+):(.*)$/s.exec(url) ?? []
  const { searchParams } = new URL(`postgresql:${rest}`)
  const kept = [...searchParams].filter(([name]) => !OF_THE_WAY.test(name)).map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
  const address = `${scheme}://${encodeURIComponent(user)}:${encodeURIComponent(password)}@${host}:${port}/${encodeURIComponent(database)}`
  return kept.length === 0 ? address : `${address}?${kept.join("&")}`
}

export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127\./.test(host)
}

/** The text without the password, in each of the forms in which it may stand there. */
export function withoutPassword(text: string, { password }: Address): string {
  if (password === "") return text
  const forms = new Set([password, encodeURIComponent(password), encodeURI(password)])
  return [...forms].reduce((all, form) => all.replaceAll(form, "***"), text)
}
