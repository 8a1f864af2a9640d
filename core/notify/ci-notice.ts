import type { Status } from "../ci/status.js"
import { wordsBehind } from "../gate/outcome.js"
import type { Notice } from "./message.js"

export interface CiNoticeContext {
  service: string
  branch: string
  /** Of the run; empty: unknown. */
  url: string
  at: string
}

/**
 * The notice of a run on a shared branch: that it failed, or that it passes again. A run that fails by the same gates as the one before
 * gives none.
 *
 * @param status null: the run left no report
 * @param before null: unknown
 */
export function ciNotice(status: Status | null, before: Status | null, context: CiNoticeContext): Notice | null {
  const known = new Set(brokenGates(before).map(({ name }) => name))
  const broken = brokenGates(status)
  if (status?.verdict === "passed") {
    const failedBefore = before !== null && before.verdict !== "passed"
    return failedBefore ? noticeOf("ci-recovered", status, context, []) : null
  }
  if (status !== null && known.size > 0 && broken.every(({ name }) => known.has(name))) return null
  const causes =
    status === null ? ["ci-report wrote no report: see the run"] : broken.map(({ name, words }) => `${name}: ${words}`)
  return noticeOf("ci-failed", status, context, causes)
}

function brokenGates(status: Status | null) {
  return (status?.gates ?? []).filter(({ verdict }) => verdict === "failed" || verdict === "inconclusive")
}

function noticeOf(
  event: "ci-failed" | "ci-recovered",
  status: Status | null,
  { service, branch, url, at }: CiNoticeContext,
  causes: readonly string[],
): Notice {
  return {
    event,
    service,
    environment: null,
    branch,
    url: url === "" ? null : url,
    release: null,
    run: status?.startedAt ?? at,
    who: "ci",
    why: status === null ? "" : wordsBehind(status.verdictInWords),
    digest: null,
    revision: status?.revision ?? null,
    planId: null,
    causes,
    serving: null,
    seconds: status?.seconds ?? null,
    at,
  }
}
