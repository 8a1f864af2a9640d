import type { Session } from "../database/connect/session.js"
import { Link } from "./link.js"
import { ledgerAddress } from "./open.js"

/** How batches that are written in the background reach the ledger. */
export interface BackgroundStore<Owner, Row> {
  write(owner: Owner, rows: readonly Row[]): Promise<void>
  close(): Promise<void>
}

/**
 * A connection of its own: a slow batch must not keep a heartbeat, an event or another batch waiting.
 *
 * @param url of the ledger, which is prepared already
 * @param patience seconds
 * @param prune deletes old rows; called once, after the first batch
 */
export function backgroundStore<Owner, Row>(
  url: string,
  patience: number,
  insert: (session: Session, owner: Owner, rows: readonly Row[]) => Promise<void>,
  prune: (session: Session) => Promise<void>,
): BackgroundStore<Owner, Row> {
  const link = new Link(ledgerAddress(url), patience, () => Promise.resolve())
  let isPruned = false
  let isClosed = false
  return {
    write: async (owner, rows) => {
      try {
        await link.ask((session) => insert(session, owner, rows))
        if (isPruned) return
        isPruned = true
        await link.ask(prune).catch(() => undefined)
      } finally {
        // a connection that came after the end would keep the process alive
        if (isClosed) await link.close()
      }
    },
    close: () => {
      isClosed = true
      return link.close()
    },
  }
}
