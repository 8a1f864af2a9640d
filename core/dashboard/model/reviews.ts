import type { ApprovalSettings } from "../../config/approvals.js"
import { canonicalKey } from "../../config/approver-key.js"
import type { LedgerEvent } from "../../ledger/event.js"
import {
  brokeGlass,
  openReviews,
  type Review,
  reviewDue,
  reviewFile,
  whyNoReview,
} from "../../release/approval/review.js"
import type { Approver } from "./plans.js"

/** A break-glass whose review is open: until when, who may close it, and what such a person signs. */
export interface DueReview extends Review {
  /** Codes of the refusals that were overridden. */
  readonly waived: readonly string[]
  readonly due: string
  readonly overdue: boolean
  readonly approvers: readonly Approver[]
  /** The keys of those who may. */
  readonly signers: readonly { readonly name: string; readonly key: string }[]
}

export interface ClosedReview {
  readonly approver: string
  readonly reason: string
  readonly at: string
}

/** Oldest first. */
interface Records {
  readonly broken: readonly LedgerEvent[]
  readonly reviewed: readonly LedgerEvent[]
}

/** @param now the ledger's clock */
export function dueReviews(records: Records, keys: ApprovalSettings["keys"], now: Date): DueReview[] {
  const today = now.toISOString().slice(0, 10)
  return openReviews(records.broken, records.reviewed, keys).map((review) => {
    const due = reviewDue(review)
    const people = keys.map((one) => ({ ...one, whyNot: whyNotBy(one, review, today) }))
    return {
      ...review,
      waived: records.broken.flatMap(({ what, context, at }) =>
        what.kind === "broke-glass" && context.release === review.release && at === review.at ? what.waived : [],
      ),
      due: due.toISOString(),
      overdue: due <= now,
      approvers: people.map(({ name, whyNot }) => ({ name, whyNot })),
      signers: people.flatMap(({ name, key, whyNot }) => (whyNot === null ? [{ name, key: canonicalKey(key) }] : [])),
    }
  })
}

function whyNotBy(one: ApprovalSettings["keys"][number], review: Review, today: string): string | null {
  if (one.revoked !== undefined && one.revoked <= today) return `the key was revoked on ${one.revoked}`
  return brokeGlass(one, review) ? "signed the break-glass, or deployed with it" : null
}

/** Who closed the review of a release; null: it is open, or the release needs none. */
export function closedReview(
  { broken, reviewed }: Records,
  keys: ApprovalSettings["keys"],
  release: string,
): ClosedReview | null {
  const [review] = openReviews(broken, [], keys).filter((one) => one.release === release)
  if (review === undefined) return null
  for (const { what, at } of reviewed) {
    const parsed = what.kind === "glass-reviewed" ? reviewFile.safeParse(what.signed) : null
    if (parsed?.success !== true || whyNoReview(parsed.data, review, keys) !== null) continue
    const { approver, reason } = parsed.data.statement
    return { approver, reason, at }
  }
  return null
}
