import { randomBytes } from "node:crypto"

/** Names one release by its time: 20261122-093015-3fa9. A name on the target as well: lower-case letters, digits and -. */
export function releaseId(now: Date): string {
  const digits = now.toISOString().replace(/\D/g, "")
  return `${digits.slice(0, 8)}-${digits.slice(8, 14)}-${randomBytes(2).toString("hex")}`
}

const VERSION = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/

/** Whether it can be a tag, and so a version. */
export function isVersion(text: string): boolean {
  return VERSION.test(text)
}
