import type { Settings } from "../../core/config/schema.js"
import type { EnvironmentFacts } from "../../core/dashboard/model/environment.js"
import { policyDigest, policyOf } from "../../core/release/policy/policy.js"

/** What a new ledger has of production. */
export function environmentFacts(more: Partial<EnvironmentFacts> = {}): EnvironmentFacts {
  return {
    environment: "production",
    releases: [],
    served: null,
    lease: null,
    maintenance: null,
    policies: { inForce: null, adopted: [], problems: [] },
    broken: [],
    reviewed: [],
    planned: [],
    started: [],
    approved: [],
    given: [],
    policyApprovals: [],
    changes: [],
    requested: [],
    runners: 0,
    seen: [],
    look: null,
    ...more,
  }
}

/** A policy, by default that of production in these settings, adopted and in force. */
export function policiesOf(
  settings: Settings,
  policy = policyOf(settings, "production"),
): EnvironmentFacts["policies"] {
  const one = {
    digest: policyDigest(policy),
    policy,
    number: 1,
    at: "",
    who: "An Wu",
    reason: "",
    approvers: [],
    approvals: [],
  }
  return { inForce: one, adopted: [one], problems: [] }
}
