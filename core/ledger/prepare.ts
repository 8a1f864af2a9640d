import { setTimeout as pause } from "node:timers/promises"
import { z } from "zod"
import { codeOf, type Session } from "../database/connect/session.js"
import { TollgateError } from "../shared/errors.js"
import { inTransaction } from "./link.js"
import { LAYOUT, LOCK, TABLES } from "./schema.js"

/**
 * Creates the tables when they are missing, and brings older ones to this layout. Safe for concurrent runs. Once they exist, a role that may only read and insert is enough.
 */
export async function prepareLedger(session: Session): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    const found = await layoutOf(session)
    if (found === LAYOUT) return
    if (found !== null && found > LAYOUT)
      throw new TollgateError(
        "ledger-newer",
        `The ledger was created by a newer Tollgate: its layout is ${found}, and this version supports ${LAYOUT}.`,
        "Upgrade Tollgate. Nothing was changed.",
      )
    if (await create(session, found)) return
    await pause(Math.min(50 * (attempt + 1), 500))
  }
}

async function layoutOf(session: Session): Promise<number | null> {
  const { comment } = await session.row(
    z.object({ comment: z.string().nullable() }),
    "SELECT (SELECT obj_description(oid, 'pg_namespace') FROM pg_namespace WHERE nspname = 'tollgate_ledger') AS comment",
  )
  const [, layout] = /^tollgate ledger, layout (\d+)$/.exec(comment ?? "") ?? []
  return layout === undefined ? null : Number(layout)
}

const IN_USE =
  "LOCK TABLE tollgate_ledger.leases IN SHARE ROW EXCLUSIVE MODE; LOCK TABLE tollgate_ledger.events IN SHARE ROW EXCLUSIVE MODE"

/** False when another run is creating them, or has. The lock is transaction-level, which works through a connection pooler. */
async function create(session: Session, found: number | null): Promise<boolean> {
  try {
    return await inTransaction(session, async () => {
      const { locked } = await session.row(
        z.object({ locked: z.boolean() }),
        `SELECT pg_try_advisory_xact_lock(${LOCK.prepare}) AS locked`,
      )
      // another run may have finished since
      if (!locked || (await layoutOf(session)) !== found) return false
      // runs that have the tables in use take them in this order: no deadlock
      if (found !== null) await session.run(IN_USE)
      await session.run(TABLES)
      return true
    })
  } catch (error) {
    if (codeOf(error) !== "42501") throw error
    throw new TollgateError(
      "ledger-rights",
      found === null
        ? "The ledger's tables do not exist, and the user of --ledger may not create them."
        : `The ledger's tables have the layout ${found}, and the user of --ledger may not bring them to ${LAYOUT}.`,
      "Run any command once as the owner of the database. After that these privileges are enough: USAGE on the schema tollgate_ledger; SELECT and INSERT on its table events; SELECT, INSERT and UPDATE on its table leases; SELECT and INSERT on its tables samples, log_lines, reports and report_files.",
    )
  }
}
