import { createHash } from "node:crypto"
import { z } from "zod"
import { canonicalJson } from "../../shared/canonical-json.js"
import { TollgateError } from "../../shared/errors.js"
import { type Policy, policyDigest, policySchema } from "./policy.js"

/** A change of a policy, for approvers, and their signed approvals of it. */

export const CHANGE_FORMAT = "tollgate-policy-change"
export const POLICY_APPROVAL_FORMAT = "tollgate-policy-approval"

export const policyChange = z.strictObject({
  format: z.literal(CHANGE_FORMAT),
  version: z.literal(1),
  /** The policy in force; null: none. */
  from: policySchema.nullable(),
  to: policySchema,
})
export type PolicyChange = z.output<typeof policyChange>

const digest = z.string().regex(/^policy-[0-9a-f]{64}$/)
const moment = z.iso.datetime({ offset: true })
/** Without what has no canonical form, or what jsonb does not store. */
const words = z.string().regex(/^[^\u0000\p{Surrogate}]{1,4000}$/u)

export const policyStatement = z.strictObject({
  service: words,
  environment: words,
  from: digest.nullable(),
  to: digest,
  approver: words,
  reason: words,
  signedAt: moment,
  expiresAt: moment,
  key: z.string().regex(/^ed25519:[A-Za-z0-9+/]{43}=$/),
})
export type PolicyStatement = z.output<typeof policyStatement>

export const policyApproval = z.strictObject({
  format: z.literal(POLICY_APPROVAL_FORMAT),
  version: z.literal(1),
  statement: policyStatement,
  /** Ed25519 over `policyBytes`, in Base64. */
  signature: z.string(),
})
export type PolicyApproval = z.output<typeof policyApproval>

/** The signed bytes. The first line keeps an approval of a deployment from being one of a policy. */
export function policyBytes(statement: PolicyStatement): Buffer {
  return Buffer.from(`${POLICY_APPROVAL_FORMAT} 1\n${canonicalJson(statement)}`)
}

/** Identifies an approval, whatever the spelling of its file. */
export function policyApprovalId(statement: PolicyStatement): string {
  return createHash("sha256").update(policyBytes(statement)).digest("hex")
}

export function isPolicyChange(text: string): boolean {
  return /"format"\s*:\s*"tollgate-policy-change"/.test(text.slice(0, 1000))
}

export function readPolicyChange(text: string): PolicyChange {
  let value: unknown = null
  try {
    value = JSON.parse(text)
  } catch {
    // judged below
  }
  const parsed = policyChange.safeParse(value)
  if (!parsed.success)
    throw new TollgateError(
      "policy-change-unreadable",
      `--plan is not a change of a policy: ${parsed.error.issues[0]?.path.join(".") || "a field"} is missing or wrong.`,
      "Make one with `tollgate policy diff --out=change.json`. Nothing was signed.",
    )
  return parsed.data
}

/** The file that approvers sign. */
export function changeFile(from: Policy | null, to: Policy): string {
  return `${JSON.stringify({ format: CHANGE_FORMAT, version: 1, from, to }, null, 2)}\n`
}

/** The digests of a change: what its approvals name. */
export function digestsOfChange({ from, to }: PolicyChange): { from: string | null; to: string } {
  return { from: from === null ? null : policyDigest(from), to: policyDigest(to) }
}
