import { type KeyObject, sign } from "node:crypto"
import type { ApprovalSettings } from "../../config/approvals.js"
import { sameKey } from "../../config/approver-key.js"
import { TollgateError } from "../../shared/errors.js"
import type { Plan } from "../plan/plan.js"
import { identityOf, planId, planSha256 } from "../plan/plan-id.js"
import { APPROVAL_FORMAT, APPROVAL_VERSION, type ApprovalFile, type Statement, signedBytes } from "./approval.js"
import { publicKeyText } from "./key.js"

const REASON = /^[^\u0000\p{Surrogate}]{1,4000}$/u

export interface SignRequest {
  plan: Plan
  key: KeyObject
  approver: string
  reason: string
  now: Date
  expiresAt: Date
  settings: ApprovalSettings
  /** Default: approval. */
  purpose?: Statement["purpose"]
}

/**
 * Signs an approval. Refuses what `deploy` would refuse, while the approver is still at the keyboard.
 *
 * @throws TollgateError `approval-…`
 */
export function signApproval(request: SignRequest): ApprovalFile {
  const { plan, key, approver, reason, now, expiresAt, settings, purpose = "approval" } = request
  const publicKey = publicKeyText(key)
  const listed = settings.keys.filter(({ key }) => sameKey(key, publicKey))
  const [known] = listed
  if (known === undefined)
    throw refuse(
      "approval-unknown-key",
      `This key may not approve ${plan.environment}.`,
      `Add its public half to environments.${plan.environment}.approvals.keys of tollgate.yaml.`,
    )
  const revoked = listed.find((one) => one.revoked !== undefined && one.revoked <= now.toISOString().slice(0, 10))
  if (revoked !== undefined)
    throw refuse(
      "approval-key-revoked",
      `This key was revoked on ${revoked.revoked}.`,
      "Make a new one with `tollgate approval-key`.",
    )
  if (approver !== known.name)
    throw refuse(
      "approval-approver",
      `This key belongs to ${known.name}, but --approver is ${approver}.`,
      `Write --approver=${JSON.stringify(known.name)}, or use your own key.`,
    )
  if (!REASON.test(reason.trim()))
    throw refuse(
      "approval-reason",
      "--reason is empty, or has more than 4000 characters.",
      "Write why you approve. It is recorded.",
    )
  const seconds = (expiresAt.getTime() - now.getTime()) / 1000
  if (seconds <= 0)
    throw refuse("approval-expired", "--expires is in the past.", "Pass a duration such as --expires=4h.")
  if (seconds > settings.longest)
    throw refuse(
      "approval-too-long",
      `An approval of ${plan.environment} is valid for at most ${settings.longest} s (approvals.longest).`,
      "Pass a shorter --expires.",
    )
  requireUnaltered(plan)
  const identity = identityOf(plan)
  const statement: Statement = {
    purpose,
    ...identity,
    migrations: [...identity.migrations],
    commands: [...identity.commands],
    settings: { ...identity.settings },
    planId: plan.id,
    planSha256: planSha256(plan),
    approver,
    reason: reason.trim(),
    signedAt: now.toISOString(),
    expiresAt: expiresAt.toISOString(),
    key: publicKey,
  }
  return {
    format: APPROVAL_FORMAT,
    version: APPROVAL_VERSION,
    statement,
    signature: sign(null, signedBytes(statement), key).toString("base64"),
  }
}

/** An altered plan shows one thing and would allow another. */
function requireUnaltered(plan: Plan): void {
  if (planId(identityOf(plan)) === plan.id) return
  throw refuse(
    "plan-altered",
    "The plan was changed after it was made: its content does not match its id.",
    "Make a new one with `tollgate plan`.",
  )
}

function refuse(code: string, what: string, next: string): TollgateError {
  return new TollgateError(code, what, `${next} Nothing was signed.`)
}
