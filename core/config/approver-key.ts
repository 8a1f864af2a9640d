/** Approvers' keys and names as they are compared: by what they are, never by how they are written. */

/**
 * The 32 bytes of a public key, in hex. The last character of their Base64 has two bits without meaning, so that one key has four
 * spellings.
 */
export function keyBytes(key: string): string {
  return Buffer.from(key.replace(/^ed25519:/, ""), "base64").toString("hex")
}

export function sameKey(one: string, other: string): boolean {
  return keyBytes(one) === keyBytes(other)
}

/** The one spelling that `tollgate approval-key` prints. */
export function canonicalKey(key: string): string {
  return `ed25519:${Buffer.from(keyBytes(key), "hex").toString("base64")}`
}

/** A person's name without what is not seen or heard: case, width, composition and spaces. */
export function personOf(name: string): string {
  return name.normalize("NFKC").replace(/\s+/gu, " ").trim().toLowerCase()
}

export function samePerson(one: string, other: string): boolean {
  return personOf(one) === personOf(other)
}
