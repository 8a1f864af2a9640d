import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  forwardTo
} from "./shared.core.release.session.relay.mjs";
import {
  codeOf,
  openSession
} from "./shared.core.database.connect.connection-problem.mjs";
import {
  isLoopback,
  parseAddress,
  saysTls,
  withoutPassword
} from "./shared.core.database.connect.address.mjs";
import {
  count,
  moment
} from "./shared.core.shared.figures.mjs";
import {
  TollgateError
} from "./shared.core.shared.errors.mjs";
import {
  ZodError,
  external_exports
} from "./shared.zod.v4.classic.checks.mjs";
import {
  __commonJS,
  __name,
  __toESM
} from "./shared.runtime.mjs";

// node_modules/canonicalize/lib/canonicalize.js
var require_canonicalize = __commonJS({
  "node_modules/canonicalize/lib/canonicalize.js"(exports, module) {
    "use strict";
    module.exports = /* @__PURE__ */ __name(function serialize(object) {
      if (typeof object === "number" && isNaN(object)) {
        throw new Error("NaN is not allowed");
      }
      if (typeof object === "number" && !isFinite(object)) {
        throw new Error("Infinity is not allowed");
      }
      if (object === null || typeof object !== "object") {
        return JSON.stringify(object);
      }
      if (object.toJSON instanceof Function) {
        return serialize(object.toJSON());
      }
      if (Array.isArray(object)) {
        const values2 = object.reduce((t, cv, ci) => {
          const comma = ci === 0 ? "" : ",";
          const value = cv === void 0 || typeof cv === "symbol" ? null : cv;
          return `${t}${comma}${serialize(value)}`;
        }, "");
        return `[${values2}]`;
      }
      const values = Object.keys(object).sort().reduce((t, cv) => {
        if (object[cv] === void 0 || typeof object[cv] === "symbol") {
          return t;
        }
        const comma = t.length === 0 ? "" : ",";
        return `${t}${comma}${serialize(cv)}:${serialize(object[cv])}`;
      }, "");
      return `{${values}}`;
    }, "serialize");
  }
});

// core/secrets/free-text.ts
var kinds = external_exports.registry();
var freeText = external_exports.string().register(kinds, { kind: "free" });
var freeData = external_exports.json().register(kinds, { kind: "free" });
var signedFile = external_exports.json().register(kinds, { kind: "signed" });
var DIGEST = /(?:^|@)[a-z][a-z0-9]{2,9}:[0-9a-f]{16,128}$/;
function changeTexts(schema, value, changes) {
  return external_exports.parse(schema, changed(schema, value, changes));
}
__name(changeTexts, "changeTexts");
function changed(schema, value, changes) {
  const inner = /* @__PURE__ */ __name((of, what) => changed(of, what, changes), "inner");
  const kind = kinds.get(schema)?.kind;
  if (kind === "signed" || value === null || value === void 0) return value;
  if (kind === "free") return changedBelow(value, changes);
  if (schema instanceof external_exports.ZodNullable || schema instanceof external_exports.ZodOptional || schema instanceof external_exports.ZodExactOptional)
    return inner(schema.unwrap(), value);
  if (schema instanceof external_exports.ZodDefault) return inner(schema.unwrap(), value);
  if (schema instanceof external_exports.ZodArray && Array.isArray(value))
    return value.map((one) => inner(schema.element, one));
  if (schema instanceof external_exports.ZodUnion) {
    const option = schema.options.find((one) => external_exports.safeParse(one, value).success);
    if (option === void 0) throw new RangeError("a document is written by its schema");
    return inner(option, value);
  }
  if (schema instanceof external_exports.ZodObject && typeof value === "object")
    return Object.fromEntries(
      Object.entries(value).flatMap(([name, one]) => {
        const of = schema.shape[name];
        return of === void 0 ? [] : [[name, inner(of, one)]];
      })
    );
  if (schema instanceof external_exports.ZodRecord && typeof value === "object")
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, inner(schema.valueType, one)]));
  return typeof value === "string" ? changes.identifier(value) : value;
}
__name(changed, "changed");
function changedBelow(value, changes) {
  if (typeof value === "string") return DIGEST.test(value) ? changes.identifier(value) : changes.free(value);
  if (Array.isArray(value)) return value.map((one) => changedBelow(one, changes));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, changedBelow(one, changes)]));
}
__name(changedBelow, "changedBelow");

// core/ledger/journal-id.ts
import { createHash } from "node:crypto";
function journalId(url) {
  const { host, port, database } = parseAddress(url.trim(), "--ledger");
  return createHash("sha256").update(`${host.toLowerCase()}:${port}/${database}`).digest("hex").slice(0, 16);
}
__name(journalId, "journalId");

// core/shared/canonical-json.ts
var import_canonicalize = __toESM(require_canonicalize(), 1);
var LONE_SURROGATE = /(?<!\\)(?:\\\\)*\\ud[89a-f][0-9a-f]{2}/;
function canonicalJson(value) {
  const text4 = written(value);
  if (text4 === void 0 || LONE_SURROGATE.test(text4))
    throw new TypeError("a string with a lone surrogate has no canonical form");
  return text4;
}
__name(canonicalJson, "canonicalJson");
function written(value) {
  try {
    return (0, import_canonicalize.default)(value);
  } catch (error) {
    throw new TypeError("NaN and infinity have no canonical form", { cause: error });
  }
}
__name(written, "written");

// core/ledger/chain.ts
import { createHash as createHash2 } from "node:crypto";
var GENESIS = "0".repeat(64);
function rowHash({ number, at: at2, journaled, stale, previous, body }) {
  const flag = /* @__PURE__ */ __name((value) => value ? "t" : "f", "flag");
  return createHash2("sha256").update([number, at2, flag(journaled), flag(stale), previous, body].join("\n")).digest("hex");
}
__name(rowHash, "rowHash");
function followChain(before, rows) {
  return rows.reduce((verdict, row) => {
    if (verdict.kind === "broken") return verdict;
    const broken = /* @__PURE__ */ __name((why) => ({ kind: "broken", events: verdict.events, number: row.number, why }), "broken");
    if (row.number !== verdict.events + 1)
      return broken(`event ${verdict.events + 1} is missing: ${row.number} follows ${verdict.events}`);
    if (row.previous !== verdict.head)
      return broken("it does not follow the previous event: one of the two was changed or replaced");
    if (rowHash(row) !== row.hash) return broken("its content does not match its hash");
    return { kind: "whole", events: row.number, head: row.hash };
  }, before);
}
__name(followChain, "followChain");
var EMPTY_CHAIN = { kind: "whole", events: 0, head: GENESIS };

// core/ledger/fold.ts
function releasesOf(events, holder) {
  const releases = /* @__PURE__ */ new Map();
  for (const event of events) {
    const { release: release2 } = event.context;
    if (release2 === null) continue;
    const known = releases.get(release2);
    if (known === void 0) {
      const begun = begin(event, release2);
      if (begun !== null) releases.set(release2, begun);
    } else add(known, event);
  }
  for (const release2 of releases.values()) if (release2.finishedAt === null) close(release2, holder);
  return [...releases.values()].reverse();
}
__name(releasesOf, "releasesOf");
function begin(event, id) {
  const { what, context } = event;
  if (what.kind !== "release-started") return null;
  const { kind: _, ...given } = what;
  return {
    ...given,
    id,
    service: context.service,
    environment: context.environment,
    run: context.run,
    who: context.who,
    startedAt: timeOf(event),
    finishedAt: null,
    outcome: "running",
    serving: null,
    causes: [],
    seconds: null,
    steps: [],
    approvals: [],
    breakGlass: null,
    notifications: [],
    journaled: event.journaled
  };
}
__name(begin, "begin");
function add(release2, event) {
  const { what } = event;
  if (event.journaled) release2.journaled = true;
  switch (what.kind) {
    case "step-started":
      release2.steps.push({ name: what.step, outcome: "running", startedAt: timeOf(event), seconds: null, note: "" });
      break;
    case "step-finished": {
      const { outcome, seconds, note } = what;
      const open = release2.steps.findLast(({ name }) => name === what.step);
      const ended = { name: what.step, outcome, startedAt: open?.startedAt ?? timeOf(event), seconds, note };
      if (open === void 0 || open.outcome !== "running") release2.steps.push(ended);
      else Object.assign(open, ended);
      break;
    }
    case "approved": {
      const { approver, key, reason, planId, signedAt, expiresAt, signed } = what;
      release2.approvals.push({ approver, key, reason, planId, signedAt, expiresAt, signed });
      break;
    }
    case "broke-glass":
      release2.breakGlass = { reason: what.reason, waived: what.waived, at: timeOf(event), signed: what.signed };
      break;
    case "release-finished":
      if (release2.finishedAt !== null && what.outcome === "interrupted") break;
      release2.finishedAt = timeOf(event);
      release2.outcome = what.outcome;
      release2.serving = what.serving;
      release2.causes = what.causes;
      release2.seconds = what.seconds;
      break;
    case "notified":
      release2.notifications.push({ event: what.event, channel: what.channel, sent: what.sent, error: what.error });
      break;
    case "release-started":
      if (release2.outcome === "live") break;
      Object.assign(release2, {
        run: event.context.run,
        who: event.context.who,
        finishedAt: null,
        outcome: "running",
        causes: [],
        serving: null,
        seconds: null
      });
      for (const step of release2.steps) if (step.outcome === "running") step.outcome = "failed";
      break;
    case "planned":
    case "plan-file":
    case "approval-given":
    case "glass-reviewed":
    case "policy-approval-given":
    case "policy-adopted":
    case "lease-taken":
    case "lease-released":
    case "unlocked":
    case "token-raised":
    case "maintenance":
    case "requested":
    case "request-taken":
    case "request-refused":
    case "request-finished":
    case "target-seen":
      break;
  }
}
__name(add, "add");
function timeOf({ journaled, happenedAt, at: at2 }) {
  return journaled ? happenedAt : at2;
}
__name(timeOf, "timeOf");
function close(release2, holder) {
  if (holder?.run === release2.run) return;
  release2.outcome = "interrupted";
  const last = release2.steps.findLast(({ outcome }) => outcome === "running");
  release2.causes = [
    last === void 0 ? "The run was killed before it recorded an outcome." : `The run was killed in the step ${last.name} before it recorded an outcome.`
  ];
}
__name(close, "close");

// core/shared/ledger-head.ts
function headText({ number, hash }) {
  return `${number}:${hash.slice(0, 16)}`;
}
__name(headText, "headText");

// core/ledger/judge-head.ts
function judgeHead(head, last, hash) {
  if (hash === null) return { kind: "missing", head, last };
  return hash.startsWith(head.hash) ? { kind: "contained", head } : { kind: "differs", head, hash };
}
__name(judgeHead, "judgeHead");
function headProblem(verdict) {
  const { head } = verdict;
  const kept = `${headText(head)} (${head.by})`;
  switch (verdict.kind) {
    case "contained":
      return null;
    case "missing":
      return verdict.last < head.number ? `the ledger ends at event ${verdict.last}, before the head ${kept}: ${lack(head.number - verdict.last)}` : `the ledger has no event ${head.number}, which was its head ${kept}`;
    case "differs":
      return `event ${head.number} has the hash ${verdict.hash.slice(0, 16)}, and the head was ${kept}`;
  }
}
__name(headProblem, "headProblem");
function lack(events) {
  return `${count(events, "event")} ${events === 1 ? "is" : "are"} missing`;
}
__name(lack, "lack");
var MOST_LINES = 3;
function headLines(verdicts) {
  const problems = verdicts.flatMap((verdict) => headProblem(verdict) ?? []);
  const newest = verdicts.flatMap(({ kind, head }) => kind === "contained" ? [head] : []).reduce((found, head) => head.number > (found?.number ?? -1) ? head : found, null);
  const contained = verdicts.length - problems.length;
  return [
    ...newest === null ? [] : [
      `PASSED: the ledger contains ${count(contained, "head")} that ${contained === 1 ? "was" : "were"} kept, the latest ${headText(newest)} (${newest.by})`
    ],
    ...problems.slice(0, MOST_LINES).map((problem) => `FAILED: ${problem}`),
    ...problems.length > MOST_LINES ? [`FAILED: and ${problems.length - MOST_LINES} more; --json shows all`] : []
  ];
}
__name(headLines, "headLines");
var HEAD_NEXT = "Find out who can alter the ledger's tables, and restore what is missing from a backup. If the ledger was restored or replaced on purpose, move the old heads away on each host: docs/ledger.md says how.";

// core/ledger/problem.ts
function unreachable(why) {
  return new TollgateError(
    "ledger-unreachable",
    `Could not reach the ledger: ${why}`,
    "Check that its Postgres is running and that --ledger has its URL. Deployments need the ledger; rollbacks do not."
  );
}
__name(unreachable, "unreachable");
function connectionError(error) {
  const [what = ""] = error.message.split("\n\n");
  switch (error.code) {
    case "database-login":
      return new TollgateError(
        "ledger-login",
        what,
        "Correct the user or the password in --ledger. Nothing was changed."
      );
    case "database-unknown":
      return new TollgateError(
        "ledger-unknown",
        what,
        "Create the database first, or correct its name in --ledger. Nothing was changed."
      );
    case "database-url":
      return new TollgateError("ledger-url", what, error.next);
    default:
      return unreachable(what);
  }
}
__name(connectionError, "connectionError");
function mayNotWrite(service, why) {
  return new TollgateError(
    "ledger-rights",
    `The user of --ledger may not do this for the service ${service}: ${why}.`,
    "Pass the URL of this service's own role, or let the owner of the ledger grant it: docs/ledger.md, A role for each service. Nothing was changed."
  );
}
__name(mayNotWrite, "mayNotWrite");
function mayNotStore(why) {
  return new TollgateError(
    "report-rights",
    `The user of --ledger may not store reports: ${why}.`,
    "Let the owner of the ledger grant it SELECT and INSERT on tollgate_ledger.reports and tollgate_ledger.report_files. The run itself was recorded."
  );
}
__name(mayNotStore, "mayNotStore");
function leaseHeld(holder) {
  const { environment, run, owner, command, who, takenAt, expiresAt, token } = holder;
  return new TollgateError(
    "lease-held",
    [
      `${environment} is locked by another run: ${command} by ${who}.`,
      `  run ${run}, on ${owner}, lease ${token}`,
      `  since ${exact(takenAt)}, until ${exact(expiresAt)} unless it renews its lease`
    ].join("\n"),
    `Nothing was changed. Wait for that run to finish. If it was killed, the lease expires at ${exact(expiresAt)}; \`tollgate unlock --env=${environment} --reason=\u2026\` frees it now.`
  );
}
__name(leaseHeld, "leaseHeld");
function leaseLost(environment, why) {
  return new TollgateError(
    "lease-lost",
    `This run lost its lease on ${environment}: ${why}`,
    `It stopped and left its changes to the run that holds the lease now. \`tollgate history --env=${environment}\` shows which.`
  );
}
__name(leaseLost, "leaseLost");
function ledgerBehind(environment, token, seen, granted) {
  return new TollgateError(
    "ledger-behind",
    [
      `The hosts of ${environment} have seen lease ${granted} of a ledger, and this ledger has only granted ${token}: it is another ledger, was restored from a backup, or had another name for this environment.`,
      `  last claimed by ${seen}`
    ].join("\n"),
    `Nothing was changed. If --ledger names another ledger, correct it. If this is the right one, and no other is used for ${environment}: \`tollgate unlock --env=${environment} --raise=${granted} --reason=\u2026\` lets its leases continue above ${granted}. A rollback works meanwhile.`
  );
}
__name(ledgerBehind, "ledgerBehind");
function ledgerLostEvents(environment, problems) {
  return new TollgateError(
    "ledger-lost-events",
    [
      `The ledger of ${environment} is not the one of the latest release, or lost events since:`,
      ...problems.map((problem) => `  ${problem}`)
    ].join("\n"),
    `Nothing was changed. If --ledger names another ledger, correct it. ${HEAD_NEXT} A rollback works meanwhile.`
  );
}
__name(ledgerLostEvents, "ledgerLostEvents");
function exact(iso) {
  return moment(iso).replace(/ UTC$/, `:${iso.slice(17, 19)} UTC`);
}
__name(exact, "exact");

// core/ledger/link.ts
var Link = class {
  static {
    __name(this, "Link");
  }
  #address;
  #patience;
  #prepare;
  #session = null;
  /** Grows each time the connection is dropped, so that late results of an earlier connection are ignored. */
  #generation = 0;
  /** One task at a time: a heartbeat must not run inside another transaction. */
  #queue = Promise.resolve();
  /** The last failure, rethrown for `patience` seconds instead of connecting again. */
  #failed = null;
  /**
   * @param patience seconds
   * @param prepare run once on each new connection
   */
  constructor(address, patience, prepare) {
    this.#address = address;
    this.#patience = patience;
    this.#prepare = prepare;
  }
  /** @throws TollgateError `ledger-…` when the ledger is unreachable; Postgres' own error when a statement fails */
  ask(work) {
    const mine = this.#queue.then(() => this.#bounded(work));
    this.#queue = mine.catch(() => void 0);
    return mine;
  }
  async close() {
    const session = this.#session;
    this.#session = null;
    if (session !== null) await within(1, session.close()).catch(() => void 0);
  }
  async #bounded(work) {
    if (this.#failed !== null && performance.now() - this.#failed.at < this.#patience * 1e3) throw this.#failed.error;
    try {
      const result = await within(this.#patience, this.#connected(this.#generation).then(work));
      this.#failed = null;
      return result;
    } catch (error) {
      const away = this.#whyAway(error);
      if (away === null) throw error;
      this.#failed = { at: performance.now(), error: away };
      this.#drop();
      throw away;
    }
  }
  async #connected(generation) {
    if (this.#session !== null && !this.#session.broken) return this.#session;
    this.#session = null;
    const session = await openSession(this.#address, "tollgate ledger", this.#patience * 1e3);
    try {
      const longest = Math.round(this.#patience * 1e3);
      await session.run(
        `SET statement_timeout = ${longest}; SET lock_timeout = ${longest}; SET default_transaction_isolation = 'read committed'`
      );
      await this.#prepare(session);
      if (generation !== this.#generation) throw new TimeOut();
    } catch (error) {
      session.close().catch(() => void 0);
      throw error;
    }
    this.#session = session;
    return session;
  }
  #drop() {
    const session = this.#session;
    this.#session = null;
    this.#generation += 1;
    session?.close().catch(() => void 0);
  }
  #whyAway(error) {
    if (error instanceof TimeOut)
      return unreachable(`${this.#address.host}:${this.#address.port} did not answer within ${this.#patience} s.`);
    if (error instanceof TollgateError) return error.code.startsWith("database-") ? connectionError(error) : null;
    if (error instanceof ZodError || error instanceof TypeError || error instanceof RangeError) return null;
    const code = codeOf(error);
    const message = error instanceof Error ? error.message : String(error);
    if (code !== null && /^(08|53|55P03|57|58|25006|XX)/.test(code)) return unreachable(`${message}.`);
    if (this.#session?.broken === true || code === null || !/^[0-9A-Z]{5}$/.test(code))
      return unreachable(`${message}.`);
    return null;
  }
};
async function inTransaction(session, work) {
  await session.run("BEGIN");
  try {
    const result = await work();
    await session.run("COMMIT");
    return result;
  } catch (error) {
    if (!session.broken) await session.run("ROLLBACK").catch(() => void 0);
    throw error;
  }
}
__name(inTransaction, "inTransaction");
var TimeOut = class extends Error {
  static {
    __name(this, "TimeOut");
  }
};
async function within(seconds, work) {
  let timer;
  work.catch(() => void 0);
  try {
    return await Promise.race([
      work,
      new Promise((_, fail) => timer = setTimeout(() => fail(new TimeOut()), seconds * 1e3))
    ]);
  } finally {
    clearTimeout(timer);
  }
}
__name(within, "within");

// core/ledger/ci-ran.ts
var [MOST_GATES, MOST_FIGURES, MOST_REASONS, MOST_SUITES, MOST_TESTS] = [30, 30, 5, 30, 10];
var text = external_exports.string();
var suite = external_exports.object({
  name: text,
  verdict: external_exports.enum(["passed", "failed"]),
  tests: external_exports.int().min(0),
  failed: external_exports.int().min(0),
  /** Ids of the first failed tests: a parameter of one may be a secret. */
  failedTests: external_exports.array(freeText).max(MOST_TESTS),
  seconds: external_exports.number().min(0).nullable(),
  cached: external_exports.boolean()
});
var gate = external_exports.object({
  name: text,
  verdict: external_exports.enum(["passed", "failed", "skipped", "inconclusive"]),
  words: freeText,
  /** The first of them. */
  reasons: external_exports.array(freeText).max(MOST_REASONS),
  figures: external_exports.array(external_exports.object({ name: text, value: external_exports.number(), before: external_exports.number().nullable() })).max(MOST_FIGURES),
  /** Of the gate `test`; none in events of before the field existed. */
  suites: external_exports.array(suite).max(MOST_SUITES).default([]),
  cached: external_exports.boolean(),
  seconds: external_exports.number().min(0).nullable()
});
var ciRan = external_exports.object({
  kind: external_exports.literal("ci-ran"),
  app: text,
  /** null: not known. */
  branch: text.nullable(),
  /** Number of the pull request or merge request; null: none is known. */
  change: text.nullable(),
  /** The branch that the change goes into; null: none is known. */
  base: text.nullable().default(null),
  /** Commit; null: not known. */
  revision: text.nullable(),
  /** Digest of the source. */
  source: text,
  verdict: external_exports.enum(["passed", "failed", "inconclusive"]),
  words: freeText,
  startedAt: external_exports.iso.datetime({ offset: true }),
  seconds: external_exports.number().min(0),
  gates: external_exports.array(gate).max(MOST_GATES),
  /** Its report in the ledger's tables, by the digest of the list of its files; null: it was not stored. */
  report: external_exports.object({
    id: external_exports.uuid(),
    sha256: text,
    files: external_exports.int().min(0),
    /** Compressed. */
    bytes: external_exports.int().min(0),
    /** Files that were over a limit. */
    leftOut: external_exports.int().min(0)
  }).nullable().default(null)
});

// core/ledger/target-seen.ts
var text2 = external_exports.string();
var PROXY_STATES = ["running", "absent", "down"];
var release = external_exports.object({
  release: text2,
  version: text2,
  digest: text2,
  startedAt: text2,
  /** When it last got the traffic; null: never. */
  switchedAt: text2.nullable(),
  /** Where it is; `running`: its web process is. */
  places: external_exports.array(external_exports.object({ place: text2, running: external_exports.boolean() }))
});
var target = external_exports.object({
  places: external_exports.array(
    external_exports.object({
      place: text2,
      /** The release that has the traffic here; null: none. */
      release: text2.nullable(),
      proxy: external_exports.enum(PROXY_STATES),
      /** Why the proxy is down; empty otherwise. */
      why: freeText
    })
  ),
  /** A place whose traffic goes to something that is not a release of Tollgate; null: there is none. */
  foreign: external_exports.object({ place: text2, to: text2 }).nullable(),
  /** Those that have the traffic of a place, then those that had it, then those that never had it. */
  releases: external_exports.array(release),
  /** Number of releases and places that were left out. */
  leftOut: external_exports.int().min(0),
  /** Maintenance mode: its message; null: it is off. */
  maintenance: freeText.nullable()
});
var targetSeen = external_exports.object({
  kind: external_exports.literal("target-seen"),
  /** null: it was read. */
  problem: external_exports.object({ code: text2, why: freeText }).nullable(),
  /** null: it could not be read. */
  target: target.nullable()
});

// core/ledger/event.ts
var text3 = external_exports.string();
var moment2 = external_exports.iso.datetime({ offset: true });
var STEP_OUTCOMES = ["done", "failed", "skipped", "undone"];
var RELEASE_OUTCOMES = ["live", "failed", "rolled-back", "refused", "broken", "interrupted"];
var RELEASE_ACTIONS = ["deploy", "rollback"];
var releaseStarted = external_exports.object({
  kind: external_exports.literal("release-started"),
  action: external_exports.enum(RELEASE_ACTIONS),
  /** The release's version; null when not known, and in events of before the field existed. */
  version: text3.nullable().default(null),
  /** name@sha256:…, and the digest alone. */
  image: text3,
  digest: text3,
  /** The release that ran before, read from the target; null when none did. */
  previous: external_exports.object({ release: text3.nullable(), digest: text3 }).nullable(),
  /** Commit; null when not known. */
  revision: text3.nullable(),
  /** null for a rollback, and for an environment without approvals. */
  planId: text3.nullable(),
  /** Digest of the source that the evidence covers; null for a rollback. */
  sourceDigest: text3.nullable(),
  configDigest: text3.nullable(),
  configNames: external_exports.array(text3),
  migrations: external_exports.array(text3),
  why: freeText,
  /** The time given with --at; null when it started at once. */
  scheduledFor: moment2.nullable(),
  /** Seconds that it will be watched for after the switch; left out for a rollback, and in events of before the field existed. */
  watch: external_exports.number().min(0).exactOptional()
});
var stepStarted = external_exports.object({ kind: external_exports.literal("step-started"), step: text3 });
var stepFinished = external_exports.object({
  kind: external_exports.literal("step-finished"),
  step: text3,
  outcome: external_exports.enum(STEP_OUTCOMES),
  seconds: external_exports.number().min(0),
  /** One line for the reader. */
  note: freeText,
  /** Data for programs: thresholds with measured figures, digests, backup ids. */
  detail: freeData
});
var planned = external_exports.object({
  kind: external_exports.literal("planned"),
  planId: text3,
  /** SHA-256 of the plan file. */
  planSha256: text3,
  /** Of the planned commits; null when they are not known. */
  authors: external_exports.array(text3).nullable(),
  /** Why they are not known; empty when they are. */
  authorsUnknown: freeText,
  /** SHA-256 of each part of the settings that the plan binds. */
  settings: external_exports.record(external_exports.string(), text3),
  /** The planned commits and their times; null when they are not known, and in events of before the field existed. */
  commits: external_exports.array(external_exports.object({ id: text3, at: moment2 })).nullable().default(null),
  /** The commit that was planned; null: uncommitted changes, no Git, or an event of before the field existed. */
  revision: text3.nullable().default(null)
});
var planFile = external_exports.object({
  kind: external_exports.literal("plan-file"),
  planId: text3,
  /** SHA-256 of the plan file. */
  planSha256: text3,
  plan: signedFile
});
var approvalGiven = external_exports.object({
  kind: external_exports.literal("approval-given"),
  planId: text3,
  /** SHA-256 of the plan file that was approved. */
  planSha256: text3,
  approver: text3,
  /** The whole approval. */
  signed: signedFile
});
var policyApprovalGiven = external_exports.object({
  kind: external_exports.literal("policy-approval-given"),
  /** Digest of the policy in force when it was given; null: none was. */
  from: text3.nullable(),
  /** Digest of the policy that was approved. */
  to: text3,
  approver: text3,
  /** The whole approval. */
  signed: signedFile
});
var policyAdopted = external_exports.object({
  kind: external_exports.literal("policy-adopted"),
  digest: text3,
  /** Of the policy before; null: the first. */
  previous: text3.nullable(),
  reason: freeText,
  /** The policy and its approvals. */
  signed: signedFile
});
var approved = external_exports.object({
  kind: external_exports.literal("approved"),
  planId: text3,
  /** SHA-256 of the plan file that was approved. */
  planSha256: text3,
  approver: text3,
  key: text3,
  reason: freeText,
  signedAt: moment2,
  expiresAt: moment2,
  /** The whole approval; null in events of before the field existed. */
  signed: signedFile.default(null)
});
var brokeGlass = external_exports.object({
  kind: external_exports.literal("broke-glass"),
  reason: freeText,
  /** Codes of the refusals that were overridden. */
  waived: external_exports.array(text3),
  /** The signature of a listed key; null where the environment lists no key, and in older events. */
  signed: signedFile.default(null)
});
var glassReviewed = external_exports.object({
  kind: external_exports.literal("glass-reviewed"),
  approver: text3,
  reason: freeText,
  signed: signedFile
});
var releaseFinished = external_exports.object({
  kind: external_exports.literal("release-finished"),
  outcome: external_exports.enum(RELEASE_OUTCOMES),
  /** What serves now, verified from outside; null when nothing could be verified. */
  serving: external_exports.object({ release: text3.nullable(), digest: text3 }).nullable(),
  /** Why it failed, first cause first; empty when it did not. */
  causes: external_exports.array(freeText),
  seconds: external_exports.number().min(0)
});
var notified = external_exports.object({
  kind: external_exports.literal("notified"),
  event: text3,
  /** slack, webhook or email. Never the address, which is a secret. */
  channel: text3,
  sent: external_exports.boolean(),
  attempts: external_exports.int().min(0),
  /** null when it was sent. */
  error: freeText.nullable()
});
var leaseTaken = external_exports.object({
  kind: external_exports.literal("lease-taken"),
  command: text3,
  /** The run whose lease had expired or was taken over; null when the lease was free. */
  from: external_exports.object({ run: text3, owner: text3, token: external_exports.int(), expired: external_exports.boolean() }).nullable(),
  /** Why it was taken over from an active run; null when it was not. */
  reason: freeText.nullable()
});
var leaseReleased = external_exports.object({ kind: external_exports.literal("lease-released") });
var unlocked = external_exports.object({
  kind: external_exports.literal("unlocked"),
  reason: freeText,
  held: external_exports.object({ run: text3, owner: text3, token: external_exports.int(), expired: external_exports.boolean() })
});
var tokenRaised = external_exports.object({ kind: external_exports.literal("token-raised"), from: external_exports.int(), to: external_exports.int(), reason: freeText });
var maintenance = external_exports.object({ kind: external_exports.literal("maintenance"), on: external_exports.boolean(), message: freeText });
var requested = external_exports.object({ kind: external_exports.literal("requested"), request: text3, signed: signedFile });
var requestTaken = external_exports.object({
  kind: external_exports.literal("request-taken"),
  /** Number of the event of the request. */
  number: external_exports.int(),
  /** 2: an interrupted runner took it before. */
  attempt: external_exports.int().min(1),
  /** The lease that the runner holds while it lives: without it, the runner was killed. Numbers, which are never redacted. */
  lease: external_exports.object({ place: external_exports.int(), token: external_exports.int() })
});
var requestRefused = external_exports.object({
  kind: external_exports.literal("request-refused"),
  number: external_exports.int(),
  problems: external_exports.array(external_exports.object({ code: text3, message: freeText }))
});
var REQUEST_OUTCOMES = ["done", "failed", "canceled", "missed", "interrupted"];
var requestFinished = external_exports.object({
  kind: external_exports.literal("request-finished"),
  number: external_exports.int(),
  outcome: external_exports.enum(REQUEST_OUTCOMES),
  /** The release that it led to; null: none. */
  release: text3.nullable(),
  /** What was done, or why not. */
  note: freeText
});
var happening = external_exports.discriminatedUnion("kind", [
  releaseStarted,
  stepStarted,
  stepFinished,
  planned,
  planFile,
  approvalGiven,
  policyApprovalGiven,
  policyAdopted,
  approved,
  brokeGlass,
  glassReviewed,
  releaseFinished,
  notified,
  leaseTaken,
  leaseReleased,
  unlocked,
  tokenRaised,
  maintenance,
  requested,
  requestTaken,
  requestRefused,
  requestFinished,
  ciRan,
  targetSeen
]);
var eventContext = external_exports.object({
  service: text3,
  environment: text3,
  /** null when the event belongs to no release. */
  release: text3.nullable(),
  /** Id of one call of a command. */
  run: text3,
  /** Fencing token of the run's lease; null when the run holds none. */
  token: external_exports.int().nullable(),
  /** The person or pipeline that the run belongs to. */
  who: text3
});
var eventBody = external_exports.object({
  version: external_exports.literal(1),
  id: external_exports.uuid(),
  happenedAt: moment2,
  context: eventContext,
  what: happening
});

// core/ledger/trigger.ts
function always({ table, name, on, each, calls }) {
  return `CREATE OR REPLACE TRIGGER ${name} ${on} ON tollgate_ledger.${table}
  FOR EACH ${each} EXECUTE FUNCTION tollgate_ledger.${calls}();
ALTER TABLE tollgate_ledger.${table} ENABLE ALWAYS TRIGGER ${name};`;
}
__name(always, "always");

// core/ledger/kept-rows.ts
function keptRows({ table, row, words, days, code, most }) {
  return `
CREATE OR REPLACE FUNCTION tollgate_ledger.date_${row}() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  NEW.written_at := clock_timestamp();
  RETURN NEW;
END $$;
${always({ table, name: "dated", on: "BEFORE INSERT", each: "ROW", calls: `date_${row}` })}
${always({ table, name: "only_added", on: "BEFORE UPDATE OR TRUNCATE", each: "STATEMENT", calls: "refuse" })}

CREATE OR REPLACE FUNCTION tollgate_ledger.keep_${row}() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF OLD.written_at > clock_timestamp() - interval '${days} days' THEN
    RAISE EXCEPTION '${words} are kept for ${days} days' USING ERRCODE = '${code}';
  END IF;
  RETURN OLD;
END $$;
${always({ table, name: "kept", on: "BEFORE DELETE", each: "ROW", calls: `keep_${row}` })}

-- as the owner: a role that may only insert deletes nothing else
CREATE OR REPLACE FUNCTION tollgate_ledger.prune_${table}() RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  DELETE FROM tollgate_ledger.${table} WHERE ctid = ANY (ARRAY(
    SELECT r.ctid FROM tollgate_ledger.${table} r WHERE r.written_at < clock_timestamp() - interval '${days} days'
    ORDER BY r.written_at LIMIT ${most}));
$$;
`;
}
__name(keptRows, "keptRows");

// core/ledger/logs/schema.ts
var KEPT_DAYS = 14;
var LONGEST_TEXT = 2e3;
var LOG_TABLES = `
CREATE TABLE IF NOT EXISTS tollgate_ledger.log_lines (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, written_at timestamptz NOT NULL,
  service text NOT NULL, environment text NOT NULL, release text NOT NULL, run text NOT NULL,
  side text NOT NULL CHECK (side IN ('new', 'old', '')), version text NOT NULL CHECK (length(version) <= 200),
  place text NOT NULL CHECK (length(place) <= 300), process text NOT NULL CHECK (length(process) <= 100),
  stream text NOT NULL CHECK (stream IN ('out', 'err', 'note')), at timestamptz NOT NULL,
  text text NOT NULL CHECK (length(text) <= ${LONGEST_TEXT}), lines int NOT NULL CHECK (lines >= 0));
CREATE INDEX IF NOT EXISTS log_lines_of_release ON tollgate_ledger.log_lines (service, environment, release, id);
CREATE INDEX IF NOT EXISTS log_lines_by_age ON tollgate_ledger.log_lines (written_at);
${keptRows({ table: "log_lines", row: "log_line", words: "log lines", days: KEPT_DAYS, code: "TGL05", most: 2e4 })}`;

// core/ledger/report-schema.ts
var [KEPT_OF_BRANCH, KEPT_OF_SERVICE] = [10, 100];
var [MOST_FILES, MOST_BYTES, LARGEST_FILE, LONGEST_PATH] = [200, 5e6, 2e7, 300];
var NEWER = "(n.at, OLD.id) > (OLD.at, n.id)";
var REPORT_TABLES = `
CREATE TABLE IF NOT EXISTS tollgate_ledger.reports (
  id uuid PRIMARY KEY, service text NOT NULL, app text NOT NULL, branch text NOT NULL, at timestamptz NOT NULL);
CREATE INDEX IF NOT EXISTS reports_of_service ON tollgate_ledger.reports (service, at);

CREATE TABLE IF NOT EXISTS tollgate_ledger.report_files (
  report uuid NOT NULL REFERENCES tollgate_ledger.reports ON DELETE CASCADE,
  path text NOT NULL CHECK (length(path) BETWEEN 1 AND ${LONGEST_PATH}),
  sha256 text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
  bytes int NOT NULL CHECK (bytes BETWEEN 0 AND ${LARGEST_FILE}),
  content bytea NOT NULL CHECK (octet_length(content) <= ${MOST_BYTES}),
  PRIMARY KEY (report, path));
ALTER TABLE tollgate_ledger.report_files ALTER COLUMN content SET STORAGE EXTERNAL;

CREATE OR REPLACE FUNCTION tollgate_ledger.stamp_report() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN NEW.at := clock_timestamp(); RETURN NEW; END $$;
${always({ table: "reports", name: "stamped", on: "BEFORE INSERT", each: "ROW", calls: "stamp_report" })}

CREATE OR REPLACE FUNCTION tollgate_ledger.expire_reports() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  DELETE FROM tollgate_ledger.reports WHERE id IN (
    SELECT id FROM (SELECT id, row_number() OVER (PARTITION BY app, branch ORDER BY at DESC, id) AS of_branch, row_number() OVER (ORDER BY at DESC, id) AS of_service
      FROM tollgate_ledger.reports WHERE service = NEW.service) AS ranked
    WHERE of_branch > ${KEPT_OF_BRANCH} OR of_service > ${KEPT_OF_SERVICE});
  RETURN NULL;
END $$;
${always({ table: "reports", name: "expired", on: "AFTER INSERT", each: "ROW", calls: "expire_reports" })}

CREATE OR REPLACE FUNCTION tollgate_ledger.keep_report() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF (SELECT count(*) FROM tollgate_ledger.reports n WHERE n.service = OLD.service AND n.app = OLD.app AND n.branch = OLD.branch AND ${NEWER}) < ${KEPT_OF_BRANCH}
    AND (SELECT count(*) FROM tollgate_ledger.reports n WHERE n.service = OLD.service AND ${NEWER}) < ${KEPT_OF_SERVICE} THEN
    RAISE EXCEPTION 'tollgate_ledger.reports keeps this report' USING ERRCODE = 'TGL02';
  END IF;
  RETURN OLD;
END $$;
${always({ table: "reports", name: "kept", on: "BEFORE DELETE", each: "ROW", calls: "keep_report" })}

CREATE OR REPLACE FUNCTION tollgate_ledger.keep_report_file() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM tollgate_ledger.reports r WHERE r.id = OLD.report) THEN
    RAISE EXCEPTION 'tollgate_ledger.report_files keeps the files of a report' USING ERRCODE = 'TGL02';
  END IF;
  RETURN OLD;
END $$;
${always({ table: "report_files", name: "kept", on: "BEFORE DELETE", each: "ROW", calls: "keep_report_file" })}

${always({ table: "reports", name: "unchanged", on: "BEFORE UPDATE OR TRUNCATE", each: "STATEMENT", calls: "refuse" })}
${always({ table: "report_files", name: "unchanged", on: "BEFORE UPDATE OR TRUNCATE", each: "STATEMENT", calls: "refuse" })}
`;

// core/ledger/samples/schema.ts
var KEPT_DAYS2 = 90;
var SAMPLE_TABLES = `
CREATE TABLE IF NOT EXISTS tollgate_ledger.samples (
  written_at timestamptz NOT NULL, service text NOT NULL, environment text NOT NULL, release text NOT NULL, run text NOT NULL,
  metric text NOT NULL CHECK (metric ~ '^[a-z][a-z0-9-]{0,39}$'), phase text NOT NULL CHECK (phase ~ '^[a-z][a-z0-9-]{0,39}$'),
  since timestamptz NOT NULL, at timestamptz NOT NULL,
  value float8 CHECK (value >= 0 AND value < 'Infinity'), beyond boolean NOT NULL,
  out_of bigint CHECK (out_of >= 0), least bigint NOT NULL CHECK (least >= 0),
  threshold float8 CHECK (threshold >= 0 AND threshold < 'Infinity'));
CREATE INDEX IF NOT EXISTS samples_of_release ON tollgate_ledger.samples (service, environment, release, at);
CREATE INDEX IF NOT EXISTS samples_by_age ON tollgate_ledger.samples (written_at);
${keptRows({ table: "samples", row: "sample", words: "samples", days: KEPT_DAYS2, code: "TGL04", most: 1e4 })}`;

// core/ledger/schema.ts
var LAYOUT = 4;
var STALE = "TGL01";
var CHANNEL = "tollgate_ledger";
var LOCK = { prepare: "8655428, 1", chain: "8655428, 2" };
var MOMENT = `'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'`;
var TABLES = `
CREATE SCHEMA IF NOT EXISTS tollgate_ledger;

CREATE TABLE IF NOT EXISTS tollgate_ledger.leases (
  service text NOT NULL, environment text NOT NULL, token bigint NOT NULL DEFAULT 0,
  run text, owner text, command text, who text, taken_at timestamptz, heartbeat_at timestamptz, expires_at timestamptz,
  PRIMARY KEY (service, environment));

CREATE TABLE IF NOT EXISTS tollgate_ledger.events (
  number bigint PRIMARY KEY, id uuid NOT NULL UNIQUE, at timestamptz NOT NULL, journaled boolean NOT NULL, stale boolean NOT NULL,
  previous text NOT NULL, hash text NOT NULL UNIQUE, body text NOT NULL,
  service text NOT NULL GENERATED ALWAYS AS (body::jsonb #>> '{context,service}') STORED,
  environment text NOT NULL GENERATED ALWAYS AS (body::jsonb #>> '{context,environment}') STORED,
  release text GENERATED ALWAYS AS (body::jsonb #>> '{context,release}') STORED,
  kind text NOT NULL GENERATED ALWAYS AS (body::jsonb #>> '{what,kind}') STORED);
CREATE INDEX IF NOT EXISTS events_of_environment ON tollgate_ledger.events (service, environment, kind, number);
CREATE INDEX IF NOT EXISTS events_of_release ON tollgate_ledger.events (service, environment, release);

CREATE OR REPLACE FUNCTION tollgate_ledger.chain() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  event jsonb := NEW.body::jsonb;
  last record;
  held bigint;
BEGIN
  PERFORM pg_catalog.pg_advisory_xact_lock(${LOCK.chain});
  SELECT e.number, e.hash INTO last FROM tollgate_ledger.events e ORDER BY e.number DESC LIMIT 1;
  NEW.number := coalesce(last.number, 0) + 1;
  NEW.previous := coalesce(last.hash, repeat('0', 64));
  NEW.id := (event ->> 'id')::uuid;
  NEW.at := clock_timestamp();
  NEW.stale := false;
  IF event #>> '{context,token}' IS NOT NULL THEN
    SELECT l.token INTO held FROM tollgate_ledger.leases l
    WHERE l.service = event #>> '{context,service}' AND l.environment = event #>> '{context,environment}';
    NEW.stale := held IS DISTINCT FROM (event #>> '{context,token}')::bigint;
    IF NEW.stale AND NOT NEW.journaled AND event #>> '{what,kind}' IN ('release-started', 'step-started') THEN
      RAISE EXCEPTION 'another run holds the lease' USING ERRCODE = '${STALE}';
    END IF;
  END IF;
  NEW.hash := encode(sha256(convert_to(concat_ws(E'\\n', NEW.number, to_char(NEW.at AT TIME ZONE 'UTC', ${MOMENT}),
    NEW.journaled, NEW.stale, NEW.previous, NEW.body), 'UTF8')), 'hex');
  RETURN NEW;
END $$;
${always({ table: "events", name: "chained", on: "BEFORE INSERT", each: "ROW", calls: "chain" })}

CREATE OR REPLACE FUNCTION tollgate_ledger.refuse() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN RAISE EXCEPTION 'tollgate_ledger.% is append-only', TG_TABLE_NAME USING ERRCODE = 'TGL02'; END $$;
${always({ table: "events", name: "only_added", on: "BEFORE UPDATE OR DELETE OR TRUNCATE", each: "STATEMENT", calls: "refuse" })}

CREATE OR REPLACE FUNCTION tollgate_ledger.keep_token() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NEW.token < OLD.token OR NEW.service IS DISTINCT FROM OLD.service OR NEW.environment IS DISTINCT FROM OLD.environment THEN
    RAISE EXCEPTION 'the fencing token of % never goes down', OLD.environment USING ERRCODE = 'TGL03';
  END IF;
  RETURN NEW;
END $$;
${always({ table: "leases", name: "token_grows", on: "BEFORE UPDATE", each: "ROW", calls: "keep_token" })}
${always({ table: "leases", name: "stays", on: "BEFORE DELETE OR TRUNCATE", each: "STATEMENT", calls: "refuse" })}

CREATE OR REPLACE VIEW tollgate_ledger.releases AS
  SELECT e.number, e.at, e.service, e.environment, e.release, b #>> '{what,action}' AS action, b #>> '{context,who}' AS who, b #>> '{what,why}' AS why,
    b #>> '{what,image}' AS image, b #>> '{what,revision}' AS revision, b #>> '{what,planId}' AS plan, b #>> '{what,configDigest}' AS config_digest, f.at AS finished_at,
    f.body::jsonb #>> '{what,outcome}' AS outcome
  FROM tollgate_ledger.events e CROSS JOIN LATERAL (SELECT e.body::jsonb AS b) AS parsed
  LEFT JOIN LATERAL (SELECT f.at, f.body FROM tollgate_ledger.events f WHERE f.service = e.service AND f.environment = e.environment
    AND f.release = e.release AND f.kind = 'release-finished' ORDER BY f.number DESC LIMIT 1) AS f ON true
  WHERE e.kind = 'release-started';
CREATE OR REPLACE VIEW tollgate_ledger.steps AS
  SELECT number, at, service, environment, release, b #>> '{what,step}' AS step, b #>> '{what,outcome}' AS outcome,
    (b #>> '{what,seconds}')::float8 AS seconds, b #>> '{what,note}' AS note
  FROM tollgate_ledger.events CROSS JOIN LATERAL (SELECT body::jsonb AS b) AS parsed WHERE kind = 'step-finished';
CREATE OR REPLACE VIEW tollgate_ledger.approvals AS
  SELECT number, at, service, environment, release, b #>> '{what,approver}' AS approver, b #>> '{what,key}' AS key, b #>> '{what,reason}' AS reason,
    b #>> '{what,planId}' AS plan, b #>> '{what,expiresAt}' AS expires_at
  FROM tollgate_ledger.events CROSS JOIN LATERAL (SELECT body::jsonb AS b) AS parsed WHERE kind = 'approved';

${SAMPLE_TABLES}
${LOG_TABLES}
${REPORT_TABLES}
COMMENT ON SCHEMA tollgate_ledger IS 'tollgate ledger, layout ${LAYOUT}';
`;

// core/ledger/rows.ts
var chainedRow = external_exports.object({
  number: external_exports.int(),
  at: external_exports.string(),
  journaled: external_exports.boolean(),
  stale: external_exports.boolean(),
  previous: external_exports.string(),
  hash: external_exports.string(),
  body: external_exports.string()
});
var COLUMNS = `number::int, to_char(at AT TIME ZONE 'UTC', ${MOMENT}) AS at, journaled, stale, previous, hash, body`;
function rowsAfter(session, number, limit) {
  return session.rows(
    chainedRow,
    `SELECT ${COLUMNS} FROM tollgate_ledger.events e WHERE e.number > $1 ORDER BY e.number LIMIT $2`,
    [number, limit]
  );
}
__name(rowsAfter, "rowsAfter");
function rowsOf(session, service, environment, which) {
  const [column, value] = "release" in which ? ["release", which.release] : ["kind", which.kind];
  return session.rows(
    chainedRow,
    `SELECT ${COLUMNS} FROM tollgate_ledger.events e WHERE e.service = $1 AND e.environment = $2 AND e.${column} = $3 ORDER BY e.number`,
    [service, environment, value]
  );
}
__name(rowsOf, "rowsOf");
async function eventsOf(session, service, environment, release2) {
  const rows = await session.rows(
    chainedRow,
    `SELECT ${COLUMNS} FROM tollgate_ledger.events e WHERE e.service = $1 AND e.environment = $2 AND ($3::text IS NULL OR e.release = $3) ORDER BY e.number`,
    [service, environment, release2]
  );
  return rows.flatMap(eventOf);
}
__name(eventsOf, "eventsOf");
async function eventsOfLatest(session, service, environment, limit) {
  const rows = await session.rows(
    chainedRow,
    `SELECT ${COLUMNS} FROM tollgate_ledger.events e WHERE e.service = $1 AND e.environment = $2 AND e.release IN (
       SELECT b.release FROM tollgate_ledger.events b WHERE b.service = $1 AND b.environment = $2 AND b.kind = 'release-started' ORDER BY b.number DESC LIMIT $3)
     ORDER BY e.number`,
    [service, environment, limit]
  );
  return rows.flatMap(eventOf);
}
__name(eventsOfLatest, "eventsOfLatest");
async function eventsOfKind(session, service, environment, kind) {
  const rows = await session.rows(
    chainedRow,
    `SELECT ${COLUMNS} FROM tollgate_ledger.events e WHERE e.service = $1 AND e.environment = $2 AND e.kind = $3 ORDER BY e.number`,
    [service, environment, kind]
  );
  return rows.flatMap(eventOf);
}
__name(eventsOfKind, "eventsOfKind");
async function eventsOfKinds(session, service, environment, kinds2, after) {
  const rows = await session.rows(
    chainedRow,
    `SELECT ${COLUMNS} FROM tollgate_ledger.events e WHERE e.service = $1 AND e.environment = $2 AND e.kind = ANY ($3) AND e.number > $4 ORDER BY e.number`,
    [service, environment, kinds2, after]
  );
  return rows.flatMap(eventOf);
}
__name(eventsOfKinds, "eventsOfKinds");
async function latestEvent(session) {
  const { number } = await session.row(
    external_exports.object({ number: external_exports.int() }),
    "SELECT coalesce(max(number), 0)::int AS number FROM tollgate_ledger.events"
  );
  return number;
}
__name(latestEvent, "latestEvent");
function eventOf({ body, number, at: at2, journaled, stale }) {
  const parsed = parseBody(body);
  return parsed === null ? [] : [{ ...parsed, number, at: at2, journaled, stale }];
}
__name(eventOf, "eventOf");
function parseBody(text4) {
  let value;
  try {
    value = JSON.parse(text4);
  } catch {
    return null;
  }
  const parsed = eventBody.safeParse(value);
  return parsed.success ? parsed.data : null;
}
__name(parseBody, "parseBody");
async function insertEvent(session, body, journaled) {
  const id = parseBody(body)?.id;
  const [head] = await session.rows(
    external_exports.object({ number: external_exports.int(), hash: external_exports.string() }),
    `INSERT INTO tollgate_ledger.events (body, journaled, id) SELECT $1, $2, $3 WHERE NOT EXISTS (SELECT FROM tollgate_ledger.events WHERE id = $3)
     ON CONFLICT (id) DO NOTHING RETURNING number::int, hash`,
    [body, journaled, id]
  );
  return head ?? null;
}
__name(insertEvent, "insertEvent");
async function insertOnce(session, body, id) {
  const rows = await session.rows(
    external_exports.object({ number: external_exports.int() }),
    `WITH added AS (INSERT INTO tollgate_ledger.events (body, journaled, id) VALUES ($1, false, $2) ON CONFLICT (id) DO NOTHING RETURNING number)
     SELECT number::int, pg_notify($3, '')::text AS notified FROM added`,
    [body, id, CHANNEL]
  );
  return rows.length > 0;
}
__name(insertOnce, "insertOnce");
var leaseRow = external_exports.object({
  token: external_exports.int(),
  run: external_exports.string().nullable(),
  owner: external_exports.string().nullable(),
  command: external_exports.string().nullable(),
  who: external_exports.string().nullable(),
  takenAt: external_exports.string().nullable(),
  heartbeatAt: external_exports.string().nullable(),
  expiresAt: external_exports.string().nullable(),
  expired: external_exports.boolean().nullable()
});
var at = /* @__PURE__ */ __name((column) => `to_char(${column} AT TIME ZONE 'UTC', ${MOMENT})`, "at");
async function leaseOf(session, service, environment, lock) {
  const [row] = await session.rows(
    leaseRow,
    `SELECT token::int, run, owner, command, who, ${at("taken_at")} AS "takenAt", ${at("heartbeat_at")} AS "heartbeatAt", ${at("expires_at")} AS "expiresAt",
       expires_at <= clock_timestamp() AS expired
     FROM tollgate_ledger.leases WHERE service = $1 AND environment = $2${lock ? " FOR UPDATE" : ""}`,
    [service, environment]
  );
  if (row === void 0) return { token: 0, held: null };
  const { token, run, owner, command, who, takenAt, heartbeatAt, expiresAt, expired } = row;
  if (run === null || owner === null || command === null || who === null || takenAt === null || heartbeatAt === null || expiresAt === null)
    return { token, held: null };
  return {
    token,
    held: { environment, run, owner, command, who, token, takenAt, heartbeatAt, expiresAt, expired: expired ?? true }
  };
}
__name(leaseOf, "leaseOf");

// core/ledger/lease.ts
async function obtainLease(link, service, request, note) {
  const { environment, run, owner, command, who, seconds, takeOver } = request;
  const asked = thisMoment();
  const token = await link.ask(
    (session) => inTransaction(session, async () => {
      await session.run(
        "INSERT INTO tollgate_ledger.leases (service, environment) VALUES ($1, $2) ON CONFLICT DO NOTHING",
        [service, environment]
      );
      const { token: last, held } = await leaseOf(session, service, environment, true);
      if (held !== null && !held.expired && takeOver === void 0) throw leaseHeld(held);
      const { token: token2 } = await session.row(
        external_exports.object({ token: external_exports.int() }),
        `UPDATE tollgate_ledger.leases SET token = $3, run = $4, owner = $5, command = $6, who = $7,
           taken_at = clock_timestamp(), heartbeat_at = clock_timestamp(), expires_at = clock_timestamp() + make_interval(secs => $8)
         WHERE service = $1 AND environment = $2 RETURNING token::int`,
        [service, environment, last + 1, run, owner, command, who, seconds]
      );
      const from = held === null ? null : { run: held.run, owner: held.owner, token: held.token, expired: held.expired };
      await note(session, token2, {
        kind: "lease-taken",
        command,
        from,
        reason: held !== null && !held.expired ? takeOver ?? null : null
      });
      return token2;
    })
  );
  const holder = await link.ask((session) => leaseOf(session, service, environment, false));
  return activeLease(link, service, holderOf(holder, token, environment), seconds, asked, note);
}
__name(obtainLease, "obtainLease");
function holderOf({ held }, token, environment) {
  if (held?.token !== token) throw leaseLost(environment, "another run took the lease immediately.");
  return held;
}
__name(holderOf, "holderOf");
function thisMoment() {
  return { monotonic: performance.now(), wall: Date.now() };
}
__name(thisMoment, "thisMoment");
function secondsSince({ monotonic, wall }) {
  return Math.max(performance.now() - monotonic, Date.now() - wall) / 1e3;
}
__name(secondsSince, "secondsSince");
function activeLease(link, service, holder, seconds, asked, note) {
  const { environment, run } = holder;
  let { token } = holder;
  let renewedAt = asked;
  let lost = null;
  const secondsLeft = /* @__PURE__ */ __name(() => lost === null ? Math.max(0, seconds - secondsSince(renewedAt)) : 0, "secondsLeft");
  const renew = /* @__PURE__ */ __name(async () => {
    const before = thisMoment();
    const renewed = await link.ask(
      (session) => session.rows(
        external_exports.object({ token: external_exports.int() }),
        `UPDATE tollgate_ledger.leases SET heartbeat_at = clock_timestamp(), expires_at = clock_timestamp() + make_interval(secs => $4)
         WHERE service = $1 AND environment = $2 AND token = $3 AND run = $5 RETURNING token::int`,
        [service, environment, token, seconds, run]
      )
    );
    if (renewed.length > 0) {
      renewedAt = before;
      return;
    }
    const { held } = await link.ask((session) => leaseOf(session, service, environment, false));
    lost = leaseLost(
      environment,
      held === null ? "it was unlocked." : `${held.command} by ${held.who} took the lease (run ${held.run}, on ${held.owner}).`
    );
    throw lost;
  }, "renew");
  const heartbeat = setInterval(() => void renew().catch(() => void 0), seconds * 1e3 / 4);
  heartbeat.unref();
  return {
    ...holder,
    get token() {
      return token;
    },
    raise: /* @__PURE__ */ __name(async (above, reason) => {
      const raised = await link.ask(
        (session) => inTransaction(session, async () => {
          const rows = await session.rows(
            external_exports.object({ token: external_exports.int() }),
            "UPDATE tollgate_ledger.leases SET token = greatest(token, $3::bigint) + 1 WHERE service = $1 AND environment = $2 AND token = $4 AND run = $5 RETURNING token::int",
            [service, environment, above, token, run]
          );
          const [next] = rows;
          if (next !== void 0)
            await note(session, next.token, { kind: "token-raised", from: token, to: next.token, reason });
          return next;
        }).then((next) => {
          token = next?.token ?? token;
          return next;
        })
      );
      if (raised !== void 0) return;
      lost = leaseLost(environment, "another run took it, or it was unlocked.");
      throw lost;
    }, "raise"),
    secondsLeft,
    requireHeld: /* @__PURE__ */ __name(async () => {
      if (lost !== null) throw lost;
      try {
        await renew();
      } catch (error) {
        if (lost !== null) throw lost;
        if (!(error instanceof TollgateError) || error.code !== "ledger-unreachable") throw error;
        if (secondsLeft() > 0) return;
        throw leaseLost(environment, `the ledger has not answered for ${seconds} s, so the lease may have expired.`);
      }
    }, "requireHeld"),
    release: /* @__PURE__ */ __name(async () => {
      clearInterval(heartbeat);
      if (lost !== null) return;
      lost = leaseLost(environment, "it released the lease.");
      await link.ask(
        (session) => inTransaction(session, async () => {
          const freed = await session.rows(
            external_exports.object({ token: external_exports.int() }),
            "UPDATE tollgate_ledger.leases SET run = NULL, expires_at = clock_timestamp() WHERE service = $1 AND environment = $2 AND token = $3 AND run = $4 RETURNING token::int",
            [service, environment, token, run]
          );
          if (freed.length > 0) await note(session, token, { kind: "lease-released" });
        })
      ).catch(() => void 0);
    }, "release")
  };
}
__name(activeLease, "activeLease");
async function freeLease(link, service, environment, { reason, only }, note) {
  return link.ask(
    (session) => inTransaction(session, async () => {
      const { held } = await leaseOf(session, service, environment, true);
      if (held === null)
        throw new TollgateError(
          "lease-free",
          `${environment} is not locked: no run holds its lease.`,
          "No action is needed. Nothing was changed, and the next deployment can start."
        );
      if (only !== null && held.run !== only)
        throw new TollgateError(
          "lease-other",
          `${environment} is locked by another run now: ${held.command} by ${held.who}, run ${held.run}.`,
          `\`tollgate status --env=${environment}\` shows it. Nothing was changed.`
        );
      await session.run(
        "UPDATE tollgate_ledger.leases SET token = token + 1, run = NULL, expires_at = clock_timestamp() WHERE service = $1 AND environment = $2",
        [service, environment]
      );
      const { run, owner, token, expired } = held;
      await note(session, null, { kind: "unlocked", reason, held: { run, owner, token, expired } });
      return held;
    })
  );
}
__name(freeLease, "freeLease");
async function raiseToken(link, service, environment, above, reason, note) {
  return link.ask(
    (session) => inTransaction(session, async () => {
      await session.run(
        "INSERT INTO tollgate_ledger.leases (service, environment) VALUES ($1, $2) ON CONFLICT DO NOTHING",
        [service, environment]
      );
      const { token: from, held } = await leaseOf(session, service, environment, true);
      if (held !== null && !held.expired) throw leaseHeld(held);
      if (from >= above) return { from, to: from };
      await session.run("UPDATE tollgate_ledger.leases SET token = $3 WHERE service = $1 AND environment = $2", [
        service,
        environment,
        above
      ]);
      await note(session, null, { kind: "token-raised", from, to: above, reason });
      return { from, to: above };
    })
  );
}
__name(raiseToken, "raiseToken");

// core/ledger/prepare.ts
import { setTimeout as pause } from "node:timers/promises";
async function prepareLedger(session) {
  for (let attempt = 0; ; attempt += 1) {
    const found = await layoutOf(session);
    if (found === LAYOUT) return;
    if (found !== null && found > LAYOUT)
      throw new TollgateError(
        "ledger-newer",
        `The ledger was created by a newer Tollgate: its layout is ${found}, and this version supports ${LAYOUT}.`,
        "Upgrade Tollgate. Nothing was changed."
      );
    if (await create(session, found)) return;
    await pause(Math.min(50 * (attempt + 1), 500));
  }
}
__name(prepareLedger, "prepareLedger");
async function layoutOf(session) {
  const { comment } = await session.row(
    external_exports.object({ comment: external_exports.string().nullable() }),
    "SELECT (SELECT obj_description(oid, 'pg_namespace') FROM pg_namespace WHERE nspname = 'tollgate_ledger') AS comment"
  );
  const [, layout] = /^tollgate ledger, layout (\d+)$/.exec(comment ?? "") ?? [];
  return layout === void 0 ? null : Number(layout);
}
__name(layoutOf, "layoutOf");
var IN_USE = "LOCK TABLE tollgate_ledger.leases IN SHARE ROW EXCLUSIVE MODE; LOCK TABLE tollgate_ledger.events IN SHARE ROW EXCLUSIVE MODE";
async function create(session, found) {
  try {
    return await inTransaction(session, async () => {
      const { locked } = await session.row(
        external_exports.object({ locked: external_exports.boolean() }),
        `SELECT pg_try_advisory_xact_lock(${LOCK.prepare}) AS locked`
      );
      if (!locked || await layoutOf(session) !== found) return false;
      if (found !== null) await session.run(IN_USE);
      await session.run(TABLES);
      return true;
    });
  } catch (error) {
    if (codeOf(error) !== "42501") throw error;
    throw new TollgateError(
      "ledger-rights",
      found === null ? "The ledger's tables do not exist, and the user of --ledger may not create them." : `The ledger's tables have the layout ${found}, and the user of --ledger may not bring them to ${LAYOUT}.`,
      "Run any command once as the owner of the database. After that these privileges are enough: USAGE on the schema tollgate_ledger; SELECT and INSERT on its table events; SELECT, INSERT and UPDATE on its table leases; SELECT and INSERT on its tables samples, log_lines, reports and report_files."
    );
  }
}
__name(create, "create");

// core/ledger/report-rows.ts
function insertReport(session, service, { id, app, branch }, { files }) {
  return inTransaction(session, async () => {
    await session.run(
      "INSERT INTO tollgate_ledger.reports (id, service, app, branch, at) VALUES ($1, $2, $3, $4, clock_timestamp())",
      [id, service, app, branch ?? ""]
    );
    for (const { path, sha256, bytes, content } of files)
      await session.run(
        "INSERT INTO tollgate_ledger.report_files (report, path, sha256, bytes, content) VALUES ($1, $2, $3, $4, $5)",
        [id, path, sha256, bytes, content]
      );
  });
}
__name(insertReport, "insertReport");
var listed = external_exports.object({ path: external_exports.string(), sha256: external_exports.string(), bytes: external_exports.int() });

// core/ledger/look.ts
var lookName = /* @__PURE__ */ __name((environment) => `${environment}/target`, "lookName");
var LOOK_COUNTS = 150;
function isSame(before, now) {
  if (before.problem !== null || now.problem !== null) return before.problem?.code === now.problem?.code;
  return canonicalJson(before.target) === canonicalJson(now.target);
}
__name(isSame, "isSame");

// core/ledger/seen.ts
function insertSeen(session, body, what, text4, { owner, ago }) {
  const { service, environment, run, who } = body.context;
  return inTransaction(session, async () => {
    const { held } = await leaseOf(session, service, environment, false);
    if (held !== null && !held.expired && held.run !== run) return "held";
    await session.run(LOOKED, [service, lookName(environment), run, owner, who, ago, LOOK_COUNTS]);
    const before = await latestSeen(session, service, environment);
    if (before !== null && isSame(before, what)) return "same";
    await insertEvent(session, text4, false);
    return "recorded";
  });
}
__name(insertSeen, "insertSeen");
var LOOKED = `INSERT INTO tollgate_ledger.leases AS l (service, environment, run, owner, command, who, taken_at, heartbeat_at, expires_at)
  SELECT $1, $2, $3, $4, 'look', $5, began, began, clock_timestamp() + make_interval(secs => $7)
  FROM (SELECT clock_timestamp() - make_interval(secs => $6) AS began) AS look
  ON CONFLICT (service, environment) DO UPDATE SET run = EXCLUDED.run, owner = EXCLUDED.owner, command = EXCLUDED.command, who = EXCLUDED.who,
    taken_at = CASE l.run WHEN EXCLUDED.run THEN l.taken_at ELSE EXCLUDED.taken_at END, heartbeat_at = EXCLUDED.heartbeat_at, expires_at = EXCLUDED.expires_at`;
async function latestSeen(session, service, environment) {
  const [row] = await session.rows(
    external_exports.object({ body: external_exports.string() }),
    "SELECT body FROM tollgate_ledger.events WHERE service = $1 AND environment = $2 AND kind = 'target-seen' ORDER BY number DESC LIMIT 1",
    [service, environment]
  );
  const what = row === void 0 ? null : parseBody(row.body)?.what ?? null;
  return what?.kind === "target-seen" ? what : null;
}
__name(latestSeen, "latestSeen");

// core/ledger/write.ts
import { randomUUID } from "node:crypto";
var LONGEST = 4e3;
function eventBodyOf(context, what, now, redact) {
  const body = { version: 1, id: randomUUID(), happenedAt: now.toISOString(), context, what };
  return changeTexts(eventBody, body, { free: /* @__PURE__ */ __name((text4) => storable(redact(text4)), "free"), identifier: storable });
}
__name(eventBodyOf, "eventBodyOf");
function storable(text4) {
  const whole = text4.replaceAll("\0", "\uFFFD").replace(new RegExp("\\p{Surrogate}", "gu"), "\uFFFD");
  if (whole.length <= LONGEST) return whole;
  return `${whole.slice(0, LONGEST / 4)} \u2026 ${whole.slice(-(3 * LONGEST) / 4)}`.replace(new RegExp("\\p{Surrogate}", "gu"), "\uFFFD");
}
__name(storable, "storable");

// core/ledger/open.ts
async function openLedger(options) {
  const ledger = new PostgresLedger(options);
  try {
    await ledger.replay();
  } catch (error) {
    const away = error instanceof TollgateError && error.code.startsWith("ledger-");
    if (away && options.need === "wanted") return ledger;
    await ledger.close();
    throw error;
  }
  return ledger;
}
__name(openLedger, "openLedger");
var UPLOAD_SECONDS = 60;
var PAGE = 1e3;
var PostgresLedger = class {
  static {
    __name(this, "PostgresLedger");
  }
  #address;
  #patience;
  #link;
  /** Why this ledger is never connected to. A rollback continues without it, as without one that is away. */
  #refused;
  #service;
  #journal;
  #redact;
  #away = null;
  #waiting = 0;
  #lost = 0;
  constructor({ url, service, patience, journal, entryPoint, redact }) {
    const address = addressOf(url);
    if (entryPoint === "module" && isLoopback(address.host))
      throw new TollgateError(
        "ledger-loopback",
        `--ledger names the host ${address.host}, which inside the engine is not your machine.`,
        "Use the ledger's host name or address in the network, or use the command line (npx tollgate \u2026), which can reach ports of your machine."
      );
    this.#refused = saysTls(url.trim()) || isLoopback(address.host) ? null : withoutTls(address.host);
    this.#address = address;
    this.#patience = patience;
    this.#link = new Link(address, patience, prepareLedger);
    this.#service = service;
    this.#journal = journal;
    this.#redact = (text4) => withoutPassword(redact?.(text4) ?? text4, address);
  }
  get state() {
    return this.#away === null ? { kind: "online" } : { kind: "away", ...this.#away, waiting: this.#waiting, lost: this.#lost };
  }
  takeLease = /* @__PURE__ */ __name((request) => {
    const { run, who, environment } = request;
    return this.#seen(
      () => obtainLease(
        this.#link,
        this.#service,
        request,
        (session, token, what) => this.#insert(session, { service: this.#service, environment, release: null, run, token, who }, what)
      )
    );
  }, "takeLease");
  holder = /* @__PURE__ */ __name(async (environment) => {
    const { held } = await this.#ask((session) => leaseOf(session, this.#service, environment, false));
    if (held === null || held.expired) return null;
    const { expired: _, ...holder } = held;
    return holder;
  }, "holder");
  unlock = /* @__PURE__ */ __name((environment, { reason, run, who, held }) => this.#seen(
    () => freeLease(
      this.#link,
      this.#service,
      environment,
      { reason, only: held ?? null },
      (session, token, what) => this.#insert(session, { service: this.#service, environment, release: null, run, token, who }, what)
    )
  ), "unlock");
  raise = /* @__PURE__ */ __name((environment, { above, reason, run, who }) => this.#seen(
    () => raiseToken(
      this.#link,
      this.#service,
      environment,
      above,
      reason,
      (session, token, what) => this.#insert(session, { service: this.#service, environment, release: null, run, token, who }, what)
    )
  ), "raise");
  record = /* @__PURE__ */ __name(async (context, what) => {
    const body = eventBodyOf(context, what, /* @__PURE__ */ new Date(), this.#redact);
    try {
      if (this.#waiting > 0) await this.replay();
      return await this.#ask((session) => insertEvent(session, textOf(body), false));
    } catch (error) {
      if (codeOf(error) === STALE)
        throw leaseLost(context.environment, "another run took the lease, or it was unlocked.");
      this.#note(error);
      try {
        await this.#journal.append(textOf(body));
        this.#waiting += 1;
      } catch {
        this.#lost += 1;
      }
      return null;
    }
  }, "record");
  recordOnce = /* @__PURE__ */ __name((context, what, id) => {
    const body = { ...eventBodyOf(context, what, /* @__PURE__ */ new Date(), this.#redact), id };
    return this.#ask((session) => insertOnce(session, textOf(body), id));
  }, "recordOnce");
  recordSeen = /* @__PURE__ */ __name((context, what, look) => {
    const body = eventBodyOf(context, what, /* @__PURE__ */ new Date(), this.#redact);
    const stored = body.what;
    if (stored.kind !== "target-seen") throw new RangeError("an event keeps its kind");
    return this.#ask((session) => insertSeen(session, body, stored, textOf(body), look));
  }, "recordSeen");
  storeReport = /* @__PURE__ */ __name(async (origin, report) => {
    await this.#ask(() => Promise.resolve());
    const link = new Link(this.#address, UPLOAD_SECONDS, prepareLedger);
    try {
      await link.ask((session) => insertReport(session, this.#service, origin, report));
    } catch (error) {
      throw codeOf(error) === "42501" && error instanceof Error ? mayNotStore(error.message) : error;
    } finally {
      await link.close();
    }
  }, "storeReport");
  async releases(environment, limit) {
    const events = await this.#ask((session) => eventsOfLatest(session, this.#service, environment, limit));
    return releasesOf(events, await this.holder(environment));
  }
  async release(environment, id) {
    return releasesOf(await this.events(environment, id), await this.holder(environment))[0] ?? null;
  }
  events = /* @__PURE__ */ __name((environment, release2) => this.#ask((session) => eventsOf(session, this.#service, environment, release2 ?? null)), "events");
  eventsOfKind = /* @__PURE__ */ __name((environment, kind) => this.#ask((session) => eventsOfKind(session, this.#service, environment, kind)), "eventsOfKind");
  rowsAfter = /* @__PURE__ */ __name((number, limit) => this.#ask((session) => rowsAfter(session, number, limit)), "rowsAfter");
  rowsOf = /* @__PURE__ */ __name((environment, which) => this.#ask((session) => rowsOf(session, this.#service, environment, which)), "rowsOf");
  eventsOfKinds = /* @__PURE__ */ __name((environment, kinds2, after) => this.#ask((session) => eventsOfKinds(session, this.#service, environment, kinds2, after)), "eventsOfKinds");
  latestEvent = /* @__PURE__ */ __name(() => this.#ask(latestEvent), "latestEvent");
  listen = /* @__PURE__ */ __name(async (heard) => {
    if (this.#refused !== null) throw this.#refused;
    const session = await openSession(this.#address, "tollgate ledger, listening", this.#patience * 1e3);
    await session.listen(CHANNEL, heard);
    return session;
  }, "listen");
  verify = /* @__PURE__ */ __name(async () => {
    let verdict = EMPTY_CHAIN;
    for (; ; ) {
      const { events } = verdict;
      const rows = await this.#ask((session) => rowsAfter(session, events, PAGE));
      verdict = followChain(verdict, rows);
      if (verdict.kind === "broken" || rows.length < PAGE) return verdict;
    }
  }, "verify");
  async replay() {
    await this.#ask(() => Promise.resolve());
    const { lines, done } = await this.#journal.take();
    const whole = lines.filter((line) => parseBody(line) !== null);
    for (const line of whole) await this.#ask((session) => insertEvent(session, line, true));
    await done();
    this.#waiting = 0;
    return whole.length;
  }
  close = /* @__PURE__ */ __name(() => this.#link.close(), "close");
  async #insert(session, context, what) {
    await insertEvent(session, textOf(eventBodyOf(context, what, /* @__PURE__ */ new Date(), this.#redact)), false);
  }
  #ask(work) {
    return this.#seen(() => this.#link.ask(work));
  }
  /** Remembers whether the ledger answered. */
  async #seen(work) {
    try {
      if (this.#refused !== null) throw this.#refused;
      const result = await work();
      this.#away = null;
      return result;
    } catch (error) {
      const why = codeOf(error) === "42501" && error instanceof Error ? mayNotWrite(this.#service, error.message) : error;
      if (why instanceof TollgateError && why.code.startsWith("ledger-")) this.#note(why);
      throw why;
    }
  }
  #note(error) {
    const [why = ""] = (error instanceof Error ? error.message : String(error)).split("\n\n");
    const code = error instanceof TollgateError ? error.code : "";
    this.#away ??= { code, why: this.#redact(why), since: (/* @__PURE__ */ new Date()).toISOString() };
  }
};
function ledgerAddress(url) {
  const address = addressOf(url);
  if (!saysTls(url.trim()) && !isLoopback(address.host)) throw withoutTls(address.host);
  return address;
}
__name(ledgerAddress, "ledgerAddress");
function addressOf(url) {
  try {
    return parseAddress(url.trim(), "--ledger");
  } catch (error) {
    throw error instanceof TollgateError ? connectionError(error) : unreachable(String(error));
  }
}
__name(addressOf, "addressOf");
function withoutTls(host) {
  return new TollgateError(
    "ledger-sslmode",
    `--ledger names the host ${host} without an sslmode.`,
    "Add ?sslmode=verify-full to the URL; ?sslmode=disable only in a network of your own. Nothing was changed."
  );
}
__name(withoutTls, "withoutTls");
function textOf(body) {
  return canonicalJson(body);
}
__name(textOf, "textOf");

// core/release/ledger/open-ledger.ts
var NAME = "tollgate";
var ABSENT = /* @__PURE__ */ new Set(["ledger-login", "ledger-unknown"]);
async function openReleaseLedger(settings, place, entryPoint, url, need, redact) {
  const { service, patience } = settings.ledger;
  if (url !== null) {
    const ledger = await openLedger({
      url,
      service,
      patience,
      journal: entryPoint.journal(journalId(url)),
      need,
      entryPoint: entryPoint.kind,
      redact
    });
    return { ledger, url, close: /* @__PURE__ */ __name(() => ledger.close(), "close") };
  }
  const { postgres } = settings.image.services ?? settings.qa.services;
  if (place.postgres === null || postgres === false) {
    if (need === "wanted") return null;
    throw new TollgateError(
      "ledger-missing",
      "No ledger. A deployment must be recorded.",
      "Pass the URL of its Postgres with --ledger=env:NAME. Nothing was changed."
    );
  }
  const forward = await forwardTo(place.target, "postgres", 5432);
  const address = /* @__PURE__ */ __name((user, password2, database) => `postgresql://${user}:${password2}@127.0.0.1:${forward.port}/${database}?sslmode=disable`, "address");
  const password = place.postgres.ledgerPassword;
  try {
    const options = {
      url: address(NAME, password, NAME),
      service,
      patience,
      journal: entryPoint.journal("sandbox"),
      entryPoint: "cli",
      redact
    };
    let ledger = await openLedger({ ...options, need: "wanted" });
    if (ledger.state.kind === "away" && ABSENT.has(ledger.state.code)) {
      await ledger.close();
      await createDatabase(address(postgres.user, postgres.password, postgres.database), password).catch(
        (error) => {
          if (need === "required") throw error;
        }
      );
      ledger = await openLedger({ ...options, need });
    } else if (ledger.state.kind === "away" && need === "required") await ledger.replay();
    const opened = ledger;
    return { ledger: opened, url: options.url, close: /* @__PURE__ */ __name(() => opened.close().finally(() => forward.close()), "close") };
  } catch (error) {
    await forward.close();
    throw error;
  }
}
__name(openReleaseLedger, "openReleaseLedger");
async function createDatabase(url, password) {
  if (!/^[A-Za-z0-9]+$/.test(password)) throw new RangeError("the sandbox makes a password of letters and digits");
  const session = await openSession(parseAddress(url, "the sandbox's Postgres"), "tollgate ledger");
  const named = external_exports.object({ name: external_exports.string() });
  try {
    const roles = await session.rows(named, "select rolname as name from pg_roles where rolname = $1", [NAME]);
    await session.run(`${roles.length === 0 ? "create" : "alter"} role ${NAME} login password '${password}'`);
    const databases = await session.rows(named, "select datname as name from pg_database where datname = $1", [NAME]);
    if (databases.length === 0) await session.run(`create database ${NAME} owner ${NAME}`);
  } finally {
    await session.close();
  }
}
__name(createDatabase, "createDatabase");

export {
  canonicalJson,
  freeText,
  changeTexts,
  journalId,
  GENESIS,
  rowHash,
  followChain,
  EMPTY_CHAIN,
  releasesOf,
  timeOf,
  headText,
  judgeHead,
  headProblem,
  headLines,
  HEAD_NEXT,
  leaseLost,
  ledgerBehind,
  ledgerLostEvents,
  Link,
  happening,
  LONGEST_TEXT,
  eventOf,
  parseBody,
  openLedger,
  ledgerAddress,
  openReleaseLedger
};
