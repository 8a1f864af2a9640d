import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  buildOne,
  finishedImage,
  layoutDigest,
  matchesPathOrFolder
} from "./shared.core.image.build-platforms.mjs";
import {
  chooseRecipe,
  readBuildSecrets
} from "./shared.core.image.build-secrets.mjs";
import {
  detect,
  readLayout
} from "./shared.core.app.installation-advice.mjs";
import {
  SEVERITIES,
  USUAL_FILE,
  appFolder,
  readSettings,
  takeSource
} from "./shared.core.config.app.mjs";
import {
  version
} from "./shared.core.shared.version.mjs";
import {
  asExecError,
  namingNoSpace
} from "./shared.core.app.python.caches.mjs";
import {
  runId
} from "./shared.core.qa.run-id.mjs";
import {
  step
} from "./shared.core.shared.progress.mjs";
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
  TollgateError
} from "./shared.core.shared.errors.mjs";
import {
  external_exports
} from "./shared.zod.v4.classic.checks.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/scan/result.ts
function blocking(result2) {
  return result2.findings.filter((finding) => finding.disposition.kind === "blocking");
}
__name(blocking, "blocking");
function scanVerdict(result2) {
  if (blocking(result2).length > 0 || result2.reasons.some(({ code }) => code === "ignore-expired")) return "failed";
  return result2.reasons.length > 0 ? "inconclusive" : "passed";
}
__name(scanVerdict, "scanVerdict");
function scanPassed(result2) {
  return scanVerdict(result2) === "passed";
}
__name(scanPassed, "scanPassed");

// core/scan/accept.ts
var DAYS = 90;
var MOST = 3;
function acceptance(result2) {
  const unfixed = blocking(result2).filter(({ kind, fixed }) => kind === "vulnerability" && fixed === null);
  if (unfixed.length === 0) return null;
  const until = new Date(Date.parse(result2.startedAt) + DAYS * 864e5).toISOString().slice(0, 10);
  const entries = unfixed.slice(0, MOST).map(
    ({ id, package: name }) => `{ id: ${word(id)}${name === null ? "" : `, package: ${word(name)}`}, reason: "\u2026", until: ${until} }`
  );
  const others = unfixed.length > MOST ? `, and the same for ${unfixed.length - MOST} more` : "";
  return `No fix exists for ${unfixed.length === 1 ? "it" : "these"}. To accept ${unfixed.length === 1 ? "it" : "them"} for now: scan: { ignore: [${entries.join(", ")}] }${others}`;
}
__name(acceptance, "acceptance");
function word(text2) {
  return /^[A-Za-z][\w.+-]*$/.test(text2) ? text2 : JSON.stringify(text2);
}
__name(word, "word");

// core/scan/database-verdict.ts
var SCHEMA = 2;
var TOLERANCE_HOURS = 1;
var CORRECT_SETTING = "correct scan.database in tollgate.yaml";
var metadata = external_exports.object({
  Version: external_exports.number().int(),
  UpdatedAt: external_exports.iso.datetime({ offset: true })
});
function judgeDatabase(repository, text2, maxAgeHours, now) {
  const unknown = { repository, updatedAt: null, ageHours: null };
  const unreadable = /* @__PURE__ */ __name((why) => unusable(
    unknown,
    "database-unreadable",
    `${repository} is not a Trivy vulnerability database: ${why}`,
    CORRECT_SETTING
  ), "unreadable");
  if (text2 === null) return unreadable("metadata.json is missing");
  const parsed = metadata.safeParse(jsonOf(text2));
  if (!parsed.success)
    return unreadable(`metadata.json is invalid (${parsed.error.issues[0]?.path.join(".") || "not JSON"})`);
  const { Version, UpdatedAt } = parsed.data;
  const ageHours = (now.getTime() - Date.parse(UpdatedAt)) / 36e5;
  const database = { repository, updatedAt: UpdatedAt, ageHours };
  if (Version !== SCHEMA)
    return unusable(
      database,
      "database-schema",
      `the database ${repository} has schema version ${Version}; Trivy 0.69 reads version ${SCHEMA}`,
      `use the tag with that version: \u2026/trivy-db:${SCHEMA}`
    );
  if (ageHours < -TOLERANCE_HOURS)
    return unusable(
      database,
      "database-ahead",
      `the database ${repository} has a build time in the future: ${moment(UpdatedAt)}`,
      "correct the clock of the engine's machine, or find out who built that database"
    );
  if (ageHours > maxAgeHours) {
    const message = `the database ${repository} is ${hours(ageHours)} old; scan.maxDatabaseAge is ${hours(maxAgeHours)}. It has no vulnerabilities published since`;
    return unusable(database, "database-stale", message, staleHint(repository));
  }
  return { kind: "ready", database };
}
__name(judgeDatabase, "judgeDatabase");
function downloadProblem(repository, output) {
  const last = lastError(output);
  const words = shorten(last);
  const kinds = [
    [
      "database-missing",
      /MANIFEST_UNKNOWN|NAME_UNKNOWN|NAME_INVALID|manifest unknown|404 Not Found/i,
      "no vulnerability database at",
      CORRECT_SETTING
    ],
    [
      "database-denied",
      /UNAUTHORIZED|DENIED|401|403|TOOMANYREQUESTS|429/i,
      "the registry denied access to",
      "mirror the database where no login is needed, and name the mirror in scan.database"
    ],
    [
      "database-unreadable",
      /media type|single layer|annotation|gzip|archive|metadata|unexpected EOF|decompress/i,
      "not a vulnerability database:",
      CORRECT_SETTING
    ]
  ];
  const [code, , what, next] = kinds.find(([, pattern]) => pattern.test(last)) ?? [
    "database-unreachable",
    null,
    "could not download the vulnerability database from",
    "make it reachable from the engine's machine, or name a mirror in scan.database"
  ];
  return { code, message: `${what} ${repository}: ${words}`, next };
}
__name(downloadProblem, "downloadProblem");
function lastError(output) {
  const at = Math.max(output.lastIndexOf("FATAL"), output.lastIndexOf("	ERROR"));
  const text2 = at < 0 ? output.trim().split("\n").at(-1) ?? "" : output.slice(at);
  return text2.replace(/^\s*(FATAL|ERROR)\s+(\[[^\]]*\]\s+)?/, "").replace(/\s+/g, " ").trim();
}
__name(lastError, "lastError");
function shorten(text2) {
  const parts = text2.split(/: (?=[^/])/);
  return parts.length <= 3 ? text2 : parts.slice(-3).join(": ");
}
__name(shorten, "shorten");
function unusable(database, code, message, next) {
  return { kind: "unusable", database, reason: { code, message, next } };
}
__name(unusable, "unusable");
function jsonOf(text2) {
  try {
    return JSON.parse(text2);
  } catch {
    return null;
  }
}
__name(jsonOf, "jsonOf");
function isSmallDatabase(repository) {
  return repository.includes("tollgate/small-trivy-db");
}
__name(isSmallDatabase, "isSmallDatabase");
function staleHint(repository) {
  return isSmallDatabase(repository) ? "rebuild it with `npx tollgate engine up --with=trivy`" : "check the job that updates the mirror, then run again with --fresh";
}
__name(staleHint, "staleHint");
function hours(value) {
  if (value < 1) return `${Math.max(0, Math.round(value * 60))} min`;
  if (value < 48) return `${trimmed(value)} h`;
  return `${trimmed(value / 24)} days`;
}
__name(hours, "hours");
function trimmed(value) {
  return value < 10 ? String(Math.round(value * 10) / 10) : String(Math.round(value));
}
__name(trimmed, "trimmed");

// core/scan/verdict.ts
function verdictLine(result2) {
  const verdict = scanVerdict(result2);
  return `${verdict.toUpperCase()}: ${verdict === "passed" ? passedWords(result2) : problemWords(result2).join("; ")}`;
}
__name(verdictLine, "verdictLine");
function whyTitle(result2) {
  return scanVerdict(result2) === "inconclusive" ? "Why it is inconclusive" : "Why it failed";
}
__name(whyTitle, "whyTitle");
function threshold({ settings: { failOn } }) {
  return failOn === "critical" ? "critical" : failOn === "unknown" ? "any severity" : `${failOn} or above`;
}
__name(threshold, "threshold");
function findingsWords(number, result2) {
  if (result2.settings.failOn === "critical")
    return number === 0 ? "no critical finding" : count(number, "critical finding");
  return `${number === 0 ? "no finding" : count(number, "finding")} of ${threshold(result2)}`;
}
__name(findingsWords, "findingsWords");
function passedWords(result2) {
  const of = /* @__PURE__ */ __name((kind) => result2.findings.filter((finding) => finding.disposition.kind === kind).length, "of");
  const others = [
    [of("below-threshold"), "below the threshold"],
    [of("unfixed"), "without a fix"],
    [of("ignored"), "ignored"]
  ].flatMap(([number, what]) => number === 0 ? [] : [`${number} ${what}`]);
  return [`${findingsWords(0, result2)}${among(result2)}`, ...others.length === 0 ? [] : [others.join(", ")]].join("; ");
}
__name(passedWords, "passedWords");
function among({ scanned }) {
  const checked = scanned.filter((one) => one.vulnerabilities);
  const shown = checked.find((one) => one.scan === "image") ?? checked.find((one) => one.scan === "lockfiles");
  if (shown === void 0) return "";
  const packages = shown.osPackages + shown.libraries.reduce((sum2, one) => sum2 + one.packages, 0);
  return ` in ${count(packages, "package")} of the ${shown.scan}`;
}
__name(among, "among");
function problemWords(result2) {
  const findings = blocking(result2).length;
  const words = findings === 0 ? [] : [findingsWords(findings, result2)];
  const codes = result2.reasons.map((reason) => reason.code);
  const expired2 = codes.filter((code) => code === "ignore-expired").length;
  const others = new Set(codes.filter((code) => code !== "ignore-expired").map((code) => PHRASES[code]));
  return [...words, ...others, ...expired2 === 0 ? [] : [`${count(expired2, "ignore has", "ignores have")} expired`]];
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
function scanScreen(result2, where) {
  const head = [...header(result2), "", ...countTable(result2)];
  const foot = ["", `Full report: ${where.report}`, "", safe(verdictLine(result2))];
  const room = screenLines - head.length - foot.length;
  const share = { findings: 14, reasons: 5, changes: 5, warnings: 6 };
  const fewest = { findings: 3, reasons: 2, changes: 1, warnings: 1 };
  const body = /* @__PURE__ */ __name(() => [
    ...findingLines(result2, share.findings),
    ...reasonLines(result2, share.reasons),
    ...changeLines(result2, share.changes),
    ...warningLines(result2, share.warnings)
  ], "body");
  for (const section of ["changes", "warnings", "findings", "reasons"])
    while (body().length > room && share[section] > fewest[section]) share[section] -= 1;
  return `${[...head, ...body(), ...foot].join("\n")}
`;
}
__name(scanScreen, "scanScreen");
function header(result2) {
  const parts = [`Tollgate ${result2.tollgateVersion}`, "scan", result2.app, `source ${shortDigest(result2.source)}`];
  if (result2.image !== null) parts.push(`image ${shortDigest(result2.image)}`);
  return [
    line(parts.join(" \xB7 ")),
    ...result2.scanned.map((scan) => line(scannedWords(scan, result2))),
    line(databaseWords(result2))
  ];
}
__name(header, "header");
function scannedWords(scanned, { settings }) {
  const libraries = scanned.libraries.reduce((sum2, one) => sum2 + one.packages, 0);
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
function countTable(result2) {
  const rows = [
    ["found", result2.findings],
    ["blocking", blocking(result2)],
    ["ignored", result2.findings.filter((finding) => finding.disposition.kind === "ignored")],
    ["without a fix", result2.findings.filter((finding) => finding.disposition.kind === "unfixed")]
  ];
  const shown = rows.filter(([name, findings]) => name === "found" || name === "blocking" || findings.length > 0);
  const cells = shown.map(([name, findings]) => [
    name,
    ...SEVERITIES.map((severity3) => String(findings.filter((finding) => finding.severity === severity3).length))
  ]);
  return alignColumns([["", ...SEVERITIES], ...cells], ["left", "right", "right", "right", "right", "right"]);
}
__name(countTable, "countTable");
function findingLines(result2, limit) {
  const all = blocking(result2);
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
  const width = Math.max(...left.map((text2) => text2.length));
  const places = ["where", ...shown.map((finding) => placeWords(finding, screenColumns - width - 2))];
  return [
    "",
    `Blocking findings (${threshold(result2)})`,
    ...left.map((text2, index) => fit(`${text2.padEnd(width)}  ${places[index] ?? ""}`.trimEnd(), screenColumns)),
    ...more(all.length - shown.length),
    ...wrapWords(safe(acceptance(result2) ?? ""), screenColumns - 2, 3).map((text2) => `  ${text2}`)
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
  const text2 = `${first.scan === "image" ? "image: " : ""}${safe(first.path)}${first.line === null ? "" : `:${first.line}`}`;
  return fitPath(text2, Math.max(12, room - rest.length)) + rest;
}
__name(placeWords, "placeWords");
function reasonLines(result2, limit) {
  const { reasons } = result2;
  if (reasons.length === 0) return [];
  const shown = reasons.slice(0, limit);
  const lines = shown.flatMap((reason) => [
    ...wrapped(`${reason.code}: ${safe(reason.message)}`, limit > 2 ? 3 : 2),
    ...reason.next === "" ? [] : [fit(`    \u2192 ${safe(reason.next)}`, screenColumns)]
  ]);
  return ["", whyTitle(result2), ...lines, ...more(reasons.length - shown.length)];
}
__name(reasonLines, "reasonLines");
function changeLines({ change }, limit) {
  if (change === null) return [];
  const { since, added, gone } = change;
  const entry = /* @__PURE__ */ __name((word2) => (finding) => fit(
    `  ${word2}  ${finding.severity}  ${safe(finding.id)}  ${safe(finding.package ?? finding.places[0]?.path ?? "")}`,
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
function wrapped(text2, lines) {
  return wrapWords(text2, screenColumns - 4, lines).map((part, index) => `${index === 0 ? "  " : "    "}${part}`);
}
__name(wrapped, "wrapped");
function more(hidden) {
  return hidden > 0 ? [`  and ${hidden} more in the report`] : [];
}
__name(more, "more");

// core/scan/findings.ts
function findingsOf(reports) {
  const all = reports.flatMap(([scan, report]) => report.Results.flatMap((result2) => found(scan, report, result2)));
  const merged = /* @__PURE__ */ new Map();
  for (const finding of all) {
    const known = merged.get(sameness(finding));
    if (known === void 0) merged.set(sameness(finding), finding);
    else known.places.push(...finding.places.filter((place) => !known.places.some((other) => samePlace(place, other))));
  }
  return [...merged.values()].sort(worstFirst);
}
__name(findingsOf, "findingsOf");
function found(scan, report, result2) {
  const vulnerabilities = result2.Vulnerabilities.map(
    (one) => ({
      kind: "vulnerability",
      id: one.VulnerabilityID,
      aliases: one.VendorIDs,
      severity: severityOf(one.Severity),
      title: one.Title,
      package: one.PkgName,
      installed: one.InstalledVersion,
      fixed: one.FixedVersion === "" ? null : one.FixedVersion,
      status: one.FixedVersion === "" && one.Status !== "" ? one.Status : null,
      url: orNull(one.PrimaryURL),
      places: [packagePlace(scan, report, result2, one)]
    })
  );
  const secrets = result2.Secrets.map(
    (one) => ({
      ...unpackaged,
      kind: "secret",
      id: one.RuleID,
      severity: severityOf(one.Severity),
      title: one.Title,
      places: [{ scan, path: filePath(result2.Target), line: lineOf(one.StartLine) }]
    })
  );
  const misconfigurations = result2.Misconfigurations.filter((one) => one.Status === "FAIL").map(
    (one) => ({
      ...unpackaged,
      kind: "misconfiguration",
      id: one.ID,
      aliases: one.AVDID === "" || one.AVDID === one.ID ? [] : [one.AVDID],
      severity: severityOf(one.Severity),
      title: one.Message === "" ? one.Title : one.Message,
      url: orNull(one.PrimaryURL),
      places: [{ scan, path: filePath(result2.Target), line: lineOf(one.CauseMetadata.StartLine) }]
    })
  );
  return [...vulnerabilities, ...secrets, ...misconfigurations];
}
__name(found, "found");
var unpackaged = { aliases: [], package: null, installed: null, fixed: null, status: null, url: null };
function packagePlace(scan, report, result2, one) {
  if (result2.Class === "os-pkgs") return { scan, path: osName(report) ?? result2.Target, line: null };
  if (one.PkgPath !== "") return { scan, path: one.PkgPath, line: null };
  const pinned = result2.Packages.find(
    (candidate) => candidate.Name === one.PkgName && candidate.Version === one.InstalledVersion
  );
  return { scan, path: filePath(result2.Target), line: lineOf(pinned?.Locations[0]?.StartLine ?? 0) };
}
__name(packagePlace, "packagePlace");
function osName(report) {
  const os = report.Metadata.OS;
  return os === void 0 || os.Family === "none" ? null : `${os.Family} ${os.Name}`.trim();
}
__name(osName, "osName");
function filePath(target) {
  return target.replace(/^\/+(?=[^/])/, "");
}
__name(filePath, "filePath");
function lineOf(line2) {
  return line2 > 0 ? line2 : null;
}
__name(lineOf, "lineOf");
function orNull(text2) {
  return text2 === "" ? null : text2;
}
__name(orNull, "orNull");
var SEVERITY = {
  CRITICAL: "critical",
  HIGH: "high",
  MEDIUM: "medium",
  LOW: "low",
  UNKNOWN: "unknown"
};
function severityOf(written) {
  return SEVERITY[written];
}
__name(severityOf, "severityOf");
function normalName(name) {
  return name.toLowerCase().replace(/[-_.]+/g, "-");
}
__name(normalName, "normalName");
function sameness(finding) {
  const [place] = finding.places;
  if (finding.kind === "vulnerability")
    return JSON.stringify([finding.id, normalName(finding.package ?? ""), finding.installed]);
  return JSON.stringify([finding.kind, finding.id, place?.scan, place?.path, place?.line, finding.title]);
}
__name(sameness, "sameness");
function samePlace(one, other) {
  return one.scan === other.scan && one.path === other.path && one.line === other.line;
}
__name(samePlace, "samePlace");
var KINDS = ["vulnerability", "secret", "misconfiguration"];
function worstFirst(one, other) {
  return SEVERITIES.indexOf(one.severity) - SEVERITIES.indexOf(other.severity) || KINDS.indexOf(one.kind) - KINDS.indexOf(other.kind) || (one.package ?? "").localeCompare(other.package ?? "", "en") || one.id.localeCompare(other.id, "en") || (one.places[0]?.path ?? "").localeCompare(other.places[0]?.path ?? "", "en");
}
__name(worstFirst, "worstFirst");

// core/scan/baseline.ts
var severity = external_exports.enum(["critical", "high", "medium", "low", "unknown"]);
var findingEntry = external_exports.object({
  kind: external_exports.enum(["vulnerability", "secret", "misconfiguration"]),
  id: external_exports.string(),
  aliases: external_exports.array(external_exports.string()).describe("Other ids of the same vulnerability, such as GHSA-\u2026."),
  severity,
  title: external_exports.string(),
  package: external_exports.string().nullable(),
  installed: external_exports.string().nullable(),
  fixed: external_exports.string().nullable().describe(
    "The versions that fix it, separated by commas; null: there is no fix yet, or the finding is not a vulnerability."
  ),
  status: external_exports.string().nullable().describe("The distribution's status of a vulnerability without a fix, such as affected or will_not_fix."),
  url: external_exports.string().nullable(),
  places: external_exports.array(
    external_exports.object({
      scan: external_exports.enum(["image", "lockfiles", "repository"]),
      path: external_exports.string().describe("Relative to the app's folder (lockfiles), to the source (repository) or to / (image)."),
      line: external_exports.number().int().nullable()
    })
  )
});
var earlier = external_exports.object({ format: external_exports.literal([1, 2]), startedAt: external_exports.string(), findings: external_exports.array(findingEntry) });
function readBaseline(text2) {
  let data;
  try {
    data = JSON.parse(text2);
  } catch {
    data = null;
  }
  const parsed = earlier.safeParse(data);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new TollgateError(
    "baseline-invalid",
    `--baseline is not a scan.json written by Tollgate: ${data === null ? "it is not JSON" : `${issue?.path.join(".")}: ${issue?.message}`}.`,
    "Nothing was scanned. Pass the scan.json of an earlier report: --baseline=tollgate-report/scan/scan.json."
  );
}
__name(readBaseline, "readBaseline");
function changeSince(baseline, findings) {
  return {
    since: baseline.startedAt,
    added: without(findings, baseline.findings),
    gone: without(baseline.findings, findings)
  };
}
__name(changeSince, "changeSince");
function without(findings, others) {
  const left = /* @__PURE__ */ new Map();
  for (const other of others) left.set(findingKey(other), (left.get(findingKey(other)) ?? 0) + 1);
  return findings.filter((finding) => {
    const count2 = left.get(findingKey(finding)) ?? 0;
    left.set(findingKey(finding), count2 - 1);
    return count2 <= 0;
  });
}
__name(without, "without");
function findingKey(finding) {
  const place = finding.package === null ? finding.places.map(({ scan, path }) => `${scan} ${path}`).sort() : normalName(finding.package);
  return JSON.stringify([finding.kind, finding.id, place]);
}
__name(findingKey, "findingKey");

// core/app/python/read-files.ts
import { posix } from "node:path";
async function filesOfInstallation({ dependencies }, repository) {
  if (dependencies.files !== null || dependencies.install !== null) return dependencies.files ?? [USUAL_FILE];
  try {
    const plan = detect(await readLayout(repository), { ...dependencies, purpose: "test" }, "app.dependencies");
    return plan.files.map((path) => posix.relative(repository.path, path)).filter((path) => !path.startsWith("../"));
  } catch (error) {
    if (error instanceof TollgateError && error.code === "dependencies-missing") return [];
    throw error;
  }
}
__name(filesOfInstallation, "filesOfInstallation");

// core/scan/ignores.ts
var DAY_MS = 24 * 60 * 60 * 1e3;
function applyIgnores(findings, ignores, app, now) {
  const today = Math.floor(now.getTime() / DAY_MS);
  const uses = ignores.map((entry) => {
    const daysLeft = Date.parse(`${entry.until}T00:00:00Z`) / DAY_MS - today;
    return {
      entry,
      daysLeft,
      expired: daysLeft < 0,
      covers: findings.filter(
        (finding) => isAbout(entry, finding) && finding.places.some((place) => isIn(entry, place, app))
      )
    };
  });
  const ignored = /* @__PURE__ */ new Map();
  for (const finding of findings) {
    const valid = uses.filter((use) => !use.expired && use.covers.includes(finding)).map((use) => use.entry);
    const [first] = valid;
    const everywhere = finding.places.every((place) => valid.some((entry) => isIn(entry, place, app)));
    if (first !== void 0 && everywhere) ignored.set(finding, { reason: first.reason, until: first.until });
  }
  return { uses, ignored };
}
__name(applyIgnores, "applyIgnores");
function isAbout(entry, finding) {
  const wanted = entry.id.toLowerCase();
  if (![finding.id, ...finding.aliases].some((id) => id.toLowerCase() === wanted)) return false;
  return entry.package === void 0 || finding.package !== null && normalName(finding.package) === normalName(entry.package);
}
__name(isAbout, "isAbout");
function isIn(entry, place, app) {
  if (entry.paths === void 0) return true;
  const names = place.scan === "lockfiles" && app !== "." ? [place.path, `${app}/${place.path}`] : [place.path];
  return entry.paths.some((pattern) => names.some((name) => matchesPathOrFolder(name, pattern.replace(/^\.?\/+/, ""))));
}
__name(isIn, "isIn");

// core/scan/judge.ts
var SOON = 14;
function judgeFindings({ settings, app, reports, complete, baseline, now }) {
  const findings = findingsOf(reports);
  const { uses, ignored } = applyIgnores(findings, settings.ignore, app, now);
  return {
    findings: findings.map((finding) => ({
      ...finding,
      disposition: disposition(finding, settings, ignored.get(finding))
    })),
    reasons: uses.filter((use) => use.expired).map((use) => expired(use, complete)),
    warnings: uses.filter((use) => !use.expired).flatMap((use) => remark(use, complete)),
    change: baseline === null ? null : changeSince(baseline, findings)
  };
}
__name(judgeFindings, "judgeFindings");
function disposition(finding, settings, ignored) {
  if (ignored !== void 0) return { kind: "ignored", ...ignored };
  if (SEVERITIES.indexOf(finding.severity) > SEVERITIES.indexOf(settings.failOn)) return { kind: "below-threshold" };
  if (settings.ignoreUnfixed && finding.kind === "vulnerability" && finding.fixed === null) return { kind: "unfixed" };
  return { kind: "blocking" };
}
__name(disposition, "disposition");
function expired({ entry, covers }, complete) {
  const still = covers.length > 0 ? "it is still found" : complete ? "it is no longer found" : "not every scan completed, so it may still be there";
  return {
    code: "ignore-expired",
    message: `the ignore of ${nameOf({ entry })} expired on ${entry.until} (\u201C${entry.reason}\u201D); ${still}`,
    next: covers.length === 0 && complete ? "remove it from scan.ignore" : "update the package, or set a later day in scan.ignore"
  };
}
__name(expired, "expired");
function remark({ entry, covers, daysLeft }, complete) {
  if (covers.length === 0)
    return complete ? [{ code: "ignore-unused", message: `${nameOf({ entry })} is no longer found: remove it from scan.ignore` }] : [];
  if (daysLeft > SOON) return [];
  const left = daysLeft === 0 ? "today is the last day" : `${count(daysLeft, "day")} left`;
  return [
    { code: "ignore-ends-soon", message: `the ignore of ${nameOf({ entry })} expires after ${entry.until}: ${left}` }
  ];
}
__name(remark, "remark");
function nameOf({ entry }) {
  return [entry.id, ...entry.package === void 0 ? [] : ["in", entry.package]].join(" ");
}
__name(nameOf, "nameOf");

// core/scan/lockfile-facts.ts
import { posix as posix2 } from "node:path";

// core/scan/requirements.ts
function requirementsIn(text2) {
  const found2 = [];
  const lines = text2.replaceAll("\0", "").replace(/^[\ufeff\ufffd]+/, "").split(/\r?\n/);
  for (let index = 0; index < lines.length; index += 1) {
    const first = index;
    let line2 = lines[index] ?? "";
    while (line2.endsWith("\\") && index + 1 < lines.length) line2 = line2.slice(0, -1) + (lines[++index] ?? "");
    const requirement = requirementOf(line2.replace(/(^|\s)#.*$/, "").trim());
    if (requirement !== null) found2.push({ name: requirement.name, line: first + 1 });
  }
  return found2;
}
__name(requirementsIn, "requirementsIn");
function requirementOf(line2) {
  if (line2 === "") return null;
  const editable = /^(?:-e|--editable)(?:\s+|=)(\S+)/.exec(line2)?.[1];
  if (line2.startsWith("-") && editable === void 0) return null;
  const wanted = editable ?? line2;
  if (/^\.?\.?(\/|$|\[)/.test(wanted)) return null;
  const egg = /#(?:.*&)?egg=([A-Za-z0-9][\w.-]*)/.exec(wanted)?.[1];
  if (egg !== void 0) return { name: egg };
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(wanted)) return { name: null };
  return { name: /^([A-Za-z0-9][\w.-]*)/.exec(wanted)?.[1]?.replace(/[-_.]+$/, "") ?? null };
}
__name(requirementOf, "requirementOf");
function notPinned(requirements, pinned) {
  const known = new Set([...pinned].map(normalName));
  return requirements.filter(({ name }) => name === null || !known.has(normalName(name)));
}
__name(notPinned, "notPinned");

// core/scan/scanned.ts
function scannedIn(scan, report, database) {
  const os = report.Metadata.OS;
  return {
    scan,
    vulnerabilities: database && scan !== "repository",
    osPackages: sum(
      report.Results.filter((result2) => result2.Class === "os-pkgs").map((result2) => result2.Packages.length)
    ),
    libraries: report.Results.filter((result2) => result2.Class === "lang-pkgs" && result2.Packages.length > 0).map(
      (result2) => ({
        path: result2.Target,
        type: result2.Type,
        packages: result2.Packages.length
      })
    ),
    configurationFiles: report.Results.filter((result2) => result2.Class === "config").length,
    os: os === void 0 || os.Family === "none" ? null : { family: os.Family, version: os.Name }
  };
}
__name(scannedIn, "scannedIn");
function libraryCount(scanned) {
  return sum((scanned?.libraries ?? []).map((one) => one.packages));
}
__name(libraryCount, "libraryCount");
var SUPPORTED = [
  "alpine",
  "alma",
  "amazon",
  "azurelinux",
  "bottlerocket",
  "cbl-mariner",
  "debian",
  "ubuntu",
  "redhat",
  "centos",
  "rocky",
  "oracle",
  "opensuse-tumbleweed",
  "opensuse-leap",
  "sles",
  "slem",
  "photon",
  "wolfi",
  "chainguard",
  "echo",
  "minimos",
  "coreos"
];
function remarksOnImage(report, scanned) {
  const reasons = [];
  const warnings = [];
  const name = osName(report);
  if (scanned.osPackages === 0 && libraryCount(scanned) === 0)
    reasons.push({
      code: "image-empty",
      message: "Trivy found no packages in the image, neither of an operating system nor of a language: nothing was checked",
      next: "if the image really has none, set `image: false` under scan; the screen then says that it was not scanned"
    });
  else if (scanned.os === null)
    warnings.push({
      code: "os-unknown",
      message: `Trivy does not know the image's operating system: only its libraries were checked (${libraryCount(scanned)})`
    });
  else if (scanned.osPackages === 0)
    reasons.push({
      code: "os-packages-missing",
      message: `the image is ${name}, but its list of packages is missing: vulnerabilities of its system packages cannot be found`,
      next: "keep the package manager's files, such as /var/lib/dpkg, in the image"
    });
  else if (!SUPPORTED.includes(scanned.os.family))
    warnings.push({
      code: "os-not-supported",
      message: `Trivy does not support ${name}: its ${scanned.osPackages} system packages were not checked`
    });
  if (report.Metadata.OS?.EOSL === true)
    warnings.push({
      code: "os-end-of-life",
      message: `${name} is past its end of life: its vulnerabilities are no longer reported or fixed`
    });
  return { reasons, warnings };
}
__name(remarksOnImage, "remarksOnImage");
function systemInDatabase(os) {
  if (os === null) return null;
  const [major = "", minor = ""] = os.version.split(".");
  switch (os.family) {
    case "debian":
      return `debian ${major}`;
    case "ubuntu":
    case "alpine":
      return `${os.family} ${major}.${minor}`;
    default:
      return null;
  }
}
__name(systemInDatabase, "systemInDatabase");
var LOCKFILE_NAMES = [
  "package-lock.json",
  "yarn.lock",
  "pnpm-lock.yaml",
  "bun.lock",
  "poetry.lock",
  "uv.lock",
  "pdm.lock",
  "Pipfile.lock",
  "pylock.toml",
  "Gemfile.lock",
  "composer.lock",
  "Cargo.lock",
  "go.mod",
  "pom.xml",
  "gradle.lockfile",
  "packages.lock.json",
  "mix.lock",
  "pubspec.lock"
];
function remarksOnLockfiles(report, scanned, facts, imageLibraries) {
  const pinned = report.Results.filter((result2) => result2.Type === "pip").flatMap(
    (result2) => result2.Packages.map((one) => one.Name)
  );
  const loose = [...facts.requirements].flatMap(
    ([path, all]) => notPinned(all, pinned).map(({ name, line: line2 }) => ({ path, name, line: line2 }))
  );
  const warnings = [];
  const covered = imageLibraries > 0 ? "; their installed versions were checked in the image" : "; nothing else checked them";
  if (loose.length > 0) {
    const names = [...new Set(loose.map(({ path, name, line: line2 }) => name ?? `${path}:${line2}`))];
    const shown = names.slice(0, 4).join(", ") + (names.length > 4 ? ` and ${names.length - 4} more` : "");
    const asked = [...facts.requirements.values()].reduce((count2, all) => count2 + all.length, 0);
    warnings.push({
      code: "not-pinned",
      message: `${loose.length} of ${asked} requirements have no exact version and were not checked: ${shown}${covered}`
    });
  }
  const read = new Set(scanned.libraries.map((one) => one.path));
  const unread = facts.lockfiles.filter((file) => !read.has(file));
  for (const path of unread)
    warnings.push({
      code: "lockfile-not-read",
      message: `Trivy read no packages from ${path}: it is empty or cannot be parsed${covered}`
    });
  for (const path of facts.above)
    warnings.push({ code: "lockfile-not-read", message: `${path} is above app.path and was not scanned${covered}` });
  for (const path of facts.others.filter((file) => !facts.lockfiles.includes(file) && !hasLockfile(file, scanned)))
    warnings.push({
      code: "lockfile-not-read",
      message: `${path} pins nothing that Trivy reads, and has no lockfile beside it${covered}`
    });
  const asks = facts.others.length > 0 || facts.lockfiles.length > 0 || facts.above.length > 0 || [...facts.requirements.values()].some((all) => all.length > 0);
  if (asks && libraryCount(scanned) === 0 && imageLibraries === 0)
    return {
      warnings,
      reasons: [
        {
          code: "nothing-pinned",
          message: "the service has dependencies, but Trivy read no exact versions, and no image was scanned: nothing was checked",
          next: "pin them (`pip freeze`, `uv lock`, `poetry lock`), or scan the image"
        }
      ]
    };
  if (imageLibraries === 0 && unread.length + facts.above.length > 0)
    return {
      warnings,
      reasons: [
        {
          code: "lockfile-not-read",
          message: `Trivy read no packages from ${[...unread, ...facts.above].join(", ")}, and no image was scanned: these dependencies were not checked`,
          next: "scan the image (scan.image), or exclude the file with scan.skip if it is not deployed"
        }
      ]
    };
  return { reasons: [], warnings };
}
__name(remarksOnLockfiles, "remarksOnLockfiles");
function hasLockfile(path, scanned) {
  const folder = path.slice(0, path.lastIndexOf("/") + 1);
  return scanned.libraries.some(
    (one) => one.type !== "pip" && one.path.startsWith(folder) && !one.path.slice(folder.length).includes("/")
  );
}
__name(hasLockfile, "hasLockfile");
function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0);
}
__name(sum, "sum");

// core/scan/lockfile-facts.ts
var REQUIREMENTS = /\.(txt|in)$/;
async function lockfileFacts(source, path, files) {
  const app = source.directory(path);
  const there = await Promise.all(files.map(async (file) => await app.exists(file) ? file : null));
  const found2 = there.filter((file) => file !== null);
  const texts = await Promise.all(
    found2.filter((file) => REQUIREMENTS.test(file)).map(async (file) => [file, requirementsIn(await app.file(file).contents())])
  );
  const named = (await Promise.all(LOCKFILE_NAMES.map((name) => app.glob(`**/${name}`)))).flat();
  const higher = await Promise.all(
    foldersAbove(path).map(
      async (folder) => (await source.directory(folder).entries()).filter((name) => LOCKFILE_NAMES.includes(name)).map((name) => posix2.join(folder, name))
    )
  );
  const [lockfiles, above] = await Promise.all([pinning(app, named), pinning(source, higher.flat())]);
  return {
    requirements: new Map(texts),
    others: found2.filter((file) => !REQUIREMENTS.test(file)),
    lockfiles: lockfiles.sort(),
    above
  };
}
__name(lockfileFacts, "lockfileFacts");
function foldersAbove(path) {
  if (path === "." || path === "") return [];
  const parent = posix2.dirname(path);
  return [parent, ...foldersAbove(parent)];
}
__name(foldersAbove, "foldersAbove");
async function pinning(folder, paths) {
  const all = await Promise.all(paths.map(async (path) => await pins(folder, path) ? [path] : []));
  return all.flat();
}
__name(pinning, "pinning");
async function pins(folder, path) {
  return pinsSomething(posix2.basename(path), await folder.file(path).contents());
}
__name(pins, "pins");
function pinsSomething(name, text2) {
  switch (name) {
    case "package-lock.json":
      return !isJson(text2) || /"(resolved|integrity)"\s*:/.test(text2);
    case "uv.lock":
      return !/^version = \d+$/m.test(text2) || /^source = \{ (registry|git|url) /m.test(text2);
    case "poetry.lock":
    case "pdm.lock":
      return !/^\[metadata\]$/m.test(text2) || /^\[\[package\]\]/m.test(text2);
    case "Pipfile.lock":
      return !isJson(text2) || /"(version|hashes)"\s*:/.test(text2);
    case "go.mod":
      return !/^module\s/m.test(text2) || /^\s*require\b/m.test(text2);
    default:
      return true;
  }
}
__name(pinsSomething, "pinsSomething");
function isJson(text2) {
  try {
    JSON.parse(text2);
    return true;
  } catch {
    return false;
  }
}
__name(isJson, "isJson");

// core/scan/control.ts
var LIBRARY = { id: "CVE-2020-14343", name: "PyYAML", version: "5.3" };
var SYSTEM = { id: "CVE-2023-5363", name: "openssl", version: "3.0.9-1" };
var SECRET_RULE = "aws-access-key-id";
var SECRET_FILE = "srv/settings.txt";
var DOCKERFILE_RULE = "DS-0002";
function controlFiles() {
  const key = `AKIA${"Q4ZWTJ7RPX2MLD5K"}`;
  const metadata2 = `usr/lib/python3/dist-packages/${LIBRARY.name}-${LIBRARY.version}.dist-info/METADATA`;
  return [
    ["etc/os-release", 'NAME="Debian GNU/Linux"\nVERSION_ID="12"\nID=debian\n'],
    ["etc/debian_version", "12.1\n"],
    [
      "var/lib/dpkg/status",
      `Package: ${SYSTEM.name}
Status: install ok installed
Architecture: amd64
Maintainer: nobody
Version: ${SYSTEM.version}
Description: control

`
    ],
    [metadata2, `Metadata-Version: 2.1
Name: ${LIBRARY.name}
Version: ${LIBRARY.version}
`],
    [SECRET_FILE, `AWS_ACCESS_KEY_ID=${key}
`],
    ["srv/Dockerfile", "FROM scratch\n"]
  ];
}
__name(controlFiles, "controlFiles");
function missedInControl(report, scanners, debian) {
  const reasons = [];
  const vulnerabilities = report.Results.flatMap((result2) => result2.Vulnerabilities.map((one) => one.VulnerabilityID));
  if (scanners.includes("vulnerabilities")) {
    if (!vulnerabilities.includes(LIBRARY.id))
      reasons.push({
        code: "database-empty",
        message: `Trivy did not find ${LIBRARY.id} in ${LIBRARY.name} ${LIBRARY.version}, which every Trivy database lists: the database is empty, or not a Trivy database`,
        next: "correct scan.database in tollgate.yaml, or check the job that updates the mirror"
      });
    else if (debian && !vulnerabilities.includes(SYSTEM.id))
      reasons.push({
        code: "database-empty",
        message: `Trivy did not find ${SYSTEM.id} in Debian's ${SYSTEM.name} ${SYSTEM.version}: the database has no vulnerabilities of Debian 12`,
        next: "correct scan.database in tollgate.yaml, or check the job that updates the mirror"
      });
  }
  if (scanners.includes("secrets") && !report.Results.some((result2) => result2.Secrets.some((one) => one.RuleID === SECRET_RULE)))
    reasons.push(missed(`the AWS key in ${SECRET_FILE} of the control (rule ${SECRET_RULE})`, "secrets"));
  if (scanners.includes("misconfiguration") && !report.Results.some((result2) => result2.Misconfigurations.some((one) => one.ID === DOCKERFILE_RULE)))
    reasons.push(missed(`the Dockerfile without USER in the control (rule ${DOCKERFILE_RULE})`, "misconfiguration"));
  return reasons;
}
__name(missedInControl, "missedInControl");
function missed(what, scanner) {
  return {
    code: "control-missed",
    message: `Trivy did not find ${what}, so its results for ${scanner} cannot be trusted`,
    next: "this is a bug in Tollgate or in the engine's Trivy image; open an issue"
  };
}
__name(missed, "missed");

// core/scan/trivy.ts
import { dag } from "../sdk/index.ts";

// core/scan/trivy-report.ts
var text = external_exports.string().default("");
var list = /* @__PURE__ */ __name((item) => external_exports.array(item).default([]), "list");
var severity2 = external_exports.enum(["CRITICAL", "HIGH", "MEDIUM", "LOW", "UNKNOWN"]).default("UNKNOWN");
var vulnerability = external_exports.object({
  VulnerabilityID: external_exports.string(),
  VendorIDs: list(external_exports.string()),
  PkgName: external_exports.string(),
  /** For a library in an image: the file that lists it as installed. */
  PkgPath: text,
  InstalledVersion: text,
  FixedVersion: text,
  Status: text,
  Severity: severity2,
  Title: text,
  PrimaryURL: text
});
var secret = external_exports.object({ RuleID: external_exports.string(), Severity: severity2, Title: text, StartLine: external_exports.number().int().default(0) });
var misconfiguration = external_exports.object({
  ID: external_exports.string(),
  AVDID: text,
  Title: text,
  Message: text,
  Severity: severity2,
  Status: text,
  PrimaryURL: text,
  CauseMetadata: external_exports.object({ StartLine: external_exports.number().int().default(0) }).default({ StartLine: 0 })
});
var result = external_exports.object({
  Target: external_exports.string(),
  Class: text,
  Type: text,
  Packages: list(
    external_exports.object({
      Name: external_exports.string(),
      Version: text,
      Locations: list(external_exports.object({ StartLine: external_exports.number().int().default(0) }))
    })
  ),
  Vulnerabilities: list(vulnerability),
  Secrets: list(secret),
  Misconfigurations: list(misconfiguration)
});
var trivyReport = external_exports.object({
  SchemaVersion: external_exports.literal(2),
  Trivy: external_exports.object({ Version: text }).default({ Version: "" }),
  CreatedAt: text,
  Metadata: external_exports.object({
    OS: external_exports.object({ Family: external_exports.string(), Name: text, EOSL: external_exports.boolean().default(false) }).optional(),
    ImageID: text
  }).default({ ImageID: "" }),
  Results: list(result)
});
function readTrivyReport(text2) {
  let data;
  try {
    data = JSON.parse(text2);
  } catch {
    return { kind: "invalid", why: text2.trim() === "" ? "the report is empty" : "the report is not JSON" };
  }
  const parsed = trivyReport.safeParse(data);
  if (parsed.success) return { kind: "read", report: parsed.data };
  const [issue] = parsed.error.issues;
  return { kind: "invalid", why: `the report is not one of Trivy 0.69: ${issue?.path.join(".")}: ${issue?.message}` };
}
__name(readTrivyReport, "readTrivyReport");

// core/scan/trivy.ts
var IMAGE = "aquasec/trivy:0.69.0";
var ROOM = "/tollgate";
var SETTINGS = `${ROOM}/settings`;
var CACHE = `${ROOM}/cache`;
var REPORT = `${ROOM}/report.json`;
var DATABASE = `${CACHE}/db`;
var SECRET_SETTINGS = `disable-allow-rules: [tests, examples, markdown]
allow-rules:
  - id: example-values
    description: values that contain the word example
    regex: (?i)example
  - id: third-party-packages
    description: installed third-party packages
    path: (site|dist)-packages/
`;
var FILES = [
  ["trivy.yaml", "{}\n"],
  ["ignore", ""],
  ["secret.yaml", SECRET_SETTINGS]
];
var settingsOptions = ["--config", `${SETTINGS}/trivy.yaml`, "--cache-dir", CACHE];
var quietOptions = ["--disable-telemetry", "--skip-version-check", "--no-progress"];
function scanOptions(scanners, timeout) {
  return [
    ...settingsOptions,
    ...quietOptions,
    "--cache-backend",
    "memory",
    "--offline-scan",
    "--skip-db-update",
    "--skip-java-db-update",
    "--skip-check-update",
    "--ignorefile",
    `${SETTINGS}/ignore`,
    "--secret-config",
    `${SETTINGS}/secret.yaml`,
    "--scanners",
    scanners.join(","),
    "--timeout",
    `${timeout}s`,
    `--list-all-pkgs=${scanners.includes("vuln")}`,
    "--format",
    "json",
    "--output",
    REPORT
  ];
}
__name(scanOptions, "scanOptions");
function downloadOptions(repository, timeout) {
  return [
    "--download-db-only",
    "--db-repository",
    repository,
    ...settingsOptions,
    ...quietOptions,
    "--timeout",
    `${timeout}s`
  ];
}
__name(downloadOptions, "downloadOptions");
function convertOptions(format, from, to) {
  return ["--format", format, ...settingsOptions, "--ignorefile", `${SETTINGS}/ignore`, "--output", to, from];
}
__name(convertOptions, "convertOptions");
var NOWHERE = "http://127.0.0.1:9";
function withoutNetwork(container) {
  return ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"].reduce(
    (closed, name) => closed.withEnvVariable(name, NOWHERE),
    container
  );
}
__name(withoutNetwork, "withoutNetwork");
async function trivyContainer(name = IMAGE) {
  let settings = dag.directory();
  for (const [name2, text2] of FILES) settings = settings.withNewFile(name2, text2);
  const image = dag.container().from(name);
  try {
    const variables = await Promise.all(
      (await image.envVariables()).map(async (variable) => [await variable.name(), await variable.value()])
    );
    let trivy = image;
    for (const [name2] of variables) if (name2.startsWith("TRIVY_")) trivy = trivy.withoutEnvVariable(name2);
    const repository = variables.find(([name2]) => name2 === "TRIVY_DB_REPOSITORY")?.[1];
    return {
      trivy: trivy.withDirectory(SETTINGS, settings).withWorkdir(`${ROOM}/work`),
      repository: repository ?? null
    };
  } catch (error) {
    throw toolMissing(name, error);
  }
}
__name(trivyContainer, "trivyContainer");
function toolMissing(name, error) {
  const cause = (error instanceof Error ? error.message : String(error)).trim().split("\n").at(-1) ?? "";
  return new TollgateError(
    "tool-missing",
    `Could not pull Trivy's image ${name}: ${cause}`,
    "Nothing was scanned. Make Docker Hub or a mirror of it reachable from the engine. On the engine without Docker, build the image with `npx tollgate engine up --with=trivy`."
  );
}
__name(toolMissing, "toolMissing");
async function runTrivy(scan, container, args) {
  let text2;
  try {
    const finished = withoutNetwork(container).withExec(["trivy", ...args]);
    text2 = await finished.file(REPORT).contents();
  } catch (error) {
    const failed = asExecError(error);
    if (failed === null) throw error;
    return { kind: "failed", scan, reason: scanFailed(scan, failed.exitCode, failed.stderr) };
  }
  const reading = readTrivyReport(text2);
  if (reading.kind === "read") return { kind: "report", scan, text: text2, report: reading.report };
  return {
    kind: "failed",
    scan,
    reason: {
      code: "report-invalid",
      message: `the ${scan} scan left no readable report: ${reading.why}`,
      next: "run again; if it fails again, open an issue with Trivy's output"
    }
  };
}
__name(runTrivy, "runTrivy");
function scanFailed(scan, code, output) {
  const line2 = output.split("\n").filter((one) => /FATAL|panic:/.test(one)).at(-1) ?? output.trim().split("\n").at(-1) ?? "";
  const words = line2.replace(/^\S+\s+FATAL\s+/, "").replace(/\s+/g, " ").trim();
  const next = /Java DB/.test(line2) ? "the image has Java archives, for which Trivy needs an index that Tollgate does not download; set `image: false` under scan to leave the image out" : /deadline exceeded|timeout/i.test(line2) ? "raise scan.timeout in tollgate.yaml" : "run again; if it fails again, open an issue with Trivy's output";
  return {
    code: "trivy-failed",
    message: `Trivy exited with code ${code} in the ${scan} scan, which therefore has no result: ${words}`,
    next
  };
}
__name(scanFailed, "scanFailed");
function trivyOutline(run) {
  if (run === null) return "skipped: its scanners are not enabled";
  return run.kind === "failed" ? "failed" : "done";
}
__name(trivyOutline, "trivyOutline");

// core/scan/database.ts
var PUBLIC = "mirror.gcr.io/aquasec/trivy-db:2,ghcr.io/aquasecurity/trivy-db:2";
var REUSE_MS = 6 * 60 * 60 * 1e3;
async function fetchDatabase(trivy, settings, named, run, now) {
  const repository = settings.database ?? named ?? PUBLIC;
  const fetchAs = /* @__PURE__ */ __name((nonce) => fetchOnce(trivy, settings, repository, nonce, now), "fetchAs");
  const download = /* @__PURE__ */ __name(async (nonce) => ({ ...await fetchAs(nonce), reused: false }), "download");
  if (run !== "") return download(run);
  const copy = await fetchAs(`copy ${Math.floor(now.getTime() / REUSE_MS)}`);
  return copy.verdict.kind === "unusable" && copy.directory !== null ? download(runId(now)) : { ...copy, reused: true };
}
__name(fetchDatabase, "fetchDatabase");
async function fetchOnce(trivy, settings, repository, nonce, now) {
  const args = ["trivy", "image", ...downloadOptions(repository, settings.timeout)];
  const downloaded = trivy.withEnvVariable("TOLLGATE_DATABASE", nonce).withExec(args);
  try {
    const directory = downloaded.directory(DATABASE);
    const files = await directory.entries();
    const metadata2 = files.includes("metadata.json") ? await directory.file("metadata.json").contents() : null;
    return { verdict: judgeDatabase(repository, metadata2, settings.maxDatabaseAge, now), directory };
  } catch (error) {
    const failed = asExecError(error);
    if (failed === null) throw error;
    const database = { repository, updatedAt: null, ageHours: null };
    return {
      verdict: { kind: "unusable", database, reason: downloadProblem(repository, failed.stderr) },
      directory: null
    };
  }
}
__name(fetchOnce, "fetchOnce");

// core/scan/scans.ts
import { readFile } from "node:fs/promises";
import { dag as dag2, ReturnType } from "../sdk/index.ts";
var TRIVY = { vulnerabilities: "vuln", secrets: "secret", misconfiguration: "misconfig" };
var IMAGE2 = "/tollgate/image";
var LOCKFILES = "/tollgate/lockfiles";
var REPOSITORY = "/tollgate/repository";
var CONTROL = "/tollgate/control";
var SCRIPT = "/tollgate/remove-suppressions.sh";
var withDatabase = /* @__PURE__ */ __name(({ trivy, database }) => database === null ? trivy : trivy.withMountedDirectory(DATABASE, database), "withDatabase");
function chosen({ scanners, database }, wanted) {
  return wanted.filter((one) => scanners.includes(one) && (one !== "vulnerabilities" || database !== null)).map((one) => TRIVY[one]);
}
__name(chosen, "chosen");
async function scanControl(context) {
  const scanners = chosen(context, ["vulnerabilities", "secrets", "misconfiguration"]);
  if (scanners.length === 0) return null;
  let files = dag2.directory();
  for (const [path, text2] of controlFiles()) files = files.withNewFile(path, text2);
  return runTrivy("control", withDatabase(context).withMountedDirectory(CONTROL, files), [
    "rootfs",
    ...scanOptions(scanners, context.timeout),
    CONTROL
  ]);
}
__name(scanControl, "scanControl");
async function scanImage(context, layout) {
  const scanners = chosen(context, ["vulnerabilities", "secrets"]);
  if (scanners.length === 0) return null;
  const container = withDatabase(context).withMountedDirectory(IMAGE2, layout);
  const settings = scanners.includes(TRIVY.secrets) ? ["--image-config-scanners", TRIVY.secrets] : [];
  const [run, digest] = await Promise.all([
    runTrivy("image", container, ["image", ...scanOptions(scanners, context.timeout), ...settings, "--input", IMAGE2]),
    layoutDigest(layout)
  ]);
  return { run, digest };
}
__name(scanImage, "scanImage");
async function databaseKnows(context, system) {
  const asked = withDatabase(context).withExec(["grep", "-qF", system, `${DATABASE}/trivy.db`], {
    expect: ReturnType.Any
  });
  return await asked.exitCode() === 0;
}
__name(databaseKnows, "databaseKnows");
async function scanLockfiles(context, folder, files) {
  const scanners = chosen(context, ["vulnerabilities"]);
  if (scanners.length === 0) return null;
  const patterns = [
    String.raw`(^|/)(requirements|constraints)[^/]*\.(txt|in)$`,
    String.raw`(^|/)requirements/[^/]+\.(txt|in)$`
  ];
  for (const file of files) patterns.push(`^${file.replace(/[\\^$.|?*+()[\]{}]/g, "\\$&")}$`);
  const options = patterns.flatMap((pattern) => ["--file-patterns", `pip:${pattern}`]);
  const container = withDatabase(context).withMountedDirectory(LOCKFILES, folder);
  return runTrivy("lockfiles", container, ["fs", ...scanOptions(scanners, context.timeout), ...options, LOCKFILES]);
}
__name(scanLockfiles, "scanLockfiles");
async function scanRepository(context, source) {
  const scanners = chosen(context, ["secrets", "misconfiguration"]);
  if (scanners.length === 0) return null;
  const script = await readFile(new URL("container/remove-suppressions.sh", new URL("../core/scan/scans.ts", import.meta.url).href), "utf8");
  const prepared = context.trivy.withNewFile(SCRIPT, script).withDirectory(REPOSITORY, source).withExec(["sh", SCRIPT, REPOSITORY]);
  const [run, suppressions] = await Promise.all([
    runTrivy("repository", prepared, ["fs", ...scanOptions(scanners, context.timeout), REPOSITORY]),
    prepared.stdout()
  ]);
  const checked = run.kind === "report" ? run.report.Results.filter((result2) => result2.Class === "config").map((result2) => result2.Target) : [];
  return { run, warnings: notHonoured(suppressions, checked) };
}
__name(scanRepository, "scanRepository");
function notHonoured(suppressions, checked) {
  const paths = /* @__PURE__ */ __name((kind) => suppressions.split("\n").flatMap((line2) => line2.startsWith(`${kind} `) ? [line2.slice(kind.length + 1)] : []), "paths");
  const files = paths("file");
  const comments = paths("comment").filter((path) => checked.includes(path));
  return [
    ...files.length === 0 ? [] : [
      {
        code: "file-not-honoured",
        message: `${some(files)} has no effect. Ignore findings with scan.ignore in tollgate.yaml, with a reason and a last day`
      }
    ],
    ...comments.length === 0 ? [] : [
      {
        code: "comment-not-honoured",
        message: `trivy:ignore comments have no effect: ${some(comments)}. Add the finding to scan.ignore in tollgate.yaml`
      }
    ]
  ];
}
__name(notHonoured, "notHonoured");
var KEY_FILES = [
  "env",
  "env.*",
  "pem",
  "key",
  "json",
  "yaml",
  "yml",
  "toml",
  "ini",
  "cfg",
  "conf",
  "properties",
  "txt",
  "py"
].flatMap((ending) => [`**/*.${ending}`, `**/.${ending}`]);
async function secretsInIgnoredFiles(context, ignored) {
  const scanners = chosen(context, ["secrets"]);
  const files = ignored.filter({ include: KEY_FILES });
  if (scanners.length === 0 || (await files.entries()).length === 0) return [];
  const run = await runTrivy("repository", context.trivy.withMountedDirectory(REPOSITORY, files), [
    "fs",
    ...scanOptions(scanners, context.timeout),
    REPOSITORY
  ]);
  if (run.kind === "failed")
    return [
      {
        code: "secret-in-ignored-file",
        message: `the files that Git ignores could not be scanned: ${run.reason.message}`
      }
    ];
  const paths = run.report.Results.filter((result2) => result2.Secrets.length > 0).map((result2) => result2.Target);
  if (paths.length === 0) return [];
  return [
    {
      code: "secret-in-ignored-file",
      message: `secrets in files that Git ignores do not fail the gate: ${some(paths)}. No clone has these files`
    }
  ];
}
__name(secretsInIgnoredFiles, "secretsInIgnoredFiles");
function some(paths) {
  return paths.length > 3 ? `${paths.slice(0, 3).join(", ")} and ${paths.length - 3} more` : paths.join(", ");
}
__name(some, "some");

// core/scan/lookups.ts
async function lookUp(work) {
  const first = await lookUpOnce(work);
  return first.fetched?.reused === true && showsEmptyDatabase(first) ? lookUpOnce({ ...work, run: runId(work.now) }) : first;
}
__name(lookUp, "lookUp");
async function lookUpOnce({ settings, trivy, repository, image, app, files, run, now }) {
  const { scanners, timeout } = settings.scan;
  const fetched = scanners.includes("vulnerabilities") ? await step(
    "vulnerability database",
    () => fetchDatabase(trivy, settings.scan, repository, run, now),
    ({ verdict }) => verdict.kind === "ready" ? "ready" : "failed"
  ) : null;
  const context = {
    trivy,
    database: fetched?.verdict.kind === "ready" ? fetched.directory : null,
    scanners,
    timeout
  };
  const [control, ofImage, lockfiles] = await Promise.all([
    step("control", () => scanControl(context), trivyOutline),
    image === null ? null : step(
      "scan image",
      () => scanImage(context, image),
      (scan) => trivyOutline(scan?.run ?? null)
    ),
    step("scan lockfiles", () => scanLockfiles(context, app, files), trivyOutline)
  ]);
  return { fetched, context, control, image: ofImage, lockfiles };
}
__name(lookUpOnce, "lookUpOnce");
function showsEmptyDatabase({ context, control, image }) {
  if (context.database === null || control?.kind !== "report") return false;
  const debian = image?.run.kind === "report" && image.run.report.Metadata.OS?.Family === "debian";
  return missedInControl(control.report, ["vulnerabilities"], debian).length > 0;
}
__name(showsEmptyDatabase, "showsEmptyDatabase");

// core/scan/masking.ts
var QUOTES = /* @__PURE__ */ new Set(["Code", "Match", "RenderedCause", "Traces", "CreatedBy", "ImageConfig"]);
var ROOM2 = /^\/tollgate\/(image|lockfiles|repository)/;
function withoutQuotes(report) {
  const kept = JSON.parse(report, (key, value) => {
    if (QUOTES.has(key)) return void 0;
    return (key === "ArtifactName" || key === "Target") && typeof value === "string" ? value.replace(ROOM2, "$1") : value;
  });
  return `${JSON.stringify(kept, null, 1)}
`;
}
__name(withoutQuotes, "withoutQuotes");

// core/scan/remarks.ts
async function remarksOn(context, done, control, facts) {
  const vulnerabilities = context.database !== null;
  const reasons = [];
  const warnings = [];
  const scanned = done.map(({ scan, report }) => scannedIn(scan, report, vulnerabilities));
  const of = /* @__PURE__ */ __name((scan) => ({
    report: done.find((one) => one.scan === scan)?.report,
    scanned: scanned.find((one) => one.scan === scan)
  }), "of");
  const add = /* @__PURE__ */ __name((remarks) => {
    reasons.push(...remarks.reasons);
    warnings.push(...remarks.warnings);
  }, "add");
  const image = of("image");
  if (vulnerabilities && image.report !== void 0 && image.scanned !== void 0) {
    add(remarksOnImage(image.report, image.scanned));
    const system = image.scanned.osPackages > 0 ? systemInDatabase(image.scanned.os) : null;
    if (system !== null && !await databaseKnows(context, system))
      reasons.push({
        code: "os-not-in-database",
        message: `the database has no vulnerabilities of ${system}, the image's operating system: its ${image.scanned.osPackages} system packages were not checked`,
        next: "use a database that covers it, or another base image"
      });
  }
  const lockfiles = of("lockfiles");
  if (vulnerabilities && lockfiles.report !== void 0 && lockfiles.scanned !== void 0)
    add(remarksOnLockfiles(lockfiles.report, lockfiles.scanned, facts, libraryCount(image.scanned)));
  if (control?.kind === "report")
    reasons.push(
      ...missedInControl(
        control.report,
        vulnerabilities ? context.scanners : context.scanners.filter((one) => one !== "vulnerabilities"),
        image.scanned?.os?.family === "debian"
      )
    );
  return { reasons, warnings, scanned };
}
__name(remarksOn, "remarksOn");

// core/scan/run.ts
async function runScans(request) {
  const { settings, run, now } = request;
  const { scanners, timeout } = settings.scan;
  const taken = await takeSource(request.source);
  const source = taken.root.filter({ exclude: settings.scan.skip });
  const app = source.directory(settings.app.path);
  const [files, digest, { trivy, repository }, image] = await Promise.all([
    filesOfInstallation(settings.app, { root: source, path: settings.app.path }),
    source.digest(),
    trivyContainer(),
    request.image === null ? null : step("build image", request.image)
  ]);
  const offline = { trivy, database: null, scanners, timeout };
  const [{ fetched, context, control, image: ofImage, lockfiles }, ofRepository, facts, inIgnored] = await Promise.all([
    lookUp({ settings, trivy, repository, image, app, files, run, now }),
    step(
      "scan repository",
      () => scanRepository(offline, source),
      (scan) => trivyOutline(scan?.run ?? null)
    ),
    lockfileFacts(source, settings.app.path, files),
    secretsInIgnoredFiles(offline, source.diff(taken.everything().filter({ exclude: settings.scan.skip })))
  ]);
  const runs = [ofImage?.run, lockfiles, ofRepository?.run].flatMap(
    (run2) => run2 === null || run2 === void 0 ? [] : [run2]
  );
  const done = runs.flatMap(
    (run2) => run2.kind === "report" && run2.scan !== "control" ? [{ scan: run2.scan, report: run2.report, text: run2.text }] : []
  );
  const failures = [
    ...fetched?.verdict.kind === "unusable" ? [fetched.verdict.reason] : [],
    ...[control, ...runs].flatMap((run2) => run2?.kind === "failed" ? [run2.reason] : [])
  ];
  const remarks = await remarksOn(context, done, control, facts);
  const judged = judgeFindings({
    settings: settings.scan,
    app: settings.app.path,
    reports: done.map(({ scan, report }) => [scan, report]),
    complete: failures.length === 0,
    baseline: request.baseline,
    now
  });
  const { failOn, ignoreUnfixed, skip, maxDatabaseAge } = settings.scan;
  return {
    trivy,
    imageName: settings.image.name ?? null,
    endedAt: (/* @__PURE__ */ new Date()).toISOString(),
    reports: new Map(done.map(({ scan, text: text2 }) => [scan, withoutQuotes(text2)])),
    result: {
      app: settings.app.path,
      source: digest,
      tollgateVersion: version,
      trivyVersion: done[0]?.report.Trivy.Version ?? "",
      startedAt: now.toISOString(),
      settings: { failOn, ignoreUnfixed, scanners, skip, maxDatabaseAge },
      image: ofImage?.digest ?? null,
      database: fetched?.verdict.database ?? null,
      scanned: remarks.scanned,
      findings: judged.findings,
      reasons: [...failures, ...remarks.reasons, ...judged.reasons],
      warnings: [
        ...remarks.warnings,
        ...ofRepository?.warnings ?? [],
        ...inIgnored,
        ...judged.warnings,
        ...exclusions(settings.scan, fetched?.verdict.database.repository ?? "")
      ],
      change: judged.change
    }
  };
}
__name(runScans, "runScans");
function exclusions({ image, skip }, repository) {
  const warnings = [];
  if (!image)
    warnings.push({
      code: "not-scanned",
      message: "the image was not scanned (scan.image is false): its installed packages were not checked"
    });
  if (skip.length > 0) warnings.push({ code: "not-scanned", message: `not scanned (scan.skip): ${skip.join(", ")}` });
  if (isSmallDatabase(repository))
    warnings.push({
      code: "small-database",
      message: "the database is Tollgate's small one, for trying out the gate: it covers about fifty packages"
    });
  return warnings;
}
__name(exclusions, "exclusions");

// core/scan/prove.ts
async function scanSource(source, request) {
  const { run, stamp, now } = request;
  const baseline = request.baseline === null ? null : readBaseline(request.baseline);
  const settings = await readSettings(source);
  const [app, secrets] = await Promise.all([
    appFolder(source, settings),
    readBuildSecrets(request.secrets, settings.scan.image ? settings.image.buildSecrets : [])
  ]);
  const image = settings.scan.image ? () => imageLayout(settings, app, stamp, secrets) : null;
  return namingNoSpace("the engine's disk", () => runScans({ settings, source, run, image, baseline, now }));
}
__name(scanSource, "scanSource");
async function imageLayout(settings, app, stamp, secrets) {
  const recipe = await chooseRecipe(settings, app);
  const image = await buildOne(settings, app, recipe, { stamp, secrets, fresh: "" });
  return finishedImage([image], recipe, settings.image, stamp).layout.sync();
}
__name(imageLayout, "imageLayout");

export {
  convertOptions,
  blocking,
  scanVerdict,
  scanPassed,
  acceptance,
  verdictLine,
  whyTitle,
  threshold,
  scanScreen,
  scannedWords,
  databaseWords,
  fixedWords,
  findingEntry,
  scanSource
};
