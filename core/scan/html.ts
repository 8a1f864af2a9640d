import { SEVERITIES } from "../config/scan.js"
import { icon, type Markup, markup, nothing } from "../presentation/html-markup.js"
import { type PagePart, page, tile, verdict } from "../presentation/html-page.js"
import { count, moment, shortDigest } from "../shared/figures.js"
import { placeName } from "./markdown.js"
import { blocking, type Finding, type JudgedFinding, type ScanResult, scanPassed } from "./result.js"
import { databaseWords, fixedWords, scannedWords } from "./screen.js"
import { threshold, verdictLine, whyTitle } from "./verdict.js"

const style = `
.card>.reasons>li:first-child{border-top:0;padding-top:0}
.findings td{vertical-align:top}.findings td:first-child,.findings td:nth-child(2){white-space:nowrap}
.findings .said{font-size:14px;color:var(--soft)}
@media (max-width:720px){
.findings thead{position:absolute;clip-path:inset(50%);width:1px;height:1px;overflow:hidden}
.findings table,.findings tbody,.findings tr,.findings td{display:block}
.findings tr{padding:10px 0;border-top:1px solid var(--rule)}.findings tbody tr:first-child{border-top:0;padding-top:0}
.findings td{padding:1px 0;border:0}.findings td[data-label]:not(:empty)::before{content:attr(data-label) " ";color:var(--soft);font-size:13px}
}
`

/** report.html of a scan: one file, without scripts or network requests. */
export function scanHtml(result: ScanResult): string {
  const image: [string, Markup][] =
    result.image === null ? [] : [["image", markup`<code>${shortDigest(result.image)}</code>`]]
  return page({
    title: `${verdictLine(result)} · ${result.app}`,
    header: verdict({
      line: verdictLine(result),
      passed: scanPassed(result),
      about: [
        ["app", markup`<code>${result.app}</code>`],
        ["source", markup`<code>${shortDigest(result.source)}</code>`],
        ...image,
        ["started", markup`${moment(result.startedAt)}`],
      ],
    }),
    main: markup`${figures(result)}${whySection(result)}${blockingSection(result)}${warningSection(result)}${changeSection(result)}${scannedSection(result)}${othersSection(result)}`,
    footer: markup`Tollgate ${result.tollgateVersion} judged the findings of Trivy ${result.trivyVersion}. All of them are in scan.json and in Trivy's own reports beside it.`,
    style,
  })
}

/** Rows of one list on the page of a whole run: an old image has a thousand findings. */
const MOST_ROWS = 100

/** On the page of a whole run: findings by severity, with the version that fixes each. */
export function scanPart(result: ScanResult): PagePart {
  const refused = blocking(result)
  const others = othersOf(result).map(
    ([words, findings]) =>
      markup`<details><summary>${findings.length} ${words}</summary>${firstFindings(findings)}</details>`,
  )
  const none = result.findings.length === 0 ? markup`<p>${noFindingWords(result)}</p>` : nothing
  const html = markup`<section><h2>Findings of the scan <small>${threshold(result)}</small></h2>${figures(result)}
<div class="card${refused.length > 0 ? " problem" : ""} below">${none}${refused.length === 0 ? nothing : firstFindings(refused)}${others}</div></section>`
  return { html, style: `${style}.below{margin-top:14px}` }
}

/** Nothing found is said only of what was scanned. */
function noFindingWords({ scanned }: ScanResult): string {
  return scanned.length === 0
    ? "Nothing was scanned."
    : `Nothing was found in what was scanned: ${scanned.map(({ scan }) => scan).join(", ")}.`
}

function firstFindings(findings: JudgedFinding[]): Markup {
  const left = findings.length - MOST_ROWS
  return markup`${findingTable(findings.slice(0, MOST_ROWS))}${left > 0 ? markup`<p class="note">and ${left} more in the report of scan</p>` : nothing}`
}

function figures(result: ScanResult): Markup {
  const of = (kind: JudgedFinding["disposition"]["kind"]) =>
    result.findings.filter((finding) => finding.disposition.kind === kind).length
  const tiles = SEVERITIES.filter(
    (severity) => severity !== "unknown" || result.findings.some((finding) => finding.severity === severity),
  ).map((severity) =>
    tile(severity, String(result.findings.filter((finding) => finding.severity === severity).length), false),
  )
  return markup`<dl class="figures">${tile("blocking", String(of("blocking")), of("blocking") > 0, threshold(result))}${tiles}${tile("ignored", String(of("ignored")), false)}</dl>`
}

function whySection(result: ScanResult): Markup {
  const { reasons } = result
  if (reasons.length === 0) return nothing
  const items = reasons.map(
    (reason) =>
      markup`<li><code class="code">${reason.code}</code><p class="said">${reason.message}</p>${reason.next === "" ? "" : markup`<p class="where">→ ${reason.next}</p>`}</li>`,
  )
  return markup`<section id="why"><h2>${whyTitle(result)}</h2><div class="card problem"><ul class="reasons">${items}</ul></div></section>`
}

function blockingSection(result: ScanResult): Markup {
  const all = blocking(result)
  if (all.length === 0) return nothing
  return markup`<section id="blocking"><h2>Blocking findings <small>${threshold(result)}</small></h2><div class="card problem">${findingTable(all)}</div></section>`
}

function warningSection({ warnings }: ScanResult): Markup {
  if (warnings.length === 0) return nothing
  const items = warnings.map(
    (warning) => markup`<li><code class="code">${warning.code}</code><p class="said">${warning.message}</p></li>`,
  )
  return markup`<section id="warnings"><h2>Warnings</h2><div class="card"><ul class="reasons">${items}</ul></div></section>`
}

function changeSection({ change }: ScanResult): Markup {
  if (change === null) return nothing
  const { since, added, gone } = change
  const part = (findings: Finding[], words: string) =>
    findings.length === 0
      ? nothing
      : markup`<details open><summary>${findings.length} ${words}</summary>${findingTable(findings)}</details>`
  return markup`<section id="change"><h2>Since the baseline <small>${moment(since)}</small></h2><div class="card">
<p>${added.length} new, ${gone.length} gone</p>${part(added, "new")}${part(gone, "gone")}</div></section>`
}

function scannedSection(result: ScanResult): Markup {
  const items = result.scanned.map((scan) => {
    const files =
      scan.scan === "repository"
        ? []
        : scan.libraries.map(
            (one) =>
              markup`<li><code>${one.path}</code> <small>${one.type}, ${count(one.packages, "package")}</small></li>`,
          )
    return markup`<li><p class="said">${scannedWords(scan, result)}</p>${files.length === 0 ? "" : markup`<ul class="where">${files}</ul>`}</li>`
  })
  return markup`<section id="scanned"><h2>Scanned</h2><div class="card"><ul class="reasons">${items}<li><p class="said">${databaseWords(result)}</p></li></ul></div></section>`
}

/** Findings that do not block, by why. */
function othersOf({ findings }: ScanResult): [words: string, findings: JudgedFinding[]][] {
  const kinds: [JudgedFinding["disposition"]["kind"], string][] = [
    ["ignored", "ignored by scan.ignore"],
    ["unfixed", "without a fix"],
    ["below-threshold", "below scan.failOn"],
  ]
  return kinds.flatMap(([kind, words]): [string, JudgedFinding[]][] => {
    const of = findings.filter((finding) => finding.disposition.kind === kind)
    return of.length === 0 ? [] : [[words, of]]
  })
}

function othersSection(result: ScanResult): Markup {
  const parts = othersOf(result).map(
    ([words, findings]) =>
      markup`<details><summary>${findings.length} ${words}</summary>${findingTable(findings)}</details>`,
  )
  return parts.length === 0
    ? nothing
    : markup`<section id="others"><h2>Not blocking</h2><div class="card">${parts}</div></section>`
}

function findingTable(findings: (Finding | JudgedFinding)[]): Markup {
  const rows = findings.map(
    (finding) => markup`<tr><td>${severity(finding)}</td><td><code>${finding.id}</code></td>
<td>${finding.package === null ? finding.kind : markup`<code>${finding.package}</code>`}<p class="said">${finding.title}</p>${reasonOf(finding)}</td>
<td data-label="installed">${finding.installed === null ? "" : markup`<code>${finding.installed}</code>`}</td><td data-label="fixed in">${fixedWords(finding)}</td>
<td>${finding.places.map((place) => markup`<code>${placeName(place)}</code><br>`)}</td></tr>`,
  )
  return markup`<div class="findings"><table><thead><tr><th scope="col">severity</th><th scope="col">id</th><th scope="col">what</th><th scope="col">installed</th><th scope="col">fixed in</th><th scope="col">where</th></tr></thead><tbody>${rows}</tbody></table></div>`
}

function severity(finding: Finding): Markup {
  const kind = finding.severity === "critical" || finding.severity === "high" ? "fail" : "skip"
  return markup`${icon(kind)} ${finding.severity}`
}

function reasonOf(finding: Finding | JudgedFinding): Markup {
  if (!("disposition" in finding) || finding.disposition.kind !== "ignored") return nothing
  return markup`<p class="where">${finding.disposition.reason} <small>until ${finding.disposition.until}</small></p>`
}
