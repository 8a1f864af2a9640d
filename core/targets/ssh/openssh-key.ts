import type { JsonWebKey } from "node:crypto"

/**
 * A private key in OpenSSH's own format, without a passphrase: it stays in memory.
 *
 * https://cvsweb.openbsd.org/src/usr.bin/ssh/PROTOCOL.key
 */
export function openSshKey(key: JsonWebKey): string | null {
  const parts = partsOf(key)
  if (parts === null) return null
  const { type, publicFields, privateFields } = parts
  const check = Buffer.alloc(4)
  const secret = [check, check, string(type), ...privateFields, string("")]
  const length = secret.reduce((sum, one) => sum + one.length, 0)
  const padding = Buffer.from(Array.from({ length: (8 - (length % 8)) % 8 }, (_, index) => index + 1))
  const count = Buffer.from([0, 0, 0, 1])
  const whole = Buffer.concat([
    Buffer.from("openssh-key-v1\0"),
    string("none"),
    string("none"),
    string(""),
    count,
    string(Buffer.concat([string(type), ...publicFields])),
    string(Buffer.concat([...secret, padding])),
  ])
  const lines = whole.toString("base64").match(/.{1,70}/g) ?? []
  return ["-----BEGIN OPENSSH PRIVATE KEY-----", ...lines, "-----END OPENSSH PRIVATE KEY-----", ""].join("\n")
}

interface Parts {
  type: string
  publicFields: Buffer[]
  privateFields: Buffer[]
}

const CURVES: Readonly<Record<string, string>> = { "P-256": "nistp256", "P-384": "nistp384", "P-521": "nistp521" }

function partsOf({ kty, crv = "", n, e, d, p, q, qi, x, y }: JsonWebKey): Parts | null {
  if (
    kty === "RSA" &&
    n !== undefined &&
    e !== undefined &&
    d !== undefined &&
    p !== undefined &&
    q !== undefined &&
    qi !== undefined
  )
    return { type: "ssh-rsa", publicFields: [e, n].map(number), privateFields: [n, e, d, qi, p, q].map(number) }
  if (kty === "OKP" && crv === "Ed25519" && x !== undefined && d !== undefined) {
    const own = bytes(x)
    return {
      type: "ssh-ed25519",
      publicFields: [string(own)],
      privateFields: [string(own), string(Buffer.concat([bytes(d), own]))],
    }
  }
  const curve = CURVES[crv]
  if (kty === "EC" && curve !== undefined && x !== undefined && y !== undefined && d !== undefined) {
    const point = string(Buffer.concat([Buffer.from([4]), bytes(x), bytes(y)]))
    return {
      type: `ecdsa-sha2-${curve}`,
      publicFields: [string(curve), point],
      privateFields: [string(curve), point, number(d)],
    }
  }
  return null
}

function bytes(base64url: string): Buffer {
  return Buffer.from(base64url, "base64url")
}

function string(value: string | Buffer): Buffer {
  const own = Buffer.from(value)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(own.length)
  return Buffer.concat([length, own])
}

/** RFC 4251, section 5: no leading zeros, but one before a first bit that would be a sign. */
function number(base64url: string): Buffer {
  const own = bytes(base64url)
  const start = own.findIndex((byte) => byte !== 0)
  const short = start === -1 ? Buffer.alloc(0) : own.subarray(start)
  return string((short[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.alloc(1), short]) : short)
}
