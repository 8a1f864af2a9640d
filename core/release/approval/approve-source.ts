import { type Directory, dag, type File, type Secret } from "@dagger.io/dagger"
import { environmentSettings } from "../../environment/check.js"
import { TollgateError } from "../../errors.js"
import { readSettings } from "../../source.js"
import { readPlan } from "../plan/make.js"
import { planScreen } from "../plan/screen.js"
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
  /** Whether whoever calls has seen the plan: a function cannot ask. */
  yes: boolean
}

/** A signed approval of a plan, as a file. */
export async function approveSource(
  source: Directory,
  { plan: file, key, approver, reason, expires, passphrase, breakGlass, yes }: ApproveRequest,
): Promise<File> {
  const settings = await readSettings(source)
  const plan = readPlan(await file.contents())
  const { approvals } = environmentSettings(settings, plan.environment)
  process.stderr.write(`${planScreen(plan, approvals)}\n`)
  if (!yes)
    throw new TollgateError(
      "approve-not-asked",
      "A function cannot ask whether to sign.",
      "Read the plan above, then pass --yes to sign it. Nothing was signed.",
    )
  const now = new Date()
  const expiresAt = readExpiry(expires, now)
  const opened = readPrivateKey(
    await key.plaintext(),
    passphrase === undefined ? null : (await passphrase.plaintext()).replace(/\r?\n$/, ""),
  )
  const purpose = breakGlass ? "break-glass" : "approval"
  const approval = signApproval({ plan, key: opened, approver, reason, now, expiresAt, settings: approvals, purpose })
  return dag
    .directory()
    .withNewFile("approval.json", `${JSON.stringify(approval, null, 2)}\n`)
    .file("approval.json")
}
