import type { AppReach, Reach } from "../connect/reach.js"
import type { Observation, VersionTable } from "../copy/observe.js"
import type { Scratch, ScratchOptions } from "../copy/scratch.js"
import type { AlembicRun, Comparison, Inspection, SessionLimits } from "./alembic-account.js"
import type { BeforeCommit } from "./before-commit.js"
import type { Revision } from "./revision.js"

export interface Inspected extends Inspection {
  /** Where the tool notes what the database is at. */
  version: VersionTable
}

/** How one run of the app's migrations ended. */
export interface MigrationRun extends AlembicRun {
  /** Of a run on a copy: what its first transaction changed is seen in schema or revision. */
  firstIsSeen?: boolean
}

/** The app's own migrations, whatever tool they are written for. */
export interface AppMigrations {
  /** What the server of the copy is started with; undefined: what a rehearsal needs. */
  readonly copyOptions: ScratchOptions | undefined
  /** Whether what a transaction leaves is compared with the rehearsal before it is committed; otherwise right after the run. */
  readonly comparesBeforeCommit: boolean
  /** Begins what takes time, for a database that will be asked about. */
  load(reach: AppReach): unknown
  /** What is to be done on this database. Whatever of the app's code is asked is asked on the copy, which has the schema. */
  lookAhead(scratch: Scratch, reach: Reach): Promise<Inspected>
  /** What differs between a copy and the app's models. */
  check(reach: AppReach): Promise<Comparison>
  /** @param from where it must begin; elsewhere nothing is run */
  upgrade(
    reach: AppReach,
    from: readonly string[],
    target: string,
    limits: SessionLimits,
    more?: { tables?: number; beforeCommit?: BeforeCommit | null },
  ): Promise<MigrationRun>
  /** Back to where it was; nothing: to before the first revision. */
  goBack(reach: AppReach, to: readonly string[], limits: SessionLimits): Promise<MigrationRun>
  /** Why no downgrade can be rehearsed; null: one can be tried. */
  noWayBack(from: readonly string[], pending: readonly Revision[]): string | null
  /** What was seen of the copy, with the revision that it is at. */
  seenOnCopy(observed: Observation, scratch: Scratch): Promise<Observation>
  /** The same of the real database, which the app's code is not given to read: it is asked on a copy of what it reads. */
  seenOnReal(observed: Observation, scratch: Scratch): Promise<Observation>
  /** Begins to end what was loaded for a database. */
  unload(reach: AppReach): void
  /** Ends everything that was loaded. */
  end(): Promise<void>
}
