import { setTimeout as pause } from "node:timers/promises"
import { askSession } from "../connect/ask.js"
import { type Lock, takeLock } from "../connect/lock.js"
import { endLeftOverMigrations } from "../connect/server.js"
import { isServerAway, openSession } from "../connect/session.js"
import { type Observation, observe } from "../copy/observe.js"
import type { Migration } from "./migration.js"

export async function look({ steps, settings, version, alembic, starting }: Migration): Promise<Observation> {
  return alembic.seenOnReal(await observe(askSession(steps.lock.session), settings, version), await starting)
}

/** After a failure: sees to it that the server is there, that the lock is held, and that nothing of the migration is still at work. */
export async function reconnect(migration: Migration): Promise<void> {
  const { steps, reach, settings, run } = migration
  if (!(await isHeld(steps.lock))) {
    await steps.lock.release()
    const deadline = Date.now() + settings.serverWait * 1000
    for (;;) {
      try {
        await (await openSession(reach.inProcess, "tollgate look")).close()
        break
      } catch (error) {
        if (!isServerAway(error) || Date.now() > deadline) throw error
        await pause(500)
      }
    }
    steps.use(await takeLock(reach.inProcess, { run, wait: settings.lockWait, lease: settings.lease }))
  }
  await endLeftOverMigrations(steps.lock.session)
}

async function isHeld(lock: Lock): Promise<boolean> {
  try {
    await lock.session.run("SELECT 1")
    lock.requireHeld()
    return true
  } catch {
    return false
  }
}
