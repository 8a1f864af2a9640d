import type { Secret } from "@dagger.io/dagger"
import { count } from "../../shared/figures.js"
import type { BackupContext } from "../backup/backup.js"
import type { BackupFile } from "../backup/backup-file.js"
import { takeLock } from "../connect/lock.js"
import { type Session, withSession } from "../connect/session.js"
import type { RunSteps } from "../migrate/run-steps.js"
import type { Permission } from "../migrate/undo.js"
import { asideName, dropDatabase, restoreBeside, swapIn } from "./restore.js"

export interface Placing {
  context: BackupContext
  steps: RunSteps
  backup: BackupFile
  identity: Secret | undefined
  /** Whether a database may be given up for the backup: asked before anything is done, and again when nothing can be written any more. */
  permit(session: Session): Promise<Permission>
  /** Before the names of the steps. */
  prefix: string
}

export type Placed = { kind: "asks"; question: string } | { kind: "placed"; setAside: string; lost: number }

/** The backup beside the database, and then in its place; the database that was in use is kept. The lock is one of the new database then. */
export async function putInPlace({ context, steps, backup, identity, permit, prefix }: Placing): Promise<Placed> {
  const { reach, run, settings } = context
  const first = await steps.take(
    `${prefix}count what was written since the backup`,
    () => permit(steps.lock.session),
    (found) => (found.kind === "go" ? count(found.lost, "row") : "an operator must decide"),
  )
  if (first.kind === "ask") return { kind: "asks", question: first.why }

  const fresh = await steps.take(
    `${prefix}restore the backup beside the database`,
    () => restoreBeside(context, backup, identity),
    () => "every row counted",
  )
  const setAside = asideName(reach.inProcess.database, run)
  // the lock's own session would keep the database from being renamed
  await steps.lock.release()
  const permission = await swapIn(context, fresh.inProcess.database, setAside, (aside) =>
    withSession(aside.inProcess, "tollgate count", permit),
  )
  steps.use(await takeLock(reach.inProcess, { run, wait: settings.lockWait, lease: settings.lease }))
  if (permission.kind === "go") return { kind: "placed", setAside, lost: permission.lost }
  await dropDatabase(context, fresh.inProcess.database)
  return { kind: "asks", question: permission.why }
}
