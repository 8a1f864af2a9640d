import { z } from "zod"

/**
 * What the ledger holds: one event for each thing that happened, each true for ever. Releases, their steps and approvals are what
 * the events add up to (fold.ts). An event never has a secret's value in it, nor anything that was derived from one by a fast hash.
 */

const text = z.string()
const moment = z.iso.datetime({ offset: true })

export const STEP_OUTCOMES = ["done", "failed", "skipped", "undone"] as const
export type StepOutcome = (typeof STEP_OUTCOMES)[number]

/**
 * How a release ended. `live`: it serves, and that was seen. `failed`: it does not, and the one before it was seen to serve.
 * `rolled-back`: it served for a while and was taken back, and the one before it was seen to serve. `refused`: nothing was
 * changed. `broken`: it failed and it was not seen that anything serves. `interrupted` is not written by the run itself, which
 * was killed, but by whoever finds that.
 */
export const RELEASE_OUTCOMES = ["live", "failed", "rolled-back", "refused", "broken", "interrupted"] as const
export type ReleaseOutcome = (typeof RELEASE_OUTCOMES)[number]

export const RELEASE_ACTIONS = ["deploy", "rollback"] as const
export type ReleaseAction = (typeof RELEASE_ACTIONS)[number]

const releaseStarted = z.object({
  kind: z.literal("release-started"),
  action: z.enum(RELEASE_ACTIONS),
  /** What the release calls itself; null: it was not known, or not written down yet when this event was. */
  version: text.nullable().default(null),
  /** name@sha256:…, and the digest alone. */
  image: text,
  digest: text,
  /** What ran before, read from the target; null: nothing. */
  previous: z.object({ release: text.nullable(), digest: text }).nullable(),
  /** Commit; null: not known. */
  revision: text.nullable(),
  /** null: a rollback, or an environment that asks for no plan. */
  planId: text.nullable(),
  /** Digest of the source that the evidence is about; null: a rollback. */
  sourceDigest: text.nullable(),
  configDigest: text.nullable(),
  configNames: z.array(text),
  migrations: z.array(text),
  why: text,
  /** When it was to begin, given with --at; null: at once. */
  scheduledFor: moment.nullable(),
})

const stepStarted = z.object({ kind: z.literal("step-started"), step: text })

const stepFinished = z.object({
  kind: z.literal("step-finished"),
  step: text,
  outcome: z.enum(STEP_OUTCOMES),
  seconds: z.number().min(0),
  /** One line for people. */
  note: text,
  /** Figures and names for programs: thresholds with what was measured, digests, backup ids. */
  detail: z.json(),
})

/** A valid approval that this release was allowed by. */
const approved = z.object({
  kind: z.literal("approved"),
  planId: text,
  /** SHA-256 of the plan file that the approver signed for. */
  planSha256: text,
  approver: text,
  key: text,
  reason: text,
  signedAt: moment,
  expiresAt: moment,
})

/** Somebody went past approvals or a freeze, and said why. */
const brokeGlass = z.object({
  kind: z.literal("broke-glass"),
  reason: text,
  /** Codes of what would have refused the release. */
  waived: z.array(text),
})

const releaseFinished = z.object({
  kind: z.literal("release-finished"),
  outcome: z.enum(RELEASE_OUTCOMES),
  /** What serves now, as it was seen; null: nothing was seen to serve. */
  serving: z.object({ release: text.nullable(), digest: text }).nullable(),
  /** Why it did not go well, the first cause first; none when it did. */
  causes: z.array(text),
  seconds: z.number().min(0),
})

const notified = z.object({
  kind: z.literal("notified"),
  event: text,
  /** slack, webhook, email. Never the address: it is a secret. */
  channel: text,
  sent: z.boolean(),
  attempts: z.int().min(0),
  /** null: it was sent. */
  error: text.nullable(),
})

const leaseTaken = z.object({
  kind: z.literal("lease-taken"),
  command: text,
  /** The run whose lease had run out, or was taken over; null: the lease was free. */
  from: z.object({ run: text, owner: text, token: z.int(), expired: z.boolean() }).nullable(),
  /** Why it was taken over from a run that was alive; null: it was not. */
  reason: text.nullable(),
})

const leaseReleased = z.object({ kind: z.literal("lease-released") })

const unlocked = z.object({
  kind: z.literal("unlocked"),
  reason: text,
  held: z.object({ run: text, owner: text, token: z.int(), expired: z.boolean() }),
})

const maintenance = z.object({ kind: z.literal("maintenance"), on: z.boolean(), message: text })

/** What happened. Each kind has its own fields. */
export const happening = z.discriminatedUnion("kind", [
  releaseStarted,
  stepStarted,
  stepFinished,
  approved,
  brokeGlass,
  releaseFinished,
  notified,
  leaseTaken,
  leaseReleased,
  unlocked,
  maintenance,
])
export type Happening = z.output<typeof happening>
export type HappeningOf<Kind extends Happening["kind"]> = Extract<Happening, { kind: Kind }>

/** Who and where: the same for every event of one run. */
export const eventContext = z.object({
  service: text,
  environment: text,
  /** null: it belongs to no release. */
  release: text.nullable(),
  /** One call of one command. */
  run: text,
  /** Fencing token of the run's lease; null: the run holds none. */
  token: z.int().nullable(),
  /** The person or pipeline that the run belongs to. */
  who: text,
})
export type EventContext = z.output<typeof eventContext>

/** An event as it is handed in: `id` tells one that comes twice, `happenedAt` is the writer's clock. */
export const eventBody = z.object({
  version: z.literal(1),
  id: z.uuid(),
  happenedAt: moment,
  context: eventContext,
  what: happening,
})
export type EventBody = z.output<typeof eventBody>

/** An event as it stands in the ledger. */
export interface LedgerEvent extends EventBody {
  /** 1, 2, 3 … without a gap, over all services and environments of the ledger. */
  number: number
  /** The database's clock when it was written. */
  at: string
  /** Whether it was kept in a journal first, because the ledger was away. */
  journaled: boolean
  /** Whether another run held the lease when it was written: what it says was done by one that had lost it. */
  stale: boolean
}
