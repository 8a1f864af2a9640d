import type { LedgerEvent } from "./event.js"
import type { LeaseHolder, ReleaseRecord, StepRecord } from "./ledger.js"

/**
 * Derives releases from the events of an environment.
 *
 * @param events oldest first
 * @param holder current lease holder: an unfinished release of any other run was interrupted
 * @returns the newest release first
 */
export function releasesOf(events: readonly LedgerEvent[], holder: Pick<LeaseHolder, "run"> | null): ReleaseRecord[] {
  const releases = new Map<string, ReleaseRecord>()
  for (const event of events) {
    const { release } = event.context
    if (release === null) continue
    const known = releases.get(release)
    if (known === undefined) {
      const begun = begin(event, release)
      if (begun !== null) releases.set(release, begun)
    } else add(known, event)
  }
  for (const release of releases.values()) if (release.finishedAt === null) close(release, holder)
  return [...releases.values()].reverse()
}

function begin(event: LedgerEvent, id: string): ReleaseRecord | null {
  const { what, context } = event
  if (what.kind !== "release-started") return null
  const { kind: _, ...given } = what
  return {
    ...given,
    id,
    service: context.service,
    environment: context.environment,
    run: context.run,
    who: context.who,
    startedAt: timeOf(event),
    finishedAt: null,
    outcome: "running",
    serving: null,
    causes: [],
    seconds: null,
    steps: [],
    approvals: [],
    breakGlass: null,
    notifications: [],
    journaled: event.journaled,
  }
}

function add(release: ReleaseRecord, event: LedgerEvent): void {
  const { what } = event
  if (event.journaled) release.journaled = true
  switch (what.kind) {
    case "step-started":
      release.steps.push({ name: what.step, outcome: "running", startedAt: timeOf(event), seconds: null, note: "" })
      break
    case "step-finished": {
      const { outcome, seconds, note } = what
      const open = release.steps.findLast(({ name }) => name === what.step)
      const ended: StepRecord = { name: what.step, outcome, startedAt: open?.startedAt ?? timeOf(event), seconds, note }
      if (open === undefined || open.outcome !== "running") release.steps.push(ended)
      else Object.assign(open, ended)
      break
    }
    case "approved": {
      const { approver, key, reason, planId, signedAt, expiresAt, signed } = what
      release.approvals.push({ approver, key, reason, planId, signedAt, expiresAt, signed })
      break
    }
    case "broke-glass":
      release.breakGlass = { reason: what.reason, waived: what.waived, at: timeOf(event), signed: what.signed }
      break
    case "release-finished":
      // "interrupted" is recorded by a later run; the run's own outcome, however late, takes precedence
      if (release.finishedAt !== null && what.outcome === "interrupted") break
      release.finishedAt = timeOf(event)
      release.outcome = what.outcome
      release.serving = what.serving
      release.causes = what.causes
      release.seconds = what.seconds
      break
    case "notified":
      release.notifications.push({ event: what.event, channel: what.channel, sent: what.sent, error: what.error })
      break
    case "release-started":
      // already live: a later run that found nothing to do does not change that
      if (release.outcome === "live") break
      // an interrupted run started it, and this one continues it
      Object.assign(release, {
        run: event.context.run,
        who: event.context.who,
        finishedAt: null,
        outcome: "running",
        causes: [],
        serving: null,
        seconds: null,
      })
      for (const step of release.steps) if (step.outcome === "running") step.outcome = "failed"
      break
    case "planned":
    case "plan-file":
    case "approval-given":
    case "glass-reviewed":
    case "policy-approval-given":
    case "policy-adopted":
    case "lease-taken":
    case "lease-released":
    case "unlocked":
    case "token-raised":
    case "maintenance":
    case "requested":
    case "request-taken":
    case "request-refused":
    case "request-finished":
    case "target-seen":
      break
  }
}

/** Events from a journal have the writer's time; all others have the database's. */
export function timeOf({ journaled, happenedAt, at }: LedgerEvent): string {
  return journaled ? happenedAt : at
}

function close(release: ReleaseRecord, holder: Pick<LeaseHolder, "run"> | null): void {
  if (holder?.run === release.run) return
  release.outcome = "interrupted"
  const last = release.steps.findLast(({ outcome }) => outcome === "running")
  release.causes = [
    last === undefined
      ? "The run was killed before it recorded an outcome."
      : `The run was killed in the step ${last.name} before it recorded an outcome.`,
  ]
}
