import type { CommandModule } from "yargs"
import { ledger, source } from "./arguments.js"

export const dashboard: CommandModule = {
  command: "dashboard",
  describe: "Serve the dashboard on this machine until Ctrl-C: environments, runs and history, read from the ledger",
  builder: (yargs) =>
    yargs
      .option("source", source)
      .option("env", {
        type: "string",
        alias: "environment",
        requiresArg: true,
        describe: "without --ledger: the environment whose own ledger is read, sandbox",
      })
      .option("ledger", ledger)
      .option("port", {
        type: "number",
        default: 8070,
        requiresArg: true,
        describe: "port on 127.0.0.1; 0: any free port",
      })
      .option("zone", {
        type: "string",
        default: "",
        requiresArg: true,
        describe: "time zone shown beside UTC: Asia/Taipei  [default: this machine's]",
      })
      .example("$0 dashboard --ledger=env:TOLLGATE_LEDGER", "")
      .example("$0 dashboard --env=sandbox", ""),
  handler: async (given) => {
    const { dashboardOptions, runDashboard } = await import("../dashboard/run-dashboard.js")
    await runDashboard(dashboardOptions.parse(given))
  },
}
