import { type Directory, dag, type File, type Secret } from "@dagger.io/dagger"
import { environmentSettings } from "../../environment/check.js"
import { readSettings } from "../../source.js"
import { readPlan } from "../plan/make.js"
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
}

/** A signed approval of a plan, as a file. */
export async function approveSource(
  source: Directory,
  { plan: file, key, approver, reason, expires, passphrase }: ApproveRequest,
): Promise<File> {
  const settings = await readSettings(source)
  const plan = readPlan(await file.contents())
  const { approvals } = environmentSettings(settings, plan.environment)
  const now = new Date()
  const expiresAt = readExpiry(expires, now)
  const opened = readPrivateKey(
    await key.plaintext(),
    passphrase === undefined ? null : (await passphrase.plaintext()).replace(/\r?\n$/, ""),
  )
  const approval = signApproval({ plan, key: opened, approver, reason, now, expiresAt, settings: approvals })
  return dag
    .directory()
    .withNewFile("approval.json", `${JSON.stringify(approval, null, 2)}\n`)
    .file("approval.json")
}
