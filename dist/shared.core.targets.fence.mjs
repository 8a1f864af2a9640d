import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  moment
} from "./shared.core.shared.figures.mjs";
import {
  external_exports
} from "./shared.zod.v4.classic.checks.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/targets/fence.ts
var holder = external_exports.object({ command: external_exports.string(), who: external_exports.string(), owner: external_exports.string(), since: external_exports.string() });
function fenceLine({ token, granted, run, command, who, owner, since }) {
  if (!/^[A-Za-z0-9-]{1,80}$/.test(run)) throw new RangeError("the id of a run is letters, digits and -");
  return `${token} ${granted} ${run} ${JSON.stringify({ command: short(command), who: short(who), owner: short(owner), since })}`;
}
__name(fenceLine, "fenceLine");
function parseFence(text) {
  const [, token = "", granted = "", run = "", json = ""] = /^(\d+) (\d+) (\S+) (\{.*\})$/m.exec(text) ?? [];
  if (token === "") return null;
  const parsed = holder.safeParse(parsedJson(json));
  const known = parsed.success ? parsed.data : { command: "unknown", who: "unknown", owner: "unknown", since: "" };
  return { token: Number(token), granted: Number(granted), run, ...known };
}
__name(parseFence, "parseFence");
function fenceWords({ token, granted, run, command, who, owner, since }) {
  const how = granted < token ? ", without a ledger" : "";
  return `${command} by ${who}${since === "" ? "" : ` since ${moment(since)}`} (lease ${token}${how}, run ${run}, on ${owner})`;
}
__name(fenceWords, "fenceWords");
function highestFence(all) {
  return all.reduce((highest, one) => (one?.token ?? 0) > (highest?.token ?? 0) ? one : highest, null);
}
__name(highestFence, "highestFence");
function judgeRefusedClaim(token, seen, onlyLedger) {
  return onlyLedger || token > seen.granted ? { kind: "raise", above: seen.token } : { kind: "behind" };
}
__name(judgeRefusedClaim, "judgeRefusedClaim");
function parsedJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
__name(parsedJson, "parsedJson");
function short(text) {
  return text.length <= 200 ? text : `${text.slice(0, 199)}\u2026`;
}
__name(short, "short");

export {
  fenceLine,
  parseFence,
  fenceWords,
  highestFence,
  judgeRefusedClaim
};
