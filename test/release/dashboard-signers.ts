import { parseSettings } from "../../core/config/parse.js"
import type { Settings } from "../../core/config/schema.js"
import type { Ledger } from "../../core/ledger/ledger.js"
import { readPrivateKey } from "../../core/release/approval/key.js"
import { signApproval } from "../../core/release/approval/sign.js"
import { adoptPolicy } from "../../core/release/policy/adopt.js"
import { changeFile, readPolicyChange } from "../../core/release/policy/change.js"
import { policyDigest, policyFingerprint, policyOf } from "../../core/release/policy/policy.js"
import { readPolicyHistory } from "../../core/release/policy/require.js"
import { signChange } from "../../core/release/policy/sign.js"
import { plan } from "../unit/approval-samples.js"
import { AN, type Key, MEI } from "./dashboard-operators.js"
import { Run } from "./dashboard-samples.js"

/** What approvers do with files and the command line, for the tests of signing in a browser. */

const environment = "production"
const hour = () => new Date(Date.now() + 3_600_000)
export const signer = ({ privatePem }: Key) => readPrivateKey(privatePem, null)

/**
 * @param rules of the approvals
 * @param lin key of a further approver; empty: none
 */
export function approvedBy(rules: string, lin: string): Settings {
  const keys = [
    `{ name: An Wu, key: "${AN.publicKey}" }`,
    `{ name: Mei Lin, key: "${MEI.publicKey}" }`,
    ...(lin === "" ? [] : [`{ name: Lin, key: "${lin}" }`]),
  ]
  return parseSettings(`
qa: { runner: run.py, suites: { e2e: { files: [test.py] } } }
ledger: { service: shop, patience: 30s }
environments:
  production:
    approvals: { ${rules}, keys: [${keys.join(", ")}] }
`)
}

/** Adopts the policy of production, approved by a file of An Wu, or by the ledger's approvals alone. */
export async function adoptWith(ledger: Ledger, settings: Settings, file: boolean): Promise<readonly string[]> {
  const policy = policyOf(settings, environment)
  const before = (await readPolicyHistory(ledger, environment)).inForce?.policy ?? null
  const approval = signChange({
    change: readPolicyChange(changeFile(before, policy)),
    key: signer(AN),
    approver: "An Wu",
    reason: "reviewed",
    now: new Date(),
    expiresAt: hour(),
  })
  const fingerprint = before === null ? policyFingerprint(policyDigest(policy)) : ""
  const approvals = file ? [JSON.stringify(approval)] : []
  const request = { environment, fingerprint, approvals, reason: "as agreed", who: "An Wu" }
  return (await adoptPolicy(settings, request, ledger)).approvers
}

/** A release with traffic whose approvals were overridden, signed by Mei Lin. */
export async function breakGlass(ledger: Ledger, settings: Settings, letter: string, who: string): Promise<void> {
  const rules = settings.environments[environment]?.approvals
  if (rules === undefined) throw new Error("it has production")
  const reason = "customers cannot pay"
  const signed = signApproval({
    plan: plan(),
    key: signer(MEI),
    approver: "Mei Lin",
    reason,
    now: new Date(),
    expiresAt: hour(),
    settings: rules,
    purpose: "break-glass",
  })
  const run = new Run(ledger, environment, `r-${letter}`, { who })
  await run.start(letter)
  const stored = JSON.parse(JSON.stringify(signed))
  await run.record({ kind: "broke-glass", reason, waived: ["approval-too-few"], signed: stored })
  await run.end(letter)
}
