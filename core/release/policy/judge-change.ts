import { sameKey, samePerson } from "../../config/approver-key.js"
import { fingerprint } from "../approval/approval.js"
import { isSignedBy } from "../approval/key.js"
import { shown } from "../approval/plan-problems.js"
import { type PolicyApproval, policyApproval, policyBytes } from "./change.js"
import { type Policy, policyDigest } from "./policy.js"

export interface ChangeVerdict {
  readonly kind: "approved" | "refused"
  /** The valid ones. */
  readonly approvals: readonly PolicyApproval[]
  /** Wrong files. One refuses the change, however many others are valid. */
  readonly wrong: readonly string[]
  /** Wrong files, and too few approvals. */
  readonly problems: readonly string[]
}

/**
 * Whether approvers under the policy in force approved another one. The first policy is approved under itself.
 *
 * @param files as given or recorded
 * @param from null: none is in force
 */
export function judgeChange(files: readonly unknown[], from: Policy | null, to: Policy, now: Date): ChangeVerdict {
  const rules = (from ?? to).approvals
  const wanted = { from: from === null ? null : policyDigest(from), to: policyDigest(to) }
  const wrong: string[] = []
  const approvals: PolicyApproval[] = []
  files.forEach((file, index) => {
    const why = problemOf(file)
    if (why !== null) wrong.push(`approval ${index + 1} ${why}`)
  })
  const problems = [...wrong]
  if (approvals.length < rules.required)
    problems.push(
      `${rules.required} ${rules.required === 1 ? "approval is" : "approvals are"} required${from === null ? "" : " by the policy in force"}; ${approvals.length} ${approvals.length === 1 ? "is" : "are"} valid`,
    )
  return { kind: problems.length === 0 ? "approved" : "refused", approvals, wrong, problems }

  function problemOf(file: unknown): string | null {
    const parsed = policyApproval.safeParse(file)
    if (!parsed.success) return "is not an approval of a policy"
    const { statement, signature } = parsed.data
    const { key, approver, signedAt, expiresAt } = statement
    const listed = rules.keys.filter((one) => sameKey(one.key, key))
    const [known] = listed
    if (known === undefined)
      return `is signed with the key ${fingerprint(key)}, which ${from === null ? "the policy" : "the policy in force"} does not list`
    const day = now.toISOString().slice(0, 10)
    if (listed.some(({ revoked }) => revoked !== undefined && revoked <= day)) return "is signed with a revoked key"
    if (!isSignedBy(key, policyBytes(statement), signature)) return "has a signature that does not match"
    if (approver !== known.name) return `names ${shown(approver)}, but the key belongs to ${known.name}`
    if (statement.service !== to.service || statement.environment !== to.environment)
      return `is for ${shown(statement.service)} in ${shown(statement.environment)}`
    if (statement.from !== wanted.from) return "is for a change of another policy than the one in force"
    if (statement.to !== wanted.to) return "is for another policy"
    if (Date.parse(signedAt) > now.getTime() + rules.clockSkew * 1000) return "is signed in the future"
    if (Date.parse(expiresAt) <= now.getTime()) return `expired at ${expiresAt}`
    if (Date.parse(expiresAt) - Date.parse(signedAt) > rules.longest * 1000)
      return "is valid for longer than approvals.longest"
    if (approvals.some((one) => sameKey(one.statement.key, key) || samePerson(one.statement.approver, approver)))
      return `is a second one by ${shown(approver)}`
    approvals.push(parsed.data)
    return null
  }
}
