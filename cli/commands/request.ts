import type { Argv, CommandModule } from "yargs"
import { json, ledger, source, sshKey } from "./arguments.js"

function environment(yargs: Argv): Argv {
  return yargs
    .option("source", source)
    .option("env", {
      type: "string",
      alias: "environment",
      demandOption: true,
      requiresArg: true,
      describe: "environment of tollgate.yaml",
    })
    .option("ledger", ledger)
}

export const request: CommandModule = {
  command: "request <action>",
  describe: "Sign a request and write it to the ledger, for a runner to execute",
  builder: (yargs) =>
    environment(yargs)
      .positional("action", {
        type: "string",
        choices: ["rollback", "maintenance", "unlock", "cancel"],
        demandOption: true,
      })
      .option("key", {
        type: "string",
        demandOption: true,
        requiresArg: true,
        describe: "your private key: env:NAME, file:PATH, op://…, vault://…",
      })
      .option("passphrase", {
        type: "string",
        requiresArg: true,
        describe: "the key's passphrase, if it has one: env:NAME, file:PATH, op://…",
      })
      .option("reason", { type: "string", demandOption: true, requiresArg: true, describe: "reason for the ledger" })
      .option("at", {
        type: "string",
        requiresArg: true,
        describe: "rollback, maintenance: when, such as 2026-11-23T02:00+08:00  [default: at once]",
      })
      .option("to", {
        type: "string",
        default: "",
        describe: "rollback: id or version of a release  [default: the previous one]",
      })
      .option("state", {
        type: "string",
        choices: ["on", "off"],
        requiresArg: true,
        describe: "maintenance: on or off",
      })
      .option("message", {
        type: "string",
        default: "We are back shortly.",
        requiresArg: true,
        describe: "maintenance: text of the 503 page",
      })
      .option("run", {
        type: "string",
        requiresArg: true,
        describe: "unlock: the run to stop  [default: the one that holds the lease]",
      })
      .option("request", { type: "string", requiresArg: true, describe: "cancel: id of the request" })
      .option("json", json)
      .example('$0 request rollback --env=production --key=file:mei.pem --reason="checkout is slow"', "")
      .example('$0 request maintenance --state=on --env=production --key=file:mei.pem --reason="database upgrade"', ""),
  handler: async (given) => {
    const { requestOptions, runRequest } = await import("../requests/run-request.js")
    await runRequest(requestOptions.parse(given))
  },
}

export const requests: CommandModule = {
  command: "requests",
  describe: "Show the latest requests of an environment, and what became of them",
  builder: (yargs) =>
    environment(yargs)
      .option("limit", { type: "number", default: 10, describe: "number of requests, newest first" })
      .option("json", json)
      .example("$0 requests --env=production --ledger=env:TOLLGATE_LEDGER", ""),
  handler: async (given) => {
    const { requestsOptions, runRequests } = await import("../requests/run-request.js")
    await runRequests(requestsOptions.parse(given))
  },
}

export const runner: CommandModule = {
  command: "runner",
  describe: "Execute the signed requests of an environment, until Ctrl-C",
  builder: (yargs) =>
    sshKey(environment(yargs))
      .option("once", { type: "boolean", default: false, describe: "end when nothing is left to do, for CI" })
      .option("secrets", {
        type: "string",
        requiresArg: true,
        describe: "the environment's configuration in dotenv form, for a release that is no longer on the target",
      })
      .option("notify", { type: "string", requiresArg: true, describe: "notification addresses in dotenv form" })
      .example("$0 runner --env=production --ledger=env:TOLLGATE_LEDGER --ssh-key=file:deploy.key", "")
      .example("$0 runner --env=production --ledger=env:TOLLGATE_LEDGER --ssh-key=env:SSH_KEY --once", ""),
  handler: async (given) => {
    const { runRunner, runnerOptions } = await import("../requests/run-runner.js")
    if (!(await runRunner(runnerOptions.parse(given)))) process.exitCode = 1
  },
}
