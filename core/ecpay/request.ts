import diagnostics from "node:diagnostics_channel"
import type { Field } from "./mac.js"
import type { FailureCode, Outcome } from "./result.js"

/** ECPay's answers have a few hundred bytes. */
const LARGEST = 64 * 1024

/**
 * Posts form fields once: no redirects, no retries, a limit on the time and on the size of the answer.
 *
 * @param timeout seconds for the whole exchange
 */
export async function postForm(url: string, fields: readonly Field[], timeout: number): Promise<Outcome> {
  const began = performance.now()
  const seconds = () => (performance.now() - began) / 1000
  const connection = watchConnection(new URL(url))
  const clock = new AbortController()
  const timer = setTimeout(() => clock.abort(), timeout * 1000)
  let phase: "answer" | "body" = "answer"
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded", accept: "text/html", "user-agent": "tollgate" },
      body: new URLSearchParams(fields.map(([name, value]) => [name, value])).toString(),
      redirect: "manual",
      signal: clock.signal,
    })
    phase = "body"
    const body = await readBody(response)
    if (body === null)
      return { kind: "failed", code: "too-large", detail: `more than ${LARGEST / 1024} KiB`, seconds: seconds() }
    return {
      kind: "answered",
      status: response.status,
      contentType: response.headers.get("content-type") ?? "",
      body,
      seconds: seconds(),
    }
  } catch (error) {
    const code = clock.signal.aborted
      ? phase === "body"
        ? "stalled"
        : connection.open
          ? "no-answer"
          : "connect-timeout"
      : failureOf(error)
    return { kind: "failed", code, detail: clock.signal.aborted ? `${timeout} s` : codeOf(error), seconds: seconds() }
  } finally {
    clearTimeout(timer)
    connection.stop()
    clock.abort()
  }
}

async function readBody(response: Response): Promise<string | null> {
  const chunks: Uint8Array[] = []
  let size = 0
  if (response.body === null) return ""
  for await (const chunk of response.body) {
    size += chunk.length
    if (size > LARGEST) return null
    chunks.push(chunk)
  }
  return new TextDecoder().decode(Buffer.concat(chunks))
}

/**
 * fetch does not tell whether it was connected when it timed out. undici, which implements Node's fetch, publishes an event when it
 * writes the request to a new or reused connection.
 */
function watchConnection(url: URL): { readonly open: boolean; stop: () => void } {
  const state = { open: false, stop: () => diagnostics.unsubscribe("undici:client:sendHeaders", listen) }
  const listen = (message: unknown) => {
    const origin = property(property(message, "request"), "origin")
    if (String(origin).replace(/\/$/, "") === url.origin) state.open = true
  }
  diagnostics.subscribe("undici:client:sendHeaders", listen)
  return state
}

function failureOf(error: unknown): FailureCode {
  const code = codeOf(error)
  switch (code) {
    case "ENOTFOUND":
    case "EAI_AGAIN":
    case "EAI_NODATA":
    case "EAI_NONAME":
      return "dns"
    case "ECONNREFUSED":
      return "refused"
    case "EHOSTUNREACH":
    case "ENETUNREACH":
    case "EADDRNOTAVAIL":
    case "EACCES":
      return "unreachable"
    case "ETIMEDOUT":
    case "UND_ERR_CONNECT_TIMEOUT":
      return "connect-timeout"
    case "UND_ERR_HEADERS_TIMEOUT":
      return "no-answer"
    case "UND_ERR_BODY_TIMEOUT":
      return "stalled"
    case "ECONNRESET":
    case "EPIPE":
    case "UND_ERR_SOCKET":
    case "UND_ERR_CLOSED":
      return "closed"
    case "CERT_HAS_EXPIRED":
    case "CERT_NOT_YET_VALID":
      return "tls-expired"
    case "ERR_TLS_CERT_ALTNAME_INVALID":
      return "tls-wrong-host"
    case "DEPTH_ZERO_SELF_SIGNED_CERT":
    case "SELF_SIGNED_CERT_IN_CHAIN":
    case "UNABLE_TO_GET_ISSUER_CERT":
    case "UNABLE_TO_GET_ISSUER_CERT_LOCALLY":
    case "UNABLE_TO_VERIFY_LEAF_SIGNATURE":
    case "CERT_UNTRUSTED":
      return "tls-untrusted"
    default:
      return /^(ERR_SSL|ERR_TLS|EPROTO|CERT_|HPE_)/.test(code)
        ? code.startsWith("HPE_")
          ? "failed"
          : "tls-other"
        : "failed"
  }
}

/** The innermost cause's code. fetch wraps its errors, and several addresses of one name fail as an AggregateError. */
function codeOf(error: unknown): string {
  const inner = property(error, "cause") ?? first(property(error, "errors"))
  const innermost = inner === undefined ? "" : codeOf(inner)
  if (innermost !== "") return innermost
  const code = property(error, "code")
  return typeof code === "string" ? code : ""
}

function first(list: unknown): unknown {
  return Array.isArray(list) ? list[0] : undefined
}

function property(of: unknown, name: string): unknown {
  return typeof of === "object" && of !== null && name in of ? Reflect.get(of, name) : undefined
}
