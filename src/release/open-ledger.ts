import { parseAddress } from "../database/address.js"
import { openSession } from "../database/session.js"
import { z } from "zod"
import type { Settings } from "../config/schema.js"
import { TollgateError } from "../errors.js"
import { journalId } from "../ledger/journal-id.js"
import type { Ledger } from "../ledger/ledger.js"
import { openLedger } from "../ledger/open.js"
import type { Door } from "./door.js"
import type { Place } from "./open.js"
import { type Forward, forwardTo } from "./through-target.js"

const DATABASE = "tollgate"

export interface OpenedLedger {
  readonly ledger: Ledger
  close(): Promise<void>
}

/**
 * The ledger of --ledger, or the sandbox's own, in its Postgres.
 *
 * @param url null: none was given
 * @param need `required`: nothing begins without it
 * @returns null: there is none, and it is not required
 */
export async function openReleaseLedger(
  settings: Settings,
  place: Place,
  door: Door,
  url: string | null,
  need: "required" | "wanted",
  redact: (text: string) => string,
): Promise<OpenedLedger | null> {
  const { service, patience } = settings.ledger
  if (url !== null) {
    const ledger = await openLedger({ url, service, patience, journal: door.journal(journalId(url)), need, door: door.kind, redact })
    return { ledger, close: () => ledger.close() }
  }
  const { postgres } = settings.image.services ?? settings.qa.services
  if (place.sandbox === null || postgres === false) {
    if (need === "wanted") return null
    throw new TollgateError("ledger-missing", "There is no ledger: nobody would know what was released, by whom and why.", "Give its Postgres as --ledger=env:NAME. Nothing was changed.")
  }
  const forward = await forwardTo(place.target, "postgres", 5432)
  const address = (database: string) => `postgresql://${postgres.user}:${postgres.password}@127.0.0.1:${forward.port}/${database}?sslmode=disable`
  try {
    await createDatabase(address(postgres.database)).catch((error: unknown) => {
      if (need === "required") throw error
    })
    // the port is another one each time: it is the sandbox's ledger all the same
    const ledger = await openLedger({ url: address(DATABASE), service, patience, journal: door.journal("sandbox"), need, door: "host", redact })
    return { ledger, close: () => ledger.close().finally(() => closeForward(forward)) }
  } catch (error) {
    await closeForward(forward)
    throw error
  }
}

function closeForward(forward: Forward): Promise<void> {
  return forward.close()
}

async function createDatabase(url: string): Promise<void> {
  const session = await openSession(parseAddress(url, "the sandbox's Postgres"), "tollgate ledger")
  try {
    const found = await session.rows(z.object({ datname: z.string() }), "select datname from pg_database where datname = $1", [DATABASE])
    if (found.length === 0) await session.run(`create database ${DATABASE}`)
  } finally {
    await session.close()
  }
}
