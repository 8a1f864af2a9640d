import type { ReleaseRecord } from "../ledger/ledger.js"
import { percentileOf } from "../shared/percentile.js"

/** A figure from fewer is left out. */
export const LEAST = 5
export const WINDOWS = [28, 90] as const

const DAY = 86_400_000
/** An emergency deployment within this time after another one is a fix of it. */
const HOTFIX = DAY
const WEEK = 7

export const FORMULAS = {
  frequency:
    "deployments that got traffic, per week of the window, or of the ledger's age if that is shorter; rollbacks do not count",
  leadTime:
    "from the time of a commit to the switch of the first live release that contains it, for each commit of a recorded plan; commits dated after the switch are left out",
  failRate:
    "share of deployments that failed, of all that got traffic. Failed means rolled back after the switch, by Tollgate or by an operator; left broken or interrupted after the switch; or followed within 24 h by a deployment with break-glass",
  recovery: "from the switch of a failed deployment to the end of the release after which a working one was verified",
  rework: "share of unplanned deployments, those with break-glass, of all that got traffic",
} as const

export type FigureName = keyof typeof FORMULAS

/** Seconds. */
export type Distribution =
  | { readonly kind: "known"; readonly n: number; readonly median: number; readonly p90: number }
  | { readonly kind: "too-few"; readonly n: number }
  | { readonly kind: "not-known"; readonly why: string }

export type Share =
  | { readonly kind: "known"; readonly n: number; readonly of: number; readonly percent: number }
  | { readonly kind: "too-few"; readonly n: number; readonly of: number }

export type Frequency =
  | { readonly kind: "known"; readonly n: number; readonly perWeek: number }
  | { readonly kind: "too-few"; readonly n: number }

export interface DoraWindow {
  readonly days: number
  /** Days for which the ledger has releases, at most those of the window. */
  readonly covered: number
  readonly frequency: Frequency
  readonly leadTime: Distribution
  /** Deployments whose commits are recorded, of `frequency.n`. */
  readonly withCommits: number
  readonly failRate: Share
  readonly recovery: Distribution
  /** Failed deployments after which no working release has been verified yet. */
  readonly notRecovered: number
  readonly rework: Share
}

export interface DoraFigures {
  readonly until: string
  readonly windows: readonly DoraWindow[]
  readonly formulas: typeof FORMULAS
}

export interface Commit {
  readonly id: string
  readonly at: string
}

interface Deployment {
  readonly release: ReleaseRecord
  /** When it got traffic, in ms. */
  readonly served: number
  readonly failed: boolean
  /** null: not yet, or it did not fail. */
  readonly recovered: number | null
  /** Its commits that no earlier live release had; null: not recorded. */
  readonly commits: readonly Commit[] | null
}

/**
 * @param releases of one environment, newest first
 * @param commits of a release's plan; null: not recorded
 */
export function doraFigures(
  releases: readonly ReleaseRecord[],
  commits: (release: ReleaseRecord) => readonly Commit[] | null,
  now: Date,
): DoraFigures {
  const oldest = [...releases].reverse()
  const deployments = withCommits(deploymentsOf(oldest), commits)
  const begin = Date.parse(oldest[0]?.startedAt ?? now.toISOString())
  return {
    until: now.toISOString(),
    windows: WINDOWS.map((days) => windowOf(days, deployments, begin, now.getTime())),
    formulas: FORMULAS,
  }
}

function windowOf(days: number, deployments: readonly Deployment[], begin: number, now: number): DoraWindow {
  const covered = Math.min(days, Math.max(0, Math.floor((now - begin) / DAY)))
  const own = deployments.filter(({ served }) => served > now - days * DAY && served <= now)
  const known = own.filter(({ commits }) => commits !== null)
  const failed = own.filter((one) => one.failed)
  const recoveries = failed.flatMap(({ served, recovered }) =>
    recovered === null ? [] : [(recovered - served) / 1000],
  )
  const leads = known.flatMap(({ release, served, commits }) =>
    release.outcome === "live" ? (commits ?? []).map(({ at }) => (served - Date.parse(at)) / 1000) : [],
  )
  const n = own.length
  return {
    days,
    covered,
    frequency:
      n < LEAST || covered < WEEK ? { kind: "too-few", n } : { kind: "known", n, perWeek: (n * WEEK) / covered },
    leadTime:
      n > 0 && known.length === 0
        ? { kind: "not-known", why: "no plan of these deployments has the times of its commits" }
        : distribution(leads.filter((seconds) => seconds >= 0)),
    withCommits: known.length,
    failRate: share(failed.length, n),
    recovery: distribution(recoveries),
    notRecovered: failed.length - recoveries.length,
    rework: share(own.filter(({ release }) => release.breakGlass !== null).length, n),
  }
}

/** @param releases oldest first */
function deploymentsOf(releases: readonly ReleaseRecord[]): Omit<Deployment, "commits">[] {
  const served = releases.flatMap((release, index) => {
    const at = release.action === "deploy" ? servedAt(release) : null
    return at === null ? [] : [{ release, index, at }]
  })
  return served.map(({ release, index, at }, place) => {
    const later = releases.slice(index + 1)
    const rollback = later.find(
      ({ action, outcome, previous }) =>
        action === "rollback" && outcome === "live" && previous?.release === release.id,
    )
    const next = served[place + 1]
    const hotfix =
      next !== undefined && next.release.breakGlass !== null && next.at - at <= HOTFIX ? next.release : null
    const failed = release.outcome !== "live" || rollback !== undefined || hotfix !== null
    const ends = [
      ...(release.outcome === "rolled-back" ? [release] : []),
      ...(rollback === undefined ? [] : [rollback]),
      ...(hotfix?.outcome === "live" ? [hotfix] : []),
      ...(release.outcome === "live" || release.outcome === "rolled-back" ? [] : later.filter(isLive).slice(0, 1)),
    ].flatMap(({ finishedAt }) => (finishedAt === null ? [] : [Date.parse(finishedAt)]))
    return { release, served: at, failed, recovered: failed && ends.length > 0 ? Math.min(...ends) : null }
  })
}

const isLive = ({ outcome }: ReleaseRecord): boolean => outcome === "live"

/** When a release got traffic; null: never. */
function servedAt({ outcome, steps, finishedAt }: ReleaseRecord): number | null {
  if (outcome === "refused" || outcome === "failed" || outcome === "running") return null
  const step = steps.findLast((one) => one.name === "switch" && one.outcome === "done")
  if (step !== undefined) return Date.parse(step.startedAt) + (step.seconds ?? 0) * 1000
  return outcome === "live" && finishedAt !== null ? Date.parse(finishedAt) : null
}

/** Counts each commit once, with the first live release that has it. */
function withCommits(
  deployments: readonly Omit<Deployment, "commits">[],
  commitsOf: (release: ReleaseRecord) => readonly Commit[] | null,
): Deployment[] {
  const seen = new Set<string>()
  return deployments.map((one) => {
    const commits = commitsOf(one.release)?.filter(({ id }) => !seen.has(id)) ?? null
    if (isLive(one.release)) for (const { id } of commits ?? []) seen.add(id)
    return { ...one, commits }
  })
}

function distribution(values: readonly number[]): Distribution {
  const n = values.length
  if (n < LEAST) return { kind: "too-few", n }
  const sorted = [...values].sort((one, other) => one - other)
  return { kind: "known", n, median: percentileOf(sorted, 50), p90: percentileOf(sorted, 90) }
}

function share(n: number, of: number): Share {
  return of < LEAST ? { kind: "too-few", n, of } : { kind: "known", n, of, percent: (n / of) * 100 }
}
