import type { Settings } from "../config/schema.js"
import type { Ledger } from "../ledger/ledger.js"
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
  const history = await readPolicyHistory(ledger, environment)
  if (history.inForce !== null) return requestRules(history.inForce.policy)
  judgePolicy(settings, environment, history)
  return requestRules(policyOf(settings, environment))
}
