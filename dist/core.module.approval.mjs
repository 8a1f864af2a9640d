import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  APPROVAL_FORMAT,
  APPROVAL_VERSION,
  publicKeyText,
  readPrivateKey,
  signedBytes
} from "./shared.core.release.approval.approval.mjs";
import {
  readPlan
} from "./shared.core.release.plan.make.mjs";
import {
  identityOf,
  planId,
  planSha256
} from "./shared.core.release.plan.plan-id.mjs";
import "./shared.core.canonical-json.mjs";
import {
  environmentSettings
} from "./shared.core.environment.address.mjs";
import "./shared.core.shared.connection-url.mjs";
import {
  readSettings
} from "./shared.core.config.app.mjs";
import "./shared.core.config.port.mjs";
import "./shared.core.config.service-name.mjs";
import "./shared.core.shared.shell-words.mjs";
import "./shared.core.config.ecpay-test-merchants.mjs";
import "./shared.core.version.mjs";
import "./shared.core.shared.nearest.mjs";
import "./shared.core.secrets.parse.mjs";
import "./shared.core.config.ecpay-endpoint.mjs";
import "./shared.core.config.scan.mjs";
import "./shared.core.config.fields.mjs";
import {
  TollgateError
} from "./shared.core.errors.mjs";
import "./shared.core.shared.figures.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/release/approval/approve-source.ts
import { dag } from "../sdk/index.ts";

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
import { sign } from "node:crypto";
function signApproval({ plan, key, approver, reason, now, expiresAt, settings }) {
  const publicKey = publicKeyText(key);
  const known = settings.keys.find((one) => one.key === publicKey);
  if (known === void 0)
    throw refuse(
      "approval-unknown-key",
      `This key may not approve ${plan.environment}.`,
      `Add its public half to environments.${plan.environment}.approvals.keys of tollgate.yaml.`
    );
  if (known.revoked !== void 0 && known.revoked <= now.toISOString().slice(0, 10))
    throw refuse(
      "approval-key-revoked",
      `This key was revoked on ${known.revoked}.`,
      "Make a new one with `tollgate approval-key`."
    );
  if (approver !== known.name)
    throw refuse(
      "approval-approver",
      `This key belongs to ${known.name}, but --approver is ${approver}.`,
      `Write --approver=${JSON.stringify(known.name)}, or use your own key.`
    );
  if (reason.trim() === "")
    throw refuse("approval-reason", "--reason is empty.", "Write why you approve. It is recorded.");
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
    ...identity,
    migrations: [...identity.migrations],
    commands: [...identity.commands],
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
    signature: sign(null, signedBytes(statement), key).toString("base64")
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
async function approveSource(source, { plan: file, key, approver, reason, expires, passphrase }) {
  const settings = await readSettings(source);
  const plan = readPlan(await file.contents());
  const { approvals } = environmentSettings(settings, plan.environment);
  const now = /* @__PURE__ */ new Date();
  const expiresAt = readExpiry(expires, now);
  const opened = readPrivateKey(
    await key.plaintext(),
    passphrase === void 0 ? null : (await passphrase.plaintext()).replace(/\r?\n$/, "")
  );
  const approval = signApproval({ plan, key: opened, approver, reason, now, expiresAt, settings: approvals });
  return dag.directory().withNewFile("approval.json", `${JSON.stringify(approval, null, 2)}
`).file("approval.json");
}
__name(approveSource, "approveSource");
export {
  approveSource as approve
};
