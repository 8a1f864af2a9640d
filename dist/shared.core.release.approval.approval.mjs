import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  planId
} from "./shared.core.release.plan.plan-id.mjs";
import {
  canonicalJson
} from "./shared.core.ledger.chain.mjs";
import {
  canonicalKey,
  sameKey,
  samePerson
} from "./shared.core.config.approver-key.mjs";
import {
  environmentSettings
} from "./shared.core.environment.address.mjs";
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

// core/release/policy/policy.ts
import { createHash } from "node:crypto";
var POLICY_FORMAT = "tollgate-policy";
var POLICY_VERSION = 1;
var approver = external_exports.strictObject({
  name: external_exports.string(),
  also: external_exports.array(external_exports.string()),
  key: external_exports.string().regex(/^ed25519:[A-Za-z0-9+/]{43}=$/),
  revoked: external_exports.string().optional()
});
var approvalRules = external_exports.object({
  required: external_exports.int().min(0),
  keys: external_exports.array(approver),
  longest: external_exports.number(),
  clockSkew: external_exports.number(),
  breakGlass: external_exports.boolean(),
  uses: external_exports.int().min(1),
  requireSeparation: external_exports.boolean()
});
var policySchema = external_exports.strictObject({
  format: external_exports.literal(POLICY_FORMAT),
  version: external_exports.literal(POLICY_VERSION),
  service: external_exports.string().min(1),
  environment: external_exports.string().min(1),
  approvals: approvalRules,
  /** freeze, gates, thresholds, target, operators. */
  rules: external_exports.record(external_exports.string(), external_exports.json())
});
function policyOf(settings, environment) {
  const { qa, scan, image, load, release } = settings;
  const { approvals, operators, freeze, gates, target, ecpay, migrations, production } = environmentSettings(
    settings,
    environment
  );
  const { failOn, ignoreUnfixed, scanners, image: scansImage, maxDatabaseAge } = scan;
  const rules = {
    freeze,
    gates: { required: gates, migrations, production, ecpay: ecpay.endpoint, suites: Object.keys(qa.suites).sort() },
    thresholds: {
      coverage: qa.coverage,
      scan: { failOn, ignoreUnfixed, scanners, image: scansImage, maxDatabaseAge },
      image: { maxSize: image.maxSize },
      load: Object.fromEntries(
        Object.entries(load?.scenarios ?? {}).map(([name, { thresholds }]) => [name, thresholds])
      ),
      monitor: release.monitor
    },
    target,
    // left out where none are listed: the digest of a policy of before the setting existed stays the same
    ...operators.length === 0 ? {} : { operators }
  };
  return policySchema.parse(
    JSON.parse(
      JSON.stringify({
        format: POLICY_FORMAT,
        version: POLICY_VERSION,
        service: settings.ledger.service,
        environment,
        approvals,
        rules
      })
    )
  );
}
__name(policyOf, "policyOf");
function jsonOf(policy) {
  return external_exports.json().parse(JSON.parse(JSON.stringify(policy)));
}
__name(jsonOf, "jsonOf");
function policyDigest(policy) {
  return `policy-${createHash("sha256").update(canonicalJson(jsonOf(policy))).digest("hex")}`;
}
__name(policyDigest, "policyDigest");
function policyFingerprint(digest2) {
  return digest2.slice("policy-".length, "policy-".length + 16);
}
__name(policyFingerprint, "policyFingerprint");
function asksForSomething(settings, environment) {
  const { approvals, operators, freeze, production } = environmentSettings(settings, environment);
  return production || approvals.required > 0 || approvals.keys.length + operators.length > 0 || freeze.once.length + freeze.weekly.length > 0;
}
__name(asksForSomething, "asksForSomething");

// core/release/policy/change.ts
import { createHash as createHash2 } from "node:crypto";
var CHANGE_FORMAT = "tollgate-policy-change";
var POLICY_APPROVAL_FORMAT = "tollgate-policy-approval";
var policyChange = external_exports.strictObject({
  format: external_exports.literal(CHANGE_FORMAT),
  version: external_exports.literal(1),
  /** The policy in force; null: none. */
  from: policySchema.nullable(),
  to: policySchema
});
var digest = external_exports.string().regex(/^policy-[0-9a-f]{64}$/);
var moment = external_exports.iso.datetime({ offset: true });
var words = external_exports.string().regex(/^[^\u0000\p{Surrogate}]{1,4000}$/u);
var policyStatement = external_exports.strictObject({
  service: words,
  environment: words,
  from: digest.nullable(),
  to: digest,
  approver: words,
  reason: words,
  signedAt: moment,
  expiresAt: moment,
  key: external_exports.string().regex(/^ed25519:[A-Za-z0-9+/]{43}=$/)
});
var policyApproval = external_exports.strictObject({
  format: external_exports.literal(POLICY_APPROVAL_FORMAT),
  version: external_exports.literal(1),
  statement: policyStatement,
  /** Ed25519 over `policyBytes`, in Base64. */
  signature: external_exports.string()
});
function policyBytes(statement2) {
  return Buffer.from(`${POLICY_APPROVAL_FORMAT} 1
${canonicalJson(statement2)}`);
}
__name(policyBytes, "policyBytes");
function policyApprovalId(statement2) {
  return createHash2("sha256").update(policyBytes(statement2)).digest("hex");
}
__name(policyApprovalId, "policyApprovalId");
function isPolicyChange(text) {
  return /"format"\s*:\s*"tollgate-policy-change"/.test(text.slice(0, 1e3));
}
__name(isPolicyChange, "isPolicyChange");
function readPolicyChange(text) {
  let value = null;
  try {
    value = JSON.parse(text);
  } catch {
  }
  const parsed = policyChange.safeParse(value);
  if (!parsed.success)
    throw new TollgateError(
      "policy-change-unreadable",
      `--plan is not a change of a policy: ${parsed.error.issues[0]?.path.join(".") || "a field"} is missing or wrong.`,
      "Make one with `tollgate policy diff --out=change.json`. Nothing was signed."
    );
  return parsed.data;
}
__name(readPolicyChange, "readPolicyChange");
function changeFile(from, to) {
  return `${JSON.stringify({ format: CHANGE_FORMAT, version: 1, from, to }, null, 2)}
`;
}
__name(changeFile, "changeFile");
function digestsOfChange({ from, to }) {
  return { from: from === null ? null : policyDigest(from), to: policyDigest(to) };
}
__name(digestsOfChange, "digestsOfChange");

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
import { createHash as createHash3 } from "node:crypto";
var APPROVAL_FORMAT = "tollgate-approval";
var APPROVAL_VERSION = 2;
var moment2 = external_exports.iso.datetime({ offset: true });
var sha256 = external_exports.string().regex(/^[0-9a-f]{64}$/);
var words2 = external_exports.string().regex(/^[^\u0000\p{Surrogate}]{1,4000}$/u);
var statement = external_exports.strictObject({
  /** `break-glass`: it allows to override missing approvals or a freeze, and is no approval itself. */
  purpose: external_exports.enum(["approval", "break-glass"]),
  planId: external_exports.string().regex(/^plan-[0-9a-f]{64}$/),
  service: words2,
  environment: words2,
  releaseVersion: words2,
  source: words2,
  imageDigest: external_exports.string().regex(/^sha256:[0-9a-f]{64}$/),
  migrations: external_exports.array(words2),
  commands: external_exports.array(external_exports.string()),
  configDigest: words2,
  settings: external_exports.record(words2, sha256),
  /** SHA-256 of the plan file that the approver saw: deploy accepts only one that `tollgate plan` recorded. */
  planSha256: sha256,
  /** As `keys[].name` of tollgate.yaml has it. */
  approver: words2,
  reason: words2,
  signedAt: moment2,
  expiresAt: moment2,
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
  return createHash3("sha256").update(signedBytes(given)).digest("hex");
}
__name(approvalId, "approvalId");
function fingerprint(key) {
  return createHash3("sha256").update(canonicalKey(key)).digest("hex").slice(0, 16);
}
__name(fingerprint, "fingerprint");

// core/release/policy/judge-change.ts
function judgeChange(files, from, to, now, used = /* @__PURE__ */ new Set()) {
  const rules = (from ?? to).approvals;
  const wanted = { from: from === null ? null : policyDigest(from), to: policyDigest(to) };
  const found = [];
  const wrong = [];
  const approvals = [];
  files.forEach((file, index) => {
    const problems2 = problemsOf(file);
    found.push(...problems2.map((problem) => ({ ...problem, file: index })));
    if (problems2.length > 0)
      wrong.push(`approval ${index + 1} ${problems2.map(({ message }) => message).join(", and ")}`);
  });
  const problems = [...wrong];
  if (approvals.length < rules.required)
    problems.push(
      `${rules.required} ${rules.required === 1 ? "approval is" : "approvals are"} required${from === null ? "" : " by the policy in force"}; ${approvals.length} ${approvals.length === 1 ? "is" : "are"} valid`
    );
  return { kind: problems.length === 0 ? "approved" : "refused", approvals, found, wrong, problems };
  function problemsOf(file) {
    const parsed = policyApproval.safeParse(file);
    if (!parsed.success) return [{ code: "policy-approval-unreadable", message: "is not an approval of a policy" }];
    const { statement: statement2, signature } = parsed.data;
    const { key, approver: approver2 } = statement2;
    const listed2 = rules.keys.filter((one) => sameKey(one.key, key));
    const [known] = listed2;
    if (known === void 0)
      return [
        {
          code: "policy-approval-unknown-key",
          message: `is signed with the key ${fingerprint(key)}, which ${from === null ? "the policy" : "the policy in force"} does not list`
        }
      ];
    const day = now.toISOString().slice(0, 10);
    if (listed2.some(({ revoked }) => revoked !== void 0 && revoked <= day))
      return [{ code: "policy-approval-key-revoked", message: "is signed with a revoked key" }];
    if (!isSignedBy(key, policyBytes(statement2), signature))
      return [{ code: "policy-approval-bad-signature", message: "has a signature that does not match" }];
    const problems2 = [];
    if (approver2 !== known.name)
      problems2.push({
        code: "policy-approval-approver",
        message: `names ${shown(approver2)}, but the key belongs to ${known.name}`
      });
    problems2.push(...changeProblems(statement2), ...timeProblems(statement2));
    if (used.has(policyApprovalId(statement2)))
      problems2.push({ code: "policy-approval-used", message: "was used for an earlier adoption" });
    if (approvals.some((one) => sameKey(one.statement.key, key) || samePerson(one.statement.approver, approver2)))
      problems2.push({ code: "policy-approval-twice", message: `is a second one by ${shown(approver2)}` });
    if (problems2.length === 0) approvals.push(parsed.data);
    return problems2;
  }
  __name(problemsOf, "problemsOf");
  function changeProblems(statement2) {
    if (statement2.service !== to.service || statement2.environment !== to.environment)
      return [
        {
          code: "policy-approval-other-environment",
          message: `is for ${shown(statement2.service)} in ${shown(statement2.environment)}`
        }
      ];
    if (statement2.from !== wanted.from)
      return [
        {
          code: "policy-approval-other-policy",
          message: "is for a change of another policy than the one in force"
        }
      ];
    return statement2.to === wanted.to ? [] : [{ code: "policy-approval-other-change", message: "is for another policy" }];
  }
  __name(changeProblems, "changeProblems");
  function timeProblems({ signedAt, expiresAt }) {
    const [signed, expires] = [Date.parse(signedAt), Date.parse(expiresAt)];
    const problems2 = [];
    if (signed > now.getTime() + rules.clockSkew * 1e3)
      problems2.push({ code: "policy-approval-not-yet-valid", message: "is signed in the future" });
    if (expires <= now.getTime()) problems2.push({ code: "policy-approval-expired", message: `expired at ${expiresAt}` });
    if (expires - signed > rules.longest * 1e3)
      problems2.push({ code: "policy-approval-too-long", message: "is valid for longer than approvals.longest" });
    return problems2;
  }
  __name(timeProblems, "timeProblems");
}
__name(judgeChange, "judgeChange");

// core/release/policy/in-force.ts
var record = external_exports.object({ policy: policySchema, approvals: external_exports.array(external_exports.unknown()) });
function policyHistory(events) {
  let inForce = null;
  const adopted = [];
  const problems = [];
  for (const { what, number, at, context } of events) {
    if (what.kind !== "policy-adopted") continue;
    const refuse = /* @__PURE__ */ __name((why) => problems.push({ number, why }), "refuse");
    const parsed = record.safeParse(what.signed);
    if (!parsed.success) {
      refuse("is not a policy that this Tollgate can read");
      continue;
    }
    const { policy, approvals } = parsed.data;
    const before = inForce;
    const verdict = judgeChange(approvals, before?.policy ?? null, policy, new Date(at), usedApprovals(adopted));
    if (policy.service !== context.service || policy.environment !== context.environment)
      refuse("is the policy of another environment");
    else if (verdict.kind === "refused") refuse(verdict.problems.join("; "));
    else {
      inForce = {
        digest: policyDigest(policy),
        policy,
        number,
        at,
        who: context.who,
        reason: what.reason,
        approvers: verdict.approvals.map(({ statement: statement2 }) => statement2.approver),
        approvals: verdict.approvals.map(({ statement: statement2 }) => policyApprovalId(statement2))
      };
      adopted.push(inForce);
    }
  }
  return { inForce, adopted, problems };
}
__name(policyHistory, "policyHistory");
function usedApprovals(adopted) {
  return new Set(adopted.flatMap(({ approvals }) => approvals));
}
__name(usedApprovals, "usedApprovals");

export {
  publicKeyText,
  isSignedBy,
  readPrivateKey,
  policyOf,
  jsonOf,
  policyDigest,
  policyFingerprint,
  asksForSomething,
  POLICY_APPROVAL_FORMAT,
  policyApproval,
  policyBytes,
  policyApprovalId,
  isPolicyChange,
  readPolicyChange,
  changeFile,
  digestsOfChange,
  APPROVAL_FORMAT,
  APPROVAL_VERSION,
  approvalFile,
  signedBytes,
  approvalId,
  fingerprint,
  planProblems,
  differentParts,
  shown,
  judgeChange,
  policyHistory,
  usedApprovals
};
