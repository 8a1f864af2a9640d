import { request as http } from "node:http"
import type { Duplex } from "node:stream"
import { connect as tls } from "node:tls"
import { deferred } from "../../shared/deferred.js"
import type { Answer, HttpRequest } from "../target.js"

/** What a page has at most; more is cut off. */
const MOST_BODY = 1024 * 1024

/** One HTTP request over a connection that is there already. Nothing that goes wrong with it is an error of ours: it is the answer. */
export async function ask(
  dial: () => Promise<Duplex>,
  host: string,
  asked: HttpRequest,
  secure: boolean,
): Promise<Answer> {
  const began = performance.now()
  const took = () => Math.round(performance.now() - began)
  const seconds = asked.seconds ?? 10
  let plain: Duplex
  try {
    plain = await dial()
  } catch (error) {
    if (error instanceof Error && "kind" in error && error.kind === "unreachable")
      return { kind: "silent", why: "connection refused", milliseconds: took() }
    throw error
  }
  const stream = secure ? tls({ socket: plain, servername: host }) : plain
  const { promise, resolve } = deferred<Answer>()
  const silent = (why: string) => resolve({ kind: "silent", why, milliseconds: took() })
  const body = asked.body === undefined ? undefined : Buffer.from(asked.body)
  const sent = http(
    {
      method: asked.method,
      path: asked.path,
      host,
      headers: {
        host,
        connection: "close",
        "user-agent": "tollgate",
        ...asked.headers,
        ...(body === undefined ? {} : { "content-length": body.length }),
      },
      createConnection: () => stream,
    },
    (response) => {
      const chunks: Buffer[] = []
      let size = 0
      response.on("data", (chunk: Buffer) => {
        if (size < MOST_BODY) chunks.push(chunk)
        size += chunk.length
      })
      response.once("error", ({ message }) => silent(message))
      response.once("aborted", () => silent("the answer ended too early"))
      response.once("end", () => {
        const headers = new Map(
          Object.entries(response.headers).map(([name, value]) => [
            name,
            Array.isArray(value) ? value.join(", ") : (value ?? ""),
          ]),
        )
        resolve({
          kind: "answered",
          status: response.statusCode ?? 0,
          headers,
          body: Buffer.concat(chunks).subarray(0, MOST_BODY).toString("utf8"),
          milliseconds: took(),
        })
      })
    },
  )
  sent.once("error", ({ message }) => silent(message))
  const timer = setTimeout(() => silent(`no answer within ${seconds} s`), seconds * 1000)
  sent.end(body)
  try {
    return await promise
  } finally {
    clearTimeout(timer)
    sent.destroy()
    stream.destroy()
  }
}
