import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  coverageReports,
  failedSuites,
  isPattern,
  isProven,
  listedFiles,
  place,
  problemsOutsideSuites,
  suiteEvidence,
  testsOf,
  verdictLine
} from "./shared.core.qa.combine.mjs";
import {
  bar,
  block,
  code,
  details,
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
  clip,
  oneLine
} from "./shared.core.presentation.columns.mjs";
import {
  count,
  duration,
  lineRanges,
  moment,
  percent,
  shortDigest,
  threshold
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

// core/report/cases.ts
function casesOf(suite2) {
  const ids = new Set(suite2.tests.map((test) => test.id));
  const onTests = /* @__PURE__ */ new Map();
  const loose = [];
  for (const reason2 of suite2.verdict.kind === "failed" ? suite2.verdict.reasons : []) {
    if (reason2.test !== null && ids.has(reason2.test)) {
      onTests.set(reason2.test, [...onTests.get(reason2.test) ?? [], reason2]);
    } else {
      loose.push(reason2);
    }
  }
  for (const test of suite2.tests)
    if (statusOf(test, []) === "failed" || statusOf(test, []) === "error") onTests.delete(test.id);
  return [
    ...loose.map((reason2) => reasonCase(suite2, reason2)),
    ...suite2.tests.map((test) => testCase(suite2.suite, test, onTests.get(test.id) ?? []))
  ];
}
__name(casesOf, "casesOf");
function isFailed(one) {
  return one.status === "failed" || one.status === "error";
}
__name(isFailed, "isFailed");
function testCase(suite2, test, reasons) {
  const status = statusOf(test, reasons);
  return {
    suite: suite2,
    test,
    code: null,
    ...nameParts(test.id),
    file: test.file,
    line: test.line,
    seconds: test.seconds,
    status,
    message: status === "skipped" ? skipMessage(test) : failureMessage(status, test, reasons),
    traceback: test.problems.map((problem) => underPhase(test, problem)).join("\n\n"),
    output: test.output
  };
}
__name(testCase, "testCase");
function statusOf(test, reasons) {
  if (test.problems.some((problem) => problem.phase === "call")) return "failed";
  if (test.problems.length > 0) return "error";
  if (test.outcome === "failed" || reasons.length > 0) return "failed";
  return test.outcome === "skipped" || test.outcome === "xfailed" ? "skipped" : "passed";
}
__name(statusOf, "statusOf");
function skipMessage(test) {
  const reason2 = test.skipReason ?? "";
  if (test.outcome === "xfailed") return reason2 === "" ? "failed, as expected" : `failed, as expected: ${reason2}`;
  return reason2;
}
__name(skipMessage, "skipMessage");
function failureMessage(status, test, reasons) {
  if (status === "passed") return "";
  const first = test.problems.find((problem) => problem.phase === "call") ?? test.problems[0];
  return first?.message ?? (reasons.map((reason2) => reason2.message).join("\n") || "failed without a message");
}
__name(failureMessage, "failureMessage");
function underPhase(test, problem) {
  const text2 = problem.traceback === "" ? problem.message : problem.traceback;
  return test.problems.length === 1 && problem.phase === "call" ? text2 : `${problem.phase}:
${text2}`;
}
__name(underPhase, "underPhase");
function reasonCase(suite2, reason2) {
  const about = reason2.test ?? reason2.file;
  return {
    suite: suite2.suite,
    test: null,
    code: reason2.code,
    group: `tollgate.${suite2.suite}`,
    name: about === null ? reason2.code : `${reason2.code}: ${about}`,
    file: reason2.file,
    line: reason2.line,
    seconds: 0,
    status: "error",
    message: reason2.message,
    traceback: tracebackOf(suite2, reason2),
    output: ""
  };
}
__name(reasonCase, "reasonCase");
function tracebackOf(suite2, reason2) {
  const processes = suite2.evidence?.processes ?? [];
  const errors = processes.flatMap((one) => {
    if (reason2.code === "collection-error") return one.collectionErrors.filter((error) => error.file === reason2.file);
    return reason2.code === "internal-error" ? one.internalErrors : [];
  });
  return [...new Set(errors.map((error) => error.traceback))].join("\n\n");
}
__name(tracebackOf, "tracebackOf");
function nameParts(id) {
  const bracket = id.indexOf("[");
  const parameters = bracket === -1 ? "" : id.slice(bracket);
  const parts = (bracket === -1 ? id : id.slice(0, bracket)).split("::");
  const [file = "", ...names] = parts;
  const name = names.pop();
  if (name === void 0) return { group: "", name: id };
  const module = file.replace(/\.py$/, "").replaceAll("/", ".");
  return { group: [module, ...names].join("."), name: name + parameters };
}
__name(nameParts, "nameParts");

// core/report/evidence-file.ts
var EVIDENCE = "evidence.json";
var reasonCodes = {
  "no-evidence": true,
  "runner-missing": true,
  "runner-ended-early": true,
  "before-failed": true,
  "timed-out": true,
  "file-missing": true,
  "file-not-collected": true,
  "file-empty": true,
  "collection-error": true,
  "all-skipped": true,
  "test-failed": true,
  "setup-failed": true,
  "teardown-failed": true,
  "returned-value": true,
  "unhandled-exception": true,
  "expected-failure": true,
  "too-many-skipped": true,
  "assertions-off": true,
  "canary-failed": true,
  "recorder-changed": true,
  "forged-record": true,
  deselected: true,
  "removed-from-collection": true,
  "not-run": true,
  "record-not-closed": true,
  "internal-error": true,
  "exit-status": true
};
var reason = external_exports.object({
  code: external_exports.string().describe(`Stable, for scripts. Now one of: ${Object.keys(reasonCodes).join(", ")}.`),
  suite: external_exports.string(),
  file: external_exports.string().nullable().describe("Relative to the app's folder."),
  line: external_exports.number().int().nullable(),
  test: external_exports.string().nullable().describe("pytest's id of the test."),
  message: external_exports.string()
});
var suite = external_exports.object({
  suite: external_exports.string(),
  verdict: external_exports.enum(["passed", "failed"]),
  reasons: external_exports.array(reason).describe("Why the suite failed; empty when it passed."),
  counts: external_exports.object({
    tests: external_exports.number().int(),
    passed: external_exports.number().int(),
    failed: external_exports.number().int(),
    skipped: external_exports.number().int()
  }),
  seconds: external_exports.number(),
  disagreement: external_exports.string().nullable().describe("How the runner's exit code contradicts the evidence; null when it does not."),
  cached: external_exports.boolean().describe("The evidence is from an earlier run on the same source."),
  evidence: suiteEvidence.nullable().describe("null when the suite's container left no evidence.")
});
var coverage = external_exports.object({
  verdict: external_exports.enum(["passed", "failed", "skipped", "inconclusive"]).describe(
    "failed: below the threshold, or no figure. skipped: tollgate.yaml sets no threshold. inconclusive: only some suites ran."
  ),
  percent: external_exports.number().nullable(),
  threshold: external_exports.number().nullable(),
  why: external_exports.string().nullable().describe("Why there is no figure; null when there is one."),
  files: external_exports.array(
    external_exports.object({
      file: external_exports.string(),
      statements: external_exports.number().int(),
      covered: external_exports.number().int(),
      percent: external_exports.number(),
      missingLines: external_exports.array(external_exports.number().int())
    })
  )
});
var evidenceDocument = external_exports.object({
  format: external_exports.literal(2),
  tollgate: external_exports.string().describe("Version of Tollgate that gathered the evidence."),
  app: external_exports.string().describe("The app's folder inside the source."),
  source: external_exports.string().describe("Digest of the app's files that the suites ran on."),
  dependencies: external_exports.string().describe("What was found that says what to install, and how it was installed."),
  startedAt: external_exports.string().describe("Start of the oldest evidence, ISO 8601."),
  seconds: external_exports.number(),
  verdict: external_exports.enum(["passed", "failed"]),
  verdictInWords: external_exports.string(),
  suites: external_exports.array(suite),
  notRun: external_exports.array(external_exports.string()).describe("Suites of tollgate.yaml that this run did not select."),
  unlisted: external_exports.array(external_exports.string()).describe("Test files of the app that no suite of tollgate.yaml lists."),
  coverage
});
function evidenceFile(result) {
  return `${JSON.stringify(document(result), null, 2)}
`;
}
__name(evidenceFile, "evidenceFile");
function document(result) {
  return {
    format: 2,
    tollgate: result.tollgateVersion,
    app: result.app,
    source: result.source,
    dependencies: result.dependencies,
    startedAt: result.startedAt,
    seconds: result.seconds,
    verdict: isProven(result) ? "passed" : "failed",
    verdictInWords: verdictLine(result),
    suites: result.suites.map(suiteEntry),
    notRun: result.notRun,
    unlisted: result.unlisted,
    coverage: coverageEntry(result.coverage)
  };
}
__name(document, "document");
function suiteEntry(one) {
  return {
    suite: one.suite,
    verdict: one.verdict.kind === "passed" ? "passed" : "failed",
    reasons: one.verdict.kind === "failed" ? one.verdict.reasons : [],
    counts: one.counts,
    seconds: one.seconds,
    disagreement: one.disagreement,
    cached: one.cached,
    evidence: one.evidence
  };
}
__name(suiteEntry, "suiteEntry");
var COVERAGE_VERDICTS = { passed: "passed", below: "failed", partial: "inconclusive" };
function coverageEntry(verdict2) {
  const none = { percent: null, threshold: null, why: null, files: [] };
  switch (verdict2.kind) {
    case "not-asked":
      return { ...none, verdict: "skipped" };
    case "missing":
      return { ...none, verdict: "failed", threshold: verdict2.threshold, why: verdict2.why };
    default: {
      const { kind, percent: percent2, threshold: threshold2, files } = verdict2;
      return { verdict: COVERAGE_VERDICTS[kind], percent: percent2, threshold: threshold2, why: null, files };
    }
  }
}
__name(coverageEntry, "coverageEntry");

// core/report/ctrf.ts
function ctrf(result) {
  const tests = [
    ...outsideSuites(result),
    ...result.suites.flatMap((suite2) => casesOf(suite2).map((one) => ctrfTest(one)))
  ];
  const start = milliseconds(result.startedAt);
  const pytest = firstPytest(result.suites);
  const document2 = {
    reportFormat: "CTRF",
    specVersion: "0.0.0",
    generatedBy: `tollgate ${plainText(result.tollgateVersion)}`,
    results: {
      tool: { name: "pytest", ...pytest === void 0 ? {} : { version: plainText(pytest) } },
      summary: {
        tests: tests.length,
        passed: tests.filter((test) => test.status === "passed").length,
        failed: tests.filter((test) => test.status === "failed").length,
        skipped: tests.filter((test) => test.status === "skipped").length,
        pending: 0,
        other: 0,
        flaky: tests.filter((test) => test.flaky === true).length,
        suites: result.suites.length,
        start,
        stop: start + Math.round(result.seconds * 1e3),
        duration: Math.round(result.seconds * 1e3)
      },
      tests,
      environment: { appName: plainText(result.app), extra: { source: plainText(result.source) } }
    }
  };
  return `${JSON.stringify(document2, null, 2)}
`;
}
__name(ctrf, "ctrf");
function ctrfTest(one) {
  const { test } = one;
  return {
    name: oneLine(one.name) || "(no name)",
    status: isFailed(one) ? "failed" : one.status === "skipped" ? "skipped" : "passed",
    duration: Math.round(one.seconds * 1e3),
    suite: [one.suite, ...one.group === "" ? [] : [one.group]].map(oneLine),
    ...test === null ? {} : { testId: oneLine(`${one.suite}/${test.id}`), rawStatus: test.outcome },
    ...test === null || test.reruns === 0 ? {} : { retries: test.reruns, flaky: !isFailed(one) },
    ...one.message === "" ? {} : { message: clip(one.message, longest, EVIDENCE) },
    ...one.traceback === "" ? {} : { trace: clip(one.traceback, longest, EVIDENCE) },
    ...one.file === null ? {} : { filePath: plainText(one.file) },
    ...one.line === null ? {} : { line: one.line },
    ...one.output === "" ? {} : { stdout: clip(one.output, longest, EVIDENCE).split("\n") }
  };
}
__name(ctrfTest, "ctrfTest");
var longest = 1e5;
function outsideSuites(result) {
  return problemsOutsideSuites(result).map(({ code: code2, message }) => ({
    name: code2,
    status: "failed",
    duration: 0,
    suite: ["tollgate"],
    message
  }));
}
__name(outsideSuites, "outsideSuites");
function firstPytest(suites) {
  return suites.flatMap((suite2) => suite2.evidence?.processes ?? [])[0]?.pytest;
}
__name(firstPytest, "firstPytest");
function milliseconds(iso) {
  const time2 = Date.parse(iso);
  return Number.isNaN(time2) ? 0 : time2;
}
__name(milliseconds, "milliseconds");

// core/report/html-coverage.ts
function coverageSection(coverage3) {
  if (coverage3.kind === "not-asked" || coverage3.kind === "missing") return nothing;
  const files = [...coverage3.files].sort(
    (a, b) => a.percent - b.percent || b.missingLines.length - a.missingLines.length
  );
  const open = files.filter((file) => file.percent < 100);
  const full = files.filter((file) => file.percent >= 100);
  const asked = threshold(coverage3.threshold);
  const sentence2 = {
    passed: markup`<strong>${percent(coverage3.percent)}</strong> of statements covered; threshold ${asked}.`,
    below: markup`<strong class="bad-number">${percent(coverage3.percent)}</strong> of statements covered; threshold ${asked}.`,
    partial: markup`<strong>${percent(coverage3.percent)}</strong> so far; the threshold of ${asked} applies to all suites together.`
  }[coverage3.kind];
  return markup`<section id="coverage"><h2>Coverage</h2><div class="card coverage">
<div class="total"><p>${sentence2}</p>${bar([{ kind: "plain", from: 0, width: coverage3.percent }], 14, coverage3.threshold)}</div>
${open.length === 0 ? "" : fileTable(open, coverage3.threshold)}
${full.length === 0 ? "" : markup`<details><summary>${count(full.length, "file")} fully covered</summary>${fileTable(full, coverage3.threshold)}</details>`}
</div></section>`;
}
__name(coverageSection, "coverageSection");
function fileTable(files, asked) {
  return markup`<table><thead><tr><th scope="col">file</th><th scope="col">covered</th><th scope="col" class="number">percent</th><th scope="col">missing lines</th></tr></thead>
<tbody>${files.map((file) => row(file, asked))}</tbody></table>`;
}
__name(fileTable, "fileTable");
function row(file, asked) {
  return markup`<tr><th scope="row"><code>${file.file}</code></th><td class="wide">${bar([{ kind: "plain", from: 0, width: file.percent }], 10, asked)}</td>
<td class="number">${percent(file.percent)}</td><td class="lines">${lineRanges(file.missingLines)}</td></tr>`;
}
__name(row, "row");

// core/report/html-script.ts
var script = `
"use strict"
const make = (tag, properties, ...children) => {
  const element = Object.assign(document.createElement(tag), properties)
  element.append(...children)
  return element
}
const all = document.querySelector("#tests")
if (all) {
  const search = make("input", { type: "search", placeholder: "part of a name or file" })
  const onlyOthers = make("input", { type: "checkbox" })
  const found = make("span", { className: "where", role: "status" })
  const apply = () => {
    const wanted = search.value.toLowerCase()
    let count = 0
    for (const group of all.querySelectorAll("details")) {
      let inGroup = 0
      for (const row of group.querySelectorAll("tbody tr")) {
        const hit = row.textContent.toLowerCase().includes(wanted) && (!onlyOthers.checked || row.dataset.status !== "passed")
        row.hidden = !hit
        if (hit) inGroup += 1
      }
      if (wanted !== "" || onlyOthers.checked) group.open = inGroup > 0
      count += inGroup
    }
    found.textContent = wanted !== "" || onlyOthers.checked ? count + (count === 1 ? " test" : " tests") : ""
  }
  search.addEventListener("input", apply)
  onlyOthers.addEventListener("change", apply)
  all.querySelector(".tools").append(
    make("label", {}, "Find ", search), make("label", {}, onlyOthers, " hide passed tests"), found)
}
const why = document.querySelector("#why .tools")
if (why && document.querySelector("#why details")) {
  const button = make("button", { type: "button", textContent: "Expand all" })
  button.addEventListener("click", () => {
    const open = button.textContent === "Expand all"
    for (const one of document.querySelectorAll("#why details")) one.open = open
    button.textContent = open ? "Collapse all" : "Expand all"
  })
  why.append(button)
}
`;

// core/report/html-timeline.ts
function timeline(result) {
  const spans = result.suites.flatMap(spanOf);
  if (spans.length === 0) return nothing;
  const latest = lastRun(spans);
  const start = Math.min(...latest.map((span) => span.from));
  const length = Math.max(
    1e-3,
    ...spans.map((span) => latest.includes(span) ? span.to - start : span.to - span.from)
  );
  const ticks = ticksOf(length);
  const rows = spans.map((span) => row2(span, latest.includes(span) ? span.from - start : null, length, ticks));
  return markup`<div class="card"><h3>Timeline</h3>
<ol class="timeline">${rows}</ol>
<div class="axis" aria-hidden="true"><svg>${ticks.map((tick) => label(tick, tick / length * 100))}</svg></div></div>`;
}
__name(timeline, "timeline");
function spanOf(suite2) {
  const from = Date.parse(suite2.evidence?.startedAt ?? "") / 1e3;
  return Number.isNaN(from) ? [] : [{ suite: suite2, from, to: from + suite2.seconds }];
}
__name(spanOf, "spanOf");
function lastRun(spans) {
  const byEnd = [...spans].sort((a, b) => b.to - a.to);
  const run = [];
  let start = Infinity;
  for (const span of byEnd) {
    if (run.length > 0 && span.to < start - 60) break;
    run.push(span);
    start = Math.min(start, span.from);
  }
  return run;
}
__name(lastRun, "lastRun");
function row2({ suite: suite2, from, to }, offset, length, ticks) {
  const x = (offset ?? 0) / length * 100;
  const width = (to - from) / length * 100;
  const kind = offset === null ? "earlier" : suite2.verdict.kind === "passed" ? "passed" : "failed";
  const when = offset === null ? `earlier run, ${moment(suite2.evidence?.startedAt ?? "")}` : `from ${duration(offset)} to ${duration(offset + to - from)}`;
  const grid = ticks.map(
    (tick) => markup`<rect class="grid" x="${figure(tick / length * 100)}%" width="1" height="22"/>`
  );
  return markup`<li><span class="name">${suite2.suite}${offset === null ? markup`<small>earlier run</small>` : ""}</span>
<svg class="track" role="img" aria-label="${when}">${grid}<rect class="${kind}" x="${figure(x)}%" y="3" width="${figure(Math.max(width, 0.4))}%" height="16" rx="3"/></svg>
<span class="time">${duration(suite2.seconds)}</span></li>`;
}
__name(row2, "row");
function ticksOf(length) {
  const step = [0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600].find((one) => length / one <= 6) ?? 7200;
  return Array.from({ length: Math.floor(length / step) + 1 }, (_, index) => index * step);
}
__name(ticksOf, "ticksOf");
function label(tick, percent2) {
  const anchor = tick === 0 ? "start" : percent2 > 94 ? "end" : "middle";
  return markup`<text x="${figure(percent2)}%" y="13" text-anchor="${anchor}">${tick === 0 ? "0" : tickLabel(tick)}</text>`;
}
__name(label, "label");
function tickLabel(seconds) {
  if (seconds < 1) return `${Math.round(seconds * 1e3)} ms`;
  return seconds < 60 || seconds % 60 !== 0 ? `${seconds} s` : `${seconds / 60} min`;
}
__name(tickLabel, "tickLabel");

// core/report/html-suites.ts
function suitesSection(result) {
  return result.suites.length === 0 ? nothing : markup`<section id="suites"><h2>Suites</h2>
${suitesCard(result)}
${timeline(result)}</section>`;
}
__name(suitesSection, "suitesSection");
function suitesPart(result) {
  const html2 = result.suites.length === 0 ? nothing : markup`<section><h2>Suites</h2>${suitesCard(result)}</section>`;
  return { html: html2, style: "" };
}
__name(suitesPart, "suitesPart");
function suitesCard(result) {
  const cached = result.suites.some((suite2) => suite2.cached);
  const claims = result.suites.flatMap(
    (suite2) => suite2.verdict.kind === "passed" && suite2.disagreement !== null ? [
      markup`<p class="note"><strong>Runner and evidence disagree, ${suite2.suite}:</strong> ${suite2.disagreement}</p>`
    ] : []
  );
  return markup`<div class="card suites"><table>
<thead><tr><th scope="col">suite</th><th scope="col">verdict</th><th scope="col">tests by outcome</th><th scope="col" class="number">passed</th><th scope="col" class="number">failed</th><th scope="col" class="number">skipped</th><th scope="col" class="number">time</th></tr></thead>
<tbody>${result.suites.map(row3)}</tbody></table>
${cached ? markup`<p class="note">Cached: evidence of an earlier run on the same source. Use <code>--fresh</code> to run it again.</p>` : ""}
${result.notRun.length > 0 ? markup`<p class="note"><strong>Not run:</strong> ${result.notRun.join(", ")}.</p>` : ""}${result.unlisted.length > 0 ? markup`<p class="note"><strong>In no suite</strong> of tollgate.yaml, so not run: ${result.unlisted.join(", ")}.</p>` : ""}${claims}</div>`;
}
__name(suitesCard, "suitesCard");
function row3(suite2) {
  const { counts } = suite2;
  const passed = suite2.verdict.kind === "passed";
  const cachedFrom2 = suite2.cached && suite2.evidence !== null ? markup`<span class="cached">cached, ${moment(suite2.evidence.startedAt)}</span>` : "";
  return markup`<tr id="suite-${suite2.suite}"><th scope="row">${suite2.suite}</th>
<td><span class="chip ${passed ? "passed" : "failed"}">${icon(passed ? "pass" : "fail")}${passed ? "passed" : "FAILED"}</span>${codes(suite2)}${cachedFrom2}</td>
<td class="wide">${counts.tests === 0 ? markup`<span class="zero">no tests</span>` : outcomes(counts.passed, counts.failed, counts.skipped)}</td>
${cell(counts.passed, "passed", "")}${cell(counts.failed, "failed", "bad-number")}${cell(counts.skipped, "skipped", "")}
<td class="number">${suite2.evidence === null ? "\u2013" : duration(suite2.seconds)}</td></tr>`;
}
__name(row3, "row");
function codes(suite2) {
  if (suite2.verdict.kind === "passed") return nothing;
  const [first, ...others] = [...new Set(suite2.verdict.reasons.map((reason2) => reason2.code))];
  return markup`<span class="cached">${first ?? ""}${others.length === 0 ? "" : ` +${others.length}`}</span>`;
}
__name(codes, "codes");
function cell(value, label2, kind) {
  return markup`<td class="number ${value === 0 ? "zero" : kind}" data-label="${label2}">${value}</td>`;
}
__name(cell, "cell");
function outcomes(passed, failed, skipped) {
  const share = 100 / Math.max(1, passed + failed + skipped);
  return bar(
    [
      { kind: "passed", from: 0, width: passed * share },
      { kind: "failed", from: passed * share, width: failed * share },
      { kind: "skipped", from: (passed + failed) * share, width: skipped * share }
    ],
    12
  );
}
__name(outcomes, "outcomes");
function outputSection(result) {
  const blocks = result.suites.filter((suite2) => suite2.verdict.kind === "passed").map((suite2) => block(suite2.suite, clip(suite2.evidence?.outputTail ?? "", 2e4, EVIDENCE))).filter((one) => one !== nothing);
  return blocks.length === 0 ? nothing : markup`<section id="output"><h2>Output of the runners</h2><div class="card">${blocks}</div></section>`;
}
__name(outputSection, "outputSection");

// core/report/html-tests.ts
function slowestSection(result) {
  const tests = result.suites.flatMap(testsOf2).sort((a, b) => b.seconds - a.seconds).slice(0, 10);
  const longest4 = tests[0]?.seconds ?? 0;
  if (longest4 === 0) return nothing;
  const items = tests.map(
    (one) => markup`<li><span><code>${one.name}</code><small>${one.suite} · ${one.file ?? one.group}</small></span>
${bar([{ kind: "plain", from: 0, width: one.seconds / longest4 * 100 }], 10)}<span class="number">${duration(one.seconds)}</span></li>`
  );
  return markup`<section id="slowest"><h2>Slowest tests</h2><ol class="card slow">${items}</ol></section>`;
}
__name(slowestSection, "slowestSection");
function testsSection(result) {
  const groups = result.suites.filter((suite2) => suite2.tests.length > 0).map(group);
  if (groups.length === 0) return nothing;
  return markup`<section id="tests"><h2>All tests</h2><div class="card tests"><div class="tools"></div>${groups}</div></section>`;
}
__name(testsSection, "testsSection");
function testsOf2(suite2) {
  return casesOf(suite2).filter((one) => one.test !== null);
}
__name(testsOf2, "testsOf");
function group(suite2) {
  const rows = testsOf2(suite2).map(
    (one) => markup`<tr data-status="${isFailed(one) ? "failed" : one.status}"><td>${outcome(one)}</td><th scope="row"><code>${one.test?.id ?? one.name}</code>${remark(one)}</th><td class="number">${duration(one.seconds)}</td></tr>`
  );
  return markup`<details><summary>${suite2.suite}: ${count(rows.length, "test")}</summary><table>
<thead><tr><th scope="col">outcome</th><th scope="col">test</th><th scope="col" class="number">time</th></tr></thead><tbody>${rows}</tbody></table></details>`;
}
__name(group, "group");
function outcome(one) {
  if (isFailed(one)) return markup`<span class="chip failed">${icon("fail")}${one.status}</span>`;
  return one.status === "skipped" ? markup`${icon("skip")} ${one.test?.outcome ?? "skipped"}` : markup`${icon("pass")} ${one.test?.outcome ?? "passed"}`;
}
__name(outcome, "outcome");
function remark(one) {
  const parts = [
    one.status === "skipped" ? oneLine(one.message.slice(0, 300)) : "",
    one.test !== null && one.test.reruns > 0 ? `needed ${count(one.test.reruns, "rerun")}` : ""
  ].filter((part) => part !== "");
  return parts.length === 0 ? nothing : markup`<span class="cached">${parts.join(" \xB7 ")}</span>`;
}
__name(remark, "remark");

// core/report/html-why.ts
function whySection(result) {
  const failed = failedSuites(result);
  const outside = problemsOutsideSuites(result);
  if (failed.length === 0 && outside.length === 0) return nothing;
  const why = result.coverage.kind === "missing" ? result.coverage.why : "";
  return markup`<section id="why"><h2>Why it failed</h2>${failed.length > 0 ? markup`<div class="tools"></div>` : ""}
${failed.map((suite2) => suiteCard(suite2))}
${outside.map((problem) => markup`<div class="card problem"><h3>${icon("fail")} ${sentence(problem.message)}</h3>${problem.code === "coverage-missing" ? markup`<p class="said">${why}</p>` : ""}</div>`)}
</section>`;
}
__name(whySection, "whySection");
var shownAtOnce = 10;
var longest2 = 2e4;
function suiteCard(suite2) {
  const failed = casesOf(suite2).filter(isFailed);
  const loose = failed.filter((one) => one.test === null);
  const tests = failed.filter((one) => one.test !== null);
  const rest = tests.slice(shownAtOnce);
  const counts = [
    loose.length > 0 ? count(loose.length, "reason") : "",
    tests.length > 0 ? count(tests.length, "test") : ""
  ];
  return markup`<article class="card problem" id="why-${suite2.suite}"><h3>${icon("fail")} ${suite2.suite} <small>${counts.filter((text2) => text2 !== "").join(", ")}</small></h3>
${suite2.disagreement === null ? "" : markup`<p class="disagree"><strong>Runner and evidence disagree:</strong> ${suite2.disagreement}</p>`}
${loose.length === 0 ? "" : markup`<ul class="reasons">${loose.map(reasonItem)}</ul>`}
${tests.slice(0, shownAtOnce).map((one, index) => testArticle(one, index === 0))}
${rest.length === 0 ? "" : markup`<details><summary>${rest.length} more</summary>${rest.map((one) => testArticle(one, false))}</details>`}
<div class="printed">${block("Last output of the runner", clip(suite2.evidence?.outputTail ?? "", longest2, EVIDENCE), tests.length === 0)}</div></article>`;
}
__name(suiteCard, "suiteCard");
function reasonItem(one) {
  const where = one.file === null ? "" : markup` <code>${place(one.file, one.line)}</code>`;
  return markup`<li><code class="code">${one.code ?? ""}</code>${where}<p class="said">${clip(one.message, 2e3, EVIDENCE)}</p>${block("Traceback", clip(one.traceback, longest2, EVIDENCE))}</li>`;
}
__name(reasonItem, "reasonItem");
function testArticle(one, open) {
  const problem = one.test?.problems[0];
  const { file, line } = problem !== void 0 && problem.file !== null ? problem : one;
  const phase = problem === void 0 || problem.phase === "call" ? "" : ` \xB7 in ${problem.phase}`;
  const where = file === null ? one.group : place(file, line);
  return markup`<div class="case"><h4><code>${one.name}</code></h4><p class="where"><code>${where}</code>${phase} · ${duration(one.seconds)}</p>
<pre class="message" tabindex="0">${clip(one.message, 4e3, EVIDENCE)}</pre>${block("Traceback", clip(one.traceback, longest2, EVIDENCE), open)}${block("Captured output", clip(one.output, longest2, EVIDENCE))}</div>`;
}
__name(testArticle, "testArticle");
function sentence(text2) {
  return text2.charAt(0).toUpperCase() + text2.slice(1);
}
__name(sentence, "sentence");

// core/report/html.ts
function html(result) {
  return page({
    title: `${verdictLine(result)} \xB7 ${result.app}`,
    header: verdict({
      line: verdictLine(result),
      passed: isProven(result),
      about: [
        ["app", markup`<code>${result.app}</code>`],
        ["source", markup`<code>${shortDigest(result.source)}</code>`],
        ["started", markup`${moment(result.startedAt)}`]
      ]
    }),
    main: markup`${figures(result)}${suitesSection(result)}${whySection(result)}${slowestSection(result)}${coverageSection(result.coverage)}${testsSection(result)}${outputSection(result)}`,
    footer: markup`Tollgate ${result.tollgateVersion} judged this run by records written inside its pytest processes. All of them are in evidence.json.`,
    script
  });
}
__name(html, "html");
function figures(result) {
  const sum = /* @__PURE__ */ __name((kind) => result.suites.reduce((total, suite2) => total + suite2.counts[kind], 0), "sum");
  const failed = result.suites.filter((suite2) => suite2.verdict.kind === "failed").length;
  const passed = result.suites.length - failed;
  const cached = result.suites.some((suite2) => suite2.cached);
  return markup`<dl class="figures">
${tile("suites passed", `${passed} of ${result.suites.length + result.notRun.length}`, failed > 0)}
${tile("tests", String(testsOf(result)), false)}${tile("passed", String(sum("passed")), false)}
${tile("failed", String(sum("failed")), sum("failed") > 0)}${tile("skipped", String(sum("skipped")), false)}
${coverageTile(result)}${cached ? nothing : tile("time", duration(result.seconds), false)}</dl>`;
}
__name(figures, "figures");
function coverageTile({ coverage: coverage3 }) {
  switch (coverage3.kind) {
    case "not-asked":
      return nothing;
    case "missing":
      return tile("coverage", "none", true, `threshold ${threshold(coverage3.threshold)}`);
    default:
      return tile(
        "coverage",
        percent(coverage3.percent),
        coverage3.kind === "below",
        `threshold ${threshold(coverage3.threshold)}`
      );
  }
}
__name(coverageTile, "coverageTile");

// core/report/junit.ts
async function junitFiles(result) {
  const files = result.suites.map(async (suite2) => ({ name: `${fileName(suite2.suite)}.xml`, text: await junit(suite2) }));
  const outside = problemsOutsideSuites(result);
  if (outside.length === 0) return Promise.all(files);
  const cases = outside.map(
    ({ code: code2, message }) => ({
      suite: "tollgate",
      test: null,
      code: code2,
      group: "tollgate",
      name: code2,
      file: null,
      line: null,
      seconds: 0,
      status: "error",
      message,
      traceback: "",
      output: ""
    })
  );
  const text2 = await writeJunit([{ name: "tollgate", cases, seconds: 0, startedAt: null, output: "" }]);
  return [...await Promise.all(files), { name: "tollgate.run.xml", text: text2 }];
}
__name(junitFiles, "junitFiles");
function junit(suite2) {
  return writeJunit([sheetOf(suite2)]);
}
__name(junit, "junit");
function sheetOf(suite2) {
  return {
    name: suite2.suite,
    cases: casesOf(suite2),
    seconds: suite2.seconds,
    startedAt: suite2.evidence?.startedAt ?? null,
    output: suite2.evidence?.outputTail ?? ""
  };
}
__name(sheetOf, "sheetOf");
function fileName(suite2) {
  return encodeURIComponent(plainText(suite2));
}
__name(fileName, "fileName");
async function writeJunit(sheets) {
  const { XMLBuilder } = await import("./fast-xml-parser.src.fxp.mjs");
  const builder = new XMLBuilder({
    ignoreAttributes: false,
    attributeNamePrefix: "@",
    format: true,
    suppressEmptyNode: true,
    // otherwise a test named "true" would become an attribute without a value
    suppressBooleanAttributes: false
  });
  const document2 = {
    "?xml": { "@version": "1.0", "@encoding": "UTF-8" },
    testsuites: {
      "@name": "tollgate",
      ...totals(
        sheets.flatMap(({ cases }) => cases),
        sheets.reduce((sum, { seconds }) => sum + seconds, 0)
      ),
      testsuite: sheets.map(({ name, cases, seconds, startedAt, output }) => ({
        "@name": oneLine(name),
        ...totals(cases, seconds),
        ...startedAt === null ? {} : { "@timestamp": oneLine(startedAt) },
        testcase: cases.map(testcase),
        ...systemOut(output)
      }))
    }
  };
  return `${builder.build(document2).trimEnd()}
`;
}
__name(writeJunit, "writeJunit");
function totals(cases, seconds) {
  return {
    "@tests": cases.length,
    "@failures": cases.filter((one) => one.status === "failed").length,
    "@errors": cases.filter((one) => one.status === "error").length,
    "@skipped": cases.filter((one) => one.status === "skipped").length,
    "@time": time(seconds)
  };
}
__name(totals, "totals");
function testcase(one) {
  return {
    "@classname": oneLine(one.group),
    "@name": oneLine(one.name),
    ...one.file === null ? {} : { "@file": oneLine(one.file) },
    ...one.line === null ? {} : { "@line": one.line },
    "@time": time(one.seconds),
    ...outcome2(one),
    ...systemOut(one.output)
  };
}
__name(testcase, "testcase");
function outcome2(one) {
  const message = oneLine(clip(one.message, 2e3, EVIDENCE));
  switch (one.status) {
    case "passed":
      return {};
    case "skipped":
      return { skipped: { "@message": message } };
    case "failed":
      return { failure: { "@message": message, "@type": typeOf(one), "#text": body(one) } };
    case "error":
      return { error: { "@message": message, "@type": typeOf(one), "#text": body(one) } };
  }
}
__name(outcome2, "outcome");
function typeOf(one) {
  return one.code ?? /^[\w.]+(?=:|$)/.exec(one.message)?.[0] ?? one.status;
}
__name(typeOf, "typeOf");
function body(one) {
  return clip(one.traceback === "" ? one.message : one.traceback, longest3, EVIDENCE);
}
__name(body, "body");
function systemOut(output) {
  const text2 = clip(output, longest3, EVIDENCE);
  return text2 === "" ? {} : { "system-out": text2 };
}
__name(systemOut, "systemOut");
var longest3 = 1e5;
function time(seconds) {
  return seconds.toFixed(3);
}
__name(time, "time");

// core/report/markdown.ts
function markdown(result) {
  const failed = failedSuites(result);
  const passed = failed.length === 0 && problemsOutsideSuites(result).length === 0;
  const blocks = [
    `## ${passed ? "\u2705" : "\u274C"} ${text(verdictLine(result))}`,
    `Tollgate ${text(result.tollgateVersion)} \xB7 ${code(result.app)} \xB7 source ${code(shortDigest(result.source))}`,
    suiteTable(result),
    ...notes(result),
    ...coverage2(result),
    ...failed.flatMap((suite2) => whyFailed(suite2, Math.floor(failuresShown / failed.length)))
  ];
  return `${blocks.join("\n\n")}
`;
}
__name(markdown, "markdown");
var failuresShown = 60;
function suiteTable(result) {
  const rows = result.suites.map((suite2) => [
    code(suite2.suite),
    ...[suite2.counts.tests, suite2.counts.passed, suite2.counts.failed, suite2.counts.skipped].map(String),
    suite2.evidence === null ? "\u2013" : duration(suite2.seconds),
    (suite2.verdict.kind === "passed" ? "\u2705 passed" : "\u274C **FAILED**") + (suite2.cached ? `, cached${cachedFrom(suite2)}` : "")
  ]);
  const titles = ["suite", "tests", "passed", "failed", "skipped", "time", "verdict"];
  return table(titles, ["left", "right", "right", "right", "right", "right", "left"], rows);
}
__name(suiteTable, "suiteTable");
function disagreement(suite2, sentence2) {
  return `> \u26A0\uFE0F Runner and evidence disagree, ${code(suite2)}: ${text(sentence2)}`;
}
__name(disagreement, "disagreement");
function cachedFrom(suite2) {
  return suite2.evidence === null ? "" : ` from ${text(moment(suite2.evidence.startedAt))}`;
}
__name(cachedFrom, "cachedFrom");
function notes(result) {
  const notes2 = [];
  if (result.suites.some((suite2) => suite2.cached)) {
    notes2.push("Cached: evidence of an earlier run on the same source. Use <code>--fresh</code> to run it again.");
  }
  if (result.notRun.length > 0) {
    notes2.push(`Not run: ${result.notRun.map((suite2) => code(suite2)).join(", ")}.`);
  }
  if (result.unlisted.length > 0) {
    notes2.push(`In no suite of tollgate.yaml, so not run: ${result.unlisted.map((file) => code(file)).join(", ")}.`);
  }
  for (const suite2 of result.suites) {
    if (suite2.verdict.kind === "passed" && suite2.disagreement !== null)
      notes2.push(disagreement(suite2.suite, suite2.disagreement));
  }
  return notes2;
}
__name(notes, "notes");
function coverage2(result) {
  const verdict2 = result.coverage;
  if (verdict2.kind === "not-asked") return [];
  if (verdict2.kind === "missing")
    return [`\u274C **No coverage** (threshold ${threshold(verdict2.threshold)}): ${text(verdict2.why)}`];
  const asked = threshold(verdict2.threshold);
  const figure2 = `coverage ${percent(verdict2.percent)}`;
  const sentence2 = {
    passed: `\u2705 ${figure2}, threshold ${asked}`,
    below: `\u274C **${figure2}**, threshold ${asked}`,
    partial: `${figure2} so far; the threshold of ${asked} applies to all suites together`
  }[verdict2.kind];
  const lowest = verdict2.files.filter((file) => file.percent < 100).sort((a, b) => a.percent - b.percent);
  if (lowest.length === 0) return [sentence2];
  const rows = lowest.slice(0, 15).map((file) => [
    code(file.file),
    percent(file.percent),
    `${file.statements}`,
    text(lineRanges(file.missingLines), 120)
  ]);
  const titles = ["file", "covered", "statements", "missing lines"];
  const body2 = table(titles, ["left", "right", "right", "left"], rows);
  return [sentence2, details(`Lowest coverage, of ${count(verdict2.files.length, "file")}`, body2)];
}
__name(coverage2, "coverage");
function whyFailed(suite2, limit) {
  const failed = casesOf(suite2).filter(isFailed);
  const short = failed.slice(0, limit).filter((one) => !hasMore(one));
  const long = failed.slice(0, limit).filter(hasMore);
  const hidden = failed.length - short.length - long.length;
  const tail = suite2.evidence?.outputTail ?? "";
  return [
    `### ${code(suite2.suite)} failed`,
    ...suite2.disagreement === null ? [] : [disagreement(suite2.suite, suite2.disagreement)],
    ...short.length > 0 ? [short.map((one) => `- ${caseLine(one)}`).join("\n")] : [],
    ...long.map(
      (one) => details(caseLine(one), ...[one.traceback || one.message, one.output].filter(hasText).map(pre))
    ),
    ...hidden > 0 ? [`\u2026 and ${hidden} more in the full report.`] : [],
    ...hasText(tail) ? [details("Last output of the runner", pre(tail))] : []
  ];
}
__name(whyFailed, "whyFailed");
function hasMore(one) {
  return hasText(one.traceback) || hasText(one.output) || one.message.length > longestMessage;
}
__name(hasMore, "hasMore");
var longestMessage = 300;
function caseLine(one) {
  const problem = one.test?.problems[0];
  const { file, line } = problem !== void 0 && problem.file !== null ? problem : one;
  const where = file === null ? "" : code(place(file, line));
  return [code(one.code ?? one.name), where, text(one.message, longestMessage)].filter(hasText).join(" \xB7 ");
}
__name(caseLine, "caseLine");
function hasText(text2) {
  return text2.trim() !== "";
}
__name(hasText, "hasText");

// core/report/folder.ts
async function qaReport({ result, runs, coverage: coverage3, settings }) {
  let folder = newReport().withNewFile("summary.md", markdown(result)).withNewFile("report.html", html(result)).withNewFile(EVIDENCE, evidenceFile(result)).withNewFile("ctrf.json", ctrf(result));
  for (const { name, text: text2 } of await junitFiles(result)) folder = folder.withNewFile(`junit/${name}`, text2);
  for (const run of runs)
    if (run.evidence !== null)
      folder = folder.withDirectory(`suites/${run.suite}`, run.files, { include: ["output.log", "artifacts/**"] });
  return coverage3 === null ? folder : folder.withDirectory(".", coverageReports(coverage3, settings.qa.interpreter));
}
__name(qaReport, "qaReport");

// core/qa/validate.ts
import { ExistsType } from "../sdk/index.ts";
function listedIn(settings) {
  return [
    ...settings.qa.runner === null ? [] : [{ place: "qa.runner", path: settings.qa.runner }],
    ...(settings.app.dependencies.files ?? []).map((path, index) => ({
      place: `app.dependencies.files[${index}]`,
      path
    })),
    ...Object.entries(settings.qa.suites).flatMap(
      ([name, { files }]) => files.map((path, index) => ({ place: `qa.suites.${name}.files[${index}]`, path }))
    )
  ];
}
__name(listedIn, "listedIn");
async function validateListedFiles(settings, app) {
  const suites = Object.entries(settings.qa.suites);
  const listed = listedIn(settings);
  const found = await Promise.all(listed.map(({ path }) => isThere(path, app)));
  const missing = listed.filter((_, index) => found[index] !== true);
  if (missing.length > 0)
    throw new TollgateError(
      "files-missing",
      `tollgate.yaml lists ${missing.length === 1 ? "a file that is" : `${missing.length} files that are`} not in ${settings.app.path}:
` + missing.map(({ place: place2, path }) => `  ${place2}  ${path}`).join("\n"),
      "Add the files or correct the list: a suite with a missing file fails."
    );
  return `tollgate.yaml is valid: ${count(suites.length, "suite")}, ${count(listed.length, "file")}, all of them there.
`;
}
__name(validateListedFiles, "validateListedFiles");
async function isThere(path, app) {
  if (await app.exists(path, { expectedType: ExistsType.RegularType })) return true;
  if (path.endsWith(".py") && !isPattern(path)) return false;
  return (await listedFiles([path], app)).files.length > 0;
}
__name(isThere, "isThere");

export {
  casesOf,
  isFailed,
  suitesPart,
  sheetOf,
  writeJunit,
  markdown,
  qaReport,
  validateListedFiles
};
