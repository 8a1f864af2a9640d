import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto"
import { TollgateError } from "../../errors.js"

/** Fewest characters of a passphrase: OpenSSL's file format makes guessing cheap, so length must make it dear. */
export const SHORTEST_PASSPHRASE = 12

/** An approver's new key: PKCS#8 as PEM for the file, and the line for tollgate.yaml. */
export function newApprovalKey(passphrase: string | null): { privatePem: string; publicKey: string } {
  if (passphrase !== null && passphrase.length < SHORTEST_PASSPHRASE)
    throw new TollgateError("approval-passphrase", `The passphrase has fewer than ${SHORTEST_PASSPHRASE} characters.`, "Take a longer one. No key was made.")
  const { privateKey } = generateKeyPairSync("ed25519")
  const protection = passphrase === null ? {} : { cipher: "aes-256-cbc", passphrase }
  return {
    privatePem: privateKey.export({ type: "pkcs8", format: "pem", ...protection }).toString(),
    publicKey: publicKeyText(privateKey),
  }
}

export function publicKeyText(key: KeyObject): string {
  const { x } = createPublicKey(key).export({ format: "jwk" })
  return `ed25519:${Buffer.from(x ?? "", "base64url").toString("base64")}`
}

/** @param text as tollgate.yaml has it: judged there already */
export function readPublicKey(text: string): KeyObject {
  const x = Buffer.from(text.replace(/^ed25519:/, ""), "base64").toString("base64url")
  return createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" })
}

/** No error repeats any of what was given. */
export function readPrivateKey(pem: string, passphrase: string | null): KeyObject {
  const refuse = (what: string, next: string) => new TollgateError("approval-private-key", what, `${next} Nothing was signed.`)
  const sealed = /BEGIN ENCRYPTED PRIVATE KEY/.test(pem)
  if (!sealed && !/BEGIN PRIVATE KEY/.test(pem))
    throw refuse("--key is not a private key in PEM form.", "`tollgate approval-key` makes one; give it as --key=file:PATH.")
  if (sealed && passphrase === null) throw refuse("The private key has a passphrase.", "Give it as --passphrase=env:NAME or --passphrase=file:PATH.")
  let key: KeyObject
  try {
    key = createPrivateKey({ key: pem, format: "pem", ...(sealed ? { passphrase: passphrase ?? "" } : {}) })
  } catch {
    throw refuse(sealed ? "The private key cannot be opened: the passphrase is wrong, or the file is damaged." : "The private key cannot be read: the file is damaged.", "Take the right file.")
  }
  if (key.asymmetricKeyType !== "ed25519") throw refuse(`The private key is of the kind ${key.asymmetricKeyType ?? "unknown"}; approvals are signed with Ed25519.`, "`tollgate approval-key` makes one.")
  return key
}
