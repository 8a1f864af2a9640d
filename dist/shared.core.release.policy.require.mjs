import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  policyDifference
} from "./shared.core.release.policy.difference.mjs";
import {
  policyHistory
} from "./shared.core.release.policy.in-force.mjs";
import {
  asksForSomething,
  policyDigest,
  policyFingerprint,
  policyOf
} from "./shared.core.release.approval.approval.mjs";
import {
  TollgateError
} from "./shared.core.shared.errors.mjs";
import {
  __name
} from "./shared.runtime.mjs";

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
