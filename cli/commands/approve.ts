import type { CommandModule } from "yargs"
import { ledger, source } from "./arguments.js"

export const approve: CommandModule = {
  command: "approve",
  describe: "Show a plan, ask, and sign it to approve its deployment",
  builder: (yargs) =>
    yargs
      .option("source", source)
      .option("plan", {
        type: "string",
        demandOption: true,
        requiresArg: true,
        describe: "file that `plan` or `policy diff` wrote",
      })
      .option("key", {
        type: "string",
        demandOption: true,
        requiresArg: true,
        describe: "the approver's private key: env:NAME, file:PATH, op://…, vault://…",
      })
      .option("passphrase", {
        type: "string",
        requiresArg: true,
        describe: "the key's passphrase, if it has one: env:NAME, file:PATH, op://…",
      })
      .option("approver", {
        type: "string",
        demandOption: true,
        requiresArg: true,
        describe: "the approver's name, as in tollgate.yaml",
      })
      .option("reason", { type: "string", demandOption: true, requiresArg: true, describe: "reason for the ledger" })
      .option("expires", {
        type: "string",
        default: "4h",
        requiresArg: true,
        describe: "validity (4h, 90m), or an end time with its offset",
      })
      .option("break-glass", {
        type: "boolean",
        default: false,
        describe: "sign for --break-glass of deploy, instead of approving",
      })
      .option("yes", { type: "boolean", default: false, describe: "sign without being asked, for scripts" })
      .option("out", {
        type: "string",
        default: "approval.json",
        requiresArg: true,
        describe: "output file; an existing file is not overwritten",
      })
      .example(
        '$0 approve --plan=plan.json --key=file:mei.pem --passphrase=env:KEY_PASSPHRASE --approver="Mei Lin" --reason="reviewed"',
        "",
      ),
  handler: async (given) => {
    const { approveOptions, runApprove } = await import("../approval/run-approve.js")
    await runApprove(approveOptions.parse(given))
  },
}

export const approvalKey: CommandModule = {
  command: "approval-key",
  describe: "Make an approver's key pair: the private key in a file, the public key for tollgate.yaml",
  builder: (yargs) =>
    yargs
      .option("name", { type: "string", demandOption: true, requiresArg: true, describe: "the approver's name" })
      .option("out", {
        type: "string",
        demandOption: true,
        requiresArg: true,
        describe: "file for the private key; an existing file is not overwritten",
      })
      .option("passphrase", {
        type: "string",
        requiresArg: true,
        describe: "passphrase for the key, at least 12 characters: env:NAME, file:PATH, op://…",
      })
      .example('$0 approval-key --name="Mei Lin" --out=mei.pem --passphrase=env:KEY_PASSPHRASE', ""),
  handler: async (given) => {
    const { approvalKeyOptions, runApprovalKey } = await import("../approval/run-approve.js")
    await runApprovalKey(approvalKeyOptions.parse(given))
  },
}

export const review: CommandModule = {
  command: "review",
  describe: "Close the review of a release that broke glass, as a second person",
  builder: (yargs) =>
    yargs
      .option("source", source)
      .option("ledger", ledger)
      .option("env", {
        type: "string",
        alias: "environment",
        demandOption: true,
        requiresArg: true,
        describe: "environment of tollgate.yaml",
      })
      .option("release", { type: "string", demandOption: true, requiresArg: true, describe: "id of that release" })
      .option("key", {
        type: "string",
        demandOption: true,
        requiresArg: true,
        describe: "the approver's private key: env:NAME, file:PATH, op://…, vault://…",
      })
      .option("passphrase", {
        type: "string",
        requiresArg: true,
        describe: "the key's passphrase, if it has one: env:NAME, file:PATH, op://…",
      })
      .option("approver", {
        type: "string",
        demandOption: true,
        requiresArg: true,
        describe: "the approver's name, as in tollgate.yaml",
      })
      .option("reason", { type: "string", demandOption: true, requiresArg: true, describe: "what the review found" })
      .example(
        '$0 review --env=production --release=20261122-093015-3fa9 --ledger=env:LEDGER --key=file:bo.pem --approver="Bo Chen" --reason="the fix is in 1.4.1"',
        "",
      ),
  handler: async (given) => {
    const { reviewOptions, runReview } = await import("../approval/run-review.js")
    await runReview(reviewOptions.parse(given))
  },
}
