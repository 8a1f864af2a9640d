import type { Settings } from "../config/schema.js"
import { environmentSettings } from "../environment/check.js"
import { TollgateError } from "../errors.js"
import type { Ledger } from "../ledger/ledger.js"
import { openLedger } from "../ledger/open.js"
import { journalId } from "../ledger/journal-id.js"
import type { Door } from "./door.js"
import { openPlace } from "./open.js"
import { openReleaseLedger } from "./open-ledger.js"

/**
 * The ledger of an environment, for who wants to read it or to free the environment.
 *
 * @param environment null: of all of them, so that it must be given
 * @param url null: the sandbox's own
 */
export async function withEnvironmentLedger<T>(settings: Settings, environment: string | null, url: string | null, door: Door, work: (ledger: Ledger) => Promise<T>): Promise<T> {
  const target = environment === null ? null : environmentSettings(settings, environment).target
  if (url !== null) {
    const { service, patience } = settings.ledger
    const ledger = await openLedger({ url, service, patience, journal: door.journal(journalId(url)), need: "required", door: door.kind })
    try {
      return await work(ledger)
    } finally {
      await ledger.close()
    }
  }
  if (environment === null || target?.kind !== "sandbox")
    throw new TollgateError("ledger-missing", "Nobody said which ledger: only the sandbox has one of its own.", "Give its Postgres as --ledger=env:NAME. Nothing was changed.")
  const place = await openPlace(settings, environment, door, { ssh: null, registry: null })
  try {
    const opened = await openReleaseLedger(settings, place, door, null, "required", (text) => text)
    if (opened === null) throw new RangeError("a ledger that is required is there")
    try {
      return await work(opened.ledger)
    } finally {
      await opened.close()
    }
  } finally {
    await place.target.close()
  }
}
