import { writeFileSync } from "node:fs"
import type { z } from "zod"
import type { Settings } from "../../core/config/schema.js"
import { environmentSettings } from "../../core/environment/check.js"
import type { Ledger } from "../../core/ledger/ledger.js"
import { adoptPolicy } from "../../core/release/policy/adopt.js"
import { changeFile } from "../../core/release/policy/change.js"
import { policyDigest, policyOf } from "../../core/release/policy/policy.js"
import { readPolicyHistory } from "../../core/release/policy/require.js"
import { adoptionScreen, differenceScreen, historyOfPolicies, policyScreen } from "../../core/release/policy/screen.js"
import { traitsOf } from "../../core/targets/registry.js"
import { readLocalSource } from "../environment/read-settings.js"
import { caller } from "../ledger/caller.js"
import { throughLedger } from "../ledger/with-ledger.js"
import type { policyOptions } from "../options/approval.js"
import { print } from "../print.js"
import { readApproval } from "./read-approval.js"

type Options = z.output<typeof policyOptions>

/** Shows, compares, adopts or lists policies; true unless tollgate.yaml differs from the policy in force, or an adoption was forged. */
export async function runPolicy(options: Options): Promise<boolean> {
  const { settings } = readLocalSource(options.source)
  const { target } = environmentSettings(settings, options.env)
  const policy = policyOf(settings, options.env)
  if (options.action === "show" && options.ledger === undefined && !traitsOf(target).keepsLedger) {
    print(options, { policy, inForce: null }, () => policyScreen(policy, null))
    return true
  }
  return await throughLedger(settings, options.env, options.ledger, (ledger) => run(options, settings, ledger))
}

async function run(options: Options, settings: Settings, ledger: Ledger): Promise<boolean> {
  const { action, env: environment } = options
  const policy = policyOf(settings, environment)
  if (action === "adopt") {
    const { fingerprint, reason } = options
    const approvals = options.approval.map(readApproval)
    const who = caller(process.env).who
    const adoption = await adoptPolicy(settings, { environment, fingerprint, approvals, reason, who }, ledger)
    print(options, adoption, () => adoptionScreen(adoption))
    return true
  }
  const history = await readPolicyHistory(ledger, environment)
  if (action === "show") print(options, { policy, inForce: history.inForce }, () => policyScreen(policy, history))
  if (action === "history") print(options, history, () => historyOfPolicies(policy, history))
  if (action !== "diff") return history.problems.length === 0
  const from = history.inForce?.policy ?? null
  if (options.out !== undefined) writeFileSync(options.out, changeFile(from, policy))
  print(options, { from, to: policy }, () => differenceScreen(from, policy))
  return options.out !== undefined || history.inForce === null || history.inForce.digest === policyDigest(policy)
}
