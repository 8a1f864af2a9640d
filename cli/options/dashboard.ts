import { z } from "zod"
import { ledger, source } from "./common.js"
import { text, textOr, wholeNumber } from "./option.js"

export const dashboardOptions = z.object({
  source,
  env: text("without --ledger: the environment whose own ledger is read, sandbox", { alias: "environment" }),
  ledger,
  port: wholeNumber(8070, "port on 127.0.0.1; 0: any free port", { min: 0, max: 65_535 }),
  zone: textOr("", "time zone shown beside UTC", { form: "Asia/Taipei", usual: "this machine's" }),
})
