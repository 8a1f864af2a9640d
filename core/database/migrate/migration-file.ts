import { z } from "zod"
import { version } from "../../shared/version.js"
import { backupFile } from "../backup/backup-file.js"
import { isMigrated, type MigrationResult } from "./migration-result.js"
import { migrationScreen, verdict } from "./screen.js"

/**
 * migration.json: what a run did. It is written down in the database as well, and every report is made of it. Within format 1 fields
 * may be added; none changes its meaning or goes away.
 */
export const migrationFile = z.object({
  format: z.literal(1),
  tollgate: z.string().describe("Version of Tollgate."),
  environment: z.string(),
  database: z.string(),
  run: z.string(),
  madeAt: z.string().describe("ISO 8601, at the end of the run."),
  verdict: z.string(),
  good: z.boolean().describe("Whether the database is at the head."),
  from: z.array(z.string()),
  target: z.array(z.string()),
  pending: z.array(z.object({ revision: z.string(), message: z.string(), file: z.string(), sha256: z.string() })),
  steps: z.array(
    z.object({ name: z.string(), status: z.enum(["done", "failed"]), seconds: z.number(), note: z.string() }),
  ),
  warnings: z.array(z.string()),
  outcome: z.string().describe("migrated, up-to-date, refused, undone, asks or not-undone."),
  failedStep: z.string().nullable(),
  causes: z.array(z.string()).describe("Why it failed."),
  takenBack: z.string().nullable().describe("How it was undone, and why in this way."),
  undoCauses: z.array(z.string()).describe("Why it could not be undone."),
  question: z.string().nullable().describe("What an operator must decide."),
  rehearsal: z
    .object({
      seconds: z.number(),
      oneTransaction: z.boolean(),
      wayBack: z.string(),
      rows: z.record(z.string(), z.number()),
    })
    .nullable(),
  backup: backupFile.nullable(),
  store: z.string().describe("Where the backup is."),
  setAside: z.string().nullable().describe("The previous database, where a restore replaced it."),
  lost: z.number().describe("Rows that are in the previous database and not in the restored one."),
  summary: z.string().describe("The screen."),
})

export type MigrationDocument = z.output<typeof migrationFile>

export function migrationDocument(result: MigrationResult): MigrationDocument {
  const {
    environment,
    database,
    run,
    from,
    target,
    pending,
    steps,
    warnings,
    outcome,
    rehearsed,
    backup,
    store,
    setAside,
    lost,
  } = result
  const way =
    rehearsed?.downgrade.kind === "not-proven" ? `a restore: ${rehearsed.downgrade.why}` : "a downgrade, as rehearsed"
  return {
    format: 1,
    tollgate: version,
    environment,
    database,
    run,
    madeAt: new Date().toISOString(),
    verdict: verdict(result),
    good: isMigrated(result),
    from,
    target,
    pending: pending.map(({ revision, message, file, sha256 }) => ({ revision, message, file, sha256 })),
    steps: [...steps],
    warnings,
    outcome: outcome.kind,
    failedStep: "step" in outcome ? outcome.step : null,
    causes: "causes" in outcome ? outcome.causes : [],
    takenBack: outcome.kind === "undone" ? `${outcome.way}: ${outcome.why}` : null,
    undoCauses: outcome.kind === "not-undone" ? outcome.undoCauses : [],
    question: outcome.kind === "asks" ? outcome.question : null,
    rehearsal:
      rehearsed === null
        ? null
        : {
            seconds: rehearsed.seconds,
            oneTransaction: rehearsed.oneTransaction,
            wayBack: way,
            rows: rehearsed.after.rows,
          },
    backup,
    store,
    setAside,
    lost,
    summary: migrationScreen(result, { report: "report.html" }),
  }
}
