import { createHash } from "node:crypto"
import { z } from "zod"
import { canonicalJson } from "../../canonical-json.js"

/** An approval as a file: what was signed, and the signature. */

export const APPROVAL_FORMAT = "tollgate-approval"
export const APPROVAL_VERSION = 1

const moment = z.iso.datetime({ offset: true })

/** What an approver puts their name to. The parts of the plan are there by themselves, so that it can be said which of them differs. */
export const statement = z.strictObject({
  planId: z.string().regex(/^plan-[0-9a-f]{64}$/),
  environment: z.string().min(1),
  imageDigest: z.string().regex(/^sha256:[0-9a-f]{64}$/),
  migrations: z.array(z.string()),
  commands: z.array(z.string()),
  configDigest: z.string().min(1),
  /** Of the plan file that the approver had before them: for the record. */
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
  /** Ed25519 (RFC 8032) over `signedBytes`, in Base64; null: nobody has signed. */
  signature: z.string().nullable(),
})
export type ApprovalFile = z.output<typeof approvalFile>

/** What is signed. The first line keeps the signature from meaning anything elsewhere. */
export function signedBytes(given: Statement): Buffer {
  return Buffer.from(`${APPROVAL_FORMAT} ${APPROVAL_VERSION}\n${canonicalJson(given)}`)
}

/** A key by what people can compare: the first sixteen digits of its SHA-256. */
export function fingerprint(key: string): string {
  return createHash("sha256").update(key).digest("hex").slice(0, 16)
}
