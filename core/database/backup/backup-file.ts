import { z } from "zod"

/** What stands beside each backup, as JSON: everything that must be known before it is used. */
export const backupFile = z.object({
  format: z.literal(1),
  /** In scripts and paths: a writer of the storage must not choose what they do. */
  name: z.string().regex(/^[A-Za-z0-9_-]{1,200}$/),
  environment: z.string(),
  database: z.string(),
  createdAt: z.string(),
  run: z.string(),
  revision: z.array(z.string()),
  /** Where that is noted. */
  versionTable: z
    .object({
      name: z.string(),
      schema: z.string().nullable(),
      also: z.array(z.string()).optional(),
      foreign: z.boolean().optional(),
    })
    .default({ name: "alembic_version", schema: null }),
  serverVersion: z.string(),
  /** Of the file as it is kept, encrypted or not. */
  file: z.string().regex(/^[A-Za-z0-9_-]{1,200}\.dump(?:\.age)?$/),
  bytes: z.number(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  encrypted: z.boolean(),
  /** Rows of each table in the snapshot that was backed up. */
  rows: z.record(z.string(), z.number()),
  /** The snapshot itself: which transactions it saw. */
  snapshot: z.string(),
  /** Read with pg_restore --list, and restored into a server of its own with every row counted. */
  tested: z.boolean(),
})

export type BackupFile = z.output<typeof backupFile>

/** Sorts by itself, and says what it is of: 20261122T093015123Z_payments_0008. */
export function backupName(now: Date, database: string, revision: readonly string[]): string {
  const stamp = now.toISOString().replace(/[-:.]/g, "")
  return `${stamp}_${plainName(database)}_${revision.length === 0 ? "base" : plainName(revision.join("-"))}`
}

/** Of letters that no shell and no storage takes for something else. */
export function plainName(text: string): string {
  return text.replace(/[^A-Za-z0-9-]+/g, "-").slice(0, 60)
}

/**
 * Backups that need not be kept any longer. One is kept while it is among the newest, or young; the newest one that was tested is
 * kept whatever its age.
 */
export function expiredBackups(
  backups: readonly BackupFile[],
  rule: { keep: number; days: number },
  now: Date,
): BackupFile[] {
  const newestFirst = [...backups].sort((one, other) => other.createdAt.localeCompare(one.createdAt))
  const tested = newestFirst.find((backup) => backup.tested)
  const oldest = now.getTime() - rule.days * 86_400_000
  return newestFirst.filter(
    (backup, index) => index >= rule.keep && Date.parse(backup.createdAt) < oldest && backup !== tested,
  )
}
