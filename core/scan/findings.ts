import { SEVERITIES } from "../config/scan.js"
import type { Finding, Place, ScanName, Severity } from "./result.js"
import type { TrivyReport, TrivyResult } from "./trivy-report.js"

/** All findings, worst first. A vulnerability of the same package in image and lockfile is one finding with two places. */
export function findingsOf(reports: [scan: ScanName, report: TrivyReport][]): Finding[] {
  const all = reports.flatMap(([scan, report]) => report.Results.flatMap((result) => found(scan, report, result)))
  const merged = new Map<string, Finding>()
  for (const finding of all) {
    const known = merged.get(sameness(finding))
    if (known === undefined) merged.set(sameness(finding), finding)
    else known.places.push(...finding.places.filter((place) => !known.places.some((other) => samePlace(place, other))))
  }
  return [...merged.values()].sort(worstFirst)
}

function found(scan: ScanName, report: TrivyReport, result: TrivyResult): Finding[] {
  const vulnerabilities = result.Vulnerabilities.map(
    (one): Finding => ({
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
      places: [packagePlace(scan, report, result, one)],
    }),
  )
  const secrets = result.Secrets.map(
    (one): Finding => ({
      ...unpackaged,
      kind: "secret",
      id: one.RuleID,
      severity: severityOf(one.Severity),
      title: one.Title,
      places: [{ scan, path: filePath(result.Target), line: lineOf(one.StartLine) }],
    }),
  )
  const misconfigurations = result.Misconfigurations.filter((one) => one.Status === "FAIL").map(
    (one): Finding => ({
      ...unpackaged,
      kind: "misconfiguration",
      id: one.ID,
      aliases: one.AVDID === "" || one.AVDID === one.ID ? [] : [one.AVDID],
      severity: severityOf(one.Severity),
      title: one.Message === "" ? one.Title : one.Message,
      url: orNull(one.PrimaryURL),
      places: [{ scan, path: filePath(result.Target), line: lineOf(one.CauseMetadata.StartLine) }],
    }),
  )
  return [...vulnerabilities, ...secrets, ...misconfigurations]
}

const unpackaged = { aliases: [], package: null, installed: null, fixed: null, status: null, url: null }

function packagePlace(
  scan: ScanName,
  report: TrivyReport,
  result: TrivyResult,
  one: TrivyResult["Vulnerabilities"][number],
): Place {
  if (result.Class === "os-pkgs") return { scan, path: osName(report) ?? result.Target, line: null }
  if (one.PkgPath !== "") return { scan, path: one.PkgPath, line: null }
  const pinned = result.Packages.find(
    (candidate) => candidate.Name === one.PkgName && candidate.Version === one.InstalledVersion,
  )
  return { scan, path: filePath(result.Target), line: lineOf(pinned?.Locations[0]?.StartLine ?? 0) }
}

export function osName(report: TrivyReport): string | null {
  const os = report.Metadata.OS
  return os === undefined || os.Family === "none" ? null : `${os.Family} ${os.Name}`.trim()
}

/** Trivy writes /srv/app/key.pem for a file in an image, and app/key.pem for other files. */
function filePath(target: string): string {
  return target.replace(/^\/+(?=[^/])/, "")
}

function lineOf(line: number): number | null {
  return line > 0 ? line : null
}

function orNull(text: string): string | null {
  return text === "" ? null : text
}

const SEVERITY: Record<TrivyResult["Vulnerabilities"][number]["Severity"], Severity> = {
  CRITICAL: "critical",
  HIGH: "high",
  MEDIUM: "medium",
  LOW: "low",
  UNKNOWN: "unknown",
}

function severityOf(written: keyof typeof SEVERITY): Severity {
  return SEVERITY[written]
}

/** Normalizes a name as PyPI does; harmless for other registries. */
export function normalName(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, "-")
}

function sameness(finding: Finding): string {
  const [place] = finding.places
  if (finding.kind === "vulnerability")
    return JSON.stringify([finding.id, normalName(finding.package ?? ""), finding.installed])
  return JSON.stringify([finding.kind, finding.id, place?.scan, place?.path, place?.line, finding.title])
}

function samePlace(one: Place, other: Place): boolean {
  return one.scan === other.scan && one.path === other.path && one.line === other.line
}

const KINDS: Finding["kind"][] = ["vulnerability", "secret", "misconfiguration"]

function worstFirst(one: Finding, other: Finding): number {
  return (
    SEVERITIES.indexOf(one.severity) - SEVERITIES.indexOf(other.severity) ||
    KINDS.indexOf(one.kind) - KINDS.indexOf(other.kind) ||
    (one.package ?? "").localeCompare(other.package ?? "", "en") ||
    one.id.localeCompare(other.id, "en") ||
    (one.places[0]?.path ?? "").localeCompare(other.places[0]?.path ?? "", "en")
  )
}
