import { createHash } from "node:crypto"
import { parseAddress } from "../database/connect/address.js"

/** Identifies a journal by its ledger's address, so that events never reach another ledger. */
export function journalId(url: string): string {
  const { host, port, database } = parseAddress(url.trim(), "--ledger")
  return createHash("sha256").update(`${host.toLowerCase()}:${port}/${database}`).digest("hex").slice(0, 16)
}
