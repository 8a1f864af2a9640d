import type { Settings } from "../../core/config/parse.js"
import type { Ledger } from "../../core/ledger/ledger.js"
import { readPrivateKey } from "../../core/release/approval/key.js"
import { openReleaseLedger } from "../../core/release/ledger/open-ledger.js"
import { adoptPolicy } from "../../core/release/policy/adopt.js"
import { changeFile, readPolicyChange } from "../../core/release/policy/change.js"
import { policyDigest, policyFingerprint, policyOf } from "../../core/release/policy/policy.js"
import { signChange } from "../../core/release/policy/sign.js"
import type { ReleaseEntryPoint } from "../../core/release/session/entry-point.js"
import { openPlace } from "../../core/targets/registry.js"

/** Adopts the first policy of an environment of a sandbox, signed by its approvers. */
export async function adoptFirst(
  settings: Settings,
  environment: string,
  signers: readonly { readonly name: string; readonly privatePem: string }[],
  through: ReleaseEntryPoint,
  sandbox: string,
): Promise<void> {
  const place = await openPlace(settings, environment, through, { ssh: null, registry: null }, sandbox)
  try {
    // a busy machine may need longer for a line than a deployment waits
    const patient = { ...settings, ledger: { ...settings.ledger, patience: 60 } }
    const opened = await openReleaseLedger(patient, place, through, null, "required", (text) => text)
    if (opened === null) throw new Error("the sandbox has a ledger")
    try {
      await adoptFirstIn(opened.ledger, settings, environment, signers)
    } finally {
      await opened.close()
    }
  } finally {
    await place.target.close()
  }
}

/** The same in a ledger that is open. */
export async function adoptFirstIn(
  ledger: Ledger,
  settings: Settings,
  environment: string,
  signers: readonly { readonly name: string; readonly privatePem: string }[],
): Promise<void> {
  const policy = policyOf(settings, environment)
  const now = new Date()
  const approvals = signers.map(({ name, privatePem }) =>
    JSON.stringify(
      signChange({
        change: readPolicyChange(changeFile(null, policy)),
        key: readPrivateKey(privatePem, null),
        approver: name,
        reason: "the first policy",
        now,
        expiresAt: new Date(now.getTime() + 3_600_000),
      }),
    ),
  )
  const fingerprint = policyFingerprint(policyDigest(policy))
  await adoptPolicy(
    settings,
    { environment, fingerprint, approvals, reason: "the first policy", who: "the test" },
    ledger,
  )
}
