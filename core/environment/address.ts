/** The parts of a URL that say where something is; what lets one in is apart. */
export interface Address {
  /** In lower case and without a driver: postgresql of `postgresql+psycopg`. */
  scheme: string
  /** In lower case; empty when there is none. */
  host: string
  port: string
  /** The first part of the path, or of what stands after it for Redis: the database's name or number. */
  database: string
  password: string
}

/** null: not a URL. The platform's parser passes over blanks and line ends without a word: here they make it none. */
export function readAddress(value: string): Address | null {
  if (/[\s\u0000-\u001f\u007f]/.test(value)) return null
  let url: URL
  try {
    url = new URL(value)
  } catch {
    return null
  }
  return {
    scheme: url.protocol.slice(0, -1).replace(/\+.*$/, "").toLowerCase(),
    host: decoded(url.hostname).toLowerCase(),
    port: url.port,
    database: decoded(url.pathname.replace(/^\//, "")),
    password: decoded(url.password),
  }
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
