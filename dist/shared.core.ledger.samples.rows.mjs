import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  allOf
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
  errorWords
} from "./shared.core.shared.engine-cause.mjs";
import {
  codeOf
} from "./shared.core.database.connect.connection-problem.mjs";
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
  __name
} from "./shared.runtime.mjs";

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
var MOST_WAITING = 400;
var LAST_MS = 1e3;
function ledgerStore(url, patience) {
  const link = new Link(ledgerAddress(url), patience, () => Promise.resolve());
  let isPruned = false;
  let isClosed = false;
  return {
    write: /* @__PURE__ */ __name(async (owner, samples) => {
      try {
        await link.ask((session) => insertSamples(session, owner, samples, Date.now()));
        if (isPruned) return;
        isPruned = true;
        await link.ask(pruneSamples).catch(() => void 0);
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
    if (this.#waiting.length + samples.length > MOST_WAITING) {
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
    if (this.#dropped === 0) await settled(this.#writing, LAST_MS);
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
        this.#drop(this.#unanswered, reasonOf(error));
      }
      this.#unanswered = 0;
    }
  }
  #drop(samples, why) {
    this.#dropped += samples;
    if (samples > 0) this.#why ||= why;
  }
};
var SLOW = "it did not answer in time";
function reasonOf(error) {
  const code = codeOf(error);
  if (code === "42501")
    return "its user may not insert into tollgate_ledger.samples (docs/ledger.md, Samples, says how to grant it)";
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
        return await work({
          place,
          recorder,
          lease,
          release,
          ledger: opened?.ledger ?? null,
          redact,
          samples,
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
      } finally {
        await lease?.release();
        await samples?.close();
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
import { setTimeout as pause } from "node:timers/promises";
var PATIENCE_MS = 15e3;
var PAUSE_MS = 300;
async function whyItDoesNotServe(target, settings, instance) {
  const until = performance.now() + PATIENCE_MS;
  for (; ; ) {
    const why = await look(target, settings, instance);
    if (why === null || performance.now() > until) return why;
    await pause(PAUSE_MS);
  }
}
__name(whyItDoesNotServe, "whyItDoesNotServe");
async function look(target, settings, instance) {
  try {
    const places = [...new Set(instance.replicas.map(({ place }) => place))];
    const [{ live }, ...answers] = await Promise.all([
      target.running(),
      ...places.map((place) => problemAt(target, settings, instance, place))
    ]);
    if (live.kind !== "live")
      return live.kind === "split" ? "hosts serve different releases" : "no release of Tollgate has the traffic";
    if (live.instance.release !== instance.release) return `release ${live.instance.release} has the traffic`;
    return answers.find((answer) => answer !== null) ?? null;
  } catch (error) {
    if (!(error instanceof TollgateError)) throw error;
    return firstLine(error);
  }
}
__name(look, "look");
async function problemAt(target, settings, instance, place) {
  const path = settings.release.healthPath ?? settings.image.health;
  const [answer, version] = await Promise.all([
    target.requestLive({ method: "GET", path, place }),
    versionProblem(settings, instance, (request) => target.requestLive({ ...request, place }))
  ]);
  if (answer.kind === "silent") return `${place}: GET ${path}: ${answer.why}`;
  if (answer.status < 200 || answer.status > 299) return `${place}: GET ${path} answered ${answer.status}`;
  return version === null ? null : `${place}: ${version}`;
}
__name(problemAt, "problemAt");
async function requireServes(target, settings, instance) {
  const why = await whyItDoesNotServe(target, settings, instance);
  if (why !== null)
    throw new TollgateError(
      "not-serving",
      `Release ${instance.release} (${instance.version}) is not serving: ${why}`,
      "`tollgate status` shows what is serving. `tollgate logs --release=ID` shows why the release did not answer."
    );
}
__name(requireServes, "requireServes");

// core/release/deploy/undo.ts
var ReleaseUndo = class {
  static {
    __name(this, "ReleaseUndo");
  }
  #target;
  #undoing;
  #expected = [];
  #instance = null;
  printed = [];
  /** @param undoing called when a step is undone */
  constructor(target, undoing = () => void 0) {
    this.#target = target;
    this.#undoing = undoing;
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
    await this.#keepLogs();
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
  const head = await recorder.end(
    outcome,
    serving === null ? null : { release: serving.release, digest: serving.digest },
    causes,
    seconds,
    event === null ? null : { event, told: { causes, seconds, serving: servingWords(serving), planId } }
  );
  const away = ledgerAway(session.ledger);
  const dropped = await session.samples?.end() ?? null;
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
    printed: redactLines(ended.printed, session.redact),
    warnings: [
      ...ended.warnings,
      ...away === null ? [] : [away],
      ...dropped === null ? [] : [dropped],
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
  await requireServes(target, settings, instance);
  return {
    kind: "done",
    note: `traffic in ${duration(traffic)}, workers in ${duration(workers)}; verified: serving ${instance.version}`
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
