import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  adoptionScreen,
  differenceScreen,
  historyOfPolicies,
  policyScreen
} from "./shared.core.release.policy.screen.mjs";
import {
  requireReason
} from "./shared.core.ledger.limits.mjs";
import "./shared.empty.mjs";
import {
  policyDifference,
  readPolicyHistory
} from "./shared.core.release.policy.difference.mjs";
import {
  ledgerAway
} from "./shared.core.release.ledger.ledger-away.mjs";
import {
  withModuleLedger
} from "./shared.core.module.open-ledger.mjs";
import "./shared.core.ledger.journal-volume.mjs";
import {
  changeFile,
  jsonOf,
  judgeChange,
  policyApproval,
  policyApprovalId,
  policyDigest,
  policyFingerprint,
  policyOf,
  shown,
  usedApprovals
} from "./shared.core.release.approval.approval.mjs";
import "./shared.core.release.plan.plan-id.mjs";
import "./shared.core.ledger.chain.mjs";
import {
  traitsOf
} from "./shared.core.targets.compose.kind.mjs";
import "./shared.core.release.session.relay.mjs";
import "./shared.core.database.connect.connection-problem.mjs";
import {
  requirePassed
} from "./shared.core.gate.failed.mjs";
import {
  readSettings
} from "./shared.core.config.app.mjs";
import "./shared.core.config.approver-key.mjs";
import "./shared.core.config.ecpay-endpoint.mjs";
import "./shared.core.config.gates.mjs";
import {
  environmentSettings
} from "./shared.core.environment.address.mjs";
import "./shared.core.config.ecpay-test-merchants.mjs";
import "./shared.core.shared.version.mjs";
import "./shared.core.database.connect.address.mjs";
import "./shared.core.secrets.plain-form.mjs";
import "./shared.core.shared.connection-url.mjs";
import "./shared.core.secrets.parse.mjs";
import {
  runId
} from "./shared.core.qa.run-id.mjs";
import "./shared.core.shared.progress.mjs";
import "./shared.core.config.port.mjs";
import "./shared.core.config.fields.mjs";
import "./shared.core.presentation.columns.mjs";
import "./shared.core.config.service-name.mjs";
import "./shared.core.targets.ssh.access.mjs";
import "./shared.core.shared.shell-words.mjs";
import "./shared.core.shared.figures.mjs";
import {
  TollgateError
} from "./shared.core.shared.errors.mjs";
import {
  external_exports
} from "./shared.zod.v4.classic.checks.mjs";
import "./shared.core.shared.plain-text.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/module/policy.ts
import { dag } from "../sdk/index.ts";

// core/release/policy/given.ts
function countedForChange(events, files, { inForce, adopted }, to, now) {
  const since = /* @__PURE__ */ new Map();
  const given = /* @__PURE__ */ new Map();
  for (const { what, number } of events) {
    const parsed = what.kind === "policy-approval-given" ? policyApproval.safeParse(what.signed) : null;
    if (parsed?.success !== true) continue;
    const id = policyApprovalId(parsed.data.statement);
    if (!since.has(id)) since.set(id, number);
    if ((since.get(id) ?? 0) > (inForce?.number ?? 0)) given.set(`${id} ${parsed.data.signature}`, parsed.data);
  }
  const approvals = [];
  const others = [];
  for (const one of [...given.values()].reverse()) {
    const all = [...files, ...approvals, one];
    const { found } = judgeChange(all, inForce?.policy ?? null, to, now, usedApprovals(adopted));
    const own = found.filter(({ file }) => file === all.length - 1);
    if (own.length === 0) approvals.push(one);
    else others.push(...own.map(({ code, message }) => ({ code, message, approver: one.statement.approver })));
  }
  return { approvals, others };
}
__name(countedForChange, "countedForChange");
var json = external_exports.json();

// core/release/policy/adopt.ts
async function adoptPolicy(settings, request, ledger) {
  const { environment, fingerprint, who } = request;
  const reason = requireReason(request.reason);
  const policy = policyOf(settings, environment);
  const digest = policyDigest(policy);
  const history = await readPolicyHistory(ledger, environment);
  const { inForce } = history;
  if (inForce?.digest === digest)
    throw new TollgateError(
      "policy-in-force",
      `This policy of ${environment} is in force already, since ${inForce.at.slice(0, 10)}.`,
      "No action is needed. Nothing was changed."
    );
  if (fingerprint === "" ? inForce === null : fingerprint !== policyFingerprint(digest))
    throw new TollgateError(
      "policy-fingerprint",
      fingerprint === "" ? `The first policy of ${environment} must be named by its fingerprint.` : `The policy of tollgate.yaml has the fingerprint ${policyFingerprint(digest)}, not the one of --fingerprint.`,
      `Read the policy with \`tollgate policy show --env=${environment}\`, and pass the fingerprint that it prints. Nothing was changed.`
    );
  const files = request.approvals.map(jsonIn);
  const now = /* @__PURE__ */ new Date();
  const given = await ledger.eventsOfKind(environment, "policy-approval-given");
  const counted = countedForChange(given, files, history, policy, now);
  const before = inForce?.policy ?? null;
  const verdict = judgeChange([...files, ...counted.approvals], before, policy, now, usedApprovals(history.adopted));
  if (verdict.kind === "refused")
    throw new TollgateError(
      "policy-not-approved",
      [
        `The policy of ${environment} cannot be adopted:`,
        ...verdict.problems.map((text) => `  ${text}`),
        ...counted.others.map(
          ({ approver, message }) => `  the approval of ${shown(approver)} in the ledger ${message}`
        )
      ].join("\n"),
      `Approvers sign the change on the page of the policy in the dashboard, or with files: \`tollgate policy diff --env=${environment} --out=change.json\` writes the change, \`tollgate approve --plan=change.json\` signs it. Nothing was changed.`
    );
  const { service } = settings.ledger;
  await ledger.record(
    { service, environment, release: null, run: runId(/* @__PURE__ */ new Date()), token: null, who },
    {
      kind: "policy-adopted",
      digest,
      previous: inForce?.digest ?? null,
      reason,
      signed: signed.parse(JSON.parse(JSON.stringify({ policy: jsonOf(policy), approvals: verdict.approvals })))
    }
  );
  const away = ledgerAway(ledger);
  if (away !== null)
    throw new TollgateError(
      "policy-not-recorded",
      `The adoption could not be recorded: ${away}`,
      "Check the connection to the ledger's Postgres. `tollgate policy history` shows whether it was recorded since."
    );
  return {
    service,
    environment,
    digest,
    previous: inForce?.digest ?? null,
    difference: policyDifference(inForce?.policy ?? null, policy),
    approvers: verdict.approvals.map(({ statement }) => statement.approver)
  };
}
__name(adoptPolicy, "adoptPolicy");
var signed = external_exports.json();
function jsonIn(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
__name(jsonIn, "jsonIn");

// core/module/policy.ts
async function policyShow(source, { env, ledger: secret }) {
  const settings = await readSettings(source);
  const policy = policyOf(settings, env);
  if (secret === void 0 && !traitsOf(environmentSettings(settings, env).target).keepsLedger)
    return policyScreen(policy, null);
  return withModuleLedger(
    source,
    secret,
    env,
    async (ledger) => policyScreen(policy, await readPolicyHistory(ledger, env))
  );
}
__name(policyShow, "policyShow");
function policyDiff(source, { env, ledger: secret }) {
  return withModuleLedger(source, secret, env, async (ledger, settings) => {
    const { inForce } = await readPolicyHistory(ledger, env);
    const policy = policyOf(settings, env);
    return requirePassed(
      "policy",
      inForce === null || inForce.digest === policyDigest(policy),
      differenceScreen(inForce?.policy ?? null, policy)
    );
  });
}
__name(policyDiff, "policyDiff");
function policyChange(source, { env, ledger: secret }) {
  return withModuleLedger(source, secret, env, async (ledger, settings) => {
    const { inForce } = await readPolicyHistory(ledger, env);
    return dag.directory().withNewFile("change.json", changeFile(inForce?.policy ?? null, policyOf(settings, env))).file("change.json");
  });
}
__name(policyChange, "policyChange");
function policyAdopt(source, {
  env,
  ledger: secret,
  approval,
  ...given
}) {
  return withModuleLedger(source, secret, env, async (ledger, settings) => {
    const approvals = await Promise.all((approval ?? []).map((file) => file.contents()));
    const who = given.who === "" ? "dagger call" : given.who;
    return adoptionScreen(await adoptPolicy(settings, { ...given, environment: env, approvals, who }, ledger));
  });
}
__name(policyAdopt, "policyAdopt");
function policyHistory(source, { env, ledger: secret }) {
  return withModuleLedger(source, secret, env, async (ledger, settings) => {
    const history = await readPolicyHistory(ledger, env);
    return requirePassed("policy", history.problems.length === 0, historyOfPolicies(policyOf(settings, env), history));
  });
}
__name(policyHistory, "policyHistory");
export {
  policyAdopt,
  policyChange,
  policyDiff,
  policyHistory,
  policyShow
};
