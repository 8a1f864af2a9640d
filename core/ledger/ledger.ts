import type { EventContext, Happening, LedgerEvent, ReleaseAction, ReleaseOutcome, StepOutcome } from "./event.js"

/**
 * The history of an environment, and the lock that two deployments contend for. What is running is never read from here: the
 * target says that.
 *
 * A ledger that is away: `takeLease`, `releases`, `holder`, `unlock` and `verify` throw `ledger-unreachable`. `record` never does: it puts the event
 * into the journal, and the next run that reaches the ledger writes it there. So a rollback, and the way back of a
 * deployment, go on without a ledger; a deployment does not begin without one.
 */
export interface Ledger {
  /** Whether the database answers. It is tried again at each `record`, for `patience` at most. */
  readonly state: LedgerState
  /**
   * The only lease of an environment.
   *
   * @throws TollgateError `lease-held`, which says who holds it, since when and until when; `ledger-unreachable`
   */
  takeLease(request: LeaseRequest): Promise<Lease>
  /** Who holds the lease of an environment now, by the database's clock; null: nobody, or one whose time has run out. */
  holder(environment: string): Promise<LeaseHolder | null>
  /**
   * Frees the lease of an environment, whoever holds it, and writes down why. The run that held it finds out at its next `requireHeld`.
   *
   * @returns whom it was taken from
   * @throws TollgateError `lease-free` when nobody holds it
   */
  unlock(environment: string, request: { reason: string; run: string; who: string }): Promise<LeaseHolder>
  /**
   * Writes one event down. Waits for the database, `patience` at most, and then keeps the event in the journal.
   *
   * @throws TollgateError `lease-lost` for `release-started` and `step-started` of a run whose lease went to another: it must stop
   */
  record(context: EventContext, what: Happening): Promise<void>
  /** The latest releases of an environment, the newest first. */
  releases(environment: string, limit: number): Promise<ReleaseRecord[]>
  /** One release by its id; null: the ledger has none of that id. */
  release(environment: string, id: string): Promise<ReleaseRecord | null>
  /** All events of one release, or of an environment, oldest first. */
  events(environment: string, release?: string): Promise<LedgerEvent[]>
  /** Reads every event and follows the chain of hashes. */
  verify(): Promise<ChainVerdict>
  /** Writes what journals of earlier runs hold into the ledger. Called by `openLedger` already. */
  replay(): Promise<number>
  /** Waits for nothing that is away. */
  close(): Promise<void>
}

export type LedgerState =
  | { kind: "online" }
  | {
      kind: "away"
      /** Of the error. */
      code: string
      /** Why, without a password. */
      why: string
      since: string
      /** How many events wait in the journal. */
      waiting: number
      /** How many could not be kept there either: its disk is full. */
      lost: number
    }

export interface LeaseRequest {
  environment: string
  run: string
  /** Where the run is: a host's name and process, or a CI job's address. */
  owner: string
  /** Such as `deploy`. */
  command: string
  who: string
  /** After so many seconds without a sign of life the lease is free. */
  seconds: number
  /** Take it from whoever holds it, for this reason: a rollback that cannot wait. The other run is stopped at its next `requireHeld`. */
  takeOver?: string
}

/** Who holds an environment. All times are the database's. */
export interface LeaseHolder {
  environment: string
  run: string
  owner: string
  command: string
  who: string
  /** Grows by one with each holder: what a target has seen from a later one, it must not take from an earlier one. */
  token: number
  takenAt: string
  heartbeatAt: string
  expiresAt: string
}

/** A lease that this process holds. A timer gives signs of life until `release` or the process's end. */
export interface Lease extends LeaseHolder {
  /**
   * Asks the database whether the lease is still this run's, and gives a sign of life. Call it before every step that changes
   * something. While the ledger is away the lease counts as held until the time that the last sign of life bought has run out, by this
   * machine's monotonic clock.
   *
   * @throws TollgateError `lease-lost`
   */
  requireHeld(): Promise<void>
  /** Seconds that are left without another sign of life; 0 when it was lost. */
  secondsLeft(): number
  /** Frees it. Never throws: one that cannot be freed runs out by itself. */
  release(): Promise<void>
}

/** One release, as its events add up. */
export interface ReleaseRecord {
  id: string
  service: string
  environment: string
  action: ReleaseAction
  run: string
  who: string
  why: string
  /** What it calls itself; null: it was not written down. */
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
  startedAt: string
  /** null: it has not ended, or nobody wrote down that it did. */
  finishedAt: string | null
  /** `running` while its run may be at work; `interrupted` when its run has lost the lease and never said how it ended. */
  outcome: ReleaseOutcome | "running"
  serving: { release: string | null; digest: string } | null
  causes: string[]
  /** null: it has not ended. */
  seconds: number | null
  steps: StepRecord[]
  approvals: ApprovalRecord[]
  breakGlass: { reason: string; waived: string[]; at: string } | null
  notifications: { event: string; channel: string; sent: boolean; error: string | null }[]
  /** Whether some of it was kept in a journal while the ledger was away. */
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
}

export type ChainVerdict =
  | { kind: "whole"; events: number; /** Hash of the last event: two readers that have the same one have read the same history. */ head: string }
  | { kind: "broken"; events: number; /** The first event that does not fit the one before it. */ number: number; why: string }

/** Where events wait while the ledger is away. Kept where a later run finds it. */
export interface Journal {
  /** Keeps one event, on the disk when this returns. */
  append(line: string): Promise<void>
  /** Takes what waits here; `done` removes what was read, and nothing that was added since. */
  take(): Promise<{ lines: string[]; done(): Promise<void> }>
}
