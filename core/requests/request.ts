import { z } from "zod"
import { canonicalJson } from "../shared/canonical-json.js"

/** The request file: what a person asks for, and their signature. README.md says how a browser makes one. */

export const REQUEST_FORMAT = "tollgate-request"
export const REQUEST_VERSION = 1

const moment = z.iso.datetime({ offset: true })
/** Without what has no canonical form, or what jsonb does not store. */
const words = z.string().regex(/^[^\u0000\p{Surrogate}]{1,4000}$/u)
const perhaps = z.string().regex(/^[^\u0000\p{Surrogate}]{0,4000}$/u)
/** In lower case: an id has one spelling. */
const id = z.string().regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/)

const deploy = z.strictObject({
  kind: z.literal("deploy"),
  planId: z.string().regex(/^plan-[0-9a-f]{64}$/),
  /** SHA-256 of the plan file that the person saw. */
  planSha256: z.string().regex(/^[0-9a-f]{64}$/),
  version: words,
  /** The commit that was planned. The runner takes it from its own repository. */
  revision: z.string().regex(/^[0-9a-f]{40}$/),
})

const rollback = z.strictObject({
  kind: z.literal("rollback"),
  /** Id or version of a release. Empty: the one before a deployment that is in progress, else the one before the live one. */
  to: perhaps,
})

const maintenance = z.strictObject({
  kind: z.literal("maintenance"),
  on: z.boolean(),
  /** Text of the 503 page. */
  message: words,
})

const unlock = z.strictObject({
  kind: z.literal("unlock"),
  /** The run that the person saw to hold the lease: no other one is stopped. */
  run: words,
})

const cancel = z.strictObject({
  kind: z.literal("cancel"),
  /** Id of a request that has not started. */
  request: id,
})

const now = z.discriminatedUnion("kind", [deploy, rollback, maintenance])

const schedule = z.strictObject({ kind: z.literal("schedule"), at: moment, action: now })

export const requestAction = z.discriminatedUnion("kind", [deploy, rollback, maintenance, unlock, cancel, schedule])
export type RequestAction = z.output<typeof requestAction>
export type ActionKind = RequestAction["kind"]
/** What can be scheduled. */
export type PlainAction = z.output<typeof now>

export const ACTIONS = [
  "deploy",
  "rollback",
  "maintenance",
  "unlock",
  "cancel",
  "schedule",
] as const satisfies readonly ActionKind[]

/** What a person signs. */
export const requestStatement = z.strictObject({
  id,
  service: words,
  environment: words,
  action: requestAction,
  reason: words,
  /** As `name` of the key in tollgate.yaml has it. */
  who: words,
  /** The raw public key of 32 bytes in Base64, in the form of tollgate.yaml. */
  key: z.string().regex(/^ed25519:[A-Za-z0-9+/]{43}=$/),
  requestedAt: moment,
  /** Latest time at which it may reach the ledger, and at which it may start if it is not scheduled. */
  expiresAt: moment,
  /** The state of the environment that the person saw. */
  sees: z.strictObject({
    /** Number of the ledger's latest event. */
    event: z.int().min(0),
    /** The release that the ledger last recorded as serving; null: none. */
    live: words.nullable(),
  }),
})
export type RequestStatement = z.output<typeof requestStatement>

export const requestFile = z.strictObject({
  format: z.literal(REQUEST_FORMAT),
  version: z.literal(REQUEST_VERSION),
  statement: requestStatement,
  /** Ed25519 (RFC 8032) over `requestBytes`, 64 bytes in Base64. */
  signature: z.string(),
})
export type RequestFile = z.output<typeof requestFile>

/** The signed bytes. The first line keeps the signature from being valid for an approval or a review. */
export function requestBytes(statement: RequestStatement): Buffer {
  return Buffer.from(`${REQUEST_FORMAT} ${REQUEST_VERSION}\n${canonicalJson(statement)}`)
}

/** The action that runs: of a scheduled request, what is scheduled. */
export function plainAction(action: RequestAction): Exclude<RequestAction, { kind: "schedule" }> {
  return action.kind === "schedule" ? action.action : action
}
