import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  hours
} from "./shared.core.scan.database-verdict.mjs";
import {
  SEVERITIES
} from "./shared.core.config.scan.mjs";
import {
  blocking,
  scanVerdict
} from "./shared.core.scan.result.mjs";
import {
  alignColumns,
  fit,
  fitPath,
  line,
  safe,
  screenColumns,
  screenLines,
  wrapWords
} from "./shared.core.presentation.columns.mjs";
import {
  count,
  moment,
  shortDigest
} from "./shared.core.shared.figures.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/scan/verdict.ts
function verdictLine(result) {
  const verdict = scanVerdict(result);
  return `${verdict.toUpperCase()}: ${verdict === "passed" ? passedWords(result) : problemWords(result).join("; ")}`;
}
__name(verdictLine, "verdictLine");
function whyTitle(result) {
  return scanVerdict(result) === "inconclusive" ? "Why it is inconclusive" : "Why it failed";
}
__name(whyTitle, "whyTitle");
function threshold({ settings: { failOn } }) {
  return failOn === "critical" ? "critical" : failOn === "unknown" ? "any severity" : `${failOn} or above`;
}
__name(threshold, "threshold");
function findingsWords(number, result) {
  if (result.settings.failOn === "critical")
    return number === 0 ? "no critical finding" : count(number, "critical finding");
  return `${number === 0 ? "no finding" : count(number, "finding")} of ${threshold(result)}`;
}
__name(findingsWords, "findingsWords");
function passedWords(result) {
  const of = /* @__PURE__ */ __name((kind) => result.findings.filter((finding) => finding.disposition.kind === kind).length, "of");
  const others = [
    [of("below-threshold"), "below the threshold"],
    [of("unfixed"), "without a fix"],
    [of("ignored"), "ignored"]
  ].flatMap(([number, what]) => number === 0 ? [] : [`${number} ${what}`]);
  return [`${findingsWords(0, result)}${among(result)}`, ...others.length === 0 ? [] : [others.join(", ")]].join("; ");
}
__name(passedWords, "passedWords");
function among({ scanned }) {
  const checked = scanned.filter((one) => one.vulnerabilities);
  const shown = checked.find((one) => one.scan === "image") ?? checked.find((one) => one.scan === "lockfiles");
  if (shown === void 0) return "";
  const packages = shown.osPackages + shown.libraries.reduce((sum, one) => sum + one.packages, 0);
  return ` in ${count(packages, "package")} of the ${shown.scan}`;
}
__name(among, "among");
function problemWords(result) {
  const findings = blocking(result).length;
  const words = findings === 0 ? [] : [findingsWords(findings, result)];
  const codes = result.reasons.map((reason) => reason.code);
  const expired = codes.filter((code) => code === "ignore-expired").length;
  const others = new Set(codes.filter((code) => code !== "ignore-expired").map((code) => PHRASES[code]));
  return [...words, ...others, ...expired === 0 ? [] : [`${count(expired, "ignore has", "ignores have")} expired`]];
}
__name(problemWords, "problemWords");
var PHRASES = {
  "database-unreachable": "the vulnerability database cannot be downloaded",
  "database-missing": "the vulnerability database is missing",
  "database-denied": "access to the vulnerability database was denied",
  "database-unreadable": "the vulnerability database cannot be read",
  "database-schema": "the vulnerability database has an unsupported schema version",
  "database-stale": "the vulnerability database is too old",
  "database-ahead": "the vulnerability database has a build time in the future",
  "database-empty": "the vulnerability database is empty",
  "trivy-failed": "Trivy failed",
  "report-invalid": "Trivy left no readable report",
  "control-missed": "Trivy missed a known finding",
  "image-empty": "the image has no packages",
  "os-packages-missing": "the image has no list of system packages",
  "os-not-in-database": "the database does not cover the image's operating system",
  "nothing-pinned": "no dependency is pinned",
  "lockfile-not-read": "a lockfile was not read"
};

// core/scan/screen.ts
function scanScreen(result, where) {
  const head = [...header(result), "", ...countTable(result)];
  const foot = ["", `Full report: ${where.report}`, "", safe(verdictLine(result))];
  const room = screenLines - head.length - foot.length;
  const share = { findings: 14, reasons: 5, changes: 5, warnings: 6 };
  const fewest = { findings: 3, reasons: 2, changes: 1, warnings: 1 };
  const body = /* @__PURE__ */ __name(() => [
    ...findingLines(result, share.findings),
    ...reasonLines(result, share.reasons),
    ...changeLines(result, share.changes),
    ...warningLines(result, share.warnings)
  ], "body");
  for (const section of ["changes", "warnings", "findings", "reasons"])
    while (body().length > room && share[section] > fewest[section]) share[section] -= 1;
  return `${[...head, ...body(), ...foot].join("\n")}
`;
}
__name(scanScreen, "scanScreen");
function header(result) {
  const parts = [`Tollgate ${result.tollgateVersion}`, "scan", result.app, `source ${shortDigest(result.source)}`];
  if (result.image !== null) parts.push(`image ${shortDigest(result.image)}`);
  return [
    line(parts.join(" \xB7 ")),
    ...result.scanned.map((scan) => line(scannedWords(scan, result))),
    line(databaseWords(result))
  ];
}
__name(header, "header");
function scannedWords(scanned, { settings }) {
  const libraries = scanned.libraries.reduce((sum, one) => sum + one.packages, 0);
  switch (scanned.scan) {
    case "image": {
      const os = scanned.os === null ? [] : [`${scanned.os.family} ${scanned.os.version}`];
      const packages = scanned.vulnerabilities ? [count(scanned.osPackages, "system package"), count(libraries, "library", "libraries")] : ["packages not checked"];
      return `image: ${[...os, ...packages, ...settings.scanners.includes("secrets") ? ["secrets"] : []].join(", ")}`;
    }
    case "lockfiles":
      return `lockfiles: ${count(libraries, "package")} in ${count(scanned.libraries.length, "file")}`;
    case "repository": {
      const files = settings.scanners.includes("misconfiguration") ? [count(scanned.configurationFiles, "configuration file")] : [];
      return `repository: ${[...settings.scanners.includes("secrets") ? ["secrets"] : [], ...files].join(", ")}`;
    }
  }
}
__name(scannedWords, "scannedWords");
function databaseWords({ database, settings }) {
  if (database === null) return "database: none; not scanned for vulnerabilities";
  const age = database.ageHours === null ? "not usable" : `${hours(database.ageHours)} old, at most ${hours(settings.maxDatabaseAge)} allowed`;
  return `database: ${database.repository}, ${age}`;
}
__name(databaseWords, "databaseWords");
function countTable(result) {
  const rows = [
    ["found", result.findings],
    ["blocking", blocking(result)],
    ["ignored", result.findings.filter((finding) => finding.disposition.kind === "ignored")],
    ["without a fix", result.findings.filter((finding) => finding.disposition.kind === "unfixed")]
  ];
  const shown = rows.filter(([name, findings]) => name === "found" || name === "blocking" || findings.length > 0);
  const cells = shown.map(([name, findings]) => [
    name,
    ...SEVERITIES.map((severity) => String(findings.filter((finding) => finding.severity === severity).length))
  ]);
  return alignColumns([["", ...SEVERITIES], ...cells], ["left", "right", "right", "right", "right", "right"]);
}
__name(countTable, "countTable");
function findingLines(result, limit) {
  const all = blocking(result);
  if (all.length === 0) return [];
  const titles = ["severity", "id", "package", "installed", "fixed in"];
  const shown = all.slice(0, limit);
  const rows = shown.map((finding) => [
    finding.severity,
    line(finding.id, 24),
    line(finding.package ?? finding.kind, 18),
    line(finding.installed ?? "", 18),
    line(fixedWords(finding), 16)
  ]);
  const left = alignColumns([titles, ...rows], ["left", "left", "left", "left", "left"]);
  const width = Math.max(...left.map((text) => text.length));
  const places = ["where", ...shown.map((finding) => placeWords(finding, screenColumns - width - 2))];
  return [
    "",
    `Blocking findings (${threshold(result)})`,
    ...left.map((text, index) => fit(`${text.padEnd(width)}  ${places[index] ?? ""}`.trimEnd(), screenColumns)),
    ...more(all.length - shown.length)
  ];
}
__name(findingLines, "findingLines");
function fixedWords(finding) {
  if (finding.kind !== "vulnerability") return "";
  if (finding.fixed !== null) return finding.fixed;
  return finding.status === "will_not_fix" ? "won't fix" : "no fix yet";
}
__name(fixedWords, "fixedWords");
function placeWords(finding, room) {
  const order = ["lockfiles", "repository", "image"];
  const [first, ...others] = [...finding.places].sort(
    (one, other) => order.indexOf(one.scan) - order.indexOf(other.scan)
  );
  if (first === void 0) return "";
  const rest = others.length === 0 ? "" : ` +${others.length}`;
  const text = `${first.scan === "image" ? "image: " : ""}${safe(first.path)}${first.line === null ? "" : `:${first.line}`}`;
  return fitPath(text, Math.max(12, room - rest.length)) + rest;
}
__name(placeWords, "placeWords");
function reasonLines(result, limit) {
  const { reasons } = result;
  if (reasons.length === 0) return [];
  const shown = reasons.slice(0, limit);
  const lines = shown.flatMap((reason) => [
    ...wrapped(`${reason.code}: ${safe(reason.message)}`, limit > 2 ? 3 : 2),
    ...reason.next === "" ? [] : [fit(`    \u2192 ${safe(reason.next)}`, screenColumns)]
  ]);
  return ["", whyTitle(result), ...lines, ...more(reasons.length - shown.length)];
}
__name(reasonLines, "reasonLines");
function changeLines({ change }, limit) {
  if (change === null) return [];
  const { since, added, gone } = change;
  const entry = /* @__PURE__ */ __name((word) => (finding) => fit(
    `  ${word}  ${finding.severity}  ${safe(finding.id)}  ${safe(finding.package ?? finding.places[0]?.path ?? "")}`,
    screenColumns
  ), "entry");
  const all = [...added.map(entry("new ")), ...gone.map(entry("gone"))];
  return [
    "",
    line(`Since the baseline of ${moment(since)}: ${added.length} new, ${gone.length} gone`),
    ...all.slice(0, limit),
    ...more(all.length - limit)
  ];
}
__name(changeLines, "changeLines");
function warningLines({ warnings }, limit) {
  if (warnings.length === 0) return [];
  return [
    "",
    "Warnings",
    ...warnings.slice(0, limit).flatMap((warning) => wrapped(safe(warning.message), 2)),
    ...more(warnings.length - limit)
  ];
}
__name(warningLines, "warningLines");
function wrapped(text, lines) {
  return wrapWords(text, screenColumns - 4, lines).map((part, index) => `${index === 0 ? "  " : "    "}${part}`);
}
__name(wrapped, "wrapped");
function more(hidden) {
  return hidden > 0 ? [`  and ${hidden} more in the report`] : [];
}
__name(more, "more");

export {
  verdictLine,
  whyTitle,
  threshold,
  scanScreen,
  scannedWords,
  databaseWords,
  fixedWords
};
