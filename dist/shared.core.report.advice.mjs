import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  failedSuites,
  place,
  shareReasons,
  testName,
  verdictLine
} from "./shared.core.qa.combine.mjs";
import {
  alignColumns,
  fit,
  fitPath,
  fits,
  line,
  safe,
  screenColumns,
  screenLines,
  wrapWords
} from "./shared.core.presentation.columns.mjs";
import {
  duration,
  lineRanges,
  moment,
  percent,
  shortDigest,
  threshold
} from "./shared.core.shared.figures.mjs";
import {
  plainText
} from "./shared.core.shared.plain-text.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/report/advice.ts
var KNOWN = [
  {
    said: /relation "[^"]*" does not exist|UndefinedTable|no such table/,
    advice: 'the tables do not exist: make them before the tests, such as qa.before: ["alembic upgrade head"]'
  },
  {
    said: /OperationalError|connection to server (at|on)|could not connect to server|could not translate host name|Connect call failed \([^)]*543\d\)/,
    advice: 'the database did not answer where the app looked: it is at DATABASE_URL; in parts, qa.env: { DB_HOST: "{host}", DB_PORT: "{port}" }'
  },
  {
    said: /error while loading shared libraries|cannot open shared object file/,
    advice: "a library of Debian's is missing: name its package in app.packages"
  }
];
var MOST = 2;
function adviceOn(failed) {
  const said = failed.map(wordsOf).join("\n");
  const module = missingModule(said);
  return [
    ...module === null ? [] : [module],
    ...KNOWN.filter((known) => known.said.test(said)).map(({ advice: advice2 }) => advice2)
  ].slice(0, MOST);
}
__name(adviceOn, "adviceOn");
function wordsOf({ verdict, tests, evidence }) {
  return [
    ...verdict.kind === "failed" ? verdict.reasons.map(({ message }) => message) : [],
    ...tests.flatMap(({ problems }) => problems.flatMap(({ message, traceback }) => [message, traceback])),
    evidence?.outputTail ?? ""
  ].join("\n");
}
__name(wordsOf, "wordsOf");
function missingModule(said) {
  const [, name] = /No module named '([A-Za-z_]\w*)/.exec(said) ?? [];
  if (name === void 0) return null;
  return `${name} is not installed: add it to the dependencies; or, if it is the app's own in a folder such as src, qa.env: { PYTHONPATH: src }`;
}
__name(missingModule, "missingModule");

// core/report/summary.ts
function summary(result, where) {
  const advised = screenOf(result, where, advice(result));
  return `${(advised.length > screenLines ? screenOf(result, where, []) : advised).join("\n")}
`;
}
__name(summary, "summary");
function screenOf(result, where, advised) {
  const head = [...header(result), "", ...suiteTable(result), ...coverageLines(result)];
  const asides = [...advised, ...disagreements(result), ...notRun(result), ...unlisted(result)];
  const foot = [
    ...asides.length > 0 ? ["", ...asides] : [],
    "",
    `Full report: ${where.report}`,
    "",
    safe(verdictLine(result))
  ];
  return [...head, ...why(result, screenLines - head.length - foot.length), ...foot];
}
__name(screenOf, "screenOf");
function header(result) {
  const suites = result.suites.map((suite) => suite.suite).join(", ");
  const title = `Tollgate ${safe(result.tollgateVersion)} \xB7 ${safe(result.app)} \xB7 source ${safe(shortDigest(result.source))}`;
  return [
    fit(title, screenColumns),
    line(`suites: ${suites === "" ? "none" : suites}`),
    line(`dependencies: ${result.dependencies}`)
  ];
}
__name(header, "header");
function suiteTable(result) {
  const titles = ["suite", "tests", "passed", "failed", "skipped", "time", "verdict"];
  const rows = result.suites.map((suite) => [
    line(suite.suite, 30),
    ...[suite.counts.tests, suite.counts.passed, suite.counts.failed, suite.counts.skipped].map(String),
    suite.evidence === null ? "\u2013" : duration(suite.seconds),
    verdictCell(suite)
  ]);
  const table = alignColumns([titles, ...rows], ["left", "right", "right", "right", "right", "right", "left"]);
  const cached = result.suites.some((suite) => suite.cached);
  return cached ? [...table, "cached: evidence of an earlier run on the same source; use --fresh to run it again"] : table;
}
__name(suiteTable, "suiteTable");
function verdictCell(suite) {
  const verdict = suite.verdict.kind === "passed" ? "passed" : "FAILED";
  return suite.cached && suite.evidence !== null ? `${verdict}, cached from ${line(moment(suite.evidence.startedAt), 20)}` : verdict;
}
__name(verdictCell, "verdictCell");
function coverageLines(result) {
  const { coverage } = result;
  switch (coverage.kind) {
    case "not-asked":
      return [];
    case "missing":
      return ["", line(`no coverage, threshold ${threshold(coverage.threshold)}: ${coverage.why}`)];
    case "partial":
      return [
        "",
        `coverage ${percent(coverage.percent)} so far; the threshold of ${threshold(coverage.threshold)} applies to all suites together`
      ];
    case "passed":
      return ["", `coverage ${percent(coverage.percent)}, threshold ${threshold(coverage.threshold)}`];
    case "below": {
      const lowest = coverage.files.filter((file) => file.percent < 100).sort((a, b) => a.percent - b.percent).slice(0, 3);
      const rows = lowest.map((file) => [
        `  ${percent(file.percent)}`,
        fitPath(safe(file.file), 44),
        `lines ${lineRanges(file.missingLines)}`
      ]);
      const figures = `${percent(coverage.percent)}, threshold ${threshold(coverage.threshold)}`;
      return [
        "",
        `coverage ${figures}; lowest files:`,
        ...alignColumns(rows, ["right", "left", "left"]).map((row) => fit(row, screenColumns))
      ];
    }
  }
}
__name(coverageLines, "coverageLines");
function why(result, room) {
  const failed = failedSuites(result);
  if (failed.length === 0) return [];
  const fewest = Math.max(failed.length, 4);
  for (let limit = Math.max(12, fewest); ; limit -= 1) {
    const lines = reasons(failed, limit, 1);
    if (lines.length > room && limit > fewest) continue;
    return [3, 2].map((height) => reasons(failed, limit, height)).find((taller) => taller.length <= room) ?? lines;
  }
}
__name(why, "why");
function reasons(failed, limit, height) {
  const shares = shareReasons(failed, limit);
  const hidden = shares.reduce((sum, share) => sum + share.hidden, 0);
  return [
    "",
    "Why it failed",
    ...shares.flatMap((share) => [...suiteReasons(share, height), ...lastWords(share)]),
    ...hidden > 0 ? [`  and ${hidden} more in the full report`] : []
  ];
}
__name(reasons, "reasons");
function suiteReasons({ suite, shown, hidden }, height) {
  const more = hidden > 0 ? ` (${shown.length} of ${shown.length + hidden} reasons)` : "";
  const title = `  ${line(suite.suite, 40)}${more}`;
  const claim = suite.disagreement === null ? title : fit(`${title}: ${safe(suite.disagreement)}`, screenColumns);
  return [claim, ...shown.flatMap((reason) => reasonLines(reason, height))];
}
__name(suiteReasons, "suiteReasons");
function reasonLines(reason, height) {
  const about = [reason.file === null ? null : place(reason.file, reason.line), testName(reason)];
  const first = [reason.code, ...about].flatMap((part) => part === null ? [] : [safe(part)]).join("  ");
  const message = safe(reason.message);
  const both = `    ${first}: ${message}`;
  if (fits(both, screenColumns)) return [both];
  return [`    ${fit(first, screenColumns - 4)}`, ...wrapWords(message, screenColumns - 6, height).map((part) => `      ${part}`)];
}
__name(reasonLines, "reasonLines");
var needsLastWords = /* @__PURE__ */ new Set([
  "no-evidence",
  "runner-missing",
  "runner-ended-early",
  "before-failed",
  "timed-out",
  "file-not-collected",
  "record-not-closed",
  "internal-error"
]);
var telling = /usage:|error\b|Error:|Exception|No module|not found|No such file|unrecognized|invalid choice|Killed|denied/i;
function lastWords({ suite, shown }) {
  if (suite.verdict.kind !== "failed" || !suite.verdict.reasons.some((reason) => needsLastWords.has(reason.code)))
    return [];
  const printed = plainText(suite.evidence?.outputTail ?? "").split("\n").filter((text) => text.trim() !== "");
  const tell = printed.filter((text) => telling.test(text));
  const said = shown.flatMap((reason) => reasonLines(reason, 1)).join("\n");
  const chosen = (tell.length > 0 ? tell.slice(-3) : printed.slice(-1)).filter((text) => !said.includes(safe(text)));
  const [first, ...others] = chosen;
  if (first === void 0) return [];
  if (others.length === 0) return [fit(`    last output of the runner: ${safe(first)}`, screenColumns)];
  return ["    last output of the runner:", ...chosen.map((text) => `      | ${line(text, screenColumns - 8)}`)];
}
__name(lastWords, "lastWords");
function advice(result) {
  return adviceOn(failedSuites(result)).flatMap((text) => wrapWords(`May help: ${safe(text)}`, screenColumns, 2));
}
__name(advice, "advice");
function disagreements(result) {
  return result.suites.flatMap(
    (suite) => suite.disagreement === null || suite.verdict.kind === "failed" ? [] : [line(`Runner and evidence disagree, ${suite.suite}: ${suite.disagreement}`)]
  );
}
__name(disagreements, "disagreements");
function notRun(result) {
  if (result.notRun.length === 0) return [];
  const passed = result.suites.filter((suite) => suite.verdict.kind === "passed").map((suite) => suite.suite);
  const covers = passed.length === 0 ? "no suite passed" : `this run covers only ${passed.join(", ")}`;
  return [safe(`Not run: ${result.notRun.join(", ")}; ${covers}`)];
}
__name(notRun, "notRun");
function unlisted({ unlisted: files }) {
  if (files.length === 0) return [];
  const shown = files.slice(0, 5).join(", ");
  const more = files.length > 5 ? ` and ${files.length - 5} more, all in the report` : "";
  return [safe(`In no suite of tollgate.yaml, so not run: ${shown}${more}`)];
}
__name(unlisted, "unlisted");

export {
  summary
};
