import { createHash } from "node:crypto"
import { z } from "zod"
import { canonicalJson } from "../../canonical-json.js"
import { canonicalKey } from "../../config/approver-key.js"

/** The approval file: the signed statement and its signature. */

export const APPROVAL_FORMAT = "tollgate-approval"
export const APPROVAL_VERSION = 1

const moment = z.iso.datetime({ offset: true })

/** What an approver signs. It repeats the parts of the plan, so that a refusal can name the one that differs. */
export const statement = z.strictObject({
  planId: z.string().regex(/^plan-[0-9a-f]{64}$/),
  environment: z.string().min(1),
  imageDigest: z.string().regex(/^sha256:[0-9a-f]{64}$/),
  migrations: z.array(z.string()),
  commands: z.array(z.string()),
  configDigest: z.string().min(1),
  /** SHA-256 of the plan file that the approver saw: for the record. */
  planSha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** As `keys[].name` of tollgate.yaml has it. */
  approver: z.string().min(1),
  reason: z.string().min(1),
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

/** Short fingerprint of a key, the same for each of its spellings: the first sixteen hex digits of its SHA-256. */
export function fingerprint(key: string): string {
  return createHash("sha256").update(canonicalKey(key)).digest("hex").slice(0, 16)
}
