import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  chosenNames
} from "./shared.core.config.chosen-names.mjs";
import {
  APP_HOST,
  STATE_PORT,
  runningApp
} from "./shared.core.image.service.mjs";
import {
  buildImage,
  readBuildSecrets
} from "./shared.core.image.build-secrets.mjs";
import {
  noStamp
} from "./shared.core.image.stamp.mjs";
import {
  block,
  code,
  figure,
  icon,
  markup,
  newReport,
  nothing,
  page,
  pre,
  table,
  text,
  tile,
  verdict
} from "./shared.core.presentation.html-markup.mjs";
import {
  appFolder,
  leastRequests,
  mostRequests,
  parsePlace,
  perSecond,
  plannedRequests,
  plannedSeconds,
  readSettings
} from "./shared.core.config.app.mjs";
import {
  version
} from "./shared.core.shared.version.mjs";
import {
  readSecrets
} from "./shared.core.secrets.dotenv.mjs";
import {
  namingNoSpace
} from "./shared.core.app.python.caches.mjs";
import {
  step
} from "./shared.core.shared.progress.mjs";
import {
  alignColumns,
  clip,
  fit,
  line,
  safe,
  screenColumns,
  screenLines
} from "./shared.core.presentation.columns.mjs";
import {
  count,
  duration,
  moment,
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

// core/load/result.ts
function isPassed(result) {
  return result.scenarios.length > 0 && reasonsOf(result).length === 0;
}
__name(isPassed, "isPassed");
function reasonsOf(result) {
  return [...result.reasons, ...result.scenarios.flatMap(({ reasons }) => reasons)];
}
__name(reasonsOf, "reasonsOf");

// core/load/failure.ts
var CONNECTION = {
  "1020": "invalid URL",
  "1101": "no such host",
  "1201": "broken pipe",
  "1211": "connection timed out",
  "1212": "connection refused",
  "1220": "connection reset",
  "1310": "certificate signed by unknown authority",
  "1311": "certificate not valid for this host"
};
function failureInWords({
  kind,
  detail,
  example
}) {
  switch (kind) {
    case "timeout":
      return "timed out";
    case "status":
      return `status ${detail}`;
    case "check":
      return `check ${detail} failed`;
    case "connection":
      return CONNECTION[detail] ?? `connection error (${example === null ? `k6 error ${detail}` : withoutAddress(example)})`;
  }
}
__name(failureInWords, "failureInWords");
function withoutAddress(said) {
  return said.replace(/^\w+ "[^"]*": /, "").slice(0, 80);
}
__name(withoutAddress, "withoutAddress");

// core/load/figures.ts
function time(milliseconds) {
  if (milliseconds < 10) return `${up(milliseconds, 1)} ms`;
  if (milliseconds < 1e3) return `${up(milliseconds, 0)} ms`;
  return `${up(milliseconds / 1e3, 2)} s`;
}
__name(time, "time");
function percentOf(value) {
  return `${value === 0 || value >= 99.995 ? Math.round(value) : value.toFixed(value < 10 ? 2 : 1)} %`;
}
__name(percentOf, "percentOf");
function rate(perSecond2) {
  return perSecond2 > 0 && perSecond2 < 1 ? `${round(perSecond2 * 60, 1)}/min` : `${round(perSecond2, 1)}/s`;
}
__name(rate, "rate");
function up(value, digits) {
  const factor = 10 ** digits;
  return String(Math.ceil(value * factor - 1e-6) / factor);
}
__name(up, "up");
function round(value, digits) {
  return String(Number(value.toFixed(digits)));
}
__name(round, "round");

// core/load/verdict.ts
function loadVerdictLine(result) {
  if (!isPassed(result)) return `FAILED: ${problems(result).join("; ")}`;
  const { scenarios, notRun } = result;
  const parts = [
    `${count(thresholdsOf(result).length, "threshold")} passed`,
    `${count(requestsOf(result), "request")} measured`
  ];
  const all = scenarios.length + notRun.length;
  return `PASSED: ${notRun.length > 0 ? `${scenarios.length} of ${count(all, "scenario")}` : count(all, "scenario")}, ${parts.join(", ")}`;
}
__name(loadVerdictLine, "loadVerdictLine");
function requestsOf(result) {
  return result.scenarios.reduce((sum, { figures: figures2 }) => sum + (figures2?.requests ?? 0), 0);
}
__name(requestsOf, "requestsOf");
function failedOf(result) {
  return result.scenarios.reduce((sum, { figures: figures2 }) => sum + (figures2?.failed ?? 0), 0);
}
__name(failedOf, "failedOf");
function thresholdsOf(result) {
  return result.scenarios.flatMap(({ thresholds }) => thresholds);
}
__name(thresholdsOf, "thresholdsOf");
function problems(result) {
  if (result.scenarios.length === 0) return ["no scenario ran"];
  const whole = result.reasons.map(({ message }) => firstClause(message));
  const failed = result.scenarios.flatMap(
    ({ plan, thresholds }) => thresholds.filter(({ verdict: verdict2 }) => verdict2.kind === "failed").map(({ name }) => `${plan.name} ${name}`)
  );
  const open = thresholdsOf(result).filter(({ verdict: verdict2 }) => verdict2.kind === "inconclusive").length;
  const words = [...whole];
  if (failed.length > 0)
    words.push(`${failed.length} of ${count(thresholdsOf(result).length, "threshold")} failed (${shortList(failed)})`);
  if (open > 0 && whole.length === 0) words.push(`${count(open, "threshold")} inconclusive`);
  const others = reasonsOf(result).filter(({ code: code2 }) => code2 === "figures-disagree").length;
  return words.length > 0 ? words : [count(others, "reason")];
}
__name(problems, "problems");
function firstClause(message) {
  return message.split(/[:;] /)[0] ?? message;
}
__name(firstClause, "firstClause");
function shortList(names) {
  return names.length <= 4 ? names.join(", ") : `${names.slice(0, 3).join(", ")} and ${names.length - 3} more`;
}
__name(shortList, "shortList");

// core/load/screen.ts
function loadScreen(result, where) {
  const head = [...header(result), "", ...scenarioTable(result.scenarios)];
  const generator2 = ["", ...generatorLines(result)];
  const foot = ["", `Full report: ${where.report}`, "", line(loadVerdictLine(result))];
  const room = screenLines - head.length - generator2.length - foot.length;
  const why = isPassed(result) ? [] : ["", ...whyLines(result, Math.max(6, Math.floor(room * 0.6)))];
  return `${[...head, "", ...thresholdTable(result.scenarios, Math.max(4, room - why.length - 2)), ...generator2, ...why, ...foot].join("\n")}
`;
}
__name(loadScreen, "loadScreen");
function header({ tollgateVersion, target, source, plan, volume, notRun }) {
  const what = target.kind === "image" ? [`the image of ${target.name}`, `source ${shortDigest(source ?? "")}`] : [target.name];
  const sent = `${count(plan.scenarios.length, "scenario")}, up to ${count(volume.requests, "request")} in ${duration(volume.seconds)}; the first ${duration(plan.warmUp)} are warm-up and not counted`;
  const left = notRun.length === 0 ? [] : [line(`not run: ${notRun.join(", ")}`)];
  return [line([`Tollgate ${tollgateVersion}`, ...what].join(" \xB7 ")), line(sent), ...left];
}
__name(header, "header");
var MOST_SCENARIOS = 8;
var scenarioTitles = [
  "scenario",
  "requests",
  "target",
  "achieved",
  "p50",
  "p95",
  "p99",
  "max",
  "failed",
  "checks"
];
function scenarioTable(scenarios) {
  const shown = [...scenarios].sort((one, other) => Number(other.reasons.length > 0) - Number(one.reasons.length > 0)).slice(0, MOST_SCENARIOS);
  const rows = scenarios.filter((scenario) => shown.includes(scenario)).map(scenarioRow);
  const table2 = alignColumns(
    [scenarioTitles, ...rows],
    ["left", "right", "right", "right", "right", "right", "right", "right", "right", "left"]
  );
  const hidden = scenarios.length - rows.length;
  return [
    ...table2.map((row) => fit(row, screenColumns)),
    ...hidden > 0 ? [`and ${hidden} more in the full report`] : []
  ];
}
__name(scenarioTable, "scenarioTable");
function scenarioRow({ plan, figures: figures2, rate: rates, checks }) {
  const name = line(plan.name, 20);
  if (figures2 === null || figures2.times === null)
    return [name, "0", rate(rates.asked), "\u2013", "\u2013", "\u2013", "\u2013", "\u2013", "\u2013", "\u2013"];
  const { p50, p95, p99, max } = figures2.times;
  const words = checksInWords(checks);
  return [
    name,
    String(figures2.requests),
    rate(rates.asked),
    rate(rates.reached),
    ...[p50, p95, p99, max].map(time),
    percentOf(figures2.failed / figures2.requests * 100),
    line(words, 24)
  ];
}
__name(scenarioRow, "scenarioRow");
function checksInWords(checks) {
  const failed = checks.filter((check) => check.failed > 0);
  const [first] = failed;
  if (first !== void 0)
    return `${first.name} failed ${first.failed}\xD7${failed.length > 1 ? ` +${failed.length - 1}` : ""}`;
  return checks.every(({ judged }) => judged === 0) ? "not checked" : `${checks.length} passed`;
}
__name(checksInWords, "checksInWords");
function thresholdTable(scenarios, room) {
  const all = scenarios.flatMap(
    ({ plan, thresholds }) => thresholds.map((threshold) => ({ scenario: plan.name, threshold }))
  );
  const shown = room >= all.length ? all : all.filter(({ threshold }) => threshold.verdict.kind !== "passed").slice(0, room - 1);
  const rows = shown.map(({ scenario, threshold }) => [
    line(scenario, 20),
    threshold.name,
    askedInWords(threshold),
    measuredInWords(threshold),
    verdictInWords(threshold)
  ]);
  const table2 = alignColumns(
    [["scenario", "figure", "threshold", "measured", "verdict"], ...rows],
    ["left", "left", "right", "right", "left"]
  );
  const hidden = all.slice().filter((one) => !shown.includes(one));
  const passed = hidden.filter(({ threshold }) => threshold.verdict.kind === "passed").length;
  if (hidden.length === 0) return table2;
  return [
    ...table2,
    `and ${passed} more passed${hidden.length > passed ? `, ${hidden.length - passed} more did not` : ""}`
  ];
}
__name(thresholdTable, "thresholdTable");
function askedInWords({ name, unit, asked }) {
  return name === "rate" ? `\u2265 ${asked} %` : `\u2264 ${unit === "ms" ? time(asked) : `${asked} %`}`;
}
__name(askedInWords, "askedInWords");
function measuredInWords({ name, unit, measured, requests }) {
  if (measured === null) return "\u2013";
  if (name === "rate") return percentOf(measured);
  return `${unit === "ms" ? time(measured) : percentOf(measured)} of ${requests}`;
}
__name(measuredInWords, "measuredInWords");
function verdictInWords({ verdict: verdict2 }) {
  switch (verdict2.kind) {
    case "passed":
      return "passed";
    case "failed":
      return "FAILED";
    case "inconclusive":
      return "INCONCLUSIVE";
  }
}
__name(verdictInWords, "verdictInWords");
function generatorLines({ generator: generator2, warnings }) {
  const { cpu: cpu2 } = generator2;
  const use = cpu2 === null ? [] : [
    `load generator: ${percentOf(cpu2.mean * 100)} of ${cpu2.cores} cores, peak ${percentOf(cpu2.peak * 100)}; CPU of the machine: ${percentOf(cpu2.machine * 100)}`
  ];
  const lines = [...use, ...warnings.map((warning) => line(`warning: ${warning}`))];
  return lines.length === 0 ? ["load generator: not run"] : lines;
}
__name(generatorLines, "generatorLines");
function whyLines(result, room) {
  const groups = [
    { name: "whole run", reasons: result.reasons },
    ...result.scenarios.map(({ plan, reasons }) => ({ name: plan.name, reasons }))
  ].filter(({ reasons }) => reasons.length > 0);
  const lines = groups.flatMap(({ name, reasons }) => [`  ${line(name, 40)}`, ...reasons.map(reasonLine)]);
  const examples = exampleLines(result);
  const all = [...lines, ...examples];
  const most = room - 1;
  const shown = all.length <= most ? all : [...all.slice(0, most - 1), `  more in the full report (${count(reasonsOf(result).length, "reason")} in all)`];
  return ["Why it failed", ...shown];
}
__name(whyLines, "whyLines");
function reasonLine({ code: code2, message }) {
  return `    ${line(`${code2}: ${message}`, screenColumns - 4)}`;
}
__name(reasonLine, "reasonLine");
function exampleLines({ scenarios }) {
  return scenarios.flatMap(({ plan, failures }) => {
    const [failure2] = failures;
    const said = safe(failure2?.example ?? "");
    if (failure2 === void 0 || said === "" || failure2.kind === "connection" || failure2.kind === "timeout") return [];
    return [
      `  ${line(`first answer of ${plan.name} with ${failureInWords(failure2)}:`, screenColumns - 2)}`,
      fit(`    | ${said}`, screenColumns)
    ];
  });
}
__name(exampleLines, "exampleLines");

// core/load/bins.ts
var STEPS = [1, 1.5, 2, 3, 5, 7];
var EDGES = [
  0,
  ...[0.1, 1, 10, 100, 1e3, 1e4, 1e5].flatMap(
    (decade) => STEPS.map((step2) => Number((step2 * decade).toPrecision(2)))
  )
];
function binOf(time2) {
  return EDGES.findLastIndex((edge2) => edge2 <= time2);
}
__name(binOf, "binOf");
function placeOf(time2) {
  const bin = binOf(time2);
  const from = EDGES[bin] ?? 0;
  const to = EDGES[bin + 1] ?? from * 2;
  return bin + (time2 - from) / (to - from);
}
__name(placeOf, "placeOf");

// core/load/html-charts.ts
var HEIGHT = 210;
var TOP = 46;
function distribution({ figures: figures2, plan }) {
  if (figures2 === null || figures2.times === null) return nothing;
  const { times: times2 } = figures2;
  const asked = Object.entries(plan.thresholds.times).map(
    ([name, value]) => ({ name: `${name} threshold`, value, kind: "asked" })
  );
  const measured = ["p50", "p95", "p99"].map(
    (name) => ({ name, value: times2[name], kind: "measured" })
  );
  const answered = figures2.histogram.at(-1)?.from ?? 0;
  const marks = [
    ...measured.filter(({ value }) => figures2.failed === 0 || value <= Math.max(answered * 2, 1)),
    ...asked
  ];
  const first = binOf(figures2.histogram[0]?.from ?? 0);
  const last = Math.max(binOf(answered), ...marks.map(({ value }) => binOf(value)));
  const bins = last - first + 1;
  const width = figures2.failed > 0 ? 86 : 100;
  const most = Math.max(1, figures2.failed, ...figures2.histogram.map((bin) => bin.count));
  const x = /* @__PURE__ */ __name((place) => (place - first) / bins * width, "x");
  const bars = figures2.histogram.map(
    (bin) => column(
      x(binOf(bin.from)),
      width / bins,
      bin.count / most,
      "right",
      `${time(bin.from)} to ${time(bin.to)}: ${bin.count}`
    )
  );
  const failed = figures2.failed === 0 ? nothing : markup`${column(90, 10, figures2.failed / most, "failed", `failed: ${figures2.failed}`)}<text x="95%" y="${TOP + HEIGHT + 16}" text-anchor="middle" class="bad-label">failed</text>`;
  const words = `${count(figures2.requests, "request")}: half within ${time(times2.p50)}, 95 % within ${time(times2.p95)}, 99 % within ${time(times2.p99)}, ${figures2.failed} failed`;
  return markup`<figure class="chart"><figcaption>Response times <small>one bar for each range of times; the highest has ${most}</small></figcaption>
<svg role="img" aria-label="${words}" width="100%" height="${TOP + HEIGHT + 22}"><g>${bars}${failed}</g>
<rect class="base" x="0" y="${TOP + HEIGHT}" width="100%" height="1"/>
${marks.map((mark, index) => markLine(mark, x(placeOf(mark.value)), index))}${edgeLabels(first, bins, x, width)}</svg></figure>`;
}
__name(distribution, "distribution");
function column(x, width, share, kind, title) {
  const height = share === 0 ? 0 : Math.max(2, share * HEIGHT);
  return markup`<rect class="${kind}" x="${figure(x + width * 0.06)}%" y="${figure(TOP + HEIGHT - height)}" width="${figure(width * 0.88)}%" height="${figure(height)}"><title>${title}</title></rect>`;
}
__name(column, "column");
function markLine({ name, value, kind }, x, index) {
  const y = 11 + index % 3 * 14;
  const before = x > 60;
  return markup`<svg x="${figure(x)}%" overflow="visible" class="mark ${kind}"><line x1="0" x2="0" y1="${y - 8}" y2="${TOP + HEIGHT}"/><text x="${before ? -5 : 5}" y="${y}" text-anchor="${before ? "end" : "start"}">${name} ${time(value)}</text></svg>`;
}
__name(markLine, "markLine");
function edgeLabels(first, bins, x, width) {
  const step2 = Math.ceil(bins / 6);
  return Array.from({ length: Math.floor(bins / step2) + 1 }, (_, index) => first + index * step2).map((bin) => {
    const place = x(bin);
    if (width < 100 && place > width - 8) return nothing;
    const anchor = bin === first ? "start" : place > 94 ? "end" : "middle";
    return markup`<text x="${figure(place)}%" y="${TOP + HEIGHT + 16}" text-anchor="${anchor}">${edge(EDGES[bin] ?? 0)}</text>`;
  });
}
__name(edgeLabels, "edgeLabels");
function edge(milliseconds) {
  return milliseconds < 1e3 ? `${milliseconds} ms` : `${milliseconds / 1e3} s`;
}
__name(edge, "edge");
var MOST_BARS = 90;
function buckets({ seconds }) {
  const size = Math.max(1, Math.ceil(seconds.length / MOST_BARS));
  return Array.from({ length: Math.ceil(seconds.length / size) }, (_, index) => {
    const part = seconds.slice(index * size, (index + 1) * size);
    const sum = /* @__PURE__ */ __name((of) => part.reduce((total, second) => total + of(second), 0), "sum");
    return {
      from: index * size,
      seconds: part.length,
      right: sum((second) => second.requests - second.failed),
      failed: sum((second) => second.failed),
      dropped: sum((second) => second.dropped),
      p50: Math.max(...part.map((second) => second.p50)),
      p95: Math.max(...part.map((second) => second.p95))
    };
  });
}
__name(buckets, "buckets");
function overTime(result) {
  const { figures: figures2, rate: rates, plan } = result;
  if (figures2 === null || figures2.requests + figures2.dropped === 0) return nothing;
  const parts = buckets(figures2);
  const perSecond2 = /* @__PURE__ */ __name((value, { seconds }) => value / seconds, "perSecond");
  const most = Math.max(rates.asked, ...parts.map((part) => perSecond2(part.right + part.failed + part.dropped, part))) * 1.05;
  const width = 100 / parts.length;
  const bars = parts.map((part, index) => {
    const title = `second ${part.from + 1}: ${part.right} correct, ${part.failed} failed, ${part.dropped} not sent`;
    return stack(
      index * width,
      width,
      [
        { kind: "right", share: perSecond2(part.right, part) / most },
        { kind: "failed", share: perSecond2(part.failed, part) / most },
        { kind: "dropped", share: perSecond2(part.dropped, part) / most }
      ],
      title
    );
  });
  const asked = LOW * (1 - rates.asked / most);
  const words = `target ${rate(rates.asked)}, achieved ${rate(rates.reached)}; ${percentOf(figures2.failed / Math.max(1, figures2.requests) * 100)} failed, ${figures2.dropped} not sent`;
  return markup`<figure class="chart"><figcaption>Requests, second by second <small>${words}</small></figcaption>
<svg role="img" aria-label="${words}" width="100%" height="${LOW + 22}"><g>${bars}</g><rect class="base" x="0" y="${LOW}" width="100%" height="1"/>
<g class="mark asked"><line x1="0" x2="100%" y1="${figure(asked)}" y2="${figure(asked)}"/></g>${secondLabels(plan.duration, LOW)}</svg></figure>
${timesOverTime(result, parts)}`;
}
__name(overTime, "overTime");
var LOW = 90;
var HEADROOM = 16;
function stack(x, width, parts, title) {
  let top = LOW;
  const rects = parts.filter(({ share }) => share > 0).map(({ kind, share }) => {
    const height = Math.max(1, share * LOW);
    top -= height;
    return markup`<rect class="${kind}" x="${figure(x + width * 0.08)}%" y="${figure(top)}" width="${figure(width * 0.84)}%" height="${figure(height)}"/>`;
  });
  return markup`<g><title>${title}</title>${rects}</g>`;
}
__name(stack, "stack");
function timesOverTime({ plan }, parts) {
  const asked = plan.thresholds.times["p95"];
  const most = Math.max(1, asked ?? 0, ...parts.map(({ p95 }) => p95)) * 1.08;
  const y = /* @__PURE__ */ __name((value) => HEADROOM + LOW * (1 - value / most), "y");
  const line2 = /* @__PURE__ */ __name((of) => parts.map(
    (part, index) => part.right + part.failed === 0 ? "" : `${index === 0 || empty(parts[index - 1]) ? "M" : "L"}${figure((index + 0.5) / parts.length * 1e3)} ${figure(y(of(part)))}`
  ).join(""), "line");
  const dots = parts.filter((part) => !empty(part)).length === 1 ? parts.map(
    (part, index) => empty(part) ? nothing : markup`<circle cx="${figure((index + 0.5) / parts.length * 100)}%" cy="${figure(y(part.p95))}" r="3"/>`
  ) : [];
  const highest = Math.max(0, ...parts.map(({ p95 }) => p95));
  const askedLine = asked === void 0 ? nothing : markup`<g class="mark asked"><line x1="0" x2="100%" y1="${figure(y(asked))}" y2="${figure(y(asked))}"/><text x="2" y="${figure(y(asked) - 5)}">p95 threshold ${time(asked)}</text></g>`;
  return markup`<figure class="chart"><figcaption>Response time, second by second <small>p95 (thick line), at most ${time(highest)}; p50 (thin line)</small></figcaption>
<svg role="img" aria-label="p95 of each second, at most ${time(highest)}" width="100%" height="${HEADROOM + LOW + 22}">
<svg class="lines" width="100%" height="${HEADROOM + LOW}" viewBox="0 0 1000 ${HEADROOM + LOW}" preserveAspectRatio="none"><path class="p50" d="${line2(({ p50 }) => p50)}"/><path class="p95" d="${line2(({ p95 }) => p95)}"/></svg>
<g class="dots">${dots}</g><rect class="base" x="0" y="${HEADROOM + LOW}" width="100%" height="1"/>${askedLine}${secondLabels(plan.duration, HEADROOM + LOW)}</svg></figure>`;
}
__name(timesOverTime, "timesOverTime");
function empty(part) {
  return part === void 0 || part.right + part.failed === 0;
}
__name(empty, "empty");
function secondLabels(duration2, base) {
  const step2 = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600].find((one) => duration2 / one <= 6) ?? 7200;
  return Array.from({ length: Math.floor(duration2 / step2) + 1 }, (_, index) => index * step2).map((second) => {
    const place = second / duration2 * 100;
    const anchor = second === 0 ? "start" : place > 94 ? "end" : "middle";
    return markup`<text x="${figure(place)}%" y="${base + 16}" text-anchor="${anchor}">${second === 0 ? "0" : second % 60 === 0 ? `${second / 60} min` : `${second} s`}</text>`;
  });
}
__name(secondLabels, "secondLabels");

// core/load/html-scenario.ts
function scenarioCard(result) {
  const { plan, reasons, thresholds, failures, checks } = result;
  const failed = reasons.length > 0;
  const failedChecks = checks.filter((check) => check.failed > 0);
  return markup`<article class="card${failed ? " problem" : ""}"><h3>${icon(failed ? "fail" : "pass")} ${plan.name} <small>${rate(result.rate.asked)} for ${duration(plan.duration)}</small></h3>
<p class="requested"><code>${plan.method} ${plan.path}</code></p>
${failed ? markup`<ul class="reasons">${reasons.map(({ code: code2, message }) => markup`<li><code class="code">${code2}</code><p class="said">${clip(message, 2e3)}</p></li>`)}</ul>` : nothing}
${thresholdTable2(thresholds)}
${failedChecks.length === 0 ? nothing : markup`<p class="note">Failed checks: ${failedChecks.map((check) => `${check.name}, ${check.failed} of ${check.judged} answers`).join("; ")}.</p>`}
<div class="pair"><div>${distribution(result)}</div><div>${overTime(result)}</div></div>${legend(result)}
${failures.length === 0 ? nothing : markup`<div class="failures"><h4>Failures</h4><ul>${failures.map(failureItem)}</ul></div>`}</article>`;
}
__name(scenarioCard, "scenarioCard");
function thresholdTable2(thresholds) {
  return markup`<div class="thresholds"><table><thead><tr><th scope="col">figure</th><th scope="col" class="number">threshold</th><th scope="col" class="number">measured</th><th scope="col">verdict</th></tr></thead>
<tbody>${thresholds.map((threshold) => {
    const passed = threshold.verdict.kind === "passed";
    const words = threshold.verdict.kind === "inconclusive" ? `inconclusive: ${threshold.verdict.why}` : threshold.verdict.kind;
    return markup`<tr><th scope="row">${threshold.name}</th><td class="number asked" data-label="threshold">${askedInWords(threshold)}</td><td class="number measured${passed ? "" : " bad-number"}" data-label="measured">${measuredInWords(threshold)}</td><td><span class="chip ${passed ? "passed" : "failed"}">${icon(passed ? "pass" : "fail")}${words}</span></td></tr>`;
  })}</tbody></table></div>`;
}
__name(thresholdTable2, "thresholdTable");
function legend({ figures: figures2 }) {
  if (figures2 === null || figures2.requests + figures2.dropped === 0) return nothing;
  const key = /* @__PURE__ */ __name((kind, words) => markup`<span><svg aria-hidden="true"><rect class="${kind}" x="1" y="1" width="12" height="10"/></svg>${words}</span>`, "key");
  return markup`<div class="legend">${key("right", "correct")}${figures2.failed > 0 ? key("failed", "failed") : nothing}${figures2.dropped > 0 ? key("dropped", "not sent") : nothing}<span><svg aria-hidden="true"><line class="asked" x1="0" x2="14" y1="6" y2="6"/></svg>threshold or target</span></div>`;
}
__name(legend, "legend");
function failureItem(failure2) {
  const first = `first ${time(Math.max(0, failure2.firstAt))} after the warm-up`;
  return markup`<li><strong>${failure2.count} × ${failureInWords(failure2)}</strong> <small class="where">${first}</small>${block("The first such answer", clip(failure2.example ?? "", 1e3))}</li>`;
}
__name(failureItem, "failureItem");

// core/load/html-style.ts
var loadStyle = `
.chart{margin:22px 0 0}
.chart figcaption{font-weight:600;margin-bottom:6px}.chart figcaption small{display:block;font-weight:400;color:var(--soft);font-size:13.5px}
.chart svg{display:block;overflow:visible}
.chart text{fill:var(--soft);font-size:12.5px;font-variant-numeric:tabular-nums}
.chart .base{fill:var(--rule)}
.chart .right{fill:var(--accent)}.chart .failed{fill:url(#hatch-fail);stroke:var(--fail);stroke-width:1}
.chart .dropped{fill:var(--track);stroke:var(--soft);stroke-width:1;stroke-dasharray:3 2}
.chart .bad-label{fill:var(--fail);font-weight:600}
.mark line{stroke:var(--ink);stroke-width:1.5}.mark text{fill:var(--ink);paint-order:stroke;stroke:var(--card);stroke-width:3px;stroke-linejoin:round}
.mark.asked line{stroke:var(--fail);stroke-dasharray:5 4}.mark.asked text{fill:var(--fail)}
.lines path{fill:none;stroke:var(--accent);vector-effect:non-scaling-stroke;stroke-linejoin:round}.lines .p95{stroke-width:2.5}.lines .p50{stroke-width:1;opacity:.8}
.dots circle{fill:var(--accent)}
.pair{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,1fr);gap:0 36px;align-items:start}
.legend{display:flex;flex-wrap:wrap;gap:4px 18px;color:var(--soft);font-size:13.5px;margin-top:14px}
.legend span{display:inline-flex;gap:7px;align-items:center}.legend svg{width:14px;height:12px;flex:none}
.legend .right{fill:var(--accent)}.legend .failed{fill:url(#hatch-fail);stroke:var(--fail)}.legend .dropped{fill:var(--track);stroke:var(--soft);stroke-dasharray:3 2}
.legend .asked{stroke:var(--fail);stroke-width:2;stroke-dasharray:5 4}
.thresholds{margin-top:14px}.thresholds table{max-width:40rem}.thresholds td:last-child,.thresholds th:last-child{text-align:right}
.requested+.reasons>li:first-child{border-top:0}.reasons+.thresholds{margin-top:22px}
.requested{color:var(--soft);overflow-wrap:anywhere;margin-top:2px}
.failures{margin-top:18px}.failures li{padding:8px 0;border-top:1px solid var(--rule)}
.warning{border-left:4px solid var(--skip-bar);background:var(--card)}
.whole{margin-bottom:14px}
@media (max-width:720px){.pair{grid-template-columns:minmax(0,1fr)}.thresholds thead{position:absolute;clip-path:inset(50%);width:1px;height:1px;overflow:hidden}
.thresholds tr{display:grid;grid-template-columns:4.5rem 1fr auto;gap:0 10px;padding:9px 0;border-top:1px solid var(--rule)}.thresholds td,.thresholds tbody th{padding:0;border:0}
.thresholds td[data-label]::before{content:attr(data-label) " ";color:var(--soft);font-size:13px}.thresholds .measured{grid-column:2;grid-row:2;text-align:left}.thresholds .asked{text-align:left}
.thresholds td:last-child{grid-column:1/-1;grid-row:3;text-align:left}.thresholds .chip{white-space:normal}}
`;

// core/load/html.ts
function loadHtml(result) {
  const { target, source, startedAt, plan } = result;
  const line2 = loadVerdictLine(result);
  const origin = target.kind === "image" ? [
    ["image of", markup`<code>${target.name}</code>`],
    ["source", markup`<code>${shortDigest(source ?? "")}</code>`]
  ] : [["address", markup`<code>${target.name}</code>`]];
  return page({
    title: `${line2} \xB7 ${target.name}`,
    header: verdict({ line: line2, passed: isPassed(result), about: [...origin, ["started", markup`${moment(startedAt)}`]] }),
    main: markup`${tiles(result)}${wholeRun(result)}<section id="scenarios"><h2>Scenarios <small>all at the same time</small></h2>${result.scenarios.map(scenarioCard)}
${result.notRun.length === 0 ? nothing : markup`<p class="note"><strong>Not run:</strong> ${result.notRun.join(", ")}.</p>`}
<p class="note">Response times include waiting for a connection and end with the last byte of the answer. A failed request counts as ${time(plan.timeout)}. The requests of the warm-up (${duration(plan.warmUp)}) are not counted.</p></section>${outputs(result)}`,
    footer: markup`Tollgate ${result.tollgateVersion} computed these figures from k6's samples and compared them with k6's own summary. Both are in this folder: load.json and k6-summary.json.`,
    style: loadStyle
  });
}
__name(loadHtml, "loadHtml");
function loadPart(result) {
  const html = markup`<section><h2>Load test <small>all scenarios at the same time</small></h2>${result.scenarios.map(scenarioCard)}
${result.notRun.length === 0 ? nothing : markup`<p class="note"><strong>Not run:</strong> ${result.notRun.join(", ")}.</p>`}</section>`;
  return { html: result.scenarios.length === 0 ? nothing : html, style: loadStyle };
}
__name(loadPart, "loadPart");
function tiles(result) {
  const { cpu: cpu2 } = result.generator;
  const thresholds = thresholdsOf(result);
  const passed = thresholds.filter(({ verdict: verdict2 }) => verdict2.kind === "passed").length;
  const failed = failedOf(result);
  return markup`<dl class="figures">${tile("thresholds passed", `${passed} of ${thresholds.length}`, passed < thresholds.length)}
${tile("requests measured", String(requestsOf(result)), requestsOf(result) === 0)}${tile("failed", String(failed), failed > 0)}
${cpu2 === null ? nothing : markup`${tile("load generator", percentOf(cpu2.mean * 100), cpu2.mean >= 0.8, `of ${cpu2.cores} cores, peak ${percentOf(cpu2.peak * 100)}`)}${tile("machine", percentOf(cpu2.machine * 100), false, "CPU of all processes")}`}</dl>`;
}
__name(tiles, "tiles");
function wholeRun({ reasons, warnings }) {
  if (reasons.length + warnings.length === 0) return nothing;
  const why = reasons.length === 0 ? nothing : markup`<article class="card problem"><h3>${icon("fail")} The whole run</h3><ul class="reasons">${reasons.map(({ code: code2, message }) => markup`<li><code class="code">${code2}</code><p class="said">${clip(message, 2e3)}</p></li>`)}</ul></article>`;
  return markup`<section id="why">${why}${warnings.map((warning) => markup`<p class="card warning"><strong>Warning:</strong> ${warning}.</p>`)}</section>`;
}
__name(wholeRun, "wholeRun");
function outputs({ serviceOutput, generator: generator2 }) {
  const blocks = [
    block("Last output of the service", clip(serviceOutput, 2e4)),
    block("The end of k6's log", clip(generator2.lastLines.join("\n"), 2e4))
  ].filter((one) => one !== nothing);
  return blocks.length === 0 ? nothing : markup`<section id="output"><h2>Output</h2><div class="card">${blocks}</div></section>`;
}
__name(outputs, "outputs");

// core/load/markdown.ts
function loadMarkdown(result) {
  const { target, source, scenarios, reasons, warnings, generator: generator2 } = result;
  const where = target.kind === "image" ? `the image of ${code(target.name)} \xB7 source ${code(shortDigest(source ?? ""))}` : code(target.name);
  const { cpu: cpu2 } = generator2;
  const blocks = [
    `## ${isPassed(result) ? "\u2705" : "\u274C"} ${text(loadVerdictLine(result))}`,
    `Tollgate ${text(result.tollgateVersion)} \xB7 ${where}`,
    ...reasons.map(reasonLine2),
    table(
      scenarioTitles,
      scenarioTitles.map((_, index) => index === 0 || index === scenarioTitles.length - 1 ? "left" : "right"),
      scenarios.map((scenario) => scenarioRow(scenario).map((cell) => text(cell)))
    ),
    table(
      ["scenario", "figure", "threshold", "measured", "verdict"],
      ["left", "left", "right", "right", "left"],
      scenarios.flatMap(thresholdRows)
    ),
    ...scenarios.flatMap(whyBlocks),
    ...warnings.map((warning) => `\u26A0\uFE0F ${text(warning)}`),
    cpu2 === null ? "The load generator did not run." : `Load generator: ${percentOf(cpu2.mean * 100)} of ${cpu2.cores} cores, peak ${percentOf(cpu2.peak * 100)}; CPU of the machine: ${percentOf(cpu2.machine * 100)}.`
  ];
  return `${blocks.join("\n\n")}
`;
}
__name(loadMarkdown, "loadMarkdown");
function thresholdRows({ plan, thresholds }) {
  return thresholds.map((threshold) => {
    const passed = threshold.verdict.kind === "passed";
    return [
      text(plan.name),
      threshold.name,
      askedInWords(threshold),
      measuredInWords(threshold),
      passed ? "passed" : `\u274C **${verdictInWords(threshold)}**`
    ];
  });
}
__name(thresholdRows, "thresholdRows");
function whyBlocks({ plan, reasons, failures }) {
  if (reasons.length === 0) return [];
  const examples = failures.flatMap(
    (failure2) => failure2.example === null ? [] : [`First answer with ${text(failureInWords(failure2))}:`, pre(failure2.example.slice(0, 1e3))]
  );
  return [`### ${text(plan.name)}`, ...reasons.map(reasonLine2), ...examples];
}
__name(whyBlocks, "whyBlocks");
function reasonLine2({ code: name, message }) {
  return `- ${code(name)} ${text(message, 1e3)}`;
}
__name(reasonLine2, "reasonLine");

// core/load/folder.ts
async function loadReport({ result, run: run2 }) {
  const folder = newReport().withNewFile("report.html", loadHtml(result)).withNewFile("load.json", `${JSON.stringify(result, null, 2)}
`).withNewFile("summary.md", loadMarkdown(result));
  return folder.withDirectory(".", run2.files, { include: ["k6-summary.json"] });
}
__name(loadReport, "loadReport");

// core/load/prove.ts
import { createHash } from "node:crypto";

// core/load/plan.ts
function loadPlan(settings, names, where) {
  return {
    ...where,
    warmUp: settings.warmUp,
    timeout: settings.timeout,
    virtualUsers: settings.maxVirtualUsers,
    scenarios: Object.entries(settings.scenarios).filter(([name]) => names.includes(name)).map(([name, scenario]) => plannedScenario(name, scenario))
  };
}
__name(loadPlan, "loadPlan");
function volumeOf(plan) {
  return {
    requests: plan.scenarios.reduce((sum, { rate: rate2, duration: duration2 }) => sum + mostRequests(rate2, plan.warmUp, duration2), 0),
    seconds: plannedSeconds(
      plan.scenarios.map(({ duration: duration2 }) => duration2),
      plan.warmUp
    )
  };
}
__name(volumeOf, "volumeOf");
function plannedScenario(name, scenario) {
  const { method, path, rate: rate2, duration: duration2, status, thresholds } = scenario;
  const { errors, rate: reached, ...times2 } = thresholds;
  return {
    name,
    method,
    path,
    headers: headersOf(scenario),
    body: scenario.json === void 0 ? scenario.body ?? null : JSON.stringify(scenario.json),
    bodyIsJson: scenario.json !== void 0,
    rate: rate2,
    duration: duration2,
    status: status ?? [],
    checks: Object.entries(scenario.checks).map(([check, settings]) => plannedCheck(check, settings)),
    thresholds: {
      times: Object.fromEntries(
        Object.entries(times2).filter((entry) => entry[1] !== void 0)
      ),
      errors,
      rate: reached
    }
  };
}
__name(plannedScenario, "plannedScenario");
function headersOf({ headers, json: json2 }) {
  const typed = Object.keys(headers).some((name) => name.toLowerCase() === "content-type");
  return json2 === void 0 || typed ? headers : { "Content-Type": "application/json", ...headers };
}
__name(headersOf, "headersOf");
function plannedCheck(name, { json: json2, equals, contains, matches }) {
  const place = json2 === void 0 ? null : parsePlace(json2);
  if (contains !== void 0) return { name, place, kind: "contains", value: contains };
  if (matches !== void 0) return { name, place, kind: "matches", value: matches };
  return { name, place, kind: "equals", value: equals ?? null };
}
__name(plannedCheck, "plannedCheck");

// core/load/address.ts
function requireMayBeLoaded(plan, staging, confirm) {
  const { host } = new URL(plan.baseUrl);
  if (staging.includes(plan.baseUrl) || confirm.toLowerCase() === host) return;
  const wrong = confirm === "" ? "" : ` --confirm=${JSON.stringify(confirm)} names another host.`;
  throw new TollgateError(
    "load-not-confirmed",
    [
      `${plan.baseUrl} is not listed in load.staging of tollgate.yaml.${wrong} The load test would send:`,
      "",
      ...announcement(plan).map((line2) => `  ${line2}`)
    ].join("\n"),
    `Nothing was sent. To load it anyway, pass --confirm=${host}. If it is a staging system, add it to load.staging.`
  );
}
__name(requireMayBeLoaded, "requireMayBeLoaded");
function originOf(url) {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed !== null && /^https?:$/.test(parsed.protocol) && parsed.pathname === "/" && parsed.search === "" && parsed.hash === "" && parsed.username === "" && parsed.password === "")
    return parsed.origin;
  throw new TollgateError(
    "load-url",
    "--url is not the address of a service: expected only a scheme, host and port.",
    "Pass, for example, --url=https://staging.shop.example. The paths are in load.scenarios of tollgate.yaml."
  );
}
__name(originOf, "originOf");
function announcement(plan) {
  const { requests, seconds } = volumeOf(plan);
  return [
    `up to ${count(requests, "request")} in ${duration(seconds)}, including ${duration(plan.warmUp)} of warm-up`,
    ...plan.scenarios.map(
      (scenario) => `${scenario.name}: ${scenario.method} ${scenario.path}, ${rate(perSecond(scenario.rate))} for ${duration(scenario.duration)}`
    )
  ];
}
__name(announcement, "announcement");

// core/load/generator.ts
import { readdir, readFile } from "node:fs/promises";
import { dag, ReturnType } from "../sdk/index.ts";

// core/load/k6-summary.ts
var metric = external_exports.object({
  values: external_exports.record(external_exports.string(), external_exports.number().nullable()),
  thresholds: external_exports.record(external_exports.string(), external_exports.object({ ok: external_exports.boolean() })).optional()
});
var summary = external_exports.object({ metrics: external_exports.record(external_exports.string(), metric) });
function readK6Summary(text2, names) {
  if (text2 === null) return { kind: "unusable", why: "k6 wrote no summary" };
  const parsed = summary.safeParse(json(text2));
  if (!parsed.success)
    return { kind: "unusable", why: `k6's summary is invalid: ${parsed.error.issues[0]?.message ?? ""}` };
  const { metrics } = parsed.data;
  const scenarios = {};
  for (const name of names) {
    const of = /* @__PURE__ */ __name((base) => metrics[`${base}{scenario:${name}}`]?.values, "of");
    const times2 = of("tollgate_response_time");
    if (times2 === void 0) return { kind: "unusable", why: `k6's summary does not contain ${name}` };
    const value = /* @__PURE__ */ __name((key) => times2[key] ?? 0, "value");
    scenarios[name] = {
      requests: value("count"),
      failed: of("tollgate_failed")?.["passes"] ?? 0,
      dropped: of("dropped_iterations")?.["count"] ?? 0,
      p50: value("p(50)"),
      p95: value("p(95)"),
      p99: value("p(99)"),
      max: value("max")
    };
  }
  const crossed = Object.entries(metrics).flatMap(
    ([name, { thresholds = {} }]) => Object.entries(thresholds).flatMap(([threshold, { ok }]) => ok ? [] : [`${name}: ${threshold}`])
  );
  return { kind: "read", summary: { scenarios, crossed } };
}
__name(readK6Summary, "readK6Summary");
function json(text2) {
  try {
    return JSON.parse(text2);
  } catch {
    return void 0;
  }
}
__name(json, "json");

// core/load/measurement.ts
var end = external_exports.discriminatedUnion("kind", [
  external_exports.object({ kind: external_exports.literal("exited"), code: external_exports.number().int() }),
  external_exports.object({ kind: external_exports.literal("signalled"), signal: external_exports.string() }),
  external_exports.object({ kind: external_exports.literal("timed-out"), seconds: external_exports.number() }),
  external_exports.object({ kind: external_exports.literal("not-started"), why: external_exports.string() })
]);
var times = external_exports.object({
  min: external_exports.number(),
  mean: external_exports.number(),
  p50: external_exports.number(),
  p90: external_exports.number(),
  p95: external_exports.number(),
  p99: external_exports.number(),
  max: external_exports.number()
});
var failure = external_exports.object({
  kind: external_exports.enum(["timeout", "connection", "status", "check"]),
  detail: external_exports.string(),
  count: external_exports.number().int(),
  firstAt: external_exports.number()
});
var figures = external_exports.object({
  requests: external_exports.number().int(),
  failed: external_exports.number().int(),
  dropped: external_exports.number().int(),
  times: times.nullable(),
  failures: external_exports.array(failure),
  failedChecks: external_exports.record(external_exports.string(), external_exports.number().int()),
  seconds: external_exports.array(
    external_exports.object({
      requests: external_exports.number().int(),
      failed: external_exports.number().int(),
      dropped: external_exports.number().int(),
      p50: external_exports.number(),
      p95: external_exports.number()
    })
  ),
  histogram: external_exports.array(external_exports.object({ from: external_exports.number(), to: external_exports.number(), count: external_exports.number().int() })),
  late: external_exports.object({ p95: external_exports.number(), max: external_exports.number() }),
  startedAt: external_exports.number().nullable()
});
var cpu = external_exports.object({ cores: external_exports.number().int(), mean: external_exports.number(), peak: external_exports.number(), machine: external_exports.number() });
var run = external_exports.object({
  end,
  seconds: external_exports.number(),
  /** null when k6 ended too early. */
  cpu: cpu.nullable(),
  scenarios: external_exports.record(external_exports.string(), figures),
  examples: external_exports.array(
    external_exports.object({ scenario: external_exports.string(), kind: external_exports.string(), detail: external_exports.string(), at: external_exports.number(), said: external_exports.string() })
  ),
  errors: external_exports.array(external_exports.string()),
  lastLines: external_exports.array(external_exports.string())
});
var measurement = external_exports.object({
  startedAt: external_exports.string(),
  /** Why the service could not be reached, in which case k6 was not started; null when it could. */
  unreachable: external_exports.string().nullable(),
  run: run.nullable(),
  /** State of a service started for this test, from its supervisor: whether it exited, and its last output. */
  service: external_exports.object({ end: external_exports.object({ code: external_exports.number().int(), at: external_exports.number() }).nullable(), output: external_exports.string() }).nullable()
});

// core/load/generator.ts
var K6_IMAGE = "grafana/k6:1.3.0";
var NODE_IMAGE = "node:24-bookworm-slim";
var TOOLS = "/opt/tollgate";
var OUT = "/tollgate/load";
var CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt";
var SOURCES = [
  "load/bins.ts",
  "load/generator/",
  "secrets/plain-form.ts",
  "secrets/redact.ts",
  "shared/percentile.ts"
];
var GRACE = 60;
async function generateLoad({ plan, service, secrets, client, grace = GRACE }) {
  const { seconds } = volumeOf(plan);
  const limit = seconds + Math.ceil(plan.timeout / 1e3) + grace;
  const job = { plan, service, limit };
  let container = client(await generator());
  for (const [name, value] of secrets) container = container.withSecretVariable(`TOLLGATE_SECRET_${name}`, value);
  const finished = container.withNewFile(`${TOOLS}/job.json`, JSON.stringify(job)).withEnvVariable("TOLLGATE_RUN", plan.run).withDirectory(OUT, dag.directory()).withExec(["node", "--disable-warning=ExperimentalWarning", `${TOOLS}/load/generator/main.mjs`, TOOLS, OUT], {
    expect: ReturnType.Any
  });
  const code2 = await codeOf(finished);
  if (typeof code2 === "string") return withoutMeasurement(code2);
  if (code2 !== 0)
    return withoutMeasurement(
      `the load generator's container exited ${code2}: ${(await finished.stderr()).trim().split("\n").at(-1) ?? ""}`
    );
  const files = finished.directory(OUT);
  const names = await files.entries();
  const [measured, summary2] = await Promise.all([
    files.file("measurement.json").contents(),
    names.includes("k6-summary.json") ? files.file("k6-summary.json").contents() : null
  ]);
  return {
    measurement: readMeasurement(measured),
    k6: readK6Summary(
      summary2,
      plan.scenarios.map(({ name }) => name)
    ),
    files
  };
}
__name(generateLoad, "generateLoad");
function withoutMeasurement(lost) {
  return { measurement: { lost }, k6: { kind: "unusable", why: "k6 wrote no summary" }, files: dag.directory() };
}
__name(withoutMeasurement, "withoutMeasurement");
async function codeOf(container) {
  try {
    return await container.exitCode();
  } catch (error) {
    const ended = /bound service \S+ \(aliased as (\S+)\) exited: ([^[\n]*)/.exec(
      error instanceof Error ? error.message : ""
    );
    if (ended === null) throw error;
    return `the service ${ended[1]} exited under the load (${ended[2]?.trim()}), which stopped the load generator`;
  }
}
__name(codeOf, "codeOf");
function readMeasurement(text2) {
  const parsed = measurement.safeParse(JSON.parse(text2));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  return { lost: `measurement.json is invalid: ${issue?.path.join(".")}: ${issue?.message}` };
}
__name(readMeasurement, "readMeasurement");
async function generator(image = K6_IMAGE) {
  const k6 = dag.container().from(image);
  await available(image, k6);
  const tools = await sources();
  return dag.container().from(NODE_IMAGE).withFile("/usr/local/bin/k6", k6.file("/usr/bin/k6"), { permissions: 493 }).withFile(CERTIFICATES, k6.file(CERTIFICATES)).withDirectory(TOOLS, tools);
}
__name(generator, "generator");
async function available(image, container) {
  try {
    await container.sync();
  } catch (error) {
    throw new TollgateError(
      "k6-missing",
      `Could not pull the load generator's image ${image}: ${error instanceof Error ? error.message : String(error)}`,
      "On the engine without Docker, run `npx tollgate engine up --with=k6` to build it. Otherwise check that the engine can reach the registry. Nothing was sent."
    );
  }
}
__name(available, "available");
async function sources() {
  let directory = dag.directory();
  for (const path of await sourceFiles())
    directory = directory.withNewFile(path, await readFile(new URL(`../${path}`, new URL("../core/load/generator.ts", import.meta.url).href), "utf8"));
  return directory;
}
__name(sources, "sources");
async function sourceFiles() {
  const listed = await Promise.all(
    SOURCES.map(
      async (path) => path.endsWith("/") ? (await readdir(new URL(`../${path}`, new URL("../core/load/generator.ts", import.meta.url).href))).map((name) => path + name) : [path]
    )
  );
  return listed.flat().sort();
}
__name(sourceFiles, "sourceFiles");

// core/load/judge.ts
var THRESHOLDS_CROSSED = 99;
var EXIT_CODES = {
  100: "setup timed out",
  101: "teardown timed out",
  102: "timed out",
  103: "stopped through its API",
  104: "invalid options",
  105: "stopped from outside",
  107: "the script threw an error",
  108: "the script aborted",
  109: "crashed"
};
var SATURATED = 0.8;
var BUSY = 0.95;
var LATE = 100;
function judgeLoad(plan, measurement2, k6) {
  if ("lost" in measurement2)
    return withoutFigures(plan, {
      code: "no-measurement",
      scenario: null,
      message: `no measurement: ${measurement2.lost}`
    });
  const { unreachable, run: run2 } = measurement2;
  if (unreachable !== null || run2 === null)
    return withoutFigures(plan, {
      code: "unreachable",
      scenario: null,
      message: `could not reach the service: ${unreachable ?? "k6 was not started"}; k6 was not started`
    });
  const scenarios = plan.scenarios.map((scenario) => judgeScenario(plan, scenario, run2));
  const broke = whyGeneratorFailed(run2, k6);
  return {
    scenarios,
    reasons: [
      ...endOfService(measurement2, scenarios),
      ...broke === null ? disagreements(scenarios, run2.end, k6) : [{ code: "generator-broke", scenario: null, message: broke }]
    ],
    warnings: warningsOf(run2)
  };
}
__name(judgeLoad, "judgeLoad");
function withoutFigures(plan, reason) {
  const scenarios = plan.scenarios.map(
    (scenario) => ({
      plan: scenario,
      figures: null,
      rate: { asked: perSecond(scenario.rate), reached: 0 },
      checks: [],
      failures: [],
      thresholds: thresholdsOf2(scenario, null),
      reasons: []
    })
  );
  return { scenarios, reasons: [reason], warnings: [] };
}
__name(withoutFigures, "withoutFigures");
function judgeScenario(plan, scenario, run2) {
  const figures2 = run2.scenarios[scenario.name] ?? null;
  const { name } = scenario;
  const failures = (figures2?.failures ?? []).map((failure2) => {
    const example = run2.examples.find(
      (one) => one.scenario === name && one.kind === failure2.kind && one.detail === failure2.detail
    );
    return { ...failure2, example: example?.said ?? null };
  });
  const thresholds = thresholdsOf2(scenario, figures2);
  const result = {
    plan: scenario,
    figures: figures2,
    rate: {
      asked: perSecond(scenario.rate),
      reached: Math.min(perSecond(scenario.rate), (figures2?.requests ?? 0) / scenario.duration)
    },
    checks: checksOf(scenario, figures2),
    failures,
    thresholds
  };
  const nothing2 = figures2 === null || figures2.requests === 0 ? [{ code: "nothing-measured", scenario: name, message: "no request was measured" }] : [];
  const missed = thresholds.flatMap((threshold) => reasonFor(plan, result, threshold));
  return {
    ...result,
    reasons: [...nothing2, ...missed.filter(({ code: code2 }) => nothing2.length === 0 || code2 === "rate-not-reached")]
  };
}
__name(judgeScenario, "judgeScenario");
function thresholdsOf2(scenario, figures2) {
  const { times: times2, errors, rate: rate2 } = scenario.thresholds;
  const requests = figures2?.requests ?? 0;
  const judged = /* @__PURE__ */ __name((name, unit, asked, measured, least, passes) => ({
    name,
    unit,
    asked,
    measured,
    requests,
    verdict: measured === null || requests < least ? { kind: "inconclusive", why: `${requests} of ${least} required requests` } : { kind: passes(measured) ? "passed" : "failed" }
  }), "judged");
  const planned = plannedRequests(scenario.rate, scenario.duration);
  const timesMeasured = new Map(Object.entries(figures2?.times ?? {}));
  return [
    // errors come first, because they explain slow percentiles
    judged(
      "errors",
      "%",
      errors,
      figures2 === null || requests === 0 ? null : figures2.failed / requests * 100,
      1,
      (measured) => measured <= errors
    ),
    ...Object.entries(times2).map(
      ([name, asked]) => judged(
        name,
        "ms",
        asked,
        timesMeasured.get(name) ?? null,
        name === "max" ? 1 : leastRequests(Number(name.slice(1))),
        (measured) => measured <= asked
      )
    ),
    judged(
      "rate",
      "%",
      rate2,
      figures2 === null ? null : Math.min(100, requests / planned * 100),
      0,
      (measured) => measured >= rate2
    )
  ];
}
__name(thresholdsOf2, "thresholdsOf");
function reasonFor(plan, result, threshold) {
  const { name: scenario } = result.plan;
  const { name, asked, measured, requests, verdict: verdict2 } = threshold;
  switch (verdict2.kind) {
    case "passed":
      return [];
    case "inconclusive":
      return [{ code: "too-few-requests", scenario, message: `${name} is inconclusive: ${verdict2.why} were measured` }];
    case "failed":
      if (name === "rate") return [{ code: "rate-not-reached", scenario, message: rateInWords(plan, result) }];
      if (name === "errors") {
        const failed = result.figures?.failed ?? 0;
        const kinds = result.failures.slice(0, 3).map((failure2) => `${failure2.count} \xD7 ${failureInWords(failure2)}`);
        return [
          {
            code: "threshold-broken",
            scenario,
            message: `errors ${percentOf(measured ?? 0)} (${failed} of ${requests}), threshold ${asked} %: ${kinds.join(", ")}`
          }
        ];
      }
      return [
        {
          code: "threshold-broken",
          scenario,
          message: `${name} ${time(measured ?? 0)}, threshold ${time(asked)} (${requests} requests${slowBecauseFailed(plan, result, measured ?? 0)})`
        }
      ];
  }
}
__name(reasonFor, "reasonFor");
function slowBecauseFailed(plan, { figures: figures2 }, measured) {
  return measured >= plan.timeout && figures2 !== null && figures2.failed > 0 ? `; a failed request counts as ${time(plan.timeout)}` : "";
}
__name(slowBecauseFailed, "slowBecauseFailed");
function rateInWords(plan, { rate: rate2, figures: figures2 }) {
  const dropped = figures2?.dropped ?? 0;
  const why = dropped > 0 ? `; ${dropped} requests were not sent, because all ${plan.virtualUsers} virtual users were waiting for answers` : "";
  return `target ${rate(rate2.asked)}, achieved ${rate(rate2.reached)}${why}`;
}
__name(rateInWords, "rateInWords");
function checksOf(scenario, figures2) {
  if (figures2 === null) return [];
  const unread = figures2.failures.filter(({ kind }) => kind !== "check").reduce((sum, { count: count2 }) => sum + count2, 0);
  return scenario.checks.map(({ name }) => ({
    name,
    judged: figures2.requests - unread,
    failed: figures2.failedChecks[name] ?? 0
  }));
}
__name(checksOf, "checksOf");
function endOfService({ service }, scenarios) {
  const end2 = service?.end ?? null;
  if (end2 === null) return [];
  const starts = scenarios.flatMap(({ figures: figures2 }) => figures2?.startedAt ?? []);
  const after = (end2.at - Math.min(...starts)) / 1e3;
  const when = starts.length === 0 || after < 0 ? "during the warm-up" : `${after.toFixed(1)} s after the warm-up`;
  return [{ code: "service-ended", scenario: null, message: `the service exited ${end2.code} ${when}` }];
}
__name(endOfService, "endOfService");
function whyGeneratorFailed({ end: end2, errors, lastLines }, k6) {
  const said = errors[0] ?? lastLines.at(-1);
  const words = said === void 0 ? "" : `: ${said}`;
  switch (end2.kind) {
    case "not-started":
      return `k6 could not be started: ${end2.why}`;
    case "signalled":
      return `k6 was killed by ${end2.signal}${words}`;
    case "timed-out":
      return `k6 did not finish within ${end2.seconds} s and was killed`;
    case "exited":
      if (end2.code !== 0 && end2.code !== THRESHOLDS_CROSSED)
        return `k6 exited ${end2.code}${EXIT_CODES[end2.code] === void 0 ? "" : ` (${EXIT_CODES[end2.code]})`}${words}`;
  }
  if (errors.length > 0) return `k6 exited ${end2.code}, but its log has errors: ${errors[0]}`;
  return k6.kind === "unusable" ? k6.why : null;
}
__name(whyGeneratorFailed, "whyGeneratorFailed");
function disagreements(scenarios, end2, k6) {
  if (k6.kind === "unusable") return [];
  const reasons = scenarios.flatMap(({ plan, figures: figures2 }) => {
    const theirs = k6.summary.scenarios[plan.name];
    if (figures2 === null || theirs === void 0) return [];
    const pairs = [
      ["requests", figures2.requests, theirs.requests],
      ["failed requests", figures2.failed, theirs.failed],
      ["dropped requests", figures2.dropped, theirs.dropped],
      ...["p50", "p95", "p99", "max"].map((key) => [
        key,
        figures2.times?.[key] ?? 0,
        theirs[key]
      ])
    ];
    const apart = pairs.find(([, one, other]) => Math.abs(one - other) > 1e-3);
    return apart === void 0 ? [] : [
      {
        code: "figures-disagree",
        scenario: plan.name,
        message: `${apart[0]}: ${apart[2]} in k6's summary, ${apart[1]} in its samples`
      }
    ];
  });
  const failed = scenarios.some(
    ({ thresholds }) => thresholds.some(({ name, verdict: verdict2 }) => name !== "rate" && verdict2.kind === "failed")
  );
  const inconclusive = scenarios.some(
    ({ thresholds }) => thresholds.some(({ verdict: verdict2 }) => verdict2.kind === "inconclusive")
  );
  const crossed = end2.kind === "exited" && end2.code === THRESHOLDS_CROSSED;
  if (crossed && !failed && !inconclusive) {
    const which = k6.summary.crossed.join(", ") || "a threshold";
    reasons.push({
      code: "figures-disagree",
      scenario: null,
      message: `k6 reports ${which} as crossed, but its samples do not show it`
    });
  }
  if (!crossed && failed)
    reasons.push({
      code: "figures-disagree",
      scenario: null,
      message: "k6 reports no crossed threshold, but its samples show one"
    });
  return reasons;
}
__name(disagreements, "disagreements");
function warningsOf({ cpu: cpu2, scenarios }) {
  const late = Object.values(scenarios).filter((figures2) => figures2.late.p95 > LATE);
  const lateWords = late.length === 0 ? [] : [
    `requests were sent up to ${time(Math.max(...late.map((figures2) => figures2.late.max)))} late and in bursts: the load generator could not keep up`
  ];
  return [...cpuWarnings(cpu2), ...lateWords];
}
__name(warningsOf, "warningsOf");
function cpuWarnings(cpu2) {
  if (cpu2 === null)
    return ["the load generator's CPU usage could not be measured: the figures may describe it instead of the service"];
  if (cpu2.mean >= SATURATED)
    return [
      `the load generator used ${percentOf(cpu2.mean * 100)} of its ${cpu2.cores} cores: the figures describe it rather than the service`
    ];
  if (cpu2.machine >= BUSY)
    return [`the machine's CPU was ${percentOf(cpu2.machine * 100)} busy: response times include waiting for CPU`];
  return [];
}
__name(cpuWarnings, "cpuWarnings");

// core/load/prove.ts
var BEFORE_TIMEOUT = 600;
async function proveLoad(source, request) {
  const settings = await readSettings(source);
  const { load } = settings;
  if (load === void 0)
    throw new TollgateError(
      "load-missing",
      "tollgate.yaml has no section `load`.",
      "Add one: docs/load.md has a minimal example."
    );
  const names = chosenNames("scenario", Object.keys(load.scenarios), request.scenarios);
  const baseUrl = request.url === "" ? `http://${APP_HOST}:${settings.image.port}` : originOf(request.url);
  const plan = loadPlan(load, names, { baseUrl, run: request.run });
  if (request.url !== "") requireMayBeLoaded(plan, load.staging, request.confirm);
  const secrets = await readSecrets(request.secrets, load.secrets, "load.secrets");
  return namingNoSpace("the engine's disk", async () => {
    const { target, digest, ...traffic } = request.url === "" ? await builtImage(source, settings, load, request) : deployed(baseUrl, request.client);
    const { requests, seconds } = volumeOf(plan);
    const run2 = await step(
      `load ${target.name}: up to ${count(requests, "request")} in ${duration(seconds)}`,
      () => generateLoad({ plan, secrets, ...traffic }),
      (run3) => outline(resultOf(plan, target, digest, load, run3))
    );
    return { result: resultOf(plan, target, digest, load, run2), run: run2 };
  });
}
__name(proveLoad, "proveLoad");
async function builtImage(source, settings, load, { run: run2, secrets: bundle }) {
  const { image } = settings;
  const [app, secrets] = await Promise.all([appFolder(source, settings), readBuildSecrets(bundle, image.buildSecrets)]);
  const [digest, built] = await Promise.all([
    app.digest(),
    step("build the image", () => buildImage(settings, app, noStamp, secrets))
  ]);
  const underLoad = {
    ...settings,
    image: { ...image, env: { ...image.env, ...load.env }, before: [...image.before, ...load.before] }
  };
  const cacheKey = createHash("sha256").update(digest).update(JSON.stringify(settings)).update(run2).digest("hex");
  const running = await runningApp(built.withoutDockerHealthcheck(), underLoad, `load ${cacheKey}`);
  return {
    target: { kind: "image", name: settings.app.path },
    digest,
    service: {
      healthPath: image.health,
      startTimeout: image.startTimeout,
      beforeTimeout: BEFORE_TIMEOUT,
      statePort: STATE_PORT
    },
    client: /* @__PURE__ */ __name((container) => running.client(container), "client")
  };
}
__name(builtImage, "builtImage");
function deployed(baseUrl, client) {
  return {
    target: { kind: "url", name: baseUrl },
    digest: null,
    service: null,
    client: client ?? ((container) => container)
  };
}
__name(deployed, "deployed");
function resultOf(plan, target, source, load, { measurement: measurement2, k6 }) {
  const measured = "lost" in measurement2 ? null : measurement2;
  const run2 = measured?.run ?? null;
  return {
    tollgateVersion: version,
    target,
    source,
    run: plan.run,
    startedAt: measured?.startedAt ?? (/* @__PURE__ */ new Date()).toISOString(),
    plan,
    volume: volumeOf(plan),
    notRun: Object.keys(load.scenarios).filter((name) => plan.scenarios.every((scenario) => scenario.name !== name)),
    serviceOutput: measured?.service?.output ?? "",
    generator: {
      end: run2?.end ?? null,
      seconds: run2?.seconds ?? 0,
      cpu: run2?.cpu ?? null,
      lastLines: run2?.lastLines ?? []
    },
    ...judgeLoad(plan, measurement2, k6)
  };
}
__name(resultOf, "resultOf");
function outline(result) {
  if (isPassed(result)) return "passed";
  return `FAILED, ${count(reasonsOf(result).length, "reason")}`;
}
__name(outline, "outline");

export {
  isPassed,
  reasonsOf,
  loadVerdictLine,
  loadScreen,
  loadPart,
  loadMarkdown,
  loadReport,
  proveLoad
};
