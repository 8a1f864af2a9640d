import { randomUUID } from "node:crypto"
import type { NotificationSettings } from "../config/notifications.js"
import { type Channel, SendError } from "./channel.js"
import { slackBody, webhookBody } from "./message.js"
import { HEADERS, signature } from "./signature.js"

/** Time limit of one attempt, in milliseconds. */
const ATTEMPT_MS = 3000

export function slackChannel({ on }: NonNullable<NotificationSettings["slack"]>, url: string): Channel {
  return { name: "slack", events: on, send: (notice, _, signal) => post(url, slackBody(notice), {}, signal) }
}

export function webhookChannel(
  { on }: NonNullable<NotificationSettings["webhook"]>,
  url: string,
  secret: string,
): Channel {
  return {
    name: "webhook",
    events: on,
    send: (notice, delivery, signal) => {
      const body = webhookBody(notice)
      const timestamp = Math.floor(Date.now() / 1000)
      return post(
        url,
        body,
        {
          [HEADERS.timestamp]: String(timestamp),
          [HEADERS.delivery]: delivery,
          [HEADERS.signature]: signature(secret, { timestamp, delivery, body }),
        },
        signal,
      )
    },
  }
}

/** Node's own fetch is undici: the package would add 1.1 MB to the bundle for the same client. */
async function post(url: string, body: string, headers: Record<string, string>, signal: AbortSignal): Promise<void> {
  let answer: Response
  try {
    answer = await fetch(url, {
      method: "POST",
      body,
      headers: { "content-type": "application/json; charset=utf-8", "user-agent": "tollgate", ...headers },
      // the message was signed for this address, and must not follow a redirect to another
      redirect: "manual",
      signal: AbortSignal.any([signal, AbortSignal.timeout(ATTEMPT_MS)]),
    })
  } catch (error) {
    throw networkError(error)
  }
  await answer.body?.cancel().catch(() => undefined)
  if (answer.ok) return
  const temporary = answer.status >= 500 || [408, 425, 429].includes(answer.status)
  const asked = Number(answer.headers.get("retry-after"))
  throw new SendError(
    `the server answered ${answer.status}${answer.status >= 300 && answer.status < 400 ? ", a redirect: use its final address" : ""}`,
    temporary,
    Number.isFinite(asked) && asked > 0 ? asked : null,
  )
}

/** Uses the code alone, because messages of network errors contain addresses. */
export function networkError(error: unknown): SendError {
  if (error instanceof SendError) return error
  const name = error instanceof Error ? error.name : ""
  if (name === "TimeoutError") return new SendError(`the server did not answer within ${ATTEMPT_MS / 1000} s`, true)
  if (name === "AbortError") return new SendError("the time limit for notifications expired", false)
  const code = codeIn(error) ?? (error instanceof Error ? codeIn(error.cause) : null)
  return new SendError(
    code === null ? "could not reach the server" : `could not reach the server: ${code}`,
    code !== "ERR_INVALID_URL",
  )
}

function codeIn(error: unknown): string | null {
  const code: unknown = typeof error === "object" && error !== null && "code" in error ? error.code : null
  return typeof code === "string" && /^[A-Z0-9_]{2,40}$/.test(code) ? code : null
}

export function newDelivery(): string {
  return randomUUID()
}
