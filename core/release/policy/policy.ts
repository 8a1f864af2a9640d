import { createHash } from "node:crypto"
import { z } from "zod"
import type { ApprovalSettings } from "../../config/approvals.js"
import type { Settings } from "../../config/schema.js"
import { environmentSettings } from "../../environment/check.js"
import { canonicalJson, type Json } from "../../shared/canonical-json.js"

/**
 * The policy of an environment: who must approve, when nothing is deployed, which gates and thresholds hold, and where releases run. The
 * one in force is in the ledger. tollgate.yaml is part of the very source that is deployed, so it can only propose another one.
 */

export const POLICY_FORMAT = "tollgate-policy"
export const POLICY_VERSION = 1

const approver = z.strictObject({
  name: z.string(),
  also: z.array(z.string()),
  key: z.string().regex(/^ed25519:[A-Za-z0-9+/]{43}=$/),
  revoked: z.string().optional(),
})

/** Of a policy in the ledger, which an earlier or later Tollgate may have written. */
const approvalRules = z.object({
  required: z.int().min(0),
  keys: z.array(approver),
  longest: z.number(),
  clockSkew: z.number(),
  breakGlass: z.boolean(),
  uses: z.int().min(1),
  requireSeparation: z.boolean(),
}) satisfies z.ZodType<ApprovalSettings>

export const policySchema = z.strictObject({
  format: z.literal(POLICY_FORMAT),
  version: z.literal(POLICY_VERSION),
  service: z.string().min(1),
  environment: z.string().min(1),
  approvals: approvalRules,
  /** freeze, gates, thresholds, target, operators. */
  rules: z.record(z.string(), z.json()),
})
export type Policy = z.output<typeof policySchema>

/** What tollgate.yaml proposes for an environment. */
export function policyOf(settings: Settings, environment: string): Policy {
  const { qa, scan, image, load, release } = settings
  const { approvals, operators, freeze, gates, target, ecpay, migrations, production } = environmentSettings(
    settings,
    environment,
  )
  const { failOn, ignoreUnfixed, scanners, image: scansImage, maxDatabaseAge } = scan
  const rules = {
    freeze,
    gates: { required: gates, migrations, production, ecpay: ecpay.endpoint, suites: Object.keys(qa.suites).sort() },
    thresholds: {
      coverage: qa.coverage,
      scan: { failOn, ignoreUnfixed, scanners, image: scansImage, maxDatabaseAge },
      image: { maxSize: image.maxSize },
      load: Object.fromEntries(
        Object.entries(load?.scenarios ?? {}).map(([name, { thresholds }]) => [name, thresholds]),
      ),
      monitor: release.monitor,
    },
    target,
    // left out where none are listed: the digest of a policy of before the setting existed stays the same
    ...(operators.length === 0 ? {} : { operators }),
  }
  // without what is left out
  return policySchema.parse(
    JSON.parse(
      JSON.stringify({
        format: POLICY_FORMAT,
        version: POLICY_VERSION,
        service: settings.ledger.service,
        environment,
        approvals,
        rules,
      }),
    ),
  )
}

/** A key that is not revoked has no `revoked`, instead of an undefined one. */
export function jsonOf(policy: Policy | Policy["approvals"]): Json {
  return z.json().parse(JSON.parse(JSON.stringify(policy)))
}

export function policyDigest(policy: Policy): string {
  return `policy-${createHash("sha256")
    .update(canonicalJson(jsonOf(policy)))
    .digest("hex")}`
}

/** What a person compares: the first sixteen hex digits of the digest. */
export function policyFingerprint(digest: string): string {
  return digest.slice("policy-".length, "policy-".length + 16)
}

/**
 * Whether an environment asks for anything: approvals, a freeze, or that its releases take real money. One that asks for nothing works
 * without a policy in the ledger, as long as none was adopted.
 */
export function asksForSomething(settings: Settings, environment: string): boolean {
  const { approvals, operators, freeze, production } = environmentSettings(settings, environment)
  return (
    production ||
    approvals.required > 0 ||
    approvals.keys.length + operators.length > 0 ||
    freeze.once.length + freeze.weekly.length > 0
  )
}
