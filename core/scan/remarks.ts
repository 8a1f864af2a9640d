import { missedInControl } from "./control.js"
import { type LockfileFacts, libraryCount, lookedAt, type Remarks, remarksOnImage, remarksOnLockfiles, systemInDatabase } from "./looked-at.js"
import type { LookedAt, Reason, ScanName, Warning } from "./result.js"
import { databaseKnows, type ScanContext } from "./scans.js"
import type { TrivyRun } from "./trivy.js"
import type { TrivyReport } from "./trivy-report.js"

/** What the scans had before them, and what that leaves unsaid. */
export async function remarksOn(context: ScanContext, done: { scan: ScanName; report: TrivyReport }[], control: TrivyRun | null, facts: LockfileFacts): Promise<Remarks & { lookedAt: LookedAt[] }> {
  const vulnerabilities = context.database !== null
  const reasons: Reason[] = []
  const warnings: Warning[] = []
  const looked = done.map(({ scan, report }): LookedAt => lookedAt(scan, report, vulnerabilities))
  const of = (scan: ScanName) => ({ report: done.find((one) => one.scan === scan)?.report, looked: looked.find((one) => one.scan === scan) })
  const add = (remarks: { reasons: Reason[]; warnings: Warning[] }) => {
    reasons.push(...remarks.reasons)
    warnings.push(...remarks.warnings)
  }
  const image = of("image")
  if (vulnerabilities && image.report !== undefined && image.looked !== undefined) {
    add(remarksOnImage(image.report, image.looked))
    const system = image.looked.osPackages > 0 ? systemInDatabase(image.looked.os) : null
    if (system !== null && !(await databaseKnows(context, system)))
      reasons.push({ code: "os-not-in-database", message: `the database has nothing about ${system}, which the image is made of: its ${image.looked.osPackages} system packages were not checked`, next: "use a database that knows it, or another base image" })
  }
  const lockfiles = of("lockfiles")
  if (vulnerabilities && lockfiles.report !== undefined && lockfiles.looked !== undefined)
    add(remarksOnLockfiles(lockfiles.report, lockfiles.looked, facts, libraryCount(image.looked)))
  if (control?.kind === "report") reasons.push(...missedInControl(control.report, vulnerabilities ? context.scanners : context.scanners.filter((one) => one !== "vulnerabilities"), image.looked?.os?.family === "debian"))
  return { reasons, warnings, lookedAt: looked }
}
