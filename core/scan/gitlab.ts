import { createHash } from "node:crypto"
import { clip, oneLine } from "../presentation/plain-text.js"
import type { JudgedFinding, ScanResult } from "./result.js"

/** The oldest schema with all of these fields, which every GitLab that supports 15.x takes. */
const SCHEMA = "15.0.7"

export interface ContainerScan {
  result: ScanResult
  /** image.name; null if not set. */
  imageName: string | null
  /** ISO 8601. */
  endedAt: string
}

/**
 * gl-container-scanning.json: vulnerabilities of the image in the form of GitLab's report of container scanning; null if no image was
 * scanned, because without a report GitLab resolves nothing. Findings that scan.ignore accepts are left out.
 * https://gitlab.com/gitlab-org/security-products/security-report-schemas
 */
export function containerScanning({ result, imageName, endedAt }: ContainerScan): string | null {
  if (result.image === null) return null
  const scanned = result.scanned.find(({ scan }) => scan === "image")
  const system = scanned?.os == null ? "unknown" : `${scanned.os.family} ${scanned.os.version}`.trim()
  // an ignore that expired is no gap of the scan
  const gaps = result.reasons.filter(({ code }) => code !== "ignore-expired")
  const image = imageName ?? result.app
  const document = {
    version: SCHEMA,
    scan: {
      analyzer: { id: "tollgate", name: "Tollgate", version: result.tollgateVersion, vendor: { name: "Tollgate" } },
      scanner: {
        id: "trivy",
        name: "Trivy",
        version: result.trivyVersion === "" ? "unknown" : result.trivyVersion,
        vendor: { name: "Aqua Security" },
      },
      type: "container_scanning",
      start_time: secondOf(result.startedAt),
      end_time: secondOf(endedAt),
      status: scanned === undefined || gaps.length > 0 ? "failure" : "success",
      messages: [
        ...gaps.map(({ code, message }) => ({ level: "fatal", value: oneLine(`${code}: ${message}`) })),
        ...result.warnings.map(({ code, message }) => ({ level: "warn", value: oneLine(`${code}: ${message}`) })),
      ],
    },
    vulnerabilities: result.findings.filter(isOfImage).map((finding) => vulnerability(finding, image, system)),
  }
  return `${JSON.stringify(document, null, 2)}\n`
}

function isOfImage({ kind, places, disposition }: JudgedFinding): boolean {
  return kind === "vulnerability" && disposition.kind !== "ignored" && places.some(({ scan }) => scan === "image")
}

/** The schema allows neither a fraction nor a zone. */
function secondOf(iso: string): string {
  return new Date(iso).toISOString().slice(0, 19)
}

function vulnerability(finding: JudgedFinding, image: string, system: string): object {
  const { id, aliases, severity, title, package: name, installed, fixed, url } = finding
  const dependency = { package: { name: name ?? "" }, version: installed ?? "" }
  const link = url !== null && /^(https?|ftp):\/\/./.test(url) ? { url } : {}
  return {
    id: createHash("sha256")
      .update(JSON.stringify([image, id, dependency]))
      .digest("hex"),
    name: oneLine(clip(title === "" ? id : title, 200)),
    description: clip(title, 10_000),
    severity: severity.charAt(0).toUpperCase() + severity.slice(1),
    ...(fixed === null ? {} : { solution: oneLine(clip(`Upgrade ${name ?? ""} to ${fixed}.`, 5000)) }),
    identifiers: [
      { type: typeOf(id), name: id, value: id, ...link },
      ...aliases.map((alias) => ({ type: typeOf(alias), name: alias, value: alias })),
    ],
    links: "url" in link ? [link] : [],
    location: { dependency, operating_system: system, image },
  }
}

/** `cve` of CVE-2024-1135. */
function typeOf(id: string): string {
  return /^[a-z]+/i.exec(id)?.[0].toLowerCase() ?? "trivy"
}
