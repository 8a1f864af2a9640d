import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  isSigned
} from "./shared.core.release.approval.record-problems.mjs";
import {
  approvalFile,
  fingerprint,
  policyHistory
} from "./shared.core.release.approval.approval.mjs";
import {
  canonicalKey
} from "./shared.core.config.approver-key.mjs";
import {
  environmentSettings
} from "./shared.core.environment.address.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/release/approval/signatures.ts
function keysOf(settings, environment) {
  return environmentSettings(settings, environment).approvals.keys.map(({ key }) => key);
}
__name(keysOf, "keysOf");
async function wrongSignatures(ledger, settings, environments) {
  const lines = [];
  for (const environment of environments) {
    const verdict = await verifySignatures(ledger, environment, keysOf(settings, environment));
    if (verdict.problems.length > 0) lines.push(`${environment}: ${signatureLine(verdict)}`);
  }
  return lines;
}
__name(wrongSignatures, "wrongSignatures");
async function verifySignatures(ledger, environment, keys) {
  const approved = await ledger.eventsOfKind(environment, "approved");
  const broken = await ledger.eventsOfKind(environment, "broke-glass");
  const started = await ledger.eventsOfKind(environment, "release-started");
  const approvals = judgeSignatures(
    [...approved, ...broken].sort((one, other) => one.number - other.number),
    plansOf(started),
    keys
  );
  return withPolicies(approvals, policyHistory(await ledger.eventsOfKind(environment, "policy-adopted")));
}
__name(verifySignatures, "verifySignatures");
function withPolicies(approvals, policies) {
  const forged = policies.problems.map(({ number, why }) => ({
    number,
    release: null,
    why: `is not a valid adoption of a policy: ${why}`
  }));
  return {
    verified: approvals.verified + policies.adopted.length,
    unsigned: approvals.unsigned,
    problems: [...approvals.problems, ...forged].sort((one, other) => one.number - other.number)
  };
}
__name(withPolicies, "withPolicies");
function plansOf(started) {
  const plans = /* @__PURE__ */ new Map();
  for (const { what, context } of started)
    if (what.kind === "release-started" && context.release !== null && what.planId !== null)
      plans.set(context.release, (plans.get(context.release) ?? /* @__PURE__ */ new Set()).add(what.planId));
  return plans;
}
__name(plansOf, "plansOf");
function judgeSignatures(events, plans, keys) {
  const known = new Set(keys.map(canonicalKey));
  const problems = [];
  let [verified, unsigned] = [0, 0];
  for (const event of events) {
    const { what, number, context } = event;
    if (what.kind !== "approved" && what.kind !== "broke-glass") continue;
    if (what.signed === null) {
      if (what.kind === "approved" && verified > 0)
        problems.push({ number, release: context.release, why: "has no signature, though earlier ones have" });
      else unsigned += 1;
      continue;
    }
    const why = whyWrong(event, what.signed, plans, known);
    if (why === null) verified += 1;
    else problems.push({ number, release: context.release, why });
  }
  return { verified, unsigned, problems };
}
__name(judgeSignatures, "judgeSignatures");
function whyWrong({ what, context }, signed, plans, known) {
  const parsed = approvalFile.safeParse(signed);
  if (!parsed.success) return "is not an approval";
  const file = parsed.data;
  const { statement } = file;
  if (!isSigned(file)) return "has a signature that does not match";
  if (!known.has(canonicalKey(statement.key)))
    return `is signed with the key ${fingerprint(statement.key)}, which is not listed`;
  if (statement.service !== context.service || statement.environment !== context.environment)
    return "is for another service or environment";
  if (context.release === null || plans.get(context.release)?.has(statement.planId) !== true)
    return "is for another plan than its release had";
  if (statement.purpose !== (what.kind === "approved" ? "approval" : "break-glass")) return "is for another purpose";
  return what.kind === "approved" && saysElse(what, statement) ? "differs from what was signed" : null;
}
__name(whyWrong, "whyWrong");
function saysElse(what, statement) {
  const same = ["planId", "planSha256", "key", "signedAt", "expiresAt"];
  return same.some((name) => what[name] !== statement[name]);
}
__name(saysElse, "saysElse");
function signatureLine({ verified, unsigned, problems }) {
  const [first] = problems;
  if (first !== void 0)
    return `FAILED: ${problems.length} of ${verified + unsigned + problems.length} recorded approvals and policies: event ${first.number}${first.release === null ? "" : ` of ${first.release}`} ${first.why}`;
  if (verified + unsigned === 0) return "";
  return `PASSED: ${verified} ${verified === 1 ? "signature" : "signatures"} of recorded approvals and policies verified${unsigned === 0 ? "" : `, ${unsigned} without one, of an earlier Tollgate`}`;
}
__name(signatureLine, "signatureLine");

export {
  keysOf,
  wrongSignatures,
  verifySignatures,
  saysElse,
  signatureLine
};
