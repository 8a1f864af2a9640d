import { z } from "zod"
import { env, json, ledger, reason, source } from "./common.js"
import { flag, list, place, requiredSecret, requiredText, secret, text, textOr } from "./option.js"

const signer = {
  key: requiredSecret("the approver's private key, as `tollgate approval-key` makes it"),
  passphrase: secret("the key's passphrase", { usual: "it has none" }),
  approver: requiredText("the approver's name, as in environments.NAME.approvals.keys of tollgate.yaml"),
}

export const approveOptions = z.object({
  source,
  plan: requiredText("what to approve", {
    form: "the file that `plan` or `policy diff` wrote",
    module: { form: "the file that `plan` or `policy-change` wrote" },
  }),
  ...signer,
  reason,
  expires: textOr("4h", "validity of the approval (4h, 90m), or an end time with its offset"),
  breakGlass: flag("sign for --break-glass of deploy, instead of approving"),
  yes: flag("sign without a prompt, for scripts", {
    module: { description: "sign; a function cannot prompt: without it, the plan is shown and nothing is signed" },
  }),
  out: textOr("approval.json", "output file; an existing file is not overwritten"),
})

export const approvalKeyOptions = z.object({
  name: requiredText("the approver's name"),
  out: requiredText("file for the private key; an existing file is not overwritten"),
  passphrase: secret("passphrase for the key, at least 12 characters"),
})

export const reviewOptions = z.object({
  source,
  ledger,
  env,
  release: requiredText("id of the release"),
  ...signer,
  reason: requiredText("what the review found"),
})

export const policyOptions = z.object({
  action: place(["show", "diff", "adopt", "history"], "what to do"),
  source,
  env,
  ledger,
  json,
  out: text("file with the change, for approve --plan", { action: "diff" }),
  approval: list("approvals of the change", { form: "files that `approve` wrote", action: "adopt" }),
  fingerprint: textOr("", "fingerprint of the policy, required for the first one", { action: "adopt" }),
  reason: textOr("", "reason for the ledger", { action: "adopt" }),
})
