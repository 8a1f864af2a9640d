import { createHash } from "node:crypto"
import { z } from "zod"
import { canonicalKey } from "../../config/approver-key.js"
import { canonicalJson } from "../../shared/canonical-json.js"

/** The approval file: the signed statement and its signature. */

export const APPROVAL_FORMAT = "tollgate-approval"
export const APPROVAL_VERSION = 2

const moment = z.iso.datetime({ offset: true })
const sha256 = z.string().regex(/^[0-9a-f]{64}$/)
/** Without what has no canonical form, or what jsonb does not store. */
const words = z.string().regex(/^[^\u0000\p{Surrogate}]{1,4000}$/u)

/** What an approver signs. It repeats the parts of the plan, so that a refusal can name the one that differs. */
export const statement = z.strictObject({
  /** `break-glass`: it allows to override missing approvals or a freeze, and is no approval itself. */
  purpose: z.enum(["approval", "break-glass"]),
  planId: z.string().regex(/^plan-[0-9a-f]{64}$/),
  service: words,
  environment: words,
  releaseVersion: words,
  source: words,
  imageDigest: z.string().regex(/^sha256:[0-9a-f]{64}$/),
  migrations: z.array(words),
  commands: z.array(z.string()),
  configDigest: words,
  settings: z.record(words, sha256),
  /** SHA-256 of the plan file that the approver saw: deploy accepts only one that `tollgate plan` recorded. */
  planSha256: sha256,
  /** As `keys[].name` of tollgate.yaml has it. */
  approver: words,
  reason: words,
  signedAt: moment,
  expiresAt: moment,
  /** The public key in the form of tollgate.yaml. */
  key: z.string().min(1),
})
export type Statement = z.output<typeof statement>

export const approvalFile = z.strictObject({
  format: z.literal(APPROVAL_FORMAT),
  version: z.literal(APPROVAL_VERSION),
  statement,
  /** Ed25519 (RFC 8032) over `signedBytes`, in Base64; null: not signed. */
  signature: z.string().nullable(),
})
export type ApprovalFile = z.output<typeof approvalFile>

/** The signed bytes. The first line keeps the signature from being valid for anything else. */
export function signedBytes(given: Statement): Buffer {
  return Buffer.from(`${APPROVAL_FORMAT} ${APPROVAL_VERSION}\n${canonicalJson(given)}`)
}

/** Identifies an approval, whatever the spelling of its file. */
export function approvalId(given: Statement): string {
  return createHash("sha256").update(signedBytes(given)).digest("hex")
}

/** Short fingerprint of a key, the same for each of its spellings: the first sixteen hex digits of its SHA-256. */
export function fingerprint(key: string): string {
  return createHash("sha256").update(canonicalKey(key)).digest("hex").slice(0, 16)
}
