import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  allOf
} from "./shared.core.release.deploy.steps.mjs";
import {
  firstLine
} from "./shared.core.release.pipeline.run.mjs";
import {
  releaseId
} from "./shared.core.environment.digest.mjs";
import {
  redactor
} from "./shared.core.secrets.redact.mjs";
import {
  openReleaseLedger
} from "./shared.core.ledger.chain.mjs";
import {
  openPlace
} from "./shared.core.release.session.open.mjs";
import {
  isLoopback
} from "./shared.core.database.connect.address.mjs";
import {
  readDotenv
} from "./shared.core.secrets.parse.mjs";
import {
  version
} from "./shared.core.shared.version.mjs";
import {
  safe
} from "./shared.core.presentation.columns.mjs";
import {
  runId
} from "./shared.core.qa.run-id.mjs";
import {
  TollgateError
} from "./shared.core.shared.errors.mjs";
import {
  count,
  duration,
  shortDigest
} from "./shared.core.shared.figures.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/notify/channel.ts
var SendError = class extends Error {
  static {
    __name(this, "SendError");
  }
  /** Whether a retry may succeed. */
  temporary;
  /** Seconds from Retry-After; null without one. */
  wait;
  constructor(message, temporary, wait = null) {
    super(message);
    this.name = "SendError";
    this.temporary = temporary;
    this.wait = wait;
  }
};

// core/notify/http.ts
import { randomUUID } from "node:crypto";

// core/notify/message.ts
var TITLES = {
  start: /* @__PURE__ */ __name(({ service, environment }) => `Deploying ${service} to ${environment}`, "start"),
  success: /* @__PURE__ */ __name(({ service, environment }) => `Deployed ${service} to ${environment}`, "success"),
  failure: /* @__PURE__ */ __name(({ service, environment }) => `FAILED: ${service} to ${environment}`, "failure"),
  rollback: /* @__PURE__ */ __name(({ service, environment }) => `ROLLED BACK: ${service} in ${environment}`, "rollback"),
  "approval-needed": /* @__PURE__ */ __name(({ service, environment }) => `Approval needed: ${service} to ${environment}`, "approval-needed"),
  "break-glass": /* @__PURE__ */ __name(({ service, environment }) => `BREAK GLASS: ${service} to ${environment}, approvals or a freeze overridden`, "break-glass")
};
var MOST_CAUSES = 5;
function messageOf(notice) {
  const { who, why, digest, revision, planId, causes, serving, seconds, release, run } = notice;
  const facts = [
    `by ${who}${why === "" ? "" : `: ${why}`}`,
    ...causes.slice(0, MOST_CAUSES).map((cause) => `cause: ${cause.slice(0, 400)}`),
    ...causes.length > MOST_CAUSES ? [`and ${causes.length - MOST_CAUSES} more causes`] : [],
    ...serving === null ? [] : [`serving now: ${serving}`],
    ...digest === null ? [] : [`image ${shortDigest(digest)}${revision === null ? "" : `, commit ${revision.slice(0, 12)}`}`],
    ...planId === null ? [] : [`plan ${planId.slice(0, 21)}`],
    `${release === null ? `run ${run}` : `release ${release}`}${seconds === null ? "" : `, ${duration(seconds)}`}`
  ];
  return { title: safe(TITLES[notice.event](notice)), lines: facts.map(safe) };
}
__name(messageOf, "messageOf");
function slackBody(notice) {
  const { title, lines } = messageOf(notice);
  const text = [`*${escapeSlack(title)}*`, ...lines.map(escapeSlack)].join("\n");
  return JSON.stringify({ text: text.slice(0, 3800) });
}
__name(slackBody, "slackBody");
function escapeSlack(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
__name(escapeSlack, "escapeSlack");
function webhookBody(notice) {
  return JSON.stringify({ version: 1, tollgate: version, ...notice, ...messageOf(notice) });
}
__name(webhookBody, "webhookBody");
function mailOf(notice) {
  const { title, lines } = messageOf(notice);
  return { subject: title, text: `${[title, "", ...lines, "", `Tollgate ${version}, ${notice.at}`].join("\n")}
` };
}
__name(mailOf, "mailOf");

// core/notify/signature.ts
import { createHmac, timingSafeEqual } from "node:crypto";
var SHORTEST_SECRET = 32;
var HEADERS = {
  signature: "tollgate-signature",
  timestamp: "tollgate-timestamp",
  delivery: "tollgate-delivery"
};
function signature(secret, { timestamp, delivery, body }) {
  return `v1=${createHmac("sha256", secret).update(`${timestamp}.${delivery}.${body}`).digest("hex")}`;
}
__name(signature, "signature");

// core/notify/http.ts
var ATTEMPT_MS = 3e3;
function slackChannel({ on }, url) {
  return { name: "slack", events: on, send: /* @__PURE__ */ __name((notice, _, signal) => post(url, slackBody(notice), {}, signal), "send") };
}
__name(slackChannel, "slackChannel");
function webhookChannel({ on }, url, secret) {
  return {
    name: "webhook",
    events: on,
    send: /* @__PURE__ */ __name((notice, delivery, signal) => {
      const body = webhookBody(notice);
      const timestamp = Math.floor(Date.now() / 1e3);
      return post(
        url,
        body,
        {
          [HEADERS.timestamp]: String(timestamp),
          [HEADERS.delivery]: delivery,
          [HEADERS.signature]: signature(secret, { timestamp, delivery, body })
        },
        signal
      );
    }, "send")
  };
}
__name(webhookChannel, "webhookChannel");
async function post(url, body, headers, signal) {
  let answer;
  try {
    answer = await fetch(url, {
      method: "POST",
      body,
      headers: { "content-type": "application/json; charset=utf-8", "user-agent": "tollgate", ...headers },
      // the message was signed for this address, and must not follow a redirect to another
      redirect: "manual",
      signal: AbortSignal.any([signal, AbortSignal.timeout(ATTEMPT_MS)])
    });
  } catch (error) {
    throw networkError(error);
  }
  await answer.body?.cancel().catch(() => void 0);
  if (answer.ok) return;
  const temporary = answer.status >= 500 || [408, 425, 429].includes(answer.status);
  const asked = Number(answer.headers.get("retry-after"));
  throw new SendError(
    `the server answered ${answer.status}${answer.status >= 300 && answer.status < 400 ? ", a redirect: use its final address" : ""}`,
    temporary,
    Number.isFinite(asked) && asked > 0 ? asked : null
  );
}
__name(post, "post");
function networkError(error) {
  if (error instanceof SendError) return error;
  const name = error instanceof Error ? error.name : "";
  if (name === "TimeoutError") return new SendError(`the server did not answer within ${ATTEMPT_MS / 1e3} s`, true);
  if (name === "AbortError") return new SendError("the time limit for notifications expired", false);
  const code = codeIn(error) ?? (error instanceof Error ? codeIn(error.cause) : null);
  return new SendError(
    code === null ? "could not reach the server" : `could not reach the server: ${code}`,
    code !== "ERR_INVALID_URL"
  );
}
__name(networkError, "networkError");
function codeIn(error) {
  const code = typeof error === "object" && error !== null && "code" in error ? error.code : null;
  return typeof code === "string" && /^[A-Z0-9_]{2,40}$/.test(code) ? code : null;
}
__name(codeIn, "codeIn");
function newDelivery() {
  return randomUUID();
}
__name(newDelivery, "newDelivery");

// core/notify/email.ts
var STEP_MS = 3e3;
function emailChannel({ from, to, on }, url) {
  return {
    name: "email",
    events: on,
    send: /* @__PURE__ */ __name(async (notice, delivery, signal) => {
      signal.throwIfAborted();
      const { createTransport } = await import("./nodemailer.dist.esm.nodemailer.mjs");
      const secure = url.protocol === "smtps:";
      const local = isLoopback(url.hostname.replace(/^\[(.*)\]$/, "$1"));
      const transport = createTransport({
        host: url.hostname,
        port: url.port === "" ? secure ? 465 : 587 : Number(url.port),
        secure,
        // passwords and release details never go unencrypted to another machine
        requireTLS: !local,
        // a relay on this machine usually has a self-signed certificate
        ignoreTLS: local,
        ...url.username === "" ? {} : { auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) } },
        connectionTimeout: STEP_MS,
        greetingTimeout: STEP_MS,
        socketTimeout: STEP_MS,
        dnsTimeout: STEP_MS,
        disableFileAccess: true,
        disableUrlAccess: true
      });
      const stop = /* @__PURE__ */ __name(() => transport.close(), "stop");
      signal.addEventListener("abort", stop, { once: true });
      try {
        await Promise.race([
          // the same id for each attempt, so that a mailbox shows the mail once
          transport.sendMail({
            from,
            to: [...to],
            ...mailOf(notice),
            messageId: `<${delivery}@tollgate>`,
            date: new Date(notice.at)
          }),
          new Promise(
            (_, fail) => signal.addEventListener(
              "abort",
              () => fail(new SendError("the time limit for notifications expired", false)),
              { once: true }
            )
          )
        ]);
      } catch (error) {
        throw mailError(error);
      } finally {
        signal.removeEventListener("abort", stop);
        transport.close();
      }
    }, "send")
  };
}
__name(emailChannel, "emailChannel");
function mailError(error) {
  const status = typeof error === "object" && error !== null && "responseCode" in error ? error.responseCode : null;
  if (typeof status === "number")
    return new SendError(
      status === 535 ? "the server rejected the login (535)" : `the server answered ${status}`,
      status >= 400 && status < 500
    );
  return networkError(error);
}
__name(mailError, "mailError");

// core/notify/channels.ts
function openChannels(settings, values) {
  const found = { channels: [], unusable: [] };
  const add = /* @__PURE__ */ __name((channel, open) => {
    try {
      found.channels.push(open());
    } catch (error) {
      if (!(error instanceof Unusable)) throw error;
      found.unusable.push({ channel, why: error.message });
    }
  }, "add");
  const { slack, webhook, email } = settings;
  if (slack !== void 0) add("slack", () => slackChannel(slack, httpAddress(values, slack.url)));
  if (webhook !== void 0)
    add("webhook", () => {
      const url = httpAddress(values, webhook.url);
      const secret = required(values, webhook.secret);
      if (secret.length < SHORTEST_SECRET)
        throw new Unusable(`${webhook.secret} has fewer than ${SHORTEST_SECRET} characters`);
      return webhookChannel(webhook, url, secret);
    });
  if (email !== void 0) add("email", () => emailChannel(email, mailServer(values, email.url)));
  return found;
}
__name(openChannels, "openChannels");
var Unusable = class extends Error {
  static {
    __name(this, "Unusable");
  }
};
function required(values, name) {
  const value = values.get(name)?.trim();
  if (value === void 0 || value === "") throw new Unusable(`--notify does not contain ${name}`);
  return value;
}
__name(required, "required");
function address(values, name) {
  const value = required(values, name);
  if (!URL.canParse(value)) throw new Unusable(`${name} is not a URL`);
  return new URL(value);
}
__name(address, "address");
function httpAddress(values, name) {
  const url = address(values, name);
  const near = isLoopback(url.hostname.replace(/^\[(.*)\]$/, "$1")) || /^[a-z0-9-]+$/i.test(url.hostname);
  if (url.protocol !== "https:" && !(url.protocol === "http:" && near))
    throw new Unusable(`${name} is not an https address`);
  if (url.username !== "" || url.password !== "")
    throw new Unusable(`${name} contains a user or password, which webhooks do not use`);
  return url.href;
}
__name(httpAddress, "httpAddress");
function mailServer(values, name) {
  const url = address(values, name);
  if (!/^smtps?:$/.test(url.protocol) || url.hostname === "")
    throw new Unusable(`${name} is not smtp://USER:PASSWORD@HOST:PORT, or smtps://`);
  try {
    decodeURIComponent(url.username + url.password);
  } catch {
    throw new Unusable(`${name} has a % that is not followed by two hexadecimal digits`);
  }
  return url;
}
__name(mailServer, "mailServer");

// core/notify/notifier.ts
import { setTimeout as sleep } from "node:timers/promises";
var PAUSES = [250, 750, 2e3];
var LONGEST_MS = 2e4;
function notifier({ channels, unusable }, wait) {
  const overall = new AbortController();
  const begun = [];
  let left = wait * 1e3;
  return {
    tell: /* @__PURE__ */ __name((notice) => {
      for (const channel of channels)
        if (channel.events.includes(notice.event)) begun.push(deliver(channel, notice, overall.signal));
      for (const { channel, why } of unusable)
        begun.push(Promise.resolve({ event: notice.event, channel, sent: false, attempts: 0, error: why }));
    }, "tell"),
    settle: /* @__PURE__ */ __name(async () => {
      const waiting = begun.splice(0);
      const before = performance.now();
      const timer = setTimeout(() => overall.abort(), left);
      try {
        return await Promise.all(waiting);
      } finally {
        clearTimeout(timer);
        left = Math.max(0, left - (performance.now() - before));
      }
    }, "settle")
  };
}
__name(notifier, "notifier");
async function deliver(channel, notice, overall) {
  const signal = AbortSignal.any([overall, AbortSignal.timeout(LONGEST_MS)]);
  const delivery = newDelivery();
  const outcome = /* @__PURE__ */ __name((attempts, error) => ({
    event: notice.event,
    channel: channel.name,
    sent: error === null,
    attempts,
    error
  }), "outcome");
  const tooLate = /* @__PURE__ */ __name((failure) => `${failure}, and the time limit left no further attempt`, "tooLate");
  let before = null;
  for (let attempt = 1; ; attempt += 1) {
    try {
      await channel.send(notice, delivery, signal);
      return outcome(attempt, null);
    } catch (error) {
      const failure = networkError(error);
      const pause2 = PAUSES[attempt - 1];
      if (signal.aborted && before !== null) return outcome(attempt, tooLate(before));
      if (!failure.temporary || pause2 === void 0 || signal.aborted) return outcome(attempt, failure.message);
      before = failure.message;
      await pauseFor(Math.max(pause2 * (0.75 + Math.random() / 2), (failure.wait ?? 0) * 1e3), signal);
      if (signal.aborted) return outcome(attempt, tooLate(failure.message));
    }
  }
}
__name(deliver, "deliver");
async function pauseFor(milliseconds, signal) {
  await sleep(milliseconds, void 0, { signal }).catch(() => void 0);
}
__name(pauseFor, "pauseFor");

// core/release/ledger/recorder.ts
var Recorder = class {
  static {
    __name(this, "Recorder");
  }
  #context;
  #ledger;
  #lease;
  #notifier;
  #waiting = [];
  #release;
  #begun = null;
  /** @param ledger null: a rollback without one */
  constructor(context, release, ledger, lease, notifier2) {
    this.#context = context;
    this.#release = release;
    this.#ledger = ledger;
    this.#lease = lease;
    this.#notifier = notifier2;
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
    await this.#ledger?.record(
      { service, environment, release: this.#release, run, token: this.#lease?.token ?? null, who },
      what
    );
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
  /** While the ledger is unreachable nobody else can take the lease: the run stops, and may still undo its steps. */
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
      digest,
      revision,
      planId,
      causes: [],
      serving: null,
      seconds: null,
      at: (/* @__PURE__ */ new Date()).toISOString(),
      ...more
    });
  }
  /** Records the outcome, then the result of each notification. */
  async end(outcome, serving, causes, seconds) {
    await this.record({ kind: "release-finished", outcome, serving, causes: [...causes], seconds });
    for (const { event, channel, sent, attempts, error } of await this.#notifier.settle())
      await this.record({ kind: "notified", event, channel, sent, attempts, error });
  }
};
function jsonOf(detail) {
  const copy = JSON.parse(JSON.stringify(detail));
  return copy;
}
__name(jsonOf, "jsonOf");

// core/release/session/session.ts
async function withSession(settings, entryPoint, request, work) {
  const { environment, caller, why, command, access, need } = request;
  const values = request.notify === null ? /* @__PURE__ */ new Map() : readDotenv(request.notify).values;
  const redact = redactor([...request.secrets, ...values.values()]);
  const place = await openPlace(settings, environment, entryPoint, access, request.sandbox);
  try {
    const opened = await openReleaseLedger(settings, place, entryPoint, request.ledger, need, redact);
    try {
      const run = runId(/* @__PURE__ */ new Date());
      const { lease, problem } = await takeLease();
      try {
        const context = { service: settings.ledger.service, environment, run, who: caller.who, why };
        const release = releaseId(/* @__PURE__ */ new Date());
        const recorder = new Recorder(
          context,
          release,
          opened?.ledger ?? null,
          lease,
          notifier(openChannels(settings.notifications, values), settings.notifications.wait)
        );
        return await work({
          place,
          recorder,
          lease,
          release,
          ledgerProblem: problem,
          ledger: opened?.ledger ?? null,
          redact
        });
      } finally {
        await lease?.release();
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
          return { lease: null, problem: what };
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
__name(withSession, "withSession");

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
  const [answer, version2] = await Promise.all([
    target.requestLive({ method: "GET", path, place }),
    versionProblem(settings, instance, (request) => target.requestLive({ ...request, place }))
  ]);
  if (answer.kind === "silent") return `${place}: GET ${path}: ${answer.why}`;
  if (answer.status < 200 || answer.status > 299) return `${place}: GET ${path} answered ${answer.status}`;
  return version2 === null ? null : `${place}: ${version2}`;
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
  printed = [];
  constructor(target) {
    this.#target = target;
  }
  /** @param back the previous release; null: none */
  async switchBack(back, given) {
    if (back === null)
      throw new TollgateError(
        "no-earlier-release",
        "This was the first release: there is none to roll back to.",
        "Fix the cause and deploy again. No cleanup is needed."
      );
    await this.#keepLogs(given);
    const { traffic } = await this.#target.switch(back);
    return `release ${back.release} (${back.version}) has the traffic again, in ${duration(traffic)}`;
  }
  async remove(release, given) {
    const running = await this.#target.running();
    if (running.live.kind === "live" && running.live.instance.release === release)
      return `kept: release ${release} has the traffic`;
    const found = allOf(running).find((one) => one.release === release);
    if (found === void 0) return "nothing to remove";
    await this.#keepLogs(given);
    await this.#target.retire(found);
    return `removed release ${release}`;
  }
  /** Keeps the last log lines before the containers are removed. */
  async #keepLogs(given) {
    if (this.printed.length > 0 || given === null) return;
    try {
      const logs = await this.#target.logs(given, 10);
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
  if (before === null) return { instance: null, why: null };
  const why = await whyItDoesNotServe(target, settings, before);
  return why === null ? { instance: before, why: null } : { instance: null, why: `Release ${before.release} (${before.version}) is not serving: ${why}` };
}
__name(servingNow, "servingNow");

export {
  withSession,
  checkSmoke,
  requireServes,
  ReleaseUndo,
  liveNow,
  servingNow
};
