import { randomBytes } from "node:crypto"

/** A release id from its time: 20261122-093015-3fa9. Part of names on the target: lower-case letters, digits and -. */
export function releaseId(now: Date): string {
  const digits = now.toISOString().replace(/\D/g, "")
  return `${digits.slice(0, 8)}-${digits.slice(8, 14)}-${randomBytes(2).toString("hex")}`
}

const VERSION = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/

/** A version must be a valid image tag. */
export function isVersion(text: string): boolean {
  return VERSION.test(text)
}
