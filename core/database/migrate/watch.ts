import { setTimeout as pause } from "node:timers/promises"
import { z } from "zod"
import type { MigrationRun } from "../alembic/app-migrations.js"
import type { Lock } from "../connect/lock.js"
import type { Reach } from "../connect/reach.js"
import { withSession } from "../connect/session.js"

const LOOK_EVERY_MS = 1000
/** A program that ends by itself does so well within this time of its last session. */
const GIVE_UP_AFTER = 8

/**
 * Waits for alembic, but not for ever: when the server goes away under it, a proxy or a lost packet can keep it waiting for an answer
 * that nobody will send. Its session is gone from the server then, and what it did is told by the database alone.
 */
export async function watched(
  reach: Reach,
  lock: Lock,
  applicationName: string,
  work: Promise<MigrationRun>,
): Promise<MigrationRun> {
  let settled = false
  const done = work.finally(() => (settled = true))
  const lost = async (): Promise<MigrationRun> => {
    let seen = false
    for (let absent = 0; absent < GIVE_UP_AFTER; ) {
      // a process that has nothing else to do need not stay for this
      await pause(LOOK_EVERY_MS, undefined, { ref: false })
      if (settled) return done
      const there = await isThere(reach, applicationName)
      if (there === true) [seen, absent] = [true, 0]
      // a server that went away took the session along, also one that was too short to be seen
      else if (there === false && (seen || lock.session.broken)) absent += 1
    }
    return {
      ok: false,
      error: "the server ended the migration's session",
      sqlstate: null,
      journal: null,
      output: "",
      elsewhere: [],
      commits: [],
    }
  }
  return Promise.race([done, lost()])
}

/** null when the server cannot be asked. */
async function isThere(reach: Reach, applicationName: string): Promise<boolean | null> {
  try {
    return await withSession(reach.inProcess, "tollgate watch", async (session) => {
      const { there } = await session.row(
        z.object({ there: z.boolean() }),
        "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND application_name = $1) AS there",
        [applicationName],
      )
      return there
    })
  } catch {
    return null
  }
}
