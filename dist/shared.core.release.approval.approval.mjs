import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  planId
} from "./shared.core.release.ledger.ledger-away.mjs";
import {
  canonicalJson
} from "./shared.core.ledger.chain.mjs";
import {
  canonicalKey
} from "./shared.core.config.approver-key.mjs";
import {
  quoted
} from "./shared.core.config.fields.mjs";
import {
  TollgateError
} from "./shared.core.shared.errors.mjs";
import {
  external_exports
} from "./shared.zod.v4.classic.checks.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/release/approval/key.ts
import { createPrivateKey, createPublicKey, generateKeyPairSync, verify } from "node:crypto";
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
function isSignedBy(key, bytes, signature) {
  const given = Buffer.from(signature, "base64");
  if (given.length !== 64 || given.toString("base64") !== signature) return false;
  try {
    return verify(null, bytes, readPublicKey(key), given);
  } catch {
    return false;
  }
}
__name(isSignedBy, "isSignedBy");
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

// core/release/approval/plan-problems.ts
function planProblems(statement2, identity) {
  if (planId(statement2) !== statement2.planId)
    return [{ code: "approval-inconsistent", message: "has a plan id that does not match its content" }];
  const problems = [];
  if (statement2.environment !== identity.environment)
    problems.push({
      code: "approval-other-environment",
      message: `is for ${shown(statement2.environment)}, not for ${identity.environment}`
    });
  if (statement2.imageDigest !== identity.imageDigest)
    problems.push({
      code: "approval-other-image",
      message: `is for the image ${statement2.imageDigest}, not for ${identity.imageDigest}`
    });
  if (statement2.migrations.join("\n") !== identity.migrations.join("\n"))
    problems.push({
      code: "approval-other-migrations",
      message: `is for the migrations ${listed(statement2.migrations)}, not for ${listed(identity.migrations)}`
    });
  if (statement2.commands.join("\n") !== identity.commands.join("\n"))
    problems.push({
      code: "approval-other-commands",
      message: `is for the commands ${listed(statement2.commands)} before the start, not for ${listed(identity.commands)}`
    });
  if (statement2.configDigest !== identity.configDigest)
    problems.push({
      code: "approval-other-config",
      message: "is for another configuration: a name or a value changed after the approval"
    });
  if (statement2.releaseVersion !== identity.releaseVersion)
    problems.push({
      code: "approval-other-version",
      message: `is for the version ${shown(statement2.releaseVersion)}, not for ${shown(identity.releaseVersion)}`
    });
  if (statement2.source !== identity.source)
    problems.push({ code: "approval-other-source", message: "is for another source: a file of the app differs" });
  const differ = differentParts(statement2.settings, identity.settings);
  if (differ.length > 0)
    problems.push({
      code: "approval-other-settings",
      message: `is for other settings of tollgate.yaml: ${listed(differ)}`
    });
  if (problems.length === 0 && statement2.planId !== planId(identity))
    problems.push({ code: "approval-other-plan", message: "is for another plan" });
  return problems;
}
__name(planProblems, "planProblems");
function differentParts(one, other) {
  const names = /* @__PURE__ */ new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].filter((name) => !Object.hasOwn(one, name) || !Object.hasOwn(other, name) || one[name] !== other[name]).sort();
}
__name(differentParts, "differentParts");
function listed(names) {
  return names.length === 0 ? "none" : names.map(shown).join(", ");
}
__name(listed, "listed");
function shown(text) {
  const short = text.length > 60 ? `${text.slice(0, 59)}\u2026` : text;
  return /^[\p{Letter}\p{Mark}\p{Number} .'-]+$/u.test(short) ? short : quoted(short);
}
__name(shown, "shown");

// core/release/approval/approval.ts
import { createHash } from "node:crypto";
var APPROVAL_FORMAT = "tollgate-approval";
var APPROVAL_VERSION = 2;
var moment = external_exports.iso.datetime({ offset: true });
var sha256 = external_exports.string().regex(/^[0-9a-f]{64}$/);
var words = external_exports.string().regex(/^[^\u0000\p{Surrogate}]{1,4000}$/u);
var statement = external_exports.strictObject({
  /** `break-glass`: it allows to override missing approvals or a freeze, and is no approval itself. */
  purpose: external_exports.enum(["approval", "break-glass"]),
  planId: external_exports.string().regex(/^plan-[0-9a-f]{64}$/),
  service: words,
  environment: words,
  releaseVersion: words,
  source: words,
  imageDigest: external_exports.string().regex(/^sha256:[0-9a-f]{64}$/),
  migrations: external_exports.array(words),
  commands: external_exports.array(external_exports.string()),
  configDigest: words,
  settings: external_exports.record(words, sha256),
  /** SHA-256 of the plan file that the approver saw: deploy accepts only one that `tollgate plan` recorded. */
  planSha256: sha256,
  /** As `keys[].name` of tollgate.yaml has it. */
  approver: words,
  reason: words,
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
function approvalId(given) {
  return createHash("sha256").update(signedBytes(given)).digest("hex");
}
__name(approvalId, "approvalId");
function fingerprint(key) {
  return createHash("sha256").update(canonicalKey(key)).digest("hex").slice(0, 16);
}
__name(fingerprint, "fingerprint");

export {
  publicKeyText,
  isSignedBy,
  readPrivateKey,
  APPROVAL_FORMAT,
  APPROVAL_VERSION,
  approvalFile,
  signedBytes,
  approvalId,
  fingerprint,
  planProblems,
  differentParts,
  shown
};
