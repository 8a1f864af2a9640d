import { TollgateError } from "../../shared/errors.js"
import type { Reach } from "../connect/reach.js"
import { askServer } from "../connect/server.js"
import { type Session, withSession } from "../connect/session.js"
import { recoverFromSwap } from "./restore.js"

/** A replica and a read-only database are known before anything is tried; a half-done restore of an earlier run is put right. */
export async function requireWritable(reach: Reach): Promise<string[]> {
  const look = (): Promise<void> =>
    withSession(reach.inProcess, "tollgate look", async (session: Session) => {
      const { recovery, readOnly } = await askServer(session)
      if (recovery || readOnly)
        throw new TollgateError(
          "database-read-only",
          recovery
            ? "The database is a replica: it is read-only."
            : "The database is read-only (default_transaction_read_only).",
          "Put the address of the primary server into --secrets. Nothing was changed.",
        )
    })
  try {
    await look()
    return []
  } catch (error) {
    if (!(error instanceof TollgateError) || error.code !== "database-unknown") throw error
    const recovered = await recoverFromSwap(reach).catch(() => null)
    if (recovered === null) throw error
    await look()
    return [`an interrupted restore had left the database under the name ${recovered}: it was renamed back`]
  }
}
