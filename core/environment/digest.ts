import { scryptSync } from "node:crypto"

/**
 * A name for one configuration: the same for the same names and values in any order, another for any other. It may be written
 * down. It is made of all the values together and slowly (scrypt, RFC 7914), so that nobody can find a short value by trying.
 */
export function configDigest(environment: string, values: ReadonlyMap<string, string>): string {
  const whole = JSON.stringify([...values].sort(([one], [other]) => (one < other ? -1 : 1)))
  return `scrypt:${scryptSync(whole, `tollgate configuration of ${environment}`, 32, { N: 1 << 14, r: 8, p: 1 }).toString("hex")}`
}
