import { type ScanSettings, SEVERITIES } from "../config/scan.js"
import { count } from "../shared/figures.js"
import { type Baseline, changeSince } from "./baseline.js"
import { findingsOf } from "./findings.js"
import { applyIgnores, type IgnoredBy, type IgnoreUse } from "./ignores.js"
import type { Change, Disposition, Finding, JudgedFinding, Reason, ScanName, Warning } from "./result.js"
import type { TrivyReport } from "./trivy-report.js"

export interface Evidence {
  settings: ScanSettings
  /** The app's folder inside the source. */
  app: string
  reports: [scan: ScanName, report: TrivyReport][]
  /** Every requested scan left a report. Otherwise an entry of scan.ignore without a finding may still be needed. */
  complete: boolean
  baseline: Baseline | null
  now: Date
}

export interface Judgement {
  findings: JudgedFinding[]
  reasons: Reason[]
  warnings: Warning[]
  change: Change | null
}

/** Days before its expiry from which an ignore is a warning. */
const SOON = 14

/** Judges the findings. What could not be scanned is judged in remarks.ts. */
export function judgeFindings({ settings, app, reports, complete, baseline, now }: Evidence): Judgement {
  const findings = findingsOf(reports)
  const { uses, ignored } = applyIgnores(findings, settings.ignore, app, now)
  return {
    findings: findings.map((finding) => ({
      ...finding,
      disposition: disposition(finding, settings, ignored.get(finding)),
    })),
    reasons: uses.filter((use) => use.expired).map((use) => expired(use, complete)),
    warnings: uses.filter((use) => !use.expired).flatMap((use) => remark(use, complete)),
    change: baseline === null ? null : changeSince(baseline, findings),
  }
}

function disposition(finding: Finding, settings: ScanSettings, ignored: IgnoredBy | undefined): Disposition {
  if (ignored !== undefined) return { kind: "ignored", ...ignored }
  if (SEVERITIES.indexOf(finding.severity) > SEVERITIES.indexOf(settings.failOn)) return { kind: "below-threshold" }
  if (settings.ignoreUnfixed && finding.kind === "vulnerability" && finding.fixed === null) return { kind: "unfixed" }
  return { kind: "blocking" }
}

function expired({ entry, covers }: IgnoreUse, complete: boolean): Reason {
  const still =
    covers.length > 0
      ? "it is still found"
      : complete
        ? "it is no longer found"
        : "not every scan completed, so it may still be there"
  return {
    code: "ignore-expired",
    message: `the ignore of ${nameOf({ entry })} expired on ${entry.until} (“${entry.reason}”); ${still}`,
    next:
      covers.length === 0 && complete
        ? "remove it from scan.ignore"
        : "update the package, or set a later day in scan.ignore",
  }
}

function remark({ entry, covers, daysLeft }: IgnoreUse, complete: boolean): Warning[] {
  if (covers.length === 0)
    return complete
      ? [{ code: "ignore-unused", message: `${nameOf({ entry })} is no longer found: remove it from scan.ignore` }]
      : []
  if (daysLeft > SOON) return []
  const left = daysLeft === 0 ? "today is the last day" : `${count(daysLeft, "day")} left`
  return [
    { code: "ignore-ends-soon", message: `the ignore of ${nameOf({ entry })} expires after ${entry.until}: ${left}` },
  ]
}

function nameOf({ entry }: Pick<IgnoreUse, "entry">): string {
  return [entry.id, ...(entry.package === undefined ? [] : ["in", entry.package])].join(" ")
}
