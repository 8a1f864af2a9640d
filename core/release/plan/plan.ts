import { z } from "zod"
import { freeText } from "../../secrets/free-text.js"

/**
 * What a deployment would change, for approvers. Its id covers what must not differ when the deployment runs: see plan-id.ts.
 */

const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/)
const moment = z.iso.datetime({ offset: true })

export const imageOfPlan = z.strictObject({
  /** name@sha256:… as a host pulls it. */
  reference: z.string().min(1),
  digest,
})

export const plannedCommit = z.strictObject({
  id: z.string().regex(/^[0-9a-f]{7,64}$/),
  /** First line of the message. */
  subject: freeText,
  author: z.string(),
  at: moment,
})

export const plannedStatement = z.strictObject({
  sql: freeText,
  /** Such as "ACCESS EXCLUSIVE on payments". */
  locks: z.array(z.string()),
  /** false: it could not be seen which locks it takes. */
  locksKnown: z.boolean(),
})

export const plannedMigration = z.strictObject({
  /** alembic's revision. */
  id: z.string().min(1),
  /** Relative to app.path. */
  path: z.string(),
  lint: z.strictObject({ errors: z.int().min(0), warnings: z.int().min(0) }),
  /** Whether it removes or narrows something that the running version may use: `database.contract` allows it. */
  contracts: z.boolean(),
  /** In their order. Left out: they are long, or an earlier Tollgate made the plan. */
  statements: z.array(plannedStatement).exactOptional(),
})

export const plannedCheck = z.strictObject({
  /** Such as qa, scan, config, ecpay, backup, target. */
  name: z.string().min(1),
  what: z.string(),
})

export const PLAN_FORMAT = "tollgate-plan"
export const PLAN_VERSION = 2

/** As it stands in plan.json. */
export const planSchema = z.strictObject({
  format: z.literal(PLAN_FORMAT),
  version: z.literal(PLAN_VERSION),
  id: z.string().regex(/^plan-[0-9a-f]{64}$/),
  service: z.string().min(1),
  environment: z.string().min(1),
  /** The version that the service will report. */
  releaseVersion: z.string().min(1),
  /** Digest of the app's files, which the evidence covers. */
  source: z.string().min(1),
  image: z.strictObject({
    /** null: nothing runs there yet. */
    now: imageOfPlan.nullable(),
    next: imageOfPlan,
  }),
  commits: z.discriminatedUnion("kind", [
    z.strictObject({
      kind: z.literal("known"),
      /** Empty: the first release. */
      from: z.string(),
      to: z.string(),
      list: z.array(plannedCommit),
      /** Of all commits, also of those that the list leaves out. */
      authors: z.array(z.string()),
    }),
    /** Why nobody can say what lies between: a first release, a commit that the repository does not have, no Git. */
    z.strictObject({ kind: z.literal("unknown"), why: freeText }),
  ]),
  /** In the order in which they would be applied. */
  migrations: z.array(plannedMigration),
  /** false: nobody looked at the database, and `migrations` says nothing. */
  migrationsKnown: z.boolean(),
  /** Commands of release.before, in their order. Nobody looked at what they do. */
  commands: z.array(z.string()),
  config: z.strictObject({
    /** Of names and values together: core/environment/digest.ts. */
    digest: z.string().min(1),
    /** Names alone; no value ever stands in a plan. */
    added: z.array(z.string()),
    removed: z.array(z.string()),
    /** Whether names or values differ from those of the live release; null: it is not known. */
    changed: z.boolean().nullable(),
  }),
  /** What decides what runs, where, and how it is judged: bound-settings.ts. */
  settings: z.record(z.string(), z.json()),
  /** Parts of the settings that differ from those of the live release; null: not known. */
  settingsChanged: z.array(z.string()).nullable(),
  checks: z.array(plannedCheck),
  /** From the environment's own history; null: it has none. */
  expected: z.strictObject({ seconds: z.number().min(0), releases: z.int().min(1) }).nullable(),
  createdAt: moment,
  /** The ledger's head when the plan was made, as --head takes it: the approver of the plan signs it too. Left out: none was read. */
  ledgerHead: z
    .string()
    .regex(/^\d{1,15}:[0-9a-f]{64}$/)
    .optional(),
})

export type Plan = z.output<typeof planSchema>
export type PlannedCommit = z.output<typeof plannedCommit>
export type PlannedMigration = z.output<typeof plannedMigration>

/** What a plan's id is made of: a deployment that differs in one of these is another one, and needs other approvals. */
export interface PlanIdentity {
  service: string
  environment: string
  releaseVersion: string
  /** Digest of the app's files. */
  source: string
  imageDigest: string
  /** Ids of the migrations, in the order in which they would be applied. */
  migrations: readonly string[]
  /** release.before, in its order: nobody looked at what they do, so an approver approves their text. */
  commands: readonly string[]
  configDigest: string
  /** SHA-256 of each part of the settings. */
  settings: Readonly<Record<string, string>>
}

/** What a plan is made from: everything that somebody looked at. */
export type PlanInput = Omit<Plan, "format" | "version" | "id">
