import { createHmac, timingSafeEqual } from "node:crypto"

/** Minimum length of the secret, against guessing. */
export const SHORTEST_SECRET = 32

export const HEADERS = {
  signature: "tollgate-signature",
  timestamp: "tollgate-timestamp",
  delivery: "tollgate-delivery",
} as const

/** Maximum age of a request, in seconds, that a receiver should accept. */
export const TOLERANCE = 300

interface Signed {
  /** Unix time in seconds of this attempt. */
  timestamp: number
  /** The same for each attempt of one notification, so that a receiver can drop duplicates. */
  delivery: string
  body: string
}

/** HMAC-SHA256 over time, delivery and body. The time prevents replays. */
export function signature(secret: string, { timestamp, delivery, body }: Signed): string {
  return `v1=${createHmac("sha256", secret).update(`${timestamp}.${delivery}.${body}`).digest("hex")}`
}

/** Verification by a receiver. Tollgate does not use it: docs/notifications.md shows it in Python, and tests run both on real requests. */
export function isGenuine(secret: string, given: Signed & { signature: string }, now: number): boolean {
  if (Math.abs(now - given.timestamp) > TOLERANCE) return false
  const [expected, actual] = [Buffer.from(signature(secret, given)), Buffer.from(given.signature)]
  return expected.length === actual.length && timingSafeEqual(expected, actual)
}
