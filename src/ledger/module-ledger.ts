import type { Directory, Secret } from "@dagger.io/dagger"
import type { Settings } from "../config/schema.js"
import { environmentSettings } from "../environment/check.js"
import { readSettings } from "../source.js"
import { journalId } from "./journal-id.js"
import { volumeJournal } from "./journal-volume.js"
import type { Ledger } from "./ledger.js"
import { openLedger } from "./open.js"

/** Opens the ledger inside the engine, for commands that need nothing else. */
export async function withModuleLedger<T>(source: Directory, secret: Secret, environment: string | null, work: (ledger: Ledger, settings: Settings) => Promise<T>): Promise<T> {
  const settings = await readSettings(source)
  if (environment !== null) environmentSettings(settings, environment)
  const url = await secret.plaintext()
  const { service, patience } = settings.ledger
  const ledger = await openLedger({ url, service, patience, journal: volumeJournal(journalId(url)), need: "required", door: "module" })
  try {
    return await work(ledger, settings)
  } finally {
    await ledger.close()
  }
}
