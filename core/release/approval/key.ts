import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, verify } from "node:crypto"
import { TollgateError } from "../../shared/errors.js"

/** Shortest passphrase, in characters: OpenSSL's file format makes guessing cheap. */
export const SHORTEST_PASSPHRASE = 12

/** An approver's new key: PKCS#8 as PEM for the file, and the line for tollgate.yaml. */
export function newApprovalKey(passphrase: string | null): { privatePem: string; publicKey: string } {
  if (passphrase !== null && passphrase.length < SHORTEST_PASSPHRASE)
    throw new TollgateError(
      "approval-passphrase",
      `The passphrase has fewer than ${SHORTEST_PASSPHRASE} characters.`,
      "Choose a longer one. No key was made.",
    )
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

/** @param text validated with tollgate.yaml */
export function readPublicKey(text: string): KeyObject {
  const x = Buffer.from(text.replace(/^ed25519:/, ""), "base64").toString("base64url")
  return createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" })
}

/** Whether the signature over the bytes is the key's. Only the canonical Base64 of a signature is accepted. */
export function isSignedBy(key: string, bytes: Buffer, signature: string): boolean {
  const given = Buffer.from(signature, "base64")
  if (given.length !== 64 || given.toString("base64") !== signature) return false
  try {
    return verify(null, bytes, readPublicKey(key), given)
  } catch {
    // bytes that are no point of the curve
    return false
  }
}

/** No error repeats any part of the key. */
export function readPrivateKey(pem: string, passphrase: string | null): KeyObject {
  const refuse = (what: string, next: string) =>
    new TollgateError("approval-private-key", what, `${next} Nothing was signed.`)
  const sealed = /BEGIN ENCRYPTED PRIVATE KEY/.test(pem)
  if (!sealed && !/BEGIN PRIVATE KEY/.test(pem))
    throw refuse(
      "--key is not a private key in PEM form.",
      "Pass a key that `tollgate approval-key` made, with --key=file:PATH.",
    )
  if (sealed && passphrase === null)
    throw refuse(
      "The private key (--key) is encrypted.",
      "Pass its passphrase with --passphrase=env:NAME or --passphrase=file:PATH.",
    )
  let key: KeyObject
  try {
    key = createPrivateKey({ key: pem, format: "pem", ...(sealed ? { passphrase: passphrase ?? "" } : {}) })
  } catch {
    throw refuse(
      sealed
        ? "Could not decrypt the private key (--key): the passphrase is wrong, or the file is damaged."
        : "Could not read the private key (--key): the file is damaged.",
      "Check the file and --passphrase.",
    )
  }
  if (key.asymmetricKeyType !== "ed25519")
    throw refuse(
      `The type of the private key (--key) is ${key.asymmetricKeyType ?? "unknown"}; approvals need Ed25519.`,
      "Make one with `tollgate approval-key`.",
    )
  return key
}
