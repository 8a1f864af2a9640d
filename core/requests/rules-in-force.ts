import type { Settings } from "../config/schema.js"
import type { Ledger } from "../ledger/ledger.js"
import type { PolicyHistory } from "../release/policy/in-force.js"
import { policyOf } from "../release/policy/policy.js"
import { judgePolicy, readPolicyHistory } from "../release/policy/require.js"
import { type RequestRules, requestRules } from "./operators.js"

/**
 * The policy in force decides, not the tollgate.yaml at hand: that is used only where no policy is required.
 *
 * @throws TollgateError `policy-missing`
 */
export async function rulesInForce(
  settings: Settings,
  environment: string,
  ledger: Pick<Ledger, "eventsOfKind">,
): Promise<RequestRules> {
  return rulesFrom(settings, environment, await readPolicyHistory(ledger, environment))
}

/**
 * For readers that have the policy's history already.
 *
 * @throws TollgateError `policy-missing`
 */
export function rulesFrom(settings: Settings, environment: string, history: PolicyHistory): RequestRules {
  if (history.inForce !== null) return requestRules(history.inForce.policy)
  judgePolicy(settings, environment, history)
  return requestRules(policyOf(settings, environment))
}
