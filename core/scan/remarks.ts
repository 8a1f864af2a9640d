import { missedInControl } from "./control.js"
import type { Reason, ScanName, Scanned, Warning } from "./result.js"
import {
  type LockfileFacts,
  libraryCount,
  type Remarks,
  remarksOnImage,
  remarksOnLockfiles,
  scannedIn,
  systemInDatabase,
} from "./scanned.js"
import { databaseKnows, type ScanContext } from "./scans.js"
import type { TrivyRun } from "./trivy.js"
import type { TrivyReport } from "./trivy-report.js"

/** What the scans covered and what they missed. */
export async function remarksOn(
  context: ScanContext,
  done: { scan: ScanName; report: TrivyReport }[],
  control: TrivyRun | null,
  facts: LockfileFacts,
): Promise<Remarks & { scanned: Scanned[] }> {
  const vulnerabilities = context.database !== null
  const reasons: Reason[] = []
  const warnings: Warning[] = []
  const scanned = done.map(({ scan, report }): Scanned => scannedIn(scan, report, vulnerabilities))
  const of = (scan: ScanName) => ({
    report: done.find((one) => one.scan === scan)?.report,
    scanned: scanned.find((one) => one.scan === scan),
  })
  const add = (remarks: { reasons: Reason[]; warnings: Warning[] }) => {
    reasons.push(...remarks.reasons)
    warnings.push(...remarks.warnings)
  }
  const image = of("image")
  if (vulnerabilities && image.report !== undefined && image.scanned !== undefined) {
    add(remarksOnImage(image.report, image.scanned))
    const system = image.scanned.osPackages > 0 ? systemInDatabase(image.scanned.os) : null
    if (system !== null && !(await databaseKnows(context, system)))
      reasons.push({
        code: "os-not-in-database",
        message: `the database has no vulnerabilities of ${system}, the image's operating system: its ${image.scanned.osPackages} system packages were not checked`,
        next: "use a database that covers it, or another base image",
      })
  }
  const lockfiles = of("lockfiles")
  if (vulnerabilities && lockfiles.report !== undefined && lockfiles.scanned !== undefined)
    add(remarksOnLockfiles(lockfiles.report, lockfiles.scanned, facts, libraryCount(image.scanned)))
  if (control?.kind === "report")
    reasons.push(
      ...missedInControl(
        control.report,
        vulnerabilities ? context.scanners : context.scanners.filter((one) => one !== "vulnerabilities"),
        image.scanned?.os?.family === "debian",
      ),
    )
  return { reasons, warnings, scanned }
}
