import { SEVERITIES } from "../config/scan.js"
import { alignColumns, fit, fitPath, wrapWords } from "../report/columns.js"
import { count, moment, shortDigest } from "../report/figures.js"
import { line, safe, screenColumns as columns, screenLines } from "../report/screen.js"
import { hours } from "./database-verdict.js"
import { type Finding, type JudgedFinding, type LookedAt, refused, type ScanResult } from "./result.js"
import { threshold, verdictLine } from "./verdict.js"

/** One screen for a terminal or a CI log: what was looked at, what refuses the gate and how it is fixed. */
export function scanScreen(result: ScanResult, where: { report: string }): string {
  const head = [...header(result), "", ...countTable(result)]
  const foot = ["", `Full report: ${where.report}`, "", safe(verdictLine(result))]
  const room = screenLines - head.length - foot.length
  // what is least missed gives way first
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
  return [line(parts.join(" · ")), ...result.lookedAt.map((looked) => line(lookedAtWords(looked, result))), line(databaseWords(result))]
}

export function lookedAtWords(looked: LookedAt, { settings }: Pick<ScanResult, "settings">): string {
  const libraries = looked.libraries.reduce((sum, one) => sum + one.packages, 0)
  switch (looked.scan) {
    case "image": {
      const os = looked.os === null ? [] : [`${looked.os.family} ${looked.os.version}`]
      const packages = looked.vulnerabilities ? [count(looked.osPackages, "system package"), count(libraries, "library", "libraries")] : ["packages not checked"]
      return `image: ${[...os, ...packages, ...(settings.scanners.includes("secrets") ? ["secrets"] : [])].join(", ")}`
    }
    case "lockfiles":
      return `lockfiles: ${count(libraries, "package")} in ${count(looked.libraries.length, "file")}`
    case "repository": {
      const files = settings.scanners.includes("misconfiguration") ? [count(looked.configurationFiles, "configuration file")] : []
      return `repository: ${[...(settings.scanners.includes("secrets") ? ["secrets"] : []), ...files].join(", ")}`
    }
  }
}

export function databaseWords({ database, settings }: ScanResult): string {
  if (database === null) return "database: none; vulnerabilities were not looked for"
  const age = database.ageHours === null ? "not usable" : `${hours(database.ageHours)} old, ${hours(settings.maxDatabaseAge)} allowed`
  return `database: ${database.repository}, ${age}`
}

function countTable(result: ScanResult): string[] {
  const rows: [string, JudgedFinding[]][] = [
    ["found", result.findings],
    ["refused", refused(result)],
    ["ignored", result.findings.filter((finding) => finding.disposition.kind === "ignored")],
    ["without a fix", result.findings.filter((finding) => finding.disposition.kind === "unfixed")],
  ]
  const shown = rows.filter(([name, findings]) => name === "found" || name === "refused" || findings.length > 0)
  const cells = shown.map(([name, findings]) => [name, ...SEVERITIES.map((severity) => String(findings.filter((finding) => finding.severity === severity).length))])
  return alignColumns([["", ...SEVERITIES], ...cells], ["left", "right", "right", "right", "right", "right"])
}

function findingLines(result: ScanResult, limit: number): string[] {
  const all = refused(result)
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
    `What is refused (${threshold(result)})`,
    ...left.map((text, index) => fit(`${text.padEnd(width)}  ${places[index] ?? ""}`.trimEnd(), columns)),
    ...more(all.length - shown.length),
  ]
}

export function fixedWords(finding: Finding): string {
  if (finding.kind !== "vulnerability") return ""
  if (finding.fixed !== null) return finding.fixed
  return finding.status === "will_not_fix" ? "will not be" : "no fix yet"
}

/** Where it is, the lockfile first: that is where it is mended. */
function placeWords(finding: Finding, room: number): string {
  const order = ["lockfiles", "repository", "image"]
  const [first, ...others] = [...finding.places].sort((one, other) => order.indexOf(one.scan) - order.indexOf(other.scan))
  if (first === undefined) return ""
  const rest = others.length === 0 ? "" : ` +${others.length}`
  const text = `${first.scan === "image" ? "image: " : ""}${safe(first.path)}${first.line === null ? "" : `:${first.line}`}`
  return fitPath(text, Math.max(12, room - rest.length)) + rest
}

function reasonLines({ reasons }: ScanResult, limit: number): string[] {
  if (reasons.length === 0) return []
  const shown = reasons.slice(0, limit)
  const lines = shown.flatMap((reason) => [
    ...wrapped(`${reason.code}: ${safe(reason.message)}`, limit > 2 ? 3 : 2),
    ...(reason.next === "" ? [] : [fit(`    → ${safe(reason.next)}`, columns)]),
  ])
  return ["", "Why it is red", ...lines, ...more(reasons.length - shown.length)]
}

function changeLines({ change }: ScanResult, limit: number): string[] {
  if (change === null) return []
  const { since, added, gone } = change
  const entry = (word: string) => (finding: Finding) => fit(`  ${word}  ${finding.severity}  ${safe(finding.id)}  ${safe(finding.package ?? finding.places[0]?.path ?? "")}`, columns)
  const all = [...added.map(entry("new ")), ...gone.map(entry("gone"))]
  return ["", line(`Since the baseline of ${moment(since)}: ${added.length} new, ${gone.length} gone`), ...all.slice(0, limit), ...more(all.length - limit)]
}

function warningLines({ warnings }: ScanResult, limit: number): string[] {
  if (warnings.length === 0) return []
  return ["", "Warnings", ...warnings.slice(0, limit).flatMap((warning) => wrapped(safe(warning.message), 2)), ...more(warnings.length - limit)]
}

/** Two columns in, its further lines two more. */
function wrapped(text: string, lines: number): string[] {
  return wrapWords(text, columns - 4, lines).map((part, index) => `${index === 0 ? "  " : "    "}${part}`)
}

function more(hidden: number): string[] {
  return hidden > 0 ? [`  and ${hidden} more in the report`] : []
}
