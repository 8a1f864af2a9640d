import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  recordsOf
} from "./shared.core.release.approval.records.mjs";
import {
  readHeads,
  readKeys
} from "./shared.core.audit.arguments.mjs";
import {
  saysElse
} from "./shared.core.release.approval.signatures.mjs";
import {
  judgeApprovals
} from "./shared.core.release.approval.record-problems.mjs";
import {
  reviewFile,
  whyNoReview
} from "./shared.core.release.approval.review.mjs";
import {
  withModuleLedger
} from "./shared.core.module.open-ledger.mjs";
import "./shared.core.ledger.journal-volume.mjs";
import {
  approvalFile,
  fingerprint,
  policyApproval,
  policyHistory
} from "./shared.core.release.approval.approval.mjs";
import "./shared.core.release.plan.plan-id.mjs";
import {
  EMPTY_CHAIN,
  eventOf,
  followChain,
  happening,
  parseBody,
  releasesOf,
  rowHash,
  timeOf
} from "./shared.core.ledger.chain.mjs";
import "./shared.core.targets.compose.kind.mjs";
import "./shared.core.release.session.relay.mjs";
import "./shared.core.database.connect.connection-problem.mjs";
import {
  requirePassed
} from "./shared.core.gate.failed.mjs";
import {
  percentileOf
} from "./shared.core.config.app.mjs";
import {
  canonicalKey
} from "./shared.core.config.approver-key.mjs";
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
import "./shared.core.shared.progress.mjs";
import "./shared.core.config.port.mjs";
import "./shared.core.config.fields.mjs";
import {
  alignColumns,
  fit,
  line,
  safe,
  screenColumns,
  wrapWords
} from "./shared.core.presentation.columns.mjs";
import "./shared.core.config.service-name.mjs";
import "./shared.core.targets.ssh.access.mjs";
import "./shared.core.shared.shell-words.mjs";
import {
  count,
  duration,
  moment,
  percent
} from "./shared.core.shared.figures.mjs";
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

// core/module/audit.ts
import { mkdtempSync, rmSync as rmSync2 } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join as join2 } from "node:path";
import { dag } from "../sdk/index.ts";

// core/audit/evidence.ts
var AUDIT_FORMAT = "tollgate-audit";
var AUDIT_VERSION = 1;
var ledgerMoment = external_exports.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
var hash = external_exports.string().regex(/^[0-9a-f]{64}$/);
var auditHead = external_exports.strictObject({
  format: external_exports.literal(AUDIT_FORMAT),
  version: external_exports.literal(AUDIT_VERSION),
  service: external_exports.string().min(1),
  environment: external_exports.string().min(1),
  from: ledgerMoment,
  to: ledgerMoment,
  exportedAt: external_exports.iso.datetime({ offset: true }),
  /** Whether the content of other services' events was left out. */
  othersHidden: external_exports.boolean(),
  /** The run that held the environment's lease at the export; null: none. Its release is not finished. */
  running: external_exports.string().nullable(),
  /** The whole ledger at the export: a head to keep. */
  ledger: external_exports.strictObject({ events: external_exports.int().min(0), head: hash })
});
var auditRow = external_exports.strictObject({
  number: external_exports.int().min(1),
  at: ledgerMoment,
  journaled: external_exports.boolean(),
  stale: external_exports.boolean(),
  previous: hash,
  hash,
  body: external_exports.string().nullable()
});
function ownEvents({ head, chain, outside }) {
  return [...chain, ...outside].sort((one, other) => one.number - other.number).flatMap(({ body: body2, ...row }) => body2 === null ? [] : eventOf({ ...row, body: body2 })).filter(({ context }) => context.service === head.service && context.environment === head.environment);
}
__name(ownEvents, "ownEvents");
function numbersOf({ head, chain }) {
  const first = chain.find(({ at }) => at >= head.from);
  const last = chain.findLast(({ at }) => at < head.to);
  return first === void 0 || last === void 0 || last.number < first.number ? null : { first: first.number, last: last.number };
}
__name(numbersOf, "numbersOf");
var body = external_exports.object({
  context: external_exports.object({ service: external_exports.string(), environment: external_exports.string(), release: external_exports.string().nullable() }),
  what: external_exports.object({ kind: external_exports.string() })
});
function contextOf(text) {
  const { context, what } = body.parse(JSON.parse(text));
  return { ...context, kind: what.kind };
}
__name(contextOf, "contextOf");

// core/audit/change.ts
function isKind(event, kind) {
  return event.what.kind === kind;
}
__name(isKind, "isKind");
function eventsOfKind(events, kind) {
  return events.filter((event) => isKind(event, kind));
}
__name(eventsOfKind, "eventsOfKind");
function changesOf(evidence) {
  const numbers = numbersOf(evidence);
  if (numbers === null) return [];
  const all = ownEvents(evidence);
  const first = evidence.chain[0]?.number ?? 0;
  const last = evidence.chain.at(-1)?.number ?? 0;
  const events = all.filter(({ number, what }) => number >= first && (number <= last || what.kind === "glass-reviewed"));
  const planned = /* @__PURE__ */ new Map();
  for (const event of eventsOfKind(all, "planned"))
    planned.set(event.what.planId, [...planned.get(event.what.planId) ?? [], event]);
  const { running } = evidence.head;
  return [...byRelease(events)].flatMap(([id, given]) => {
    const begin = given.findIndex(
      ({ what, number }) => what.kind === "release-started" && number >= numbers.first && number <= numbers.last
    );
    const start = given[begin];
    if (start === void 0) return [];
    const own = given.slice(begin);
    const [record] = releasesOf(own, running === null ? null : { run: running });
    if (record === void 0) return [];
    const files = new Set(own.flatMap((event) => isKind(event, "approved") ? [event.what.planSha256] : []));
    const plans = (planned.get(record.planId ?? "") ?? []).filter(
      ({ what, number }) => number < start.number || files.has(what.planSha256)
    );
    return [{ folder: folderOf(start.number, id), record, events: own, plans }];
  });
}
__name(changesOf, "changesOf");
function byRelease(events) {
  const found = /* @__PURE__ */ new Map();
  for (const event of events) {
    const { release } = event.context;
    if (release === null) continue;
    const known = found.get(release);
    if (known === void 0) found.set(release, [event]);
    else known.push(event);
  }
  return found;
}
__name(byRelease, "byRelease");
function folderOf(number, id) {
  return `${String(number).padStart(7, "0")}-${id.replace(/[^A-Za-z0-9._-]/g, "_").slice(0, 60)}`;
}
__name(folderOf, "folderOf");
function stepsOf({ events }) {
  const steps = [];
  for (const event of events) {
    const { run } = event.context;
    if (isKind(event, "step-started"))
      steps.push({
        step: event.what.step,
        startedAt: timeOf(event),
        outcome: null,
        seconds: null,
        note: "",
        detail: null,
        run
      });
    if (!isKind(event, "step-finished")) continue;
    const { step, outcome, seconds, note, detail } = event.what;
    const open = steps.findLastIndex((one) => one.step === step && one.run === run && one.outcome === null);
    const startedAt = steps[open]?.startedAt ?? timeOf(event);
    const ended = { step, startedAt, outcome, seconds, note, detail, run };
    if (open < 0) steps.push(ended);
    else steps[open] = ended;
  }
  return steps;
}
__name(stepsOf, "stepsOf");
function gotTraffic(events, run) {
  return events.some(
    (event) => event.context.run === run && isKind(event, "step-started") && event.what.step === "switch"
  );
}
__name(gotTraffic, "gotTraffic");

// core/audit/csv.ts
function csv(rows) {
  return `\uFEFF${rows.map((row) => `${row.map(cell).join(",")}\r
`).join("")}`;
}
__name(csv, "csv");
var FORMULA = /^(\s*[=+\-@＝＋－＠]|[\t\r\n])/;
function cell(text) {
  const harmless = (FORMULA.test(text) ? `'${text}` : text).replace(/[\r\n]+/g, " ");
  return `"${harmless.replaceAll('"', '""')}"`;
}
__name(cell, "cell");

// core/audit/files.ts
var HEAD = "audit.json";
var CHAIN = "events.jsonl";
var OUTSIDE = "outside.jsonl";
var CHANGES = "changes.csv";
function filesOf(evidence) {
  const changes = changesOf(evidence);
  const files = /* @__PURE__ */ new Map([
    ["README.txt", readme(evidence)],
    [HEAD, pretty(evidence.head)],
    [CHAIN, lines(evidence.chain)],
    [OUTSIDE, lines(evidence.outside)],
    [CHANGES, csv([COLUMNS.map(([name]) => name), ...changes.map((one) => COLUMNS.map(([, read]) => read(one)))])],
    ["operations.csv", operations(evidence)]
  ]);
  for (const event of eventsOfKind(ownEvents(evidence), "policy-adopted"))
    files.set(`policies/${String(event.number).padStart(7, "0")}.json`, pretty(withWhen(event, event.what)));
  for (const change of changes)
    for (const [name, text] of filesOfChange(change)) files.set(`changes/${change.folder}/${name}`, text);
  return files;
}
__name(filesOf, "filesOf");
var COLUMNS = [
  ["change", ({ record }) => record.id],
  ["action", ({ record }) => record.action],
  ["outcome", ({ record }) => record.outcome],
  ["started", ({ record }) => record.startedAt],
  ["finished", ({ record }) => record.finishedAt ?? ""],
  ["by", ({ record }) => record.who],
  ["reason", ({ record }) => record.why],
  ["version", ({ record }) => record.version ?? ""],
  ["image", ({ record }) => record.digest],
  ["commit", ({ record }) => record.revision ?? ""],
  ["migrations", ({ record }) => record.migrations.join("; ")],
  ["configuration", ({ record }) => record.configNames.join("; ")],
  ["plan", ({ record }) => record.planId ?? ""],
  ["plan files", ({ plans }) => plans.map(({ what }) => what.planSha256).join("; ")],
  ["authors", ({ plans }) => unique(plans.flatMap(({ what }) => what.authors ?? [])).join("; ")],
  ["approvers", ({ record }) => unique(record.approvals.map(({ approver }) => approver)).join("; ")],
  ["break-glass", ({ record }) => record.breakGlass?.reason ?? ""],
  ["break-glass by", ({ record }) => signerOf(record.breakGlass?.signed)],
  ["overrides", ({ record }) => record.breakGlass?.waived.join("; ") ?? ""],
  [
    "reviewed by",
    ({ events }) => eventsOfKind(events, "glass-reviewed").map(({ what }) => what.approver).join("; ")
  ],
  ["served before", ({ record }) => record.previous?.digest ?? ""],
  ["served after", ({ record }) => record.serving?.digest ?? ""],
  ["causes", ({ record }) => record.causes.join("; ")],
  ["recorded later", ({ record }) => record.journaled ? "yes" : "no"],
  ["first event", ({ events }) => String(events[0]?.number ?? "")],
  ["last event", ({ events }) => String(events.at(-1)?.number ?? "")],
  ["folder", ({ folder }) => `changes/${folder}`]
];
function filesOfChange(change) {
  const { record, events, plans } = change;
  const { approvals, breakGlass, steps: _, ...said } = record;
  const runs = eventsOfKind(events, "release-started").map((event) => withWhen(event, { why: event.what.why }));
  return [
    [
      "change.json",
      pretty({
        ...said,
        runs,
        approvals: approvals.map(({ signed: _2, ...one }) => one),
        breakGlass: breakGlass === null ? null : { reason: breakGlass.reason, overrides: breakGlass.waived },
        plans: plans.map((event) => withWhen(event, event.what)),
        events: events.map(({ number }) => number)
      })
    ],
    ["steps.json", pretty(stepsOf(change))],
    ...events.flatMap((event) => {
      const number = String(event.number).padStart(7, "0");
      if (isKind(event, "approved")) return [[`approvals/${number}.json`, pretty(event.what.signed)]];
      if (isKind(event, "broke-glass")) return [[`break-glass/${number}.json`, pretty(withWhen(event, event.what))]];
      if (isKind(event, "glass-reviewed")) return [[`reviews/${number}.json`, pretty(withWhen(event, event.what))]];
      return [];
    })
  ];
}
__name(filesOfChange, "filesOfChange");
function operations(evidence) {
  const first = evidence.chain[0]?.number ?? 0;
  const rows = ownEvents(evidence).filter(({ number }) => number >= first).flatMap((event) => {
    const row = /* @__PURE__ */ __name((kind, reason) => [
      String(event.number),
      timeOf(event),
      kind,
      event.context.who,
      reason
    ], "row");
    if (isKind(event, "unlocked")) return [row("unlocked", event.what.reason)];
    if (isKind(event, "maintenance")) return [row(`maintenance ${event.what.on ? "on" : "off"}`, event.what.message)];
    if (isKind(event, "policy-adopted")) return [row("policy adopted", event.what.reason)];
    if (isKind(event, "lease-taken") && event.what.reason !== null)
      return [row("lease taken over", event.what.reason)];
    return [];
  });
  return csv([["event", "time", "operation", "by", "reason"], ...rows]);
}
__name(operations, "operations");
function withWhen(event, what) {
  const { number, journaled, stale, context } = event;
  return { event: number, at: timeOf(event), run: context.run, who: context.who, journaled, stale, ...what };
}
__name(withWhen, "withWhen");
function readme({ head, chain }) {
  const { service, environment, from, to, ledger } = head;
  return `Changes of ${service} in ${environment}, from ${from} until before ${to}, by the clock of the ledger.

changes.csv      every change that started or was continued in that time, also failed, refused, interrupted and rolled-back ones
changes/         for each change: what it was, its steps, its approvals as they were signed
operations.csv   unlocked leases, maintenance, adopted policies
policies/        every policy of the environment, with its approvals as they were signed
events.jsonl     events ${chain[0]?.number ?? 0} to ${chain.at(-1)?.number ?? 0} of the ledger, each with the hash that the next one repeats
outside.jsonl    single earlier and later events that the changes refer to
audit.json       service, environment, period, and when this was exported

The other files are made from these three. Verify the folder, offline:

  tollgate audit verify FOLDER --key=PUBLIC_KEY_OF_EACH_APPROVER --head=NUMBER:HASH

When it was exported, the ledger had ${ledger.events} events and the head ${ledger.head}.
In the CSV files an apostrophe stands before a text that a spreadsheet would run as a formula.
`;
}
__name(readme, "readme");
function lines(rows) {
  return rows.map(
    ({ number, at, journaled, stale, previous, hash: hash2, body: body2 }) => `${JSON.stringify({ number, at, journaled, stale, previous, hash: hash2, body: body2 })}
`
  ).join("");
}
__name(lines, "lines");
function pretty(value) {
  return `${JSON.stringify(value, null, 2)}
`;
}
__name(pretty, "pretty");
function signerOf(signed) {
  const parsed = approvalFile.safeParse(signed);
  return parsed.success ? parsed.data.statement.approver : "";
}
__name(signerOf, "signerOf");
function unique(names) {
  return [...new Set(names)];
}
__name(unique, "unique");

// core/audit/folder.ts
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
var OF_DESKTOPS = /* @__PURE__ */ new Set([".DS_Store", "Thumbs.db", "desktop.ini"]);
function requireNewFolder(folder) {
  if (!existsSync(folder) || lstatSync(folder).isDirectory() && readdirSync(folder).length === 0) return;
  throw new TollgateError(
    "audit-folder",
    `${folder} (--out) exists and is not an empty folder.`,
    "Pass a new folder with --out. Nothing was written."
  );
}
__name(requireNewFolder, "requireNewFolder");
function writeFolder(folder, files) {
  requireNewFolder(folder);
  const part = `${resolve(folder)}.part-${process.pid}`;
  try {
    for (const [path, text] of files) {
      mkdirSync(dirname(join(part, path)), { recursive: true });
      writeFileSync(join(part, path), text);
    }
    rmSync(folder, { recursive: true, force: true });
    renameSync(part, folder);
  } catch (error) {
    rmSync(part, { recursive: true, force: true });
    throw error;
  }
}
__name(writeFolder, "writeFolder");
function readFolder(folder) {
  if (!existsSync(folder) || !lstatSync(folder).isDirectory())
    throw new TollgateError(
      "audit-unreadable",
      `${folder} is not a folder.`,
      "Pass the folder that `audit export` wrote. Nothing was verified."
    );
  if (!existsSync(join(folder, HEAD)))
    throw new TollgateError(
      "audit-unreadable",
      `${folder} is not an audit export: it has no ${HEAD}.`,
      "Pass the folder that `audit export` wrote, unchanged."
    );
  const files = /* @__PURE__ */ new Map();
  const visit2 = /* @__PURE__ */ __name((path) => {
    for (const entry of readdirSync(join(folder, path), { withFileTypes: true })) {
      const inner = path === "" ? entry.name : `${path}/${entry.name}`;
      if (OF_DESKTOPS.has(entry.name)) continue;
      if (entry.isDirectory()) visit2(inner);
      else files.set(inner, entry.isFile() ? readFileSync(join(folder, inner), "utf8") : "");
    }
  }, "visit");
  visit2("");
  return files;
}
__name(readFolder, "readFolder");

// core/audit/period.ts
var moment2 = external_exports.iso.datetime({ offset: true });
var day = external_exports.iso.date();
var DAY = 864e5;
function readPeriod(from, to) {
  const [start, end] = [timeOf2(from, 0), timeOf2(to, DAY)];
  const problems = [
    ...start === null ? [`--from is ${JSON.stringify(from)}, which is neither a day nor a time with a zone.`] : [],
    ...end === null ? [`--to is ${JSON.stringify(to)}, which is neither a day nor a time with a zone.`] : [],
    ...start !== null && end !== null && start >= end ? [`--to=${to} is not after --from=${from}.`] : []
  ];
  if (problems.length > 0 || start === null || end === null)
    throw new TollgateError(
      "audit-period",
      problems.join("\n"),
      "Pass days, such as --from=2026-07-01 --to=2026-09-30, or times, such as 2026-07-01T00:00:00+08:00. Nothing was written."
    );
  return { from: ledgerMoment2(start), to: ledgerMoment2(end) };
}
__name(readPeriod, "readPeriod");
function timeOf2(text, added) {
  if (day.safeParse(text).success) return Date.parse(`${text}T00:00:00Z`) + added;
  return moment2.safeParse(text).success ? Date.parse(text) : null;
}
__name(timeOf2, "timeOf");
function ledgerMoment2(time) {
  return new Date(time).toISOString().replace(/Z$/, "000Z");
}
__name(ledgerMoment2, "ledgerMoment");

// core/audit/read.ts
var PAGE = 1e3;
async function readEvidence(ledger, request) {
  const { service, environment, period, hideOthers, now } = request;
  const held = await ledger.holder(environment);
  const found = new Range(request);
  const verdict = await visit(ledger, (row) => found.add(row));
  const { from, through } = found.numbers(verdict.events);
  const chain = [];
  for (let after = from - 1; after < through; ) {
    const rows = await ledger.rowsAfter(after, Math.min(PAGE, through - after));
    if (rows.length === 0) break;
    chain.push(...rows);
    after += rows.length;
  }
  const outside = await readOutside(ledger, request, chain, found);
  const hidden = /* @__PURE__ */ __name(({ body: body2, ...row }) => ({
    ...row,
    body: hideOthers && contextOf(body2).service !== service ? null : body2
  }), "hidden");
  return {
    head: {
      format: AUDIT_FORMAT,
      version: AUDIT_VERSION,
      service,
      environment,
      ...period,
      exportedAt: now.toISOString(),
      othersHidden: hideOthers,
      running: held?.run ?? null,
      ledger: { events: verdict.events, head: verdict.head }
    },
    chain: chain.map(hidden),
    outside: outside.map((row) => ({ ...row }))
  };
}
__name(readEvidence, "readEvidence");
async function visit(ledger, each) {
  let verdict = EMPTY_CHAIN;
  for (; ; ) {
    const rows = await ledger.rowsAfter(verdict.events, PAGE);
    verdict = followChain(verdict, rows);
    if (verdict.kind === "broken")
      throw new TollgateError(
        "audit-chain-broken",
        `The ledger's hash chain is broken at event ${verdict.number}: ${verdict.why}.`,
        "Restore the ledger from a backup, and find out who changed it. `tollgate ledger verify` checks it again. Nothing was written."
      );
    for (const row of rows) each(row);
    if (rows.length < PAGE) return verdict;
  }
}
__name(visit, "visit");
var Range = class {
  static {
    __name(this, "Range");
  }
  /** Releases with events before the period. */
  earlier = /* @__PURE__ */ new Set();
  #request;
  /** By release that started in the period or later: its first start in it, and its last event, without its review. */
  #releases = /* @__PURE__ */ new Map();
  #first = null;
  #last = 0;
  #lastBefore = 0;
  constructor(request) {
    this.#request = request;
  }
  add({ number, at, body: body2 }) {
    const { period, service, environment } = this.#request;
    if (at >= period.from) this.#first ??= at < period.to ? number : null;
    else if (this.#first === null) this.#lastBefore = number;
    if (this.#first !== null && at < period.to) this.#last = number;
    const context = contextOf(body2);
    const { release, kind } = context;
    if (release === null || context.service !== service || context.environment !== environment) return;
    if (this.#first === null) this.earlier.add(release);
    else if (kind === "release-started" && !this.#releases.has(release))
      this.#releases.set(release, { start: number, end: number });
    const known = this.#releases.get(release);
    if (known !== void 0 && kind !== "glass-reviewed") known.end = number;
  }
  /** Releases that started in the period, or were continued in it. */
  get population() {
    return new Set([...this.#releases].flatMap(([release, { start }]) => start <= this.#last ? [release] : []));
  }
  numbers(events) {
    const last = this.#first === null ? this.#lastBefore : this.#last;
    const ends = [...this.#releases.values()].flatMap(({ start, end }) => start <= this.#last ? [end] : []);
    return {
      from: Math.max(1, this.#first === null ? this.#lastBefore : this.#first - 1),
      through: Math.min(
        events,
        ends.reduce((one, other) => Math.max(one, other), last + 1)
      )
    };
  }
};
async function readOutside(ledger, { environment, service }, chain, range) {
  const { population } = range;
  const [first, last] = [chain[0]?.number ?? 1, chain.at(-1)?.number ?? 0];
  const incomplete = /* @__PURE__ */ new Set();
  for (const { body: body2 } of chain) {
    const { release, kind, ...one } = contextOf(body2);
    if (release === null || one.service !== service || one.environment !== environment) continue;
    if (range.earlier.has(release) || kind === "broke-glass") incomplete.add(release);
  }
  const found = /* @__PURE__ */ new Map();
  const plans = /* @__PURE__ */ new Set();
  const note = /* @__PURE__ */ __name((row) => {
    found.set(row.number, row);
    for (const plan of plansOf(row)) plans.add(plan);
  }, "note");
  for (const row of chain) for (const plan of plansOf(row)) plans.add(plan);
  for (const row of await ledger.rowsOf(environment, { kind: "policy-adopted" })) if (row.number < first) note(row);
  for (const release of incomplete)
    for (const row of await ledger.rowsOf(environment, { release })) {
      const late = row.number > last && population.has(release) && contextOf(row.body).kind === "glass-reviewed";
      if (row.number < first || late) note(row);
    }
  for (const row of await ledger.rowsOf(environment, { kind: "planned" }))
    if (row.number < first && plansOf(row).some((plan) => plans.has(plan))) note(row);
  return [...found.values()].sort((one, other) => one.number - other.number);
}
__name(readOutside, "readOutside");
var withWhat = external_exports.object({ what: happening });
function plansOf({ body: body2 }) {
  if (!body2.includes('"planId"')) return [];
  const parsed = withWhat.safeParse(JSON.parse(body2));
  const id = parsed.success && "planId" in parsed.data.what ? parsed.data.what.planId : null;
  return id === null ? [] : [id];
}
__name(plansOf, "plansOf");

// core/audit/screen.ts
var MOST = 10;
function auditScreen(verdict) {
  const { head, chain, problems } = verdict;
  const [first] = problems;
  const others = problems.slice(1, MOST);
  return `${[
    line(`Tollgate ${version} \xB7 audit verify \xB7 ${head.service} \xB7 ${head.environment}`),
    "",
    ...table([
      ["period", periodWords(head)],
      ["events", `${chain.first} to ${chain.last}, head ${chain.hash.slice(0, 16)}`],
      ["changes", outcomeWords(verdict.changes, verdict.outcomes)],
      ["policies", `${verdict.policies} adopted`],
      [
        "signatures",
        `${verdict.signatures}${verdict.signers.length === 0 ? "" : `, by ${verdict.signers.join(", ")}`}`
      ],
      ["files", String(verdict.files)]
    ]),
    ...verdict.notProven.length === 0 ? [] : ["", "Not proven by this folder alone:"],
    ...verdict.notProven.flatMap((text) => wrapped(text)),
    "",
    ...first === void 0 ? ["PASSED: nothing is missing or changed; every signature was valid under the policy then in force"] : [
      ...others.map(({ what }) => safe(`also: ${what}`)),
      ...problems.length > MOST ? [`\u2026 and ${problems.length - MOST} more: use --json to see all`] : [],
      ...wrapWords(safe(`FAILED: ${first.what}`), screenColumns),
      ...wrapWords(safe(first.next), screenColumns)
    ]
  ].join("\n")}
`;
}
__name(auditScreen, "auditScreen");
function table(rows) {
  return alignColumns(
    rows.map(([name, text]) => [name, safe(text)]),
    ["left", "left"]
  ).map((row) => fit(row, screenColumns));
}
__name(table, "table");
function wrapped(text) {
  return wrapWords(safe(text), screenColumns - 4).map((one, index) => `${index === 0 ? "  - " : "    "}${one}`);
}
__name(wrapped, "wrapped");
function periodWords({ from, to }) {
  return `${moment(from)} to ${moment(to)}`;
}
__name(periodWords, "periodWords");
function outcomeWords(changes, outcomes) {
  const parts = Object.entries(outcomes).sort(([one], [other]) => one.localeCompare(other)).map(([outcome, number]) => `${number} ${outcome}`);
  return `${changes}${parts.length === 0 ? "" : `: ${parts.join(", ")}`}`;
}
__name(outcomeWords, "outcomeWords");

// core/audit/problem.ts
var NEXT = {
  folder: "Pass the folder that `audit export` wrote, unchanged.",
  again: "The folder was changed after the export. Ask for a new export, and do not rely on this one.",
  ledger: "Ask for a new export. If it has the same problem, the ledger itself was changed: run `tollgate ledger verify`, and find out who can write to it.",
  head: "Either the ledger or the folder was rewritten. Ask for a new export, and compare its head with every copy that was kept.",
  later: "The end was cut off, or the head is from after the period. Ask for an export whose --to is the day of that head or later.",
  signature: "Ask how this event came into the ledger, and the approver whether the signature is theirs.",
  keys: "Ask the person whose key this is for its public half, in person. If it is right, pass it with --key.",
  upgrade: "Verify with the version of Tollgate that wrote the export, or a later one that still reads it."
};

// core/audit/compare.ts
function fileProblems(expected, found) {
  const folders = new Set([...found.keys()].map(folderOf2));
  const problems = [];
  const gone = /* @__PURE__ */ new Set();
  for (const [path, text] of expected) {
    const given = found.get(path);
    const folder = folderOf2(path);
    if (given === void 0 && folder !== "" && !folders.has(folder)) {
      if (!gone.has(folder)) problems.push(problem(`${folder}/ is missing`));
      gone.add(folder);
    } else if (given === void 0) problems.push(problem(`${path} is missing`));
    else if (given !== text) problems.push(problem(`${path} ${difference(path, text, given)}`));
  }
  for (const path of found.keys()) if (!expected.has(path)) problems.push(problem(`${path} is not part of the export`));
  return problems;
}
__name(fileProblems, "fileProblems");
var problem = /* @__PURE__ */ __name((what) => ({ what, next: NEXT.again }), "problem");
function folderOf2(path) {
  return /^changes\/[^/]+/.exec(path)?.[0] ?? "";
}
__name(folderOf2, "folderOf");
function difference(path, expected, given) {
  if (path === HEAD || path === CHAIN || path === OUTSIDE) return "is not formatted as `audit export` writes it";
  const [wanted, actual] = [expected.split("\n"), given.split("\n")];
  const row = wanted.findIndex((line2, index) => line2 !== actual[index]);
  if (row < 0) return `has ${count(actual.length - wanted.length, "line")} that the events do not account for`;
  if (path === CHANGES || path.endsWith(".csv")) {
    const [titles = [], cells2, other] = [wanted[0], wanted[row], actual[row]].map((line2) => line2?.split(/","/));
    const column = cells2?.findIndex((cell2, index) => cell2 !== other?.[index]) ?? -1;
    const title = titles[column]?.replace(/^\uFEFF?"|"\r?$/g, "");
    return `differs from the events in line ${row + 1}${title === void 0 ? "" : `, column ${title}`}`;
  }
  return `differs from the events in line ${row + 1}`;
}
__name(difference, "difference");

// core/audit/judge-chain.ts
function chainProblems({ head, chain, outside }, heads) {
  const [first] = chain;
  const verdict = first === void 0 ? EMPTY_CHAIN : chain.reduce(follow, beginning(first));
  const problems = [];
  if (verdict.kind === "broken")
    problems.push({
      what: `events.jsonl: the hash chain is broken at event ${verdict.number}: ${verdict.why}`,
      next: NEXT.again
    });
  for (const row of outside)
    if (row.body === null || rowHash({ ...row, body: row.body }) !== row.hash)
      problems.push({ what: `outside.jsonl: event ${row.number} does not match its hash`, next: NEXT.again });
  problems.push(...orderProblems(chain, outside), ...coverProblems({ head, chain }));
  for (const row of [...chain, ...outside])
    if (row.body !== null && isUnknown(row.body, head))
      problems.push({ what: `event ${row.number} is of a kind that this Tollgate does not know`, next: NEXT.upgrade });
    else if (row.body === null && !head.othersHidden)
      problems.push({ what: `events.jsonl: event ${row.number} has no content`, next: NEXT.again });
  return [...problems, ...heads.flatMap((kept) => headProblem(chain, kept))];
}
__name(chainProblems, "chainProblems");
function isUnknown(body2, { service, environment }) {
  if (parseBody(body2) !== null) return false;
  try {
    const context = contextOf(body2);
    return context.service === service && context.environment === environment;
  } catch {
    return true;
  }
}
__name(isUnknown, "isUnknown");
function beginning({ number, previous }) {
  return number === 1 ? EMPTY_CHAIN : { kind: "whole", events: number - 1, head: previous };
}
__name(beginning, "beginning");
function follow(before, row) {
  if (before.kind === "broken") return before;
  if (row.body !== null) return followChain(before, [{ ...row, body: row.body }]);
  const placed = row.number === before.events + 1 && row.previous === before.head;
  return placed ? { kind: "whole", events: row.number, head: row.hash } : { kind: "broken", events: before.events, number: row.number, why: "it does not follow the previous event" };
}
__name(follow, "follow");
function orderProblems(chain, outside) {
  const [first, last] = [chain[0]?.number ?? 1, chain.at(-1)?.number ?? 0];
  return outside.flatMap(({ number }, index) => {
    const before = outside[index - 1]?.number ?? 0;
    if (number > before && (number < first || number > last)) return [];
    return [{ what: `outside.jsonl: event ${number} is in the wrong place`, next: NEXT.again }];
  });
}
__name(orderProblems, "orderProblems");
function coverProblems({ head, chain }) {
  const [first] = chain;
  if (head.from >= head.to) return [{ what: "audit.json: the period ends before it begins", next: NEXT.again }];
  if (first === void 0) return head.ledger.events === 0 ? [] : [{ what: "events.jsonl is empty", next: NEXT.again }];
  if (first.number === 1 || first.at < head.from) return [];
  return [
    {
      what: `events.jsonl begins with event ${first.number} of ${first.at}, inside the period: the events before it are missing`,
      next: NEXT.again
    }
  ];
}
__name(coverProblems, "coverProblems");
function headProblem(chain, { number, hash: hash2 }) {
  const [first, last] = [chain[0], chain.at(-1)];
  const found = chain.find((row) => row.number === number);
  const known = found?.hash ?? (first !== void 0 && number === first.number - 1 ? first.previous : null);
  if (known?.startsWith(hash2) === true) return [];
  if (known !== null)
    return [
      {
        what: `event ${number} has the hash ${known.slice(0, 16)}, not ${hash2.slice(0, 16)} as in --head`,
        next: NEXT.head
      }
    ];
  if (number > (last?.number ?? 0))
    return [
      {
        what: `events.jsonl ends at event ${last?.number ?? 0}, but --head names event ${number}: ${count(number - (last?.number ?? 0), "event")} missing`,
        next: NEXT.later
      }
    ];
  return [
    {
      what: `--head names event ${number}, which is before the first event of this export, ${first?.number ?? 0}`,
      next: "Pass a head of the period or later."
    }
  ];
}
__name(headProblem, "headProblem");
function notProven({ head, chain }, heads) {
  const last = chain.at(-1);
  const hidden = chain.filter(({ body: body2 }) => body2 === null).length;
  const closed = last !== void 0 && last.at >= head.to;
  return [
    ...heads.length === 0 ? [
      "that this is the ledger's real history: anyone who can write the folder can compute a chain. Pass a head that you kept, with --head"
    ] : [],
    ...closed || heads.some(({ number }) => number === last?.number) ? [] : [
      `that nothing followed event ${last?.number ?? 0} in the period: it was the last of the ledger at the export, on ${head.exportedAt}`
    ],
    ...hidden === 0 ? [] : [
      `the content of ${count(hidden, "event")} of other services, which was left out. Ask for an export that includes it`
    ]
  ];
}
__name(notProven, "notProven");

// core/audit/event-index.ts
var EventIndex = class {
  static {
    __name(this, "EventIndex");
  }
  releases = /* @__PURE__ */ new Map();
  #firstOfRun = /* @__PURE__ */ new Map();
  #policyOfRun = /* @__PURE__ */ new Map();
  #plans = /* @__PURE__ */ new Map();
  #signed = /* @__PURE__ */ new Map();
  /** By release: its first event with traffic. */
  #traffic = /* @__PURE__ */ new Map();
  /** @param events oldest first */
  constructor(events) {
    for (const event of events) {
      const { number, context } = event;
      const { release, run } = context;
      if (!this.#firstOfRun.has(run)) this.#firstOfRun.set(run, number);
      if (release !== null) append(this.releases, release, event);
      if (isKind(event, "planned")) append(this.#plans, event.what.planId, event);
      if (isKind(event, "approved")) append(this.#signed, event.what.planId, event);
      if (isKind(event, "broke-glass")) {
        const signed = approvalFile.safeParse(event.what.signed);
        if (signed.success) append(this.#signed, signed.data.statement.planId, event);
      }
      if (isKind(event, "step-finished") && event.what.step === "policy" && event.what.outcome === "done")
        this.#policyOfRun.set(run, event);
      if (isKind(event, "step-started") && event.what.step === "switch" && release !== null) {
        if (!this.#traffic.has(release)) this.#traffic.set(release, number);
      }
    }
  }
  /** Number of a run's first event. */
  beginOf({ context, number }) {
    return this.#firstOfRun.get(context.run) ?? number;
  }
  /** Digest of the policy that a run was judged by; null: it was not recorded. */
  policyNamedBy({ context }) {
    const detail = this.#policyOfRun.get(context.run)?.what.detail;
    if (typeof detail !== "object" || detail === null || Array.isArray(detail)) return null;
    const named = detail["policy"];
    return typeof named === "string" ? named : null;
  }
  /** Plans of that id which were recorded before an event. */
  plansBefore({ number }, planId) {
    return (this.#plans.get(planId) ?? []).filter((one) => one.number < number);
  }
  /** Approvals of a plan in releases that had traffic before an event, and those releases. */
  usesBefore(event, planId) {
    const signed = (this.#signed.get(planId) ?? []).filter(
      ({ number, context }) => number < event.number && context.release !== event.context.release
    );
    const served = signed.flatMap(({ context }) => {
      const since = context.release === null ? void 0 : this.#traffic.get(context.release);
      return context.release !== null && since !== void 0 && since < event.number ? [context.release] : [];
    });
    return { signed, served: new Set(served) };
  }
};
function append(map, key, value) {
  const known = map.get(key);
  if (known === void 0) map.set(key, [value]);
  else known.push(value);
}
__name(append, "append");

// core/audit/judge-signatures.ts
function judgeSignatures(events, trusted) {
  const history = policyHistory(events);
  const problems = history.problems.map(({ number, why }) => ({
    what: `event ${number}: the adopted policy ${why}`,
    next: NEXT.signature
  }));
  const signed = new Signers();
  for (const { what } of eventsOfKind(events, "policy-adopted")) signed.addPolicy(what.signed);
  const index = new EventIndex(events);
  for (const [release, own] of index.releases)
    problems.push(...releaseProblems(release, own, index, history.adopted, signed));
  const known = new Set(trusted.map(canonicalKey));
  if (known.size > 0) {
    for (const [key, name] of signed.keys)
      if (!known.has(key))
        problems.push({
          what: `${name} signed with the key ${fingerprint(key)}, which --key does not list`,
          next: NEXT.keys
        });
  }
  return {
    problems,
    policies: history.adopted.length,
    signatures: signed.count,
    signers: [...signed.keys].map(([key, name]) => `${name} ${fingerprint(key)}`).sort()
  };
}
__name(judgeSignatures, "judgeSignatures");
var Signers = class {
  static {
    __name(this, "Signers");
  }
  keys = /* @__PURE__ */ new Map();
  count = 0;
  add({ key, approver }) {
    this.count += 1;
    this.keys.set(canonicalKey(key), approver);
  }
  addPolicy(signed) {
    if (typeof signed !== "object" || signed === null || !("approvals" in signed) || !Array.isArray(signed.approvals))
      return;
    for (const one of signed.approvals) {
      const parsed = policyApproval.safeParse(one);
      if (parsed.success) this.add(parsed.data.statement);
    }
  }
};
function releaseProblems(release, own, index, adopted, signed) {
  const starts = eventsOfKind(own, "release-started");
  const problems = starts.flatMap((start) => runProblems(start, own, index, adopted, signed));
  const runs = new Set(starts.map(({ context }) => context.run));
  for (const event of own)
    if ((event.what.kind === "approved" || event.what.kind === "broke-glass") && !runs.has(event.context.run))
      problems.push({
        what: `event ${event.number} approves a run of ${release} that did not start`,
        next: NEXT.signature
      });
  return [...problems, ...reviewProblems(own, adopted, signed)];
}
__name(releaseProblems, "releaseProblems");
function runProblems(start, own, index, adopted, signed) {
  const { run, release, who } = start.context;
  const mine = own.filter(({ context }) => context.run === run);
  const approved = eventsOfKind(mine, "approved");
  const broken = eventsOfKind(mine, "broke-glass");
  const problem2 = /* @__PURE__ */ __name((what, number = start.number) => ({
    what: `event ${number}, ${release}: ${what}`,
    next: NEXT.signature
  }), "problem");
  const { policy, problem: wrongPolicy } = policyOfRun(start, index, adopted);
  const problems = wrongPolicy === null ? [] : [problem2(wrongPolicy)];
  const withTraffic = gotTraffic(mine, run) && start.what.action === "deploy";
  if (policy === null)
    return [
      ...problems,
      ...approved.map(({ number }) => problem2("is an approval, but no policy in force listed its key", number))
    ];
  const files = [...approved, ...broken.filter(({ what }) => what.signed !== null)];
  for (const { what, number } of files) {
    const parsed = approvalFile.safeParse(what.signed);
    const statement = parsed.success ? parsed.data.statement : null;
    if (statement !== null) signed.add(statement);
    if (statement === null) problems.push(problem2(`is ${what.signed === null ? "not signed" : "no approval"}`, number));
    else if (statement.purpose !== (what.kind === "approved" ? "approval" : "break-glass"))
      problems.push(problem2("is signed for another purpose", number));
    else if (what.kind === "approved" && saysElse(what, statement))
      problems.push(problem2("differs from what was signed", number));
  }
  const texts = files.filter(({ what }) => what.signed !== null);
  const [identity = null] = texts.flatMap(({ what }) => {
    const parsed = approvalFile.safeParse(what.signed);
    return parsed.success ? [parsed.data.statement] : [];
  });
  if (identity !== null) {
    const uses = index.usesBefore(start, identity.planId);
    const verdict = judgeApprovals(
      texts.map(({ what }) => JSON.stringify(what.signed)),
      {
        identity: {
          ...identity,
          service: start.context.service,
          environment: start.context.environment,
          imageDigest: start.what.digest,
          releaseVersion: start.what.version ?? identity.releaseVersion,
          migrations: start.what.migrations,
          configDigest: start.what.configDigest ?? identity.configDigest
        },
        settings: { ...policy.approvals, required: 0 },
        elsewhere: /* @__PURE__ */ new Map(),
        records: recordsOf(index.plansBefore(start, identity.planId), uses.signed, uses.served),
        deployer: who,
        now: clockOf(texts[0] ?? start, policy)
      }
    );
    if (verdict.kind === "refused")
      for (const { file, message } of verdict.problems)
        problems.push(problem2(`its approval ${message}`, texts[file ?? 0]?.number));
  }
  if (identity !== null && start.what.planId !== identity.planId)
    problems.push(problem2("its approvals are for another plan than the one that was deployed"));
  problems.push(...glassProblems(broken, policy).map((text) => problem2(text)));
  const waived = broken.some(({ what }) => what.waived.includes("approval-too-few"));
  if (withTraffic && !waived && approved.length < policy.approvals.required)
    problems.push(
      problem2(
        `got traffic with ${count(approved.length, "approval")}; the policy in force required ${policy.approvals.required}`
      )
    );
  return problems;
}
__name(runProblems, "runProblems");
function policyOfRun(start, index, adopted) {
  const began = index.beginOf(start);
  const atFirst = adopted.findLast(({ number }) => number < began);
  const until = adopted.filter(({ number }) => number > began && number < start.number);
  const candidates = [...atFirst === void 0 ? [] : [atFirst], ...until];
  const named = index.policyNamedBy(start);
  const policy = candidates.at(-1)?.policy ?? null;
  if (named === null) return { policy, problem: null };
  const found = candidates.find(({ digest }) => digest === named);
  return found === void 0 ? {
    policy,
    problem: "was judged by a policy that was not in force: an adoption is missing, or the step was forged"
  } : { policy: found.policy, problem: null };
}
__name(policyOfRun, "policyOfRun");
function clockOf({ at, happenedAt }, { approvals }) {
  const [stored, written] = [Date.parse(at), Date.parse(happenedAt)];
  return new Date(Math.abs(stored - written) <= approvals.clockSkew * 1e3 ? written : stored);
}
__name(clockOf, "clockOf");
function glassProblems(broken, { approvals }) {
  if (broken.length === 0) return [];
  return [
    ...approvals.breakGlass ? [] : ["used break-glass, which the policy in force forbade"],
    ...approvals.keys.length > 0 && broken.some(({ what }) => what.signed === null) ? ["used break-glass without a signature"] : []
  ];
}
__name(glassProblems, "glassProblems");
function reviewProblems(own, adopted, signed) {
  return eventsOfKind(own, "glass-reviewed").flatMap(({ number, what, context }) => {
    const problem2 = /* @__PURE__ */ __name((text) => [
      { what: `event ${number}, ${context.release}: its review ${text}`, next: NEXT.signature }
    ], "problem");
    const parsed = reviewFile.safeParse(what.signed);
    if (!parsed.success) return problem2("is not signed");
    signed.add(parsed.data.statement);
    const policy = adopted.findLast((one) => one.number < number)?.policy;
    if (policy === void 0) return problem2("is signed, but no policy in force listed its key");
    const broken = eventsOfKind(own, "broke-glass").findLast((one) => one.number < number);
    if (broken === void 0) return problem2("is of a release without break-glass");
    const glass = approvalFile.safeParse(broken.what.signed);
    const { service, environment } = context;
    const why = whyNoReview(
      parsed.data,
      {
        service,
        environment,
        release: context.release ?? "",
        reason: broken.what.reason,
        at: broken.at,
        signer: glass.success ? glass.data.statement.approver : "",
        deployer: broken.context.who
      },
      policy.approvals.keys
    );
    return why === null ? [] : problem2(why);
  });
}
__name(reviewProblems, "reviewProblems");

// core/audit/verify.ts
function verifyAudit(files, { keys, heads }) {
  const head = readHead(files.get(HEAD));
  const evidence = { head, chain: readRows(files, CHAIN), outside: readRows(files, OUTSIDE) };
  const events = ownEvents(evidence);
  const changes = changesOf(evidence);
  const signatures = judgeSignatures(events, keys);
  const outcomes = {};
  for (const { record } of changes) outcomes[record.outcome] = (outcomes[record.outcome] ?? 0) + 1;
  const last = evidence.chain.at(-1);
  return {
    head,
    chain: { first: evidence.chain[0]?.number ?? 0, last: last?.number ?? 0, hash: last?.hash ?? "" },
    outcomes,
    changes: changes.length,
    policies: signatures.policies,
    signatures: signatures.signatures,
    signers: signatures.signers,
    files: files.size,
    notProven: [
      ...notProven(evidence, heads),
      ...keys.length > 0 || signatures.signatures === 0 ? [] : ["that the keys above belong to these people. Ask each of them in person, and pass the keys with --key"]
    ],
    problems: [...chainProblems(evidence, heads), ...signatures.problems, ...fileProblems(filesOf(evidence), files)]
  };
}
__name(verifyAudit, "verifyAudit");
function readHead(text) {
  if (text === void 0) throw unreadable(`it has no ${HEAD}`);
  const value = jsonIn(text);
  if (typeof value !== "object" || value === null || !("format" in value) || value.format !== AUDIT_FORMAT)
    throw unreadable(`${HEAD} was not written by \`audit export\``);
  if (!("version" in value) || value.version !== AUDIT_VERSION)
    throw new TollgateError(
      "audit-version",
      `The export has a version that this Tollgate does not support; it supports ${AUDIT_VERSION}.`,
      NEXT.upgrade
    );
  const parsed = auditHead.safeParse(value);
  if (parsed.success) return parsed.data;
  throw unreadable(`${HEAD}: ${whereOf(parsed.error)} is missing or wrong`);
}
__name(readHead, "readHead");
function readRows(files, path) {
  const text = files.get(path);
  if (text === void 0) throw unreadable(`it has no ${path}`);
  const lines2 = text.split("\n");
  if (lines2.pop() !== "") throw unreadable(`${path} ends in the middle of a line`);
  return lines2.map((line2, index) => {
    const parsed = auditRow.safeParse(jsonIn(line2));
    if (parsed.success) return parsed.data;
    throw unreadable(`${path}, line ${index + 1}: ${whereOf(parsed.error)} is missing or wrong`);
  });
}
__name(readRows, "readRows");
function jsonIn(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
__name(jsonIn, "jsonIn");
function whereOf({ issues }) {
  return issues[0]?.path.join(".") || "a field";
}
__name(whereOf, "whereOf");
function unreadable(why) {
  return new TollgateError(
    "audit-unreadable",
    `The folder is not an audit export, or was changed: ${why}.`,
    NEXT.folder
  );
}
__name(unreadable, "unreadable");

// core/dora/figures.ts
var LEAST = 5;
var WINDOWS = [28, 90];
var DAY2 = 864e5;
var HOTFIX = DAY2;
var WEEK = 7;
var FORMULAS = {
  frequency: "deployments that got traffic, per week of the window, or of the ledger's age if that is shorter; rollbacks do not count",
  leadTime: "from the time of a commit to the switch of the first live release that contains it, for each commit of a recorded plan; commits dated after the switch are left out",
  failRate: "share of deployments that failed, of all that got traffic. Failed means rolled back after the switch, by Tollgate or by an operator; left broken or interrupted after the switch; or followed within 24 h by a deployment with break-glass",
  recovery: "from the switch of a failed deployment to the end of the release after which a working one was verified",
  rework: "share of unplanned deployments, those with break-glass, of all that got traffic"
};
function doraFigures(releases, commits, now) {
  const oldest = [...releases].reverse();
  const deployments = withCommits(deploymentsOf(oldest), commits);
  const begin = Date.parse(oldest[0]?.startedAt ?? now.toISOString());
  return {
    until: now.toISOString(),
    windows: WINDOWS.map((days) => windowOf(days, deployments, begin, now.getTime())),
    formulas: FORMULAS
  };
}
__name(doraFigures, "doraFigures");
function windowOf(days, deployments, begin, now) {
  const covered = Math.min(days, Math.max(0, Math.floor((now - begin) / DAY2)));
  const own = deployments.filter(({ served }) => served > now - days * DAY2 && served <= now);
  const known = own.filter(({ commits }) => commits !== null);
  const failed = own.filter((one) => one.failed);
  const recoveries = failed.flatMap(
    ({ served, recovered }) => recovered === null ? [] : [(recovered - served) / 1e3]
  );
  const leads = known.flatMap(
    ({ release, served, commits }) => release.outcome === "live" ? (commits ?? []).map(({ at }) => (served - Date.parse(at)) / 1e3) : []
  );
  const n = own.length;
  return {
    days,
    covered,
    frequency: n < LEAST || covered < WEEK ? { kind: "too-few", n } : { kind: "known", n, perWeek: n * WEEK / covered },
    leadTime: n > 0 && known.length === 0 ? { kind: "not-known", why: "no plan of these deployments has the times of its commits" } : distribution(leads.filter((seconds) => seconds >= 0)),
    withCommits: known.length,
    failRate: share(failed.length, n),
    recovery: distribution(recoveries),
    notRecovered: failed.length - recoveries.length,
    rework: share(own.filter(({ release }) => release.breakGlass !== null).length, n)
  };
}
__name(windowOf, "windowOf");
function deploymentsOf(releases) {
  const served = releases.flatMap((release, index) => {
    const at = release.action === "deploy" ? servedAt(release) : null;
    return at === null ? [] : [{ release, index, at }];
  });
  return served.map(({ release, index, at }, place) => {
    const later = releases.slice(index + 1);
    const rollback = later.find(
      ({ action, outcome, previous }) => action === "rollback" && outcome === "live" && previous?.release === release.id
    );
    const next = served[place + 1];
    const hotfix = next !== void 0 && next.release.breakGlass !== null && next.at - at <= HOTFIX ? next.release : null;
    const failed = release.outcome !== "live" || rollback !== void 0 || hotfix !== null;
    const ends = [
      ...release.outcome === "rolled-back" ? [release] : [],
      ...rollback === void 0 ? [] : [rollback],
      ...hotfix?.outcome === "live" ? [hotfix] : [],
      ...release.outcome === "live" || release.outcome === "rolled-back" ? [] : later.filter(isLive).slice(0, 1)
    ].flatMap(({ finishedAt }) => finishedAt === null ? [] : [Date.parse(finishedAt)]);
    return { release, served: at, failed, recovered: failed && ends.length > 0 ? Math.min(...ends) : null };
  });
}
__name(deploymentsOf, "deploymentsOf");
var isLive = /* @__PURE__ */ __name(({ outcome }) => outcome === "live", "isLive");
function servedAt({ outcome, steps, finishedAt }) {
  if (outcome === "refused" || outcome === "failed" || outcome === "running") return null;
  const step = steps.findLast((one) => one.name === "switch" && one.outcome === "done");
  if (step !== void 0) return Date.parse(step.startedAt) + (step.seconds ?? 0) * 1e3;
  return outcome === "live" && finishedAt !== null ? Date.parse(finishedAt) : null;
}
__name(servedAt, "servedAt");
function withCommits(deployments, commitsOf) {
  const seen = /* @__PURE__ */ new Set();
  return deployments.map((one) => {
    const commits = commitsOf(one.release)?.filter(({ id }) => !seen.has(id)) ?? null;
    if (isLive(one.release)) for (const { id } of commits ?? []) seen.add(id);
    return { ...one, commits };
  });
}
__name(withCommits, "withCommits");
function distribution(values) {
  const n = values.length;
  if (n < LEAST) return { kind: "too-few", n };
  const sorted = [...values].sort((one, other) => one - other);
  return { kind: "known", n, median: percentileOf(sorted, 50), p90: percentileOf(sorted, 90) };
}
__name(distribution, "distribution");
function share(n, of) {
  return of < LEAST ? { kind: "too-few", n, of } : { kind: "known", n, of, percent: n / of * 100 };
}
__name(share, "share");

// core/dora/read.ts
var MOST_RELEASES = 5e3;
async function readFigures(ledger, environment, now) {
  const releases = await ledger.releases(environment, MOST_RELEASES);
  return doraFigures(releases, commitsIn(await ledger.eventsOfKind(environment, "planned")), now);
}
__name(readFigures, "readFigures");
function commitsIn(planned) {
  const plans = /* @__PURE__ */ new Map();
  for (const { what, at } of planned)
    if (what.kind === "planned") plans.set(what.planId, [...plans.get(what.planId) ?? [], { at, ...what }]);
  return ({ planId, startedAt }) => plans.get(planId ?? "")?.findLast(({ at }) => Date.parse(at) <= Date.parse(startedAt))?.commits ?? null;
}
__name(commitsIn, "commitsIn");

// core/dora/words.ts
var TITLES = {
  leadTime: "change lead time",
  frequency: "deployment frequency",
  recovery: "failed deployment recovery time",
  failRate: "change fail rate",
  rework: "deployment rework rate"
};
var NAMES = ["leadTime", "frequency", "recovery", "failRate", "rework"];
function cells(name, window) {
  const given = window[name];
  if (given.kind === "not-known") return ["\u2013", "not known", ""];
  if ("of" in given) {
    const share2 = given.kind === "known" ? percent(given.percent) : "too few";
    return [String(given.of), `${share2} (${given.n} of ${given.of})`, ""];
  }
  const n = String(given.n);
  if (given.kind === "too-few") return [n, "too few", ""];
  if ("perWeek" in given) return [n, `${given.perWeek.toFixed(1)} a week`, ""];
  return [n, duration(given.median), duration(given.p90)];
}
__name(cells, "cells");
function coverage(windows) {
  const longest = longestOf(windows);
  if (longest === null || longest.covered >= longest.days) return "";
  return `The ledger covers only the last ${count(longest.covered, "day")}.`;
}
__name(coverage, "coverage");
function remarks(windows) {
  const longest = longestOf(windows);
  if (longest === null) return [];
  const { frequency, leadTime, withCommits: withCommits2, notRecovered } = longest;
  return [
    ...leadTime.kind === "not-known" ? [`The change lead time is not known: ${leadTime.why}.`] : [],
    ...leadTime.kind !== "not-known" && withCommits2 < frequency.n ? [
      `The change lead time covers ${withCommits2} of ${frequency.n} deployments: the others have no plan with commits.`
    ] : [],
    ...notRecovered > 0 ? [`${count(notRecovered, "failed deployment")}: no working release has been verified since.`] : []
  ];
}
__name(remarks, "remarks");
function longestOf(windows) {
  return [...windows].sort((one, other) => other.days - one.days)[0] ?? null;
}
__name(longestOf, "longestOf");

// core/dora/screen.ts
var ALIGNMENTS = ["left", "right", "right", "left", "left"];
function doraScreen(service, environment, figures) {
  const { windows, formulas, until } = figures;
  const rows = NAMES.flatMap(
    (name) => windows.map((window, index) => [index === 0 ? TITLES[name] : "", String(window.days), ...cells(name, window)])
  );
  const table2 = alignColumns([["figure", "days", "n", "value", "p90"], ...rows], ALIGNMENTS);
  return `${[
    line(`Tollgate ${version} \xB7 dora \xB7 ${service} \xB7 ${environment} \xB7 until ${moment(until)}`),
    "",
    ...table2.map((row) => fit(row, screenColumns)),
    "",
    ...[coverage(windows), ...remarks(windows)].filter((text) => text !== "").map((text) => line(text)),
    ...wrapWords(`Times are medians. Too few: n is below ${LEAST}.`, screenColumns),
    "",
    ...NAMES.flatMap((name) => wrapWords(`${TITLES[name]}: ${formulas[name]}.`, screenColumns))
  ].join("\n")}
`;
}
__name(doraScreen, "doraScreen");

// core/module/audit.ts
function auditExport(source, { env, ledger: secret, ...given }) {
  const period = readPeriod(given.from, given.to);
  return withModuleLedger(source, secret, env, async (ledger, settings) => {
    const evidence = await readEvidence(ledger, {
      service: settings.ledger.service,
      environment: env,
      period,
      hideOthers: given.hideOthers,
      now: /* @__PURE__ */ new Date()
    });
    return await inWorkdir(filesOf(evidence));
  });
}
__name(auditExport, "auditExport");
async function auditVerify(folder, given) {
  const request = { keys: readKeys(given.key), heads: readHeads(given.head) };
  const place = mkdtempSync(join2(tmpdir(), "tollgate-audit-"));
  try {
    await folder.export(place);
    const verdict = verifyAudit(readFolder(place), request);
    return requirePassed("audit", verdict.problems.length === 0, auditScreen(verdict));
  } finally {
    rmSync2(place, { recursive: true, force: true });
  }
}
__name(auditVerify, "auditVerify");
function dora(source, { env, ledger: secret }) {
  return withModuleLedger(source, secret, env, async (ledger, settings) => {
    environmentSettings(settings, env);
    return doraScreen(settings.ledger.service, env, await readFigures(ledger, env, /* @__PURE__ */ new Date()));
  });
}
__name(dora, "dora");
async function inWorkdir(files) {
  const place = mkdtempSync(join2(process.cwd(), "tollgate-audit-"));
  try {
    rmSync2(place, { recursive: true });
    writeFolder(place, files);
    return await dag.currentModule().workdir(basename(place)).sync();
  } finally {
    rmSync2(place, { recursive: true, force: true });
  }
}
__name(inWorkdir, "inWorkdir");
export {
  auditExport,
  auditVerify,
  dora
};
