import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  PLAN_FORMAT,
  PLAN_VERSION,
  digestsOf,
  identityOf,
  planId,
  planSchema,
  planSha256
} from "./shared.core.release.plan.plan-id.mjs";
import {
  TollgateError
} from "./shared.core.shared.errors.mjs";
import {
  external_exports
} from "./shared.zod.v4.classic.checks.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/release/plan/make.ts
function makePlan(input) {
  return { format: PLAN_FORMAT, version: PLAN_VERSION, id: planId(identityOf(input)), ...input };
}
__name(makePlan, "makePlan");
function plannedEvent(plan, revision = "") {
  const { commits } = plan;
  return {
    kind: "planned",
    planId: plan.id,
    planSha256: planSha256(plan),
    authors: commits.kind === "known" ? commits.authors : null,
    authorsUnknown: commits.kind === "known" ? "" : commits.why,
    settings: digestsOf(plan.settings),
    commits: commits.kind === "known" ? commits.list.map(({ id, at }) => ({ id, at })) : null,
    revision: /^[0-9a-f]{40}$/.test(revision) ? revision : null
  };
}
__name(plannedEvent, "plannedEvent");
var LARGEST_KEPT = 256 * 1024;
var json = external_exports.json();
function planFileEvent(plan) {
  const text = JSON.stringify(plan);
  if (text.length > LARGEST_KEPT) return null;
  return { kind: "plan-file", planId: plan.id, planSha256: planSha256(plan), plan: json.parse(JSON.parse(text)) };
}
__name(planFileEvent, "planFileEvent");
function configChanges(before, now) {
  if (before === null) return { digest: now.digest, added: [...now.names].sort(), removed: [], changed: null };
  const [old, fresh] = [new Set(before.names), new Set(now.names)];
  return {
    digest: now.digest,
    added: now.names.filter((name) => !old.has(name)).sort(),
    removed: before.names.filter((name) => !fresh.has(name)).sort(),
    changed: before.digest !== now.digest
  };
}
__name(configChanges, "configChanges");
function readPlan(text) {
  const refuse = /* @__PURE__ */ __name((why) => new TollgateError(
    "plan-unreadable",
    `--plan is not a plan: ${why}.`,
    "Make one with `tollgate plan --out=plan.json`. Nothing was signed."
  ), "refuse");
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    throw refuse("it is not JSON");
  }
  if (typeof value === "object" && value !== null && "format" in value && value.format === PLAN_FORMAT && "version" in value && value.version !== PLAN_VERSION)
    throw refuse(`its version is not ${PLAN_VERSION}, the only one that this Tollgate supports`);
  const parsed = planSchema.safeParse(value);
  if (!parsed.success) throw refuse(`${parsed.error.issues[0]?.path.join(".") || "a field"} is missing or wrong`);
  return parsed.data;
}
__name(readPlan, "readPlan");

export {
  makePlan,
  plannedEvent,
  planFileEvent,
  configChanges,
  readPlan
};
