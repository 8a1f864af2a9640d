import type { Revision } from "../alembic/revision.js"
import type { BackupFile } from "../backup/backup-file.js"
import type { Rehearsed } from "./rehearse.js"

export interface StepRecord {
  name: string
  status: "done" | "failed"
  seconds: number
  /** What came of it, in a few words. */
  note: string
}

export type MigrationOutcome =
  | { kind: "migrated" }
  | { kind: "up-to-date" }
  /** Stopped before the database was changed. */
  | { kind: "refused"; step: string; causes: string[] }
  /** Changed, failed, undone, and valid. */
  | { kind: "undone"; step: string; causes: string[]; way: "nothing" | "downgrade" | "restore"; why: string }
  /** Changed and failed; a restore would lose rows, and an operator must decide. */
  | { kind: "asks"; step: string; causes: string[]; question: string }
  /** Changed and failed, and undoing it failed as well. */
  | { kind: "not-undone"; step: string; causes: string[]; undoCauses: string[] }

export interface MigrationResult {
  environment: string
  database: string
  run: string
  from: string[]
  target: string[]
  pending: Revision[]
  steps: StepRecord[]
  warnings: string[]
  backup: BackupFile | null
  /** Where the backup is, in words. */
  store: string
  rehearsed: Rehearsed | null
  /** The database that a restore set aside; it holds what was in use until then. */
  setAside: string | null
  /** Rows that were in the database set aside and are not in the restored one. */
  lost: number
  outcome: MigrationOutcome
}

export function isMigrated({ outcome }: MigrationResult): boolean {
  return outcome.kind === "migrated" || outcome.kind === "up-to-date"
}
