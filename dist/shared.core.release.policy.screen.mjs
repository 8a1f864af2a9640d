import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  policyDifference
} from "./shared.core.release.policy.difference.mjs";
import {
  policyDigest,
  policyFingerprint
} from "./shared.core.release.approval.approval.mjs";
import {
  version
} from "./shared.core.shared.version.mjs";
import {
  line,
  safe
} from "./shared.core.presentation.columns.mjs";
import {
  moment
} from "./shared.core.shared.figures.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/release/policy/screen.ts
function title(what, { service, environment }) {
  return [line(`Tollgate ${version} \xB7 policy ${what} \xB7 ${service} \xB7 ${environment}`), ""];
}
__name(title, "title");
function inForceLine(history) {
  if (history === null) return "in force: not read, --ledger is not set";
  const { inForce } = history;
  return inForce === null ? "in force: none" : safe(`in force: ${policyFingerprint(inForce.digest)} since ${moment(inForce.at)}, by ${inForce.who}`);
}
__name(inForceLine, "inForceLine");
function policyScreen(policy, history) {
  const digest = policyDigest(policy);
  return `${[
    ...title("show", policy),
    ...policyDifference(null, policy).map((text) => safe(text.replace(": nothing \u2192 ", ": "))),
    "",
    inForceLine(history),
    `POLICY: ${digest}`,
    `fingerprint: ${policyFingerprint(digest)}`
  ].join("\n")}
`;
}
__name(policyScreen, "policyScreen");
function differenceScreen(from, to) {
  const [before, after] = [from === null ? null : policyDigest(from), policyDigest(to)];
  const lines = policyDifference(from, to);
  return `${[
    ...title("diff", to),
    ...lines.length === 0 ? ["no difference"] : lines.map((text) => safe(text)),
    "",
    `in force: ${before ?? "none"}`,
    `POLICY: ${after}${before === after ? ", in force" : ""}`
  ].join("\n")}
`;
}
__name(differenceScreen, "differenceScreen");
function historyOfPolicies({ service, environment }, { adopted, problems, inForce }) {
  return `${[
    ...title("history", { service, environment }),
    ...adopted.length === 0 ? ["no policy was adopted yet"] : [],
    ...[...adopted].reverse().map(
      (one) => safe(
        `${moment(one.at)}  ${policyFingerprint(one.digest)}  by ${one.who}${one.approvers.length === 0 ? "" : `, approved by ${one.approvers.join(", ")}`}: ${one.reason}`
      )
    ),
    ...problems.map(({ number, why }) => safe(`FAILED: event ${number} is not a valid adoption: ${why}`)),
    "",
    inForce === null ? "POLICY: none is in force" : `POLICY: ${inForce.digest}`
  ].join("\n")}
`;
}
__name(historyOfPolicies, "historyOfPolicies");
function adoptionScreen({ service, environment, digest, difference, approvers }) {
  return `${[
    ...title("adopt", { service, environment }),
    ...difference.map((text) => safe(text)),
    "",
    ...approvers.length === 0 ? [] : [safe(`approved by ${approvers.join(", ")}`)],
    `ADOPTED: ${digest}`
  ].join("\n")}
`;
}
__name(adoptionScreen, "adoptionScreen");

export {
  policyScreen,
  differenceScreen,
  historyOfPolicies,
  adoptionScreen
};
