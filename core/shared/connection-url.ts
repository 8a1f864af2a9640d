/**
 * URLs of databases, caches and brokers, as libpq, SQLAlchemy and redis-py read them. JavaScript's URL class rejects forms that they all
 * accept: an empty host with `?host=/socket/folder`, several hosts, a `#` in a password.
 *
 * https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING
 */
export interface ConnectionUrl {
  /** In lower case and without the driver: `postgresql` for `postgresql+psycopg`. */
  scheme: string
  /** The part after the +; null when there is none. */
  driver: string | null
  user: string
  password: string
  /** In the order in which they are tried. A host that begins with / (or @, for abstract sockets) is a socket's folder. */
  hosts: ConnectionHost[]
  database: string
  parameters: readonly (readonly [name: string, value: string])[]
}

export interface ConnectionHost {
  host: string
  /** Empty for the default port. */
  port: string
}

export type UrlReading = { kind: "read"; url: ConnectionUrl } | { kind: "unreadable"; why: string }

const unreadable = (why: string): UrlReading => ({ kind: "unreadable", why })

/** Parameters such as host and user take precedence over the URL's own parts. */
export function readConnectionUrl(text: string): UrlReading {
  const parts = partsOf(text)
  if (parts === null)
    return unreadable(
      /^jdbc:/i.test(text) ? "is a JDBC URL: remove jdbc:, and write USER:PASSWORD@ before the host" : "is not a URL",
    )
  const { scheme, driver, userinfo, authority, path, query } = parts
  if (/[\s\u0000-\u001f\u007f]/.test(text)) return unreadable("is not a URL: it contains whitespace")
  if (authority.includes("@")) return unreadable("contains a second @: write an @ in a password as %40")
  const strict = driver === null && /^postgres(ql)?$/i.test(scheme)
  if (strict && [userinfo, authority, path, query].some(hasBrokenEscape))
    return unreadable("contains a % that is not followed by two hexadecimal digits: write a % as %25")
  const [user = "", ...password] = userinfo.split(":")
  const parameters = parametersOf(query)
  const named = namedHosts(parameters)
  const written = hostsOf(authority)
  // postgresql://USER@:6543/DATABASE?host=db: the parameter replaces the host alone
  const hosts =
    named.length > 0
      ? named.map(({ host, port }, index) => ({ host, port: port === "" ? (written[index]?.port ?? "") : port }))
      : written
  if (hosts.some(({ host, port }) => host.startsWith("/") && port !== "" && !isPort(port)))
    return unreadable("names a socket's folder that has a : in it: write that : as %3A, or pass the folder as ?host=")
  if (hosts.some(({ port }) => port !== "" && !isPort(port)))
    return unreadable("has an invalid port: expected 1 to 65535. Write a / or : in a password as %2F or %3A")
  if (hosts.some(({ host }) => !isHost(host)))
    return unreadable("contains characters in its host that are not allowed in host names")
  const value = (name: string) => lastOf(parameters, name)
  return {
    kind: "read",
    url: {
      scheme: scheme.toLowerCase(),
      driver,
      user: value("user") ?? decoded(user),
      password: value("password") ?? decoded(password.join(":")),
      hosts,
      database: value("dbname") ?? decoded(path.slice(1)),
      parameters,
    },
  }
}

interface Parts {
  scheme: string
  driver: string | null
  userinfo: string
  authority: string
  path: string
  query: string
}

/** Not decoded. */
function partsOf(text: string): Parts | null {
  const [, scheme, driver = null, rest = ""] = /^([a-z][a-z0-9.-]*)(?:\+([a-z0-9_.+-]+))?:\/\/(.*)$/is.exec(text) ?? []
  if (scheme === undefined) return null
  const { userinfo, after } = splitUser(rest, driver !== null)
  const [, authority = "", path = "", query = ""] = /^([^/?]*)(\/[^?]*)?(?:\?(.*))?$/s.exec(after) ?? []
  return { scheme, driver, userinfo, authority, path, query }
}

/** Replaces a URL's host, port or database, and keeps everything else as written, including the driver. */
export function rewriteConnectionUrl(
  text: string,
  changes: { host?: string; port?: number; database?: string },
): string {
  const parts = partsOf(text)
  if (parts === null) throw new RangeError("cannot rewrite a text that is not a URL")
  const { scheme, driver, userinfo, authority, path, query } = parts
  const { host, port, database } = changes
  const moved = host !== undefined || port !== undefined
  const dropped = [...(moved ? ["host", "hostaddr", "port"] : []), ...(database === undefined ? [] : ["dbname"])]
  const kept = query.split("&").filter((pair) => pair !== "" && !dropped.includes(pair.split("=")[0] ?? ""))
  const reading = readConnectionUrl(text)
  const before = reading.kind === "read" ? reading.url.hosts[0] : undefined
  const at = moved ? `${inAuthority(host ?? before?.host ?? "")}${portSuffix(port ?? before?.port ?? "")}` : authority
  return [
    `${scheme}${driver === null ? "" : `+${driver}`}://`,
    userinfo === "" ? "" : `${userinfo}@`,
    at,
    database === undefined ? path : `/${encodeURIComponent(database)}`,
    kept.length === 0 ? "" : `?${kept.join("&")}`,
  ].join("")
}

function inAuthority(host: string): string {
  return host.includes(":") ? `[${host}]` : host
}

function portSuffix(port: number | string): string {
  return port === "" ? "" : `:${port}`
}

/** libpq expects the @ before the first /. SQLAlchemy, whose URLs name a driver, allows a / in a password. */
function splitUser(rest: string, driver: boolean): { userinfo: string; after: string } {
  const found = (driver ? /^([^:/@]*(?::[^@]*)?)@(.*)$/s : /^([^@/]*)@(.*)$/s).exec(rest)
  return found === null ? { userinfo: "", after: rest } : { userinfo: found[1] ?? "", after: found[2] ?? "" }
}

function hostsOf(authority: string): ConnectionHost[] {
  if (authority === "") return []
  return authority.split(",").map((one) => {
    const [, inBrackets, plain = "", port = ""] = /^(?:\[([^\]]*)\]|([^:[\]]*))(?::(.*))?$/s.exec(one) ?? [
      one,
      undefined,
      one,
      "",
    ]
    return { host: decoded(inBrackets ?? plain), port }
  })
}

/** `host=a,b`, and SQLAlchemy's `host=a:5432&host=b:5433`. */
function namedHosts(parameters: ConnectionUrl["parameters"]): ConnectionHost[] {
  const all = parameters.filter(([name]) => name === "host").flatMap(([, value]) => value.split(","))
  const written = all.length > 0 ? all : (lastOf(parameters, "hostaddr")?.split(",") ?? [])
  // pg8000 names the socket itself, libpq its folder
  const socket = lastOf(parameters, "unix_sock")?.replace(/\/\.s\.PGSQL\.\d+$/, "")
  if (all.length === 0 && socket !== undefined && isSocket(socket)) return [{ host: socket, port: "" }]
  const ports = (lastOf(parameters, "port") ?? "").split(",")
  return written
    .filter((one) => one !== "")
    .map((one, index) => {
      const shared = ports[index] ?? (ports.length === 1 ? ports[0] : "") ?? ""
      const [, host = one, port = shared] = /^([^:/@][^:/]*):(\d+)$/.exec(one) ?? []
      return { host, port }
    })
}

function parametersOf(query: string): [string, string][] {
  if (query === "") return []
  return query.split("&").map((pair) => {
    const equals = pair.indexOf("=")
    return equals === -1 ? [decoded(pair), ""] : [decoded(pair.slice(0, equals)), decoded(pair.slice(equals + 1))]
  })
}

export function lastOf(parameters: ConnectionUrl["parameters"], name: string): string | null {
  return parameters.findLast(([one]) => one === name)?.[1] ?? null
}

export function isSocket(host: string): boolean {
  return host.startsWith("/") || host.startsWith("@")
}

function isHost(host: string): boolean {
  return isSocket(host) || host === "" || /^[\p{L}\p{N}._-]+$/u.test(host) || /^[0-9a-f:.]+(%[\w.-]+)?$/i.test(host)
}

function isPort(port: string): boolean {
  return /^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65_535
}

function hasBrokenEscape(part: string): boolean {
  return /%(?![0-9a-f]{2})|%00/i.test(part)
}

/** Like urllib: invalid escapes stay as written. */
function decoded(part: string): string {
  return part.replace(/(?:%[0-9a-f]{2})+/gi, (escapes) => {
    try {
      return decodeURIComponent(escapes)
    } catch {
      return escapes
    }
  })
}

/** Keywords that identify libpq's other form, `host=db dbname=shop`. */
const KEYWORDS = new Set([
  "host",
  "hostaddr",
  "port",
  "dbname",
  "user",
  "password",
  "passfile",
  "service",
  "servicefile",
  "sslmode",
  "sslrootcert",
  "sslcert",
  "sslkey",
  "sslpassword",
  "sslcrl",
  "sslsni",
  "ssl_min_protocol_version",
  "sslnegotiation",
  "requiressl",
  "connect_timeout",
  "client_encoding",
  "options",
  "application_name",
  "fallback_application_name",
  "keepalives",
  "keepalives_idle",
  "keepalives_interval",
  "keepalives_count",
  "tcp_user_timeout",
  "target_session_attrs",
  "load_balance_hosts",
  "channel_binding",
  "gssencmode",
  "krbsrvname",
  "gsslib",
  "require_auth",
  "requirepeer",
  "replication",
])

/** Converts libpq's keyword/value form to the equivalent URL; null when the text is not in that form. */
export function readKeywords(text: string): ConnectionUrl | null {
  const parameters: [string, string][] = []
  const pair = /\s*([a-z_]+)\s*=\s*(?:'((?:[^'\\]|\\.)*)'|((?:[^\s'\\]|\\.)*))(?=\s|$)/sy
  while (pair.lastIndex < text.trimEnd().length) {
    const [whole, name = "", quoted, plain = ""] = pair.exec(text) ?? []
    if (whole === undefined || !KEYWORDS.has(name)) return null
    parameters.push([name, (quoted ?? plain).replace(/\\(.)/gs, "$1")])
  }
  const value = (name: string) => lastOf(parameters, name) ?? ""
  if (!["host", "hostaddr", "dbname", "service"].some((name) => value(name) !== "")) return null
  return {
    scheme: "postgresql",
    driver: null,
    user: value("user"),
    password: value("password"),
    hosts: namedHosts(parameters),
    database: value("dbname"),
    parameters,
  }
}
