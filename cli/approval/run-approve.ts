import { writeFileSync } from "node:fs"
import { createInterface } from "node:readline/promises"
import type { z } from "zod"
import { environmentSettings } from "../../core/environment/check.js"
import { safe } from "../../core/presentation/screen.js"
import { fingerprint } from "../../core/release/approval/approval.js"
import { readExpiry } from "../../core/release/approval/expires.js"
import { newApprovalKey } from "../../core/release/approval/key.js"
import { signApproval } from "../../core/release/approval/sign.js"
import { readPlan } from "../../core/release/plan/make.js"
import { planScreen } from "../../core/release/plan/screen.js"
import { isPolicyChange, readPolicyChange } from "../../core/release/policy/change.js"
import { differenceScreen } from "../../core/release/policy/screen.js"
import { signChange } from "../../core/release/policy/sign.js"
import { TollgateError } from "../../core/shared/errors.js"
import { moment } from "../../core/shared/figures.js"
import { readLocalSource } from "../environment/read-settings.js"
import { readOptionFile } from "../option-file.js"
import type { approvalKeyOptions, approveOptions } from "../options/approval.js"
import { passphraseOf, privateKeyOf } from "./private-key.js"

/** Prints the plan, asks, signs it, and writes the approval. */
export async function runApprove(options: z.output<typeof approveOptions>): Promise<void> {
  const { settings } = readLocalSource(options.source)
  const text = readText(options.plan, "--plan")
  const now = new Date()
  const expiresAt = readExpiry(options.expires, now)
  const key = await privateKeyOf(options)
  const { approver, reason, breakGlass } = options
  const given = { key, approver, reason, now, expiresAt }
  const approval = isPolicyChange(text) ? await approvedChange() : await approvedPlan()
  write(options.out, `${JSON.stringify(approval, null, 2)}\n`, 0o644)
  process.stdout.write(
    `${options.breakGlass ? "SIGNED FOR BREAK-GLASS" : "APPROVED"} by ${safe(options.approver)} until ${moment(expiresAt.toISOString())}, in ${safe(options.out)}\n`,
  )

  async function approvedPlan(): Promise<object> {
    const plan = readPlan(text)
    const { approvals } = environmentSettings(settings, plan.environment)
    process.stdout.write(`${planScreen(plan, approvals)}\n`)
    if (!options.yes) await requireConsent(`this plan for ${plan.environment}${breakGlass ? ", for break-glass" : ""}`)
    return signApproval({ ...given, plan, purpose: breakGlass ? "break-glass" : "approval", settings: approvals })
  }

  async function approvedChange(): Promise<object> {
    const change = readPolicyChange(text)
    process.stdout.write(`${differenceScreen(change.from, change.to)}\n`)
    if (!options.yes) await requireConsent(`this policy of ${change.to.environment}`)
    return signChange({ ...given, change })
  }
}

/** A signature is given by a person who saw the plan, or by a script that says so. */
async function requireConsent(what: string): Promise<void> {
  if (!process.stdin.isTTY)
    throw new TollgateError(
      "approve-not-asked",
      "There is no terminal to ask on.",
      "Read what is above, then pass --yes to sign it. Nothing was signed.",
    )
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  try {
    const answer = await terminal.question(`Sign ${what}? Type yes: `)
    if (answer.trim().toLowerCase() === "yes") return
  } finally {
    terminal.close()
  }
  throw new TollgateError("approve-declined", "The answer was not yes.", "Nothing was signed.")
}

/** Makes an approver's key. The private half goes into a file that only its owner can read, and nowhere else. */
export async function runApprovalKey(options: z.output<typeof approvalKeyOptions>): Promise<void> {
  const passphrase = await passphraseOf(options)
  if (options.name.trim() === "")
    throw new TollgateError("approval-approver", "--name is empty.", "Pass the approver's name. No key was made.")
  const { privatePem, publicKey } = newApprovalKey(passphrase)
  write(options.out, privatePem, 0o600)
  process.stdout.write(
    [
      `Made a private key in ${safe(options.out)}${passphrase === null ? ", WITHOUT a passphrase: anyone who reads the file can approve" : ", with a passphrase"}.`,
      `Its fingerprint is ${fingerprint(publicKey)}. Add this to environments.NAME.approvals.keys of tollgate.yaml:`,
      "",
      `- name: ${JSON.stringify(options.name.trim())}`,
      `  key: ${publicKey}`,
      "",
    ].join("\n"),
  )
}

function readText(path: string, option: string): string {
  return readOptionFile(path, option, "Check the path: it is relative to the current folder. Nothing was signed.")
}

/** Never overwrites: a lost key cannot be restored. */
function write(path: string, text: string, mode: number): void {
  try {
    writeFileSync(path, text, { mode, flag: "wx" })
  } catch (error) {
    throw new TollgateError(
      "file-exists",
      `Could not write ${safe(path)}: ${codeOf(error)}.`,
      "Pass --out with a new file in an existing folder. Nothing was written.",
    )
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unknown error"
}
