import type { Argv, CommandModule } from "yargs"
import { json, ledger, source, sshKey } from "./arguments.js"

function common(yargs: Argv): Argv {
  return yargs.option("source", source).option("ledger", ledger).option("json", json)
}

export const history: CommandModule = {
  command: "history",
  describe: "Show the latest releases of an environment, and verify the ledger's hash chain",
  builder: (yargs) =>
    common(yargs)
      .option("env", {
        type: "string",
        alias: "environment",
        demandOption: true,
        requiresArg: true,
        describe: "environment of tollgate.yaml",
      })
      .option("limit", { type: "number", default: 10, describe: "number of releases, newest first" })
      .example("$0 history --env=production --ledger=env:TOLLGATE_LEDGER --limit=20", ""),
  handler: async (given) => {
    const { historyOptions, runHistory } = await import("../ledger/run-ledger.js")
    if (!(await runHistory(historyOptions.parse(given)))) process.exitCode = 1
  },
}

export const ledgerCommand: CommandModule = {
  command: "ledger <action>",
  describe: "Verify the ledger's hash chain, and the signatures of recorded approvals by their public keys",
  builder: (yargs) =>
    common(yargs)
      .positional("action", { type: "string", choices: ["verify"], demandOption: true })
      .option("env", {
        type: "string",
        alias: "environment",
        demandOption: true,
        requiresArg: true,
        describe: "environment of tollgate.yaml",
      })
      .example("$0 ledger verify --env=production --ledger=env:TOLLGATE_LEDGER", ""),
  handler: async (given) => {
    const { runVerify, verifyOptions } = await import("../ledger/run-ledger.js")
    if (!(await runVerify(verifyOptions.parse(given)))) process.exitCode = 1
  },
}

export const status: CommandModule = {
  command: "status",
  describe:
    "Show what is running in an environment, read from its target; without --env all environments of the ledger",
  builder: (yargs) =>
    sshKey(yargs)
      .option("source", source)
      .option("env", {
        type: "string",
        alias: "environment",
        requiresArg: true,
        describe: "environment of tollgate.yaml  [default: all, from the ledger]",
      })
      .option("ledger", ledger)
      .option("json", json)
      .check(({ env, ledger }) => {
        if (env === undefined && ledger === undefined)
          throw new Error("Pass --env to show what is running there, or --ledger to list all environments.")
        return true
      })
      .example("$0 status --env=sandbox", "")
      .example("$0 status --ledger=env:TOLLGATE_LEDGER", ""),
  handler: async (given) => {
    if (given["env"] === undefined) {
      const { runStatus, statusOptions } = await import("../ledger/run-ledger.js")
      if (!(await runStatus(statusOptions.parse(given)))) process.exitCode = 1
      return
    }
    const { runTargetStatus, targetStatusOptions } = await import("../release/run-rollback.js")
    if (!(await runTargetStatus(targetStatusOptions.parse(given)))) process.exitCode = 1
  },
}

export const unlock: CommandModule = {
  command: "unlock",
  describe: "Free the lease of an environment that a run holds, and record why",
  builder: (yargs) =>
    common(yargs)
      .option("env", {
        type: "string",
        alias: "environment",
        demandOption: true,
        requiresArg: true,
        describe: "name of the environment",
      })
      .option("reason", { type: "string", demandOption: true, requiresArg: true, describe: "reason for the ledger" })
      .option("raise", {
        type: "number",
        default: 0,
        requiresArg: true,
        describe: "let the leases of a restored ledger continue above this number, as ledger-behind says",
      })
      .example('$0 unlock --env=production --ledger=env:TOLLGATE_LEDGER --reason="the runner was lost"', ""),
  handler: async (given) => {
    const { runUnlock, unlockOptions } = await import("../ledger/run-ledger.js")
    await runUnlock(unlockOptions.parse(given))
  },
}
