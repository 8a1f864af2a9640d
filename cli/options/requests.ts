import { z } from "zod"
import { env, json, ledger, reason, source, sshOptions } from "./common.js"
import { choice, flag, place, requiredSecret, secret, text, textOr, wholeNumber } from "./option.js"

export const requestOptions = z.object({
  action: place(["rollback", "maintenance", "unlock", "cancel"], "what to request"),
  source,
  env,
  ledger,
  key: requiredSecret("the approver's private key, as `tollgate approval-key` makes it"),
  passphrase: secret("the key's passphrase", { usual: "it has none" }),
  reason,
  at: text("start time; without an offset in freeze.zone", {
    action: "rollback, maintenance",
    form: "2026-11-23T02:00+08:00",
    usual: "at once",
  }),
  to: textOr("", "id or version of a release", { action: "rollback", usual: "the previous one" }),
  state: choice(["on", "off"], "new state", { action: "maintenance" }),
  message: textOr("We are back shortly.", "text of the 503 page", { action: "maintenance" }),
  run: text("the run to stop", { action: "unlock", usual: "the one that holds the lease" }),
  request: text("id of the request", { action: "cancel" }),
  json,
})

export const requestsOptions = z.object({
  source,
  env,
  ledger,
  json,
  limit: wholeNumber(10, "number of requests, newest first"),
})

export const runnerOptions = z.object({
  source,
  env,
  ledger,
  ...sshOptions,
  once: flag("end when nothing is left to do, for CI"),
  secrets: secret("configuration in dotenv form, for a release that is no longer on the target"),
  notify: secret("notification addresses in dotenv form"),
})
