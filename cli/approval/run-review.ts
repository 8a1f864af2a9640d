import type { z } from "zod"
import { closeReview } from "../../core/release/approval/review-ledger.js"
import { readLocalSource } from "../environment/read-settings.js"
import { caller } from "../ledger/caller.js"
import { throughLedger } from "../ledger/with-ledger.js"
import type { reviewOptions } from "../options/approval.js"
import { privateKeyOf } from "./private-key.js"

/** Signs and records the review of a break-glass release. */
export async function runReview(options: z.output<typeof reviewOptions>): Promise<void> {
  const { settings } = readLocalSource(options.source)
  const { env: environment, release, approver, reason } = options
  const key = await privateKeyOf(options)
  const who = caller(process.env).who
  process.stdout.write(
    await throughLedger(settings, environment, options.ledger, (ledger) =>
      closeReview(settings, { environment, release, key, approver, reason, who }, ledger),
    ),
  )
}
