import type { Argv, CommandModule } from "yargs"
import { source } from "./arguments.js"

function common(yargs: Argv): Argv {
  return yargs
    .option("source", source)
    .option("ledger", { type: "string", demandOption: true, requiresArg: true, describe: "URL of the ledger's Postgres: env:NAME, file:PATH, op://…, vault://…" })
    .option("json", { type: "boolean", default: false, describe: "everything, as JSON" })
}

export const history: CommandModule = {
  command: "history",
  describe: "Show the latest releases of an environment, and whether the ledger is whole",
  builder: (yargs) =>
    common(yargs)
      .option("env", { type: "string", alias: "environment", demandOption: true, requiresArg: true, describe: "name of the environment" })
      .option("limit", { type: "number", default: 10, describe: "how many, the newest first" })
      .example("$0 history --env=production --ledger=env:TOLLGATE_LEDGER --limit=20", ""),
  handler: async (given) => {
    const { historyOptions, runHistory } = await import("../ledger/run-ledger.js")
    if (!(await runHistory(historyOptions.parse(given)))) process.exitCode = 1
  },
}

export const status: CommandModule = {
  command: "status",
  describe: "Show what the ledger knows of each environment, and who holds it",
  builder: (yargs) =>
    common(yargs)
      .option("env", { type: "string", alias: "environment", requiresArg: true, describe: "name of the environment  [default: all of tollgate.yaml]" })
      .example("$0 status --ledger=env:TOLLGATE_LEDGER", ""),
  handler: async (given) => {
    const { runStatus, statusOptions } = await import("../ledger/run-ledger.js")
    if (!(await runStatus(statusOptions.parse(given)))) process.exitCode = 1
  },
}

export const unlock: CommandModule = {
  command: "unlock",
  describe: "Free an environment that a run holds, and record why",
  builder: (yargs) =>
    common(yargs)
      .option("env", { type: "string", alias: "environment", demandOption: true, requiresArg: true, describe: "name of the environment" })
      .option("reason", { type: "string", demandOption: true, requiresArg: true, describe: "why: it is recorded" })
      .example('$0 unlock --env=production --ledger=env:TOLLGATE_LEDGER --reason="the runner was lost"', ""),
  handler: async (given) => {
    const { runUnlock, unlockOptions } = await import("../ledger/run-ledger.js")
    await runUnlock(unlockOptions.parse(given))
  },
}
