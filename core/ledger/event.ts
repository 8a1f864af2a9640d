import { z } from "zod"
import { freeData, freeText, signedFile } from "../secrets/free-text.js"
import { ciRan } from "./ci-ran.js"
import { targetSeen } from "./target-seen.js"

/**
 * The events of the ledger, which is append-only. Releases, their steps and approvals are derived from them (fold.ts). An event never
 * contains a secret or a fast hash of one: it is taken out of free text when the event is written (write.ts).
 */

/** An identifier, a digest or a name: never redacted. */
const text = z.string()
const moment = z.iso.datetime({ offset: true })

export const STEP_OUTCOMES = ["done", "failed", "skipped", "undone"] as const
export type StepOutcome = (typeof STEP_OUTCOMES)[number]

/**
 * How a release ended. `live`: it serves, verified from outside. `failed`: it never served, and the previous release is verified to
 * serve. `rolled-back`: it served for a while and was rolled back, and the previous release is verified to serve. `refused`: nothing
 * was changed. `broken`: it failed, and no serving release could be verified. `interrupted`: its run was killed, as a later run found.
 */
export const RELEASE_OUTCOMES = ["live", "failed", "rolled-back", "refused", "broken", "interrupted"] as const
export type ReleaseOutcome = (typeof RELEASE_OUTCOMES)[number]

export const RELEASE_ACTIONS = ["deploy", "rollback"] as const
export type ReleaseAction = (typeof RELEASE_ACTIONS)[number]

const releaseStarted = z.object({
  kind: z.literal("release-started"),
  action: z.enum(RELEASE_ACTIONS),
  /** The release's version; null when not known, and in events of before the field existed. */
  version: text.nullable().default(null),
  /** name@sha256:…, and the digest alone. */
  image: text,
  digest: text,
  /** The release that ran before, read from the target; null when none did. */
  previous: z.object({ release: text.nullable(), digest: text }).nullable(),
  /** Commit; null when not known. */
  revision: text.nullable(),
  /** null for a rollback, and for an environment without approvals. */
  planId: text.nullable(),
  /** Digest of the source that the evidence covers; null for a rollback. */
  sourceDigest: text.nullable(),
  configDigest: text.nullable(),
  configNames: z.array(text),
  migrations: z.array(text),
  why: freeText,
  /** The time given with --at; null when it started at once. */
  scheduledFor: moment.nullable(),
  /** Seconds that it will be watched for after the switch; left out for a rollback, and in events of before the field existed. */
  watch: z.number().min(0).exactOptional(),
})

const stepStarted = z.object({ kind: z.literal("step-started"), step: text })

const stepFinished = z.object({
  kind: z.literal("step-finished"),
  step: text,
  outcome: z.enum(STEP_OUTCOMES),
  seconds: z.number().min(0),
  /** One line for the reader. */
  note: freeText,
  /** Data for programs: thresholds with measured figures, digests, backup ids. */
  detail: freeData,
})

/** A plan that `tollgate plan` made. Only approvals of a recorded plan file count. */
const planned = z.object({
  kind: z.literal("planned"),
  planId: text,
  /** SHA-256 of the plan file. */
  planSha256: text,
  /** Of the planned commits; null when they are not known. */
  authors: z.array(text).nullable(),
  /** Why they are not known; empty when they are. */
  authorsUnknown: freeText,
  /** SHA-256 of each part of the settings that the plan binds. */
  settings: z.record(z.string(), text),
  /** The planned commits and their times; null when they are not known, and in events of before the field existed. */
  commits: z
    .array(z.object({ id: text, at: moment }))
    .nullable()
    .default(null),
  /** The commit that was planned; null: uncommitted changes, no Git, or an event of before the field existed. */
  revision: text.nullable().default(null),
})

/** The plan file itself, for approvers with a browser. No secret is in a plan. */
const planFile = z.object({
  kind: z.literal("plan-file"),
  planId: text,
  /** SHA-256 of the plan file. */
  planSha256: text,
  plan: signedFile,
})

/** An approval of a plan, before it is deployed. Its signature counts, and not this event. */
const approvalGiven = z.object({
  kind: z.literal("approval-given"),
  planId: text,
  /** SHA-256 of the plan file that was approved. */
  planSha256: text,
  approver: text,
  /** The whole approval. */
  signed: signedFile,
})

/** An approval of another policy, before it is adopted. Its signature counts, and not this event. */
const policyApprovalGiven = z.object({
  kind: z.literal("policy-approval-given"),
  /** Digest of the policy in force when it was given; null: none was. */
  from: text.nullable(),
  /** Digest of the policy that was approved. */
  to: text,
  approver: text,
  /** The whole approval. */
  signed: signedFile,
})

/** Another policy of the environment. It is in force only if its approvals are valid under the one before. */
const policyAdopted = z.object({
  kind: z.literal("policy-adopted"),
  digest: text,
  /** Of the policy before; null: the first. */
  previous: text.nullable(),
  reason: freeText,
  /** The policy and its approvals. */
  signed: signedFile,
})

/** A valid approval of this release. */
const approved = z.object({
  kind: z.literal("approved"),
  planId: text,
  /** SHA-256 of the plan file that was approved. */
  planSha256: text,
  approver: text,
  key: text,
  reason: freeText,
  signedAt: moment,
  expiresAt: moment,
  /** The whole approval; null in events of before the field existed. */
  signed: signedFile.default(null),
})

/** The operator overrode approvals or a freeze, for a reason. */
const brokeGlass = z.object({
  kind: z.literal("broke-glass"),
  reason: freeText,
  /** Codes of the refusals that were overridden. */
  waived: z.array(text),
  /** The signature of a listed key; null where the environment lists no key, and in older events. */
  signed: signedFile.default(null),
})

/** A second person reviewed a break-glass release. It counts only if its signature does. */
const glassReviewed = z.object({
  kind: z.literal("glass-reviewed"),
  approver: text,
  reason: freeText,
  signed: signedFile,
})

const releaseFinished = z.object({
  kind: z.literal("release-finished"),
  outcome: z.enum(RELEASE_OUTCOMES),
  /** What serves now, verified from outside; null when nothing could be verified. */
  serving: z.object({ release: text.nullable(), digest: text }).nullable(),
  /** Why it failed, first cause first; empty when it did not. */
  causes: z.array(freeText),
  seconds: z.number().min(0),
})

const notified = z.object({
  kind: z.literal("notified"),
  event: text,
  /** slack, webhook or email. Never the address, which is a secret. */
  channel: text,
  sent: z.boolean(),
  attempts: z.int().min(0),
  /** null when it was sent. */
  error: freeText.nullable(),
})

const leaseTaken = z.object({
  kind: z.literal("lease-taken"),
  command: text,
  /** The run whose lease had expired or was taken over; null when the lease was free. */
  from: z.object({ run: text, owner: text, token: z.int(), expired: z.boolean() }).nullable(),
  /** Why it was taken over from an active run; null when it was not. */
  reason: freeText.nullable(),
})

const leaseReleased = z.object({ kind: z.literal("lease-released") })

const unlocked = z.object({
  kind: z.literal("unlocked"),
  reason: freeText,
  held: z.object({ run: text, owner: text, token: z.int(), expired: z.boolean() }),
})

/** The environment's next fencing token is greater than `to`: a target had seen tokens that this ledger did not grant. */
const tokenRaised = z.object({ kind: z.literal("token-raised"), from: z.int(), to: z.int(), reason: freeText })

const maintenance = z.object({ kind: z.literal("maintenance"), on: z.boolean(), message: freeText })

/** A person asks a runner for a change. It counts only if its signature and the policy in force allow it. */
const requested = z.object({ kind: z.literal("requested"), request: text, signed: signedFile })

/** A runner has taken a request: the id of this event comes from the request, so that there is one of them. */
const requestTaken = z.object({
  kind: z.literal("request-taken"),
  /** Number of the event of the request. */
  number: z.int(),
  /** 2: an interrupted runner took it before. */
  attempt: z.int().min(1),
  /** The lease that the runner holds while it lives: without it, the runner was killed. Numbers, which are never redacted. */
  lease: z.object({ place: z.int(), token: z.int() }),
})

const requestRefused = z.object({
  kind: z.literal("request-refused"),
  number: z.int(),
  problems: z.array(z.object({ code: text, message: freeText })),
})

export const REQUEST_OUTCOMES = ["done", "failed", "canceled", "missed", "interrupted"] as const
export type RequestOutcome = (typeof REQUEST_OUTCOMES)[number]

const requestFinished = z.object({
  kind: z.literal("request-finished"),
  number: z.int(),
  outcome: z.enum(REQUEST_OUTCOMES),
  /** The release that it led to; null: none. */
  release: text.nullable(),
  /** What was done, or why not. */
  note: freeText,
})

/** The content of an event. Each kind has its own fields. */
export const happening = z.discriminatedUnion("kind", [
  releaseStarted,
  stepStarted,
  stepFinished,
  planned,
  planFile,
  approvalGiven,
  policyApprovalGiven,
  policyAdopted,
  approved,
  brokeGlass,
  glassReviewed,
  releaseFinished,
  notified,
  leaseTaken,
  leaseReleased,
  unlocked,
  tokenRaised,
  maintenance,
  requested,
  requestTaken,
  requestRefused,
  requestFinished,
  ciRan,
  targetSeen,
])
export type Happening = z.output<typeof happening>
export type HappeningOf<Kind extends Happening["kind"]> = Extract<Happening, { kind: Kind }>

/** The same for every event of one run. */
export const eventContext = z.object({
  service: text,
  environment: text,
  /** null when the event belongs to no release. */
  release: text.nullable(),
  /** Id of one call of a command. */
  run: text,
  /** Fencing token of the run's lease; null when the run holds none. */
  token: z.int().nullable(),
  /** The person or pipeline that the run belongs to. */
  who: text,
})
export type EventContext = z.output<typeof eventContext>

/** An event as submitted. `id` identifies duplicates; `happenedAt` is the writer's clock. */
export const eventBody = z.object({
  version: z.literal(1),
  id: z.uuid(),
  happenedAt: moment,
  context: eventContext,
  what: happening,
})
export type EventBody = z.output<typeof eventBody>

/** An event as stored in the ledger. */
export interface LedgerEvent extends EventBody {
  /** 1, 2, 3 … without gaps, across all services and environments of the ledger. */
  number: number
  /** The database's clock when it was written. */
  at: string
  /** Whether it was written to a journal first, because the ledger was unreachable. */
  journaled: boolean
  /** Whether the writing run had already lost its lease to another run. */
  stale: boolean
}
