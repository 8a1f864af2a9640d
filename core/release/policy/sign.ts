import { type KeyObject, sign } from "node:crypto"
import { TollgateError } from "../../shared/errors.js"
import { publicKeyText } from "../approval/key.js"
import {
  digestsOfChange,
  POLICY_APPROVAL_FORMAT,
  type PolicyApproval,
  type PolicyChange,
  type PolicyStatement,
  policyBytes,
} from "./change.js"
import { judgeChange } from "./judge-change.js"

export interface SignChange {
  readonly change: PolicyChange
  readonly key: KeyObject
  readonly approver: string
  readonly reason: string
  readonly now: Date
  readonly expiresAt: Date
}

/** Signs the change of a policy. Refuses what `policy adopt` would refuse, while the approver is still at the keyboard. */
export function signChange({ change, key, approver, reason, now, expiresAt }: SignChange): PolicyApproval {
  if (reason.trim() === "")
    throw new TollgateError("approval-reason", "--reason is empty.", "Write why you approve. Nothing was signed.")
  const { service, environment } = change.to
  const statement: PolicyStatement = {
    service,
    environment,
    ...digestsOfChange(change),
    approver,
    reason: reason.trim(),
    signedAt: now.toISOString(),
    expiresAt: expiresAt.toISOString(),
    key: publicKeyText(key),
  }
  const approval: PolicyApproval = {
    format: POLICY_APPROVAL_FORMAT,
    version: 1,
    statement,
    signature: sign(null, policyBytes(statement), key).toString("base64"),
  }
  const { wrong } = judgeChange([approval], change.from, change.to, now)
  if (wrong.length > 0)
    throw new TollgateError(
      "policy-approval",
      `This approval of the policy of ${environment} would not count: it ${wrong.map((text) => text.replace(/^approval 1 /, "")).join("; ")}.`,
      "Check --key, --approver and --expires. Nothing was signed.",
    )
  return approval
}
