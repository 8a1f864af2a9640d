import { auditOptions, doraOptions } from "../options/audit.js"
import { command } from "./command.js"

export const audit = command({
  name: "audit",
  describe: "Export all changes of a period for an auditor; verify such an export without the ledger",
  options: auditOptions,
  examples: [
    ["$0 audit export --env=production --from=2026-07-01 --to=2026-09-30 --ledger=env:TOLLGATE_LEDGER --out=q3", ""],
    ["$0 audit verify q3 --head=1204:5f0c1d2e3f405162", ""],
  ],
  run: async (options) => (await import("../ledger/run-audit.js")).runAudit(options),
})

export const dora = command({
  name: "dora",
  describe: "Show DORA's five figures of an environment, from its ledger, with their formulas",
  options: doraOptions,
  examples: [["$0 dora --env=production --ledger=env:TOLLGATE_LEDGER", ""]],
  run: async (options) => (await import("../ledger/run-audit.js")).runDora(options),
})
