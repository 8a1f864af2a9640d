import type { Settings } from "../../config/schema.js"
import type { Ledger } from "../../ledger/ledger.js"
import { TollgateError } from "../../shared/errors.js"
import type { Done } from "../pipeline/step.js"
import { policyDifference } from "./difference.js"
import { type PolicyHistory, policyHistory } from "./in-force.js"
import { asksForSomething, policyDigest, policyFingerprint, policyOf } from "./policy.js"

export async function readPolicyHistory(
  ledger: Pick<Ledger, "eventsOfKind">,
  environment: string,
): Promise<PolicyHistory> {
  return policyHistory(await ledger.eventsOfKind(environment, "policy-adopted"))
}

/**
 * Requires that tollgate.yaml gives the policy in force.
 *
 * @throws TollgateError `policy-missing`, `policy-changed`
 */
export function judgePolicy(settings: Settings, environment: string, { inForce }: PolicyHistory): Done {
  const proposed = policyOf(settings, environment)
  const fingerprint = policyFingerprint(policyDigest(proposed))
  if (inForce === null) {
    if (!asksForSomething(settings, environment))
      return { kind: "skipped", note: "this environment asks for nothing, and no policy is in force" }
    throw new TollgateError(
      "policy-missing",
      `No policy of ${environment} is in force in this ledger.`,
      `\`tollgate policy show --env=${environment}\` shows the one of tollgate.yaml, and \`tollgate policy adopt --env=${environment} --fingerprint=${fingerprint}\` adopts it, once. Nothing was changed.`,
    )
  }
  const difference = policyDifference(inForce.policy, proposed)
  if (policyDigest(proposed) === inForce.digest)
    return {
      kind: "done",
      note: `${fingerprint}, in force since ${inForce.at.slice(0, 10)}`,
      detail: { policy: inForce.digest },
    }
  throw new TollgateError(
    "policy-changed",
    [
      `tollgate.yaml gives ${environment} another policy than the one in force:`,
      ...difference.map((text) => `  ${text}`),
    ].join("\n"),
    `Deploy with the policy in force, or let approvers adopt this one: \`tollgate policy diff --env=${environment} --out=change.json\`, \`tollgate approve --plan=change.json\`, \`tollgate policy adopt\`. Nothing was changed.`,
  )
}
