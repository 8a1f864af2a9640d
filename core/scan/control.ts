import type { Reason, Scanner } from "./result.js"
import type { TrivyReport } from "./trivy-report.js"

/**
 * A folder that holds one known finding of each kind, scanned with the same program, database, options and settings files as
 * the service. What is not found in it would not have been found in the service either: an empty database, a setting that
 * switches something off, a rule that is gone.
 */

/** In PyYAML since 2021, rated critical, and in every database that has Python at all. */
const LIBRARY = { id: "CVE-2020-14343", name: "PyYAML", version: "5.3" }
/** In openssl of Debian 12 until 3.0.11-1~deb12u2. */
const SYSTEM = { id: "CVE-2023-5363", name: "openssl", version: "3.0.9-1" }
const SECRET_RULE = "aws-access-key-id"
const SECRET_FILE = "srv/settings.txt"
/** No USER in a Dockerfile. */
const DOCKERFILE_RULE = "DS-0002"

/** Path and text of each file of the control. */
export function controlFiles(): [path: string, text: string][] {
  // put together here, so that whoever scans this source for secrets finds none
  const key = `AKIA${"Q4ZWTJ7RPX2MLD5K"}`
  const metadata = `usr/lib/python3/dist-packages/${LIBRARY.name}-${LIBRARY.version}.dist-info/METADATA`
  return [
    ["etc/os-release", 'NAME="Debian GNU/Linux"\nVERSION_ID="12"\nID=debian\n'],
    ["etc/debian_version", "12.1\n"],
    ["var/lib/dpkg/status", `Package: ${SYSTEM.name}\nStatus: install ok installed\nArchitecture: amd64\nMaintainer: nobody\nVersion: ${SYSTEM.version}\nDescription: control\n\n`],
    [metadata, `Metadata-Version: 2.1\nName: ${LIBRARY.name}\nVersion: ${LIBRARY.version}\n`],
    [SECRET_FILE, `AWS_ACCESS_KEY_ID=${key}\n`],
    ["srv/Dockerfile", "FROM scratch\n"],
  ]
}

/**
 * What the control shows to be missing.
 *
 * @param debian whether the image is a Debian: other databases need not know it
 */
export function missedInControl(report: TrivyReport, scanners: readonly Scanner[], debian: boolean): Reason[] {
  const reasons: Reason[] = []
  const vulnerabilities = report.Results.flatMap((result) => result.Vulnerabilities.map((one) => one.VulnerabilityID))
  if (scanners.includes("vulnerabilities")) {
    if (!vulnerabilities.includes(LIBRARY.id))
      reasons.push({
        code: "database-empty",
        message: `with this database Trivy does not find ${LIBRARY.id} in ${LIBRARY.name} ${LIBRARY.version}, which every database of Trivy's knows: it is empty, or not one of Trivy's`,
        next: "correct scan.database of tollgate.yaml, or see how the mirror is filled",
      })
    else if (debian && !vulnerabilities.includes(SYSTEM.id))
      reasons.push({
        code: "database-empty",
        message: `with this database Trivy does not find ${SYSTEM.id} in Debian's ${SYSTEM.name} ${SYSTEM.version}: it knows nothing of Debian 12`,
        next: "correct scan.database of tollgate.yaml, or see how the mirror is filled",
      })
  }
  if (scanners.includes("secrets") && !report.Results.some((result) => result.Secrets.some((one) => one.RuleID === SECRET_RULE)))
    reasons.push(missed(`an AWS key in ${SECRET_FILE} of the control (rule ${SECRET_RULE})`))
  if (scanners.includes("misconfiguration") && !report.Results.some((result) => result.Misconfigurations.some((one) => one.ID === DOCKERFILE_RULE)))
    reasons.push(missed(`a Dockerfile without USER in the control (rule ${DOCKERFILE_RULE})`))
  return reasons
}

function missed(what: string): Reason {
  return {
    code: "control-missed",
    message: `Trivy did not find ${what}: it would not have found one in the service either`,
    next: "this is a fault of Tollgate's or of the engine's Trivy image; please report it",
  }
}
