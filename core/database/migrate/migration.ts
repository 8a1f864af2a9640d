import type { Secret } from "@dagger.io/dagger"
import type { AppMigrations } from "../alembic/app-migrations.js"
import type { Target } from "../alembic/pending.js"
import type { Revision } from "../alembic/revision.js"
import type { BackupContext } from "../backup/backup.js"
import type { BackupTest } from "../backup/backup-test.js"
import type { EntryPoint } from "../connect/reach.js"
import type { VersionTable } from "../copy/observe.js"
import type { Scratch } from "../copy/scratch.js"
import type { MigrationResult } from "./migration-result.js"
import type { RunSteps } from "./run-steps.js"

export interface MigrationRequest {
  environment: string
  /** Dotenv text. */
  secrets: Secret | undefined
  entryPoint: EntryPoint
  /** The engine is not the one without Docker, which keeps its volumes. */
  volumesMayVanish?: boolean
  /** The application is stopped: nothing is written. It is looked whether that is so. */
  maintenance: boolean
  /** The private key for encrypted backups; only needed when a failure must be undone by restoring one. */
  identity: Secret | undefined
  run: string
}

/** Everything that the parts of one migration share. */
export interface Migration extends BackupContext {
  alembic: AppMigrations
  /** Whatever of the app's code only reads runs here. */
  starting: Promise<Scratch>
  request: MigrationRequest
  /** Of the environment. */
  backupTest: BackupTest
  version: VersionTable
  upgradeTo: Target
  /** Those of the source, from the first to the newest. */
  revisions: readonly Revision[]
  steps: RunSteps
  result: MigrationResult
}

/** A step that found something wrong: what it found becomes the outcome, and is no fault of the program. */
export class StepRefused extends Error {
  readonly causes: string[]

  constructor(causes: string[]) {
    super(causes.join("\n"))
    this.causes = causes
  }
}

export function limitsOf({ settings, run }: Pick<Migration, "settings" | "run">) {
  return {
    lockTimeout: settings.lockTimeout,
    statementTimeout: settings.statementTimeout,
    applicationName: `tollgate alembic ${run}`.slice(0, 63),
  }
}
