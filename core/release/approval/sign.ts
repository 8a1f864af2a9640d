import { type KeyObject, sign } from "node:crypto"
import type { ApprovalSettings } from "../../config/approvals.js"
import { TollgateError } from "../../errors.js"
import { identityOf, planId, planSha256 } from "../plan/plan-id.js"
import type { Plan } from "../plan/plan.js"
import { APPROVAL_FORMAT, APPROVAL_VERSION, type ApprovalFile, signedBytes, type Statement } from "./approval.js"
import { publicKeyText } from "./key.js"

export interface SignRequest {
  plan: Plan
  key: KeyObject
  approver: string
  reason: string
  now: Date
  expiresAt: Date
  settings: ApprovalSettings
}

/**
 * Signs an approval. What `deploy` would refuse is refused here already: with the approver still at the keyboard.
 *
 * @throws TollgateError `approval-…`
 */
export function signApproval({ plan, key, approver, reason, now, expiresAt, settings }: SignRequest): ApprovalFile {
  const publicKey = publicKeyText(key)
  const known = settings.keys.find((one) => one.key === publicKey)
  if (known === undefined)
    throw refuse("approval-unknown-key", `This key is not one that may approve ${plan.environment}.`, `Its public half belongs under environments.${plan.environment}.approvals.keys of tollgate.yaml.`)
  if (known.revoked !== undefined && known.revoked <= now.toISOString().slice(0, 10))
    throw refuse("approval-key-revoked", `This key was revoked on ${known.revoked}.`, "Make a new one with `tollgate approval-key`.")
  if (approver !== known.name) throw refuse("approval-approver", `This key is ${known.name}'s, and --approver says ${approver}.`, `Write --approver=${JSON.stringify(known.name)}, or take your own key.`)
  if (reason.trim() === "") throw refuse("approval-reason", "--reason is empty.", "Say why: it is recorded.")
  const seconds = (expiresAt.getTime() - now.getTime()) / 1000
  if (seconds <= 0) throw refuse("approval-expired", "--expires is in the past.", "Give a time to come, such as 4h.")
  if (seconds > settings.longest) throw refuse("approval-too-long", `An approval of ${plan.environment} may hold for ${settings.longest} s at most (approvals.longest).`, "Give a shorter --expires.")
  requireUnaltered(plan)
  const identity = identityOf(plan)
  const statement: Statement = {
    ...identity,
    migrations: [...identity.migrations],
    commands: [...identity.commands],
    planId: plan.id,
    planSha256: planSha256(plan),
    approver,
    reason: reason.trim(),
    signedAt: now.toISOString(),
    expiresAt: expiresAt.toISOString(),
    key: publicKey,
  }
  return { format: APPROVAL_FORMAT, version: APPROVAL_VERSION, statement, signature: sign(null, signedBytes(statement), key).toString("base64") }
}

/** A plan whose parts are not those that its id was made of says one thing and would allow another. */
function requireUnaltered(plan: Plan): void {
  if (planId(identityOf(plan)) === plan.id) return
  throw refuse("plan-altered", "The plan was changed after it was made: its parts do not give its id.", "Make a new one with `tollgate plan`.")
}

function refuse(code: string, what: string, next: string): TollgateError {
  return new TollgateError(code, what, `${next} Nothing was signed.`)
}
