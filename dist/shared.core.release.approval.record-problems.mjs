import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  APPROVAL_FORMAT,
  APPROVAL_VERSION,
  approvalFile,
  approvalId,
  fingerprint,
  isSignedBy,
  planProblems,
  shown,
  signedBytes
} from "./shared.core.release.approval.approval.mjs";
import {
  sameKey,
  samePerson
} from "./shared.core.config.approver-key.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/release/approval/record-problems.ts
function recordProblems(statement, known, { settings, records, deployer }) {
  const plan = records.plans.get(statement.planSha256);
  if (plan === void 0 || plan.planId !== statement.planId)
    return [
      {
        code: "approval-other-file",
        message: "is for a plan file that `tollgate plan` did not record: it was changed, or made with another ledger"
      }
    ];
  const uses = records.uses.get(approvalId(statement)) ?? [];
  const used = uses.length < settings.uses ? [] : [
    {
      code: "approval-used",
      message: `was used for ${uses.join(", ")}; approvals.uses is ${settings.uses}`
    }
  ];
  const separated = settings.requireSeparation && statement.purpose === "approval";
  return [...used, ...separated ? separationProblems(plan, known, deployer) : []];
}
__name(recordProblems, "recordProblems");
function separationProblems({ authors, why }, known, deployer) {
  const names = [known.name, ...known.also];
  const isOne = /* @__PURE__ */ __name((name) => names.some((one) => samePerson(one, name)), "isOne");
  const problems = [];
  if (authors === null)
    problems.push({
      code: "approval-authors-unknown",
      message: `cannot be told from an approval of the author's own commit: the plan has no authors (${why}), and approvals.requireSeparation is true`
    });
  const own = authors?.find(isOne);
  if (own !== void 0)
    problems.push({
      code: "approval-own-commit",
      message: `is by ${known.name}, who wrote a commit of this plan as ${shown(own)}: approvals.requireSeparation is true`
    });
  if (isOne(deployer))
    problems.push({
      code: "approval-own-deployment",
      message: `is by ${known.name}, who deploys as ${shown(deployer)}: approvals.requireSeparation is true`
    });
  return problems;
}
__name(separationProblems, "separationProblems");

// core/release/approval/verify.ts
function judgeApprovals(texts, asked) {
  const judged = texts.map((text, file) => ({ file, ...judgeOne(text, asked) }));
  const problems = judged.flatMap(
    ({ file, problems: problems2 }) => problems2.map((problem) => ({ ...problem, file }))
  );
  const valid = judged.flatMap(
    ({ file, read, problems: problems2 }) => read !== null && problems2.length === 0 ? [{ file, read }] : []
  );
  const approvals = [];
  const breakGlass = [];
  for (const { file, read } of valid) {
    const { key, approver, purpose } = read.statement;
    const earlier = approvals.map(({ statement }) => statement);
    if (purpose === "break-glass") breakGlass.push(read);
    else if (earlier.some((one) => sameKey(one.key, key)))
      problems.push({
        code: "approval-key-twice",
        file,
        message: `is signed with the same key as another approval: ${fingerprint(key)} of ${shown(approver)}`
      });
    else if (earlier.some((one) => samePerson(one.approver, approver)))
      problems.push({
        code: "approval-person-twice",
        file,
        message: `is a second one by ${shown(approver)}, with another key: each approver counts once`
      });
    else approvals.push(read);
  }
  const { required } = asked.settings;
  if (approvals.length < required)
    problems.push({
      code: "approval-too-few",
      file: null,
      message: `${asked.identity.environment} requires ${required} ${required === 1 ? "approval" : "approvals by different approvers"}; ${approvals.length} ${approvals.length === 1 ? "is" : "are"} valid`
    });
  return { approvals, breakGlass, ...problems.length === 0 ? { kind: "approved" } : { kind: "refused", problems } };
}
__name(judgeApprovals, "judgeApprovals");
function judgeOne(text, asked) {
  const read = readFile(text);
  if ("code" in read) return { read: null, problems: [read] };
  const { statement, signature } = read;
  const refused = /* @__PURE__ */ __name((code, message) => ({ read, problems: [{ code, message }] }), "refused");
  if (signature === null || signature === "") return refused("approval-unsigned", "is not signed");
  const known = keyOf(statement, asked);
  if ("code" in known) return { read, problems: [known] };
  if (!isSigned(read))
    return refused(
      "approval-bad-signature",
      `has a signature that does not match the key ${fingerprint(statement.key)}: it was changed, or signed with another key`
    );
  const forPlan = planProblems(statement, asked.identity);
  return {
    read,
    problems: [
      ...whoProblems(statement, known),
      ...timeProblems(statement, asked),
      // of another plan nothing more needs to be said
      ...forPlan.length > 0 ? forPlan : recordProblems(statement, known, asked)
    ]
  };
}
__name(judgeOne, "judgeOne");
var LARGEST = 256 * 1024;
function readFile(text) {
  const unreadable = /* @__PURE__ */ __name((why) => ({ code: "approval-unreadable", message: `is not an approval: ${why}` }), "unreadable");
  if (text.length > LARGEST) return unreadable("it is too large");
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    return unreadable("it is not JSON");
  }
  if (typeof value !== "object" || value === null || !("format" in value) || value.format !== APPROVAL_FORMAT)
    return unreadable(`its format is not ${APPROVAL_FORMAT}`);
  if (!("version" in value) || value.version !== APPROVAL_VERSION)
    return {
      code: "approval-version",
      message: `has a version that this Tollgate does not support; it supports ${APPROVAL_VERSION}`
    };
  if (!("signature" in value)) return { code: "approval-unsigned", message: "is not signed" };
  const parsed = approvalFile.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  return unreadable(
    issue === void 0 ? "its fields are wrong" : `${issue.code === "unrecognized_keys" ? "it has an unknown field" : `${issue.path.join(".") || "a field"} is missing or wrong`}`
  );
}
__name(readFile, "readFile");
function keyOf({ key, environment }, { settings, elsewhere, now, identity }) {
  const listed = settings.keys.filter((one) => sameKey(one.key, key));
  const [known] = listed;
  if (known !== void 0) {
    const today = now.toISOString().slice(0, 10);
    const revoked = listed.find((one) => one.revoked !== void 0 && one.revoked <= today);
    if (revoked !== void 0)
      return {
        code: "approval-key-revoked",
        message: `is signed with a key of ${revoked.name} that was revoked on ${revoked.revoked}`
      };
    return known;
  }
  const other = [...elsewhere].find(([, { keys }]) => keys.some((one) => sameKey(one.key, key)));
  if (other !== void 0)
    return {
      code: "approval-key-not-allowed",
      message: `is signed with a key that may approve ${other[0]} but not ${identity.environment}`
    };
  return {
    code: "approval-unknown-key",
    message: `is signed with a key that environments.${identity.environment}.approvals.keys does not list${environment === identity.environment ? "" : `; its environment is ${shown(environment)}`}`
  };
}
__name(keyOf, "keyOf");
function isSigned({ statement, signature }) {
  if (signature === null) return false;
  try {
    return isSignedBy(statement.key, signedBytes(statement), signature);
  } catch {
    return false;
  }
}
__name(isSigned, "isSigned");
function whoProblems({ approver }, known) {
  return approver === known.name ? [] : [
    {
      code: "approval-approver",
      message: `names ${shown(approver)} as approver, but the key belongs to ${known.name}`
    }
  ];
}
__name(whoProblems, "whoProblems");
function timeProblems({ signedAt, expiresAt }, { settings, now }) {
  const [signed, expires] = [Date.parse(signedAt), Date.parse(expiresAt)];
  const problems = [];
  if (signed > now.getTime() + settings.clockSkew * 1e3)
    problems.push({
      code: "approval-not-yet-valid",
      message: `was signed at ${signedAt}, but it is ${now.toISOString()}: the clocks differ by more than approvals.clockSkew (${settings.clockSkew} s)`
    });
  if (expires <= now.getTime())
    problems.push({ code: "approval-expired", message: `expired at ${expiresAt}; it is ${now.toISOString()}` });
  if (expires - signed > settings.longest * 1e3)
    problems.push({
      code: "approval-too-long",
      message: `is valid for longer than approvals.longest (${settings.longest} s)`
    });
  return problems;
}
__name(timeProblems, "timeProblems");

export {
  judgeApprovals,
  isSigned
};
