import { z } from "zod"
import type { Finding, MigrationPlan, PlannedLock } from "./plan.js"
import { verdictLine } from "./words.js"

/**
 * plan.json: all that was seen, and what the rules made of it. Within format 1 fields may be added; none changes its meaning
 * or goes away.
 */

const lock = z.object({
  schema: z.string(),
  table: z.string(),
  mode: z.string().describe("As pg_locks names it, such as AccessExclusiveLock."),
  evidence: z
    .enum(["observed", "documented"])
    .describe(
      "observed: seen in pg_locks on an empty copy. documented: by Postgres's documentation, where nothing could be seen.",
    ),
  rows: z.number().nullable().describe("null: the table is made by this very plan."),
  exact: z.boolean().nullable().describe("false: the planner's estimate."),
  bytes: z.number().nullable().describe("With indexes and what is stored out of line."),
})

const change = z.object({
  kind: z.string(),
  schema: z.string(),
  table: z.string(),
  column: z.string().nullable(),
  from: z.string().nullable(),
  to: z.string().nullable(),
})

const finding = z.object({
  code: z.string().describe("Stable, for scripts; Squawk's begin with squawk/."),
  severity: z.enum(["error", "warning", "note"]),
  revision: z.string().nullable(),
  file: z.string().nullable().describe("Relative to the app's folder."),
  line: z.number().int().nullable(),
  statement: z.string().nullable(),
  message: z.string(),
  help: z.string().nullable(),
  accepted: z.string().nullable().describe("The reason by which tollgate.yaml accepts it: it does not count then."),
})

export const planDocument = z.object({
  format: z.literal(1),
  tollgate: z.string().describe("Version of Tollgate."),
  app: z.string(),
  source: z.string().describe("Digest of the app's files."),
  environment: z.string(),
  madeAt: z.string().describe("ISO 8601."),
  database: z.object({
    name: z.string(),
    serverVersion: z.string(),
    copyVersion: z
      .string()
      .nullable()
      .describe("Postgres of the empty copy that the locks were seen on; null: there was none."),
  }),
  current: z.array(z.string()).describe("Revisions that the database is at; empty: none was ever applied."),
  heads: z.array(z.string()),
  digest: z.string().nullable().describe("Of the revisions' files and the SQL: what an approval is bound to."),
  verdict: z.enum(["nothing-to-do", "ready", "red"]),
  verdictInWords: z.string(),
  sqlIsComplete: z.boolean().nullable().describe("false: alembic sends more than it prints. null: nothing was run."),
  estimate: z
    .object({ at: z.string(), what: z.enum(["rehearsal", "migration"]), seconds: z.number() })
    .nullable()
    .describe(
      "What these very revisions took before, on the restored backup or here; null: nothing of the kind is on record.",
    ),
  runningVersion: z
    .object({ known: z.boolean(), why: z.string().nullable() })
    .describe("Whether it was known what the running version uses."),
  revisions: z.array(
    z.object({
      revision: z.string(),
      down: z.array(z.string()),
      message: z.string(),
      file: z.string(),
      sha256: z.string(),
      contract: z.boolean().describe("Marked in database.contract."),
      held: z
        .array(lock)
        .nullable()
        .describe("Locks at its end when alembic ran it on the copy; null: it did not get that far."),
      notPrinted: z.array(z.string()).describe("Statements that alembic sends and does not print."),
      statements: z.array(
        z.object({
          text: z.string(),
          line: z.number().int().describe("Of plan.sql."),
          sourceLine: z.number().int().nullable().describe("Of the revision's file."),
          locks: z.array(lock),
          locksUnknown: z.boolean(),
          changes: z.array(change).describe("What the catalog of the copy had otherwise after it."),
        }),
      ),
    }),
  ),
  findings: z.array(finding),
})

export type PlanDocument = z.infer<typeof planDocument>

export function planFile(plan: MigrationPlan): string {
  const document: PlanDocument = {
    format: 1,
    tollgate: plan.tollgateVersion,
    app: plan.app,
    source: plan.source,
    environment: plan.environment,
    madeAt: plan.madeAt,
    database: plan.database,
    current: plan.current,
    heads: plan.heads,
    digest: plan.digest,
    estimate: plan.estimate,
    verdict: plan.verdict.kind,
    verdictInWords: verdictLine(plan),
    sqlIsComplete: plan.sqlIsComplete,
    runningVersion: {
      known: plan.running.kind === "known",
      why: plan.running.kind === "known" ? null : plan.running.why,
    },
    revisions: plan.revisions.map(({ held, statements, ...rest }) => ({
      ...rest,
      held: held?.map(lockEntry) ?? null,
      statements: statements.map(({ locks, ...statement }) => ({ ...statement, locks: locks.map(lockEntry) })),
    })),
    findings: plan.findings.map((one: Finding) => one),
  }
  return `${JSON.stringify(document, null, 2)}\n`
}

function lockEntry({ schema, table, mode, evidence, facts }: PlannedLock): z.infer<typeof lock> {
  return {
    schema,
    table,
    mode,
    evidence,
    rows: facts?.rows ?? null,
    exact: facts?.exact ?? null,
    bytes: facts?.bytes ?? null,
  }
}

/** Other programs read plan.json: the schema lets them meet fields of a later version. */
export function planSchema(): string {
  const { $schema, ...rest } = z.toJSONSchema(planDocument, { target: "draft-7", io: "input" })
  return `${JSON.stringify({ $schema, title: "Tollgate migration plan", description: "plan.json of `migration-plan-report`: what a migration would do, and the verdict on it.", ...rest }, null, 2)}\n`
}
