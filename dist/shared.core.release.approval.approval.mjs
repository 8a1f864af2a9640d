import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  canonicalJson
} from "./shared.core.canonical-json.mjs";
import {
  TollgateError,
  external_exports
} from "./shared.core.errors.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/release/approval/key.ts
import { createPrivateKey, createPublicKey, generateKeyPairSync } from "node:crypto";
function publicKeyText(key) {
  const { x } = createPublicKey(key).export({ format: "jwk" });
  return `ed25519:${Buffer.from(x ?? "", "base64url").toString("base64")}`;
}
__name(publicKeyText, "publicKeyText");
function readPublicKey(text) {
  const x = Buffer.from(text.replace(/^ed25519:/, ""), "base64").toString("base64url");
  return createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
}
__name(readPublicKey, "readPublicKey");
function readPrivateKey(pem, passphrase) {
  const refuse = /* @__PURE__ */ __name((what, next) => new TollgateError("approval-private-key", what, `${next} Nothing was signed.`), "refuse");
  const sealed = /BEGIN ENCRYPTED PRIVATE KEY/.test(pem);
  if (!sealed && !/BEGIN PRIVATE KEY/.test(pem))
    throw refuse(
      "--key is not a private key in PEM form.",
      "Pass a key that `tollgate approval-key` made, with --key=file:PATH."
    );
  if (sealed && passphrase === null)
    throw refuse(
      "The private key (--key) is encrypted.",
      "Pass its passphrase with --passphrase=env:NAME or --passphrase=file:PATH."
    );
  let key;
  try {
    key = createPrivateKey({ key: pem, format: "pem", ...sealed ? { passphrase: passphrase ?? "" } : {} });
  } catch {
    throw refuse(
      sealed ? "Could not decrypt the private key (--key): the passphrase is wrong, or the file is damaged." : "Could not read the private key (--key): the file is damaged.",
      "Check the file and --passphrase."
    );
  }
  if (key.asymmetricKeyType !== "ed25519")
    throw refuse(
      `The type of the private key (--key) is ${key.asymmetricKeyType ?? "unknown"}; approvals need Ed25519.`,
      "Make one with `tollgate approval-key`."
    );
  return key;
}
__name(readPrivateKey, "readPrivateKey");

// core/release/approval/approval.ts
import { createHash } from "node:crypto";
var APPROVAL_FORMAT = "tollgate-approval";
var APPROVAL_VERSION = 1;
var moment = external_exports.iso.datetime({ offset: true });
var statement = external_exports.strictObject({
  planId: external_exports.string().regex(/^plan-[0-9a-f]{64}$/),
  environment: external_exports.string().min(1),
  imageDigest: external_exports.string().regex(/^sha256:[0-9a-f]{64}$/),
  migrations: external_exports.array(external_exports.string()),
  commands: external_exports.array(external_exports.string()),
  configDigest: external_exports.string().min(1),
  /** SHA-256 of the plan file that the approver saw: for the record. */
  planSha256: external_exports.string().regex(/^[0-9a-f]{64}$/),
  /** As `keys[].name` of tollgate.yaml has it. */
  approver: external_exports.string().min(1),
  reason: external_exports.string().min(1),
  signedAt: moment,
  expiresAt: moment,
  /** The public key in the form of tollgate.yaml. */
  key: external_exports.string().min(1)
});
var approvalFile = external_exports.strictObject({
  format: external_exports.literal(APPROVAL_FORMAT),
  version: external_exports.literal(APPROVAL_VERSION),
  statement,
  /** Ed25519 (RFC 8032) over `signedBytes`, in Base64; null: not signed. */
  signature: external_exports.string().nullable()
});
function signedBytes(given) {
  return Buffer.from(`${APPROVAL_FORMAT} ${APPROVAL_VERSION}
${canonicalJson(given)}`);
}
__name(signedBytes, "signedBytes");
function fingerprint(key) {
  return createHash("sha256").update(key).digest("hex").slice(0, 16);
}
__name(fingerprint, "fingerprint");

export {
  publicKeyText,
  readPublicKey,
  readPrivateKey,
  APPROVAL_FORMAT,
  APPROVAL_VERSION,
  approvalFile,
  signedBytes,
  fingerprint
};
