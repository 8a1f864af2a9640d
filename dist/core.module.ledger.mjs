import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  accessBy
} from "./shared.core.module.access.mjs";
import {
  keptHeads
} from "./shared.core.release.ledger.keep-head.mjs";
import {
  firstLine
} from "./shared.core.release.pipeline.run.mjs";
import {
  verifyHeads
} from "./shared.core.ledger.verify-heads.mjs";
import "./shared.core.shared.interruption.mjs";
import {
  readOpenReviews,
  reviewLine
} from "./shared.core.release.approval.review-ledger.mjs";
import {
  requireLimit,
  requireReason,
  requireToken
} from "./shared.core.ledger.limits.mjs";
import "./shared.empty.mjs";
import "./shared.core.release.policy.difference.mjs";
import "./shared.core.release.ledger.ledger-away.mjs";
import {
  readHeads
} from "./shared.core.audit.arguments.mjs";
import {
  keysOf,
  signatureLine,
  verifySignatures,
  wrongSignatures
} from "./shared.core.release.approval.signatures.mjs";
import "./shared.core.release.approval.record-problems.mjs";
import "./shared.core.release.approval.review.mjs";
import {
  withModuleLedger
} from "./shared.core.module.open-ledger.mjs";
import {
  moduleEntryPoint
} from "./shared.core.ledger.journal-volume.mjs";
import "./shared.core.release.approval.approval.mjs";
import "./shared.core.release.plan.plan-id.mjs";
import {
  HEAD_NEXT,
  headLines
} from "./shared.core.ledger.chain.mjs";
import {
  openPlace,
  traitsOf
} from "./shared.core.targets.compose.kind.mjs";
import "./shared.core.release.session.relay.mjs";
import "./shared.core.shared.engine-cause.mjs";
import "./shared.core.database.connect.connection-problem.mjs";
import {
  requirePassed
} from "./shared.core.gate.failed.mjs";
import "./shared.core.config.app.mjs";
import "./shared.core.config.approver-key.mjs";
import "./shared.core.config.ecpay-endpoint.mjs";
import "./shared.core.config.gates.mjs";
import {
  environmentSettings
} from "./shared.core.environment.address.mjs";
import "./shared.core.config.ecpay-test-merchants.mjs";
import {
  version
} from "./shared.core.shared.version.mjs";
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
import {
  alignColumns,
  fit,
  line,
  safe,
  screenColumns,
  screenLines,
  wrapWords
} from "./shared.core.presentation.columns.mjs";
import "./shared.core.config.service-name.mjs";
import "./shared.core.targets.ssh.access.mjs";
import "./shared.core.targets.errors.mjs";
import "./shared.core.targets.fence.mjs";
import "./shared.core.shared.shell-words.mjs";
import {
  count,
  duration,
  moment,
  shortDigest
} from "./shared.core.shared.figures.mjs";
import {
  TollgateError
} from "./shared.core.shared.errors.mjs";
import "./shared.zod.v4.classic.checks.mjs";
import "./shared.core.shared.plain-text.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/ledger/release-summary.ts
function summaryOf(release) {
  return {
    release: release.id,
    action: release.action,
    outcome: release.outcome,
    version: release.version ?? "",
    digest: release.digest,
    revision: release.revision ?? "",
    who: release.who,
    why: release.why,
    startedAt: release.startedAt,
    finishedAt: release.finishedAt ?? "",
    seconds: release.seconds ?? 0,
    approvers: release.approvals.map(({ approver }) => approver),
    breakGlass: release.breakGlass?.reason ?? "",
    causes: release.causes,
    steps: release.steps.map(({ name, outcome }) => `${name}: ${outcome}`)
  };
}
__name(summaryOf, "summaryOf");

// core/ledger/screen.ts
function historyScreen(service, environment, releases2, chain, signatures = "") {
  const head = [line(`Tollgate ${version} \xB7 history \xB7 ${service} \xB7 ${environment}`), ""];
  const foot = ["", ...signatures === "" ? [] : [line(signatures)], line(chainLine(chain))];
  const titles = ["started (UTC)", "release", "outcome", "version", "image", "duration", "by"];
  const rows = releases2.map((release) => [
    moment(release.startedAt).replace(/ UTC$/, ""),
    line(release.id, 32),
    outcomeWords(release),
    line(release.version ?? "\u2013", 16),
    shortDigest(release.digest),
    release.seconds === null ? "\u2013" : duration(release.seconds),
    line(release.who, 12)
  ]);
  const [title = "", ...table] = alignColumns(
    [titles, ...rows],
    ["left", "left", "left", "left", "left", "right", "left"]
  ).map((row) => fit(row, screenColumns));
  const entries = releases2.map((release, index) => [table[index] ?? "", ...remarks(release)]);
  const room = screenLines - head.length - foot.length - 2;
  const shown = entries.filter((_, index) => entries.slice(0, index + 1).flat().length <= room);
  const body = releases2.length === 0 ? ["no releases yet"] : [title, ...shown.flat()];
  const more = shown.length < entries.length ? [`\u2026 and ${entries.length - shown.length} more: use --json to see all`] : [];
  return `${[...head, ...body, ...more, ...foot].join("\n")}
`;
}
__name(historyScreen, "historyScreen");
function remarks({ breakGlass, causes, why, journaled }) {
  const said = [
    ...breakGlass === null ? [] : [`BREAK GLASS: ${breakGlass.reason}`],
    causes[0] === void 0 ? why : verdictOf(causes[0]),
    ...journaled ? ["(recorded later, from a journal)"] : []
  ].join("  ");
  return said === "" ? [] : [fit(`    ${safe(said)}`, screenColumns)];
}
__name(remarks, "remarks");
function verdictOf(cause) {
  return cause.split("\n").find((text) => /^(?:FAILED|INCONCLUSIVE): /.test(text)) ?? cause;
}
__name(verdictOf, "verdictOf");
function outcomeWords({ action, outcome }) {
  const fine = outcome === "live" || outcome === "running";
  return `${action === "rollback" ? "rollback " : ""}${fine ? outcome : outcome.toUpperCase()}`;
}
__name(outcomeWords, "outcomeWords");
function chainLine(chain) {
  if (chain.kind === "broken") return `FAILED: the ledger's hash chain is broken at event ${chain.number}: ${chain.why}`;
  return `PASSED: hash chain of ${count(chain.events, "event")} verified, head ${chain.head.slice(0, 16)}`;
}
__name(chainLine, "chainLine");
function statusScreen({ service, environments, chain }, signatures = []) {
  const rows = environments.map(
    (one) => [one.environment, servingWords(one), latestWords(one), leaseWords(one.lease)].map((cell) => safe(cell))
  );
  const table = alignColumns(
    [["environment", "last verified serving", "latest release", "lease"], ...rows],
    ["left", "left", "left", "left"]
  ).map((row) => fit(row, screenColumns));
  const details = environments.flatMap(({ environment, latest, lease }) => [
    ...latest === null || latest.causes.length === 0 ? [] : [line(`${environment}: ${latest.causes[0]}`)],
    ...lease === null ? [] : [line(`${environment} has been locked since ${moment(lease.takenAt)} by run ${lease.run}, on ${lease.owner}`)]
  ]);
  return `${[line(`Tollgate ${version} \xB7 status \xB7 ${service}`), "", ...table, ...details.length === 0 ? [] : ["", ...details], "", ...signatures.map((one) => line(one)), line(chainLine(chain))].slice(0, screenLines).join("\n")}
`;
}
__name(statusScreen, "statusScreen");
function servingWords({ serving }) {
  return serving === null ? "\u2013" : `${shortDigest(serving.digest)} ${moment(serving.at)}`;
}
__name(servingWords, "servingWords");
function latestWords({ latest }) {
  return latest === null ? "none" : `${outcomeWords(latest)} ${shortDigest(latest.digest)}`;
}
__name(latestWords, "latestWords");
function leaseWords(lease) {
  return lease === null ? "free" : `${lease.command} by ${line(lease.who, 16)}`;
}
__name(leaseWords, "leaseWords");
function verifyScreen(service, environment, verdicts, next) {
  const isFailure = /* @__PURE__ */ __name((text) => text.startsWith("FAILED: "), "isFailure");
  return `${[
    line(`Tollgate ${version} \xB7 ledger verify \xB7 ${service} \xB7 ${environment}`),
    "",
    ...[...verdicts.filter((text) => !isFailure(text)), next, ...verdicts.filter(isFailure)].filter((text) => text !== "").flatMap((text) => wrapWords(safe(text), screenColumns))
  ].join("\n")}
`;
}
__name(verifyScreen, "verifyScreen");
function unlockScreen(held, reason) {
  const { environment, run, owner, command, who, takenAt, heartbeatAt } = held;
  return `${[
    line(`Tollgate ${version} \xB7 unlock \xB7 ${environment}`),
    "",
    line(`held by: ${command} by ${who}, run ${run}, on ${owner}`),
    line(`since ${moment(takenAt)}, last heartbeat at ${heartbeatAt.slice(11, 19)} UTC`),
    line(`recorded reason: ${reason}`),
    "",
    line(`UNLOCKED: ${environment}; if that run is still active, it stops before its next step`)
  ].join("\n")}
`;
}
__name(unlockScreen, "unlockScreen");
function raiseScreen(environment, { from, to }, reason) {
  const last = from === to ? `UNCHANGED: the leases of ${environment} are above ${from} already` : `RAISED: the next lease of ${environment} is ${to + 1}; the last one before was ${from}`;
  return `${[line(`Tollgate ${version} \xB7 unlock \xB7 ${environment}`), "", line(`${from === to ? "" : "recorded "}reason: ${reason}`), "", line(last)].join("\n")}
`;
}
__name(raiseScreen, "raiseScreen");

// core/ledger/status.ts
var MOST_RELEASES = 50;
async function ledgerStatus(ledger, service, environments) {
  const found = [];
  for (const environment of environments)
    found.push(
      statusOf(environment, await ledger.releases(environment, MOST_RELEASES), await ledger.holder(environment))
    );
  return { service, environments: found, chain: await ledger.verify() };
}
__name(ledgerStatus, "ledgerStatus");
function statusOf(environment, releases2, lease) {
  const seen = releases2.find(({ serving: serving2, finishedAt }) => serving2 !== null && finishedAt !== null);
  const serving = seen?.serving == null || seen.finishedAt === null ? null : { ...seen.serving, seenBy: seen.id, at: seen.finishedAt };
  return { environment, serving, latest: releases2[0] ?? null, lease };
}
__name(statusOf, "statusOf");

// core/release/ledger/target-heads.ts
async function readTargetHeads(settings, environment, access, entryPoint) {
  const { target } = environmentSettings(settings, environment);
  if (target.kind === "none") return skipped(`${environment} has no target`);
  if (traitsOf(target).keepsLedger) return skipped(`the ledger of ${environment} is on the target itself`);
  try {
    const place = await openPlace(settings, environment, entryPoint, access);
    try {
      const { name, heads } = place.target;
      if (heads === void 0) return skipped(`${name} cannot keep heads`);
      return { kind: "read", heads: keptHeads(await heads.read()) };
    } finally {
      await place.target.close();
    }
  } catch (error) {
    if (!(error instanceof TollgateError)) throw error;
    return skipped(firstLine(error));
  }
}
__name(readTargetHeads, "readTargetHeads");
function skipped(why) {
  return { kind: "skipped", why };
}
__name(skipped, "skipped");
function targetHeadsLine(read) {
  if (read.kind === "skipped") return `skipped: the heads on the target were not compared: ${read.why}`;
  return read.heads.length > 0 ? "" : "skipped: the target keeps no head yet; the next release adds one";
}
__name(targetHeadsLine, "targetHeadsLine");

// core/release/ledger/verify.ts
async function verifyLedger(ledger, settings, environment, given, onTarget) {
  const chain = await ledger.verify();
  const signatures = await verifySignatures(ledger, environment, keysOf(settings, environment));
  const heads = await verifyHeads(ledger, [
    ...given.map((head) => ({ ...head, by: "--head" })),
    ...onTarget.kind === "read" ? onTarget.heads : []
  ]);
  const passed = chain.kind === "whole" && signatures.problems.length === 0 && heads.every(({ kind }) => kind === "contained");
  return { passed, chain, signatures, heads, skipped: targetHeadsLine(onTarget) };
}
__name(verifyLedger, "verifyLedger");
function ledgerVerdictScreen(service, environment, { chain, signatures, heads, skipped: skipped2 }) {
  const isLost = heads.some(({ kind }) => kind !== "contained");
  return verifyScreen(
    service,
    environment,
    [signatureLine(signatures) || "no approval is recorded", skipped2, ...headLines(heads), chainLine(chain)].filter(
      (text) => text !== ""
    ),
    isLost ? HEAD_NEXT : ""
  );
}
__name(ledgerVerdictScreen, "ledgerVerdictScreen");

// core/module/ledger.ts
function history(source, { env: environment, ledger: secret, limit }) {
  const most = requireLimit(limit);
  return withModuleLedger(source, secret, environment, async (ledger, settings) => {
    const releases2 = await ledger.releases(environment, most);
    const chain = await ledger.verify();
    const signatures = await verifySignatures(ledger, environment, keysOf(settings, environment));
    return requirePassed(
      "ledger",
      chain.kind === "whole" && signatures.problems.length === 0,
      historyScreen(settings.ledger.service, environment, releases2, chain, signatureLine(signatures))
    );
  });
}
__name(history, "history");
function ledgerVerify(source, { env: environment, ledger: secret, head, ...keys }) {
  const given = readHeads(head);
  return withModuleLedger(source, secret, environment, async (ledger, settings) => {
    const onTarget = await readTargetHeads(settings, environment, accessBy(keys), moduleEntryPoint);
    const verdict = await verifyLedger(ledger, settings, environment, given, onTarget);
    return requirePassed("ledger", verdict.passed, ledgerVerdictScreen(settings.ledger.service, environment, verdict));
  });
}
__name(ledgerVerify, "ledgerVerify");
function releases(source, { env: environment, ledger: secret, limit }) {
  const most = requireLimit(limit);
  return withModuleLedger(
    source,
    secret,
    environment,
    async (ledger) => (await ledger.releases(environment, most)).map(summaryOf)
  );
}
__name(releases, "releases");
function showStatus(source, environment, secret) {
  return withModuleLedger(source, secret, environment === "" ? null : environment, async (ledger, settings) => {
    const environments = environment === "" ? Object.keys(settings.environments) : [environment];
    const status = await ledgerStatus(ledger, settings.ledger.service, environments);
    const wrong = await wrongSignatures(ledger, settings, environments);
    const reviews = [];
    for (const one of environments) reviews.push(...(await readOpenReviews(ledger, settings, one)).map(reviewLine));
    return requirePassed(
      "ledger",
      status.chain.kind === "whole" && wrong.length === 0,
      statusScreen(status, [...wrong, ...reviews])
    );
  });
}
__name(showStatus, "showStatus");
function unlock(source, { env: environment, ledger: secret, ...given }) {
  const reason = requireReason(given.reason);
  const who = requireReason(given.who, "--who");
  const above = requireToken(given.raise);
  const by = { reason, run: runId(/* @__PURE__ */ new Date()), who };
  return withModuleLedger(
    source,
    secret,
    environment,
    async (ledger) => above > 0 ? raiseScreen(environment, await ledger.raise(environment, { above, ...by }), reason) : unlockScreen(await ledger.unlock(environment, by), reason)
  );
}
__name(unlock, "unlock");
export {
  history,
  ledgerVerify,
  releases,
  showStatus,
  unlock
};
