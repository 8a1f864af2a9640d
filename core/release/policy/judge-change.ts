import { sameKey, samePerson } from "../../config/approver-key.js"
import { fingerprint } from "../approval/approval.js"
import { isSignedBy } from "../approval/key.js"
import { shown } from "../approval/plan-problems.js"
import { type PolicyApproval, policyApproval, policyApprovalId, policyBytes } from "./change.js"
import { type Policy, policyDigest } from "./policy.js"

export interface ChangeVerdict {
  readonly kind: "approved" | "refused"
  /** The valid ones. */
  readonly approvals: readonly PolicyApproval[]
  /** Why others are wrong. */
  readonly found: readonly WrongApproval[]
  /** Wrong files, a line each. One refuses the change, however many others are valid. */
  readonly wrong: readonly string[]
  /** Wrong files, and too few approvals. */
  readonly problems: readonly string[]
}

export interface WrongApproval {
  /** Index of the file, from 0. */
  readonly file: number
  readonly code: `policy-approval-${string}`
  /** Goes on from "it". */
  readonly message: string
}

type Found = Omit<WrongApproval, "file">

/**
 * Whether approvers under the policy in force approved another one. The first policy is approved under itself.
 *
 * @param files as given or recorded
 * @param from null: none is in force
 * @param used ids of approvals of earlier adoptions: each is good for one
 */
export function judgeChange(
  files: readonly unknown[],
  from: Policy | null,
  to: Policy,
  now: Date,
  used: ReadonlySet<string> = new Set(),
): ChangeVerdict {
  const rules = (from ?? to).approvals
  const wanted = { from: from === null ? null : policyDigest(from), to: policyDigest(to) }
  const found: WrongApproval[] = []
  const wrong: string[] = []
  const approvals: PolicyApproval[] = []
  files.forEach((file, index) => {
    const problems = problemsOf(file)
    found.push(...problems.map((problem) => ({ ...problem, file: index })))
    if (problems.length > 0)
      wrong.push(`approval ${index + 1} ${problems.map(({ message }) => message).join(", and ")}`)
  })
  const problems = [...wrong]
  if (approvals.length < rules.required)
    problems.push(
      `${rules.required} ${rules.required === 1 ? "approval is" : "approvals are"} required${from === null ? "" : " by the policy in force"}; ${approvals.length} ${approvals.length === 1 ? "is" : "are"} valid`,
    )
  return { kind: problems.length === 0 ? "approved" : "refused", approvals, found, wrong, problems }

  function problemsOf(file: unknown): Found[] {
    const parsed = policyApproval.safeParse(file)
    if (!parsed.success) return [{ code: "policy-approval-unreadable", message: "is not an approval of a policy" }]
    const { statement, signature } = parsed.data
    const { key, approver } = statement
    const listed = rules.keys.filter((one) => sameKey(one.key, key))
    const [known] = listed
    if (known === undefined)
      return [
        {
          code: "policy-approval-unknown-key",
          message: `is signed with the key ${fingerprint(key)}, which ${from === null ? "the policy" : "the policy in force"} does not list`,
        },
      ]
    const day = now.toISOString().slice(0, 10)
    if (listed.some(({ revoked }) => revoked !== undefined && revoked <= day))
      return [{ code: "policy-approval-key-revoked", message: "is signed with a revoked key" }]
    if (!isSignedBy(key, policyBytes(statement), signature))
      return [{ code: "policy-approval-bad-signature", message: "has a signature that does not match" }]
    const problems: Found[] = []
    if (approver !== known.name)
      problems.push({
        code: "policy-approval-approver",
        message: `names ${shown(approver)}, but the key belongs to ${known.name}`,
      })
    problems.push(...changeProblems(statement), ...timeProblems(statement))
    if (used.has(policyApprovalId(statement)))
      problems.push({ code: "policy-approval-used", message: "was used for an earlier adoption" })
    if (approvals.some((one) => sameKey(one.statement.key, key) || samePerson(one.statement.approver, approver)))
      problems.push({ code: "policy-approval-twice", message: `is a second one by ${shown(approver)}` })
    if (problems.length === 0) approvals.push(parsed.data)
    return problems
  }

  function changeProblems(statement: PolicyApproval["statement"]): Found[] {
    if (statement.service !== to.service || statement.environment !== to.environment)
      return [
        {
          code: "policy-approval-other-environment",
          message: `is for ${shown(statement.service)} in ${shown(statement.environment)}`,
        },
      ]
    if (statement.from !== wanted.from)
      return [
        {
          code: "policy-approval-other-policy",
          message: "is for a change of another policy than the one in force",
        },
      ]
    return statement.to === wanted.to
      ? []
      : [{ code: "policy-approval-other-change", message: "is for another policy" }]
  }

  function timeProblems({ signedAt, expiresAt }: PolicyApproval["statement"]): Found[] {
    const [signed, expires] = [Date.parse(signedAt), Date.parse(expiresAt)]
    const problems: Found[] = []
    if (signed > now.getTime() + rules.clockSkew * 1000)
      problems.push({ code: "policy-approval-not-yet-valid", message: "is signed in the future" })
    if (expires <= now.getTime()) problems.push({ code: "policy-approval-expired", message: `expired at ${expiresAt}` })
    if (expires - signed > rules.longest * 1000)
      problems.push({ code: "policy-approval-too-long", message: "is valid for longer than approvals.longest" })
    return problems
  }
}
