import { z } from "zod"
import { env, json, ledger, reason, source, sshOptions } from "./common.js"
import { list, place, secret, text, wholeNumber } from "./option.js"

const limit = wholeNumber(10, "number of releases, newest first", { form: "1 to 1000" })

export const historyOptions = z.object({ source, ledger, json, env, limit })
export const releasesOptions = z.object({ source, ledger, env, limit })
export const verifyOptions = z.object({
  action: place(["verify"], "what to do"),
  source,
  ledger,
  json,
  env,
  head: list("heads of the ledger that were kept, as a notification has them", { form: "NUMBER:HASH" }),
  ...sshOptions,
})
export const unlockOptions = z.object({
  source,
  ledger,
  json,
  env,
  reason,
  raise: wholeNumber(
    0,
    "number that the error ledger-behind names, for a ledger that was restored: its leases continue above it",
  ),
})

export const statusOptions = z.object({
  source,
  ledger: secret("URL of the ledger's Postgres, required without --env", { usual: "the sandbox's own" }),
  env: text("environment of tollgate.yaml", { alias: "environment", usual: "all, from the ledger" }),
  ...sshOptions,
  json,
})
