import type { ApprovalSettings } from "../../config/approvals.js"
import type { LedgerEvent } from "../../ledger/event.js"
import { openReviews, type ReviewFile, reviewFile, reviewProblems } from "./review.js"

/** A review says no time until which it is valid: one that was signed longer ago was kept for later. In milliseconds. */
const FRESH_MS = 600_000

export interface ReviewRefusal {
  readonly code: `review-${string}`
  /** Goes on from "it". */
  readonly message: string
}

/**
 * What refuses a review that reaches the ledger now, with every reason. `tollgate review` signs and records at once, so it refuses the same.
 *
 * @param signed the review file, as it was sent
 * @param records of the environment, oldest first
 * @param now the ledger's clock
 */
export function judgeReview(
  signed: unknown,
  records: { readonly broken: readonly LedgerEvent[]; readonly reviewed: readonly LedgerEvent[] },
  { keys, clockSkew }: Pick<ApprovalSettings, "keys" | "clockSkew">,
  now: Date,
): { readonly file: ReviewFile } | { readonly problems: readonly ReviewRefusal[] } {
  const refuse = (code: ReviewRefusal["code"], message: string) => ({ problems: [{ code, message }] })
  const parsed = reviewFile.safeParse(signed)
  if (!parsed.success) return refuse("review-unreadable", "is not a review: a field is missing, wrong or unknown")
  const { release, signedAt } = parsed.data.statement
  const all = openReviews(records.broken, [], keys).filter((one) => one.release === release)
  const [review] = all
  if (review === undefined)
    return refuse("review-none", "is of a release that used no break-glass here which a key signed")
  const closed = openReviews(records.broken, records.reviewed, keys).every((one) => one.release !== release)
  const age = now.getTime() - Date.parse(signedAt)
  const problems: ReviewRefusal[] = [
    ...(closed
      ? [{ code: "review-closed" as const, message: `is a second one: the review of ${release} is closed` }]
      : []),
    // one of several break-glasses of a release could be another person's
    ...all.flatMap((one) => reviewProblems(parsed.data, one, keys)),
    ...(age > FRESH_MS
      ? [{ code: "review-expired" as const, message: `was signed at ${signedAt}, more than 10 minutes ago` }]
      : []),
    ...(age < -clockSkew * 1000
      ? [{ code: "review-not-yet-valid" as const, message: `was signed at ${signedAt}, which is in the future` }]
      : []),
  ]
  const once = problems.filter(({ code }, index) => problems.findIndex((one) => one.code === code) === index)
  return once.length === 0 ? { file: parsed.data } : { problems: once }
}
