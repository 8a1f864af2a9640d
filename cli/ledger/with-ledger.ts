import type { Settings } from "../../core/config/schema.js"
import { environmentSettings } from "../../core/environment/check.js"
import type { Ledger } from "../../core/ledger/ledger.js"
import { withEnvironmentLedger } from "../../core/release/ledger/environment-ledger.js"
import { readLocalSource } from "../environment/read-settings.js"
import { optionalText, withPlace } from "../release/access.js"
import { cliEntryPoint } from "../release/cli-entry-point.js"

/** Opens the ledger of --ledger, whose URL may name a port of this machine; without it, the sandbox's ledger. */
export async function withLedger<T>(
  options: { source?: string | undefined; ledger?: string | undefined },
  environment: string | null,
  work: (ledger: Ledger, settings: Settings) => Promise<T>,
): Promise<T> {
  const { settings } = readLocalSource(options.source)
  if (environment !== null) environmentSettings(settings, environment)
  return await throughLedger(settings, environment, options.ledger, (ledger) => work(ledger, settings))
}

/** The same for settings that were read already. */
export async function throughLedger<T>(
  settings: Settings,
  environment: string | null,
  reference: string | undefined,
  work: (ledger: Ledger) => Promise<T>,
): Promise<T> {
  const url = await optionalText(reference, "--ledger")
  const run = () => withEnvironmentLedger(settings, environment, url, cliEntryPoint, work)
  return url === null && environment !== null ? await withPlace(settings, environment, run) : await run()
}
