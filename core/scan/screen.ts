import { SEVERITIES } from "../config/scan.js"
import { alignColumns, fit, fitPath, wrapWords } from "../presentation/columns.js"
import { screenColumns as columns, line, safe, screenLines } from "../presentation/screen.js"
import { count, moment, shortDigest } from "../shared/figures.js"
import { acceptance } from "./accept.js"
import { hours } from "./database-verdict.js"
import { blocking, type Finding, type JudgedFinding, type Scanned, type ScanResult } from "./result.js"
import { threshold, verdictLine, whyTitle } from "./verdict.js"

/** One screen for a terminal or a CI log: what was scanned, the blocking findings and how to fix them. */
export function scanScreen(result: ScanResult, where: { report: string }): string {
  const head = [...header(result), "", ...countTable(result)]
  const foot = ["", `Full report: ${where.report}`, "", safe(verdictLine(result))]
  const room = screenLines - head.length - foot.length
  // the least important section shrinks first
  const share = { findings: 14, reasons: 5, changes: 5, warnings: 6 }
  const fewest = { findings: 3, reasons: 2, changes: 1, warnings: 1 }
  const body = () => [
    ...findingLines(result, share.findings),
    ...reasonLines(result, share.reasons),
    ...changeLines(result, share.changes),
    ...warningLines(result, share.warnings),
  ]
  for (const section of ["changes", "warnings", "findings", "reasons"] as const)
    while (body().length > room && share[section] > fewest[section]) share[section] -= 1
  return `${[...head, ...body(), ...foot].join("\n")}\n`
}

function header(result: ScanResult): string[] {
  const parts = [`Tollgate ${result.tollgateVersion}`, "scan", result.app, `source ${shortDigest(result.source)}`]
  if (result.image !== null) parts.push(`image ${shortDigest(result.image)}`)
  return [
    line(parts.join(" · ")),
    ...result.scanned.map((scan) => line(scannedWords(scan, result))),
    line(databaseWords(result)),
  ]
}

export function scannedWords(scanned: Scanned, { settings }: Pick<ScanResult, "settings">): string {
  const libraries = scanned.libraries.reduce((sum, one) => sum + one.packages, 0)
  switch (scanned.scan) {
    case "image": {
      const os = scanned.os === null ? [] : [`${scanned.os.family} ${scanned.os.version}`]
      const packages = scanned.vulnerabilities
        ? [count(scanned.osPackages, "system package"), count(libraries, "library", "libraries")]
        : ["packages not checked"]
      return `image: ${[...os, ...packages, ...(settings.scanners.includes("secrets") ? ["secrets"] : [])].join(", ")}`
    }
    case "lockfiles":
      return `lockfiles: ${count(libraries, "package")} in ${count(scanned.libraries.length, "file")}`
    case "repository": {
      const files = settings.scanners.includes("misconfiguration")
        ? [count(scanned.configurationFiles, "configuration file")]
        : []
      return `repository: ${[...(settings.scanners.includes("secrets") ? ["secrets"] : []), ...files].join(", ")}`
    }
  }
}

export function databaseWords({ database, settings }: ScanResult): string {
  if (database === null) return "database: none; not scanned for vulnerabilities"
  const age =
    database.ageHours === null
      ? "not usable"
      : `${hours(database.ageHours)} old, at most ${hours(settings.maxDatabaseAge)} allowed`
  return `database: ${database.repository}, ${age}`
}

function countTable(result: ScanResult): string[] {
  const rows: [string, JudgedFinding[]][] = [
    ["found", result.findings],
    ["blocking", blocking(result)],
    ["ignored", result.findings.filter((finding) => finding.disposition.kind === "ignored")],
    ["without a fix", result.findings.filter((finding) => finding.disposition.kind === "unfixed")],
  ]
  const shown = rows.filter(([name, findings]) => name === "found" || name === "blocking" || findings.length > 0)
  const cells = shown.map(([name, findings]) => [
    name,
    ...SEVERITIES.map((severity) => String(findings.filter((finding) => finding.severity === severity).length)),
  ])
  return alignColumns([["", ...SEVERITIES], ...cells], ["left", "right", "right", "right", "right", "right"])
}

function findingLines(result: ScanResult, limit: number): string[] {
  const all = blocking(result)
  if (all.length === 0) return []
  const titles = ["severity", "id", "package", "installed", "fixed in"]
  const shown = all.slice(0, limit)
  const rows = shown.map((finding) => [
    finding.severity,
    line(finding.id, 24),
    line(finding.package ?? finding.kind, 18),
    line(finding.installed ?? "", 18),
    line(fixedWords(finding), 16),
  ])
  const left = alignColumns([titles, ...rows], ["left", "left", "left", "left", "left"])
  const width = Math.max(...left.map((text) => text.length))
  const places = ["where", ...shown.map((finding) => placeWords(finding, columns - width - 2))]
  return [
    "",
    `Blocking findings (${threshold(result)})`,
    ...left.map((text, index) => fit(`${text.padEnd(width)}  ${places[index] ?? ""}`.trimEnd(), columns)),
    ...more(all.length - shown.length),
    ...wrapWords(safe(acceptance(result) ?? ""), columns - 2, 3).map((text) => `  ${text}`),
  ]
}

export function fixedWords(finding: Finding): string {
  if (finding.kind !== "vulnerability") return ""
  if (finding.fixed !== null) return finding.fixed
  return finding.status === "will_not_fix" ? "won't fix" : "no fix yet"
}

/** Where it was found, the lockfile first, because it is fixed there. */
function placeWords(finding: Finding, room: number): string {
  const order = ["lockfiles", "repository", "image"]
  const [first, ...others] = [...finding.places].sort(
    (one, other) => order.indexOf(one.scan) - order.indexOf(other.scan),
  )
  if (first === undefined) return ""
  const rest = others.length === 0 ? "" : ` +${others.length}`
  const text = `${first.scan === "image" ? "image: " : ""}${safe(first.path)}${first.line === null ? "" : `:${first.line}`}`
  return fitPath(text, Math.max(12, room - rest.length)) + rest
}

function reasonLines(result: ScanResult, limit: number): string[] {
  const { reasons } = result
  if (reasons.length === 0) return []
  const shown = reasons.slice(0, limit)
  const lines = shown.flatMap((reason) => [
    ...wrapped(`${reason.code}: ${safe(reason.message)}`, limit > 2 ? 3 : 2),
    ...(reason.next === "" ? [] : [fit(`    → ${safe(reason.next)}`, columns)]),
  ])
  return ["", whyTitle(result), ...lines, ...more(reasons.length - shown.length)]
}

function changeLines({ change }: ScanResult, limit: number): string[] {
  if (change === null) return []
  const { since, added, gone } = change
  const entry = (word: string) => (finding: Finding) =>
    fit(
      `  ${word}  ${finding.severity}  ${safe(finding.id)}  ${safe(finding.package ?? finding.places[0]?.path ?? "")}`,
      columns,
    )
  const all = [...added.map(entry("new ")), ...gone.map(entry("gone"))]
  return [
    "",
    line(`Since the baseline of ${moment(since)}: ${added.length} new, ${gone.length} gone`),
    ...all.slice(0, limit),
    ...more(all.length - limit),
  ]
}

function warningLines({ warnings }: ScanResult, limit: number): string[] {
  if (warnings.length === 0) return []
  return [
    "",
    "Warnings",
    ...warnings.slice(0, limit).flatMap((warning) => wrapped(safe(warning.message), 2)),
    ...more(warnings.length - limit),
  ]
}

/** Indented by two columns, further lines by four. */
function wrapped(text: string, lines: number): string[] {
  return wrapWords(text, columns - 4, lines).map((part, index) => `${index === 0 ? "  " : "    "}${part}`)
}

function more(hidden: number): string[] {
  return hidden > 0 ? [`  and ${hidden} more in the report`] : []
}
