import type { CommandModule } from "yargs"
import { TollgateError } from "../../core/shared/errors.js"
import { json, ledger, source } from "./arguments.js"

const environment = {
  type: "string",
  alias: "environment",
  requiresArg: true,
  describe: "environment of tollgate.yaml",
} as const

/** Options without which an action cannot run. */
const NEEDS: Readonly<Record<string, readonly string[]>> = { export: ["env", "from", "to", "out"], verify: ["folder"] }

export const audit: CommandModule = {
  command: "audit <action> [folder]",
  describe: "Export all changes of a period for an auditor; verify such an export without the ledger",
  builder: (yargs) =>
    yargs
      .positional("action", { type: "string", choices: ["export", "verify"], demandOption: true })
      .positional("folder", { type: "string", describe: "verify: the folder that export wrote" })
      .option("source", source)
      .option("env", environment)
      .option("from", {
        type: "string",
        requiresArg: true,
        describe: "export: first day in UTC, or a time with its zone",
      })
      .option("to", { type: "string", requiresArg: true, describe: "export: last day in UTC, or a time with its zone" })
      .option("ledger", ledger)
      .option("out", { type: "string", requiresArg: true, describe: "export: a new folder" })
      .option("hide-others", {
        type: "boolean",
        default: false,
        describe: "export: leave out the content of other services' events",
      })
      .option("key", {
        type: "string",
        array: true,
        default: [],
        requiresArg: true,
        describe: "verify: public key of an approver; repeatable  [default: those of the policies in the folder]",
      })
      .option("head", {
        type: "string",
        array: true,
        default: [],
        requiresArg: true,
        describe: "verify: a head of the ledger that was kept, as NUMBER:HASH; repeatable",
      })
      .option("json", json)
      .check((given) => {
        const missing = (NEEDS[String(given["action"])] ?? []).filter((name) => given[name] === undefined)
        if (missing.length === 0) return true
        throw new TollgateError(
          "audit-arguments",
          `audit ${given["action"]} needs ${missing.map((name) => (name === "folder" ? "a folder" : `--${name}`)).join(", ")}.`,
          "See `tollgate audit --help`. Nothing was written.",
        )
      })
      .example(
        "$0 audit export --env=production --from=2026-07-01 --to=2026-09-30 --ledger=env:TOLLGATE_LEDGER --out=q3",
        "",
      )
      .example("$0 audit verify q3 --head=1204:5f0c1d2e3f405162", ""),
  handler: async (given) => {
    const { auditOptions, runAudit } = await import("../ledger/run-audit.js")
    if (!(await runAudit(auditOptions.parse(given)))) process.exitCode = 1
  },
}

export const dora: CommandModule = {
  command: "dora",
  describe: "Show DORA's five figures of an environment, from its ledger, with their formulas",
  builder: (yargs) =>
    yargs
      .option("source", source)
      .option("env", { ...environment, demandOption: true })
      .option("ledger", ledger)
      .option("json", json)
      .example("$0 dora --env=production --ledger=env:TOLLGATE_LEDGER", ""),
  handler: async (given) => {
    const { doraOptions, runDora } = await import("../ledger/run-audit.js")
    await runDora(doraOptions.parse(given))
  },
}
