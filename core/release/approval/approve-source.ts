import { type Directory, dag, type File, type Secret } from "@dagger.io/dagger"
import { environmentSettings } from "../../environment/check.js"
import { TollgateError } from "../../shared/errors.js"
import { readSettings } from "../../source.js"
import { readPlan } from "../plan/make.js"
import { planScreen } from "../plan/screen.js"
import { isPolicyChange, readPolicyChange } from "../policy/change.js"
import { differenceScreen } from "../policy/screen.js"
import { signChange } from "../policy/sign.js"
import { readExpiry } from "./expires.js"
import { readPrivateKey } from "./key.js"
import { signApproval } from "./sign.js"

export interface ApproveRequest {
  plan: File
  key: Secret
  approver: string
  reason: string
  expires: string
  passphrase: Secret | undefined
  breakGlass: boolean
  /** Whether the caller has seen the plan: a function cannot ask. */
  yes: boolean
}

/** A signed approval of a plan, or of the change of a policy, as a file. */
export async function approveSource(
  source: Directory,
  { plan: file, key, approver, reason, expires, passphrase, breakGlass, yes }: ApproveRequest,
): Promise<File> {
  const settings = await readSettings(source)
  const text = await file.contents()
  const change = isPolicyChange(text) ? readPolicyChange(text) : null
  const plan = change === null ? readPlan(text) : null
  const rules = plan === null ? null : environmentSettings(settings, plan.environment).approvals
  if (plan !== null && rules !== null) process.stderr.write(`${planScreen(plan, rules)}\n`)
  if (change !== null) process.stderr.write(`${differenceScreen(change.from, change.to)}\n`)
  if (!yes)
    throw new TollgateError(
      "approve-not-asked",
      "A function cannot ask whether to sign.",
      "Read what is above, then pass --yes to sign it. Nothing was signed.",
    )
  const now = new Date()
  const opened = readPrivateKey(
    await key.plaintext(),
    passphrase === undefined ? null : (await passphrase.plaintext()).replace(/\r?\n$/, ""),
  )
  const given = { key: opened, approver, reason, now, expiresAt: readExpiry(expires, now) }
  const purpose = breakGlass ? "break-glass" : "approval"
  const approval =
    plan !== null && rules !== null
      ? signApproval({ ...given, plan, settings: rules, purpose })
      : change === null
        ? null
        : signChange({ ...given, change })
  return dag
    .directory()
    .withNewFile("approval.json", `${JSON.stringify(approval, null, 2)}\n`)
    .file("approval.json")
}
