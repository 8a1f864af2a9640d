import type { FenceRule } from "../fence.js"
import type { RemoteCommand } from "../ssh/command.js"
import type { ServicePlan } from "./plan.js"
import { alone, aloneAbove } from "./script.js"
import { printState } from "./state.js"

/** Claims a host for a run and prints what is on it. It is done again when the connection is lost: the host knows the run by then. */
export function claimHost(
  plan: ServicePlan,
  rule: Extract<FenceRule, { kind: "run" }>,
  mode: "exactly" | "above",
): RemoteCommand {
  const script =
    mode === "exactly" ? alone({ ...plan, fence: rule }, printState(plan)) : aloneAbove(plan, rule, printState(plan))
  return { what: "claim the host", script, seconds: 240, looks: true }
}
