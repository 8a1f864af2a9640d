import { parseSettings } from "../../core/config/parse.js"
import type { Settings } from "../../core/config/schema.js"
import type { Ledger } from "../../core/ledger/ledger.js"
import { newApprovalKey, readPrivateKey } from "../../core/release/approval/key.js"
import { adoptPolicy } from "../../core/release/policy/adopt.js"
import { changeFile, readPolicyChange } from "../../core/release/policy/change.js"
import { policyDigest, policyFingerprint, policyOf } from "../../core/release/policy/policy.js"
import { readPolicyHistory } from "../../core/release/policy/require.js"
import { signChange } from "../../core/release/policy/sign.js"

/** Production with an approver and operators, for the tests of requests from a browser. */

export type Key = ReturnType<typeof newApprovalKey>
const key = () => newApprovalKey(null)
export const [AN, MEI, KIM, OLD, EVE] = [key(), key(), key(), key(), key()]
const LIN = key()

/** @param also a further person, by the key of their browser, who is an approver by another key */
export function operated(also: { readonly name: string; readonly key: string } | null = null): Settings {
  const listed = (name: string, key: string) => `{ name: ${JSON.stringify(name)}, key: "${key}" }`
  return parseSettings(`
qa: { runner: run.py, suites: { e2e: { files: [test.py] } } }
ledger: { service: shop, patience: 30s }
environments:
  staging: {}
  production:
    approvals: { required: 1, keys: [${listed("An Wu", AN.publicKey)}${also === null ? "" : `, ${listed(also.name, LIN.publicKey)}`}] }
    operators:
      - { name: Mei Lin, key: "${MEI.publicKey}" }
      - { name: Kim Ho, key: "${KIM.publicKey}", may: [maintenance] }
      - { name: Old Key, key: "${OLD.publicKey}", revoked: 2026-01-01 }
${also === null ? "" : `      - ${listed(also.name, also.key)}`}
`)
}

/** Adopts the policy of production, approved by its approver. */
export async function adopt(settings: Settings, ledger: Ledger): Promise<void> {
  const [environment, now] = ["production", new Date()]
  const policy = policyOf(settings, environment)
  const before = (await readPolicyHistory(ledger, environment)).inForce?.policy ?? null
  const approval = signChange({
    change: readPolicyChange(changeFile(before, policy)),
    key: readPrivateKey(AN.privatePem, null),
    approver: "An Wu",
    reason: "who may request what",
    now,
    expiresAt: new Date(now.getTime() + 3_600_000),
  })
  await adoptPolicy(
    settings,
    {
      environment,
      fingerprint: before === null ? policyFingerprint(policyDigest(policy)) : "",
      approvals: [JSON.stringify(approval)],
      reason: "who may request what",
      who: "An Wu",
    },
    ledger,
  )
}
