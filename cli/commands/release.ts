import {
  deployOptions,
  logsOptions,
  maintenanceOptions,
  monitorOptions,
  planOptions,
  rollbackOptions,
  sandboxOptions,
} from "../options/release.js"
import { command } from "./command.js"

/** Exit code of a deployment that only lacks approvals: a CI shows it as waiting, and not as broken. */
const WAITING = 3

export const plan = command({
  name: "plan",
  describe: "Show what a deployment would change, and the id that approvals are bound to",
  options: planOptions,
  examples: [["$0 plan --env=production --version=1.4.0 --secrets=env:PRODUCTION_ENV --out=plan.json", ""]],
  run: async (options) => (await import("../release/run-deploy.js")).runPlan(options),
})

export const deploy = command({
  name: "deploy",
  describe: "Run the gates, publish the image and deploy it blue-green; a failure rolls back",
  options: deployOptions,
  examples: [
    ["$0 deploy --env=sandbox", ""],
    [
      "$0 deploy --env=production --version=1.4.0 --secrets=env:PRODUCTION_ENV --ledger=env:LEDGER --approval=approval.json",
      "",
    ],
  ],
  run: async (options) => {
    const { runDeploy } = await import("../release/run-deploy.js")
    const ending = await runDeploy(options)
    if (ending !== "live") process.exitCode = ending === "waiting" ? WAITING : 1
  },
})

export const rollback = command({
  name: "rollback",
  describe: "Roll back to an earlier release, in seconds",
  options: rollbackOptions,
  examples: [['$0 rollback --env=production --reason="checkout is slow"', ""]],
  run: async (options) => (await import("../release/run-rollback.js")).runRollback(options),
})

export const monitor = command({
  name: "monitor",
  describe: "Watch an environment for a window: errors, p95, payments, connections",
  options: monitorOptions,
  examples: [["$0 monitor --env=sandbox --window=1m", ""]],
  run: async (options) => (await import("../release/run-rollback.js")).runMonitor(options),
})

export const logs = command({
  name: "logs",
  describe: "Print the log of a release from all its hosts, without secrets",
  options: logsOptions,
  examples: [["$0 logs --env=production --since=10m --follow", ""]],
  run: async (options) => (await import("../release/run-logs.js")).runLogs(options),
})

export const maintenance = command({
  name: "maintenance",
  describe: "Turn maintenance mode on or off: every request is answered 503",
  options: maintenanceOptions,
  examples: [['$0 maintenance on --env=production --message="Back at 10:00"', ""]],
  run: async (options) => (await import("../release/run-rollback.js")).runMaintenance(options),
})

export const sandbox = command({
  name: "sandbox",
  describe: "Run the sandbox with its releases until Ctrl-C",
  options: sandboxOptions,
  examples: [["$0 sandbox --port=8080", ""]],
  run: async (options) => (await import("../release/run-sandbox.js")).runSandbox(options),
})
