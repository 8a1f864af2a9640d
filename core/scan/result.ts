import type { ScanSettings } from "../config/scan.js"

export type Severity = ScanSettings["failOn"]
export type Scanner = ScanSettings["scanners"][number]

/** The built image, the lockfiles of its dependencies, the repository as tracked by Git. */
export type ScanName = "image" | "lockfiles" | "repository"

export interface Place {
  scan: ScanName
  /** Relative to the app's folder (lockfiles), to the source (repository) or to / (image). */
  path: string
  line: number | null
}

export interface Finding {
  kind: "vulnerability" | "secret" | "misconfiguration"
  id: string
  /** Other ids of the same vulnerability, such as GHSA-…; an ignore may name any of them. */
  aliases: string[]
  severity: Severity
  title: string
  package: string | null
  installed: string | null
  /** The versions that fix it, as listed in its advisory; null if there is no fix yet, or it is not a vulnerability. */
  fixed: string | null
  /** The distribution's status if there is no fix: affected, will_not_fix, … */
  status: string | null
  url: string | null
  places: Place[]
}

/**
 * The effect of a finding on the verdict. `blocking` fails the gate. The others are only reported: below scan.failOn, without
 * a fix while scan.ignoreUnfixed is set, or covered by an entry of scan.ignore.
 */
export type Disposition =
  | { kind: "blocking" }
  | { kind: "below-threshold" }
  | { kind: "unfixed" }
  | { kind: "ignored"; reason: string; until: string }

export interface JudgedFinding extends Finding {
  disposition: Disposition
}

/** Why the gate did not pass, besides blocking findings. The codes are stable: reports and scripts may rely on them. */
export type ReasonCode =
  | "database-unreachable"
  | "database-missing"
  | "database-denied"
  | "database-unreadable"
  | "database-schema"
  | "database-stale"
  | "database-ahead"
  | "database-empty"
  | "trivy-failed"
  | "report-invalid"
  | "control-missed"
  | "image-empty"
  | "os-packages-missing"
  | "os-not-in-database"
  | "nothing-pinned"
  | "lockfile-not-read"
  | "ignore-expired"

export interface Reason {
  code: ReasonCode
  message: string
  /** What to do about it. */
  next: string
}

export type WarningCode =
  | "ignore-unused"
  | "ignore-ends-soon"
  | "not-pinned"
  | "lockfile-not-read"
  | "os-end-of-life"
  | "os-not-supported"
  | "os-unknown"
  | "small-database"
  | "not-scanned"
  | "comment-not-honoured"
  | "file-not-honoured"
  | "secret-in-ignored-file"

export interface Warning {
  code: WarningCode
  message: string
}

export interface Database {
  /** References to download it from, in order. */
  repository: string
  /** null if no usable database was downloaded. */
  updatedAt: string | null
  ageHours: number | null
}

/** What a scan covered: it tells "no findings" from "nothing scanned". */
export interface Scanned {
  scan: ScanName
  /** Whether the scan checked for vulnerabilities; if not, no packages are listed. */
  vulnerabilities: boolean
  /** Packages of the operating system. */
  osPackages: number
  /** Packages of languages, by the file or type in which they were found. */
  libraries: { path: string; type: string; packages: number }[]
  /** Files that were checked for misconfiguration. */
  configurationFiles: number
  os: { family: string; version: string } | null
}

/** Comparison with an earlier report. */
export interface Change {
  /** Time of the earlier scan, ISO 8601. */
  since: string
  added: Finding[]
  gone: Finding[]
}

export interface ScanResult {
  app: string
  /** Digest of the scanned source. */
  source: string
  tollgateVersion: string
  trivyVersion: string
  startedAt: string
  settings: Pick<ScanSettings, "failOn" | "ignoreUnfixed" | "scanners" | "skip" | "maxDatabaseAge">
  /** Digest of the image's manifest; null if no image was scanned. */
  image: string | null
  database: Database | null
  scanned: Scanned[]
  findings: JudgedFinding[]
  reasons: Reason[]
  warnings: Warning[]
  change: Change | null
}

export function blocking(result: ScanResult): JudgedFinding[] {
  return result.findings.filter((finding) => finding.disposition.kind === "blocking")
}

export type ScanVerdict = "passed" | "failed" | "inconclusive"

/** Without a blocking finding or an expired ignore, a scan that could not check everything is inconclusive. */
export function scanVerdict(result: ScanResult): ScanVerdict {
  if (blocking(result).length > 0 || result.reasons.some(({ code }) => code === "ignore-expired")) return "failed"
  return result.reasons.length > 0 ? "inconclusive" : "passed"
}

export function scanPassed(result: ScanResult): boolean {
  return scanVerdict(result) === "passed"
}
