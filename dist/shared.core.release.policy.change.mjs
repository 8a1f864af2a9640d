import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  fingerprint,
  isSignedBy,
  shown
} from "./shared.core.release.approval.approval.mjs";
import {
  canonicalJson
} from "./shared.core.ledger.chain.mjs";
import {
  environmentSettings
} from "./shared.core.environment.address.mjs";
import {
  sameKey,
  samePerson
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
  /** freeze, gates, thresholds, target. */
  rules: external_exports.record(external_exports.string(), external_exports.json())
});
function policyOf(settings, environment) {
  const { qa, scan, image, load, release } = settings;
  const { approvals, freeze, gates, target, ecpay, migrations, production } = environmentSettings(settings, environment);
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
    target
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
  const { approvals, freeze, production } = environmentSettings(settings, environment);
  return production || approvals.required > 0 || approvals.keys.length > 0 || freeze.once.length + freeze.weekly.length > 0;
}
__name(asksForSomething, "asksForSomething");

// core/release/policy/change.ts
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
function policyBytes(statement) {
  return Buffer.from(`${POLICY_APPROVAL_FORMAT} 1
${canonicalJson(statement)}`);
}
__name(policyBytes, "policyBytes");
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

// core/release/policy/difference.ts
function policyDifference(from, to) {
  const [before, after] = [leaves(from), leaves(to)];
  return [.../* @__PURE__ */ new Set([...before.keys(), ...after.keys()])].sort().flatMap((path) => {
    const [old, fresh] = [before.get(path), after.get(path)];
    if (old === fresh) return [];
    return [`${path}: ${old ?? "nothing"} \u2192 ${fresh ?? "nothing"}`];
  });
}
__name(policyDifference, "policyDifference");
function leaves(policy) {
  const found = /* @__PURE__ */ new Map();
  if (policy === null) return found;
  const { approvals, rules } = policy;
  visit("", { approvals: jsonOf(approvals), ...rules }, found);
  return found;
}
__name(leaves, "leaves");
function visit(path, value, found) {
  if (typeof value !== "object" || value === null) {
    found.set(path, typeof value === "string" ? quoted(value) : String(value));
    return;
  }
  const entries = isList(value) ? named(value) : Object.entries(value);
  if (entries === null || entries.length === 0) found.set(path, canonicalJson(value));
  else for (const [name, inner] of entries) visit(path === "" ? name : `${path}.${name}`, inner, found);
}
__name(visit, "visit");
function named(list) {
  const names = list.map((one) => {
    if (typeof one !== "object" || one === null || isList(one)) return null;
    const name = one["key"] ?? one["host"] ?? one["reason"];
    return typeof name === "string" ? `[${typeof one["name"] === "string" ? `${one["name"]} ${name.slice(0, 20)}` : name}]` : null;
  });
  if (names.some((one) => one === null) || new Set(names).size < names.length) return null;
  return list.map((one, index) => [names[index] ?? "", one]);
}
__name(named, "named");
function isList(value) {
  return Array.isArray(value);
}
__name(isList, "isList");

// core/release/policy/judge-change.ts
function judgeChange(files, from, to, now) {
  const rules = (from ?? to).approvals;
  const wanted = { from: from === null ? null : policyDigest(from), to: policyDigest(to) };
  const wrong = [];
  const approvals = [];
  files.forEach((file, index) => {
    const why = problemOf(file);
    if (why !== null) wrong.push(`approval ${index + 1} ${why}`);
  });
  const problems = [...wrong];
  if (approvals.length < rules.required)
    problems.push(
      `${rules.required} ${rules.required === 1 ? "approval is" : "approvals are"} required${from === null ? "" : " by the policy in force"}; ${approvals.length} ${approvals.length === 1 ? "is" : "are"} valid`
    );
  return { kind: problems.length === 0 ? "approved" : "refused", approvals, wrong, problems };
  function problemOf(file) {
    const parsed = policyApproval.safeParse(file);
    if (!parsed.success) return "is not an approval of a policy";
    const { statement, signature } = parsed.data;
    const { key, approver: approver2, signedAt, expiresAt } = statement;
    const listed = rules.keys.filter((one) => sameKey(one.key, key));
    const [known] = listed;
    if (known === void 0)
      return `is signed with the key ${fingerprint(key)}, which ${from === null ? "the policy" : "the policy in force"} does not list`;
    const day = now.toISOString().slice(0, 10);
    if (listed.some(({ revoked }) => revoked !== void 0 && revoked <= day)) return "is signed with a revoked key";
    if (!isSignedBy(key, policyBytes(statement), signature)) return "has a signature that does not match";
    if (approver2 !== known.name) return `names ${shown(approver2)}, but the key belongs to ${known.name}`;
    if (statement.service !== to.service || statement.environment !== to.environment)
      return `is for ${shown(statement.service)} in ${shown(statement.environment)}`;
    if (statement.from !== wanted.from) return "is for a change of another policy than the one in force";
    if (statement.to !== wanted.to) return "is for another policy";
    if (Date.parse(signedAt) > now.getTime() + rules.clockSkew * 1e3) return "is signed in the future";
    if (Date.parse(expiresAt) <= now.getTime()) return `expired at ${expiresAt}`;
    if (Date.parse(expiresAt) - Date.parse(signedAt) > rules.longest * 1e3)
      return "is valid for longer than approvals.longest";
    if (approvals.some((one) => sameKey(one.statement.key, key) || samePerson(one.statement.approver, approver2)))
      return `is a second one by ${shown(approver2)}`;
    approvals.push(parsed.data);
    return null;
  }
  __name(problemOf, "problemOf");
}
__name(judgeChange, "judgeChange");

export {
  policySchema,
  policyOf,
  jsonOf,
  policyDigest,
  policyFingerprint,
  asksForSomething,
  POLICY_APPROVAL_FORMAT,
  policyBytes,
  isPolicyChange,
  readPolicyChange,
  changeFile,
  digestsOfChange,
  policyDifference,
  judgeChange
};
