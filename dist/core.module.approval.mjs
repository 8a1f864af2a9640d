import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  readPlan
} from "./shared.core.release.plan.make.mjs";
import {
  closeReview
} from "./shared.core.release.approval.review-ledger.mjs";
import {
  differenceScreen
} from "./shared.core.release.policy.screen.mjs";
import "./shared.core.ledger.limits.mjs";
import "./shared.empty.mjs";
import "./shared.core.release.policy.difference.mjs";
import "./shared.core.release.ledger.ledger-away.mjs";
import {
  planScreen
} from "./shared.core.release.plan.screen.mjs";
import "./shared.core.release.approval.review.mjs";
import {
  withModuleLedger
} from "./shared.core.module.open-ledger.mjs";
import "./shared.core.ledger.journal-volume.mjs";
import {
  APPROVAL_FORMAT,
  APPROVAL_VERSION,
  POLICY_APPROVAL_FORMAT,
  digestsOfChange,
  isPolicyChange,
  judgeChange,
  policyBytes,
  publicKeyText,
  readPolicyChange,
  readPrivateKey,
  signedBytes
} from "./shared.core.release.approval.approval.mjs";
import {
  identityOf,
  planId,
  planSha256
} from "./shared.core.release.plan.plan-id.mjs";
import "./shared.core.ledger.chain.mjs";
import "./shared.core.targets.compose.kind.mjs";
import "./shared.core.release.session.relay.mjs";
import "./shared.core.database.connect.connection-problem.mjs";
import {
  readSettings
} from "./shared.core.config.app.mjs";
import {
  sameKey
} from "./shared.core.config.approver-key.mjs";
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
import "./shared.core.qa.run-id.mjs";
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
import "./shared.zod.v4.classic.checks.mjs";
import "./shared.core.shared.plain-text.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/release/approval/approve-source.ts
import { dag } from "../sdk/index.ts";

// core/release/policy/sign.ts
import { sign } from "node:crypto";
function signChange({ change, key, approver, reason, now, expiresAt }) {
  if (reason.trim() === "")
    throw new TollgateError("approval-reason", "--reason is empty.", "Write why you approve. Nothing was signed.");
  const { service, environment } = change.to;
  const statement = {
    service,
    environment,
    ...digestsOfChange(change),
    approver,
    reason: reason.trim(),
    signedAt: now.toISOString(),
    expiresAt: expiresAt.toISOString(),
    key: publicKeyText(key)
  };
  const approval = {
    format: POLICY_APPROVAL_FORMAT,
    version: 1,
    statement,
    signature: sign(null, policyBytes(statement), key).toString("base64")
  };
  const { wrong } = judgeChange([approval], change.from, change.to, now);
  if (wrong.length > 0)
    throw new TollgateError(
      "policy-approval",
      `This approval of the policy of ${environment} would not count: it ${wrong.map((text) => text.replace(/^approval 1 /, "")).join("; ")}.`,
      "Check --key, --approver and --expires. Nothing was signed."
    );
  return approval;
}
__name(signChange, "signChange");

// core/release/approval/expires.ts
function readExpiry(given, now) {
  const [, hours, minutes] = /^(?=.*[1-9])(?:(\d{1,4})h)?(?:(\d{1,5})m)?$/.exec(given.trim()) ?? [];
  if (hours !== void 0 || minutes !== void 0)
    return new Date(now.getTime() + (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 6e4);
  if (/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/.test(given.trim()) && !Number.isNaN(Date.parse(given)))
    return new Date(given);
  throw new TollgateError(
    "approval-expiry",
    "--expires is neither a duration nor a time.",
    "Write --expires=4h, or a time with its offset: --expires=2026-11-22T18:00+08:00. Nothing was signed."
  );
}
__name(readExpiry, "readExpiry");

// core/release/approval/sign.ts
import { sign as sign2 } from "node:crypto";
var REASON = /^[^\u0000\p{Surrogate}]{1,4000}$/u;
function signApproval(request) {
  const { plan, key, approver, reason, now, expiresAt, settings, purpose = "approval" } = request;
  const publicKey = publicKeyText(key);
  const listed = settings.keys.filter(({ key: key2 }) => sameKey(key2, publicKey));
  const [known] = listed;
  if (known === void 0)
    throw refuse(
      "approval-unknown-key",
      `This key may not approve ${plan.environment}.`,
      `Add its public half to environments.${plan.environment}.approvals.keys of tollgate.yaml.`
    );
  const revoked = listed.find((one) => one.revoked !== void 0 && one.revoked <= now.toISOString().slice(0, 10));
  if (revoked !== void 0)
    throw refuse(
      "approval-key-revoked",
      `This key was revoked on ${revoked.revoked}.`,
      "Make a new one with `tollgate approval-key`."
    );
  if (approver !== known.name)
    throw refuse(
      "approval-approver",
      `This key belongs to ${known.name}, but --approver is ${approver}.`,
      `Write --approver=${JSON.stringify(known.name)}, or use your own key.`
    );
  if (!REASON.test(reason.trim()))
    throw refuse(
      "approval-reason",
      "--reason is empty, or has more than 4000 characters.",
      "Write why you approve. It is recorded."
    );
  const seconds = (expiresAt.getTime() - now.getTime()) / 1e3;
  if (seconds <= 0)
    throw refuse("approval-expired", "--expires is in the past.", "Pass a duration such as --expires=4h.");
  if (seconds > settings.longest)
    throw refuse(
      "approval-too-long",
      `An approval of ${plan.environment} is valid for at most ${settings.longest} s (approvals.longest).`,
      "Pass a shorter --expires."
    );
  requireUnaltered(plan);
  const identity = identityOf(plan);
  const statement = {
    purpose,
    ...identity,
    migrations: [...identity.migrations],
    commands: [...identity.commands],
    settings: { ...identity.settings },
    planId: plan.id,
    planSha256: planSha256(plan),
    approver,
    reason: reason.trim(),
    signedAt: now.toISOString(),
    expiresAt: expiresAt.toISOString(),
    key: publicKey
  };
  return {
    format: APPROVAL_FORMAT,
    version: APPROVAL_VERSION,
    statement,
    signature: sign2(null, signedBytes(statement), key).toString("base64")
  };
}
__name(signApproval, "signApproval");
function requireUnaltered(plan) {
  if (planId(identityOf(plan)) === plan.id) return;
  throw refuse(
    "plan-altered",
    "The plan was changed after it was made: its content does not match its id.",
    "Make a new one with `tollgate plan`."
  );
}
__name(requireUnaltered, "requireUnaltered");
function refuse(code, what, next) {
  return new TollgateError(code, what, `${next} Nothing was signed.`);
}
__name(refuse, "refuse");

// core/release/approval/approve-source.ts
async function approveSource(source, { plan: file, key, approver, reason, expires, passphrase, breakGlass, yes }) {
  const settings = await readSettings(source);
  const text = await file.contents();
  const change = isPolicyChange(text) ? readPolicyChange(text) : null;
  const plan = change === null ? readPlan(text) : null;
  const rules = plan === null ? null : environmentSettings(settings, plan.environment).approvals;
  if (plan !== null && rules !== null) process.stderr.write(`${planScreen(plan, rules)}
`);
  if (change !== null) process.stderr.write(`${differenceScreen(change.from, change.to)}
`);
  if (!yes)
    throw new TollgateError(
      "approve-not-asked",
      "A function cannot ask whether to sign.",
      "Read what is above, then pass --yes to sign it. Nothing was signed."
    );
  const now = /* @__PURE__ */ new Date();
  const opened = readPrivateKey(
    await key.plaintext(),
    passphrase === void 0 ? null : (await passphrase.plaintext()).replace(/\r?\n$/, "")
  );
  const given = { key: opened, approver, reason, now, expiresAt: readExpiry(expires, now) };
  const purpose = breakGlass ? "break-glass" : "approval";
  const approval = plan !== null && rules !== null ? signApproval({ ...given, plan, settings: rules, purpose }) : change === null ? null : signChange({ ...given, change });
  return dag.directory().withNewFile("approval.json", `${JSON.stringify(approval, null, 2)}
`).file("approval.json");
}
__name(approveSource, "approveSource");

// core/module/approval.ts
async function review(source, { env: environment, key, passphrase, ledger: secret, who, ...given }) {
  const words = passphrase === void 0 ? null : (await passphrase.plaintext()).replace(/\r?\n$/, "");
  const opened = readPrivateKey(await key.plaintext(), words);
  return withModuleLedger(
    source,
    secret,
    environment,
    (ledger, settings) => closeReview(settings, { ...given, environment, key: opened, who: who === "" ? "dagger call" : who }, ledger)
  );
}
__name(review, "review");
export {
  approveSource as approve,
  review
};
