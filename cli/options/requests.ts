import { z } from "zod"
import { env, json, ledger, reason, source, sshOptions, stampOptions } from "./common.js"
import { choice, flag, list, place, requiredSecret, secret, text, textOr, wholeNumber } from "./option.js"
import { registryOptions } from "./registry.js"

export const requestOptions = z.object({
  action: place(["deploy", "rollback", "maintenance", "unlock", "cancel"], "what to request"),
  source,
  env,
  ledger,
  key: requiredSecret("the approver's private key, as `tollgate approval-key` makes it"),
  passphrase: secret("the key's passphrase", { usual: "it has none" }),
  reason,
  at: text("start time; without an offset in freeze.zone", {
    action: "deploy, rollback, maintenance",
    form: "2026-11-23T02:00+08:00",
    usual: "at once",
  }),
  plan: text("the file that `plan` wrote", { action: "deploy" }),
  approval: list("approvals of that plan, to be written to the ledger", {
    form: "files that `approve` wrote",
    action: "deploy",
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
  secrets: secret(
    "the environment's configuration in dotenv form, for deployments and releases no longer on the target",
  ),
  gateSecrets: secret("values of qa.secrets, image.buildSecrets and the backups' storage in dotenv form"),
  identity: secret("age key for encrypted backups, needed to undo a failed migration by a restore"),
  ...registryOptions,
  sourceUrl: stampOptions.sourceUrl,
  notify: secret("notification addresses in dotenv form"),
})
