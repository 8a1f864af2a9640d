import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  asksForSomething,
  jsonOf,
  policyDigest,
  policyFingerprint,
  policyHistory,
  policyOf
} from "./shared.core.release.approval.approval.mjs";
import {
  canonicalJson
} from "./shared.core.ledger.chain.mjs";
import {
  quoted
} from "./shared.core.config.fields.mjs";
import {
  TollgateError
} from "./shared.core.shared.errors.mjs";
import {
  __name
} from "./shared.runtime.mjs";

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
  policyDifference,
  readPolicyHistory,
  judgePolicy
};
