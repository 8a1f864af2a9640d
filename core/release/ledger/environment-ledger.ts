import type { Settings } from "../../config/schema.js"
import { environmentSettings } from "../../environment/check.js"
import { journalId } from "../../ledger/journal-id.js"
import type { Ledger } from "../../ledger/ledger.js"
import { openLedger } from "../../ledger/open.js"
import { TollgateError } from "../../shared/errors.js"
import { openPlace, traitsOf } from "../../targets/registry.js"
import type { ReleaseEntryPoint } from "../session/entry-point.js"
import { openReleaseLedger } from "./open-ledger.js"

/**
 * Opens the ledger of an environment, for history, status and unlock.
 *
 * @param environment null: all environments; then `url` is required
 * @param url null: the sandbox's own
 */
export async function withEnvironmentLedger<T>(
  settings: Settings,
  environment: string | null,
  url: string | null,
  entryPoint: ReleaseEntryPoint,
  work: (ledger: Ledger, url: string) => Promise<T>,
): Promise<T> {
  const traits = environment === null ? null : traitsOf(environmentSettings(settings, environment).target)
  if (url !== null) {
    const { service, patience } = settings.ledger
    const ledger = await openLedger({
      url,
      service,
      patience,
      journal: entryPoint.journal(journalId(url)),
      need: "required",
      entryPoint: entryPoint.kind,
    })
    try {
      return await work(ledger, url)
    } finally {
      await ledger.close()
    }
  }
  if (environment === null || traits?.keepsLedger !== true)
    throw new TollgateError(
      "ledger-missing",
      "No ledger. Only the sandbox has one of its own.",
      "Pass the URL of its Postgres with --ledger=env:NAME. Nothing was changed.",
    )
  const place = await openPlace(settings, environment, entryPoint, { ssh: null, registry: null })
  try {
    const opened = await openReleaseLedger(settings, place, entryPoint, null, "required", (text) => text)
    if (opened === null) throw new RangeError("a ledger that is required is there")
    try {
      return await work(opened.ledger, opened.url)
    } finally {
      await opened.close()
    }
  } finally {
    await place.target.close()
  }
}
