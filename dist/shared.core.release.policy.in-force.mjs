import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  judgeChange,
  policyDigest,
  policySchema
} from "./shared.core.release.approval.approval.mjs";
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

export {
  policyHistory
};
