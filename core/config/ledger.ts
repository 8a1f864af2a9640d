import { z } from "zod"
import { duration, expected, mapping, plainName, text } from "./fields.js"

export const ledger = mapping("a mapping of settings for the ledger", {
  service: text("a name of the service: lower-case letters, digits and -", plainName)
    .optional()
    .describe(
      "Name of the service in the ledger and in notifications: several services may share one ledger. Left out: release.name, else the last part of image.name.",
    ),
  lease: duration
    .prefault("30s")
    .describe("How long a run keeps the lease on an environment without a heartbeat. Then the lease expires."),
  patience: duration
    .prefault("3s")
    .describe("Longest time that a run waits for the ledger at once before it keeps an event for later."),
  logs: z
    .boolean({ error: expected("true or false") })
    .prefault(true)
    .describe(
      "Whether log lines of both releases are written to the ledger while a deployment or rollback runs, for the dashboard. Secrets and card numbers are masked.",
    ),
})

export type LedgerSettings = Omit<z.output<typeof ledger>, "service"> & { service: string }
