import type { Directory, Secret } from "@dagger.io/dagger"
import type { Settings } from "../config/schema.js"
import type { Ledger } from "../ledger/ledger.js"
import { withEnvironmentLedger } from "../release/ledger/environment-ledger.js"
import { readSettings } from "../source.js"
import { moduleEntryPoint } from "./entry-point.js"

/** Opens the ledger for functions that need nothing else. */
export async function withModuleLedger<T>(
  source: Directory,
  secret: Secret | undefined,
  environment: string | null,
  work: (ledger: Ledger, settings: Settings) => Promise<T>,
): Promise<T> {
  const settings = await readSettings(source)
  const url = secret === undefined ? null : await secret.plaintext()
  return await withEnvironmentLedger(settings, environment, url, moduleEntryPoint, (ledger) => work(ledger, settings))
}
