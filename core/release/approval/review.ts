import { type KeyObject, sign } from "node:crypto"
import { z } from "zod"
import type { ApprovalSettings } from "../../config/approvals.js"
import { sameKey, samePerson } from "../../config/approver-key.js"
import type { LedgerEvent } from "../../ledger/event.js"
import { canonicalJson } from "../../shared/canonical-json.js"
import { TollgateError } from "../../shared/errors.js"
import { approvalFile } from "./approval.js"
import { isSignedBy, publicKeyText } from "./key.js"

/** Break-glass opens a review, which a second person closes with a signature. */

const REVIEW_FORMAT = "tollgate-review"
const words = z.string().regex(/^[^\u0000\p{Surrogate}]{1,4000}$/u)

const reviewStatement = z.strictObject({
  service: words,
  environment: words,
  release: words,
  approver: words,
  reason: words,
  signedAt: z.iso.datetime({ offset: true }),
  key: z.string().regex(/^ed25519:[A-Za-z0-9+/]{43}=$/),
})
type ReviewStatement = z.output<typeof reviewStatement>

export const reviewFile = z.strictObject({
  format: z.literal(REVIEW_FORMAT),
  version: z.literal(1),
  statement: reviewStatement,
  signature: z.string(),
})
export type ReviewFile = z.output<typeof reviewFile>

function reviewBytes(statement: ReviewStatement): Buffer {
  return Buffer.from(`${REVIEW_FORMAT} 1\n${canonicalJson(statement)}`)
}

export interface Review {
  readonly service: string
  readonly environment: string
  readonly release: string
  /** The reason that was given for break-glass. */
  readonly reason: string
  readonly at: string
  readonly signer: string
  readonly deployer: string
}

/** Hours after the break-glass within which a second person reviews it. Later it is overdue, and still has to be reviewed. */
export const REVIEW_HOURS = 48

export function reviewDue({ at }: Pick<Review, "at">): Date {
  return new Date(Date.parse(at) + REVIEW_HOURS * 3_600_000)
}

/** Reviews that no second person has closed, oldest first. Only break-glass that a key signed opens one. */
export function openReviews(
  broken: readonly LedgerEvent[],
  reviewed: readonly LedgerEvent[],
  keys: ApprovalSettings["keys"],
): Review[] {
  const reviews = broken.flatMap(({ what, context, at }): Review[] => {
    const signed = what.kind === "broke-glass" ? approvalFile.safeParse(what.signed) : null
    if (what.kind !== "broke-glass" || signed?.success !== true || context.release === null) return []
    const { service, environment, release, who } = context
    return [
      {
        service,
        environment,
        release,
        reason: what.reason,
        at,
        signer: signed.data.statement.approver,
        deployer: who,
      },
    ]
  })
  const files = reviewed.flatMap(({ what }) => {
    const parsed = what.kind === "glass-reviewed" ? reviewFile.safeParse(what.signed) : null
    return parsed?.success === true ? [parsed.data] : []
  })
  return reviews.filter((review) => !files.some((file) => whyNoReview(file, review, keys) === null))
}

/** Why a file closes no review; null: it closes this one. */
export function whyNoReview(file: ReviewFile, review: Review, keys: ApprovalSettings["keys"]): string | null {
  return reviewProblems(file, review, keys)[0]?.message ?? null
}

type ReviewCode =
  | "review-other-release"
  | "review-unknown-key"
  | "review-key-revoked"
  | "review-approver"
  | "review-bad-signature"
  | "review-own"

/** Everything because of which a file does not close this review. */
export function reviewProblems(
  file: ReviewFile,
  review: Review,
  keys: ApprovalSettings["keys"],
): { code: ReviewCode; message: string }[] {
  const { statement, signature } = file
  const { service, environment, release, approver, key } = statement
  if (service !== review.service || environment !== review.environment || release !== review.release)
    return [{ code: "review-other-release", message: "is of another release" }]
  const listed = keys.filter((one) => sameKey(one.key, key))
  const [known] = listed
  const day = statement.signedAt.slice(0, 10)
  if (known === undefined) return [{ code: "review-unknown-key", message: "is signed with a key that is not listed" }]
  const problems: { code: ReviewCode; message: string }[] = []
  if (listed.some(({ revoked }) => revoked !== undefined && revoked <= day))
    problems.push({ code: "review-key-revoked", message: "is signed with a revoked key" })
  if (known.name !== approver)
    problems.push({ code: "review-approver", message: "names a person to whom the key does not belong" })
  if (!isSignedBy(key, reviewBytes(statement), signature))
    problems.push({ code: "review-bad-signature", message: "has a signature that does not match" })
  if (brokeGlass(known, review))
    problems.push({
      code: "review-own",
      message: `is by ${known.name}, who broke the glass: a second person closes the review`,
    })
  return problems
}

/** Whether an approver signed the break-glass, or deployed with it, under whichever of their names. */
export function brokeGlass({ name, also }: ApprovalSettings["keys"][number], { signer, deployer }: Review): boolean {
  const names = [name, ...also]
  return [signer, deployer].some((one) => names.some((own) => samePerson(own, one)))
}

/** @throws TollgateError `review-…` */
export function signReview(
  review: Review,
  given: { key: KeyObject; approver: string; reason: string; now: Date },
  keys: ApprovalSettings["keys"],
): ReviewFile {
  const { service, environment, release } = review
  const { approver, reason, now } = given
  const statement: ReviewStatement = {
    service,
    environment,
    release,
    approver,
    reason,
    signedAt: now.toISOString(),
    key: publicKeyText(given.key),
  }
  const file: ReviewFile = {
    format: REVIEW_FORMAT,
    version: 1,
    statement,
    signature: sign(null, reviewBytes(statement), given.key).toString("base64"),
  }
  const why = whyNoReview(file, review, keys)
  if (why === null) return file
  throw new TollgateError(
    "review-refused",
    `This review of ${release} would not count: it ${why}.`,
    "Let another approver of this environment review it. Nothing was recorded.",
  )
}
