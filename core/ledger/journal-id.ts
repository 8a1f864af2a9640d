import { createHash } from "node:crypto"
import { parseAddress } from "../database/address.js"

/** Names the journal of one ledger by where that is: what waits for one must not be written into another. */
export function journalId(url: string): string {
  const { host, port, database } = parseAddress(url.trim(), "--ledger")
  return createHash("sha256").update(`${host.toLowerCase()}:${port}/${database}`).digest("hex").slice(0, 16)
}
