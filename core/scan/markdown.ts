import { code, details, table, text } from "../presentation/markdown-markup.js"
import { moment, shortDigest } from "../shared/figures.js"
import { blocking, type Finding, type JudgedFinding, type Place, type ScanResult, scanPassed } from "./result.js"
import { databaseWords, fixedWords, scannedWords } from "./screen.js"
import { threshold, verdictLine, whyTitle } from "./verdict.js"

/** summary.md, for GitHub's job summary or a comment: the same content as the terminal's screen, with details to unfold. */
export function scanMarkdown(result: ScanResult): string {
  const image = result.image === null ? "" : ` · image ${code(shortDigest(result.image))}`
  const blocks = [
    `## ${scanPassed(result) ? "✅" : "❌"} ${text(verdictLine(result))}`,
    `Tollgate ${text(result.tollgateVersion)} · ${code(result.app)} · source ${code(shortDigest(result.source))}${image}`,
    [...result.scanned.map((scan) => scannedWords(scan, result)), databaseWords(result)]
      .map((line) => `- ${text(line)}`)
      .join("\n"),
    ...section(`Blocking findings (${threshold(result)})`, findingTable(blocking(result))),
    ...section(
      whyTitle(result),
      list(
        result.reasons.map(
          (reason) =>
            `${code(reason.code)} ${text(reason.message)}${reason.next === "" ? "" : ` → ${text(reason.next)}`}`,
        ),
      ),
    ),
    ...changes(result),
    ...section("Warnings", list(result.warnings.map((warning) => text(warning.message)))),
    ...others(result),
  ]
  return `${blocks.join("\n\n")}\n`
}

// GitHub rejects a job summary over 1 MiB
const MOST = 200

function section(title: string, body: string): string[] {
  return body === "" ? [] : [`### ${title}`, body]
}

function list(lines: string[]): string {
  return lines.map((line) => `- ${line}`).join("\n")
}

function findingTable(findings: Finding[], remark: (finding: Finding) => string = () => ""): string {
  if (findings.length === 0) return ""
  const rows = findings.slice(0, MOST).map((finding) => [
    text(finding.severity),
    code(finding.id),
    [finding.package === null ? text(finding.kind) : code(finding.package), text(finding.title, 160)].join("<br>"),
    finding.installed === null ? "" : code(finding.installed),
    text(fixedWords(finding)),
    finding.places
      .slice(0, 3)
      .map((place) => code(placeName(place)))
      .join("<br>") + (finding.places.length > 3 ? `<br>and ${finding.places.length - 3} more` : ""),
    remark(finding),
  ])
  const shown = rows.some((row) => row[6] !== "") ? 7 : 6
  const titles = ["severity", "id", "what", "installed", "fixed in", "where", ""].slice(0, shown)
  const more = findings.length > MOST ? `\n\n… and ${findings.length - MOST} more in the report.` : ""
  return (
    table(
      titles,
      titles.map(() => "left" as const),
      rows.map((row) => row.slice(0, shown)),
    ) + more
  )
}

export function placeName(place: Place): string {
  return `${place.scan === "image" ? "image: " : ""}${place.path}${place.line === null ? "" : `:${place.line}`}`
}

function changes({ change }: ScanResult): string[] {
  if (change === null) return []
  const { since, added, gone } = change
  return [
    `### Since the baseline of ${text(moment(since))}: ${added.length} new, ${gone.length} gone`,
    ...(added.length === 0 ? [] : [details(`${added.length} new`, findingTable(added))]),
    ...(gone.length === 0 ? [] : [details(`${gone.length} gone`, findingTable(gone))]),
  ]
}

function others(result: ScanResult): string[] {
  const kinds: [JudgedFinding["disposition"]["kind"], string][] = [
    ["ignored", "ignored by scan.ignore"],
    ["unfixed", "without a fix"],
    ["below-threshold", "below scan.failOn"],
  ]
  return kinds.flatMap(([kind, words]) => {
    const findings = result.findings.filter((finding) => finding.disposition.kind === kind)
    return findings.length === 0
      ? []
      : [
          details(
            `${findings.length} ${words}`,
            findingTable(findings, (finding) => reasonOf(result, finding)),
          ),
        ]
  })
}

function reasonOf(result: ScanResult, finding: Finding): string {
  const judged = result.findings.find((one) => one === finding)?.disposition
  return judged?.kind === "ignored" ? `${text(judged.reason)} (until ${text(judged.until)})` : ""
}
