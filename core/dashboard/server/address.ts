/** Where the dashboard listens, and where people open it. */
export interface Place {
  /** Name or address of this machine that it binds. */
  readonly host: string
  /** 0: any free port. */
  readonly port: number
  /** Of the proxy in front; null: people open what it binds. */
  readonly url: URL | null
}

export interface Address {
  /** Scheme, host and port, as people open it. */
  readonly origin: string
  /** Values of the header Host that are answered: another name that resolves to this machine belongs to another site. */
  readonly hosts: readonly string[]
  /** Values of the header Origin of our own forms. */
  readonly origins: readonly string[]
  /** People open it by https. */
  readonly secure: boolean
  /** Ends the names of its cookies, because cookies do not know ports: two dashboards would sign each other out. */
  readonly cookies: string
}

/** @param port on which it listens. No header of a proxy has a say: what people open is what --url says. */
export function addressOf({ host, url }: Pick<Place, "host" | "url">, port: number): Address {
  if (url !== null)
    return {
      origin: url.origin,
      hosts: [url.host],
      origins: [url.origin],
      secure: url.protocol === "https:",
      cookies: url.port === "" ? "443" : url.port,
    }
  const bound = `${host.includes(":") ? `[${host}]` : host}:${port}`
  const hosts = [...new Set([bound, `localhost:${port}`])]
  return {
    origin: `http://${bound}`,
    hosts,
    origins: hosts.map((one) => `http://${one}`),
    secure: false,
    cookies: String(port),
  }
}

/** Of this machine alone: what is sent to it crosses no network. */
export function isLoopback(host: string): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)$/i.test(host)
}

/** Why people cannot open the dashboard there; empty: they can. */
export function problemsOfPlace(host: string, url: string | null): string[] {
  const parsed = url === null ? null : readUrl(url)
  if (typeof parsed === "string") return [parsed]
  if (isLoopback(host) || parsed?.protocol === "https:") return []
  return [
    `--host=${host} is not the loopback: without https, sessions would cross the network in plain text. Add --url=https://… of the proxy in front of it.`,
  ]
}

/** @returns a text: why it is not the address of a dashboard */
export function readUrl(text: string): URL | string {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || !/^https?:$/.test(url.protocol))
    return `--url is not an address of the web: ${text}. Write it as https://dash.example.`
  if (url.username !== "" || url.password !== "") return "--url has a user name or a password. Remove them."
  if (url.pathname !== "/" || url.search !== "" || url.hash !== "")
    return `--url has more than a host and a port: ${text}. The dashboard needs a host name of its own: write ${url.origin}.`
  if (url.protocol === "http:" && !isLoopback(url.hostname))
    return `--url is not https: ${text}. Sessions would cross the network in plain text: let a proxy terminate TLS, and write https://${url.host}.`
  return url
}
