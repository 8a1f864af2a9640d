import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  moduleDoor
} from "./shared.core.ledger.journal-volume.mjs";
import {
  journalId,
  openLedger,
  openReleaseLedger
} from "./shared.core.ledger.chain.mjs";
import {
  openPlace
} from "./shared.core.release.open.mjs";
import "./shared.core.release.relay.mjs";
import "./shared.core.release.target.ssh.access.mjs";
import "./shared.core.canonical-json.mjs";
import "./shared.core.database.connection-problem.mjs";
import {
  runId
} from "./shared.core.qa.run-id.mjs";
import "./shared.core.progress.mjs";
import {
  requireGreen
} from "./shared.core.gate.red.mjs";
import {
  readSettings
} from "./shared.core.config.app.mjs";
import "./shared.core.config.scan.mjs";
import "./shared.core.config.service-name.mjs";
import "./shared.core.database.address.mjs";
import {
  environmentSettings
} from "./shared.core.environment.address.mjs";
import "./shared.core.config.ecpay-test-merchants.mjs";
import "./shared.core.config.fields.mjs";
import {
  version
} from "./shared.core.version.mjs";
import "./shared.core.shared.connection-url.mjs";
import "./shared.core.secrets.parse.mjs";
import {
  TollgateError
} from "./shared.core.errors.mjs";
import {
  alignColumns,
  fit,
  line,
  safe,
  screenColumns,
  screenLines
} from "./shared.core.report.columns.mjs";
import "./shared.core.config.ecpay-endpoint.mjs";
import {
  count,
  duration,
  moment,
  shortDigest
} from "./shared.core.report.figures.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/ledger/limits.ts
var MOST = 1e3;
function requireLimit(limit) {
  if (Number.isInteger(limit) && limit >= 1 && limit <= MOST) return limit;
  throw new TollgateError("history-limit", `--limit is ${limit}.`, `Give a whole number from 1 to ${MOST}.`);
}
__name(requireLimit, "requireLimit");
function requireReason(reason, option = "--reason") {
  const plain = reason.replace(/\s+/g, " ").trim();
  if (plain !== "") return plain;
  throw new TollgateError("reason-missing", `${option} is empty.`, "Say why: it is recorded. Nothing was changed.");
}
__name(requireReason, "requireReason");

// core/release/environment-ledger.ts
async function withEnvironmentLedger(settings, environment, url, door, work) {
  const target = environment === null ? null : environmentSettings(settings, environment).target;
  if (url !== null) {
    const { service, patience } = settings.ledger;
    const ledger = await openLedger({ url, service, patience, journal: door.journal(journalId(url)), need: "required", door: door.kind });
    try {
      return await work(ledger);
    } finally {
      await ledger.close();
    }
  }
  if (environment === null || target?.kind !== "sandbox")
    throw new TollgateError("ledger-missing", "Nobody said which ledger: only the sandbox has one of its own.", "Give its Postgres as --ledger=env:NAME. Nothing was changed.");
  const place = await openPlace(settings, environment, door, { ssh: null, registry: null });
  try {
    const opened = await openReleaseLedger(settings, place, door, null, "required", (text) => text);
    if (opened === null) throw new RangeError("a ledger that is required is there");
    try {
      return await work(opened.ledger);
    } finally {
      await opened.close();
    }
  } finally {
    await place.target.close();
  }
}
__name(withEnvironmentLedger, "withEnvironmentLedger");

// core/module/open-ledger.ts
async function withModuleLedger(source, secret, environment, work) {
  const settings = await readSettings(source);
  const url = secret === void 0 ? null : await secret.plaintext();
  return await withEnvironmentLedger(settings, environment, url, moduleDoor, (ledger) => work(ledger, settings));
}
__name(withModuleLedger, "withModuleLedger");

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
function historyScreen(service, environment, releases2, chain) {
  const head = [line(`Tollgate ${version} \xB7 history \xB7 ${service} \xB7 ${environment}`), ""];
  const foot = ["", line(chainLine(chain))];
  const titles = ["began (UTC)", "release", "", "version", "image", "took", "by"];
  const rows = releases2.map((release) => [
    moment(release.startedAt).replace(/ UTC$/, ""),
    line(release.id, 32),
    outcomeWords(release),
    line(release.version ?? "\u2013", 16),
    shortDigest(release.digest),
    release.seconds === null ? "\u2013" : duration(release.seconds),
    line(release.who, 12)
  ]);
  const [title = "", ...table] = alignColumns([titles, ...rows], ["left", "left", "left", "left", "left", "right", "left"]).map((row) => fit(row, screenColumns));
  const entries = releases2.map((release, index) => [table[index] ?? "", ...remarks(release)]);
  const room = screenLines - head.length - foot.length - 2;
  const shown = entries.filter((_, index) => entries.slice(0, index + 1).flat().length <= room);
  const body = releases2.length === 0 ? ["nothing was released there yet"] : [title, ...shown.flat()];
  const more = shown.length < entries.length ? [`\u2026 and ${entries.length - shown.length} more: --json has them`] : [];
  return `${[...head, ...body, ...more, ...foot].join("\n")}
`;
}
__name(historyScreen, "historyScreen");
function remarks({ breakGlass, causes, why, journaled }) {
  const said = [...breakGlass === null ? [] : [`BREAK GLASS: ${breakGlass.reason}`], causes[0] ?? why, ...journaled ? ["(written down later)"] : []].join("  ");
  return said === "" ? [] : [fit(`    ${safe(said)}`, screenColumns)];
}
__name(remarks, "remarks");
function outcomeWords({ action, outcome }) {
  const good = outcome === "live" || outcome === "running";
  return `${action === "rollback" ? "rollback " : ""}${good ? outcome : outcome.toUpperCase()}`;
}
__name(outcomeWords, "outcomeWords");
function chainLine(chain) {
  if (chain.kind === "broken") return `RED: the ledger was tampered with at event ${chain.number}: ${chain.why}`;
  return `WHOLE: ${count(chain.events, "event")}, the last one ${chain.head.slice(0, 16)}`;
}
__name(chainLine, "chainLine");
function statusScreen({ service, environments, chain }) {
  const rows = environments.map((one) => [one.environment, servingWords(one), latestWords(one), leaseWords(one.lease)].map((cell) => safe(cell)));
  const table = alignColumns([["environment", "seen to serve", "latest release", "held by"], ...rows], ["left", "left", "left", "left"]).map((row) => fit(row, screenColumns));
  const details = environments.flatMap(({ environment, latest, lease }) => [
    ...latest === null || latest.causes.length === 0 ? [] : [line(`${environment}: ${latest.causes[0]}`)],
    ...lease === null ? [] : [line(`${environment} is held since ${moment(lease.takenAt)}, run ${lease.run}, on ${lease.owner}`)]
  ]);
  return `${[line(`Tollgate ${version} \xB7 status \xB7 ${service}`), "", ...table, ...details.length === 0 ? [] : ["", ...details], "", line(chainLine(chain))].slice(0, screenLines).join("\n")}
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
  return lease === null ? "nobody" : `${lease.command} by ${line(lease.who, 16)}`;
}
__name(leaseWords, "leaseWords");
function unlockScreen(held, reason) {
  const { environment, run, owner, command, who, takenAt, heartbeatAt } = held;
  return `${[
    line(`Tollgate ${version} \xB7 unlock \xB7 ${environment}`),
    "",
    line(`taken from: ${command} by ${who}, run ${run}, on ${owner}`),
    line(`it had it since ${moment(takenAt)}; its last sign of life was at ${heartbeatAt.slice(11, 19)} UTC`),
    line(`reason, as it is recorded: ${reason}`),
    "",
    line(`UNLOCKED: ${environment}; a run that still works there stops before its next step`)
  ].join("\n")}
`;
}
__name(unlockScreen, "unlockScreen");

// core/ledger/status.ts
var LOOKS_BACK = 50;
async function ledgerStatus(ledger, service, environments) {
  const found = [];
  for (const environment of environments) found.push(statusOf(environment, await ledger.releases(environment, LOOKS_BACK), await ledger.holder(environment)));
  return { service, environments: found, chain: await ledger.verify() };
}
__name(ledgerStatus, "ledgerStatus");
function statusOf(environment, releases2, lease) {
  const seen = releases2.find(({ serving: serving2, finishedAt }) => serving2 !== null && finishedAt !== null);
  const serving = seen?.serving == null || seen.finishedAt === null ? null : { ...seen.serving, seenBy: seen.id, at: seen.finishedAt };
  return { environment, serving, latest: releases2[0] ?? null, lease };
}
__name(statusOf, "statusOf");

// core/module/ledger.ts
function history(source, { env: environment, ledger: secret, limit }) {
  const most = requireLimit(limit);
  return withModuleLedger(source, secret, environment, async (ledger, settings) => {
    const releases2 = await ledger.releases(environment, most);
    const chain = await ledger.verify();
    return requireGreen("ledger", chain.kind === "whole", historyScreen(settings.ledger.service, environment, releases2, chain));
  });
}
__name(history, "history");
function releases(source, { env: environment, ledger: secret, limit }) {
  const most = requireLimit(limit);
  return withModuleLedger(source, secret, environment, async (ledger) => (await ledger.releases(environment, most)).map(summaryOf));
}
__name(releases, "releases");
function showStatus(source, environment, secret) {
  return withModuleLedger(source, secret, environment === "" ? null : environment, async (ledger, settings) => {
    const status = await ledgerStatus(ledger, settings.ledger.service, environment === "" ? Object.keys(settings.environments) : [environment]);
    return requireGreen("ledger", status.chain.kind === "whole", statusScreen(status));
  });
}
__name(showStatus, "showStatus");
function unlock(source, { env: environment, ledger: secret, ...given }) {
  const reason = requireReason(given.reason);
  const who = requireReason(given.who, "--who");
  return withModuleLedger(source, secret, environment, async (ledger) => unlockScreen(await ledger.unlock(environment, { reason, run: runId(/* @__PURE__ */ new Date()), who }), reason));
}
__name(unlock, "unlock");
export {
  history,
  releases,
  showStatus,
  unlock
};
