import { approvalKeyOptions, approveOptions, reviewOptions } from "../options/approval.js"
import { command } from "./command.js"

export const approve = command({
  name: "approve",
  describe: "Show a plan, ask, and sign it to approve its deployment",
  options: approveOptions,
  examples: [
    [
      '$0 approve --plan=plan.json --key=file:mei.pem --passphrase=env:KEY_PASSPHRASE --approver="Mei Lin" --reason="reviewed"',
      "",
    ],
  ],
  run: async (options) => (await import("../approval/run-approve.js")).runApprove(options),
})

export const approvalKey = command({
  name: "approval-key",
  describe: "Make an approver's key pair: the private key in a file, the public key for tollgate.yaml",
  options: approvalKeyOptions,
  examples: [['$0 approval-key --name="Mei Lin" --out=mei.pem --passphrase=env:KEY_PASSPHRASE', ""]],
  run: async (options) => (await import("../approval/run-approve.js")).runApprovalKey(options),
})

export const review = command({
  name: "review",
  describe: "Close the review of a break-glass release, as a second person",
  options: reviewOptions,
  examples: [
    [
      '$0 review --env=production --release=20261122-093015-3fa9 --ledger=env:LEDGER --key=file:bo.pem --approver="Bo Chen" --reason="the fix is in 1.4.1"',
      "",
    ],
  ],
  run: async (options) => (await import("../approval/run-review.js")).runReview(options),
})
