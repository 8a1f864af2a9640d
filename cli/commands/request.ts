import { requestOptions, requestsOptions, runnerOptions } from "../options/requests.js"
import { command } from "./command.js"

export const request = command({
  name: "request",
  describe: "Sign a request and write it to the ledger, for a runner to execute",
  options: requestOptions,
  examples: [
    ['$0 request rollback --env=production --key=file:mei.pem --reason="checkout is slow"', ""],
    ['$0 request maintenance --state=on --env=production --key=file:mei.pem --reason="database upgrade"', ""],
  ],
  run: async (options) => (await import("../requests/run-request.js")).runRequest(options),
})

export const requests = command({
  name: "requests",
  describe: "Show the latest requests of an environment, and their results",
  options: requestsOptions,
  examples: [["$0 requests --env=production --ledger=env:TOLLGATE_LEDGER", ""]],
  run: async (options) => (await import("../requests/run-request.js")).runRequests(options),
})

export const runner = command({
  name: "runner",
  describe: "Execute the signed requests of an environment, until Ctrl-C",
  options: runnerOptions,
  examples: [
    ["$0 runner --env=production --ledger=env:TOLLGATE_LEDGER --ssh-key=file:deploy.key", ""],
    ["$0 runner --env=production --ledger=env:TOLLGATE_LEDGER --ssh-key=env:SSH_KEY --once", ""],
  ],
  run: async (options) => (await import("../requests/run-runner.js")).runRunner(options),
})
