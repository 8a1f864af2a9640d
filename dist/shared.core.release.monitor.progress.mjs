import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  FEWEST_PAYMENTS,
  judgeWindow,
  measuredBetween,
  monitorLine,
  share,
  together,
  windowFrom
} from "./shared.core.release.monitor.judge.mjs";
import {
  interruption
} from "./shared.core.shared.interruption.mjs";
import {
  throughTarget
} from "./shared.core.release.session.relay.mjs";
import {
  say
} from "./shared.core.shared.progress.mjs";
import {
  duration
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

// core/release/monitor/prometheus.ts
var LINE = /^([A-Za-z_:][A-Za-z0-9_:]*)(?:\{(.*)\})?[ \t]+(\S+)(?:[ \t]+-?\d+)?[ \t]*$/;
var LABEL = /\s*([A-Za-z_][A-Za-z0-9_]*)\s*=\s*"((?:[^"\\]|\\.)*)"\s*(?:,|$)/y;
function parsePrometheus(text) {
  return text.split("\n").flatMap((line) => {
    const [, name, inside = "", written = ""] = LINE.exec(line) ?? [];
    const labels = parseLabels(inside);
    const value = /^[+-]?Inf$/.test(written) ? written.startsWith("-") ? -Infinity : Infinity : Number(written);
    return name === void 0 || labels === null || Number.isNaN(value) ? [] : [{ name, labels, value }];
  });
}
__name(parsePrometheus, "parsePrometheus");
function parseLabels(inside) {
  const labels = /* @__PURE__ */ new Map();
  LABEL.lastIndex = 0;
  while (LABEL.lastIndex < inside.length) {
    const found = LABEL.exec(inside);
    if (found === null) return null;
    labels.set(
      found[1] ?? "",
      (found[2] ?? "").replace(/\\(.)/g, (_, escaped) => escaped === "n" ? "\n" : escaped)
    );
  }
  return labels;
}
__name(parseLabels, "parseLabels");
function sumOf(samples, metric, label, values) {
  return samples.filter(({ name, labels }) => name === metric && values.includes(labels.get(label) ?? "")).reduce((sum, { value }) => sum + value, 0);
}
__name(sumOf, "sumOf");

// core/release/monitor/read.ts
async function readFigures(target, instance, settings, values) {
  const [traffic, payments, connections] = await Promise.all([
    target.traffic(),
    paymentsOf(target, instance, settings),
    connectionsOf(target, settings, values)
  ]);
  return { traffic, payments, connections };
}
__name(readFigures, "readFigures");
async function paymentsOf(target, instance, { payments }) {
  if (payments === void 0) return null;
  const places = [...new Set(instance.replicas.filter(({ process }) => process === "web").map(({ place }) => place))];
  const answers = await Promise.all(
    places.map((place) => target.request(instance, { method: "GET", path: payments.path, place }))
  );
  const texts = answers.flatMap((answer) => answer.kind === "answered" && answer.status === 200 ? [answer.body] : []);
  if (texts.length < places.length || texts.length === 0) return null;
  const samples = texts.flatMap(parsePrometheus);
  if (!samples.some(({ name }) => name === payments.metric)) return null;
  return {
    good: sumOf(samples, payments.metric, payments.label, payments.good),
    bad: sumOf(samples, payments.metric, payments.label, payments.bad)
  };
}
__name(paymentsOf, "paymentsOf");
var counted = external_exports.object({ used: external_exports.coerce.number(), of: external_exports.coerce.number() });
async function connectionsOf(target, { database }, values) {
  const url = database === void 0 ? void 0 : values?.get(database);
  if (database === void 0 || url === void 0) return null;
  try {
    return await throughTarget(
      target,
      url,
      database,
      (session) => session.row(
        counted,
        "select (select count(*) from pg_stat_activity where backend_type = 'client backend') as used, current_setting('max_connections') as of"
      )
    );
  } catch {
    return null;
  }
}
__name(connectionsOf, "connectionsOf");

// core/release/monitor/watch.ts
import { setTimeout as sleep } from "node:timers/promises";

// core/release/monitor/progress.ts
function begin(first) {
  const touched = first.maintenance.kind === "on";
  return { earlier: null, from: touched ? null : first, last: first, touched, leftOut: 0 };
}
__name(begin, "begin");
function advance(progress, now) {
  const { from, last, leftOut } = progress;
  const touched = isTouched(last.maintenance, now.maintenance);
  if (!touched && !progress.touched) return { ...progress, from: from ?? last, last: now };
  return { earlier: judgedUntil(progress), from: null, last: now, touched, leftOut: leftOut + now.at - last.at };
}
__name(advance, "advance");
function isTouched(before, now) {
  return before.kind === "on" || now.kind === "on" || before.ended !== now.ended;
}
__name(isTouched, "isTouched");
function judgedUntil({ earlier, from, last }) {
  if (from === null || from === last) return earlier;
  return {
    measured: together(earlier?.measured ?? null, measuredBetween(from.reading, last.reading)),
    seconds: (earlier?.seconds ?? 0) + last.at - from.at
  };
}
__name(judgedUntil, "judgedUntil");
function judgedSeconds(progress) {
  return judgedUntil(progress)?.seconds ?? 0;
}
__name(judgedSeconds, "judgedSeconds");
function windowOfProgress(progress) {
  const { reading } = progress.last;
  return windowFrom(judgedUntil(progress)?.measured ?? measuredBetween(reading, reading));
}
__name(windowOfProgress, "windowOfProgress");
var SHORTEST_LIMIT = 600;
function longestMaintenance({ window }) {
  return Math.max(window, SHORTEST_LIMIT);
}
__name(longestMaintenance, "longestMaintenance");
function secondsLeft(progress, settings) {
  return progress.from === null ? longestMaintenance(settings) - progress.leftOut : settings.window - judgedSeconds(progress);
}
__name(secondsLeft, "secondsLeft");
var TELLING = 30;
function progressWords(progress, result, { toldAt, settings }) {
  if (progress.last.at - toldAt < TELLING || progress.from === null) return null;
  return `${duration(judgedSeconds(progress))} of ${duration(settings.window)}; ${monitorLine(result)}`;
}
__name(progressWords, "progressWords");
function judgeProgress(progress, before, settings) {
  const judged = { ...judgeWindow(windowOfProgress(progress), before, settings), maintenance: progress.leftOut };
  const isLast = judged.kind === "failed" || secondsLeft(progress, settings) <= 0;
  if (judged.kind === "failed" || progress.from !== null) return { result: judged, isLast };
  const figures = judged.figures.map(
    (figure) => figure.verdict === "passed" ? { ...figure, verdict: "inconclusive" } : figure
  );
  const unfinished = { judged: judgedSeconds(progress), of: settings.window };
  return { result: { ...judged, kind: "inconclusive", figures, unfinished }, isLast };
}
__name(judgeProgress, "judgeProgress");

// core/release/monitor/samples.ts
var MOST_LOOKS = 720;
function spanOf(first, now) {
  return { since: Date.parse(first.traffic.at), at: Date.parse(now.traffic.at) };
}
__name(spanOf, "spanOf");
function isDue(last, at, { window }) {
  return last === null || at - last >= 0.9 * (window * 1e3 / MOST_LOOKS);
}
__name(isDue, "isDue");
var NOTHING = {
  seconds: 0,
  requests: 0,
  errors: 0,
  p95: null,
  p95Beyond: null,
  payments: null,
  connections: null
};
function samplesInMaintenance(phase, span, settings) {
  return samplesOf(NOTHING, `${phase}-maintenance`, span, settings).map((sample) => ({ ...sample, outOf: null }));
}
__name(samplesInMaintenance, "samplesInMaintenance");
function samplesOf(window, phase, { since, at }, { requests, thresholds, payments, database }) {
  const sample = /* @__PURE__ */ __name((metric, more) => ({
    metric,
    phase,
    since,
    at,
    beyond: false,
    ...more
  }), "sample");
  const samples = [
    sample("errors", {
      value: share(window.errors, window.requests),
      outOf: window.requests,
      least: requests,
      threshold: thresholds.errors
    }),
    {
      ...sample("p95", {
        value: window.p95Beyond ?? window.p95,
        outOf: window.requests,
        least: requests,
        // in milliseconds in tollgate.yaml
        threshold: thresholds.p95 === void 0 ? null : thresholds.p95 / 1e3
      }),
      beyond: window.p95Beyond !== null
    }
  ];
  if (payments !== void 0) {
    const counted2 = window.payments;
    const number = counted2 === null ? null : counted2.good + counted2.bad;
    samples.push(
      sample("payments", {
        value: counted2 === null || number === null ? null : share(counted2.good, number),
        outOf: number,
        least: FEWEST_PAYMENTS,
        threshold: thresholds.payments
      })
    );
  }
  if (database !== void 0) {
    const { connections } = window;
    samples.push(
      sample("connections", {
        value: connections === null ? null : share(connections.used, connections.of),
        outOf: connections?.of ?? null,
        least: 0,
        threshold: thresholds.connections
      })
    );
  }
  return samples;
}
__name(samplesOf, "samplesOf");

// core/release/monitor/watch.ts
var LOOKS = 12;
var SHORTEST_PAUSE = 0.5;
var LONGEST_PAUSE = 5;
async function watch(request) {
  const { target, instance, settings, values, before, signal, looked } = request;
  const at = performance.now() / 1e3;
  const start = await readFigures(target, instance, settings, values);
  let progress = begin({ reading: start, maintenance: request.maintenance, at });
  let toldAt = at;
  say(`watch: for ${duration(settings.window)}`);
  if (progress.touched) say(IS_ON);
  const restarts = new Map(instance.replicas.map((replica) => [replica.name, restartsOf(replica)]));
  const pause = Math.min(LONGEST_PAUSE, Math.max(SHORTEST_PAUSE, settings.window / LOOKS));
  for (; ; ) {
    const left = secondsLeft(progress, settings) - (performance.now() / 1e3 - progress.last.at);
    await wait(Math.max(0, Math.min(pause, left)), signal);
    const reading = await readFigures(target, instance, settings, values);
    const maintenance = await requireRunning(target, instance, restarts);
    const earlier = progress;
    progress = advance(earlier, { reading, maintenance, at: performance.now() / 1e3 });
    tellOfMaintenance(earlier, progress);
    const { result, isLast } = judgeProgress(progress, before, settings);
    const isJudged = progress.from !== null;
    const span = spanOf(isJudged ? start : earlier.last.reading, reading);
    looked?.({ window: isJudged ? windowOfProgress(progress) : null, isLast, ...span });
    if (isLast) return result;
    const words = progressWords(progress, result, { toldAt, settings });
    if (words === null) continue;
    say(`watch: ${words}`);
    toldAt = progress.last.at;
  }
}
__name(watch, "watch");
var IS_ON = "watch: maintenance mode is on, and nothing is judged until it is off";
function tellOfMaintenance(before, now) {
  if (now.touched && !before.touched) say(IS_ON);
  if (now.from !== null && before.from === null)
    say(`watch: maintenance mode is off; ${duration(now.leftOut)} of it are not judged`);
}
__name(tellOfMaintenance, "tellOfMaintenance");
async function requireRunning(target, { release }, restarts) {
  const { live, maintenance } = await target.running();
  if (live.kind !== "live" || live.instance.release !== release)
    throw new TollgateError(
      "traffic-lost",
      `Release ${release} no longer has the traffic: ${live.kind === "live" ? `release ${live.instance.release} has it` : live.kind}.`,
      "Something other than this run switched it. Find out what (`tollgate status`, `tollgate history`), then deploy again."
    );
  for (const replica of live.instance.replicas) {
    const why = crash(replica, restarts.get(replica.name) ?? 0);
    if (why !== null)
      throw new TollgateError(
        "crashed",
        `${replica.process} at ${replica.place} ${why} during the watch.`,
        "Fix the cause and deploy again. No cleanup is needed."
      );
  }
  return maintenance;
}
__name(requireRunning, "requireRunning");
function restartsOf({ state }) {
  return state.kind === "running" || state.kind === "restarting" ? state.restarts : 0;
}
__name(restartsOf, "restartsOf");
function crash({ state }, restartsBefore) {
  switch (state.kind) {
    case "ended":
      return state.outOfMemory ? "ran out of memory" : `exited with code ${state.code}`;
    case "restarting":
      return `exited with code ${state.code} and is restarting`;
    case "running":
      if (state.restarts > restartsBefore) return "exited and was restarted";
      return state.check === "unhealthy" ? "is unhealthy by its HEALTHCHECK" : null;
    case "prepared":
      return null;
  }
}
__name(crash, "crash");
function requireMonitorPassed(result, { inconclusive }) {
  if (result.kind === "failed")
    throw new TollgateError(
      "threshold-broken",
      `A threshold of release.monitor failed: ${monitorLine(result)}`,
      "Fix the cause, or change release.monitor, and deploy again."
    );
  if (result.kind !== "inconclusive" || inconclusive !== "roll-back") return;
  if (result.unfinished !== null)
    throw new TollgateError(
      "monitor-inconclusive",
      `The watch ended in maintenance mode, and release.monitor.inconclusive is roll-back: ${monitorLine(result)}`,
      "Turn maintenance mode off (`tollgate maintenance off`) and deploy again."
    );
  throw new TollgateError(
    "monitor-inconclusive",
    `Too little traffic for a verdict, and release.monitor.inconclusive is roll-back: ${monitorLine(result)}`,
    "Deploy when there is more traffic, or change release.monitor (window, requests, inconclusive)."
  );
}
__name(requireMonitorPassed, "requireMonitorPassed");
async function wait(seconds, signal) {
  try {
    await sleep(seconds * 1e3, void 0, signal === void 0 ? {} : { signal });
  } catch {
    throw interruption(signal);
  }
}
__name(wait, "wait");

export {
  readFigures,
  isTouched,
  spanOf,
  isDue,
  samplesInMaintenance,
  samplesOf,
  watch,
  requireMonitorPassed,
  wait
};
