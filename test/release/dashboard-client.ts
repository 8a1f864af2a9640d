import { request } from "node:http"
import type { Dashboard } from "../../core/dashboard/server/listen.js"

/** A browser's requests, as a test writes them. */

/** On a laptop: a free port of the loopback, and sign-in by links. */
export const HERE = { place: { host: "127.0.0.1", port: 0, url: null }, oidc: null, links: true }

export interface Answer {
  status: number
  headers: Record<string, string | string[] | undefined>
  text: string
}

export interface Asked {
  method?: string
  headers?: Record<string, string>
  body?: string
}

/** As it is written: `fetch` would tidy the path, and set the headers of a browser. */
export function askDashboard(of: Dashboard, path: string, given: Asked = {}): Promise<Answer> {
  const { method = "GET", headers = {}, body = "" } = given
  return new Promise((done, failed) => {
    const { hostname, port, host } = new URL(of.address)
    const length = body === "" ? {} : { "content-length": String(Buffer.byteLength(body)) }
    const sent = request({ hostname, port, path, method, headers: { host, ...headers, ...length } }, (answer) => {
      let text = ""
      answer.setEncoding("utf8").on("data", (part: string) => (text += part))
      answer.on("end", () => done({ status: answer.statusCode ?? 0, headers: answer.headers, text }))
    })
    sent.on("error", failed)
    sent.end(body)
  })
}

export function postLink(of: Dashboard, token: string, headers: Record<string, string> = {}): Promise<Answer> {
  return askDashboard(of, "/sign-in", {
    method: "POST",
    body: `token=${token}`,
    headers: { origin: of.address, "content-type": "application/x-www-form-urlencoded", ...headers },
  })
}

export const tokenOf = (link: string) => new URL(link).searchParams.get("token") ?? ""

export function cookieOf({ headers }: Answer): string {
  const [set = ""] = [headers["set-cookie"]].flat()
  return set.split(";")[0] ?? ""
}

/** @returns the cookie of a new session */
export async function signIn(of: Dashboard): Promise<string> {
  return cookieOf(await postLink(of, tokenOf(of.newLink())))
}
