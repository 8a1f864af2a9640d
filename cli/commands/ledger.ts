import { historyOptions, releasesOptions, statusOptions, unlockOptions, verifyOptions } from "../options/ledger.js"
import { command } from "./command.js"

export const history = command({
  name: "history",
  describe: "Show the latest releases of an environment, and verify the ledger's hash chain",
  options: historyOptions,
  examples: [["$0 history --env=production --ledger=env:TOLLGATE_LEDGER --limit=20", ""]],
  run: async (options) => (await import("../ledger/run-ledger.js")).runHistory(options),
})

export const releases = command({
  name: "releases",
  describe: "Print the latest releases of an environment as JSON, for programs",
  options: releasesOptions,
  examples: [["$0 releases --env=production --ledger=env:TOLLGATE_LEDGER", ""]],
  run: async (options) => (await import("../ledger/run-ledger.js")).runReleases(options),
})

export const ledgerCommand = command({
  name: "ledger",
  describe:
    "Verify the ledger's hash chain, the signatures of recorded approvals and policies by their public keys, and that it contains the heads that its target and you kept",
  options: verifyOptions,
  examples: [["$0 ledger verify --env=production --ledger=env:TOLLGATE_LEDGER", ""]],
  run: async (options) => (await import("../ledger/run-ledger.js")).runVerify(options),
})

export const status = command({
  name: "status",
  describe:
    "Show what is running in an environment, read from its target; without --env all environments of the ledger",
  options: statusOptions,
  examples: [
    ["$0 status --env=sandbox", ""],
    ["$0 status --ledger=env:TOLLGATE_LEDGER", ""],
  ],
  check: ({ env, ledger }) =>
    env === undefined && ledger === undefined
      ? "Pass --env to show what is running there, or --ledger to list all environments."
      : undefined,
  run: async ({ env, ...options }) =>
    env === undefined
      ? (await import("../ledger/run-ledger.js")).runStatus(options)
      : (await import("../release/run-rollback.js")).runTargetStatus({ ...options, env }),
})

export const unlock = command({
  name: "unlock",
  describe: "Free the lease of an environment that a run holds, and record why",
  options: unlockOptions,
  examples: [['$0 unlock --env=production --ledger=env:TOLLGATE_LEDGER --reason="the runner was lost"', ""]],
  run: async (options) => (await import("../ledger/run-ledger.js")).runUnlock(options),
})
