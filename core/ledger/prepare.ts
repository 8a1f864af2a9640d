import { z } from "zod"
import { codeOf, type Session } from "../database/session.js"
import { TollgateError } from "../errors.js"
import { inTransaction } from "./link.js"
import { LAYOUT, LOCK, TABLES } from "./schema.js"

/**
 * Sees to it that the tables are there. Two runs at once do not get in each other's way, and a role that may only read and
 * add is enough once they are there.
 */
export async function prepareLedger(session: Session): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    const found = await layoutOf(session)
    if (found === LAYOUT) return
    if (found !== null && found > LAYOUT)
      throw new TollgateError("ledger-newer", `The ledger was made by a later Tollgate: its layout is ${found}, this one knows ${LAYOUT}.`, "Use that version of Tollgate, or a later one. Nothing was changed.")
    if (await create(session)) return
    await new Promise((done) => setTimeout(done, Math.min(50 * (attempt + 1), 500)))
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

/** False when another run is at it. The lock is only tried, and goes with the transaction: a pooler may stand in between. */
async function create(session: Session): Promise<boolean> {
  try {
    return await inTransaction(session, async () => {
      const { locked } = await session.row(z.object({ locked: z.boolean() }), `SELECT pg_try_advisory_xact_lock(${LOCK.prepare}) AS locked`)
      if (locked) await session.run(TABLES)
      return locked
    })
  } catch (error) {
    if (codeOf(error) !== "42501") throw error
    throw new TollgateError(
      "ledger-rights",
      "The user of --ledger may not create the ledger's tables, and they are not there.",
      "Run any command once with a user that owns the database; after that, USAGE on the schema tollgate_ledger, SELECT and INSERT on its events and SELECT, INSERT and UPDATE on its leases are enough.",
    )
  }
}
