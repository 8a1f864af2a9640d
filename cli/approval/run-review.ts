import type { z } from "zod"
import { readPrivateKey } from "../../core/release/approval/key.js"
import { closeReview } from "../../core/release/approval/review-ledger.js"
import { withEnvironmentLedger } from "../../core/release/ledger/environment-ledger.js"
import { readLocalSource } from "../environment/read-settings.js"
import { secretText } from "../environment/secret-text.js"
import { caller } from "../ledger/caller.js"
import type { reviewOptions } from "../options/approval.js"
import { optionalText, withPlace } from "../release/access.js"
import { cliEntryPoint } from "../release/cli-entry-point.js"

/** Signs and records the review of a release that broke glass. */
export async function runReview(options: z.output<typeof reviewOptions>): Promise<void> {
  const { settings } = readLocalSource(options.source)
  const { env: environment, release, approver, reason } = options
  const passphrase = await optionalText(options.passphrase, "--passphrase")
  const key = readPrivateKey(await secretText(options.key, "--key"), passphrase?.replace(/\r?\n$/, "") ?? null)
  const url = await optionalText(options.ledger, "--ledger")
  const who = caller(process.env).who
  const work = () =>
    withEnvironmentLedger(settings, environment, url, cliEntryPoint, (ledger) =>
      closeReview(settings, { environment, release, key, approver, reason, who }, ledger),
    )
  process.stdout.write(url === null ? await withPlace(settings, environment, work) : await work())
}
