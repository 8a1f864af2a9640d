import { request } from "node:http"

export interface Seen {
  status: number
  headers: Record<string, string | string[] | undefined>
  text: string
  /** Of the last page. */
  url: string
  /** Every address on the way, the last one included. */
  visited: string[]
}

interface Opened {
  method?: "GET" | "POST" | "HEAD"
  headers?: Record<string, string>
  body?: string
  /** The page with the link or form; none: a person typed the address. */
  from?: string
  /** Stops before it: a redirect that another one takes. */
  until?: (url: string) => boolean
}

interface Cookie {
  value: string
  sameSite: string
}

/** Keeps cookies, follows redirects and refreshes, and sends cookies as their SameSite says, where each host is a site of its own. */
export class Browser {
  /** `host name`: a browser ignores ports. */
  readonly cookies = new Map<string, Cookie>()
  readonly #ports: Readonly<Record<string, number>>

  /** @param ports of this machine, behind addresses that a proxy serves */
  constructor(ports: Readonly<Record<string, number>> = {}) {
    this.#ports = ports
  }

  cookie(host: string, kind: RegExp): string | undefined {
    return [...this.cookies].find(([name]) => name.startsWith(`${host} `) && kind.test(name))?.[1].value
  }

  async open(address: string, opened: Opened = {}): Promise<Seen> {
    const visited: string[] = []
    let next: { url: string; method: string; body: string; from: string | null } = {
      url: address,
      method: opened.method ?? "GET",
      body: opened.body ?? "",
      from: opened.from ?? null,
    }
    for (let hop = 0; hop < 20; hop += 1) {
      visited.push(next.url)
      const answer = await this.#ask(next, opened.headers ?? {})
      const to = String(answer.headers["location"] ?? "")
      const [, later] = /^0; url=(.*)$/.exec(String(answer.headers["refresh"] ?? "")) ?? []
      const target = to !== "" ? to : later
      const url = target === undefined ? null : new URL(target, next.url).href
      if (url === null || opened.until?.(url) === true)
        return { ...answer, url: next.url, visited: url === null ? visited : [...visited, url] }
      // a refresh is begun by the page, and a redirect by what began the first request
      next = { url, method: "GET", body: "", from: to !== "" ? next.from : next.url }
    }
    throw new Error(`redirects without end: ${visited.join(" ")}`)
  }

  #ask(
    { url, method, body, from }: { url: string; method: string; body: string; from: string | null },
    extra: Record<string, string>,
  ): Promise<Pick<Seen, "status" | "headers" | "text">> {
    const { origin, hostname, host, port, pathname, search } = new URL(url)
    const crossSite = from !== null && new URL(from).hostname !== hostname
    const sent = [...this.cookies]
      .filter(([name, { sameSite }]) => name.startsWith(`${hostname} `) && !(crossSite && blocked(sameSite, method)))
      .map(([name, { value }]) => `${name.split(" ")[1]}=${value}`)
    const headers: Record<string, string> = {
      host,
      ...(sent.length === 0 ? {} : { cookie: sent.join("; ") }),
      ...(method === "POST"
        ? {
            origin: from === null ? "null" : new URL(from).origin,
            "content-type": "application/x-www-form-urlencoded",
            "content-length": String(Buffer.byteLength(body)),
          }
        : {}),
      ...extra,
    }
    return new Promise((done, failed) => {
      const to = { host: "127.0.0.1", port: this.#ports[origin] ?? port, path: pathname + search, method, headers }
      const asked = request(to, (answer) => {
        for (const set of answer.headers["set-cookie"] ?? []) this.#keep(hostname, set)
        let text = ""
        answer.setEncoding("utf8").on("data", (part: string) => (text += part))
        answer.on("end", () => done({ status: answer.statusCode ?? 0, headers: answer.headers, text }))
      })
      asked.on("error", failed)
      asked.end(body)
    })
  }

  #keep(hostname: string, set: string): void {
    const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(set) ?? []
    if (/max-age=0|expires=Thu, 01 Jan 1970/i.test(set)) this.cookies.delete(`${hostname} ${name}`)
    else this.cookies.set(`${hostname} ${name}`, { value, sameSite: /samesite=(\w+)/i.exec(set)?.[1] ?? "Lax" })
  }
}

function blocked(sameSite: string, method: string): boolean {
  return /strict/i.test(sameSite) || (/lax/i.test(sameSite) && method === "POST")
}
