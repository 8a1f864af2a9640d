import { policyOptions } from "../options/approval.js"
import { command } from "./command.js"

export const policy = command({
  name: "policy",
  describe:
    "Show, compare, adopt or list the policies of an environment: who approves, freezes, gates, thresholds, target",
  options: policyOptions,
  examples: [
    ["$0 policy show --env=production", ""],
    ["$0 policy diff --env=production --ledger=env:TOLLGATE_LEDGER --out=change.json", ""],
    [
      '$0 policy adopt --env=production --ledger=env:TOLLGATE_LEDGER --approval=approval.json --reason="a second approver"',
      "",
    ],
  ],
  run: async (options) => (await import("../release/run-policy.js")).runPolicy(options),
})
