import { z } from "zod"
import { env, json, ledger, source } from "./common.js"
import { flag, list, place, placeOr, text } from "./option.js"

export const auditOptions = z.object({
  action: place(["export", "verify"], "what to do"),
  folder: placeOr("folder that audit-export wrote", { action: "verify" }),
  source,
  env: text("environment of tollgate.yaml", { alias: "environment", action: "export" }),
  from: text("first day of the period, in UTC, or a time with its zone", { action: "export" }),
  to: text("last day of the period, in UTC, or the time until which it lasts", { action: "export" }),
  ledger,
  out: text("a new folder", { action: "export" }),
  hideOthers: flag("leave out the content of events of other services in the same ledger", { action: "export" }),
  key: list("public keys of the approvers, as in tollgate.yaml, which you got from them in person", {
    action: "verify",
    usual: "those of the policies in the folder",
  }),
  head: list("heads of the ledger that you kept", { action: "verify", form: "NUMBER:HASH" }),
  json,
})

export const doraOptions = z.object({ source, env, ledger, json })
