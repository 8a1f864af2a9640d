import type { ApprovalSettings } from "../../config/approvals.js"
import { canonicalKey, samePerson } from "../../config/approver-key.js"
import type { Settings } from "../../config/schema.js"
import type { PolicyStatement } from "../../release/policy/change.js"
import { policyDifference } from "../../release/policy/difference.js"
import { type CountedChange, countedForChange } from "../../release/policy/given.js"
import type { Adopted } from "../../release/policy/in-force.js"
import { asksForSomething, policyDigest, policyFingerprint, policyOf } from "../../release/policy/policy.js"
import { count } from "../../shared/figures.js"
import type { EnvironmentFacts } from "./environment.js"
import { validitiesOf } from "./plan-page.js"
import type { Approver } from "./plans.js"
import { type PolicyWords, policyWords } from "./policy-words.js"
import type { ToSign } from "./to-sign.js"

/** The policy that tollgate.yaml proposes for an environment, beside the one in force. */
export interface PolicyPage {
  readonly environment: string
  /** null: none. */
  readonly inForce: Adopted | null
  readonly to: string
  /** Whether the two are the same. */
  readonly same: boolean
  readonly words: readonly PolicyWords[]
  /** Each setting that differs, exactly. */
  readonly difference: readonly string[]
  readonly required: number
  readonly counted: CountedChange
  /** Under the policy in force; of the first policy its own. */
  readonly approvers: readonly Approver[]
  /** What keeps it from being adopted, and what it blocks; empty where nothing is proposed. */
  readonly blocks: readonly string[]
  /** The command that adopts it once nothing is missing. */
  readonly command: string
  /** What an approver signs; null: nothing can be approved here, for the reason in `closed`. */
  readonly approve: ToSign<PolicyStatement> | null
  readonly closed: string
}

/**
 * The proposal is tollgate.yaml, as the dashboard reads it, and nothing that could be written to the ledger. An approval names the digests
 * of both policies, and `policy adopt` computes them again from its own tollgate.yaml.
 *
 * @returns null: tollgate.yaml does not have the environment
 */
export function policyPage(settings: Settings, facts: EnvironmentFacts, now: Date): PolicyPage | null {
  const { environment, policies } = facts
  if (!Object.hasOwn(settings.environments, environment)) return null
  const { inForce } = policies
  const to = policyOf(settings, environment)
  const [from, digest] = [inForce?.policy ?? null, policyDigest(to)]
  const rules = (from ?? to).approvals
  const same = inForce?.digest === digest
  const counted: CountedChange = same
    ? { approvals: [], others: [] }
    : countedForChange(facts.policyApprovals, [], policies, to, now)
  const approvers = approversOf(rules, counted, now)
  const missing = Math.max(0, rules.required - counted.approvals.length)
  const closed = same
    ? "tollgate.yaml gives the policy in force: nothing is to be approved."
    : inForce === null && !asksForSomething(settings, environment)
      ? "This environment asks for nothing, and needs no policy."
      : rules.keys.length === 0
        ? "The policy lists no key that could approve it."
        : ""
  const fingerprint = policyFingerprint(digest)
  return {
    environment,
    inForce,
    to: digest,
    same,
    words: policyWords(from, to),
    difference: policyDifference(from, to),
    required: rules.required,
    counted,
    approvers: approvers.map(({ name, whyNot }) => ({ name, whyNot })),
    blocks:
      same || closed !== ""
        ? []
        : [
            ...(missing > 0
              ? [`${count(missing, "approval")} missing: until then tollgate policy adopt refuses it.`]
              : [`It ${rules.required === 0 ? "needs no approval" : "is approved"}, and not adopted yet.`]),
            "Until it is adopted, tollgate plan and tollgate deploy refuse this tollgate.yaml.",
          ],
    command: `tollgate policy adopt --env=${environment}${inForce === null ? ` --fingerprint=${fingerprint}` : ""} --reason="…" --ledger=env:TOLLGATE_LEDGER`,
    approve:
      closed === ""
        ? {
            statement: { service: to.service, environment, from: inForce?.digest ?? null, to: digest },
            approvers: approvers.flatMap(({ name, key, whyNot }) =>
              whyNot === null ? [{ name, key: canonicalKey(key) }] : [],
            ),
            validities: validitiesOf(rules),
          }
        : null,
    closed,
  }
}

function approversOf({ keys }: ApprovalSettings, { approvals }: CountedChange, now: Date) {
  const today = now.toISOString().slice(0, 10)
  return keys.map(({ name, key, revoked }) => ({
    name,
    key,
    whyNot:
      revoked !== undefined && revoked <= today
        ? `the key was revoked on ${revoked}`
        : approvals.some(({ statement }) => samePerson(statement.approver, name))
          ? "has approved it"
          : null,
  }))
}
