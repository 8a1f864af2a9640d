import { scryptSync } from "node:crypto"

/**
 * Identifies a configuration, whatever the order of its variables. Safe to record: it covers all values together and is slow to
 * compute (scrypt, RFC 7914), so a short value cannot be guessed from it.
 */
export function configDigest(environment: string, values: ReadonlyMap<string, string>): string {
  const whole = JSON.stringify([...values].sort(([one], [other]) => (one < other ? -1 : 1)))
  return `scrypt:${scryptSync(whole, `tollgate configuration of ${environment}`, 32, { N: 1 << 14, r: 8, p: 1 }).toString("hex")}`
}
