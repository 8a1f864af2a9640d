import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  deployGates
} from "./shared.core.config.gates.mjs";
import {
  TollgateError
} from "./shared.core.shared.errors.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/secrets/card-numbers.ts
var MASK = "***";
var [SHORTEST, LONGEST] = [13, 19];
var GAP = String.raw`(?:[ +\u00a0-]|%20)`;
var DIGITS = new RegExp(String.raw`\d(?:${GAP}?\d){${SHORTEST - 1},}`, "g");
var DIGIT_OR_GAP = new RegExp(`${GAP}|\\d`, "g");
function withoutCardNumbers(text) {
  return text.replace(DIGITS, masked);
}
__name(withoutCardNumbers, "withoutCardNumbers");
function masked(run) {
  const digits = [...run.matchAll(DIGIT_OR_GAP)].filter(([one]) => one.length === 1 && isDigit(one));
  const placeOf = /* @__PURE__ */ __name((at) => digits[at]?.index ?? run.length, "placeOf");
  const begins = /* @__PURE__ */ __name((at) => at === 0 || placeOf(at) > placeOf(at - 1) + 1, "begins");
  const ends = /* @__PURE__ */ __name((at) => at === digits.length - 1 || begins(at + 1), "ends");
  const parts = [];
  let read = 0;
  let hidden = -1;
  for (let from = 0; from < digits.length; from += 1) {
    if (!begins(from)) continue;
    const to = lastDigit(from);
    if (to === null || to <= hidden) continue;
    if (from > hidden) parts.push(run.slice(read, placeOf(from)), MASK);
    hidden = to;
    read = placeOf(to) + 1;
  }
  return read === 0 ? run : `${parts.join("")}${run.slice(read)}`;
  function lastDigit(from) {
    for (let length = LONGEST; length >= SHORTEST; length -= 1) {
      const to = from + length - 1;
      if (to >= digits.length || !ends(to)) continue;
      if (hasCheckDigit(digits.slice(from, to + 1).map(([digit]) => Number(digit)))) return to;
    }
    return null;
  }
  __name(lastDigit, "lastDigit");
}
__name(masked, "masked");
function isDigit(text) {
  return text >= "0" && text <= "9";
}
__name(isDigit, "isDigit");
function hasCheckDigit(digits) {
  const sum = digits.reduceRight((total, digit, at) => {
    const doubled = (digits.length - at) % 2 === 0 ? 2 * digit : digit;
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return sum > 0 && sum % 10 === 0;
}
__name(hasCheckDigit, "hasCheckDigit");

// core/release/deploy/steps.ts
var DEPLOY = [
  { name: "policy", changes: false, undo: null, closing: false },
  ...deployGates.map(({ deploy }) => ({ name: deploy.step, changes: false, undo: null, closing: false })),
  { name: "migrations", changes: false, undo: null, closing: false },
  { name: "image", changes: false, undo: null, closing: false },
  { name: "target", changes: false, undo: null, closing: false },
  { name: "approval", changes: false, undo: null, closing: false },
  { name: "backup", changes: false, undo: null, closing: false },
  { name: "migrate", changes: true, undo: null, closing: false },
  { name: "start", changes: true, undo: "remove the new release", closing: false },
  { name: "healthy", changes: false, undo: null, closing: false },
  { name: "smoke", changes: false, undo: null, closing: false },
  { name: "switch", changes: true, undo: "switch back", closing: false },
  { name: "watch", changes: false, undo: null, closing: false },
  { name: "prune", changes: true, undo: null, closing: true }
];
function outcomeOf({ at, hadBefore, serves, lost }) {
  const step = DEPLOY.findIndex(({ name }) => name === at);
  const firstChange = DEPLOY.findIndex(({ changes }) => changes);
  if (lost) return "interrupted";
  if (step < firstChange) return "refused";
  if (hadBefore && !serves) return "broken";
  if (at === "watch") return hadBefore ? "rolled-back" : "broken";
  return "failed";
}
__name(outcomeOf, "outcomeOf");
function previousRelease({ live, retained }, candidate) {
  const earlier = retained.filter(({ release }) => release !== candidate);
  switch (live.kind) {
    case "live":
      return live.instance.release === candidate ? earlier[0] ?? null : live.instance;
    case "split":
      return live.instances.find(({ release }) => release !== candidate) ?? earlier[0] ?? null;
    case "none":
    case "foreign":
      return null;
  }
}
__name(previousRelease, "previousRelease");
function startOf({ live, candidates }, wanted, fresh) {
  const same = /* @__PURE__ */ __name((instance) => digestOf(instance.image) === digestOf(wanted.image) && instance.version === wanted.version && instance.configDigest === wanted.configDigest, "same");
  if (live.kind === "live" && same(live.instance)) return { kind: "serves", release: live.instance.release };
  const begun = candidates.find(same) ?? (live.kind === "split" ? live.instances.find(same) : void 0);
  return begun === void 0 ? { kind: "new", release: fresh } : { kind: "resumed", release: begun.release };
}
__name(startOf, "startOf");
function digestOf(image) {
  return image.slice(image.indexOf("@") + 1);
}
__name(digestOf, "digestOf");
function allOf({ live, retained, candidates }) {
  return [
    ...live.kind === "live" ? [live.instance] : live.kind === "split" ? live.instances : [],
    ...retained,
    ...candidates
  ];
}
__name(allOf, "allOf");
function lacksApprovals(error) {
  return error instanceof TollgateError && error.code === "approval-too-few";
}
__name(lacksApprovals, "lacksApprovals");
function approvalCommands(environment, version) {
  return [
    `tollgate plan --env=${environment} --version=${version} --out=plan.json`,
    "tollgate approve --plan=plan.json"
  ];
}
__name(approvalCommands, "approvalCommands");
function waitingNext(environment, version) {
  const [write, sign] = approvalCommands(environment, version);
  return `Nothing was changed. An approver signs the plan: \`${write}\`, \`${sign}\`. Then run the same command again with --approval=FILE.`;
}
__name(waitingNext, "waitingNext");
function nextOf(outcome, environment, { leftOpen, isFirst }) {
  if (leftOpen)
    return "The database needs an operator: follow docs/runbook-migration-failed.md before you deploy again.";
  switch (outcome) {
    case "live":
      return "";
    case "refused":
      return "Fix the cause and deploy again. Nothing was changed.";
    case "failed":
    case "rolled-back":
      return "Fix the cause and deploy again. No cleanup is needed.";
    case "interrupted":
      return `\`tollgate status --env=${environment}\` shows what is serving and which run claimed it last. Run the command again when that run has ended.`;
    case "broken":
      if (isFirst)
        return `Act now: deploy a release that works. Until then, \`tollgate maintenance on --env=${environment}\` keeps requests from this one.`;
      return `Act now: \`tollgate status --env=${environment}\` shows what is there, \`tollgate rollback --env=${environment}\` rolls back. Runbook: docs/runbook-rollback.md`;
  }
}
__name(nextOf, "nextOf");

// core/release/logs/request.ts
function sinceOf(written) {
  if (written === "") return null;
  if (/^(?=\d)(?:\d+h)?(?:\d+m)?(?:\d+s)?$/.test(written)) return written;
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)$/.test(written)) {
    const time = Date.parse(written);
    if (!Number.isNaN(time)) return new Date(time).toISOString();
  }
  throw new TollgateError(
    "since-form",
    "--since is neither a duration nor a time with its zone.",
    "Write --since=90s, --since=2h30m or --since=2026-11-23T09:30:00+08:00."
  );
}
__name(sinceOf, "sinceOf");
function releasesOf(running, wanted, environment) {
  const all = allOf(running);
  const found = wanted !== "" ? all.filter(({ release, version }) => release === wanted || version === wanted).slice(0, 1) : running.live.kind === "live" ? [running.live.instance] : running.live.kind === "split" ? running.live.instances : [];
  if (found.length > 0) return found;
  const there = all.map(({ release, version }) => `${release} (${version})`).join(", ");
  throw new TollgateError(
    "logs-none",
    wanted === "" ? `No release has the traffic of ${environment}.` : `Release ${wanted} is not on the target of ${environment}.`,
    there === "" ? `Deploy first: \`tollgate status --env=${environment}\` shows what is there.` : `Choose one with --release: ${there}. The log of a removed release is gone with its containers.`
  );
}
__name(releasesOf, "releasesOf");
function linesAfter(lines, last) {
  return last === null ? lines : lines.filter(({ at }) => at > last);
}
__name(linesAfter, "linesAfter");
var MOST_AT_ONCE = 4e4;
function newestWithin(lines) {
  let characters = 0;
  let first = lines.length;
  while (first > 0) {
    characters += lines[first - 1]?.text.length ?? 0;
    if (characters > MOST_AT_ONCE) break;
    first -= 1;
  }
  return { kept: lines.slice(first), left: first };
}
__name(newestWithin, "newestWithin");

export {
  withoutCardNumbers,
  DEPLOY,
  outcomeOf,
  previousRelease,
  startOf,
  allOf,
  lacksApprovals,
  approvalCommands,
  waitingNext,
  nextOf,
  sinceOf,
  releasesOf,
  linesAfter,
  newestWithin
};
