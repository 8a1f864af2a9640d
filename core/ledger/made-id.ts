import { createHash } from "node:crypto"

/** Id of an event, a UUID of version 8, made from what identifies its content: it cannot be written twice. */
export function madeId(...parts: readonly string[]): string {
  const hash = createHash("sha256").update(JSON.stringify(parts)).digest("hex")
  return `${hash.slice(0, 8)}-${hash.slice(8, 12)}-8${hash.slice(13, 16)}-8${hash.slice(17, 20)}-${hash.slice(20, 32)}`
}
