import type { ScanSettings } from "../../core/config/scan.js"
import type { Finding, JudgedFinding, Place, ScanResult } from "../../core/scan/result.js"
import { readTrivyReport, type TrivyReport } from "../../core/scan/trivy-report.js"

export const NOW = new Date("2026-11-22T12:00:00Z")

export const defaults: ScanSettings = {
  failOn: "critical",
  ignoreUnfixed: false,
  scanners: ["vulnerabilities", "secrets", "misconfiguration"],
  image: true,
  skip: [],
  maxDatabaseAge: 24,
  timeout: 600,
  ignore: [],
}

/** A report as Trivy writes it, from what matters of it. */
export function trivyReport(results: object[], metadata: object = {}): TrivyReport {
  const text = JSON.stringify({
    SchemaVersion: 2,
    Trivy: { Version: "0.69.0" },
    CreatedAt: NOW.toISOString(),
    Metadata: metadata,
    Results: results,
  })
  const reading = readTrivyReport(text)
  if (reading.kind === "invalid") throw new Error(reading.why)
  return reading.report
}

export const debian = { OS: { Family: "debian", Name: "12.15" } }

export function vulnerability(id: string, name: string, installed: string, more: object = {}): object {
  return {
    VulnerabilityID: id,
    PkgName: name,
    InstalledVersion: installed,
    FixedVersion: "9.9",
    Status: "fixed",
    Severity: "CRITICAL",
    Title: `${name}: something`,
    ...more,
  }
}

export function place(scan: Place["scan"], path: string, line: number | null = null): Place {
  return { scan, path, line }
}

export function finding(more: Partial<Finding> = {}): Finding {
  return {
    kind: "vulnerability",
    id: "CVE-2024-1135",
    aliases: ["GHSA-w3h3-4rj7-4ph4"],
    severity: "critical",
    title: "Gunicorn: request smuggling",
    package: "gunicorn",
    installed: "21.2.0",
    fixed: "22.0.0",
    status: null,
    url: "https://avd.aquasec.com/nvd/cve-2024-1135",
    places: [place("lockfiles", "requirements.txt", 3)],
    ...more,
  }
}

export function secret(path: string, line: number, more: Partial<Finding> = {}): Finding {
  return finding({
    kind: "secret",
    id: "aws-access-key-id",
    aliases: [],
    title: "AWS Access Key ID",
    package: null,
    installed: null,
    fixed: null,
    url: null,
    places: [place("repository", path, line)],
    ...more,
  })
}

export function judged(more: Partial<JudgedFinding> = {}): JudgedFinding {
  return { ...finding(more), disposition: { kind: "blocking" }, ...more }
}

export function result(more: Partial<ScanResult> = {}): ScanResult {
  const { failOn, ignoreUnfixed, scanners, skip, maxDatabaseAge } = defaults
  return {
    app: "examples/payments",
    source: "sha256:1111111111112222",
    tollgateVersion: "0.1.0",
    trivyVersion: "0.69.0",
    startedAt: NOW.toISOString(),
    settings: { failOn, ignoreUnfixed, scanners, skip, maxDatabaseAge },
    image: "sha256:aaaaaaaaaaaabbbb",
    database: { repository: "ghcr.io/aquasecurity/trivy-db:2", updatedAt: "2026-11-22T09:00:00Z", ageHours: 3 },
    scanned: [
      {
        scan: "image",
        vulnerabilities: true,
        osPackages: 119,
        libraries: [{ path: "Python", type: "python-pkg", packages: 37 }],
        configurationFiles: 0,
        os: { family: "debian", version: "12.15" },
      },
      {
        scan: "lockfiles",
        vulnerabilities: true,
        osPackages: 0,
        libraries: [{ path: "requirements.txt", type: "pip", packages: 35 }],
        configurationFiles: 0,
        os: null,
      },
      { scan: "repository", vulnerabilities: false, osPackages: 0, libraries: [], configurationFiles: 1, os: null },
    ],
    findings: [],
    reasons: [],
    warnings: [],
    change: null,
    ...more,
  }
}
