import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  count,
  duration
} from "./shared.core.shared.figures.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/release/monitor/measured.ts
function since(now, before) {
  return now >= before ? now - before : now;
}
__name(since, "since");
function measuredBetween(before, now) {
  const start = new Map(before.traffic.requests.map((one) => [`${one.method} ${one.status}`, one.count]));
  const early = new Map(before.traffic.durations.map(({ upTo, count: count2 }) => [upTo, count2]));
  return {
    seconds: (Date.parse(now.traffic.at) - Date.parse(before.traffic.at)) / 1e3,
    answers: now.traffic.requests.map(({ method, status, count: count2 }) => ({
      status,
      count: since(count2, start.get(`${method} ${status}`) ?? 0)
    })),
    durations: now.traffic.durations.map(({ upTo, count: count2 }) => ({ upTo, count: since(count2, early.get(upTo) ?? 0) })),
    payments: now.payments === null ? null : {
      good: since(now.payments.good, before.payments?.good ?? 0),
      bad: since(now.payments.bad, before.payments?.bad ?? 0)
    },
    connections: now.connections
  };
}
__name(measuredBetween, "measuredBetween");
function together(earlier, later) {
  if (earlier === null) return later;
  const durations = new Map(earlier.durations.map(({ upTo, count: count2 }) => [upTo, count2]));
  for (const { upTo, count: count2 } of later.durations) durations.set(upTo, (durations.get(upTo) ?? 0) + count2);
  return {
    seconds: earlier.seconds + later.seconds,
    answers: [...earlier.answers, ...later.answers],
    durations: [...durations].map(([upTo, count2]) => ({ upTo, count: count2 })).sort((one, other) => one.upTo - other.upTo),
    payments: earlier.payments === null || later.payments === null ? null : {
      good: earlier.payments.good + later.payments.good,
      bad: earlier.payments.bad + later.payments.bad
    },
    connections: later.connections
  };
}
__name(together, "together");

// core/release/monitor/judge.ts
function windowOf(before, now) {
  return windowFrom(measuredBetween(before, now));
}
__name(windowOf, "windowOf");
function windowFrom({ seconds, answers, durations, payments, connections }) {
  const quantile = quantileOf(durations, 0.95);
  return {
    seconds,
    requests: answers.reduce((sum, one) => sum + one.count, 0),
    errors: answers.filter(({ status }) => status >= 500).reduce((sum, one) => sum + one.count, 0),
    p95: quantile.kind === "within" ? quantile.seconds : null,
    p95Beyond: quantile.kind === "beyond" ? quantile.seconds : null,
    payments,
    connections
  };
}
__name(windowFrom, "windowFrom");
function quantileOf(buckets, part) {
  const total = buckets.at(-1)?.count ?? 0;
  if (total === 0) return { kind: "none" };
  const rank = part * total;
  let [lower, below] = [0, 0];
  for (const { upTo, count: count2 } of buckets) {
    if (count2 >= rank && count2 > below) {
      if (upTo === Infinity) return { kind: "beyond", seconds: lower };
      return { kind: "within", seconds: lower + (upTo - lower) * (rank - below) / (count2 - below) };
    }
    ;
    [lower, below] = [upTo === Infinity ? lower : upTo, count2];
  }
  return { kind: "beyond", seconds: lower };
}
__name(quantileOf, "quantileOf");
function judgeWindow(window, before, { requests, thresholds, payments, database }) {
  const enough = window.requests >= requests;
  const errors = share(window.errors, window.requests);
  const figures = [
    {
      name: "errors",
      measured: percentText(errors, window.requests),
      before: before === null ? "\u2013" : percentText(share(before.errors, before.requests), before.requests),
      asked: `<= ${thresholds.errors} %`,
      verdict: errors !== null && errors > thresholds.errors && enough ? "failed" : enough ? "passed" : "inconclusive"
    }
  ];
  if (thresholds.p95 !== void 0) {
    const asked = thresholds.p95 / 1e3;
    const slow = window.p95Beyond !== null ? window.p95Beyond >= asked : window.p95 !== null && window.p95 > asked;
    figures.push({
      name: "p95",
      measured: p95Text(window),
      before: before === null ? "\u2013" : p95Text(before),
      asked: `<= ${duration(asked)}`,
      verdict: !enough || window.p95 === null && window.p95Beyond === null ? "inconclusive" : slow ? "failed" : window.p95 === null ? "inconclusive" : "passed"
    });
  }
  if (payments !== void 0) figures.push(paymentFigure(window, before, thresholds.payments));
  if (database !== void 0) figures.push(connectionFigure(window, before, thresholds.connections));
  const all = figures.map(({ verdict }) => verdict);
  return {
    kind: all.includes("failed") ? "failed" : all.includes("inconclusive") ? "inconclusive" : "passed",
    figures,
    window,
    asked: requests,
    maintenance: 0,
    unfinished: null
  };
}
__name(judgeWindow, "judgeWindow");
function share(part, of) {
  return of === 0 ? null : 100 * part / of;
}
__name(share, "share");
var FEWEST_PAYMENTS = 5;
function paymentFigure(window, before, asked) {
  const shareOf = /* @__PURE__ */ __name(({ payments }) => payments === null || payments.good + payments.bad === 0 ? null : 100 * payments.good / (payments.good + payments.bad), "shareOf");
  const number = /* @__PURE__ */ __name(({ payments }) => payments === null ? 0 : payments.good + payments.bad, "number");
  const share2 = shareOf(window);
  return {
    name: "payments",
    measured: window.payments === null ? "not read" : percentText(share2, number(window)),
    before: before === null ? "\u2013" : percentText(shareOf(before), number(before)),
    asked: `>= ${asked} %`,
    // a quiet window without payments is no reason to doubt a release
    verdict: window.payments === null ? "inconclusive" : share2 === null || number(window) < FEWEST_PAYMENTS ? "skipped" : share2 < asked ? "failed" : "passed"
  };
}
__name(paymentFigure, "paymentFigure");
function connectionFigure(window, before, asked) {
  const text = /* @__PURE__ */ __name(({ connections: connections2 }) => connections2 === null ? "not read" : `${connections2.used} of ${connections2.of}`, "text");
  const { connections } = window;
  return {
    name: "connections",
    measured: text(window),
    before: before === null ? "\u2013" : text(before),
    asked: `<= ${asked} %`,
    verdict: connections === null ? "inconclusive" : 100 * connections.used / connections.of > asked ? "failed" : "passed"
  };
}
__name(connectionFigure, "connectionFigure");
function percentText(value, of) {
  return value === null ? "none" : `${value.toFixed(2)} % of ${of}`;
}
__name(percentText, "percentText");
function p95Text({ p95, p95Beyond }) {
  if (p95Beyond !== null) return `> ${duration(p95Beyond)}`;
  return p95 === null ? "none" : duration(p95);
}
__name(p95Text, "p95Text");
function monitorLine(result) {
  const { maintenance, unfinished } = result;
  if (unfinished !== null)
    return `inconclusive: maintenance mode was on for ${duration(maintenance)}; ${duration(unfinished.judged)} of the ${duration(unfinished.of)} to watch could be judged`;
  return `${figuresLine(result)}${maintenance === 0 ? "" : `; ${duration(maintenance)} in maintenance mode not judged`}`;
}
__name(monitorLine, "monitorLine");
function figuresLine({ kind, figures, window, asked }) {
  const failed = figures.filter(({ verdict }) => verdict === "failed");
  if (kind === "failed")
    return failed.map(({ name, measured, asked: asked2 }) => `${name} ${measured}, threshold ${asked2}`).join("; ");
  if (kind === "inconclusive" && window.requests < asked)
    return `inconclusive: ${count(window.requests, "request")} in ${duration(window.seconds)}, ${asked} are needed`;
  if (kind === "inconclusive")
    return `inconclusive: ${figures.filter(({ verdict }) => verdict === "inconclusive").map(({ name, measured }) => `${name} ${measured}`).join("; ")}`;
  return `passed: ${figures.filter(({ verdict }) => verdict === "passed").map(({ name, measured }) => `${name} ${measured}`).join(", ")}`;
}
__name(figuresLine, "figuresLine");

export {
  measuredBetween,
  together,
  windowOf,
  windowFrom,
  judgeWindow,
  share,
  FEWEST_PAYMENTS,
  monitorLine
};
