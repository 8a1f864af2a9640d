import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  judgeWindow,
  monitorLine,
  windowOf
} from "./shared.core.release.monitor.judge.mjs";
import {
  throughTarget
} from "./shared.core.release.session.relay.mjs";
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
var LOOKS = 12;
var SHORTEST_PAUSE = 0.5;
var LONGEST_PAUSE = 5;
async function watch({
  target,
  instance,
  settings,
  values,
  before,
  signal
}) {
  const began = performance.now();
  const start = await readFigures(target, instance, settings, values);
  const restarts = new Map(instance.replicas.map((replica) => [replica.name, restartsOf(replica)]));
  const pause = Math.min(LONGEST_PAUSE, Math.max(SHORTEST_PAUSE, settings.window / LOOKS));
  for (; ; ) {
    const left = settings.window - (performance.now() - began) / 1e3;
    await wait(Math.max(0, Math.min(pause, left)), signal);
    await requireRunning(target, instance, restarts);
    const result = judged(start, await readFigures(target, instance, settings, values), before, settings);
    if (result.kind === "failed" || settings.window - (performance.now() - began) / 1e3 <= 0) return result;
  }
}
__name(watch, "watch");
function judged(start, now, before, settings) {
  return judgeWindow(windowOf(start, now), before, settings);
}
__name(judged, "judged");
async function requireRunning(target, { release }, restarts) {
  const { live } = await target.running();
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
  if (result.kind === "inconclusive" && inconclusive === "roll-back")
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
    throw new TollgateError("stopped", "Interrupted.", "Run the same command again. No cleanup is needed.");
  }
}
__name(wait, "wait");

export {
  readFigures,
  watch,
  requireMonitorPassed,
  wait
};
