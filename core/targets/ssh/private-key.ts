import { createPrivateKey, type JsonWebKey, type KeyObject } from "node:crypto"
import { z } from "zod"
import { openSshKey } from "./openssh-key.js"

/** Reads a private key in every form that OpenSSH reads, for a library that reads fewer. */
export type ReadKey =
  | { kind: "key"; pem: string }
  /** What it is, and what to do. */
  | { kind: "refused"; what: string; next: string }

const OTHER_KEY =
  "Pass a private key that the host's ~/.ssh/authorized_keys lists, with --ssh-key=file:PATH or env:NAME."
const CERTIFICATE =
  "Pass the private key that it was made for (without -cert.pub), and add that key's public half to the host's ~/.ssh/authorized_keys: Tollgate does not present certificates."
const PASSPHRASE =
  "Pass its passphrase with --ssh-passphrase=env:NAME or file:PATH, or load the key into your SSH agent."

const refused = (what: string, next: string): ReadKey => ({ kind: "refused", what, next })

/** @param passphrase null: none was given */
export function readPrivateKey(text: string, passphrase: string | null): ReadKey {
  const block = privateBlock(plainText(text))
  if (block === null) return refused(whatElse(text), isCertificate(plainText(text)) ? CERTIFICATE : OTHER_KEY)
  const pem = written(block)
  if (block.label === "OPENSSH PRIVATE KEY") return { kind: "key", pem }
  const encrypted = block.label === "ENCRYPTED PRIVATE KEY" || /^Proc-Type:.*ENCRYPTED/m.test(pem)
  if (encrypted && (passphrase === null || passphrase === ""))
    return refused("the private key (--ssh-key) is encrypted, and --ssh-passphrase is not set.", PASSPHRASE)
  const read = readByOpenSsl(pem, encrypted ? passphrase : null)
  if (read === null)
    return encrypted
      ? refused(
          "could not decrypt the private key (--ssh-key): the passphrase is wrong, or OpenSSL no longer supports its cipher.",
          "Pass the right passphrase with --ssh-passphrase, or convert the key: `ssh-keygen -p -f KEY`.",
        )
      : refused(
          `the private key (${nameOf(block.label)}) cannot be read: it is incomplete or damaged.`,
          "Pass the whole file, with its first and last line. Check it with `ssh-keygen -y -f KEY`.",
        )
  const again = inOpenSshFormat(read)
  return again === null
    ? refused(
        `the private key has a type that SSH does not support (${read.asymmetricKeyType ?? "unknown"}).`,
        "Make one with `ssh-keygen -t ed25519`, and add its public half to the host's ~/.ssh/authorized_keys.",
      )
    : { kind: "key", pem: again }
}

/** Why the library rejected a key in OpenSSH's own format. */
export function keyRefusal(said: string, passphraseGiven: boolean): { what: string; next: string } {
  if (/no passphrase given/i.test(said))
    return { what: "the private key (--ssh-key) is encrypted, and --ssh-passphrase is not set.", next: PASSPHRASE }
  if (/passphrase|bad decrypt|integrity check failed|authenticate data/i.test(said))
    return {
      what: `the private key is encrypted, and the passphrase is ${passphraseGiven ? "wrong" : "missing"}.`,
      next: PASSPHRASE,
    }
  const hardware = /key type: (sk-\S+)/.exec(said)?.[1]
  if (hardware !== undefined)
    return {
      what: `the private key belongs to a security key (${hardware}), which only an SSH agent can use.`,
      next: "Load it into your SSH agent (`ssh-add`) and leave --ssh-key out.",
    }
  const unsupported = /unsupported (.*)/i.exec(said)?.[1]
  if (unsupported !== undefined)
    return {
      what: `the private key (OpenSSH's format) uses a feature that Tollgate does not support: ${unsupported}.`,
      next: "Convert it: `ssh-keygen -p -f KEY` (with `-Z aes256-ctr` where it has a passphrase).",
    }
  return {
    what: "the private key (OpenSSH's format) cannot be read: it is incomplete or damaged.",
    next: "Pass the whole file, with its first and last line. Check it with `ssh-keygen -y -f KEY`.",
  }
}

interface Block {
  label: string
  headers: string[]
  body: string
}

/** Secret stores and CI variables write a key in one line, in quotes, indented, with \n spelled out, or as base64. */
function plainText(text: string): string {
  const lines = text
    .replace(/^\uFEFF/, "")
    .replace(/\\r\\n|\\n|\\r/g, "\n")
    .replace(/\r\n?/g, "\n")
    .trim()
  if (lines.includes("-----BEGIN ") || !/^["'A-Za-z0-9+/=\s]+$/.test(lines)) return lines
  const inside = Buffer.from(lines.replace(/["']/g, ""), "base64").toString("utf8")
  return inside.includes("-----BEGIN ") ? plainText(inside) : lines
}

function privateBlock(text: string): Block | null {
  // other blocks may stand before it: EC PARAMETERS, a certificate
  const [, label = "", inside = ""] =
    /-----BEGIN ((?:[A-Z0-9]+ )*PRIVATE KEY)-----(.*?)-----END \1-----/s.exec(text) ?? []
  if (label === "") return null
  const headers = [...inside.matchAll(/(Proc-Type|DEK-Info):\s*([A-Za-z0-9,-]+)/g)].map(
    ([, name = "", value = ""]) => `${name}: ${value}`,
  )
  const body = inside.replace(/(?:Proc-Type|DEK-Info):\s*[A-Za-z0-9,-]+/g, "").replace(/\s+/g, "")
  return { label, headers, body }
}

function written({ label, headers, body }: Block): string {
  const lines = body.match(/.{1,64}/g) ?? []
  const above = headers.length === 0 ? [] : [...headers, ""]
  return [`-----BEGIN ${label}-----`, ...above, ...lines, `-----END ${label}-----`, ""].join("\n")
}

function readByOpenSsl(pem: string, passphrase: string | null): KeyObject | null {
  try {
    return createPrivateKey({ key: pem, format: "pem", ...(passphrase === null ? {} : { passphrase }) })
  } catch {
    return null
  }
}

const jwk = z.record(z.string(), z.unknown())

function inOpenSshFormat(key: KeyObject): string | null {
  if (!["rsa", "ec", "ed25519"].includes(key.asymmetricKeyType ?? "")) return null
  const numbers: JsonWebKey = jwk.parse(key.export({ format: "jwk" }))
  return openSshKey(numbers)
}

function nameOf(label: string): string {
  return label === "PRIVATE KEY" || label === "ENCRYPTED PRIVATE KEY"
    ? "PKCS#8"
    : label.replace(/ PRIVATE KEY$/, ", PEM")
}

function isCertificate(text: string): boolean {
  return /^\S+-cert-v0\d@openssh\.com /.test(text)
}

function whatElse(text: string): string {
  const seen = plainText(text)
  if (seen === "") return "--ssh-key is empty."
  if (/-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----/.test(seen))
    return "--ssh-key is cut off: the last line of the private key is missing."
  if (/^PuTTY-User-Key-File-/.test(seen))
    return "--ssh-key is a PuTTY key. Convert it: `puttygen KEY.ppk -O private-openssh -o KEY`."
  if (/-----BEGIN (?:[A-Z0-9]+ )*PUBLIC KEY-----|---- BEGIN SSH2 PUBLIC KEY ----/.test(seen))
    return "--ssh-key is a public key, not the private one."
  if (isCertificate(seen)) return "--ssh-key is a certificate, not the private key."
  if (/^(ssh-|ecdsa-|sk-)\S+ AAAA/.test(seen)) return "--ssh-key is a public key, not the private one."
  if (/-----BEGIN CERTIFICATE-----/.test(seen)) return "--ssh-key is a TLS certificate, not a private key."
  if (/^[~./]\S*$|\.(pem|key)$/.test(seen))
    return "--ssh-key is the path of a file, not its contents: write --ssh-key=file:PATH."
  return "--ssh-key is not a private key."
}
