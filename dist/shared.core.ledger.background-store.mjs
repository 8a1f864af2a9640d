import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  allOf,
  linesAfter,
  newestWithin,
  withoutCardNumbers
} from "./shared.core.release.deploy.steps.mjs";
import {
  redactedError,
  releaseId
} from "./shared.core.environment.digest.mjs";
import {
  keepHead,
  requireHeads
} from "./shared.core.release.ledger.keep-head.mjs";
import {
  firstLine
} from "./shared.core.release.pipeline.run.mjs";
import {
  ledgerAway
} from "./shared.core.release.ledger.ledger-away.mjs";
import {
  LONGEST_TEXT,
  Link,
  headText,
  leaseLost,
  ledgerAddress,
  ledgerBehind,
  openReleaseLedger
} from "./shared.core.ledger.chain.mjs";
import {
  openPlace
} from "./shared.core.targets.compose.kind.mjs";
import {
  notifier,
  openChannels
} from "./shared.core.notify.channel.mjs";
import {
  maskedSecrets
} from "./shared.core.image.secret-text.mjs";
import {
  errorWords
} from "./shared.core.shared.engine-cause.mjs";
import {
  codeOf
} from "./shared.core.database.connect.connection-problem.mjs";
import {
  environmentSettings
} from "./shared.core.environment.address.mjs";
import {
  redactLines,
  redactor
} from "./shared.core.secrets.plain-form.mjs";
import {
  readDotenv
} from "./shared.core.secrets.parse.mjs";
import {
  runId
} from "./shared.core.qa.run-id.mjs";
import {
  FencedError
} from "./shared.core.targets.errors.mjs";
import {
  fenceWords,
  judgeRefusedClaim
} from "./shared.core.targets.fence.mjs";
import {
  count,
  duration,
  shortDigest
} from "./shared.core.shared.figures.mjs";
import {
  TollgateError
} from "./shared.core.shared.errors.mjs";
import {
  external_exports
} from "./shared.zod.v4.classic.checks.mjs";
import {
  plainText
} from "./shared.core.shared.plain-text.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/ledger/background-store.ts
function backgroundStore(url, patience, insert, prune) {
  const link = new Link(ledgerAddress(url), patience, () => Promise.resolve());
  let isPruned = false;
  let isClosed = false;
  return {
    write: /* @__PURE__ */ __name(async (owner, rows) => {
      try {
        await link.ask((session) => insert(session, owner, rows));
        if (isPruned) return;
        isPruned = true;
        await link.ask(prune).catch(() => void 0);
      } finally {
        if (isClosed) await link.close();
      }
    }, "write"),
    close: /* @__PURE__ */ __name(() => {
      isClosed = true;
      return link.close();
    }, "close")
  };
}
__name(backgroundStore, "backgroundStore");

// core/ledger/dropped.ts
var SLOW = "it did not answer in time";
function reasonOf(error, table, section) {
  const code = codeOf(error);
  if (code === "42501")
    return `its user may not insert into tollgate_ledger.${table} (docs/ledger.md, ${section}, says how to grant it)`;
  if (error instanceof TollgateError) return "it could not be reached";
  return `it refused them${code === null ? "" : ` (SQLSTATE ${code})`}`;
}
__name(reasonOf, "reasonOf");
async function settled(work, milliseconds2) {
  if (work === null) return;
  let timer;
  await Promise.race([work, new Promise((done) => timer = setTimeout(done, milliseconds2))]);
  clearTimeout(timer);
}
__name(settled, "settled");

// core/ledger/logs/line.ts
var LONGEST_WHY = 300;
function noteOf(missing, lines, of = { side: "", version: "", place: "", process: "" }, why = "") {
  const words = plainText(why).replaceAll("\n", " ").slice(0, LONGEST_WHY);
  return {
    ...of,
    stream: "note",
    at: (/* @__PURE__ */ new Date()).toISOString(),
    text: words === "" ? missing : `${missing}: ${words}`,
    lines
  };
}
__name(noteOf, "noteOf");

// core/ledger/logs/rows.ts
async function insertLines(session, { service, environment, release, run }, lines) {
  const column = /* @__PURE__ */ __name((of) => lines.map(of), "column");
  await session.run(
    `INSERT INTO tollgate_ledger.log_lines (service, environment, release, run, side, version, place, process, stream, at, text, lines)
     SELECT $1, $2, $3, $4, l.side, l.version, l.place, l.process, l.stream, l.at, l.text, l.lines
     FROM unnest($5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::timestamptz[], $11::text[], $12::int[])
       WITH ORDINALITY AS l (side, version, place, process, stream, at, text, lines, place_in_batch) ORDER BY l.place_in_batch`,
    [
      service,
      environment,
      release,
      run,
      column(({ side }) => side),
      column(({ version }) => version),
      column(({ place }) => place),
      column(({ process }) => process),
      column(({ stream }) => stream),
      column(({ at }) => at),
      column(({ text }) => text),
      column(({ lines: count2 }) => count2)
    ]
  );
}
__name(insertLines, "insertLines");
async function pruneLines(session) {
  await session.run("SELECT tollgate_ledger.prune_log_lines()");
}
__name(pruneLines, "pruneLines");
var storedLine = external_exports.object({
  id: external_exports.number(),
  run: external_exports.string(),
  side: external_exports.string(),
  version: external_exports.string(),
  place: external_exports.string(),
  process: external_exports.string(),
  stream: external_exports.string(),
  at: external_exports.string(),
  text: external_exports.string(),
  lines: external_exports.int()
});
var OF_RELEASE = "FROM tollgate_ledger.log_lines l WHERE l.service = $1 AND l.environment = $2 AND l.release = $3";
var UTC = `'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'`;
var LINES_OF_RELEASE = `SELECT l.id::float8 AS id, l.run, l.side, l.version, l.place, l.process, l.stream, to_char(l.at AT TIME ZONE 'UTC', ${UTC}) AS at, l.text, l.lines
  ${OF_RELEASE} AND l.id < $4 AND ($5 = '' OR l.side = $5 OR l.side = '')
  AND ($6 = '' OR l.place = '' OR position(lower($6) IN lower(concat_ws(' ', l.place, l.process))) > 0)
  AND ($7 = '' OR l.stream = 'note' OR position(lower($7) IN lower(l.text)) > 0)
  ORDER BY l.id DESC LIMIT $8`;
var PAST_ALL = Number.MAX_SAFE_INTEGER;
var summary = external_exports.object({
  lines: external_exports.int(),
  missing: external_exports.number(),
  newest: external_exports.string().nullable(),
  containers: external_exports.array(external_exports.string())
});
var SUMMARY = `SELECT count(*) FILTER (WHERE l.stream <> 'note')::int AS lines, coalesce(sum(l.lines) FILTER (WHERE l.stream = 'note'), 0)::float8 AS missing,
  to_char(max(l.written_at) FILTER (WHERE l.stream <> 'note') AT TIME ZONE 'UTC', ${UTC}) AS newest,
  coalesce(array_agg(DISTINCT concat_ws(' ', l.place, l.process)) FILTER (WHERE l.place <> ''), '{}') AS containers ${OF_RELEASE}`;

// core/ledger/logs/writer.ts
var [MOST_WAITING, MOST_CHARACTERS] = [2e3, 1e6];
var LARGEST_BATCH = 500;
var LAST_MS = 1e3;
function lineStore(url, patience) {
  return backgroundStore(url, patience, insertLines, pruneLines);
}
__name(lineStore, "lineStore");
var LineWriter = class {
  static {
    __name(this, "LineWriter");
  }
  #store;
  #owner;
  #waiting = [];
  #characters = 0;
  #writing = null;
  /** Lines of the batch that the ledger has not answered. */
  #unanswered = 0;
  #dropped = 0;
  /** Dropped lines that the ledger has no note of. */
  #unsaid = 0;
  #why = "";
  /** The ledger did not take the latest batch. */
  #isRefused = false;
  constructor(store, owner) {
    this.#store = store;
    this.#owner = owner;
  }
  /** Returns at once. */
  add(lines) {
    const characters = charactersOf(lines);
    if (this.#waiting.length + lines.length > MOST_WAITING || this.#characters + characters > MOST_CHARACTERS) {
      this.#drop(linesIn(lines), SLOW);
      return;
    }
    this.#waiting.push(...lines);
    this.#characters += characters;
    if (this.#waiting.length > 0) this.#writing ??= this.#writeAll().finally(() => this.#writing = null);
  }
  /**
   * Ends the writing, after a moment for the last batches.
   *
   * @returns a warning; null: every line is in the ledger
   */
  async end() {
    if (!this.#isRefused) await settled(this.#writing, LAST_MS);
    const left = linesIn(this.#waiting.splice(0)) + this.#unanswered;
    this.#unanswered = 0;
    this.#drop(left, SLOW);
    return this.#dropped === 0 ? null : `${count(this.#dropped, "log line")} of this run ${this.#dropped === 1 ? "was" : "were"} not written to the ledger: ${this.#why}. The dashboard lacks them; \`tollgate logs\` reads them from the target.`;
  }
  close() {
    return this.#store.close();
  }
  /** What has come while a batch was written is the next one. */
  async #writeAll() {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, LARGEST_BATCH);
      this.#characters -= charactersOf(batch);
      this.#unanswered = linesIn(batch);
      const unsaid = this.#unsaid;
      try {
        await this.#store.write(this.#owner, unsaid === 0 ? batch : [noteOf("ledger", unsaid), ...batch]);
        this.#unsaid -= unsaid;
        this.#isRefused = false;
      } catch (error) {
        this.#isRefused = true;
        this.#drop(this.#unanswered, reasonOf(error, "log_lines", "Log lines"));
      }
      this.#unanswered = 0;
    }
  }
  #drop(lines, why) {
    this.#dropped += lines;
    this.#unsaid += lines;
    if (lines > 0) this.#why ||= why;
  }
};
function linesIn(entries) {
  return entries.reduce((sum, { lines }) => sum + lines, 0);
}
__name(linesIn, "linesIn");
function charactersOf(lines) {
  return lines.reduce((sum, { text }) => sum + text.length, 0);
}
__name(charactersOf, "charactersOf");

// core/ledger/samples/rows.ts
async function insertSamples(session, { service, environment, release, run }, samples, now) {
  const column = /* @__PURE__ */ __name((of) => samples.map(of), "column");
  const age = /* @__PURE__ */ __name((time) => (now - time) / 1e3, "age");
  await session.run(
    `INSERT INTO tollgate_ledger.samples (service, environment, release, run, metric, phase, since, at, value, beyond, out_of, least, threshold)
     SELECT $1, $2, $3, $4, s.metric, s.phase, statement_timestamp() - make_interval(secs => s.since), statement_timestamp() - make_interval(secs => s.at),
       s.value, s.beyond, s.out_of, s.least, s.threshold
     FROM unnest($5::text[], $6::text[], $7::float8[], $8::float8[], $9::float8[], $10::boolean[], $11::bigint[], $12::bigint[], $13::float8[])
       AS s (metric, phase, since, at, value, beyond, out_of, least, threshold)`,
    [
      service,
      environment,
      release,
      run,
      column(({ metric }) => metric),
      column(({ phase }) => phase),
      column(({ since }) => age(since)),
      column(({ at }) => age(at)),
      column(({ value }) => value),
      column(({ beyond }) => beyond),
      column(({ outOf }) => outOf),
      column(({ least }) => least),
      column(({ threshold }) => threshold)
    ]
  );
}
__name(insertSamples, "insertSamples");
async function pruneSamples(session) {
  await session.run("SELECT tollgate_ledger.prune_samples()");
}
__name(pruneSamples, "pruneSamples");
var storedSample = external_exports.object({
  run: external_exports.string(),
  metric: external_exports.string(),
  phase: external_exports.string(),
  since: external_exports.number(),
  at: external_exports.number(),
  value: external_exports.number().nullable(),
  beyond: external_exports.boolean(),
  outOf: external_exports.number().nullable(),
  least: external_exports.number(),
  threshold: external_exports.number().nullable()
});
var milliseconds = /* @__PURE__ */ __name((column) => `(extract(epoch FROM s.${column}) * 1000)::float8`, "milliseconds");
var SAMPLES_OF_RELEASE = `SELECT s.run, s.metric, s.phase, ${milliseconds("since")} AS since, ${milliseconds("at")} AS at, s.value, s.beyond,
  s.out_of::float8 AS "outOf", s.least::float8 AS least, s.threshold
  FROM tollgate_ledger.samples s WHERE s.service = $1 AND s.environment = $2 AND s.release = $3 ORDER BY s.at DESC LIMIT $4`;

// core/ledger/samples/writer.ts
var MOST_WAITING2 = 400;
var LAST_MS2 = 1e3;
function ledgerStore(url, patience) {
  const insert = /* @__PURE__ */ __name((session, owner, samples) => insertSamples(session, owner, samples, Date.now()), "insert");
  return backgroundStore(url, patience, insert, pruneSamples);
}
__name(ledgerStore, "ledgerStore");
var SampleWriter = class {
  static {
    __name(this, "SampleWriter");
  }
  #store;
  #of;
  #waiting = [];
  #writing = null;
  /** Samples of the batch that the ledger has not answered. */
  #unanswered = 0;
  #dropped = 0;
  #why = "";
  constructor(store, of) {
    this.#store = store;
    this.#of = of;
  }
  /** Returns at once. */
  add(release, samples) {
    if (this.#waiting.length + samples.length > MOST_WAITING2) {
      this.#drop(samples.length, SLOW);
      return;
    }
    this.#waiting.push(...samples.map((sample) => ({ release, sample })));
    this.#writing ??= this.#writeAll().finally(() => this.#writing = null);
  }
  /**
   * Ends the writing, after a moment for the last batch.
   *
   * @returns a warning; null: every sample is in the ledger
   */
  async end() {
    if (this.#dropped === 0) await settled(this.#writing, LAST_MS2);
    const left = this.#waiting.splice(0).length + this.#unanswered;
    this.#unanswered = 0;
    this.#drop(left, SLOW);
    return this.#dropped === 0 ? null : `${count(this.#dropped, "sample")} of the watch ${this.#dropped === 1 ? "was" : "were"} not written to the ledger: ${this.#why}. The dashboard's pictures of this release lack them.`;
  }
  close() {
    return this.#store.close();
  }
  /** What has come while a batch was written is the next one. */
  async #writeAll() {
    for (let [first] = this.#waiting; first !== void 0; [first] = this.#waiting) {
      const { release } = first;
      const batch = this.#waiting.filter((one) => one.release === release).map(({ sample }) => sample);
      this.#waiting = this.#waiting.filter((one) => one.release !== release);
      this.#unanswered = batch.length;
      try {
        await this.#store.write({ ...this.#of, release }, batch);
      } catch (error) {
        this.#drop(this.#unanswered, reasonOf(error, "samples", "Samples"));
      }
      this.#unanswered = 0;
    }
  }
  #drop(samples, why) {
    this.#dropped += samples;
    if (samples > 0) this.#why ||= why;
  }
};

// core/release/ledger/recorder.ts
var Recorder = class {
  static {
    __name(this, "Recorder");
  }
  #context;
  #ledger;
  #lease;
  #notifier;
  #hasHeads;
  #waiting = [];
  #release;
  #begun = null;
  /**
   * @param ledger null: a rollback without one
   * @param hasHeads whether its heads are of use: not those of a ledger that is on the target itself
   */
  constructor(context, release, ledger, lease, notifier2, hasHeads = true) {
    this.#context = context;
    this.#release = release;
    this.#ledger = ledger;
    this.#lease = lease;
    this.#notifier = notifier2;
    this.#hasHeads = hasHeads;
  }
  get begun() {
    return this.#begun !== null;
  }
  async begin(release, what) {
    this.#release = release;
    this.#begun = what;
    await this.#write({ kind: "release-started", ...what });
    for (const waiting of this.#waiting.splice(0)) await this.#write(waiting);
  }
  async record(what) {
    if (this.#begun === null) this.#waiting.push(what);
    else await this.#write(what);
  }
  async #write(what) {
    const { service, environment, run, who } = this.#context;
    const context = { service, environment, release: this.#release, run, token: this.#lease?.token ?? null, who };
    return await this.#ledger?.record(context, what) ?? null;
  }
  started = /* @__PURE__ */ __name((step) => this.record({ kind: "step-started", step }), "started");
  finished = /* @__PURE__ */ __name(({ name, outcome, seconds, note }, done) => this.record({
    kind: "step-finished",
    step: name,
    outcome,
    seconds,
    note,
    detail: done?.kind === "done" ? jsonOf(done.detail ?? null) : null
  }), "finished");
  /**
   * While the ledger is unreachable from here, another run may have taken the lease. This run stops. It may still undo its steps: the
   * target refuses that once another run has claimed it.
   */
  requireHeld = /* @__PURE__ */ __name(async () => {
    try {
      await this.#lease?.requireHeld();
    } catch (error) {
      if (!(error instanceof TollgateError) || error.code !== "lease-lost" || this.#ledger?.state.kind !== "away")
        throw error;
      throw new TollgateError(
        "ledger-away",
        `The ledger was unreachable for longer than the lease lasts: ${this.#ledger.state.why}`,
        "Check the connection to its Postgres and deploy again. `tollgate status` shows what is serving."
      );
    }
  }, "requireHeld");
  tell(event, more = {}) {
    const { service, environment, run, who, why } = this.#context;
    const { digest = null, revision = null, planId = null } = this.#begun ?? {};
    this.#notifier.tell({
      event,
      service,
      environment,
      release: this.#begun === null ? null : this.#release,
      run,
      who,
      why,
      // a run that ended before it had an image
      digest: digest === "" ? null : digest,
      revision,
      planId,
      causes: [],
      serving: null,
      seconds: null,
      at: (/* @__PURE__ */ new Date()).toISOString(),
      ...more
    });
  }
  /**
   * Records the outcome, tells of it with the ledger's head, and records the result of each notification.
   *
   * @param notice null: no notification is sent
   * @returns the ledger's head with the outcome; null: there is no ledger, it is unreachable, or its heads are of no use
   */
  async end(outcome, serving, causes, seconds, notice) {
    const last = await this.#write({ kind: "release-finished", outcome, serving, causes: [...causes], seconds });
    const head = this.#hasHeads ? last : null;
    if (notice !== null)
      this.tell(notice.event, { ...notice.told, ...head === null ? {} : { ledgerHead: headText(head) } });
    for (const { event, channel, sent, attempts, error } of await this.#notifier.settle())
      await this.record({ kind: "notified", event, channel, sent, attempts, error });
    return head;
  }
};
function jsonOf(detail) {
  const copy = JSON.parse(JSON.stringify(detail));
  return copy;
}
__name(jsonOf, "jsonOf");

// core/release/logs/run-logs.ts
import { setTimeout as pause } from "node:timers/promises";

// core/release/logs/budget.ts
var [MOST_LINES, MOST_CHARACTERS2, MOST_LAST] = [1e4, 4e6, 200];
var LineBudget = class {
  static {
    __name(this, "LineBudget");
  }
  #lines = 0;
  #characters = 0;
  #last = [];
  /** Lines between the first and the last ones. */
  #left = 0;
  /** @returns those that are written now */
  take(entries) {
    const now = [];
    for (const entry of entries) {
      if (this.#last.length === 0 && this.#lines < MOST_LINES && this.#characters < MOST_CHARACTERS2) {
        this.#lines += 1;
        this.#characters += entry.text.length;
        now.push(entry);
      } else this.#last.push(entry);
    }
    const over = this.#last.splice(0, Math.max(0, this.#last.length - MOST_LAST));
    this.#left += over.reduce((sum, { lines }) => sum + lines, 0);
    return now;
  }
  /** What was held until the end of the run. */
  end() {
    const ended = { left: this.#left, last: this.#last };
    this.#left = 0;
    this.#last = [];
    return ended;
  }
};

// core/release/logs/line-text.ts
var LONGEST_MASKED = 8e3;
var LONGEST_FORM = 1200;
var CUT = " \u2026 (cut)";
function maskedLines(lines, redact) {
  const plain = lines.map(plainLine);
  return redactLines(
    plain.map((line) => line.slice(0, LONGEST_MASKED)),
    redact
  ).map((line, at) => {
    const isCut = (plain[at] ?? "").length > LONGEST_MASKED;
    return shortened(withoutForms(isCut ? line.slice(0, -LONGEST_FORM) : line), isCut);
  });
}
__name(maskedLines, "maskedLines");
function plainLine(text) {
  return plainText(text.replace(/\r+$/, "")).replaceAll("\n", " ").trimEnd();
}
__name(plainLine, "plainLine");
function withoutForms(line) {
  const wide = line.slice(0, LONGEST_TEXT + LONGEST_FORM);
  return withoutCardNumbers(maskedSecrets(wide) ?? wide);
}
__name(withoutForms, "withoutForms");
function shortened(line, isCut) {
  if (!isCut && line.length <= LONGEST_TEXT) return line;
  return `${line.slice(0, LONGEST_TEXT - CUT.length).replace(/[\uD800-\uDBFF]$/, "")}${CUT}`;
}
__name(shortened, "shortened");

// core/release/logs/container-log.ts
var CONTEXT = 3;
var ContainerLog = class {
  static {
    __name(this, "ContainerLog");
  }
  #of;
  #redact;
  #streams = {
    out: { before: [], held: [] },
    err: { before: [], held: [] }
  };
  #last = null;
  constructor(of, redact) {
    this.#of = of;
    this.#redact = redact;
  }
  /** The time of the latest line that was read; null: none was. */
  get last() {
    return this.#last;
  }
  /**
   * Adds what was read. The latest line of each stream is held until the next time.
   *
   * @returns whole lines without secrets, in the order of time
   */
  add(news) {
    const fresh = linesAfter(news.lines, this.#last);
    this.#last = fresh.at(-1)?.at ?? this.#last;
    return this.#entries(fresh, false);
  }
  /** @returns the lines that were held */
  end() {
    return this.#entries([], true);
  }
  #entries(fresh, isEnd) {
    return ["out", "err"].flatMap((stream) => this.#ofStream(stream, fresh, isEnd)).sort((one, other) => one.at < other.at ? -1 : one.at > other.at ? 1 : 0).map(({ at, stream, text }) => ({ ...this.#of, stream, at: momentOf(at), text, lines: 1 }));
  }
  #ofStream(name, fresh, isEnd) {
    const stream = this.#streams[name];
    const news = fresh.filter((line) => line.stream === name);
    const lines = [...stream.held, ...news];
    const held = isEnd || news.length === 0 ? [] : lines.slice(-1);
    const texts = maskedLines(
      [...stream.before, ...lines].map(({ text }) => text),
      this.#redact
    ).slice(stream.before.length);
    const ready = lines.slice(0, lines.length - held.length);
    this.#streams[name] = { before: [...stream.before, ...ready].slice(-CONTEXT), held };
    return ready.map((line, at) => ({ ...line, text: texts[at] ?? "" }));
  }
};
function momentOf(at) {
  const time = Date.parse(at);
  return Number.isNaN(time) || time < 0 ? (/* @__PURE__ */ new Date()).toISOString() : at;
}
__name(momentOf, "momentOf");

// core/release/logs/run-logs.ts
var LOOK_EVERY_MS = 1e3;
var LAST_LOOK_MS = 1e3;
var REMOVAL_MS = 2e3;
var BACK_SECONDS = 5;
var RunLogs = class {
  static {
    __name(this, "RunLogs");
  }
  #options;
  #followed = [];
  #budget = new LineBudget();
  #stop = new AbortController();
  #writer = null;
  #looking = Promise.resolve();
  constructor(options) {
    this.#options = options;
  }
  /**
   * Returns at once.
   *
   * @param release of the ledger that the run is for
   * @param from `now`: a few seconds before this moment, for a release that ran before
   */
  follow(release, side, instance, from) {
    const { settings, environment, run, store } = this.#options;
    const isFirst = this.#writer === null;
    this.#writer ??= new LineWriter(store, { service: settings.ledger.service, environment, release, run });
    if (!settings.ledger.logs) {
      if (isFirst) this.#writer.add([noteOf("off", 0)]);
      return;
    }
    if (this.#stop.signal.aborted || this.#followed.some((one) => one.instance.release === instance.release)) return;
    const since = performance.now();
    this.#followed.push({ side, instance, from, since, containers: /* @__PURE__ */ new Map(), noted: /* @__PURE__ */ new Set(), redact: null });
    if (isFirst) void this.#keepLooking();
    else void this.#look();
  }
  /** Reads what the containers printed last, before they are removed. */
  async beforeRemoval() {
    if (this.#followed.length > 0) await settled(this.#look(), REMOVAL_MS);
  }
  /**
   * Ends the following, after a moment for the last lines.
   *
   * @returns a warning; null: every line that was read is in the ledger
   */
  async end() {
    if (this.#writer === null) return null;
    if (this.#followed.length > 0) await settled(this.#look(), LAST_LOOK_MS);
    this.#stop.abort();
    for (const { containers } of this.#followed) for (const log of containers.values()) this.#write(log.end());
    const { left, last } = this.#budget.end();
    this.#writer.add(left === 0 ? last : [noteOf("full", left), ...last]);
    return await this.#writer.end();
  }
  async close() {
    this.#stop.abort();
    await this.#writer?.close();
  }
  async #keepLooking() {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      await this.#look();
      await pause(LOOK_EVERY_MS, void 0, { signal, ref: false }).catch(() => void 0);
    }
  }
  /** One look at a time. It never fails: a run must not fail because of a log. */
  #look() {
    this.#looking = this.#looking.then(async () => {
      for (const followed of this.#followed) await this.#lookAt(followed);
    });
    return this.#looking;
  }
  async #lookAt(followed) {
    const { instance, containers } = followed;
    try {
      const redact = await this.#redactOf(followed);
      if (redact === null || this.#stop.signal.aborted) return;
      const news = await this.#options.target.news(instance, (replica) => sinceOf(followed, replica));
      if (this.#stop.signal.aborted) return;
      for (const one of news) {
        const key = keyOf(one.replica);
        const log = containers.get(key) ?? new ContainerLog(placeOf(followed, one.replica), redact);
        containers.set(key, log);
        this.#add(followed, one, log);
      }
    } catch (error) {
      this.#note(followed, "unread", "", error);
    }
  }
  #add(followed, { replica, lines, left, problem }, log) {
    const of = placeOf(followed, replica);
    if (problem !== null) {
      this.#note(followed, "unread", keyOf(replica), new Error(problem), of);
      return;
    }
    followed.noted.delete(keyOf(replica));
    const { kept, left: more } = newestWithin(lines);
    const entries = log.add({ lines: kept });
    this.#write(left + more === 0 ? entries : [noteOf("rate", left + more, of), ...entries]);
  }
  /** What a release runs with is read from its host: it may have other secrets than those of this run. */
  async #redactOf(followed) {
    if (followed.redact !== null) return followed.redact;
    const { settings, environment, target, redact, own } = this.#options;
    try {
      const values = await target.variables(followed.instance);
      if (!values.has("TOLLGATE_RELEASE")) throw new Error("they are gone from the host");
      const open = new Set(environmentSettings(settings, environment).variables.map(({ default: value }) => value));
      const told = /* @__PURE__ */ new Set(["TOLLGATE_RELEASE", "TOLLGATE_VERSION", settings.release.version?.variable]);
      const hidden = [...values].flatMap(([name, value]) => told.has(name) || open.has(value) ? [] : [value]);
      const masked = redactor([...hidden, ...own.filter((value) => !open.has(value))]);
      followed.redact = (text) => masked(redact(text));
    } catch (error) {
      this.#note(followed, "secrets", "", error);
    }
    return followed.redact;
  }
  /** Once for each time that it begins. */
  #note(followed, missing, key, error, of) {
    if (followed.noted.has(key) || this.#stop.signal.aborted) return;
    followed.noted.add(key);
    const { side, instance } = followed;
    const [words = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
    const where = of ?? { side, version: instance.version, place: "", process: "" };
    this.#write([noteOf(missing, 0, where, this.#options.redact(words))]);
  }
  #write(entries) {
    this.#writer?.add(this.#budget.take(entries));
  }
};
function sinceOf({ containers, from, since }, replica) {
  const last = containers.get(keyOf(replica))?.last ?? null;
  if (last !== null || from === "start") return last;
  return `${Math.ceil((performance.now() - since) / 1e3) + BACK_SECONDS}s`;
}
__name(sinceOf, "sinceOf");
function keyOf({ place, name }) {
  return `${place} ${name}`;
}
__name(keyOf, "keyOf");
function placeOf({ side, instance: { version } }, { place, process }) {
  return { side, version, place, process };
}
__name(placeOf, "placeOf");

// core/release/status/report-seen.ts
import { setTimeout as pause2 } from "node:timers/promises";

// core/release/status/seen.ts
var [MOST_PLACES, MOST_RELEASES, LONGEST] = [50, 50, 200];
function seenOf(running) {
  const { live, retained, candidates, maintenance, places } = running;
  const serving = live.kind === "live" ? [live.instance] : live.kind === "split" ? live.instances : [];
  const releases = [...serving, ...retained, ...candidates];
  const target = {
    places: places.slice(0, MOST_PLACES).map(placeOf2),
    foreign: live.kind === "foreign" ? { place: oneLine(live.place), to: oneLine(live.to) } : null,
    releases: releases.slice(0, MOST_RELEASES).map(releaseOf),
    leftOut: Math.max(0, places.length - MOST_PLACES) + Math.max(0, releases.length - MOST_RELEASES),
    maintenance: maintenance.kind === "on" ? oneLine(maintenance.message) : null
  };
  return { kind: "target-seen", problem: null, target };
}
__name(seenOf, "seenOf");
function placeOf2({ place, release, proxy }) {
  return {
    place: oneLine(place),
    release: release === null ? null : oneLine(release),
    proxy: proxy.kind,
    why: proxy.kind === "down" ? oneLine(proxy.why) : ""
  };
}
__name(placeOf2, "placeOf");
function releaseOf({ release, version, digest, startedAt, switchedAt, replicas }) {
  const there = /* @__PURE__ */ new Map();
  for (const { place, process, state } of replicas)
    there.set(place, (there.get(place) ?? false) || process === "web" && state.kind === "running");
  return {
    release: oneLine(release),
    version: oneLine(version),
    digest: oneLine(digest),
    startedAt: oneLine(startedAt),
    switchedAt: switchedAt === null ? null : oneLine(switchedAt),
    places: [...there].slice(0, MOST_PLACES).map(([place, running]) => ({ place: oneLine(place), running })).sort((one, other) => one.place < other.place ? -1 : 1)
  };
}
__name(releaseOf, "releaseOf");
function oneLine(text) {
  const plain = plainText(text).replace(/\s+/g, " ").trim();
  return plain.length <= LONGEST ? plain : `${plain.slice(0, LONGEST)}\u2026`.replace(new RegExp("\\p{Surrogate}", "gu"), "\uFFFD");
}
__name(oneLine, "oneLine");

// core/release/status/report-seen.ts
var PATIENCE_MS = 5e3;
async function reportSeen(target, ledger, { context, owner }) {
  if (ledger.state.kind === "away") return;
  const began = performance.now();
  const reported = target.running().then((running) => ledger.recordSeen(context, seenOf(running), { owner, ago: (performance.now() - began) / 1e3 })).catch(() => void 0);
  await Promise.race([reported, pause2(PATIENCE_MS, void 0, { ref: false })]);
}
__name(reportSeen, "reportSeen");

// core/release/session/claim.ts
async function claimTarget(request) {
  const { target, run, lease, always, environment } = request;
  if (lease === null) return await claimAbove(request, request.problem);
  for (; ; ) {
    const claim = await target.claim(run, lease.token);
    if (claim.kind === "held") {
      if (request.ledger !== null && !always && !request.onlyLedger)
        await requireHeads(target, request.ledger, environment);
      return { running: claim.running, warning: "" };
    }
    const { place, seen } = claim;
    await request.requireHeld();
    if (request.ledger?.state.kind !== "online") {
      if (always) return await claimAbove(request, "the ledger is unreachable");
      throw new FencedError(place, seen, "claim the host");
    }
    const verdict = judgeRefusedClaim(lease.token, seen, request.onlyLedger);
    if (verdict.kind === "raise") {
      await lease.raise(verdict.above, `the target had seen ${fenceWords(seen)}`);
      continue;
    }
    const behind = ledgerBehind(environment, lease.token, fenceWords(seen), seen.granted);
    if (!always) throw behind;
    return await claimAbove(
      request,
      `${behind.code}: the target has seen lease ${seen.granted}, this ledger ${lease.token}`
    );
  }
}
__name(claimTarget, "claimTarget");
async function claimAbove({ target, run, environment }, why) {
  const claim = await target.claim(run, null);
  if (claim.kind === "refused") throw leaseLost(environment, `${fenceWords(claim.seen)} claimed ${claim.place}.`);
  return {
    running: claim.running,
    warning: `${why}: this run claimed the target as lease ${claim.fence.token}, and runs before it can change nothing more there`
  };
}
__name(claimAbove, "claimAbove");

// core/release/session/session.ts
async function withSession(settings, entryPoint, request, work) {
  const values = request.notify === null ? /* @__PURE__ */ new Map() : readDotenv(request.notify).values;
  const login = await request.access.registry?.password();
  const redact = redactor([...request.secrets, ...values.values(), request.ledger ?? "", login ?? ""]);
  try {
    return await inSession(settings, entryPoint, request, values, redact, work);
  } catch (error) {
    throw redactedError(error, redact);
  }
}
__name(withSession, "withSession");
async function inSession(settings, entryPoint, request, values, redact, work) {
  const { environment, caller, why, command, access, need } = request;
  const place = await openPlace(settings, environment, entryPoint, access, request.sandbox);
  try {
    const opened = await openReleaseLedger(settings, place, entryPoint, request.ledger, need, redact);
    try {
      const run = runId(/* @__PURE__ */ new Date());
      const { lease, problem } = await takeLease();
      const { service, patience } = settings.ledger;
      const samples = opened === null || lease === null ? null : new SampleWriter(ledgerStore(opened.url, patience), { service, environment, run });
      const { target } = place;
      const own = [...place.variables.values()];
      const logs = opened === null || lease === null ? null : new RunLogs({ settings, environment, run, target, store: lineStore(opened.url, patience), redact, own });
      try {
        const onlyLedger = place.postgres !== null && request.ledger === null;
        const context = { service, environment, run, who: caller.who, why };
        const release = releaseId(/* @__PURE__ */ new Date());
        const recorder = new Recorder(
          context,
          release,
          opened?.ledger ?? null,
          lease,
          notifier(openChannels(settings.notifications, values), settings.notifications.wait, redact),
          !onlyLedger
        );
        let hasClaimed = false;
        const result = await work({
          place,
          recorder,
          lease,
          release,
          ledger: opened?.ledger ?? null,
          redact,
          samples,
          logs,
          claim: /* @__PURE__ */ __name(async () => {
            const claimed = await claimTarget({
              environment,
              run: { run, command, who: redact(caller.who), owner: redact(caller.owner) },
              target: place.target,
              lease,
              ledger: opened?.ledger ?? null,
              problem,
              always: need === "wanted",
              onlyLedger,
              requireHeld: recorder.requireHeld
            });
            hasClaimed = true;
            return claimed;
          }, "claim"),
          keepHead: /* @__PURE__ */ __name(async (release2, head) => head === null || !hasClaimed ? [] : await keepHead(place.target, opened?.ledger ?? null, {
            ...head,
            release: release2,
            at: (/* @__PURE__ */ new Date()).toISOString()
          }), "keepHead")
        });
        if (hasClaimed && opened !== null)
          await reportSeen(place.target, opened.ledger, {
            context: { service, environment, release: null, run, token: null, who: caller.who },
            owner: caller.owner
          });
        return result;
      } finally {
        await lease?.release();
        await Promise.all([samples?.close(), logs?.close()]);
      }
      async function takeLease() {
        if (opened === null) return { lease: null, problem: "no ledger" };
        const asked = {
          environment,
          run,
          owner: caller.owner,
          command,
          who: caller.who,
          seconds: settings.ledger.lease
        };
        try {
          return {
            lease: await opened.ledger.takeLease(
              need === "wanted" ? { ...asked, takeOver: `${command}: ${why}` } : asked
            ),
            problem: ""
          };
        } catch (error) {
          if (need === "required") throw error;
          const [what = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
          return { lease: null, problem: redact(what) };
        }
      }
      __name(takeLease, "takeLease");
    } finally {
      await opened?.close();
    }
  } finally {
    await place.target.close();
  }
}
__name(inSession, "inSession");

// core/release/smoke/judge.ts
function judgeSmoke(check, answer) {
  const request = `${check.method} ${check.path}`;
  if (answer.kind === "silent") return `${request}: ${answer.why}`;
  const right = check.status === void 0 ? answer.status >= 200 && answer.status <= 299 : check.status.includes(answer.status);
  if (!right)
    return `${request} answered ${answer.status}, not ${check.status === void 0 ? "200 to 299" : check.status.join(" or ")}`;
  const missing = check.contains.filter((text) => !answer.body.includes(text));
  return missing.length === 0 ? null : `${request} answered ${answer.status} without ${missing.map((text) => JSON.stringify(text)).join(" and ")}`;
}
__name(judgeSmoke, "judgeSmoke");

// core/release/smoke/check.ts
async function checkSmoke(target, instance, settings) {
  const checks = Object.entries(settings.release.smoke);
  const places = [...new Set(instance.replicas.filter(({ process }) => process === "web").map(({ place }) => place))];
  const versionProblems = await Promise.all(
    places.map(
      (place) => versionProblem(settings, instance, (request) => target.request(instance, { ...request, place }))
    )
  );
  const problems = versionProblems.filter((problem) => problem !== null);
  for (const place of places)
    for (const [name, check] of checks) {
      const { method, headers: given, json } = check;
      const path = filled(check.path, instance);
      const headers = Object.fromEntries(
        Object.entries(given).map(([header, value]) => [header, filled(value, instance)])
      );
      const body = json === void 0 ? {} : { body: filled(JSON.stringify(json), instance) };
      const type = json === void 0 ? {} : { "Content-Type": "application/json" };
      const why = judgeSmoke(
        check,
        await target.request(instance, { method, path, headers: { ...type, ...headers }, ...body, place })
      );
      if (why !== null) problems.push(`${name} at ${place}: ${why}`);
    }
  if (problems.length > 0)
    throw new TollgateError(
      "smoke-failed",
      `The new release failed its smoke checks:
${problems.map((problem) => `  ${problem}`).join("\n")}`,
      "Fix the release, or the expected answers under release.smoke, and deploy again."
    );
  if (checks.length === 0 && settings.release.version === void 0)
    return { kind: "skipped", note: "release.smoke is empty" };
  return {
    kind: "done",
    note: `${count(checks.length, "check")} passed${settings.release.version === void 0 ? "" : `, reports version ${instance.version}`}`
  };
}
__name(checkSmoke, "checkSmoke");
function filled(text, { release }) {
  return text.replaceAll("{{release}}", release);
}
__name(filled, "filled");
async function versionProblem(settings, instance, ask) {
  const place = settings.release.version;
  if (place === void 0) return null;
  const answer = await ask({ method: "GET", path: place.path });
  return judgeSmoke({ method: "GET", path: place.path, status: void 0, contains: [instance.version] }, answer);
}
__name(versionProblem, "versionProblem");

// core/release/status/serves.ts
import { setTimeout as pause3 } from "node:timers/promises";
var PATIENCE_MS2 = 15e3;
var PAUSE_MS = 300;
async function whyItDoesNotServe(target, settings, instance) {
  return (await verified(target, settings, instance)).why;
}
__name(whyItDoesNotServe, "whyItDoesNotServe");
async function verified(target, settings, instance) {
  const until = performance.now() + PATIENCE_MS2;
  for (; ; ) {
    const found = await look(target, settings, instance);
    if (found.why === null || performance.now() > until) return found;
    await pause3(PAUSE_MS);
  }
}
__name(verified, "verified");
async function look(target, settings, instance) {
  const open = /* @__PURE__ */ __name((why) => ({ why, isClosed: false }), "open");
  try {
    const places = [...new Set(instance.replicas.map(({ place }) => place))];
    const asked = /* @__PURE__ */ __name((ask) => places.map((place) => problemAt(settings, instance, place, (request) => ask({ ...request, place }))), "asked");
    const [{ live, maintenance }, ...answers] = await Promise.all([
      target.running(),
      ...asked((request) => target.requestLive(request))
    ]);
    if (live.kind !== "live")
      return open(live.kind === "split" ? "hosts serve different releases" : "no release of Tollgate has the traffic");
    if (live.instance.release !== instance.release) return open(`release ${live.instance.release} has the traffic`);
    if (maintenance.kind === "off") return open(firstOf(answers));
    return { why: firstOf(await Promise.all(asked((request) => target.request(instance, request)))), isClosed: true };
  } catch (error) {
    if (!(error instanceof TollgateError)) throw error;
    return open(firstLine(error));
  }
}
__name(look, "look");
function firstOf(problems) {
  return problems.find((problem) => problem !== null) ?? null;
}
__name(firstOf, "firstOf");
async function problemAt(settings, instance, place, ask) {
  const path = settings.release.healthPath ?? settings.image.health;
  const [answer, version] = await Promise.all([ask({ method: "GET", path }), versionProblem(settings, instance, ask)]);
  if (answer.kind === "silent") return `${place}: GET ${path}: ${answer.why}`;
  if (answer.status < 200 || answer.status > 299) return `${place}: GET ${path} answered ${answer.status}`;
  return version === null ? null : `${place}: ${version}`;
}
__name(problemAt, "problemAt");
async function requireServes(target, settings, instance) {
  const { why, isClosed } = await verified(target, settings, instance);
  if (why !== null)
    throw new TollgateError(
      "not-serving",
      `Release ${instance.release} (${instance.version}) is not serving: ${why}`,
      "`tollgate status` shows what is serving. `tollgate logs --release=ID` shows why the release did not answer."
    );
  return isClosed ? `${instance.version} answers behind maintenance mode` : `serving ${instance.version}`;
}
__name(requireServes, "requireServes");

// core/release/deploy/undo.ts
var ReleaseUndo = class {
  static {
    __name(this, "ReleaseUndo");
  }
  #target;
  #undoing;
  #removing;
  #expected = [];
  #instance = null;
  printed = [];
  /**
   * @param undoing called when a step is undone
   * @param removing called before the release is removed, with its log
   */
  constructor(target, undoing = () => void 0, removing = () => Promise.resolve()) {
    this.#target = target;
    this.#undoing = undoing;
    this.#removing = removing;
  }
  /**
   * Says where the traffic may be when it is switched back: anywhere else another run, or a person, has moved it since.
   *
   * @param running what was there before the first change
   * @param release the one that this run switches to
   */
  expect({ places }, release) {
    this.#expected = [release, ...places.flatMap((place) => place.release ?? [])];
  }
  /** @param instance the release whose log is kept when it is undone */
  keepLogOf(instance) {
    this.#instance = instance;
  }
  /** @param back the previous release; null: none */
  async switchBack(back) {
    this.#undoing();
    if (back === null)
      throw new TollgateError(
        "no-earlier-release",
        "This was the first release: there is no earlier one to roll back to.",
        "Fix the cause and deploy again. No cleanup is needed."
      );
    await this.#keepLogs();
    const { traffic } = await this.#target.switch(back, this.#expected);
    return `release ${back.release} (${back.version}) has the traffic again, in ${duration(traffic)}`;
  }
  async remove(release) {
    this.#undoing();
    const running = await this.#target.running();
    if (running.live.kind === "live" && running.live.instance.release === release)
      return `kept: release ${release} has the traffic`;
    const found = allOf(running).find((one) => one.release === release);
    if (found === void 0) return "nothing to remove";
    await Promise.all([this.#keepLogs(), this.#removing()]);
    await this.#target.retire(found);
    return `removed release ${release}`;
  }
  /** Keeps the last log lines before the containers are removed. */
  async #keepLogs() {
    if (this.printed.length > 0 || this.#instance === null) return;
    try {
      const logs = await this.#target.logs(this.#instance, 10);
      this.printed = logs.flatMap(({ lines }) => lines);
    } catch (error) {
      if (!(error instanceof TollgateError)) throw error;
    }
  }
};
async function liveNow(target) {
  try {
    const { live } = await target.running();
    return live.kind === "live" ? live.instance : null;
  } catch (error) {
    if (error instanceof TollgateError) return null;
    throw error;
  }
}
__name(liveNow, "liveNow");
async function servingNow(target, settings, before) {
  const expected = before ?? await liveNow(target);
  if (expected === null) return { instance: null, why: null };
  const why = await whyItDoesNotServe(target, settings, expected);
  return why === null ? { instance: expected, why: null } : { instance: null, why: `Release ${expected.release} (${expected.version}) is not serving: ${why}` };
}
__name(servingNow, "servingNow");

// core/release/deploy/finish.ts
async function afterFailure({ error, undoErrors, lost }, { place, redact }, settings, before) {
  const causes = [error, ...undoErrors].map((one) => redact(errorWords(one)));
  if (lost) return { causes, serving: null };
  const { instance, why } = await servingNow(place.target, settings, before);
  return { causes: why === null ? causes : [...causes, redact(why)], serving: instance };
}
__name(afterFailure, "afterFailure");
async function finish(session, ended) {
  const { recorder, place } = session;
  const { action, environment, release, planId, outcome, causes, event, began } = ended;
  const { why, ...described } = ended.described;
  const serving = servingOf(ended.serving);
  const seconds = (performance.now() - began) / 1e3;
  if (!recorder.begun)
    await recorder.begin(session.release, {
      action,
      version: null,
      image: "",
      digest: "",
      previous: null,
      revision: null,
      planId: null,
      sourceDigest: null,
      configDigest: null,
      configNames: [],
      migrations: [],
      why,
      scheduledFor: null,
      ...described
    });
  const warned = ended.warnings.length === 0 ? {} : { warnings: ended.warnings };
  const head = await recorder.end(
    outcome,
    serving === null ? null : { release: serving.release, digest: serving.digest },
    causes,
    seconds,
    event === null ? null : { event, told: { causes, ...warned, seconds, serving: servingWords(serving), planId } }
  );
  const away = ledgerAway(session.ledger);
  const dropped = await Promise.all([session.samples?.end(), session.logs?.end()]);
  return {
    action,
    service: ended.service,
    environment,
    target: place.target.name,
    release,
    version: ended.version,
    digest: ended.digest,
    planId,
    outcome,
    waiting: ended.waiting,
    steps: ended.steps,
    causes,
    printed: redactLines(ended.printed, session.redact).map(withoutCardNumbers),
    warnings: [
      ...ended.warnings,
      ...away === null ? [] : [away],
      ...dropped.filter((warning) => typeof warning === "string"),
      ...await session.keepHead(release, head)
    ],
    serving,
    monitor: ended.monitor,
    ledgerHead: head === null ? null : headText(head),
    seconds,
    next: ended.next
  };
}
__name(finish, "finish");
function servingOf(instance) {
  return instance === null ? null : { release: instance.release, version: instance.version, digest: instance.digest };
}
__name(servingOf, "servingOf");
function servingWords(serving) {
  return serving === null ? null : `${serving.version} (${shortDigest(serving.digest)})`;
}
__name(servingWords, "servingWords");

// core/release/deploy/serve.ts
async function requireHealthy(target, instance, undo, next) {
  const health = await target.health(instance);
  if (health.kind === "healthy") return health.after;
  undo.printed = health.printed;
  throw new TollgateError(
    "never-healthy",
    `${health.replica.process} at ${health.replica.place} did not become healthy: ${health.why}`,
    `Its last log lines are below. ${next}`
  );
}
__name(requireHealthy, "requireHealthy");
async function switchTo(target, settings, instance) {
  const { traffic, workers } = await target.switch(instance);
  const verified2 = await requireServes(target, settings, instance);
  return {
    kind: "done",
    note: `traffic in ${duration(traffic)}, workers in ${duration(workers)}; verified: ${verified2}`
  };
}
__name(switchTo, "switchTo");

export {
  withSession,
  checkSmoke,
  ReleaseUndo,
  liveNow,
  afterFailure,
  finish,
  requireHealthy,
  switchTo
};
