import { dashboardOptions } from "../options/dashboard.js"
import { command } from "./command.js"

export const dashboard = command({
  name: "dashboard",
  describe:
    "Serve the dashboard on this machine until Ctrl-C: environments, runs and history from the ledger, and signed requests",
  options: dashboardOptions,
  examples: [
    ["$0 dashboard --ledger=env:TOLLGATE_LEDGER", ""],
    ["$0 dashboard --env=sandbox", ""],
  ],
  run: async (options) => (await import("../dashboard/run-dashboard.js")).runDashboard(options),
})
