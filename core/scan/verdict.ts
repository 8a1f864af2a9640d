import { count } from "../shared/figures.js"
import { blocking, type ReasonCode, type ScanResult, scanVerdict } from "./result.js"

/** The verdict in one line, for the end of a log and the head of a page. */
export function verdictLine(result: ScanResult): string {
  const verdict = scanVerdict(result)
  return `${verdict.toUpperCase()}: ${verdict === "passed" ? passedWords(result) : problemWords(result).join("; ")}`
}

/** The title above the reasons. */
export function whyTitle(result: ScanResult): string {
  return scanVerdict(result) === "inconclusive" ? "Why it is inconclusive" : "Why it failed"
}

/** `critical` or `high or above`: the severities that fail the gate. */
export function threshold({ settings: { failOn } }: Pick<ScanResult, "settings">): string {
  return failOn === "critical" ? "critical" : failOn === "unknown" ? "any severity" : `${failOn} or above`
}

function findingsWords(number: number, result: ScanResult): string {
  if (result.settings.failOn === "critical")
    return number === 0 ? "no critical finding" : count(number, "critical finding")
  return `${number === 0 ? "no finding" : count(number, "finding")} of ${threshold(result)}`
}

function passedWords(result: ScanResult): string {
  const of = (kind: string) => result.findings.filter((finding) => finding.disposition.kind === kind).length
  const others = [
    [of("below-threshold"), "below the threshold"],
    [of("unfixed"), "without a fix"],
    [of("ignored"), "ignored"],
  ].flatMap(([number, what]) => (number === 0 ? [] : [`${number} ${what}`]))
  return [`${findingsWords(0, result)}${among(result)}`, ...(others.length === 0 ? [] : [others.join(", ")])].join("; ")
}

/** The scanned packages: those of the image, because they are what runs, or else those of the lockfiles. */
function among({ scanned }: ScanResult): string {
  const checked = scanned.filter((one) => one.vulnerabilities)
  const shown = checked.find((one) => one.scan === "image") ?? checked.find((one) => one.scan === "lockfiles")
  if (shown === undefined) return ""
  const packages = shown.osPackages + shown.libraries.reduce((sum, one) => sum + one.packages, 0)
  return ` in ${count(packages, "package")} of the ${shown.scan}`
}

function problemWords(result: ScanResult): string[] {
  const findings = blocking(result).length
  const words = findings === 0 ? [] : [findingsWords(findings, result)]
  const codes = result.reasons.map((reason) => reason.code)
  const expired = codes.filter((code) => code === "ignore-expired").length
  const others = new Set(codes.filter((code) => code !== "ignore-expired").map((code) => PHRASES[code]))
  return [...words, ...others, ...(expired === 0 ? [] : [`${count(expired, "ignore has", "ignores have")} expired`])]
}

const PHRASES: Record<Exclude<ReasonCode, "ignore-expired">, string> = {
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
  "lockfile-not-read": "a lockfile was not read",
}
