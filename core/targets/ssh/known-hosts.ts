import { createHash, createHmac } from "node:crypto"

/** OpenSSH's known_hosts format, as sshd(8) describes it: who a host is known to be. */

export interface HostKey {
  /** Such as ssh-ed25519. */
  type: string
  /** Base64 of the key as it is sent. */
  key: string
}

export interface Known {
  keys: HostKey[]
  revoked: HostKey[]
  /** An authority that signs hosts' keys is named, which is not supported. */
  authority: boolean
}

export type HostVerdict =
  | { kind: "known" }
  | { kind: "unknown"; offered: string }
  | { kind: "changed"; offered: string; known: string[] }
  | { kind: "revoked"; offered: string }

/** As in ssh, a host on another port than 22 may be listed without its port. */
export function knownFor(text: string, host: string, port: number): Known {
  const known = entriesFor(text, port === 22 ? host : `[${host}]:${port}`)
  const found = known.keys.length > 0 || known.revoked.length > 0 || known.authority
  return found || port === 22 ? known : entriesFor(text, host)
}

function entriesFor(text: string, name: string): Known {
  const known: Known = { keys: [], revoked: [], authority: false }
  for (const line of text.split("\n")) {
    const words = line.trim().split(/\s+/)
    const marker = words[0]?.startsWith("@") === true ? words.shift() : undefined
    const [patterns = "", type = "", key = ""] = words
    if (patterns === "" || patterns.startsWith("#") || key === "" || !isFor(patterns, name.toLowerCase())) continue
    if (marker === "@cert-authority") known.authority = true
    else (marker === "@revoked" ? known.revoked : known.keys).push({ type, key })
  }
  return known
}

function isFor(patterns: string, name: string): boolean {
  if (patterns.startsWith("|1|")) {
    const [, , salt = "", hash = ""] = patterns.split("|")
    return createHmac("sha1", Buffer.from(salt, "base64")).update(name).digest("base64") === hash
  }
  const matches = (pattern: string) => globOf(pattern.toLowerCase()).test(name)
  const listed = patterns.split(",")
  return (
    listed.some((pattern) => !pattern.startsWith("!") && matches(pattern)) &&
    !listed.some((pattern) => pattern.startsWith("!") && matches(pattern.slice(1)))
  )
}

function globOf(pattern: string): RegExp {
  return new RegExp(
    `^${pattern
      .replace(/[.+^${}()|[\]\\]/g, "\\$&")
      .replaceAll("*", ".*")
      .replaceAll("?", ".")}$`,
  )
}

/** @param offered the key that the host shows, as it is sent */
export function judgeHostKey(known: Known, offered: Buffer): HostVerdict {
  const key = offered.toString("base64")
  const print = fingerprint(offered)
  if (known.revoked.some((one) => one.key === key)) return { kind: "revoked", offered: print }
  if (known.keys.some((one) => one.key === key)) return { kind: "known" }
  if (known.keys.length === 0) return { kind: "unknown", offered: print }
  return {
    kind: "changed",
    offered: print,
    known: known.keys.map((one) => fingerprint(Buffer.from(one.key, "base64"))),
  }
}

/** As ssh-keygen -l prints it: `SHA256:… (ssh-ed25519)`. */
export function fingerprint(key: Buffer): string {
  return `SHA256:${createHash("sha256").update(key).digest("base64").replace(/=+$/, "")} (${typeOf(key)})`
}

/** RFC 4253, section 6.6: the key begins with its type, with its length in front. */
function typeOf(key: Buffer): string {
  const length = key.length >= 4 ? key.readUInt32BE(0) : 0
  return key
    .subarray(4, 4 + Math.min(length, 64))
    .toString("ascii")
    .replace(/[^\x21-\x7e]/g, "?")
}

/** A host shows one key of several: it is asked for one of those that are known. Empty: any. */
export function algorithmsFor(known: Known): string[] {
  return [
    ...new Set(known.keys.flatMap(({ type }) => (type === "ssh-rsa" ? ["rsa-sha2-512", "rsa-sha2-256"] : [type]))),
  ]
}
