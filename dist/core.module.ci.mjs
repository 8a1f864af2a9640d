import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  scanMarkdown,
  scanPart,
  scanReport
} from "./shared.core.scan.convert.mjs";
import {
  casesOf,
  isFailed,
  markdown,
  qaReport,
  sheetOf,
  suitesPart,
  validateListedFiles,
  writeJunit
} from "./shared.core.qa.validate.mjs";
import {
  coverageLines,
  failedSuites,
  isProven,
  place,
  problemsOutsideSuites,
  proveSource,
  testsOf,
  verdictLine
} from "./shared.core.qa.combine.mjs";
import {
  acceptance,
  blocking,
  fixedWords,
  scanSource,
  scanVerdict,
  verdictLine as verdictLine3
} from "./shared.core.app.python.read-files.mjs";
import {
  messageOf,
  notifier,
  openChannels
} from "./shared.core.notify.channel.mjs";
import {
  lintReport
} from "./shared.core.database.plan.html.mjs";
import {
  imageMarkdown,
  imageReport
} from "./shared.core.image.document.mjs";
import {
  imagePassed,
  proveImage,
  shownPlatform,
  sizeOf,
  verdictLine as verdictLine2
} from "./shared.core.image.inspect.mjs";
import "./shared.core.qa.service-failure.mjs";
import {
  matchesPathOrFolder
} from "./shared.core.image.build-platforms.mjs";
import "./shared.core.image.secret-text.mjs";
import {
  isPassed,
  loadMarkdown,
  loadPart,
  loadReport,
  loadVerdictLine,
  proveLoad,
  reasonsOf
} from "./shared.core.load.address.mjs";
import "./shared.core.config.chosen-names.mjs";
import "./shared.core.image.service.mjs";
import "./shared.core.app.busybox.mjs";
import "./shared.core.image.build-secrets.mjs";
import {
  stampOf
} from "./shared.core.image.stamp.mjs";
import {
  code,
  details,
  figure,
  icon,
  markup,
  nothing,
  page,
  table,
  text,
  tile,
  verdict
} from "./shared.core.presentation.html-markup.mjs";
import {
  Alembic,
  CopyServer,
  LOGGING,
  PlanAlembic,
  amount,
  appWithAlembic,
  clientPrograms,
  counted,
  namesDatabase,
  oneVersionTable,
  placeOf,
  planOn,
  reachUrl,
  rolesScript,
  runSetup,
  runSql,
  upgradeTarget
} from "./shared.core.database.alembic.alembic-account.mjs";
import "./shared.core.qa.environment.mjs";
import {
  migrationTool
} from "./shared.core.database.alembic.migration-tool.mjs";
import "./shared.core.shared.service-health.mjs";
import {
  quotedTail
} from "./shared.core.app.installation-advice.mjs";
import {
  lastCause
} from "./shared.core.shared.engine-cause.mjs";
import {
  identifier
} from "./shared.core.database.connect.connection-problem.mjs";
import {
  requirePassed
} from "./shared.core.gate.failed.mjs";
import {
  SETTINGS_FILE,
  appFolder,
  readSettings,
  takeSource
} from "./shared.core.config.app.mjs";
import "./shared.core.config.approver-key.mjs";
import "./shared.core.config.ecpay-endpoint.mjs";
import {
  ciGates,
  gates
} from "./shared.core.config.gates.mjs";
import "./shared.core.environment.address.mjs";
import "./shared.core.config.ecpay-test-merchants.mjs";
import {
  version
} from "./shared.core.shared.version.mjs";
import "./shared.core.secrets.dotenv.mjs";
import {
  runProgram
} from "./shared.core.shared.run-program.mjs";
import {
  forTools
} from "./shared.core.app.python.caches.mjs";
import "./shared.core.database.connect.address.mjs";
import {
  redactor
} from "./shared.core.secrets.plain-form.mjs";
import "./shared.core.shared.connection-url.mjs";
import {
  readDotenv,
  require_main
} from "./shared.core.secrets.parse.mjs";
import "./shared.core.config.service-variables.mjs";
import {
  runId
} from "./shared.core.qa.run-id.mjs";
import {
  step
} from "./shared.core.shared.progress.mjs";
import "./shared.core.config.port.mjs";
import "./shared.core.config.fields.mjs";
import {
  alignColumns,
  clip,
  fit,
  line,
  oneLine,
  safe,
  screenColumns,
  screenLines
} from "./shared.core.presentation.columns.mjs";
import "./shared.core.config.service-name.mjs";
import "./shared.core.shared.shell-words.mjs";
import {
  bytes,
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
  terminalText
} from "./shared.core.shared.plain-text.mjs";
import {
  __name,
  __toESM
} from "./shared.runtime.mjs";

// core/module/ci.ts
import { dag as dag3 } from "../sdk/index.ts";

// core/ci/folder.ts
import { dag } from "../sdk/index.ts";

// core/gate/located.ts
import { posix } from "node:path";
function pathInSource(app, file) {
  if (posix.isAbsolute(file)) return null;
  const path = posix.normalize(posix.join(app, file));
  return path === ".." || path.startsWith("../") ? null : path;
}
__name(pathInSource, "pathInSource");

// core/gate/outcome.ts
function wordsBehind(line2) {
  return line2.slice(line2.indexOf(": ") + 2);
}
__name(wordsBehind, "wordsBehind");

// core/report/outcome.ts
function testOutcome(result) {
  const { coverage } = result;
  return {
    verdict: isProven(result) ? "passed" : "failed",
    words: wordsBehind(verdictLine(result)),
    reasons: [
      ...problemsOutsideSuites(result).map(({ code: code2, message: message2 }) => `${code2}: ${message2}`),
      ...failedSuites(result).flatMap(
        ({ suite: suite2, verdict: verdict3 }) => verdict3.kind === "failed" ? verdict3.reasons.map(
          ({ code: code2, file, line: line2, test: test2, message: message2 }) => [`${suite2}: ${code2}`, file === null ? "" : place(file, line2), test2 ?? "", message2].filter((part) => part !== "").join("  ")
        ) : []
      )
    ],
    figures: [
      { name: "tests", value: testsOf(result) },
      ..."percent" in coverage ? [{ name: "coverage", value: coverage.percent }] : []
    ],
    suites: result.suites.map(suiteOutcome),
    located: failedSuites(result).flatMap(
      ({ verdict: verdict3 }) => verdict3.kind === "failed" ? verdict3.reasons.flatMap((reason) => locatedReason(result.app, reason)) : []
    ),
    cached: result.suites.length > 0 && result.suites.every(({ cached }) => cached)
  };
}
__name(testOutcome, "testOutcome");
function suiteOutcome(suite2) {
  const failed = casesOf(suite2).filter(isFailed);
  return {
    name: suite2.suite,
    verdict: suite2.verdict.kind,
    tests: suite2.counts.tests,
    failed: suite2.counts.failed,
    failedTests: [...new Set(failed.flatMap(({ test: test2 }) => test2?.id ?? []))],
    seconds: suite2.evidence === null ? null : suite2.seconds,
    cached: suite2.cached
  };
}
__name(suiteOutcome, "suiteOutcome");
function locatedReason(app, { code: code2, suite: suite2, file, line: line2, test: test2, message: message2 }) {
  const path = file === null ? null : pathInSource(app, file);
  if (path === null) return [];
  const about = test2 === null ? suite2 : `${suite2}: ${test2}`;
  return [{ check: code2, weight: "critical", message: `${about}: ${message2}`, path, line: line2, key: about }];
}
__name(locatedReason, "locatedReason");

// core/report/ci.ts
var SuitesProduct = class {
  static {
    __name(this, "SuitesProduct");
  }
  run;
  summary;
  part;
  constructor(run2) {
    this.run = run2;
    this.summary = markdown(run2.result);
    this.part = suitesPart(run2.result);
  }
  folder() {
    return qaReport(this.run);
  }
};
var test = {
  run: /* @__PURE__ */ __name(async ({ source, secrets }) => {
    const run2 = await proveSource(source, { suites: [], run: "", secrets });
    return { ...testOutcome(run2.result), product: new SuitesProduct(run2) };
  }, "run")
};

// core/ci/annotations.ts
var LIMIT = 4e3;
function githubAnnotations({ gates: gates2 }) {
  return gates2.filter(({ verdict: verdict3 }) => verdict3 === "failed" || verdict3 === "inconclusive").map(({ name, verdict: verdict3, words, reasons }) => {
    const title = escaped(`Tollgate: ${name} ${verdict3}`).replaceAll(":", "%3A").replaceAll(",", "%2C");
    return `::${verdict3 === "failed" ? "error" : "warning"} title=${title}::${escaped(message(words, reasons))}
`;
  }).join("");
}
__name(githubAnnotations, "githubAnnotations");
function message(words, reasons) {
  const lines = [words.slice(0, LIMIT / 2)];
  for (const [index, reason] of reasons.entries()) {
    if (lines.join("\n").length + reason.length > LIMIT)
      return [...lines, `and ${reasons.length - index} more`].join("\n");
    lines.push(reason);
  }
  return lines.join("\n");
}
__name(message, "message");
function escaped(text2) {
  return terminalText(text2).replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}
__name(escaped, "escaped");

// core/ci/change.ts
var FORMS = new Map(
  ciGates.flatMap(({ ci: ci2 }) => Object.entries(ci2.figures))
);
function formOf(name) {
  return FORMS.get(name) ?? { title: name, unit: "count" };
}
__name(formOf, "formOf");
function titleOf({ name }) {
  return formOf(name).title;
}
__name(titleOf, "titleOf");
function shownValue(name, value) {
  switch (formOf(name).unit) {
    case "percent":
      return percent(value);
    case "bytes":
      return bytes(value);
    case "milliseconds":
      return `${Math.round(value)} ms`;
    case "count":
      return String(value);
  }
}
__name(shownValue, "shownValue");
function shownFigures(status) {
  return status.gates.flatMap(
    ({ figures: figures2 }) => figures2.map((figure3) => ({
      title: titleOf(figure3),
      now: shownValue(figure3.name, figure3.value),
      before: figure3.before === null ? null : shownValue(figure3.name, figure3.before),
      difference: differenceOf(figure3)
    }))
  );
}
__name(shownFigures, "shownFigures");
function differenceOf({ name, value, before }) {
  if (before === null || value === before) return "";
  const sign = value > before ? "+" : "\u2212";
  const size = Math.abs(value - before);
  const shown = formOf(name).unit === "percent" ? `${size.toFixed(2)} points` : shownValue(name, size);
  return `${sign}${shown}`;
}
__name(differenceOf, "differenceOf");
var SAME_TIME = 0.2;
function isWorthTelling(status) {
  if (status.verdict !== "passed") return true;
  return status.gates.some(
    ({ figures: figures2 }) => figures2.some(({ name, value, before }) => {
      if (before === null) return false;
      return formOf(name).unit === "milliseconds" ? Math.abs(value - before) > before * SAME_TIME : shownValue(name, value) !== shownValue(name, before);
    })
  );
}
__name(isWorthTelling, "isWorthTelling");
function changedInWords({ changed }) {
  return changed === null ? "base unknown, every gate runs" : `${count(changed, "changed file")}`;
}
__name(changedInWords, "changedInWords");

// core/ci/code-quality.ts
import { createHash } from "node:crypto";
var LONGEST = 2e3;
function codeQuality(status, located) {
  const seen = /* @__PURE__ */ new Map();
  const entries = status.gates.flatMap((gate2) => {
    const found = located.get(gate2.name) ?? [];
    return (found.length === 0 ? unlocated(gate2) : found).map((one) => entry(gate2.name, one, seen));
  });
  return `${JSON.stringify(entries, null, 2)}
`;
}
__name(codeQuality, "codeQuality");
function entry(gate2, { check, weight, message: message2, path, line: line2, key }, seen) {
  const same = JSON.stringify([gate2, check, path, key]);
  const before = seen.get(same) ?? 0;
  seen.set(same, before + 1);
  return {
    description: oneLine(clip(message2, LONGEST)),
    check_name: `${gate2}/${check}`,
    fingerprint: createHash("sha256").update(JSON.stringify([same, before])).digest("hex"),
    severity: weight,
    location: { path, lines: { begin: line2 ?? 1 } }
  };
}
__name(entry, "entry");
var WEIGHTS = { failed: "critical", inconclusive: "major", skipped: "info" };
function unlocated({ name, verdict: verdict3, words }) {
  if (verdict3 === "passed") return [];
  const message2 = `${name} ${verdict3 === "inconclusive" ? "is inconclusive" : verdict3}: ${words}`;
  return [{ check: verdict3, weight: WEIGHTS[verdict3], message: message2, path: SETTINGS_FILE, line: null, key: "" }];
}
__name(unlocated, "unlocated");

// core/ci/html.ts
function ciHtml(status, parts = []) {
  return page({
    title: `${status.verdictInWords} \xB7 ${status.app}`,
    header: verdict({
      line: status.verdictInWords,
      passed: status.verdict === "passed",
      about: [
        ["app", markup`<code>${status.app}</code>`],
        ["source", markup`<code>${shortDigest(status.source)}</code>`],
        ...status.revision === null ? [] : [["commit", markup`<code>${status.revision.slice(0, 12)}</code>`]],
        ["change", markup`${changedInWords(status)}`],
        ["started", markup`${moment(status.startedAt)}`]
      ]
    }),
    main: markup`${figures(status)}${pipeline(status)}${timeline(status)}${whySections(status)}${comparison(status)}${parts.map(({ html }) => html)}`,
    footer: markup`Tollgate ${status.tollgate}. status.json has the same data.`,
    style: [style, ...parts.map((part) => part.style)].join("")
  });
}
__name(ciHtml, "ciHtml");
function figures({ gates: gates2, seconds }) {
  const of = /* @__PURE__ */ __name((kind) => gates2.filter((gate2) => gate2.verdict === kind).length, "of");
  return markup`<dl class="figures">
${tile("gates", String(gates2.length), false)}${tile("passed", String(of("passed")), false)}
${tile("failed", String(of("failed")), of("failed") > 0)}${tile("inconclusive", String(of("inconclusive")), of("inconclusive") > 0)}
${tile("not run", String(of("skipped")), false)}${tile("time", duration(seconds), false)}</dl>`;
}
__name(figures, "figures");
function stagesOf(gates2) {
  const names = new Map(gates2.map((gate2) => [gate2.name, gate2]));
  const ruleOf = /* @__PURE__ */ __name((name) => ciGates.find((gate2) => gate2.name === name)?.ci, "ruleOf");
  const depth = /* @__PURE__ */ __name((name) => {
    const needs = (ruleOf(name)?.needs ?? []).map(({ gate: gate2 }) => gate2).filter((gate2) => names.has(gate2));
    return needs.length === 0 ? 0 : 1 + Math.max(...needs.map(depth));
  }, "depth");
  const deepest = Math.max(0, ...gates2.map(({ name }) => depth(name)));
  const stage = /* @__PURE__ */ __name((name) => ruleOf(name)?.alone === true ? deepest + 1 : depth(name), "stage");
  const stages = [];
  for (const gate2 of gates2) (stages[stage(gate2.name)] ??= []).push(gate2);
  return stages.filter((one) => one.length > 0);
}
__name(stagesOf, "stagesOf");
var ICONS = { passed: "pass", failed: "fail", inconclusive: "fail", skipped: "skip" };
function pipeline({ gates: gates2 }) {
  const stages = stagesOf(gates2).map(
    (stage, index) => markup`<li><h3>Stage ${index + 1}</h3><ul>${stage.map((gate2) => markup`<li class="card gate ${gate2.verdict}">${gateCard(gate2)}</li>`)}</ul></li>`
  );
  return markup`<section><h2>Pipeline</h2><ol class="stages">${stages}</ol>
<p class="note">Not part of a change: the gates of an environment, ${ofEnvironments()}. They need its secrets, and <code>deploy</code> runs them.</p></section>`;
}
__name(pipeline, "pipeline");
function ofEnvironments() {
  return Object.values(gates).filter(({ ci: ci2 }) => ci2 === null).map(({ name, deploy }) => `${name} (${deploy?.check ?? ""})`).join(", ");
}
__name(ofEnvironments, "ofEnvironments");
function gateCard({ name, verdict: verdict3, words, seconds, report, cached }) {
  const time = seconds === null ? "" : duration(seconds);
  const earlier = cached ? markup`<span class="cached">evidence of an earlier run</span>` : nothing;
  const link = report === null ? nothing : markup`<a href="${report}/report.html">Report of ${name}</a>`;
  return markup`<h4>${icon(ICONS[verdict3])}${name}</h4>
<p><strong>${verdict3}</strong> ${time}</p><p class="where">${words}</p>${earlier}${link}`;
}
__name(gateCard, "gateCard");
function timeline({ gates: gates2 }) {
  const ran = gates2.filter((gate2) => gate2.from !== null && gate2.seconds !== null);
  if (ran.length === 0) return nothing;
  const length = Math.max(1e-3, ...ran.map(({ from, seconds }) => (from ?? 0) + (seconds ?? 0)));
  const rows = ran.map(({ name, verdict: verdict3, from, seconds }) => {
    const [start, time] = [from ?? 0, seconds ?? 0];
    const kind = verdict3 === "passed" ? "passed" : "failed";
    return markup`<li><span class="name">${name}</span>
<svg class="track" role="img" aria-label="from ${duration(start)} to ${duration(start + time)}"><rect class="${kind}" x="${figure(start / length * 100)}%" y="3" width="${figure(Math.max(time / length * 100, 0.4))}%" height="16" rx="3"/></svg>
<span class="time">${duration(time)}</span></li>`;
  });
  return markup`<section><h2>Time</h2><div class="card"><ol class="timeline">${rows}</ol></div></section>`;
}
__name(timeline, "timeline");
function whySections({ gates: gates2 }) {
  const failed = gates2.filter(({ verdict: verdict3, reasons }) => verdict3 !== "passed" && reasons.length > 0);
  if (failed.length === 0) return nothing;
  const parts = failed.map(
    ({ name, verdict: verdict3, reasons }) => markup`<div class="card problem"><h3>${name} ${verdict3 === "failed" ? "failed" : "is inconclusive"}</h3>
<ul class="reasons">${reasons.map((reason) => markup`<li><p class="said">${reason}</p></li>`)}</ul></div>`
  );
  return markup`<section><h2>Why</h2>${parts}</section>`;
}
__name(whySections, "whySections");
function comparison(status) {
  const shown = shownFigures(status);
  if (shown.length === 0) return nothing;
  const rows = shown.map(
    ({ title, now, before, difference }) => markup`<tr><th scope="row">${title}</th><td class="number" data-label="now">${now}</td><td class="number" data-label="baseline">${before ?? "\u2013"}</td><td class="number" data-label="change">${difference}</td></tr>`
  );
  return markup`<section><h2>Figures</h2><div class="card compared"><table>
<thead><tr><th scope="col">figure</th><th scope="col" class="number">now</th><th scope="col" class="number">baseline</th><th scope="col" class="number">change</th></tr></thead>
<tbody>${rows}</tbody></table></div></section>`;
}
__name(comparison, "comparison");
var style = `
a{color:var(--accent)}
.stages{display:grid;grid-template-columns:repeat(auto-fit,minmax(15rem,1fr));gap:20px}
.stages h3{font-size:13px;color:var(--soft);margin-bottom:8px}
.gate{border-left:4px solid var(--pass);margin-bottom:12px;overflow-wrap:anywhere}
.gate.failed,.gate.inconclusive{border-left-color:var(--fail)}.gate.skipped{border-left-color:var(--skip)}
.gate h4{font-size:16px;display:flex;gap:8px;align-items:center;margin-bottom:4px}
@media (max-width:720px){
.compared thead{position:absolute;clip-path:inset(50%);width:1px;height:1px;overflow:hidden}
.compared table,.compared tbody{display:block}
.compared tr{display:flex;flex-wrap:wrap;gap:2px 18px;padding:10px 0;border-top:1px solid var(--rule)}
.compared tr:first-child{border-top:0;padding-top:0}.compared tr:last-child{padding-bottom:0}
.compared th,.compared td{padding:0;border:0}.compared tbody th{width:100%}.compared td:empty{display:none}
.compared td::before{content:attr(data-label) " ";color:var(--soft);font-size:13px}
}
`;

// core/ci/junit.ts
function ciJunit(status, suites) {
  const gates2 = {
    name: "tollgate",
    cases: status.gates.map(caseOf),
    seconds: status.seconds,
    startedAt: status.startedAt,
    output: ""
  };
  return writeJunit([gates2, ...suites.map(sheetOf)]);
}
__name(ciJunit, "ciJunit");
var STATUSES = { passed: "passed", failed: "failed", inconclusive: "error", skipped: "skipped" };
function caseOf({ name, verdict: verdict3, words, reasons, seconds }) {
  return {
    suite: "tollgate",
    test: null,
    code: `${name}-${verdict3}`,
    group: "tollgate.ci",
    name,
    file: null,
    line: null,
    seconds: seconds ?? 0,
    status: STATUSES[verdict3],
    message: words,
    traceback: reasons.join("\n"),
    output: ""
  };
}
__name(caseOf, "caseOf");

// core/ci/rows.ts
function fitRows(blocks, { limit, size }) {
  const shown = blocks.map(({ rows }) => rows.length);
  const sizes = blocks.map(({ rows }) => rows.map((row) => size(`${row}
`)));
  const totals = sizes.map((each) => each.reduce((sum, one) => sum + one, 0));
  for (; ; ) {
    const joined = join(blocks, shown);
    let excess = size(joined) - limit;
    if (excess <= 0 || shown.every((keep) => keep === 0)) return joined;
    while (excess > 0) {
      const largest = totals.indexOf(Math.max(...totals));
      const keep = shown[largest] ?? 0;
      if (keep === 0) break;
      const freed = sizes[largest]?.[keep - 1] ?? 0;
      shown[largest] = keep - 1;
      totals[largest] = (totals[largest] ?? 0) - freed;
      excess -= freed;
    }
  }
}
__name(fitRows, "fitRows");
function join(blocks, shown) {
  const texts = blocks.map(({ before, rows, after, more }, index) => {
    const keep = shown[index] ?? 0;
    const left = rows.length - keep;
    const kept = [...rows.slice(0, keep), ...left === 0 ? [] : [more ?? `and ${left} more in the report`]];
    return [before, ...kept, after].filter((part) => part !== "").join("\n");
  });
  return `${texts.filter((text2) => text2 !== "").join("\n\n")}
`;
}
__name(join, "join");

// core/ci/markdown.ts
var SUMMARY_LIMIT = 1 << 20;
var COMMENT_LIMIT = 6e4;
var MARKS = { passed: "\u2705", failed: "\u274C", inconclusive: "\u26A0\uFE0F", skipped: "\u2796" };
function ciSummary(status, summaries) {
  const folded = status.gates.flatMap(({ name }) => {
    const summary = summaries.get(name);
    if (summary === void 0) return [];
    return [
      {
        before: "",
        rows: [details(text(name), summary.trim())],
        after: "",
        more: `The details of ${text(name)} are in the report.`
      }
    ];
  });
  return fitRows([...head(status), ...whyBlocks(status), ...folded], {
    limit: SUMMARY_LIMIT - 1024,
    size: /* @__PURE__ */ __name((joined) => Buffer.byteLength(joined), "size")
  });
}
__name(ciSummary, "ciSummary");
function commentMark(key) {
  return `<!-- tollgate ci: ${key.replace(/[^\w./ -]/g, "")} -->`;
}
__name(commentMark, "commentMark");
function ciComment(status, { key, report = "" }) {
  const link = report === "" ? "" : `[The whole report](${report.replace(/[()\s<>]/g, (one) => encodeURIComponent(one))})`;
  return fitRows(
    [{ before: commentMark(key), rows: [], after: "" }, ...head(status), ...whyBlocks(status), plain(link)],
    { limit: COMMENT_LIMIT, size: /* @__PURE__ */ __name((joined) => joined.length, "size") }
  );
}
__name(ciComment, "ciComment");
function head(status) {
  const skipped = status.gates.filter(({ verdict: verdict3 }) => verdict3 === "skipped");
  return [
    plain(`## ${MARKS[status.verdict]} ${text(status.verdictInWords)}`),
    plain(
      [
        `Tollgate ${text(status.tollgate)}`,
        code(status.app),
        `source ${code(shortDigest(status.source))}`,
        ...status.revision === null ? [] : [`commit ${code(status.revision.slice(0, 12))}`],
        text(changedInWords(status)),
        duration(status.seconds)
      ].join(" \xB7 ")
    ),
    plain(gateTable(status)),
    plain(figureTable(status)),
    {
      before: skipped.length === 0 ? "" : "<details><summary>Not run, and why</summary>\n",
      rows: skipped.map(({ name, words }) => `- ${text(name)}: ${text(words, 1e3)}`),
      after: skipped.length === 0 ? "" : "\n</details>"
    }
  ];
}
__name(head, "head");
function gateTable({ gates: gates2 }) {
  return table(
    ["gate", "verdict", "time", ""],
    ["left", "left", "right", "left"],
    gates2.map(({ name, verdict: verdict3, seconds, cached, words }) => [
      text(name),
      `${MARKS[verdict3]} ${verdict3 === "passed" ? "passed" : `**${verdict3}**`}`,
      seconds === null ? "\u2013" : duration(seconds),
      `${text(words, 200)}${cached ? " (evidence of an earlier run)" : ""}`
    ])
  );
}
__name(gateTable, "gateTable");
function figureTable(status) {
  const figures2 = shownFigures(status);
  if (figures2.length === 0) return "";
  const compared = figures2.some(({ before }) => before !== null);
  return table(
    ["figure", "now", ...compared ? ["before", "change"] : []],
    ["left", "right", ...compared ? ["right", "right"] : []],
    figures2.map(({ title, now, before, difference }) => [
      text(title),
      now,
      ...compared ? [before ?? "\u2013", difference === "" ? before === null ? "" : "none" : `**${difference}**`] : []
    ])
  );
}
__name(figureTable, "figureTable");
function whyBlocks({ gates: gates2 }) {
  return gates2.filter(({ verdict: verdict3, reasons }) => (verdict3 === "failed" || verdict3 === "inconclusive") && reasons.length > 0).map(({ name, verdict: verdict3, reasons }) => ({
    before: `### ${text(name)} ${verdict3 === "failed" ? "failed" : "is inconclusive"}
`,
    rows: reasons.map((reason) => `- ${text(reason, 1e3)}`),
    after: ""
  }));
}
__name(whyBlocks, "whyBlocks");
function plain(block) {
  return { before: block, rows: [], after: "" };
}
__name(plain, "plain");

// core/ci/status.ts
var verdict2 = external_exports.enum(["passed", "failed", "skipped", "inconclusive"]);
var figure2 = external_exports.object({
  name: external_exports.string().describe(`Currently one of: ${ciGates.flatMap(({ ci: ci2 }) => Object.keys(ci2.figures)).join(", ")}.`),
  value: external_exports.number().describe("coverage: percent; image-size: bytes; p95: milliseconds; the others: a count."),
  before: external_exports.number().nullable().describe("The same figure of the baseline; null without one.")
});
var MOST_FAILED = 50;
var suite = external_exports.object({
  name: external_exports.string(),
  verdict: external_exports.enum(["passed", "failed"]),
  tests: external_exports.number().int(),
  failed: external_exports.number().int().describe("Tests that failed. A suite may fail although none did."),
  failedTests: external_exports.array(external_exports.string()).describe(`Ids of failed tests, the first ${MOST_FAILED}.`),
  seconds: external_exports.number().nullable().describe("null if it left no evidence. Of an earlier run if it is cached."),
  cached: external_exports.boolean().describe("Its evidence is of an earlier run on the same source.")
});
var gate = external_exports.object({
  name: external_exports.string().describe(`Currently one of: ${ciGates.map(({ name }) => name).join(", ")}.`),
  verdict: verdict2.describe("skipped: it did not run; `words` says why. It is never a pass."),
  words: external_exports.string().describe("The verdict in words."),
  reasons: external_exports.array(external_exports.string()).describe("Why it did not pass, each with what to do where that is known."),
  figures: external_exports.array(figure2),
  suites: external_exports.array(suite).default([]).describe("Of the gate `test`. Missing in files of earlier versions."),
  report: external_exports.string().nullable().describe("Folder of its own report, relative to this file; null if it made none."),
  cached: external_exports.boolean().describe("All of its evidence is of an earlier run on the same source."),
  from: external_exports.number().nullable().describe("Seconds after startedAt; null if it did not run."),
  seconds: external_exports.number().nullable()
});
var statusDocument = external_exports.object({
  format: external_exports.literal(1),
  tollgate: external_exports.string().describe("Version of Tollgate."),
  app: external_exports.string().describe("The app's folder inside the source."),
  source: external_exports.string().describe("Digest of the source."),
  revision: external_exports.string().nullable().describe("Commit of the source, where it is known."),
  verdict: external_exports.enum(["passed", "failed", "inconclusive"]),
  verdictInWords: external_exports.string(),
  changed: external_exports.number().int().nullable().describe("Files that differ from the base; null if the base is unknown."),
  startedAt: external_exports.string().describe("ISO 8601."),
  seconds: external_exports.number(),
  gates: external_exports.array(gate)
});
function statusOf(run2, states, baseline) {
  const gates2 = ciGates.flatMap(({ name }) => {
    const state = states.get(name);
    if (state === void 0) return [];
    if (state.kind !== "ended")
      return [
        {
          name,
          verdict: "skipped",
          words: state.kind === "skipped" ? state.why : "did not end",
          reasons: [],
          figures: [],
          suites: [],
          report: null,
          cached: false,
          from: null,
          seconds: null
        }
      ];
    const { verdict: verdict4, words, reasons, figures: figures2, suites, cached, product } = state.outcome;
    return [
      {
        name,
        verdict: verdict4,
        words,
        reasons: [...reasons],
        figures: figures2.map(({ name: name2, value }) => ({ name: name2, value, before: figureOf(baseline, name2) })),
        suites: (suites ?? []).map((one) => ({
          ...one,
          failedTests: one.failedTests.slice(0, MOST_FAILED),
          seconds: one.seconds === null ? null : round(one.seconds)
        })),
        report: product === null ? null : name,
        cached,
        from: round((state.from - run2.began) / 1e3),
        seconds: round(state.seconds)
      }
    ];
  });
  const verdict3 = overall(gates2);
  return {
    format: 1,
    tollgate: version,
    app: run2.app,
    source: run2.source,
    revision: run2.revision === "" ? null : run2.revision,
    verdict: verdict3,
    verdictInWords: wordsOf(verdict3, gates2),
    changed: run2.changed,
    startedAt: run2.startedAt,
    seconds: round(run2.seconds),
    gates: gates2
  };
}
__name(statusOf, "statusOf");
function overall(gates2) {
  if (gates2.some(({ verdict: verdict3 }) => verdict3 === "failed")) return "failed";
  if (gates2.some(({ verdict: verdict3 }) => verdict3 === "inconclusive") || gates2.every(({ verdict: verdict3 }) => verdict3 === "skipped"))
    return "inconclusive";
  return "passed";
}
__name(overall, "overall");
function wordsOf(verdict3, gates2) {
  const named = /* @__PURE__ */ __name((kind) => gates2.filter((gate2) => gate2.verdict === kind).map(({ name }) => name), "named");
  const [failed, inconclusive, skipped] = [named("failed"), named("inconclusive"), named("skipped")];
  const parts = [
    ...verdict3 === "passed" ? [count(named("passed").length, "gate")] : [],
    ...failed.length === 0 ? [] : [`${failed.length} of ${count(gates2.length, "gate")}: ${failed.join(", ")}`],
    ...inconclusive.length === 0 ? [] : [`inconclusive: ${inconclusive.join(", ")}`],
    ...skipped.length === 0 ? [] : [`not run: ${skipped.join(", ")}`]
  ];
  return `${verdict3.toUpperCase()}: ${parts.join("; ")}`;
}
__name(wordsOf, "wordsOf");
function figureOf(status, name) {
  const found = status?.gates.flatMap(({ figures: figures2 }) => figures2).find((one) => one.name === name);
  return found?.value ?? null;
}
__name(figureOf, "figureOf");
function round(seconds) {
  return Math.round(seconds * 1e3) / 1e3;
}
__name(round, "round");
function statusFile(status) {
  return `${JSON.stringify(status, null, 2)}
`;
}
__name(statusFile, "statusFile");
function readStatus(text2, place2) {
  try {
    return statusDocument.parse(JSON.parse(text2));
  } catch {
    throw new TollgateError(
      "status-unreadable",
      `${place2} is not a status.json of \`tollgate ci\` that this version can read.`,
      "Pass the folder of a report made by `tollgate ci` or `ci-report`, or leave out the option."
    );
  }
}
__name(readStatus, "readStatus");

// core/ci/folder.ts
async function ciReport({ status, states }, options) {
  const products = [...states].flatMap(
    ([name, state]) => state.kind === "ended" && state.outcome.product !== null ? [{ name, product: state.outcome.product }] : []
  );
  const suites = products.flatMap(({ product }) => product instanceof SuitesProduct ? product.run.result.suites : []);
  const parts = products.flatMap(({ product }) => product.part ?? []);
  const located = new Map(
    [...states].flatMap(([name, state]) => state.kind === "ended" ? [[name, state.outcome.located ?? []]] : [])
  );
  const summaries = new Map(
    products.flatMap(({ name, product }) => product.summary === "" ? [] : [[name, product.summary]])
  );
  let folder = dag.directory().withNewFile("status.json", statusFile(status)).withNewFile("summary.md", ciSummary(status, summaries)).withNewFile("annotations.txt", githubAnnotations(status)).withNewFile("gl-code-quality.json", codeQuality(status, located)).withNewFile("index.html", ciHtml(status, parts)).withNewFile("junit.xml", await ciJunit(status, suites));
  if (options.comment === "always" || isWorthTelling(status))
    folder = folder.withNewFile("pr-comment.md", ciComment(status, { key: options.key, report: options.url }));
  const folders = await Promise.all(
    products.map(async ({ name, product }) => ({ name, files: await product.folder() }))
  );
  for (const { name, files } of folders) folder = folder.withDirectory(name, files);
  for (const { name } of products)
    for (const file of gates[name].ci.files) folder = folder.withFile(file, folder.file(`${name}/${file}`));
  return folder;
}
__name(ciReport, "ciReport");

// core/ci/graph.ts
async function runGraph(options) {
  const { plan, failFast, run: run2, onChange, now = /* @__PURE__ */ __name(() => performance.now(), "now") } = options;
  const states = new Map(
    plan.map(({ name, leftOut: leftOut2 }) => [name, leftOut2 === null ? { kind: "waiting" } : { kind: "skipped", why: leftOut2 }])
  );
  const running = /* @__PURE__ */ new Map();
  const become = /* @__PURE__ */ __name((gate2, state) => {
    states.set(gate2, state);
    onChange(gate2, states);
  }, "become");
  for (const { name, leftOut: leftOut2 } of plan) if (leftOut2 !== null) onChange(name, states);
  let stopped = null;
  const start = /* @__PURE__ */ __name((gate2) => {
    const from = now();
    become(gate2, { kind: "running", since: from });
    const work = outcomeOf(() => run2(gate2, states)).then((outcome) => {
      running.delete(gate2);
      if (stopped !== null) return;
      become(gate2, { kind: "ended", outcome, from, seconds: (now() - from) / 1e3 });
      if (failFast && outcome.verdict !== "passed") stopped = gate2;
    });
    running.set(gate2, work);
  }, "start");
  for (; ; ) {
    for (const { name } of plan) {
      if (states.get(name)?.kind !== "waiting") continue;
      const ready = readiness(name, states);
      if (ready.kind === "never") become(name, { kind: "skipped", why: ready.why });
      else if (ready.kind === "now") start(name);
    }
    if (running.size === 0) return states;
    await Promise.race(running.values());
    if (stopped === null) continue;
    for (const [name, { kind }] of states)
      if (kind === "waiting" || kind === "running")
        become(name, { kind: "skipped", why: `stopped, because ${stopped} did not pass (--fail-fast)` });
    return states;
  }
}
__name(runGraph, "runGraph");
function readiness(gate2, states) {
  const { needs, alone } = gates[gate2].ci;
  for (const { gate: needed, must } of needs) {
    const state = states.get(needed);
    if (state === void 0) continue;
    if (state.kind === "waiting" || state.kind === "running") return { kind: "later" };
    if (state.kind === "skipped") continue;
    const { verdict: verdict3, product } = state.outcome;
    if (must === "passed" && verdict3 !== "passed") return { kind: "never", why: `${needed} did not pass` };
    if (product === null) return { kind: "never", why: `${needed} could not run` };
  }
  if (!alone) return { kind: "now" };
  const others = [...states].some(
    ([name, { kind }]) => name !== gate2 && (kind === "running" || kind === "waiting" && !gates[name].ci.alone)
  );
  return others ? { kind: "later" } : { kind: "now" };
}
__name(readiness, "readiness");
async function outcomeOf(work) {
  try {
    return await work();
  } catch (error) {
    const [words, next] = error instanceof TollgateError ? [error.message.split("\n")[0] ?? error.code, error.message] : [lastCause(error instanceof Error ? error.message : String(error)), null];
    return {
      verdict: "failed",
      words,
      reasons: [next ?? `${words} Unexpected error: run the gate by itself with --debug.`],
      figures: [],
      cached: false,
      product: null
    };
  }
}
__name(outcomeOf, "outcomeOf");

// core/ci/plan.ts
var UNTOUCHED = "it passed before, and the save touches none of its files";
var RULING = ["tollgate.yaml"];
function planGates({ paths, absent, change, saved }) {
  return ciGates.map(({ name, ci: ci2 }) => ({
    name,
    leftOut: absent.get(name) ?? withoutBase(ci2, change) ?? leftOutBy(name, ci2, { paths, change, saved })
  }));
}
__name(planGates, "planGates");
function withoutBase({ compares }, change) {
  return compares && change.kind === "unknown" ? `no base to compare with: ${change.why}` : null;
}
__name(withoutBase, "withoutBase");
function leftOutBy(name, ci2, filters) {
  if (ci2.paths === "none") return null;
  if (ci2.paths === "own") return leftOutByOwn(name, ci2, filters);
  const { of } = ci2.paths;
  const other = ciGates.find((gate2) => gate2.name === of);
  const why2 = other === void 0 ? null : leftOutByOwn(other.name, other.ci, filters);
  return why2 === null ? null : `${of} does not run: ${why2}`;
}
__name(leftOutBy, "leftOutBy");
function leftOutByOwn(name, ci2, { paths, change, saved }) {
  return leftOutByPatterns(name, paths, change) ?? leftOutAfterSave(name, ci2, paths, saved);
}
__name(leftOutByOwn, "leftOutByOwn");
function leftOutAfterSave(name, { alone }, paths, saved) {
  if (saved === null) return null;
  if (paths[name] === void 0)
    return alone ? `not run after a save, because tollgate.yaml has no paths.${name}` : null;
  const touched = leftOutByPatterns(name, paths, { kind: "known", files: saved.files }) === null;
  return touched || !saved.passed.has(name) ? null : UNTOUCHED;
}
__name(leftOutAfterSave, "leftOutAfterSave");
function leftOutByPatterns(name, paths, change) {
  const patterns = paths[name];
  if (patterns === void 0 || change.kind === "unknown") return null;
  const { files } = change;
  if (files.some((file) => RULING.includes(file) || patterns.some((pattern) => matchesPathOrFolder(file, pattern))))
    return null;
  return files.length === 0 ? "nothing changed since the base" : `none of the ${count(files.length, "changed file")} matches paths.${name} (${patterns.join(", ")})`;
}
__name(leftOutByPatterns, "leftOutByPatterns");

// core/ci/progress.ts
function progressLine(gate2, states, usual) {
  const state = states.get(gate2);
  const running = [...states].flatMap(([name, { kind }]) => kind === "running" ? [name] : []);
  switch (state?.kind) {
    case "running": {
      const expected = usual.get(gate2);
      return `ci: ${gate2} running${expected === void 0 ? "" : `, usually ${duration(expected)}`}`;
    }
    case "skipped":
      return line(`ci: ${gate2} skipped: ${state.why}`);
    case "ended": {
      const others = running.length === 0 ? "" : `; running: ${running.join(", ")}`;
      return `ci: ${gate2} ${state.outcome.verdict}, ${duration(state.seconds)}${others}`;
    }
    default:
      return `ci: ${gate2} waiting`;
  }
}
__name(progressLine, "progressLine");

// core/ci/times.ts
var history = external_exports.record(external_exports.string(), external_exports.array(external_exports.number().nonnegative()).max(100));
function timesOf(status) {
  return new Map(
    (status?.gates ?? []).flatMap(
      ({ name, verdict: verdict3, seconds, cached }) => cached || seconds === null || verdict3 !== "passed" ? [] : [[name, seconds]]
    )
  );
}
__name(timesOf, "timesOf");

// core/database/plan/lint.ts
var import_dotenv = __toESM(require_main(), 1);
import { randomUUID } from "node:crypto";

// core/database/copy/empty-scratch.ts
async function startEmptyScratch(server, login, reach, client, nonce) {
  const likeness = likenessOf(login);
  const warnings = /* @__PURE__ */ new Set();
  const make = /* @__PURE__ */ __name(async (before) => {
    const superuser = server.asSuperuser(client);
    for (const one of await runSetup(superuser, { likeness, before: [before], schema: null, nonce: nonce() }))
      warnings.add(one);
  }, "make");
  await server.start();
  await make(rolesScript(likeness, login.password, true));
  return {
    reach: reach.onCopy(server, login),
    likeness,
    server,
    options: "",
    named: /* @__PURE__ */ __name((database) => reach.onCopy(server, { ...login, database }), "named"),
    get warnings() {
      return [...warnings];
    },
    run: /* @__PURE__ */ __name((sql, database = login.database) => runSql(server.asSuperuser(client, database), sql, nonce()), "run"),
    empty: /* @__PURE__ */ __name(() => make(`DROP DATABASE IF EXISTS ${identifier(login.database)} WITH (FORCE);`), "empty")
  };
}
__name(startEmptyScratch, "startEmptyScratch");
function likenessOf({ user, database }) {
  const owner = {
    name: user,
    superuser: true,
    inherit: true,
    createRole: true,
    createDatabase: true,
    login: true,
    bypassRls: true
  };
  return {
    user,
    roles: [owner],
    members: [],
    settings: [],
    server: {},
    database: {
      name: database,
      owner: user,
      encoding: "UTF8",
      collate: "en_US.utf8",
      type: "en_US.utf8",
      icuLocale: null,
      privileges: null
    },
    extensions: []
  };
}
__name(likenessOf, "likenessOf");

// core/database/plan/lint.ts
async function lintMigrations(source, settings, { base, secrets }) {
  const app = await appFolder(source, settings);
  const server = new CopyServer(settings.database.image, LOGGING, randomUUID());
  const login = { user: "app", password: randomUUID(), database: "app" };
  const url = `${schemeOf(settings)}://${login.user}:${login.password}@database.tollgate:5432/${login.database}`;
  const { url: variable, env, x } = settings.database;
  const others = await othersOf(settings, secrets);
  const real = reachUrl(url, { variable, env, x, others, entryPoint: "cli" });
  const reach = real.onCopy(server, login);
  const loading = step("install dependencies", () => appWithAlembic(settings, app)).then(
    (container) => new PlanAlembic({ app: container, reach, settings })
  );
  loading.catch(() => void 0);
  const starting = step(
    "start an empty database",
    async () => startEmptyScratch(server, login, real, await clientPrograms(settings.database), randomUUID)
  );
  try {
    const scratch = await starting;
    const applied = await step("run the revisions of the base", () => applyBase(scratch, settings, base));
    const [digest, alembic] = await Promise.all([app.digest(), loading]);
    const plan = await planOn(scratch, {
      settings,
      environment: "none",
      runningSource: applied.kind === "applied" ? applied.base : void 0,
      digest,
      alembic,
      database: {
        facts: /* @__PURE__ */ __name(async (version2) => ({
          ...await factsOf(scratch),
          database: login.database,
          user: login.user,
          versionTable: version2,
          current: applied.current,
          currentOfEach: [version2.schema, ...version2.also ?? []].map(() => applied.current),
          record: applied.record
        }), "facts"),
        measured: /* @__PURE__ */ __name(async () => null, "measured"),
        versionsThere: true
      }
    });
    return { plan, fromEmpty: applied.kind === "applied" ? null : applied.why };
  } finally {
    await Promise.allSettled([loading.then((alembic) => alembic.stop()), server.stop()]);
  }
}
__name(lintMigrations, "lintMigrations");
function schemeOf({ qa }) {
  const { postgres } = qa.services;
  const [scheme = "postgresql"] = postgres === false ? [] : postgres.url.split("://");
  return scheme;
}
__name(schemeOf, "schemeOf");
async function othersOf({ database }, secrets) {
  const needed = database.secrets.filter((name) => !namesDatabase(name));
  if (needed.length === 0) return [];
  const values = secrets === void 0 ? {} : (0, import_dotenv.parse)(await secrets.plaintext());
  const missing = needed.filter((name) => !values[name]);
  if (missing.length > 0)
    throw new TollgateError(
      "secrets-missing",
      `--secrets does not hold ${missing.join(", ")}.`,
      "database.secrets of tollgate.yaml names them. Add values to --secrets; for a value that env.py only needs to be there, any will do."
    );
  return needed.map((name) => [name, values[name] ?? ""]);
}
__name(othersOf, "othersOf");
function nothingApplied(why2) {
  return { kind: "nothing", why: why2, current: [], record: { kind: "none" } };
}
__name(nothingApplied, "nothingApplied");
async function applyBase(scratch, settings, base) {
  if (base === null) return nothingApplied("the base is unknown");
  const before = await base.exists(SETTINGS_FILE) ? await readSettings(base) : settings;
  const { path } = before.app;
  if (path !== "." && !await base.exists(path)) return nothingApplied(`the base has no folder ${path}`);
  const app = await appFolder(base, before);
  const tool = await migrationTool(before, app);
  if (tool?.kind !== "alembic") return nothingApplied("the base has no alembic");
  const run2 = await upgradeFromEmpty(scratch.reach, before, app);
  if (run2.kind === "applied")
    return {
      kind: "applied",
      base,
      current: run2.ends,
      record: { kind: "chain", revisions: run2.revisions, broken: null }
    };
  await scratch.empty();
  return nothingApplied(run2.why);
}
__name(applyBase, "applyBase");
async function upgradeFromEmpty(reach, settings, app) {
  const alembic = await Alembic.of(settings, app);
  try {
    const { revisions, heads, ends, versionTables } = await alembic.inspect(reach);
    const target = upgradeTarget(revisions, heads);
    if (target === null) return { kind: "failed", why: "the base has several heads" };
    const { also = [] } = oneVersionTable(versionTables);
    const { lockTimeout, statementTimeout } = settings.database;
    const limits = { lockTimeout, statementTimeout, applicationName: "tollgate ci" };
    const { ok, error } = await alembic.upgrade(reach, [], target, limits, { tables: 1 + also.length });
    if (ok) return { kind: "applied", ends, revisions: revisions.map(asApplied) };
    return {
      kind: "failed",
      why: `the base's revisions fail on an empty database: ${firstLine(error ?? "no message")}`
    };
  } catch (error) {
    if (!(error instanceof TollgateError)) throw error;
    return { kind: "failed", why: `the base's revisions cannot be run: ${firstLine(error.message)}` };
  } finally {
    await alembic.end();
  }
}
__name(upgradeFromEmpty, "upgradeFromEmpty");
function asApplied({ revision, sha256 }) {
  return { revision, sha256, appliedAt: "the base" };
}
__name(asApplied, "asApplied");
function firstLine(text2) {
  return (text2.split("\n")[0] ?? text2).replace(/\.$/, "");
}
__name(firstLine, "firstLine");
var TABLES = `SELECT json_build_object(
  'serverVersion', split_part(current_setting('server_version'), ' ', 1),
  'tables', (SELECT coalesce(json_agg(json_build_object('schema', n.nspname, 'table', c.relname) ORDER BY n.nspname, c.relname), '[]')
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'm') AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp)'))`;
var tables = external_exports.object({
  serverVersion: external_exports.string(),
  tables: external_exports.array(external_exports.object({ schema: external_exports.string(), table: external_exports.string() }))
});
async function factsOf(scratch) {
  const facts = tables.parse(JSON.parse(await scratch.run(TABLES)));
  return { ...facts, tables: facts.tables.map((one) => ({ ...one, rows: null, exact: false, bytes: null })) };
}
__name(factsOf, "factsOf");

// core/database/plan/outcome.ts
function migrationsOutcome({ plan, fromEmpty }) {
  const errors = plan.findings.filter((finding) => finding.severity === "error" && finding.accepted === null);
  const counting = errors.filter((finding) => fromEmpty === null || concernsAll(finding));
  const only = errors.length - counting.length;
  const what = plan.revisions.length === 0 ? "no new revision" : amount(plan);
  return {
    verdict: counting.length === 0 ? "passed" : "failed",
    words: [
      counting.length === 0 ? "" : count(counting.length, "error"),
      what,
      warningsOf(plan.findings),
      only === 0 ? "" : `${count(only, "error")} not enforced`,
      fromEmpty === null ? "" : `on an empty database, because ${fromEmpty}`
    ].filter((part) => part !== "").join("; "),
    reasons: counting.map(reasonOf),
    figures: [],
    // without a base, what concerns a single revision may be of one that was applied long ago
    located: (fromEmpty === null ? plan.findings : counting).flatMap((finding) => locatedFinding(plan.app, finding)),
    cached: false
  };
}
__name(migrationsOutcome, "migrationsOutcome");
function concernsAll({ code: code2, revision }) {
  return revision === null || code2 === "upgrade-fails";
}
__name(concernsAll, "concernsAll");
function warningsOf(findings) {
  const warnings = counted(findings, "warning");
  return warnings === 0 ? "" : count(warnings, "warning");
}
__name(warningsOf, "warningsOf");
function reasonOf(finding) {
  const { code: code2, message: message2, help } = finding;
  const next = code2 === "upgrade-fails" ? "If the revisions begin from a schema that is made elsewhere, set database.lint.ci of tollgate.yaml to false." : help;
  return [code2, placeOf(finding), message2, next ?? ""].filter((part) => part !== "").join("  ");
}
__name(reasonOf, "reasonOf");
var WEIGHTS2 = { error: "critical", warning: "minor", note: "info" };
function locatedFinding(app, { code: code2, severity, revision, file, line: line2, message: message2, accepted }) {
  const path = file === null ? null : pathInSource(app, file);
  if (path === null || accepted !== null) return [];
  return [{ check: code2, weight: WEIGHTS2[severity], message: message2, path, line: line2, key: revision ?? "" }];
}
__name(locatedFinding, "locatedFinding");

// core/database/plan/ci.ts
var migrations = {
  absent: noRevisions,
  run: /* @__PURE__ */ __name(async ({ source, settings, base, secrets }) => {
    const lint = await lintMigrations(source, settings, { base, secrets });
    return { ...migrationsOutcome(lint), product: { folder: /* @__PURE__ */ __name(async () => lintReport(lint.plan), "folder"), summary: "" } };
  }, "run")
};
async function noRevisions(source, settings) {
  if (!settings.database.lint.ci) return "database.lint.ci is false";
  const tool = await migrationTool(settings, await appFolder(source, settings));
  switch (tool?.kind) {
    case "alembic":
      return null;
    case "commands":
      return "migration-plan judges commands with the database, and not without it";
    case void 0:
      return "the app has neither alembic nor Django, and tollgate.yaml has no database.commands";
  }
}
__name(noRevisions, "noRevisions");

// core/environment/ci.ts
var config = {
  run: /* @__PURE__ */ __name(async ({ source, settings }) => {
    const words = await validateListedFiles(settings, await appFolder(source, settings));
    return { verdict: "passed", words: words.trim(), reasons: [], figures: [], cached: false, product: null };
  }, "run")
};

// core/image/outcome.ts
function imageOutcome(result) {
  return {
    verdict: imagePassed(result) ? "passed" : "failed",
    words: wordsBehind(verdictLine2(result)),
    reasons: result.problems.map(({ code: code2, message: message2, next }) => `${code2}: ${message2}. ${next}`),
    figures: [{ name: "image-size", value: sizeOf(shownPlatform(result)) }],
    cached: result.started.kind === "seen" && result.started.cached
  };
}
__name(imageOutcome, "imageOutcome");

// core/image/ci.ts
var image = {
  run: /* @__PURE__ */ __name(async ({ source, stamp, secrets }) => {
    const { result } = await proveImage(source, { stamp, secrets, fresh: false, twice: false });
    return {
      ...imageOutcome(result),
      product: { folder: /* @__PURE__ */ __name(async () => imageReport(result), "folder"), summary: imageMarkdown(result) }
    };
  }, "run")
};

// core/load/outcome.ts
function loadOutcome(result) {
  const p95 = result.scenarios.flatMap(({ figures: figures2 }) => figures2?.times == null ? [] : [figures2.times.p95]);
  return {
    verdict: isPassed(result) ? "passed" : "failed",
    words: wordsBehind(loadVerdictLine(result)),
    reasons: reasonsOf(result).map(
      ({ code: code2, scenario, message: message2 }) => `${scenario === null ? "" : `${scenario}: `}${code2}: ${message2}`
    ),
    figures: p95.length === 0 ? [] : [{ name: "p95", value: Math.max(...p95) }],
    cached: false
  };
}
__name(loadOutcome, "loadOutcome");

// core/load/ci.ts
var load = {
  absent: /* @__PURE__ */ __name(async (_, settings) => settings.load === void 0 ? "tollgate.yaml has no section `load`" : null, "absent"),
  run: /* @__PURE__ */ __name(async ({ source, settings, secrets, run: run2 }) => {
    const scenarios = loadScenarios(Object.keys(settings.load?.scenarios ?? {}));
    const proof = await proveLoad(source, { scenarios, run: run2, url: "", confirm: "", secrets });
    return {
      ...loadOutcome(proof.result),
      product: {
        folder: /* @__PURE__ */ __name(() => loadReport(proof), "folder"),
        summary: loadMarkdown(proof.result),
        part: loadPart(proof.result)
      }
    };
  }, "run")
};
function loadScenarios(names) {
  return names.includes("smoke") ? ["smoke"] : [];
}
__name(loadScenarios, "loadScenarios");

// core/patch-coverage/ci.ts
import { dag as dag2 } from "../sdk/index.ts";

// core/patch-coverage/judge.ts
var patchReport = external_exports.object({
  src_stats: external_exports.record(
    external_exports.string(),
    external_exports.object({ violation_lines: external_exports.array(external_exports.number().int()), covered_lines: external_exports.array(external_exports.number().int()).default([]) })
  ),
  total_num_lines: external_exports.number().int(),
  total_num_violations: external_exports.number().int()
});
function readPatchReport(text2) {
  return patchReport.parse(JSON.parse(text2));
}
__name(readPatchReport, "readPatchReport");
function judgePatch(report, rule) {
  const { total_num_lines: lines, total_num_violations: missing } = report;
  if (lines === 0)
    return { verdict: "passed", words: "no measured line changed: nothing to cover", reasons: [], figures: [] };
  const covered = (lines - missing) / lines * 100;
  const enough = covered >= rule.threshold;
  const small = lines < rule.fewestLines;
  const figure3 = `${percent(covered)} of ${count(lines, "changed line")}`;
  const verdict3 = enough || small ? "passed" : "failed";
  return {
    verdict: verdict3,
    words: enough ? `${figure3}, threshold ${threshold(rule.threshold)}` : `${figure3} is below ${threshold(rule.threshold)}${small ? `; not enforced below ${count(rule.fewestLines, "changed line")}` : ""}`,
    reasons: verdict3 === "passed" ? [] : uncovered(report),
    figures: [{ name: "patch-coverage", value: covered }]
  };
}
__name(judgePatch, "judgePatch");
function uncovered({ src_stats: files }) {
  return Object.entries(files).filter(([, { violation_lines: missing }]) => missing.length > 0).sort(([, one], [, other]) => other.violation_lines.length - one.violation_lines.length).map(
    ([file, { violation_lines: missing }]) => `${file}: no suite runs ${missing.length === 1 ? "line" : "lines"} ${lineRanges(missing)}`
  );
}
__name(uncovered, "uncovered");

// core/patch-coverage/git-patch.ts
function gitPatch(patch) {
  return patch.replace(/^diff --git (?:"[ab]\/(.*)" "[ab]\/(.*)"|[ab]\/(.*) [ab]\/\3)$/gm, (_, __, quoted, plain2) => {
    const name = quoted === void 0 ? plain2 : unquoted(quoted);
    return `diff --git a/${name} b/${name}`;
  });
}
__name(gitPatch, "gitPatch");
function unquoted(name) {
  const bytes2 = [];
  for (const [part] of name.matchAll(/\\[0-7]{3}|\\.|[^\\]+/gs)) {
    if (/^\\[0-7]/.test(part)) bytes2.push(Number.parseInt(part.slice(1), 8));
    else bytes2.push(...Buffer.from(part.startsWith("\\") ? part.slice(1) : part));
  }
  return Buffer.from(bytes2).toString("utf8");
}
__name(unquoted, "unquoted");

// core/patch-coverage/patch.ts
var DIFF_COVER = [
  "diff-cover==11.0.1",
  "chardet==7.7.0",
  "Jinja2==3.1.6",
  "MarkupSafe==3.0.4",
  "pluggy==1.7.0",
  "Pygments==2.21.0"
];
var PLACE = "/patch";
var GIT = `#!/bin/sh
pwd
`;
async function patchCoverage(app, base, qa) {
  if (qa.coverage === null)
    throw new TollgateError(
      "patch-coverage-missing",
      "The suites left no coverage to compare with the change.",
      "Fix the gate test first: its report says why coverage is missing."
    );
  const container = tools().withWorkdir(`${PLACE}/source`).withDirectory(".", app).withNewFile(`${PLACE}/change.diff`, gitPatch(await app.changes(base).asPatch().contents())).withFile(`${PLACE}/lcov.info`, coverageLines(qa.coverage, qa.settings.qa.interpreter));
  const { code: code2, err, after } = await runProgram(container, [
    "diff-cover",
    `${PLACE}/lcov.info`,
    `--diff-file=${PLACE}/change.diff`,
    `--format=json:${PLACE}/patch.json,html:${PLACE}/report.html`,
    "--quiet"
  ]);
  if (code2 !== 0 || after === null)
    throw new TollgateError(
      "patch-coverage-broken",
      [`diff-cover ended with ${code2}:`, ...quotedTail(err, 5)].join("\n"),
      "Run the gate again with --debug, and open an issue with this output."
    );
  return {
    report: readPatchReport(await after.file(`${PLACE}/patch.json`).contents()),
    page: after.file(`${PLACE}/report.html`)
  };
}
__name(patchCoverage, "patchCoverage");
function tools() {
  return forTools("python:3.11-slim").withExec(["pip", "install", "--quiet", "--no-deps", ...DIFF_COVER]).withNewFile("/usr/local/bin/git", GIT, { permissions: 493 });
}
__name(tools, "tools");

// core/patch-coverage/ci.ts
var patchCoverage2 = {
  absent: /* @__PURE__ */ __name(async (_, settings) => settings.qa.coverage === null ? "tollgate.yaml has no qa.coverage" : null, "absent"),
  run: /* @__PURE__ */ __name(async ({ source, settings, base, product }) => {
    const suites = product("test");
    if (base === null || !(suites instanceof SuitesProduct) || settings.qa.coverage === null)
      throw new RangeError("patch-coverage needs a base, the suites' run and qa.coverage");
    const [app, before] = await Promise.all([appFolder(source, settings), baseFolder(base, settings)]);
    const { report, page: page2 } = await patchCoverage(app, before, suites.run);
    return {
      ...judgePatch(report, settings.qa.coverage.patch),
      cached: false,
      product: { folder: /* @__PURE__ */ __name(async () => dag2.directory().withFile("report.html", page2), "folder"), summary: "" }
    };
  }, "run")
};
async function baseFolder(base, settings) {
  const { path } = settings.app;
  return path === "." || await base.exists(path) ? base.directory(path) : dag2.directory();
}
__name(baseFolder, "baseFolder");

// core/scan/outcome.ts
function scanOutcome(result) {
  const refused = blocking(result);
  const accept = acceptance(result);
  return {
    verdict: scanVerdict(result),
    words: wordsBehind(verdictLine3(result)),
    reasons: [
      ...result.reasons.map(
        ({ code: code2, message: message2, next }) => [`${code2}: ${message2}`, next].filter((one) => one !== "").join(" ")
      ),
      ...refused.map(findingWords),
      ...accept === null ? [] : [accept]
    ],
    figures: [
      { name: "findings", value: result.findings.length },
      { name: "blocking-findings", value: refused.length }
    ],
    located: result.findings.flatMap(locatedFinding2),
    cached: false
  };
}
__name(scanOutcome, "scanOutcome");
function findingWords(finding) {
  const { severity, id, package: name, installed, places } = finding;
  const [first] = places;
  return [
    severity,
    id,
    ...name === null ? [] : [`${name} ${installed ?? ""}`.trim()],
    ...first === void 0 ? [] : [`in ${place(first.path, first.line)}`],
    ...finding.kind === "vulnerability" ? [finding.fixed === null ? fixedWords(finding) : `fixed in ${finding.fixed}`] : [finding.title]
  ].join("  ");
}
__name(findingWords, "findingWords");
var WEIGHTS3 = {
  critical: "blocker",
  high: "critical",
  medium: "major",
  low: "minor",
  unknown: "info"
};
function locatedFinding2({ kind, id, severity, title, places, disposition }) {
  if (kind === "vulnerability" || disposition.kind === "ignored") return [];
  return places.filter(({ scan: scan2 }) => scan2 === "repository").map(({ path, line: line2 }) => ({ check: id, weight: WEIGHTS3[severity], message: title, path, line: line2, key: title }));
}
__name(locatedFinding2, "locatedFinding");

// core/scan/ci.ts
var scan = {
  run: /* @__PURE__ */ __name(async ({ source, stamp, secrets, baseline }) => {
    const run2 = await scanSource(source, { run: "", baseline, stamp, secrets, now: /* @__PURE__ */ new Date() });
    return {
      ...scanOutcome(run2.result),
      product: { folder: /* @__PURE__ */ __name(() => scanReport(run2), "folder"), summary: scanMarkdown(run2.result), part: scanPart(run2.result) }
    };
  }, "run")
};

// core/ci/works.ts
var works = {
  config,
  test,
  "patch-coverage": patchCoverage2,
  image,
  scan,
  migrations,
  load
};

// core/ci/run.ts
async function runCi(request) {
  const { source, failFast, secrets, stamp } = request;
  const base = request.base === void 0 ? null : (await takeSource(request.base)).root;
  const startedAt = /* @__PURE__ */ new Date();
  const began = performance.now();
  const settings = await readSettings(source);
  const [digest, absent, change, earlier, baselines] = await Promise.all([
    // without Git's index, which differs from clone to clone
    takeSource(source).then(({ root }) => root.digest()),
    absentGates(source, settings),
    changeOf(source, base, request.whyNoBase),
    statusText(request.baseline),
    baselinesOf(request.baseline)
  ]);
  const usual = request.usual.size > 0 ? request.usual : timesOf(earlier);
  const { onChange = /* @__PURE__ */ __name((gate2, now) => process.stderr.write(`${terminalText(progressLine(gate2, now, usual))}
`), "onChange") } = request;
  const given = { source, settings, base, secrets, stamp, run: runId(startedAt) };
  const states = await runGraph({
    plan: planGates({ paths: settings.paths, absent, change, saved: request.saved ?? null }),
    failFast,
    run: /* @__PURE__ */ __name((gate2, sofar) => works[gate2].run({
      ...given,
      baseline: baselines.get(gate2) ?? null,
      product: /* @__PURE__ */ __name((other) => productOf(other, sofar), "product")
    }), "run"),
    onChange: /* @__PURE__ */ __name((gate2, now) => onChange(gate2, now, usual), "onChange")
  });
  const run2 = {
    app: settings.app.path,
    source: digest,
    revision: stamp.revision,
    changed: change.kind === "known" ? change.files.length : null,
    startedAt: startedAt.toISOString(),
    seconds: (performance.now() - began) / 1e3,
    began
  };
  return { status: statusOf(run2, states, earlier), states, usual };
}
__name(runCi, "runCi");
async function absentGates(source, settings) {
  const reasons = await Promise.all(
    ciGates.map(async ({ name }) => ({ name, why: await works[name].absent?.(source, settings) ?? null }))
  );
  return new Map(reasons.flatMap(({ name, why: why2 }) => why2 === null ? [] : [[name, why2]]));
}
__name(absentGates, "absentGates");
function productOf(gate2, states) {
  const state = states.get(gate2);
  return state?.kind === "ended" ? state.outcome.product : null;
}
__name(productOf, "productOf");
async function changeOf(source, base, why2) {
  if (base === null) return { kind: "unknown", why: why2 };
  const { root } = await takeSource(source);
  const changes = root.changes(base);
  const [added, modified, removed] = await Promise.all([
    changes.addedPaths(),
    changes.modifiedPaths(),
    changes.removedPaths()
  ]);
  const gone = await Promise.all(
    removed.map((path) => path.endsWith("/") ? filesIn(base, path.replace(/\/+$/, "")) : [path])
  );
  const files = [...added, ...modified, ...gone.flat()].filter((path) => !path.endsWith("/"));
  return { kind: "known", files: [...new Set(files)].sort() };
}
__name(changeOf, "changeOf");
async function filesIn(root, folder) {
  const paths = await root.directory(folder).glob("**/*");
  return paths.map((path) => `${folder}/${path}`);
}
__name(filesIn, "filesIn");
async function statusText(baseline) {
  const text2 = await textIn(baseline, "status.json");
  return text2 === null ? null : readStatus(text2, "--baseline");
}
__name(statusText, "statusText");
async function baselinesOf(baseline) {
  const texts = await Promise.all(
    ciGates.map(async ({ name, ci: ci2 }) => ({
      name,
      text: ci2.baseline === null ? null : await textIn(baseline, `${name}/${ci2.baseline}`)
    }))
  );
  return new Map(texts.flatMap(({ name, text: text2 }) => text2 === null ? [] : [[name, text2]]));
}
__name(baselinesOf, "baselinesOf");
async function textIn(folder, path) {
  if (folder === void 0 || !await folder.exists(path)) return null;
  return await folder.file(path).contents();
}
__name(textIn, "textIn");

// core/ci/screen.ts
function ciScreen(status, where) {
  const head2 = [
    line(
      [
        `Tollgate ${status.tollgate}`,
        "ci",
        status.app,
        `source ${shortDigest(status.source)}`,
        changedInWords(status)
      ].join(" \xB7 ")
    ),
    "",
    ...gateTable2(status, where.usual),
    ...figureLines(status)
  ];
  const foot = ["", `Full report: ${where.report}`, "", safe(status.verdictInWords)];
  const failed = status.gates.filter(({ verdict: verdict3 }) => verdict3 === "failed" || verdict3 === "inconclusive");
  return `${[...head2, ...why(failed, screenLines - head2.length - foot.length), ...leftOut(status), ...foot].join("\n")}
`;
}
__name(ciScreen, "ciScreen");
function gateTable2({ gates: gates2 }, usual) {
  const expected = gates2.map(({ name }) => expectedOf(name, usual));
  const shown = expected.some((cell) => cell !== "");
  const rows = gates2.map(({ name, verdict: verdict3, seconds, cached, words }, index) => [
    name,
    verdict3 === "failed" || verdict3 === "inconclusive" ? verdict3.toUpperCase() : verdict3,
    seconds === null ? "\u2013" : duration(seconds),
    ...shown ? [expected[index] ?? ""] : [],
    verdict3 === "skipped" ? "" : `${safe(words)}${cached ? ", evidence of an earlier run" : ""}`
  ]);
  const titles = ["gate", "verdict", "time", ...shown ? ["usually"] : [], ""];
  return alignColumns([titles, ...rows], ["left", "left", "right", ...shown ? ["right"] : [], "left"]).map(
    (row) => fit(row, screenColumns)
  );
}
__name(gateTable2, "gateTable");
function expectedOf(name, usual) {
  const expected = usual.get(name);
  return expected === void 0 ? "" : duration(expected);
}
__name(expectedOf, "expectedOf");
function figureLines(status) {
  const compared = shownFigures(status).filter(({ difference }) => difference !== "");
  if (compared.length === 0) return [];
  return [
    "",
    "Since the baseline",
    ...alignColumns(
      compared.map(({ title, before, now, difference }) => [`  ${title}`, before ?? "", "\u2192", now, difference]),
      ["left", "right", "left", "right", "left"]
    )
  ];
}
__name(figureLines, "figureLines");
function why(gates2, room) {
  if (gates2.length === 0) return [];
  const each = Math.max(3, Math.floor((room - 1) / gates2.length) - 2);
  return gates2.flatMap(({ name, verdict: verdict3, reasons }) => {
    const shown = reasons.slice(0, each);
    return [
      "",
      `Why ${name} ${verdict3 === "failed" ? "failed" : "is inconclusive"}`,
      ...shown.map((reason) => fit(`  ${safe(reason)}`, screenColumns)),
      ...reasons.length > shown.length ? [`  and ${reasons.length - shown.length} more in the report`] : []
    ];
  });
}
__name(why, "why");
function leftOut({ gates: gates2 }) {
  const skipped = gates2.filter(({ verdict: verdict3 }) => verdict3 === "skipped");
  if (skipped.length === 0) return [];
  return ["", "Not run", ...skipped.map(({ name, words }) => fit(`  ${name}: ${safe(words)}`, screenColumns))];
}
__name(leftOut, "leftOut");

// core/notify/ci-notice.ts
function ciNotice(status, before, context) {
  const known = new Set(brokenGates(before).map(({ name }) => name));
  const broken = brokenGates(status);
  if (status?.verdict === "passed") {
    const failedBefore = before !== null && before.verdict !== "passed";
    return failedBefore ? noticeOf("ci-recovered", status, context, []) : null;
  }
  if (status !== null && known.size > 0 && broken.every(({ name }) => known.has(name))) return null;
  const causes = status === null ? ["ci-report wrote no report: see the run"] : broken.map(({ name, words }) => `${name}: ${words}`);
  return noticeOf("ci-failed", status, context, causes);
}
__name(ciNotice, "ciNotice");
function brokenGates(status) {
  return (status?.gates ?? []).filter(({ verdict: verdict3 }) => verdict3 === "failed" || verdict3 === "inconclusive");
}
__name(brokenGates, "brokenGates");
function noticeOf(event, status, { service, branch, url, at }, causes) {
  return {
    event,
    service,
    environment: null,
    branch,
    url: url === "" ? null : url,
    release: null,
    run: status?.startedAt ?? at,
    who: "ci",
    why: status === null ? "" : wordsBehind(status.verdictInWords),
    digest: null,
    revision: status?.revision ?? null,
    planId: null,
    causes,
    serving: null,
    seconds: status?.seconds ?? null,
    at
  };
}
__name(noticeOf, "noticeOf");

// core/notify/tell-of-run.ts
async function tellOfRun(settings, { status, earlier, branch, url, notify }) {
  const { service } = settings.ledger;
  const notice = ciNotice(status, earlier, { service, branch, url, at: (/* @__PURE__ */ new Date()).toISOString() });
  if (notice === null) return "Nothing to send: the verdict is the same as in the run before.\n";
  const { values } = readDotenv(notify);
  const told = notifier(
    openChannels(settings.notifications, values),
    settings.notifications.wait,
    redactor([...values.values()])
  );
  told.tell(notice);
  const results = await told.settle();
  const lines = results.map(
    ({ channel, sent, error }) => safe(`${channel}: ${sent ? "sent" : `not sent: ${error ?? ""}`}`)
  );
  const none = `  no channel of tollgate.yaml is on for ${notice.event}`;
  return `${[messageOf(notice).title, ...lines.length === 0 ? [none] : lines.map((line2) => `  ${line2}`)].join("\n")}
`;
}
__name(tellOfRun, "tellOfRun");

// core/module/ci.ts
var REPORT = "dagger call ci-report export --path=tollgate-report/ci";
async function ci(source, asked) {
  const { status, usual } = await run(source, asked);
  return requirePassed("ci", status.verdict === "passed", ciScreen(status, { report: REPORT, usual }));
}
__name(ci, "ci");
async function ciReport2(source, given) {
  const { key, url, commentWhenChanged, ...asked } = given;
  return ciReport(await run(source, asked), { key, url, comment: commentWhenChanged ? "changed" : "always" });
}
__name(ciReport2, "ciReport");
async function ciVerdict(folder) {
  const status = await statusIn(folder);
  return requirePassed(
    "ci",
    status.verdict === "passed",
    ciScreen(status, { report: "index.html of --report", usual: /* @__PURE__ */ new Map() })
  );
}
__name(ciVerdict, "ciVerdict");
async function ciComment2(folder, { key, url }) {
  return dag3.file("pr-comment.md", ciComment(await statusIn(folder), { key, report: url }));
}
__name(ciComment2, "ciComment");
async function ciNotify(source, { report, before, notify, branch, url }) {
  const status = await readIfThere(report, "--report");
  const earlier = before === void 0 ? null : await readIfThere(before, "--before");
  return tellOfRun(await readSettings(source), { status, earlier, branch, url, notify: await notify.plaintext() });
}
__name(ciNotify, "ciNotify");
async function readIfThere(folder, place2) {
  if (!await folder.exists("status.json")) return null;
  return readStatus(await folder.file("status.json").contents(), place2);
}
__name(readIfThere, "readIfThere");
async function statusIn(folder) {
  const status = await readIfThere(folder, "--report");
  if (status !== null) return status;
  throw new TollgateError(
    "status-missing",
    "--report has no status.json.",
    "Pass the folder that `ci-report` exported. If there is no such folder, `ci-report` itself failed: see its output."
  );
}
__name(statusIn, "statusIn");
function run(source, { revision, created, sourceUrl, ...asked }) {
  return runCi({
    ...asked,
    source,
    usual: /* @__PURE__ */ new Map(),
    whyNoBase: "--base is not set",
    stamp: stampOf(revision, created, sourceUrl)
  });
}
__name(run, "run");
export {
  ci,
  ciComment2 as ciComment,
  ciNotify,
  ciReport2 as ciReport,
  ciVerdict
};
