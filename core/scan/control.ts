import type { Reason, Scanner } from "./result.js"
import type { TrivyReport } from "./trivy-report.js"

/**
 * The control is a folder with one known finding of each kind. It is scanned with the same program, database, options and
 * settings files as the service. If Trivy misses one of them (an empty database, a disabled setting, a removed rule), it would
 * miss the same in the service.
 */

/** Published in 2021, rated critical, and in every database that covers Python. */
const LIBRARY = { id: "CVE-2020-14343", name: "PyYAML", version: "5.3" }
/** Affects openssl of Debian 12 before 3.0.11-1~deb12u2. */
const SYSTEM = { id: "CVE-2023-5363", name: "openssl", version: "3.0.9-1" }
const SECRET_RULE = "aws-access-key-id"
const SECRET_FILE = "srv/settings.txt"
/** A Dockerfile without USER. */
const DOCKERFILE_RULE = "DS-0002"

/** Path and text of each file in the control. */
export function controlFiles(): [path: string, text: string][] {
  // concatenated, so that a secret scanner does not report this source file
  const key = `AKIA${"Q4ZWTJ7RPX2MLD5K"}`
  const metadata = `usr/lib/python3/dist-packages/${LIBRARY.name}-${LIBRARY.version}.dist-info/METADATA`
  return [
    ["etc/os-release", 'NAME="Debian GNU/Linux"\nVERSION_ID="12"\nID=debian\n'],
    ["etc/debian_version", "12.1\n"],
    [
      "var/lib/dpkg/status",
      `Package: ${SYSTEM.name}\nStatus: install ok installed\nArchitecture: amd64\nMaintainer: nobody\nVersion: ${SYSTEM.version}\nDescription: control\n\n`,
    ],
    [metadata, `Metadata-Version: 2.1\nName: ${LIBRARY.name}\nVersion: ${LIBRARY.version}\n`],
    [SECRET_FILE, `AWS_ACCESS_KEY_ID=${key}\n`],
    ["srv/Dockerfile", "FROM scratch\n"],
  ]
}

/**
 * The known findings that Trivy missed in the control.
 *
 * @param debian whether the image is based on Debian; only then must the database cover Debian
 */
export function missedInControl(report: TrivyReport, scanners: readonly Scanner[], debian: boolean): Reason[] {
  const reasons: Reason[] = []
  const vulnerabilities = report.Results.flatMap((result) => result.Vulnerabilities.map((one) => one.VulnerabilityID))
  if (scanners.includes("vulnerabilities")) {
    if (!vulnerabilities.includes(LIBRARY.id))
      reasons.push({
        code: "database-empty",
        message: `Trivy did not find ${LIBRARY.id} in ${LIBRARY.name} ${LIBRARY.version}, which every Trivy database lists: the database is empty, or not a Trivy database`,
        next: "correct scan.database in tollgate.yaml, or check the job that updates the mirror",
      })
    else if (debian && !vulnerabilities.includes(SYSTEM.id))
      reasons.push({
        code: "database-empty",
        message: `Trivy did not find ${SYSTEM.id} in Debian's ${SYSTEM.name} ${SYSTEM.version}: the database has no vulnerabilities of Debian 12`,
        next: "correct scan.database in tollgate.yaml, or check the job that updates the mirror",
      })
  }
  if (
    scanners.includes("secrets") &&
    !report.Results.some((result) => result.Secrets.some((one) => one.RuleID === SECRET_RULE))
  )
    reasons.push(missed(`the AWS key in ${SECRET_FILE} of the control (rule ${SECRET_RULE})`, "secrets"))
  if (
    scanners.includes("misconfiguration") &&
    !report.Results.some((result) => result.Misconfigurations.some((one) => one.ID === DOCKERFILE_RULE))
  )
    reasons.push(missed(`the Dockerfile without USER in the control (rule ${DOCKERFILE_RULE})`, "misconfiguration"))
  return reasons
}

function missed(what: string, scanner: Scanner): Reason {
  return {
    code: "control-missed",
    message: `Trivy did not find ${what}, so its results for ${scanner} cannot be trusted`,
    next: "this is a bug in Tollgate or in the engine's Trivy image; open an issue",
  }
}
