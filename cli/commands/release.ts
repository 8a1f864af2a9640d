import type { Argv, CommandModule } from "yargs"
import { json, ledger, source, sshKey } from "./arguments.js"

function place(yargs: Argv): Argv {
  return sshKey(
    yargs
      .option("source", source)
      .option("env", {
        type: "string",
        alias: "environment",
        demandOption: true,
        requiresArg: true,
        describe: "name of the environment; sandbox needs no other option",
      })
      .option("ledger", ledger),
  )
}

function build(yargs: Argv): Argv {
  return place(yargs)
    .version(false)
    .option("version", {
      type: "string",
      requiresArg: true,
      describe: "image tag, and the version that the service reports  [default: the commit]",
    })
    .option("secrets", {
      type: "string",
      requiresArg: true,
      describe: "the environment's configuration in dotenv form: env:NAME, file:PATH, …",
    })
    .option("gate-secrets", {
      type: "string",
      requiresArg: true,
      describe: "values of qa.secrets, image.buildSecrets and the backups' storage in dotenv form",
    })
    .option("registry-user", {
      type: "string",
      requiresArg: true,
      describe: "user of the registry  [default: image.registry.user]",
    })
    .option("registry-password", {
      type: "string",
      requiresArg: true,
      describe: "its password or token: env:NAME, file:PATH, …",
    })
    .option("registry-service", {
      type: "string",
      requiresArg: true,
      describe: "a registry that only this machine can reach: tcp://HOST:PORT",
    })
    .option("revision", { type: "string", requiresArg: true, describe: "commit of the source  [default: from Git]" })
    .option("created", { type: "string", requiresArg: true, describe: "time of that commit  [default: from Git]" })
    .option("source-url", {
      type: "string",
      requiresArg: true,
      describe: "URL of the repository, for the image's label  [default: Git's origin]",
    })
}

/** Exit code of a deployment that only lacks approvals: a CI shows it as waiting, and not as broken. */
const WAITING = 3

export const plan: CommandModule = {
  command: "plan",
  describe: "Show what a deployment would change, and the id that approvals are bound to",
  builder: (yargs) =>
    build(yargs)
      .option("json", json)
      .option("out", { type: "string", requiresArg: true, describe: "output file, for approve" })
      .example("$0 plan --env=production --version=1.4.0 --secrets=env:PRODUCTION_ENV --out=plan.json", ""),
  handler: async (given) => {
    const { planOptions, runPlan } = await import("../release/run-deploy.js")
    await runPlan(planOptions.parse(given))
  },
}

export const deploy: CommandModule = {
  command: "deploy",
  describe: "Run the gates, publish the image and deploy it blue-green; a failure rolls back",
  builder: (yargs) =>
    build(yargs)
      .option("json", json)
      .option("reason", { type: "string", default: "", describe: "reason for the ledger" })
      .option("approval", {
        type: "string",
        array: true,
        default: [],
        requiresArg: true,
        describe: "approval file that `approve` wrote; repeatable",
      })
      .option("break-glass", {
        type: "string",
        requiresArg: true,
        describe: "override missing approvals or a freeze, for this reason: recorded and sent to all channels",
      })
      .option("at", { type: "string", default: "", describe: "start time: 2026-11-23T09:30+08:00  [default: now]" })
      .option("notify", {
        type: "string",
        requiresArg: true,
        describe: "notification addresses in dotenv form: env:NAME, file:PATH, …",
      })
      .option("identity", {
        type: "string",
        requiresArg: true,
        describe: "age key for encrypted backups, to restore one after a failed migration: env:NAME, file:PATH, …",
      })
      .example("$0 deploy --env=sandbox", "")
      .example(
        "$0 deploy --env=production --version=1.4.0 --secrets=env:PRODUCTION_ENV --ledger=env:LEDGER --approval=approval.json",
        "",
      ),
  handler: async (given) => {
    const { deployOptions, runDeploy } = await import("../release/run-deploy.js")
    const ending = await runDeploy(deployOptions.parse(given))
    if (ending !== "live") process.exitCode = ending === "waiting" ? WAITING : 1
  },
}

export const rollback: CommandModule = {
  command: "rollback",
  describe: "Roll back to an earlier release, in seconds",
  builder: (yargs) =>
    place(yargs)
      .option("json", json)
      .option("to", {
        type: "string",
        default: "",
        describe: "id or version of a release  [default: the previous one]",
      })
      .option("reason", { type: "string", default: "", describe: "reason for the ledger" })
      .option("secrets", {
        type: "string",
        requiresArg: true,
        describe: "configuration in dotenv form, for a release that is no longer on the target",
      })
      .option("notify", { type: "string", requiresArg: true, describe: "notification addresses in dotenv form" })
      .example('$0 rollback --env=production --reason="checkout is slow"', ""),
  handler: async (given) => {
    const { rollbackOptions, runRollback } = await import("../release/run-rollback.js")
    if (!(await runRollback(rollbackOptions.parse(given)))) process.exitCode = 1
  },
}

export const monitor: CommandModule = {
  command: "monitor",
  describe: "Watch an environment for a window: errors, p95, payments, connections",
  builder: (yargs) =>
    place(yargs)
      .option("json", json)
      .option("window", {
        type: "string",
        requiresArg: true,
        describe: "duration: 90s, 5m  [default: release.monitor.window]",
      })
      .option("secrets", {
        type: "string",
        requiresArg: true,
        describe: "the environment's configuration, for the database's connections",
      })
      .example("$0 monitor --env=sandbox --window=1m", ""),
  handler: async (given) => {
    const { monitorOptions, runMonitor } = await import("../release/run-rollback.js")
    if (!(await runMonitor(monitorOptions.parse(given)))) process.exitCode = 1
  },
}

export const logs: CommandModule = {
  command: "logs",
  describe: "Print the log of a release from all its hosts, without secrets",
  builder: (yargs) =>
    place(yargs)
      .option("release", {
        type: "string",
        default: "",
        requiresArg: true,
        describe: "id or version of a release  [default: the live one]",
      })
      .option("since", {
        type: "string",
        default: "",
        requiresArg: true,
        describe: "duration or time: 10m, 2h30m, 2026-11-23T09:30:00+08:00  [default: no limit]",
      })
      .option("lines", {
        type: "number",
        default: 200,
        requiresArg: true,
        describe: "the latest lines of each container",
      })
      .option("follow", { type: "boolean", alias: "f", default: false, describe: "go on with new lines until Ctrl-C" })
      .option("secrets", {
        type: "string",
        requiresArg: true,
        describe: "configuration in dotenv form, to redact values that are no longer on the target",
      })
      .example("$0 logs --env=production --since=10m --follow", ""),
  handler: async (given) => {
    const { logsOptions, runLogs } = await import("../release/run-logs.js")
    await runLogs(logsOptions.parse(given))
  },
}

export const maintenance: CommandModule = {
  command: "maintenance <state>",
  describe: "Turn maintenance mode on or off: every request is answered 503",
  builder: (yargs) =>
    place(yargs)
      .positional("state", { type: "string", choices: ["on", "off"], demandOption: true })
      .option("message", {
        type: "string",
        default: "We are back shortly.",
        requiresArg: true,
        describe: "text of the 503 page",
      })
      .example('$0 maintenance on --env=production --message="Back at 10:00"', ""),
  handler: async (given) => {
    const { maintenanceOptions, runMaintenance } = await import("../release/run-rollback.js")
    await runMaintenance(maintenanceOptions.parse(given))
  },
}

export const sandbox: CommandModule = {
  command: "sandbox",
  describe: "Run the sandbox with its releases until Ctrl-C",
  builder: (yargs) =>
    yargs
      .option("source", source)
      .option("port", {
        type: "number",
        default: 8080,
        requiresArg: true,
        describe: "local port of the released service; 0: any free port",
      })
      .example("$0 sandbox --port=8080", ""),
  handler: async (given) => {
    const { runSandbox, sandboxOptions } = await import("../release/run-sandbox.js")
    await runSandbox(sandboxOptions.parse(given))
  },
}
