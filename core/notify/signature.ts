import { createHmac, timingSafeEqual } from "node:crypto"

/** Fewest characters of the secret: guessing it must not be worth while. */
export const SHORTEST_SECRET = 32

export const HEADERS = { signature: "tollgate-signature", timestamp: "tollgate-timestamp", delivery: "tollgate-delivery" } as const

/** Longest age of a request, in seconds, that a receiver should take. */
export const TOLERANCE = 300

interface Signed {
  /** Seconds since 1970 at which the request was sent: each attempt has its own. */
  timestamp: number
  /** The same for each attempt of one notification: whoever has seen it has seen it. */
  delivery: string
  body: string
}

/** HMAC-SHA256 over time, delivery and body: without the time, whoever recorded a request could send it again for ever. */
export function signature(secret: string, { timestamp, delivery, body }: Signed): string {
  return `v1=${createHmac("sha256", secret).update(`${timestamp}.${delivery}.${body}`).digest("hex")}`
}

/** What a receiver does. Not used by Tollgate itself: docs/notifications.md has it in Python, and the tests hold both against what is sent. */
export function isGenuine(secret: string, given: Signed & { signature: string }, now: number): boolean {
  if (Math.abs(now - given.timestamp) > TOLERANCE) return false
  const [expected, actual] = [Buffer.from(signature(secret, given)), Buffer.from(given.signature)]
  return expected.length === actual.length && timingSafeEqual(expected, actual)
}
