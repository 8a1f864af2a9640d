import { createRequire as createRequireForBundle } from "node:module"; const require = createRequireForBundle(import.meta.url);
import {
  blocking,
  convertOptions,
  databaseWords,
  findingEntry,
  fixedWords,
  scanPassed,
  scanVerdict,
  scannedWords,
  threshold,
  verdictLine,
  whyTitle
} from "./shared.core.app.python.read-files.mjs";
import {
  code,
  details,
  icon,
  markup,
  newReport,
  nothing,
  page,
  table,
  text,
  tile,
  verdict
} from "./shared.core.presentation.html-markup.mjs";
import {
  SEVERITIES
} from "./shared.core.config.app.mjs";
import {
  clip,
  oneLine
} from "./shared.core.presentation.columns.mjs";
import {
  count,
  moment,
  shortDigest
} from "./shared.core.shared.figures.mjs";
import {
  external_exports
} from "./shared.zod.v4.classic.checks.mjs";
import {
  __name
} from "./shared.runtime.mjs";

// core/scan/convert.ts
var REPORTS = "/tollgate/reports";
var OUT = "/tollgate/converted";
async function convertReports(trivy, reports) {
  if (reports.size === 0) return { sarif: [], tables: [], bom: null };
  const scans = [...reports.keys()];
  const subject = scans.find((scan) => scan === "image") ?? scans.find((scan) => scan === "lockfiles");
  let container = trivy;
  for (const [scan, text2] of reports) container = container.withNewFile(`${REPORTS}/${scan}.json`, text2);
  const lines = scans.flatMap((scan) => [command("sarif", scan), command("table", scan)]);
  if (subject !== void 0) lines.push(command("cyclonedx", subject));
  const converted = container.withExec(["sh", "-c", [`mkdir ${OUT}`, ...lines].join(" && ")]).directory(OUT);
  const read = /* @__PURE__ */ __name((format) => Promise.all(
    scans.map(
      async (scan) => [scan, await converted.file(`${scan}.${format}`).contents()]
    )
  ), "read");
  const [sarif, tables, bom2] = await Promise.all([
    read("sarif"),
    read("table"),
    subject === void 0 ? null : converted.file(`${subject}.cyclonedx`).contents()
  ]);
  return { sarif, tables, bom: bom2 };
}
__name(convertReports, "convertReports");
function command(format, scan) {
  return [
    "trivy",
    "convert",
    "--quiet",
    ...convertOptions(format, `${REPORTS}/${scan}.json`, `${OUT}/${scan}.${format}`)
  ].join(" ");
}
__name(command, "command");

// core/scan/gitlab.ts
import { createHash } from "node:crypto";
var SCHEMA = "15.0.7";
function containerScanning({ result: result2, imageName, endedAt }) {
  if (result2.image === null) return null;
  const scanned = result2.scanned.find(({ scan }) => scan === "image");
  const system = scanned?.os == null ? "unknown" : `${scanned.os.family} ${scanned.os.version}`.trim();
  const gaps = result2.reasons.filter(({ code: code2 }) => code2 !== "ignore-expired");
  const image = imageName ?? result2.app;
  const document2 = {
    version: SCHEMA,
    scan: {
      analyzer: { id: "tollgate", name: "Tollgate", version: result2.tollgateVersion, vendor: { name: "Tollgate" } },
      scanner: {
        id: "trivy",
        name: "Trivy",
        version: result2.trivyVersion === "" ? "unknown" : result2.trivyVersion,
        vendor: { name: "Aqua Security" }
      },
      type: "container_scanning",
      start_time: secondOf(result2.startedAt),
      end_time: secondOf(endedAt),
      status: scanned === void 0 || gaps.length > 0 ? "failure" : "success",
      messages: [
        ...gaps.map(({ code: code2, message }) => ({ level: "fatal", value: oneLine(`${code2}: ${message}`) })),
        ...result2.warnings.map(({ code: code2, message }) => ({ level: "warn", value: oneLine(`${code2}: ${message}`) }))
      ]
    },
    vulnerabilities: result2.findings.filter(isOfImage).map((finding) => vulnerability(finding, image, system))
  };
  return `${JSON.stringify(document2, null, 2)}
`;
}
__name(containerScanning, "containerScanning");
function isOfImage({ kind, places, disposition: disposition2 }) {
  return kind === "vulnerability" && disposition2.kind !== "ignored" && places.some(({ scan }) => scan === "image");
}
__name(isOfImage, "isOfImage");
function secondOf(iso) {
  return new Date(iso).toISOString().slice(0, 19);
}
__name(secondOf, "secondOf");
function vulnerability(finding, image, system) {
  const { id, aliases, severity: severity2, title, package: name, installed, fixed, url } = finding;
  const dependency = { package: { name: name ?? "" }, version: installed ?? "" };
  const link = url !== null && /^(https?|ftp):\/\/./.test(url) ? { url } : {};
  return {
    id: createHash("sha256").update(JSON.stringify([image, id, dependency])).digest("hex"),
    name: oneLine(clip(title === "" ? id : title, 200)),
    description: clip(title, 1e4),
    severity: severity2.charAt(0).toUpperCase() + severity2.slice(1),
    ...fixed === null ? {} : { solution: oneLine(clip(`Upgrade ${name ?? ""} to ${fixed}.`, 5e3)) },
    identifiers: [
      { type: typeOf(id), name: id, value: id, ...link },
      ...aliases.map((alias) => ({ type: typeOf(alias), name: alias, value: alias }))
    ],
    links: "url" in link ? [link] : [],
    location: { dependency, operating_system: system, image }
  };
}
__name(vulnerability, "vulnerability");
function typeOf(id) {
  return /^[a-z]+/i.exec(id)?.[0].toLowerCase() ?? "trivy";
}
__name(typeOf, "typeOf");

// core/scan/markdown.ts
function scanMarkdown(result2) {
  const image = result2.image === null ? "" : ` \xB7 image ${code(shortDigest(result2.image))}`;
  const blocks = [
    `## ${scanPassed(result2) ? "\u2705" : "\u274C"} ${text(verdictLine(result2))}`,
    `Tollgate ${text(result2.tollgateVersion)} \xB7 ${code(result2.app)} \xB7 source ${code(shortDigest(result2.source))}${image}`,
    [...result2.scanned.map((scan) => scannedWords(scan, result2)), databaseWords(result2)].map((line) => `- ${text(line)}`).join("\n"),
    ...section(`Blocking findings (${threshold(result2)})`, findingTable(blocking(result2))),
    ...section(
      whyTitle(result2),
      list(
        result2.reasons.map(
          (reason) => `${code(reason.code)} ${text(reason.message)}${reason.next === "" ? "" : ` \u2192 ${text(reason.next)}`}`
        )
      )
    ),
    ...changes(result2),
    ...section("Warnings", list(result2.warnings.map((warning) => text(warning.message)))),
    ...others(result2)
  ];
  return `${blocks.join("\n\n")}
`;
}
__name(scanMarkdown, "scanMarkdown");
var MOST = 200;
function section(title, body) {
  return body === "" ? [] : [`### ${title}`, body];
}
__name(section, "section");
function list(lines) {
  return lines.map((line) => `- ${line}`).join("\n");
}
__name(list, "list");
function findingTable(findings, remark = () => "") {
  if (findings.length === 0) return "";
  const rows = findings.slice(0, MOST).map((finding) => [
    text(finding.severity),
    code(finding.id),
    [finding.package === null ? text(finding.kind) : code(finding.package), text(finding.title, 160)].join("<br>"),
    finding.installed === null ? "" : code(finding.installed),
    text(fixedWords(finding)),
    finding.places.slice(0, 3).map((place) => code(placeName(place))).join("<br>") + (finding.places.length > 3 ? `<br>and ${finding.places.length - 3} more` : ""),
    remark(finding)
  ]);
  const shown = rows.some((row) => row[6] !== "") ? 7 : 6;
  const titles = ["severity", "id", "what", "installed", "fixed in", "where", ""].slice(0, shown);
  const more = findings.length > MOST ? `

\u2026 and ${findings.length - MOST} more in the report.` : "";
  return table(
    titles,
    titles.map(() => "left"),
    rows.map((row) => row.slice(0, shown))
  ) + more;
}
__name(findingTable, "findingTable");
function placeName(place) {
  return `${place.scan === "image" ? "image: " : ""}${place.path}${place.line === null ? "" : `:${place.line}`}`;
}
__name(placeName, "placeName");
function changes({ change }) {
  if (change === null) return [];
  const { since, added, gone } = change;
  return [
    `### Since the baseline of ${text(moment(since))}: ${added.length} new, ${gone.length} gone`,
    ...added.length === 0 ? [] : [details(`${added.length} new`, findingTable(added))],
    ...gone.length === 0 ? [] : [details(`${gone.length} gone`, findingTable(gone))]
  ];
}
__name(changes, "changes");
function others(result2) {
  const kinds = [
    ["ignored", "ignored by scan.ignore"],
    ["unfixed", "without a fix"],
    ["below-threshold", "below scan.failOn"]
  ];
  return kinds.flatMap(([kind, words]) => {
    const findings = result2.findings.filter((finding) => finding.disposition.kind === kind);
    return findings.length === 0 ? [] : [
      details(
        `${findings.length} ${words}`,
        findingTable(findings, (finding) => reasonOf(result2, finding))
      )
    ];
  });
}
__name(others, "others");
function reasonOf(result2, finding) {
  const judged = result2.findings.find((one) => one === finding)?.disposition;
  return judged?.kind === "ignored" ? `${text(judged.reason)} (until ${text(judged.until)})` : "";
}
__name(reasonOf, "reasonOf");

// core/scan/html.ts
var style = `
.card>.reasons>li:first-child{border-top:0;padding-top:0}
.findings td{vertical-align:top}.findings td:first-child,.findings td:nth-child(2){white-space:nowrap}
.findings .said{font-size:14px;color:var(--soft)}
@media (max-width:720px){
.findings thead{position:absolute;clip-path:inset(50%);width:1px;height:1px;overflow:hidden}
.findings table,.findings tbody,.findings tr,.findings td{display:block}
.findings tr{padding:10px 0;border-top:1px solid var(--rule)}.findings tbody tr:first-child{border-top:0;padding-top:0}
.findings td{padding:1px 0;border:0}.findings td[data-label]:not(:empty)::before{content:attr(data-label) " ";color:var(--soft);font-size:13px}
}
`;
function scanHtml(result2) {
  const image = result2.image === null ? [] : [["image", markup`<code>${shortDigest(result2.image)}</code>`]];
  return page({
    title: `${verdictLine(result2)} \xB7 ${result2.app}`,
    header: verdict({
      line: verdictLine(result2),
      passed: scanPassed(result2),
      about: [
        ["app", markup`<code>${result2.app}</code>`],
        ["source", markup`<code>${shortDigest(result2.source)}</code>`],
        ...image,
        ["started", markup`${moment(result2.startedAt)}`]
      ]
    }),
    main: markup`${figures(result2)}${whySection(result2)}${blockingSection(result2)}${warningSection(result2)}${changeSection(result2)}${scannedSection(result2)}${othersSection(result2)}`,
    footer: markup`Tollgate ${result2.tollgateVersion} judged the findings of Trivy ${result2.trivyVersion}. All of them are in scan.json and in Trivy's own reports beside it.`,
    style
  });
}
__name(scanHtml, "scanHtml");
var MOST_ROWS = 100;
function scanPart(result2) {
  const refused = blocking(result2);
  const others2 = othersOf(result2).map(
    ([words, findings]) => markup`<details><summary>${findings.length} ${words}</summary>${firstFindings(findings)}</details>`
  );
  const none = result2.findings.length === 0 ? markup`<p>${noFindingWords(result2)}</p>` : nothing;
  const html = markup`<section><h2>Findings of the scan <small>${threshold(result2)}</small></h2>${figures(result2)}
<div class="card${refused.length > 0 ? " problem" : ""} below">${none}${refused.length === 0 ? nothing : firstFindings(refused)}${others2}</div></section>`;
  return { html, style: `${style}.below{margin-top:14px}` };
}
__name(scanPart, "scanPart");
function noFindingWords({ scanned }) {
  return scanned.length === 0 ? "Nothing was scanned." : `Nothing was found in what was scanned: ${scanned.map(({ scan }) => scan).join(", ")}.`;
}
__name(noFindingWords, "noFindingWords");
function firstFindings(findings) {
  const left = findings.length - MOST_ROWS;
  return markup`${findingTable2(findings.slice(0, MOST_ROWS))}${left > 0 ? markup`<p class="note">and ${left} more in the report of scan</p>` : nothing}`;
}
__name(firstFindings, "firstFindings");
function figures(result2) {
  const of = /* @__PURE__ */ __name((kind) => result2.findings.filter((finding) => finding.disposition.kind === kind).length, "of");
  const tiles = SEVERITIES.filter(
    (severity2) => severity2 !== "unknown" || result2.findings.some((finding) => finding.severity === severity2)
  ).map(
    (severity2) => tile(severity2, String(result2.findings.filter((finding) => finding.severity === severity2).length), false)
  );
  return markup`<dl class="figures">${tile("blocking", String(of("blocking")), of("blocking") > 0, threshold(result2))}${tiles}${tile("ignored", String(of("ignored")), false)}</dl>`;
}
__name(figures, "figures");
function whySection(result2) {
  const { reasons } = result2;
  if (reasons.length === 0) return nothing;
  const items = reasons.map(
    (reason) => markup`<li><code class="code">${reason.code}</code><p class="said">${reason.message}</p>${reason.next === "" ? "" : markup`<p class="where">→ ${reason.next}</p>`}</li>`
  );
  return markup`<section id="why"><h2>${whyTitle(result2)}</h2><div class="card problem"><ul class="reasons">${items}</ul></div></section>`;
}
__name(whySection, "whySection");
function blockingSection(result2) {
  const all = blocking(result2);
  if (all.length === 0) return nothing;
  return markup`<section id="blocking"><h2>Blocking findings <small>${threshold(result2)}</small></h2><div class="card problem">${findingTable2(all)}</div></section>`;
}
__name(blockingSection, "blockingSection");
function warningSection({ warnings }) {
  if (warnings.length === 0) return nothing;
  const items = warnings.map(
    (warning) => markup`<li><code class="code">${warning.code}</code><p class="said">${warning.message}</p></li>`
  );
  return markup`<section id="warnings"><h2>Warnings</h2><div class="card"><ul class="reasons">${items}</ul></div></section>`;
}
__name(warningSection, "warningSection");
function changeSection({ change }) {
  if (change === null) return nothing;
  const { since, added, gone } = change;
  const part = /* @__PURE__ */ __name((findings, words) => findings.length === 0 ? nothing : markup`<details open><summary>${findings.length} ${words}</summary>${findingTable2(findings)}</details>`, "part");
  return markup`<section id="change"><h2>Since the baseline <small>${moment(since)}</small></h2><div class="card">
<p>${added.length} new, ${gone.length} gone</p>${part(added, "new")}${part(gone, "gone")}</div></section>`;
}
__name(changeSection, "changeSection");
function scannedSection(result2) {
  const items = result2.scanned.map((scan) => {
    const files = scan.scan === "repository" ? [] : scan.libraries.map(
      (one) => markup`<li><code>${one.path}</code> <small>${one.type}, ${count(one.packages, "package")}</small></li>`
    );
    return markup`<li><p class="said">${scannedWords(scan, result2)}</p>${files.length === 0 ? "" : markup`<ul class="where">${files}</ul>`}</li>`;
  });
  return markup`<section id="scanned"><h2>Scanned</h2><div class="card"><ul class="reasons">${items}<li><p class="said">${databaseWords(result2)}</p></li></ul></div></section>`;
}
__name(scannedSection, "scannedSection");
function othersOf({ findings }) {
  const kinds = [
    ["ignored", "ignored by scan.ignore"],
    ["unfixed", "without a fix"],
    ["below-threshold", "below scan.failOn"]
  ];
  return kinds.flatMap(([kind, words]) => {
    const of = findings.filter((finding) => finding.disposition.kind === kind);
    return of.length === 0 ? [] : [[words, of]];
  });
}
__name(othersOf, "othersOf");
function othersSection(result2) {
  const parts = othersOf(result2).map(
    ([words, findings]) => markup`<details><summary>${findings.length} ${words}</summary>${findingTable2(findings)}</details>`
  );
  return parts.length === 0 ? nothing : markup`<section id="others"><h2>Not blocking</h2><div class="card">${parts}</div></section>`;
}
__name(othersSection, "othersSection");
function findingTable2(findings) {
  const rows = findings.map(
    (finding) => markup`<tr><td>${severity(finding)}</td><td><code>${finding.id}</code></td>
<td>${finding.package === null ? finding.kind : markup`<code>${finding.package}</code>`}<p class="said">${finding.title}</p>${reasonOf2(finding)}</td>
<td data-label="installed">${finding.installed === null ? "" : markup`<code>${finding.installed}</code>`}</td><td data-label="fixed in">${fixedWords(finding)}</td>
<td>${finding.places.map((place) => markup`<code>${placeName(place)}</code><br>`)}</td></tr>`
  );
  return markup`<div class="findings"><table><thead><tr><th scope="col">severity</th><th scope="col">id</th><th scope="col">what</th><th scope="col">installed</th><th scope="col">fixed in</th><th scope="col">where</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}
__name(findingTable2, "findingTable");
function severity(finding) {
  const kind = finding.severity === "critical" || finding.severity === "high" ? "fail" : "skip";
  return markup`${icon(kind)} ${finding.severity}`;
}
__name(severity, "severity");
function reasonOf2(finding) {
  if (!("disposition" in finding) || finding.disposition.kind !== "ignored") return nothing;
  return markup`<p class="where">${finding.disposition.reason} <small>until ${finding.disposition.until}</small></p>`;
}
__name(reasonOf2, "reasonOf");

// core/scan/sarif.ts
var location = external_exports.looseObject({
  physicalLocation: external_exports.looseObject({
    artifactLocation: external_exports.looseObject({ uri: external_exports.string().optional(), uriBaseId: external_exports.string().optional() }).optional(),
    region: external_exports.looseObject({ startLine: external_exports.number().optional() }).optional()
  }).optional()
});
var result = external_exports.looseObject({
  ruleId: external_exports.string().optional(),
  message: external_exports.looseObject({ text: external_exports.string().optional() }),
  locations: external_exports.array(location).optional()
});
var run = external_exports.looseObject({ results: external_exports.array(result).default([]), originalUriBaseIds: external_exports.unknown().optional() });
var log = external_exports.looseObject({ runs: external_exports.array(run) });
function mergeSarif(files, findings, app) {
  const runs = files.flatMap(
    ([scan, text2]) => log.parse(JSON.parse(text2)).runs.map((one) => adapted(scan, one, findings, app))
  );
  const merged = { $schema: "https://json.schemastore.org/sarif-2.1.0.json", version: "2.1.0", runs };
  return `${JSON.stringify(merged, null, 1)}
`;
}
__name(mergeSarif, "mergeSarif");
function adapted(scan, { originalUriBaseIds: _, properties: __, ...one }, findings, app) {
  const ours = findings.filter((finding) => finding.places.some((place) => place.scan === scan));
  return {
    ...one,
    automationDetails: { id: `tollgate/${scan}/` },
    results: one.results.map((each) => {
      const suppression = suppressionOf(each, scan, ours);
      return {
        ...each,
        locations: (each.locations ?? []).map((where) => located(where, scan, app)),
        ...suppression === null ? {} : { suppressions: [suppression] }
      };
    })
  };
}
__name(adapted, "adapted");
var NO_FILE = "library/image";
function located(where, scan, app) {
  const physical = where.physicalLocation;
  const uri = pathIn(physical?.artifactLocation?.uri ?? "");
  if (physical === void 0 || uri === "") return where;
  const folder = scan === "image" ? "image/" : scan === "lockfiles" && app !== "." ? `${app}/` : "";
  return {
    ...where,
    physicalLocation: { ...physical, artifactLocation: { uri: uri === NO_FILE ? "image" : folder + uri } }
  };
}
__name(located, "located");
function pathIn(uri) {
  return uri.replace(/^\/+/, "");
}
__name(pathIn, "pathIn");
function suppressionOf(each, scan, findings) {
  const finding = findings.find((candidate) => isSame(each, scan, candidate));
  if (finding?.disposition.kind === "ignored")
    return { kind: "external", justification: `${finding.disposition.reason} (until ${finding.disposition.until})` };
  if (finding?.disposition.kind === "unfixed")
    return { kind: "external", justification: "no fix yet (scan.ignoreUnfixed)" };
  return null;
}
__name(suppressionOf, "suppressionOf");
function isSame(each, scan, finding) {
  if (each.ruleId !== finding.id) return false;
  const description = each.message.text ?? "";
  if (finding.kind === "vulnerability")
    return description.includes(`Package: ${finding.package}
`) && description.includes(`Installed Version: ${finding.installed}
`);
  const physical = each.locations?.[0]?.physicalLocation;
  const path = decodeURIComponent(pathIn(physical?.artifactLocation?.uri ?? ""));
  return finding.places.some(
    (place) => place.scan === scan && place.path === path && (place.line === null || place.line === physical?.region?.startLine)
  );
}
__name(isSame, "isSame");

// core/scan/sbom.ts
var bom = external_exports.looseObject({
  metadata: external_exports.looseObject({ component: external_exports.looseObject({ name: external_exports.string() }) })
});
function namedBom(text2, { name, app, image }) {
  const written = bom.parse(JSON.parse(text2));
  const { component } = written.metadata;
  const short = lastPart(name ?? app) ?? "app";
  const repository = name === null ? "" : `?repository_url=${encodeURIComponent(name)}`;
  const purl = `pkg:oci/${encodeURIComponent(short)}@${encodeURIComponent(image ?? "")}${repository}`;
  const named = image === null ? { ...component, name: short } : { ...component, name: short, version: image, purl };
  return `${JSON.stringify({ ...written, metadata: { ...written.metadata, component: named } }, null, 1)}
`;
}
__name(namedBom, "namedBom");
function lastPart(path) {
  return path.split("/").findLast((part) => part !== "." && part !== "");
}
__name(lastPart, "lastPart");

// core/scan/scan-file.ts
var reasonCodes = {
  "database-unreachable": true,
  "database-missing": true,
  "database-denied": true,
  "database-unreadable": true,
  "database-schema": true,
  "database-stale": true,
  "database-ahead": true,
  "database-empty": true,
  "trivy-failed": true,
  "report-invalid": true,
  "control-missed": true,
  "image-empty": true,
  "os-packages-missing": true,
  "os-not-in-database": true,
  "nothing-pinned": true,
  "lockfile-not-read": true,
  "ignore-expired": true
};
var warningCodes = {
  "ignore-unused": true,
  "ignore-ends-soon": true,
  "not-pinned": true,
  "lockfile-not-read": true,
  "os-end-of-life": true,
  "os-not-supported": true,
  "os-unknown": true,
  "small-database": true,
  "not-scanned": true,
  "comment-not-honoured": true,
  "file-not-honoured": true,
  "secret-in-ignored-file": true
};
var codes = /* @__PURE__ */ __name((known) => `Stable, for scripts. Currently one of: ${Object.keys(known).join(", ")}.`, "codes");
var disposition = external_exports.discriminatedUnion("kind", [
  external_exports.object({ kind: external_exports.literal("blocking") }),
  external_exports.object({ kind: external_exports.literal("below-threshold") }),
  external_exports.object({ kind: external_exports.literal("unfixed") }),
  external_exports.object({ kind: external_exports.literal("ignored"), reason: external_exports.string(), until: external_exports.string() })
]);
var scannedEntry = external_exports.object({
  scan: external_exports.enum(["image", "lockfiles", "repository"]),
  vulnerabilities: external_exports.boolean().describe("Whether the scan checked for vulnerabilities; if not, no packages are listed."),
  osPackages: external_exports.number().int(),
  libraries: external_exports.array(external_exports.object({ path: external_exports.string(), type: external_exports.string(), packages: external_exports.number().int() })),
  configurationFiles: external_exports.number().int(),
  os: external_exports.object({ family: external_exports.string(), version: external_exports.string() }).nullable()
});
var scanDocument = external_exports.object({
  format: external_exports.literal(2),
  tollgate: external_exports.string().describe("Version of Tollgate."),
  trivy: external_exports.string().describe("Version of Trivy; empty if no scan completed."),
  app: external_exports.string().describe("The app's folder inside the source."),
  source: external_exports.string().describe("Digest of the scanned source."),
  image: external_exports.string().nullable().describe("Digest of the scanned image's manifest; null if no image was scanned."),
  startedAt: external_exports.string().describe("ISO 8601."),
  verdict: external_exports.enum(["passed", "failed", "inconclusive"]).describe("inconclusive: no blocking finding, but not everything could be checked."),
  verdictInWords: external_exports.string(),
  settings: external_exports.object({
    failOn: external_exports.enum(["critical", "high", "medium", "low", "unknown"]),
    ignoreUnfixed: external_exports.boolean(),
    scanners: external_exports.array(external_exports.enum(["vulnerabilities", "secrets", "misconfiguration"])),
    skip: external_exports.array(external_exports.string()),
    maxDatabaseAge: external_exports.number().describe("Hours.")
  }),
  database: external_exports.object({ repository: external_exports.string(), updatedAt: external_exports.string().nullable(), ageHours: external_exports.number().nullable() }).nullable().describe("null if the scan did not check for vulnerabilities."),
  scanned: external_exports.array(scannedEntry).describe("What each completed scan covered."),
  reasons: external_exports.array(external_exports.object({ code: external_exports.string().describe(codes(reasonCodes)), message: external_exports.string(), next: external_exports.string() })).describe("Why the gate did not pass, besides blocking findings."),
  warnings: external_exports.array(external_exports.object({ code: external_exports.string().describe(codes(warningCodes)), message: external_exports.string() })),
  findings: external_exports.array(
    findingEntry.extend({
      disposition: disposition.describe(
        "blocking: fails the gate; below-threshold: below scan.failOn; unfixed: no fix yet (scan.ignoreUnfixed); ignored: by an entry of scan.ignore."
      )
    })
  ).describe("Worst first."),
  change: external_exports.object({ since: external_exports.string(), added: external_exports.array(findingEntry), gone: external_exports.array(findingEntry) }).nullable().describe("Changes since the baseline; null without --baseline.")
});
function scanFile(result2) {
  return `${JSON.stringify(document(result2), null, 2)}
`;
}
__name(scanFile, "scanFile");
function document(result2) {
  const { change } = result2;
  return {
    format: 2,
    tollgate: result2.tollgateVersion,
    trivy: result2.trivyVersion,
    app: result2.app,
    source: result2.source,
    image: result2.image,
    startedAt: result2.startedAt,
    verdict: scanVerdict(result2),
    verdictInWords: verdictLine(result2),
    settings: result2.settings,
    database: result2.database,
    scanned: result2.scanned,
    reasons: result2.reasons,
    warnings: result2.warnings,
    findings: result2.findings,
    change: change === null ? null : { since: change.since, added: change.added.map(plain), gone: change.gone.map(plain) }
  };
}
__name(document, "document");
function plain(finding) {
  return findingEntry.parse(finding);
}
__name(plain, "plain");

// core/scan/folder.ts
async function scanReport({ result: result2, reports, trivy, imageName, endedAt }) {
  const converted = await convertReports(trivy, reports);
  let folder = newReport().withNewFile("report.html", scanHtml(result2)).withNewFile("summary.md", scanMarkdown(result2)).withNewFile("scan.json", scanFile(result2)).withNewFile("results.sarif", mergeSarif(converted.sarif, result2.findings, result2.app)).withNewFile(
    "table.txt",
    converted.tables.map(([, text2]) => text2.trim()).filter((text2) => text2 !== "").join("\n\n") + "\n"
  );
  for (const [scan, text2] of reports) folder = folder.withNewFile(`trivy-${scan}.json`, text2);
  const ofContainer = containerScanning({ result: result2, imageName, endedAt });
  if (ofContainer !== null) folder = folder.withNewFile("gl-container-scanning.json", ofContainer);
  if (converted.bom === null) return folder;
  return folder.withNewFile(
    "sbom.cdx.json",
    namedBom(converted.bom, { name: imageName, app: result2.app, image: result2.image })
  );
}
__name(scanReport, "scanReport");

export {
  scanMarkdown,
  scanPart,
  scanReport
};
