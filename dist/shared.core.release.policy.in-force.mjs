import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  asksForSomething,
  judgeChange,
  policyDifference,
  policyDigest,
  policyFingerprint,
  policyOf,
  policySchema
} from "./shared.core.release.policy.change.mjs";
import {
  TollgateError
} from "./shared.core.shared.errors.mjs";
import {
  external_exports
} from "./shared.zod.v4.classic.checks.mjs";
import {
  __name
} from "./shared.runtime.mjs";

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
    const verdict = judgeChange(approvals, before?.policy ?? null, policy, new Date(at));
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
        approvers: verdict.approvals.map(({ statement }) => statement.approver)
      };
      adopted.push(inForce);
    }
  }
  return { inForce, adopted, problems };
}
__name(policyHistory, "policyHistory");

// core/release/policy/require.ts
async function readPolicyHistory(ledger, environment) {
  return policyHistory(await ledger.eventsOfKind(environment, "policy-adopted"));
}
__name(readPolicyHistory, "readPolicyHistory");
function judgePolicy(settings, environment, { inForce }) {
  const proposed = policyOf(settings, environment);
  const fingerprint = policyFingerprint(policyDigest(proposed));
  if (inForce === null) {
    if (!asksForSomething(settings, environment))
      return { kind: "skipped", note: "this environment asks for nothing, and no policy is in force" };
    throw new TollgateError(
      "policy-missing",
      `No policy of ${environment} is in force in this ledger.`,
      `\`tollgate policy show --env=${environment}\` shows the one of tollgate.yaml, and \`tollgate policy adopt --env=${environment} --fingerprint=${fingerprint}\` adopts it, once. Nothing was changed.`
    );
  }
  const difference = policyDifference(inForce.policy, proposed);
  if (policyDigest(proposed) === inForce.digest)
    return {
      kind: "done",
      note: `${fingerprint}, in force since ${inForce.at.slice(0, 10)}`,
      detail: { policy: inForce.digest }
    };
  throw new TollgateError(
    "policy-changed",
    [
      `tollgate.yaml gives ${environment} another policy than the one in force:`,
      ...difference.map((text) => `  ${text}`)
    ].join("\n"),
    `Deploy with the policy in force, or let approvers adopt this one: \`tollgate policy diff --env=${environment} --out=change.json\`, \`tollgate approve --plan=change.json\`, \`tollgate policy adopt\`. Nothing was changed.`
  );
}
__name(judgePolicy, "judgePolicy");

export {
  readPolicyHistory,
  judgePolicy
};
