import type { ReleaseRecord } from "./ledger.js"

/** One release as the module's `releases` returns it, with the fields of src/release-summary.ts. */
export interface ReleaseSummary {
  release: string
  action: string
  outcome: string
  version: string
  digest: string
  revision: string
  who: string
  why: string
  startedAt: string
  finishedAt: string
  seconds: number
  approvers: string[]
  breakGlass: string
  causes: string[]
  steps: string[]
}

export function summaryOf(release: ReleaseRecord): ReleaseSummary {
  return {
    release: release.id,
    action: release.action,
    outcome: release.outcome,
    version: release.version ?? "",
    digest: release.digest,
    revision: release.revision ?? "",
    who: release.who,
    why: release.why,
    startedAt: release.startedAt,
    finishedAt: release.finishedAt ?? "",
    seconds: release.seconds ?? 0,
    approvers: release.approvals.map(({ approver }) => approver),
    breakGlass: release.breakGlass?.reason ?? "",
    causes: release.causes,
    steps: release.steps.map(({ name, outcome }) => `${name}: ${outcome}`),
  }
}
