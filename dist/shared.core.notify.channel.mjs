import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  version
} from "./shared.core.shared.version.mjs";
import {
  isLoopback
} from "./shared.core.database.connect.address.mjs";
import {
  safe
} from "./shared.core.presentation.columns.mjs";
import {
  duration,
  shortDigest
} from "./shared.core.shared.figures.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/notify/message.ts
var TITLES = {
  start: /* @__PURE__ */ __name(({ service, environment }) => `Deploying ${service} to ${environment}`, "start"),
  success: /* @__PURE__ */ __name(({ service, environment }) => `Deployed ${service} to ${environment}`, "success"),
  failure: /* @__PURE__ */ __name(({ service, environment }) => `FAILED: ${service} to ${environment}`, "failure"),
  rollback: /* @__PURE__ */ __name(({ service, environment }) => `ROLLED BACK: ${service} in ${environment}`, "rollback"),
  "approval-needed": /* @__PURE__ */ __name(({ service, environment }) => `Approval needed: ${service} to ${environment}`, "approval-needed"),
  "break-glass": /* @__PURE__ */ __name(({ service, environment }) => `BREAK GLASS: ${service} to ${environment}, approvals or a freeze overridden`, "break-glass"),
  "ci-failed": /* @__PURE__ */ __name(({ service, branch = "" }) => `FAILED: ci of ${service} on ${branch}`, "ci-failed"),
  "ci-recovered": /* @__PURE__ */ __name(({ service, branch = "" }) => `PASSED: ci of ${service} on ${branch}, after a failed run`, "ci-recovered")
};
var MOST_CAUSES = 5;
function messageOf(notice) {
  const {
    who,
    why,
    digest,
    revision,
    planId,
    causes,
    warnings = [],
    commands = [],
    serving,
    seconds,
    release,
    run,
    url = null,
    ledgerHead = null
  } = notice;
  const facts = [
    `by ${who}${why === "" ? "" : `: ${why}`}`,
    ...causes.slice(0, MOST_CAUSES).map((cause) => `cause: ${cause.slice(0, 400)}`),
    ...causes.length > MOST_CAUSES ? [`and ${causes.length - MOST_CAUSES} more causes`] : [],
    ...warnings.map((warning) => `warning: ${warning.slice(0, 400)}`),
    ...commands.map((command) => `run: ${command}`),
    ...serving === null ? [] : [`serving now: ${serving}`],
    ...digest === null ? [] : [`image ${shortDigest(digest)}${revision === null ? "" : `, commit ${revision.slice(0, 12)}`}`],
    ...digest === null && revision !== null ? [`commit ${revision.slice(0, 12)}`] : [],
    ...url === null ? [] : [url],
    ...planId === null ? [] : [`plan ${planId.slice(0, 21)}`],
    ...ledgerHead === null ? [] : [`ledger head ${ledgerHead}`],
    `${release === null ? `run ${run}` : `release ${release}`}${seconds === null ? "" : `, ${duration(seconds)}`}`
  ];
  return { title: silent(TITLES[notice.event](notice)), lines: facts.map(silent) };
}
__name(messageOf, "messageOf");
function silent(text) {
  return safe(text).replace(/(?<![A-Za-z0-9.])@(?=\w)/g, "@\u200B").replace(/<(?=[!@#&])/g, "<\u200B");
}
__name(silent, "silent");
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
  const said = { who: silent(notice.who), why: silent(notice.why), causes: notice.causes.map(silent) };
  const warnings = notice.warnings === void 0 ? {} : { warnings: notice.warnings.map(silent) };
  const serving = notice.serving === null ? null : silent(notice.serving);
  const branch = notice.branch === void 0 ? {} : { branch: silent(notice.branch) };
  return JSON.stringify({
    version: 1,
    tollgate: version,
    ...notice,
    ...said,
    ...warnings,
    serving,
    ...branch,
    ...messageOf(notice)
  });
}
__name(webhookBody, "webhookBody");
function mailOf(notice) {
  const { title, lines } = messageOf(notice);
  return { subject: title, text: `${[title, "", ...lines, "", `Tollgate ${version}, ${notice.at}`].join("\n")}
` };
}
__name(mailOf, "mailOf");

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
function notifier({ channels, unusable }, wait, redact, pauses = PAUSES) {
  const overall = new AbortController();
  const begun = [];
  let left = wait * 1e3;
  return {
    tell: /* @__PURE__ */ __name((given) => {
      const warnings = given.warnings === void 0 ? {} : { warnings: given.warnings.map(redact) };
      const notice = { ...given, ...warnings, why: redact(given.why), causes: given.causes.map(redact) };
      for (const channel of channels)
        if (channel.events.includes(notice.event)) begun.push(deliver(channel, notice, overall.signal, pauses));
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
async function deliver(channel, notice, overall, pauses) {
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
      const pause = pauses[attempt - 1];
      if (signal.aborted && before !== null) return outcome(attempt, tooLate(before));
      if (!failure.temporary || pause === void 0 || signal.aborted) return outcome(attempt, failure.message);
      before = failure.message;
      await pauseFor(Math.max(pause * (0.75 + Math.random() / 2), (failure.wait ?? 0) * 1e3), signal);
      if (signal.aborted) return outcome(attempt, tooLate(failure.message));
    }
  }
}
__name(deliver, "deliver");
async function pauseFor(milliseconds, signal) {
  await sleep(milliseconds, void 0, { signal }).catch(() => void 0);
}
__name(pauseFor, "pauseFor");

export {
  messageOf,
  openChannels,
  notifier
};
