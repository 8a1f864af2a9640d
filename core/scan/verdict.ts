import { count } from "../report/figures.js"
import { isClean, type ReasonCode, refused, type ScanResult } from "./result.js"

/** The verdict in words, for the last line of a log and the head of a page. */
export function verdictLine(result: ScanResult): string {
  return isClean(result) ? `PROVEN: ${provenWords(result)}` : `RED: ${redWords(result).join("; ")}`
}

/** `critical` or `high or above`: where scan.failOn draws the line. */
export function threshold({ settings: { failOn } }: Pick<ScanResult, "settings">): string {
  return failOn === "critical" ? "critical" : failOn === "unknown" ? "any severity" : `${failOn} or above`
}

function findingsWords(number: number, result: ScanResult): string {
  if (result.settings.failOn === "critical") return number === 0 ? "no critical finding" : count(number, "critical finding")
  return `${number === 0 ? "no finding" : count(number, "finding")} of ${threshold(result)}`
}

function provenWords(result: ScanResult): string {
  const of = (kind: string) => result.findings.filter((finding) => finding.disposition.kind === kind).length
  const others = [
    [of("below"), "below"],
    [of("unfixed"), "without a fix"],
    [of("ignored"), "ignored"],
  ].flatMap(([number, what]) => (number === 0 ? [] : [`${number} ${what}`]))
  return [`${findingsWords(0, result)}${among(result)}`, ...(others.length === 0 ? [] : [others.join(", ")])].join("; ")
}

/** What nothing was found in: the image's packages, which are what runs, or else what the lockfiles pin. */
function among({ lookedAt }: ScanResult): string {
  const checked = lookedAt.filter((one) => one.vulnerabilities)
  const looked = checked.find((one) => one.scan === "image") ?? checked.find((one) => one.scan === "lockfiles")
  if (looked === undefined) return ""
  const packages = looked.osPackages + looked.libraries.reduce((sum, one) => sum + one.packages, 0)
  return ` in ${count(packages, "package")} of the ${looked.scan}`
}

function redWords(result: ScanResult): string[] {
  const findings = refused(result).length
  const words = findings === 0 ? [] : [findingsWords(findings, result)]
  const codes = result.reasons.map((reason) => reason.code)
  const expired = codes.filter((code) => code === "ignore-expired").length
  const others = new Set(codes.filter((code) => code !== "ignore-expired").map((code) => PHRASES[code]))
  return [...words, ...others, ...(expired === 0 ? [] : [`${count(expired, "ignore has", "ignores have")} expired`])]
}

const PHRASES: Record<Exclude<ReasonCode, "ignore-expired">, string> = {
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
  "lockfile-not-read": "a lockfile was not read",
}
