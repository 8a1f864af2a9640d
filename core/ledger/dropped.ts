import { codeOf } from "../database/connect/session.js"
import { TollgateError } from "../shared/errors.js"

/** What is written in the background, and dropped when the ledger does not take it. */

export const SLOW = "it did not answer in time"

/** In words of our own: a message of the server is not repeated. */
export function reasonOf(error: unknown, table: string, section: string): string {
  const code = codeOf(error)
  if (code === "42501")
    return `its user may not insert into tollgate_ledger.${table} (docs/ledger.md, ${section}, says how to grant it)`
  if (error instanceof TollgateError) return "it could not be reached"
  return `it refused them${code === null ? "" : ` (SQLSTATE ${code})`}`
}

/** Waits for the end of the work, and no longer than so long. */
export async function settled(work: Promise<unknown> | null, milliseconds: number): Promise<void> {
  if (work === null) return
  let timer: NodeJS.Timeout | undefined
  await Promise.race([work, new Promise<void>((done) => (timer = setTimeout(done, milliseconds)))])
  clearTimeout(timer)
}
