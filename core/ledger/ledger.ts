import type { LedgerHead } from "../shared/ledger-head.js"
import type { ChainedRow } from "./chained-row.js"
import type {
  EventContext,
  Happening,
  HappeningOf,
  LedgerEvent,
  ReleaseAction,
  ReleaseOutcome,
  StepOutcome,
} from "./event.js"
import type { Look, SeenOutcome } from "./look.js"
import type { PackedReport, ReportOrigin } from "./report.js"
import type { TargetSeen } from "./target-seen.js"

/**
 * The history of an environment, and the lease that deployments contend for. What runs is never read from here but from the target.
 *
 * While the ledger is unreachable, `takeLease`, `releases`, `holder`, `unlock` and `verify` throw `ledger-unreachable`. `record` never
 * does: it writes the event to the journal, and the next run that reaches the ledger replays it. So rollbacks, and the undo of a failed
 * deployment, work without a ledger; a deployment does not start without one.
 */
export interface Ledger {
  /** Whether the database answers. Each `record` tries it again, for at most `patience`. */
  readonly state: LedgerState
  /**
   * Takes the lease of an environment, of which there is one.
   *
   * @throws TollgateError `lease-held`, with the holder, since when and until when; `ledger-unreachable`
   */
  takeLease(request: LeaseRequest): Promise<Lease>
  /** Current holder of an environment's lease, by the database's clock; null when it is free or expired. */
  holder(environment: string): Promise<LeaseHolder | null>
  /**
   * Frees the lease of an environment, and records why. The run that held it stops at its next `requireHeld`.
   *
   * @param request `held`: the only run whose lease may be freed; left out: any run that holds it
   * @returns the previous holder
   * @throws TollgateError `lease-free` when it is not held, `lease-other` when another run holds it
   */
  unlock(
    environment: string,
    request: { reason: string; run: string; who: string; held?: string },
  ): Promise<LeaseHolder>
  /**
   * Lets the fencing tokens of an environment continue above a number that its target has seen, and records why.
   *
   * @returns the last token before and after: the same when it was high enough
   * @throws TollgateError `lease-held`
   */
  raise(
    environment: string,
    request: { above: number; reason: string; run: string; who: string },
  ): Promise<{ from: number; to: number }>
  /**
   * Records one event. Waits for the database for at most `patience`, then writes the event to the journal.
   *
   * @returns the ledger's head with this event; null: it was written to the journal
   * @throws TollgateError `lease-lost` for `release-started` and `step-started` of a run that lost its lease: it must stop
   */
  record(context: EventContext, what: Happening): Promise<LedgerHead | null>
  /**
   * Records an event with an id of the caller's. It is never journaled.
   *
   * @returns false: an event with that id is there already, and nothing was recorded
   * @throws TollgateError `ledger-…`
   */
  recordOnce(context: EventContext, what: Happening, id: string): Promise<boolean>
  /**
   * Records what a target has, unless it is what was recorded last, and when it was looked at. It is never journaled.
   *
   * @throws TollgateError `ledger-…`
   */
  recordSeen(context: EventContext, what: TargetSeen, look: Look): Promise<SeenOutcome>
  /**
   * Stores the report of a run of `ci`. It is never journaled, and a failure does not count as a ledger that is away.
   *
   * @throws TollgateError `ledger-…`, `report-rights`
   */
  storeReport(origin: ReportOrigin, report: PackedReport): Promise<void>
  /** The latest releases of an environment, the newest first. */
  releases(environment: string, limit: number): Promise<ReleaseRecord[]>
  /** One release by its id; null when there is none. */
  release(environment: string, id: string): Promise<ReleaseRecord | null>
  /** All events of one release, or of an environment, oldest first. */
  events(environment: string, release?: string): Promise<LedgerEvent[]>
  /** All events of one kind in an environment, oldest first. */
  eventsOfKind(environment: string, kind: Happening["kind"]): Promise<LedgerEvent[]>
  /** Rows of all services as they are stored, from the one after a number on. */
  rowsAfter(number: number, limit: number): Promise<ChainedRow[]>
  /** Rows of an environment as they are stored, of one release or of one kind, oldest first. */
  rowsOf(environment: string, which: { release: string } | { kind: Happening["kind"] }): Promise<ChainedRow[]>
  /** All events of these kinds in an environment with a number above `after`, oldest first. */
  eventsOfKinds(environment: string, kinds: readonly Happening["kind"][], after: number): Promise<LedgerEvent[]>
  /** Number of the ledger's latest event; 0: it has none. */
  latestEvent(): Promise<number>
  /**
   * Calls back when `recordOnce` records an event, by whomever. On a connection of its own, which may break: look at the ledger from time
   * to time as well.
   */
  listen(heard: () => void): Promise<Listening>
  /** Reads every event and verifies the hash chain. */
  verify(): Promise<ChainVerdict>
  /** Writes the journals of earlier runs to the ledger. `openLedger` does this already. */
  replay(): Promise<number>
  /** Does not wait for an unreachable ledger. */
  close(): Promise<void>
}

export interface Listening {
  readonly broken: boolean
  close(): Promise<void>
}

export type LedgerState =
  | { kind: "online" }
  | {
      kind: "away"
      /** The error's code. */
      code: string
      /** The error's message, without passwords. */
      why: string
      since: string
      /** Number of events in the journal. */
      waiting: number
      /** Number of events that the journal could not store either, because its disk is full. */
      lost: number
    }

export interface LeaseRequest {
  environment: string
  run: string
  /** Where the run is: host name and process, or the URL of a CI job. */
  owner: string
  /** Such as `deploy`. */
  command: string
  who: string
  /** Seconds without a heartbeat after which the lease expires. */
  seconds: number
  /** Take the lease over from its holder, for this reason: a rollback cannot wait. The other run stops at its next `requireHeld`. */
  takeOver?: string
}

/** Holder of an environment's lease. All times are the database's. */
export interface LeaseHolder {
  environment: string
  run: string
  owner: string
  command: string
  who: string
  /** Fencing token, which grows with each holder: a target rejects changes with an older token than it has seen. */
  token: number
  takenAt: string
  heartbeatAt: string
  expiresAt: string
}

/** A lease that this process holds. A timer sends heartbeats until `release` or the end of the process. */
export interface Lease extends LeaseHolder {
  /**
   * Renews the lease, or throws when another run has it. Call it before every step that changes something. While the ledger is
   * unreachable the lease counts as held until the last heartbeat expires, by this machine's clocks.
   *
   * @throws TollgateError `lease-lost`
   */
  requireHeld(): Promise<void>
  /**
   * Exchanges its fencing token for one above a number that the target has seen, and records why.
   *
   * @throws TollgateError `lease-lost`
   */
  raise(above: number, reason: string): Promise<void>
  /** Seconds until the lease expires without another heartbeat; 0 when it was lost. */
  secondsLeft(): number
  /** Releases it. Never throws: a lease that cannot be released expires by itself. */
  release(): Promise<void>
}

/** One release, derived from its events. */
export interface ReleaseRecord {
  id: string
  service: string
  environment: string
  action: ReleaseAction
  run: string
  who: string
  why: string
  /** null when it was not recorded. */
  version: string | null
  image: string
  digest: string
  revision: string | null
  previous: { release: string | null; digest: string } | null
  planId: string | null
  sourceDigest: string | null
  configDigest: string | null
  configNames: string[]
  migrations: string[]
  scheduledFor: string | null
  /** Seconds of its watch; left out when not known. */
  watch?: number
  startedAt: string
  /** null when it has not ended, or its end was not recorded. */
  finishedAt: string | null
  /** `running` while its run holds the lease; `interrupted` when the run lost the lease without recording an outcome. */
  outcome: ReleaseOutcome | "running"
  serving: { release: string | null; digest: string } | null
  causes: string[]
  /** null when it has not ended. */
  seconds: number | null
  steps: StepRecord[]
  approvals: ApprovalRecord[]
  breakGlass: {
    reason: string
    waived: string[]
    at: string
    /** As it was signed; null without keys, and in older events. */
    signed: HappeningOf<"broke-glass">["signed"]
  } | null
  notifications: { event: string; channel: string; sent: boolean; error: string | null }[]
  /** Whether some of its events were journaled while the ledger was unreachable. */
  journaled: boolean
}

export interface StepRecord {
  name: string
  outcome: StepOutcome | "running"
  startedAt: string
  seconds: number | null
  note: string
}

export interface ApprovalRecord {
  approver: string
  key: string
  reason: string
  planId: string
  signedAt: string
  expiresAt: string
  /** The approval as it was signed; null in older events. */
  signed: HappeningOf<"approved">["signed"]
}

export type ChainVerdict =
  | {
      kind: "whole"
      events: number /** Hash of the last event: readers with the same head have read the same history. */
      head: string
    }
  | { kind: "broken"; events: number /** The first event that breaks the chain. */; number: number; why: string }

/** Stores events while the ledger is unreachable, where a later run finds them. */
export interface Journal {
  /** Stores one event; it is on disk when this returns. */
  append(line: string): Promise<void>
  /** Reads the stored events; `done` removes those, and none added since. */
  take(): Promise<{ lines: string[]; done(): Promise<void> }>
}
