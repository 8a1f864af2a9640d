import type { ScanSettings } from "../config/scan.js"

export type Severity = ScanSettings["failOn"]
export type Scanner = ScanSettings["scanners"][number]

/** The image as built, the files that pin its dependencies, the repository as git has it. */
export type ScanName = "image" | "lockfiles" | "repository"

export interface Place {
  scan: ScanName
  /** Relative to the app's folder for lockfiles, to the source for the repository, to / for the image. */
  path: string
  line: number | null
}

export interface Finding {
  kind: "vulnerability" | "secret" | "misconfiguration"
  id: string
  /** Other ids of the same, such as GHSA-…; an ignore may name any. */
  aliases: string[]
  severity: Severity
  title: string
  package: string | null
  installed: string | null
  /** The versions that fix it, as its advisory lists them; null: there is none yet, or it is no vulnerability. */
  fixed: string | null
  /** What the distribution means to do, where it has not fixed it: affected, will_not_fix, … */
  status: string | null
  url: string | null
  places: Place[]
}

/**
 * What became of a finding. `refused` is what makes the gate red; the others are told and let through: below scan.failOn,
 * without a fix where scan.ignoreUnfixed says so, covered by an entry of scan.ignore.
 */
export type Disposition = { kind: "refused" } | { kind: "below" } | { kind: "unfixed" } | { kind: "ignored"; reason: string; until: string }

export interface JudgedFinding extends Finding {
  disposition: Disposition
}

/** Why the gate is red, besides refused findings. The codes are stable: reports and scripts may rely on them. */
export type ReasonCode =
  | "database-unreachable"
  | "database-missing"
  | "database-denied"
  | "database-unreadable"
  | "database-schema"
  | "database-stale"
  | "database-ahead"
  | "database-empty"
  | "scan-failed"
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
  /** What the reader can do; empty when the message says it. */
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
  /** References it may come from, in order. */
  repository: string
  /** null: there is none that can be used. */
  updatedAt: string | null
  ageHours: number | null
}

/** What a scan had before it, so that no finding can be told from nothing looked at. */
export interface LookedAt {
  scan: ScanName
  /** Vulnerabilities were looked for; without them no package was listed. */
  vulnerabilities: boolean
  /** Packages of the operating system. */
  osPackages: number
  /** Packages of languages, by the file or kind they were found in. */
  libraries: { path: string; type: string; packages: number }[]
  /** Files that misconfiguration was looked for in. */
  configurationFiles: number
  os: { family: string; version: string } | null
}

/** Against an earlier report. */
export interface Change {
  /** When the earlier scan was made, ISO 8601. */
  since: string
  added: Finding[]
  gone: Finding[]
}

export interface ScanResult {
  app: string
  /** Digest of the source that was looked at. */
  source: string
  tollgateVersion: string
  trivyVersion: string
  startedAt: string
  settings: Pick<ScanSettings, "failOn" | "ignoreUnfixed" | "scanners" | "skip" | "maxDatabaseAge">
  /** Digest of the image's manifest; null: no image was scanned. */
  image: string | null
  database: Database | null
  lookedAt: LookedAt[]
  findings: JudgedFinding[]
  reasons: Reason[]
  warnings: Warning[]
  change: Change | null
}

export function refused(result: ScanResult): JudgedFinding[] {
  return result.findings.filter((finding) => finding.disposition.kind === "refused")
}

export function isClean(result: ScanResult): boolean {
  return result.reasons.length === 0 && refused(result).length === 0
}
