import { z } from "zod"
import { json, ledger, source, sshOptions, stampOptions } from "./common.js"
import { flag, list, place, requiredText, secret, text, textOr, wholeNumber } from "./option.js"
import { registryOptions } from "./registry.js"

export const accessOptions = {
  source,
  env: requiredText("name of the environment; sandbox needs no secret", { alias: "environment" }),
  ...sshOptions,
  ledger,
}

const reason = textOr("", "reason for the ledger")
const notify = secret("notification addresses in dotenv form")

export const planOptions = z.object({
  ...accessOptions,
  version: textOr("", "image tag, and the version that the service reports", {
    usual: "the commit, else a digest of the source",
  }),
  secrets: secret("the environment's configuration in dotenv form", { usual: "none, for the sandbox" }),
  gateSecrets: secret("values of qa.secrets, image.buildSecrets and the backups' storage in dotenv form"),
  ...registryOptions,
  ...stampOptions,
  json,
  out: text("output file, for approve"),
})

export const deployOptions = planOptions.omit({ out: true }).extend({
  reason,
  approval: list("approvals, as many as environments.NAME.approvals.required", { form: "files that `approve` wrote" }),
  breakGlass: text("reason to override missing approvals or a freeze, recorded and sent to all channels"),
  at: textOr("", "start time; without an offset in freeze.zone", { form: "2026-11-23T09:30+08:00", usual: "now" }),
  notify,
  identity: secret("age key for encrypted backups, needed to undo a failed migration by a restore"),
})

export const rollbackOptions = z.object({
  ...accessOptions,
  to: textOr("", "id or version of a release", { usual: "the previous one" }),
  reason,
  secrets: secret("configuration in dotenv form, for a release that is no longer on the target"),
  notify,
  json,
})

export const monitorOptions = z.object({
  ...accessOptions,
  window: text("duration", {
    form: "90s, 5m",
    usual: "release.monitor.window",
    module: { form: "a number of seconds" },
  }),
  secrets: secret("the environment's configuration in dotenv form, for the database's connections"),
  json,
})

export const logsOptions = z.object({
  ...accessOptions,
  release: textOr("", "id or version of a release", { usual: "the live one" }),
  since: textOr("", "duration or time with its zone", {
    form: "10m, 2h30m, 2026-11-23T09:30:00+08:00",
    usual: "no limit",
  }),
  lines: wholeNumber(200, "the latest lines of each container", { min: 1 }),
  follow: flag("follow new lines until Ctrl-C", { alias: "f" }),
  secrets: secret("configuration in dotenv form, to redact values that are no longer on the target"),
})

export const maintenanceOptions = z.object({
  ...accessOptions,
  state: place(["on", "off"], "new state", { form: "on or off" }),
  message: textOr("We are back shortly.", "text of the 503 page"),
})

export const sandboxOptions = z.object({
  source,
  port: wholeNumber(8080, "local port of the released service; 0: any free port", { min: 0, max: 65_535 }),
})
