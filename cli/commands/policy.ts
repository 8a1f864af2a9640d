import type { CommandModule } from "yargs"
import { json, ledger, source } from "./arguments.js"

export const policy: CommandModule = {
  command: "policy <action>",
  describe:
    "Show, compare, adopt or list the policies of an environment: who approves, freezes, gates, thresholds, target",
  builder: (yargs) =>
    yargs
      .positional("action", { type: "string", choices: ["show", "diff", "adopt", "history"], demandOption: true })
      .option("source", source)
      .option("env", {
        type: "string",
        alias: "environment",
        demandOption: true,
        requiresArg: true,
        describe: "environment of tollgate.yaml",
      })
      .option("ledger", ledger)
      .option("json", json)
      .option("out", { type: "string", requiresArg: true, describe: "diff: file with the change, for approve --plan" })
      .option("approval", {
        type: "string",
        array: true,
        default: [],
        requiresArg: true,
        describe: "adopt: approval file that `approve` wrote; repeatable",
      })
      .option("fingerprint", {
        type: "string",
        default: "",
        describe: "adopt: fingerprint of the first policy, as `policy show` prints it",
      })
      .option("reason", { type: "string", default: "", describe: "adopt: reason for the ledger" })
      .example("$0 policy show --env=production", "")
      .example("$0 policy diff --env=production --ledger=env:TOLLGATE_LEDGER --out=change.json", "")
      .example(
        '$0 policy adopt --env=production --ledger=env:TOLLGATE_LEDGER --approval=approval.json --reason="a second approver"',
        "",
      ),
  handler: async (given) => {
    const { policyOptions, runPolicy } = await import("../release/run-policy.js")
    if (!(await runPolicy(policyOptions.parse(given)))) process.exitCode = 1
  },
}
