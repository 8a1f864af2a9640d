import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  approvalFile,
  approvalId
} from "./shared.core.release.approval.approval.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/release/approval/records.ts
var TRAFFIC = "switch";
async function readRecords(ledger, environment, release, texts) {
  const asked = new Set(texts.flatMap((text) => idOf(jsonIn(text)) ?? []));
  const planned = await ledger.eventsOfKind(environment, "planned");
  const approved = await ledger.eventsOfKind(environment, "approved");
  const broken = await ledger.eventsOfKind(environment, "broke-glass");
  const others = new Set(
    [...approved, ...broken].flatMap(({ what, context }) => {
      const id = "signed" in what ? idOf(what.signed) : null;
      return id !== null && asked.has(id) && context.release !== null && context.release !== release ? [context.release] : [];
    })
  );
  const served = /* @__PURE__ */ new Set();
  for (const one of others) if ((await ledger.events(environment, one)).some(gotTraffic)) served.add(one);
  return recordsOf(planned, [...approved, ...broken], served);
}
__name(readRecords, "readRecords");
function gotTraffic({ what }) {
  return what.kind === "step-started" && what.step === TRAFFIC;
}
__name(gotTraffic, "gotTraffic");
function recordsOf(planned, approved, served) {
  const plans = new Map(
    planned.flatMap(
      ({ what }) => what.kind === "planned" ? [[what.planSha256, { planId: what.planId, authors: what.authors, why: what.authorsUnknown }]] : []
    )
  );
  const uses = /* @__PURE__ */ new Map();
  for (const { what, context } of approved) {
    if (what.kind !== "approved" && what.kind !== "broke-glass") continue;
    const id = idOf(what.signed);
    if (id === null || context.release === null || !served.has(context.release)) continue;
    const before = uses.get(id) ?? [];
    if (!before.includes(context.release)) uses.set(id, [...before, context.release]);
  }
  return { plans, uses };
}
__name(recordsOf, "recordsOf");
function idOf(file) {
  const parsed = approvalFile.safeParse(file);
  return parsed.success ? approvalId(parsed.data.statement) : null;
}
__name(idOf, "idOf");
function jsonIn(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
__name(jsonIn, "jsonIn");

export {
  readRecords,
  recordsOf
};
