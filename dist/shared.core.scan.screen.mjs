import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  isClean,
  refused
} from "./shared.core.scan.result.mjs";
import {
  hours
} from "./shared.core.scan.database-verdict.mjs";
import {
  SEVERITIES
} from "./shared.core.config.scan.mjs";
import {
  alignColumns,
  fit,
  fitPath,
  line,
  safe,
  screenColumns,
  screenLines,
  wrapWords
} from "./shared.core.report.columns.mjs";
import {
  count,
  moment,
  shortDigest
} from "./shared.core.report.figures.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/scan/verdict.ts
function verdictLine(result) {
  return isClean(result) ? `PROVEN: ${provenWords(result)}` : `RED: ${redWords(result).join("; ")}`;
}
__name(verdictLine, "verdictLine");
function threshold({ settings: { failOn } }) {
  return failOn === "critical" ? "critical" : failOn === "unknown" ? "any severity" : `${failOn} or above`;
}
__name(threshold, "threshold");
function findingsWords(number, result) {
  if (result.settings.failOn === "critical") return number === 0 ? "no critical finding" : count(number, "critical finding");
  return `${number === 0 ? "no finding" : count(number, "finding")} of ${threshold(result)}`;
}
__name(findingsWords, "findingsWords");
function provenWords(result) {
  const of = /* @__PURE__ */ __name((kind) => result.findings.filter((finding) => finding.disposition.kind === kind).length, "of");
  const others = [
    [of("below"), "below"],
    [of("unfixed"), "without a fix"],
    [of("ignored"), "ignored"]
  ].flatMap(([number, what]) => number === 0 ? [] : [`${number} ${what}`]);
  return [`${findingsWords(0, result)}${among(result)}`, ...others.length === 0 ? [] : [others.join(", ")]].join("; ");
}
__name(provenWords, "provenWords");
function among({ lookedAt }) {
  const checked = lookedAt.filter((one) => one.vulnerabilities);
  const looked = checked.find((one) => one.scan === "image") ?? checked.find((one) => one.scan === "lockfiles");
  if (looked === void 0) return "";
  const packages = looked.osPackages + looked.libraries.reduce((sum, one) => sum + one.packages, 0);
  return ` in ${count(packages, "package")} of the ${looked.scan}`;
}
__name(among, "among");
function redWords(result) {
  const findings = refused(result).length;
  const words = findings === 0 ? [] : [findingsWords(findings, result)];
  const codes = result.reasons.map((reason) => reason.code);
  const expired = codes.filter((code) => code === "ignore-expired").length;
  const others = new Set(codes.filter((code) => code !== "ignore-expired").map((code) => PHRASES[code]));
  return [...words, ...others, ...expired === 0 ? [] : [`${count(expired, "ignore has", "ignores have")} expired`]];
}
__name(redWords, "redWords");
var PHRASES = {
  "database-unreachable": "no vulnerability database can be reached",
  "database-missing": "there is no vulnerability database",
  "database-denied": "the vulnerability database is not handed out",
  "database-unreadable": "the vulnerability database cannot be read",
  "database-schema": "the vulnerability database has another format",
  "database-stale": "the vulnerability database is too old",
  "database-ahead": "the vulnerability database is from the future",
  "database-empty": "the vulnerability database is empty",
  "scan-failed": "a scan failed",
  "report-invalid": "a scan left no report",
  "control-missed": "a known finding was missed",
  "image-empty": "the image shows no package",
  "os-packages-missing": "the image hides its system packages",
  "os-not-in-database": "the database does not know the image's system",
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
  return [line(parts.join(" \xB7 ")), ...result.lookedAt.map((looked) => line(lookedAtWords(looked, result))), line(databaseWords(result))];
}
__name(header, "header");
function lookedAtWords(looked, { settings }) {
  const libraries = looked.libraries.reduce((sum, one) => sum + one.packages, 0);
  switch (looked.scan) {
    case "image": {
      const os = looked.os === null ? [] : [`${looked.os.family} ${looked.os.version}`];
      const packages = looked.vulnerabilities ? [count(looked.osPackages, "system package"), count(libraries, "library", "libraries")] : ["packages not checked"];
      return `image: ${[...os, ...packages, ...settings.scanners.includes("secrets") ? ["secrets"] : []].join(", ")}`;
    }
    case "lockfiles":
      return `lockfiles: ${count(libraries, "package")} in ${count(looked.libraries.length, "file")}`;
    case "repository": {
      const files = settings.scanners.includes("misconfiguration") ? [count(looked.configurationFiles, "configuration file")] : [];
      return `repository: ${[...settings.scanners.includes("secrets") ? ["secrets"] : [], ...files].join(", ")}`;
    }
  }
}
__name(lookedAtWords, "lookedAtWords");
function databaseWords({ database, settings }) {
  if (database === null) return "database: none; vulnerabilities were not looked for";
  const age = database.ageHours === null ? "not usable" : `${hours(database.ageHours)} old, ${hours(settings.maxDatabaseAge)} allowed`;
  return `database: ${database.repository}, ${age}`;
}
__name(databaseWords, "databaseWords");
function countTable(result) {
  const rows = [
    ["found", result.findings],
    ["refused", refused(result)],
    ["ignored", result.findings.filter((finding) => finding.disposition.kind === "ignored")],
    ["without a fix", result.findings.filter((finding) => finding.disposition.kind === "unfixed")]
  ];
  const shown = rows.filter(([name, findings]) => name === "found" || name === "refused" || findings.length > 0);
  const cells = shown.map(([name, findings]) => [name, ...SEVERITIES.map((severity) => String(findings.filter((finding) => finding.severity === severity).length))]);
  return alignColumns([["", ...SEVERITIES], ...cells], ["left", "right", "right", "right", "right", "right"]);
}
__name(countTable, "countTable");
function findingLines(result, limit) {
  const all = refused(result);
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
    `What is refused (${threshold(result)})`,
    ...left.map((text, index) => fit(`${text.padEnd(width)}  ${places[index] ?? ""}`.trimEnd(), screenColumns)),
    ...more(all.length - shown.length)
  ];
}
__name(findingLines, "findingLines");
function fixedWords(finding) {
  if (finding.kind !== "vulnerability") return "";
  if (finding.fixed !== null) return finding.fixed;
  return finding.status === "will_not_fix" ? "will not be" : "no fix yet";
}
__name(fixedWords, "fixedWords");
function placeWords(finding, room) {
  const order = ["lockfiles", "repository", "image"];
  const [first, ...others] = [...finding.places].sort((one, other) => order.indexOf(one.scan) - order.indexOf(other.scan));
  if (first === void 0) return "";
  const rest = others.length === 0 ? "" : ` +${others.length}`;
  const text = `${first.scan === "image" ? "image: " : ""}${safe(first.path)}${first.line === null ? "" : `:${first.line}`}`;
  return fitPath(text, Math.max(12, room - rest.length)) + rest;
}
__name(placeWords, "placeWords");
function reasonLines({ reasons }, limit) {
  if (reasons.length === 0) return [];
  const shown = reasons.slice(0, limit);
  const lines = shown.flatMap((reason) => [
    ...wrapped(`${reason.code}: ${safe(reason.message)}`, limit > 2 ? 3 : 2),
    ...reason.next === "" ? [] : [fit(`    \u2192 ${safe(reason.next)}`, screenColumns)]
  ]);
  return ["", "Why it is red", ...lines, ...more(reasons.length - shown.length)];
}
__name(reasonLines, "reasonLines");
function changeLines({ change }, limit) {
  if (change === null) return [];
  const { since, added, gone } = change;
  const entry = /* @__PURE__ */ __name((word) => (finding) => fit(`  ${word}  ${finding.severity}  ${safe(finding.id)}  ${safe(finding.package ?? finding.places[0]?.path ?? "")}`, screenColumns), "entry");
  const all = [...added.map(entry("new ")), ...gone.map(entry("gone"))];
  return ["", line(`Since the baseline of ${moment(since)}: ${added.length} new, ${gone.length} gone`), ...all.slice(0, limit), ...more(all.length - limit)];
}
__name(changeLines, "changeLines");
function warningLines({ warnings }, limit) {
  if (warnings.length === 0) return [];
  return ["", "Warnings", ...warnings.slice(0, limit).flatMap((warning) => wrapped(safe(warning.message), 2)), ...more(warnings.length - limit)];
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
  threshold,
  scanScreen,
  lookedAtWords,
  databaseWords,
  fixedWords
};
