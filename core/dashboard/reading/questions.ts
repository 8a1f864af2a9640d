import type { Session } from "../../database/connect/session.js"
import { doraFigures } from "../../dora/figures.js"
import { commitsIn } from "../../dora/read.js"
import type { LedgerEvent } from "../../ledger/event.js"
import { releasesOf } from "../../ledger/fold.js"
import type { LeaseHolder, ReleaseRecord } from "../../ledger/ledger.js"
import { lookName } from "../../ledger/look.js"
import { leaseOf } from "../../ledger/rows.js"
import { type PolicyHistory, policyHistory } from "../../release/policy/in-force.js"
import { REQUEST_KINDS } from "../../requests/fold.js"
import { runnerLeases } from "../../runner/slot.js"
import type { EnvironmentFacts } from "../model/environment.js"
import type { HistoryFilter } from "../model/filter.js"
import type { LogFilter } from "../model/log-filter.js"
import { GrowingEvents } from "./growing.js"
import { historyPage } from "./history.js"
import { lineFacts } from "./lines.js"
import type { LedgerReader } from "./reader.js"
import { keptFiles, keptPages } from "./reports.js"
import { environmentsOf, heldOf, latestOfKind, ofKindAfter, ofReleases, type Position } from "./rows.js"
import { sampleFacts } from "./samples.js"

export interface ReleaseFacts {
  readonly release: ReleaseRecord
  /** Oldest first. */
  readonly events: readonly LedgerEvent[]
  /** Whether it has more events than are read. */
  readonly cut: boolean
  /** Releases of the environment, the newest first. */
  readonly releases: readonly ReleaseRecord[]
  readonly policies: PolicyHistory
  readonly lease: LeaseHolder | null
}

/** Releases that a page about one environment looks at. */
const RECENT = 20
/** Ends of releases that are searched for one that verified what serves. */
const MOST_ENDS = 100
/** Changes of maintenance mode that a request may have been signed between. */
const MOST_SWITCHES = 50
/** Latest reports of what the target has. */
const MOST_SEEN = 20
/** Recent plans, approvals and starts. */
const MOST_RECENT = 100
/** Releases that DORA's figures are made of: reading more would make the others wait. */
const MOST_DELIVERED = 200
/** Recent plan files that a page of a plan is looked for in; pages list ten plans at most. */
const MOST_FILES = 30
/** Runs of `ci` that the page of the pipeline looks at. */
const MOST_RUNS = 100
/** Events of one release; a run has about forty. */
const MOST_EVENTS = 2000
/** Events of the recent releases of an environment. */
const MOST_OF_RECENT = 20_000

/** What the pages ask the ledger. */
export function questionsTo(reader: LedgerReader) {
  const { service } = reader
  const rare = new GrowingEvents(service)

  return {
    environments: reader.question((session, _: null) => environmentsOf(session, service)),
    environment: reader.question((session, environment: string, position) =>
      environmentFacts(session, environment, position),
    ),
    release: reader.question((session, [environment, id]: readonly [string, string], position) =>
      releaseFacts(session, environment, id, position),
    ),
    samples: reader.question(
      (session, [environment, id]: readonly [string, string]) => sampleFacts(session, service, environment, id),
      "samples",
    ),
    lines: reader.question(
      (session, [environment, id, filter]: readonly [string, string, LogFilter]) =>
        lineFacts(session, [service, environment, id], filter),
      "samples",
    ),
    delivery: reader.question(async (session, environment: string, position) => {
      const starts = await latestOfKind(session, service, environment, "release-started", MOST_DELIVERED + 1)
      const ids = idsOf(starts)
      const events = await ofReleases(session, service, environment, ids.slice(0, MOST_DELIVERED), MOST_OF_RECENT)
      const planned = await latestOfKind(session, service, environment, "planned", MOST_DELIVERED)
      const figures = doraFigures(releasesOf(events, null), commitsIn([...planned].reverse()), new Date(position.at))
      return { figures, only: starts.length > MOST_DELIVERED ? MOST_DELIVERED : null }
    }),
    planFile: reader.question(async (session, [environment, sha256]: readonly [string, string]) => {
      const files = await latestOfKind(session, service, environment, "plan-file", MOST_FILES)
      return files.find(({ what }) => what.kind === "plan-file" && what.planSha256 === sha256) ?? null
    }),
    // what is tested belongs to no environment
    ciRuns: reader.question((session, _: null) => latestOfKind(session, service, "", "ci-ran", MOST_RUNS)),
    ciRun: reader.question(async (session, number: number) => {
      const [event] = await ofKindAfter(session, service, "", "ci-ran", number - 1, 1)
      return event?.number === number ? event : null
    }),
    /** Which reports of runs have the pages that others link to. */
    reportPages: reader.question((session, ids: readonly string[]) => keptPages(session, service, ids)),
    reportFiles: reader.question((session, id: string) => keptFiles(session, service, id)),
    history: reader.question(
      async (session, [environments, filter]: readonly [readonly string[], HistoryFilter], position) => {
        const holders = new Map<string, LeaseHolder | null>()
        for (const one of environments) holders.set(one, await holderOf(session, one))
        return historyPage(session, service, environments, holders, filter, position)
      },
    ),
  }

  async function environmentFacts(
    session: Session,
    environment: string,
    position: Position,
  ): Promise<EnvironmentFacts> {
    const lease = await holderOf(session, environment)
    const latest = (kind: LedgerEvent["what"]["kind"], limit: number) =>
      latestOfKind(session, service, environment, kind, limit)
    const started = await latest("release-started", MOST_RECENT)
    const policies = await policiesOf(session, environment, position)
    const ends = await latest("release-finished", MOST_ENDS)
    const switched = await latest("maintenance", MOST_SWITCHES)
    return {
      environment,
      releases: await recentReleases(session, environment, started, lease),
      served: ends.find(({ what }) => what.kind === "release-finished" && what.serving !== null) ?? null,
      lease,
      maintenance: switched[0] ?? null,
      changes: [...started, ...ends, ...switched].sort((one, other) => one.number - other.number),
      requested: await requestEvents(session, environment, position),
      runners: await heldOf(session, service, runnerLeases(environment)),
      seen: await latest("target-seen", MOST_SEEN),
      look: (await leaseOf(session, service, lookName(environment), false)).held,
      policies,
      broken: await rare.all(session, environment, "broke-glass", position),
      reviewed: await rare.all(session, environment, "glass-reviewed", position),
      planned: await latest("planned", MOST_RECENT),
      started,
      approved: await latest("approved", MOST_RECENT),
      given: await latest("approval-given", MOST_RECENT),
      policyApprovals: await rare.all(session, environment, "policy-approval-given", position),
    }
  }

  /** Requests are made by people, one by one: all of them are few. */
  async function requestEvents(session: Session, environment: string, position: Position): Promise<LedgerEvent[]> {
    const events: LedgerEvent[] = []
    for (const kind of REQUEST_KINDS) events.push(...(await rare.all(session, environment, kind, position)))
    return events.sort((one, other) => one.number - other.number)
  }

  async function releaseFacts(
    session: Session,
    environment: string,
    id: string,
    position: Position,
  ): Promise<ReleaseFacts | null> {
    const events = await ofReleases(session, service, environment, [id], MOST_EVENTS + 1)
    const lease = await holderOf(session, environment)
    const [release] = releasesOf(events.slice(0, MOST_EVENTS), lease)
    if (release === undefined) return null
    const started = await latestOfKind(session, service, environment, "release-started", MOST_RECENT)
    return {
      release,
      events: events.slice(0, MOST_EVENTS),
      cut: events.length > MOST_EVENTS,
      releases: await recentReleases(session, environment, started, lease),
      policies: await policiesOf(session, environment, position),
      lease,
    }
  }

  async function recentReleases(
    session: Session,
    environment: string,
    started: readonly LedgerEvent[],
    lease: LeaseHolder | null,
  ): Promise<ReleaseRecord[]> {
    const ids = idsOf(started)
    return releasesOf(await ofReleases(session, service, environment, ids.slice(0, RECENT), MOST_OF_RECENT), lease)
  }

  async function policiesOf(session: Session, environment: string, position: Position): Promise<PolicyHistory> {
    return policyHistory(await rare.all(session, environment, "policy-adopted", position))
  }

  async function holderOf(session: Session, environment: string): Promise<LeaseHolder | null> {
    const { held } = await leaseOf(session, service, environment, false)
    if (held === null || held.expired) return null
    const { expired: _, ...holder } = held
    return holder
  }
}

/** Each once, in their order. */
function idsOf(started: readonly LedgerEvent[]): string[] {
  return [...new Set(started.flatMap(({ context: { release } }) => (release === null ? [] : [release])))]
}

export type Questions = ReturnType<typeof questionsTo>
