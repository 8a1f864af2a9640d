import type { KeyObject } from "node:crypto"
import { z } from "zod"
import type { ApprovalSettings } from "../../config/approvals.js"
import type { Settings } from "../../config/schema.js"
import { environmentSettings } from "../../environment/check.js"
import type { EventContext, HappeningOf } from "../../ledger/event.js"
import type { Ledger } from "../../ledger/ledger.js"
import { requireReason } from "../../ledger/limits.js"
import { madeId } from "../../ledger/made-id.js"
import { line } from "../../presentation/screen.js"
import { runId } from "../../qa/run-id.js"
import { canonicalJson } from "../../shared/canonical-json.js"
import { TollgateError } from "../../shared/errors.js"
import { moment } from "../../shared/figures.js"
import { version } from "../../shared/version.js"
import { ledgerAway } from "../ledger/ledger-away.js"
import type { PolicyHistory } from "../policy/in-force.js"
import { readPolicyHistory } from "../policy/require.js"
import { openReviews, type Review, type ReviewFile, reviewDue, signReview } from "./review.js"

export async function readOpenReviews(
  ledger: Pick<Ledger, "eventsOfKind">,
  settings: Settings,
  environment: string,
): Promise<Review[]> {
  const broken = await ledger.eventsOfKind(environment, "broke-glass")
  if (broken.length === 0) return []
  const reviewed = await ledger.eventsOfKind(environment, "glass-reviewed")
  return openReviews(broken, reviewed, (await readReviewRules(ledger, settings, environment)).keys)
}

/** Who may review: by the policy in force, and by tollgate.yaml where none is. */
export function reviewRules(settings: Settings, environment: string, { inForce }: PolicyHistory): ApprovalSettings {
  return inForce?.policy.approvals ?? environmentSettings(settings, environment).approvals
}

async function readReviewRules(
  ledger: Pick<Ledger, "eventsOfKind">,
  settings: Settings,
  environment: string,
): Promise<ApprovalSettings> {
  return reviewRules(settings, environment, await readPolicyHistory(ledger, environment))
}

/** For the screens of status. */
export function reviewLine(review: Review): string {
  const { environment, release, at, signer, reason } = review
  return `REVIEW OPEN: ${environment}: ${release} used break-glass at ${moment(at)}, signed by ${signer}: ${reason}; a second person closes it by ${moment(reviewDue(review).toISOString())}, in the dashboard or with \`tollgate review\``
}

const json = z.json()

function reviewEvent(file: ReviewFile): HappeningOf<"glass-reviewed"> {
  const { approver, reason } = file.statement
  return { kind: "glass-reviewed", approver, reason, signed: json.parse(file) }
}

function contextOf({ statement: { service, environment, release } }: ReviewFile, who: string): EventContext {
  return { service, environment, release, run: runId(new Date()), token: null, who }
}

/**
 * Writes a review that was signed elsewhere, and judged.
 *
 * @returns false: the ledger has it already
 */
export function recordReview(ledger: Pick<Ledger, "recordOnce">, file: ReviewFile): Promise<boolean> {
  return ledger.recordOnce(
    contextOf(file, file.statement.approver),
    reviewEvent(file),
    madeId("tollgate review", canonicalJson(file.statement)),
  )
}

/** Closes the review of a break-glass release. @returns one screen */
export async function closeReview(
  settings: Settings,
  given: { environment: string; release: string; key: KeyObject; approver: string; reason: string; who: string },
  ledger: Ledger,
): Promise<string> {
  const { environment, release, approver, who } = given
  const reason = requireReason(given.reason)
  const review = (await readOpenReviews(ledger, settings, environment)).find((one) => one.release === release)
  if (review === undefined)
    throw new TollgateError(
      "review-none",
      `${release} has no open review in ${environment}.`,
      `\`tollgate status --env=${environment}\` lists the open ones. Nothing was recorded.`,
    )
  const { keys } = await readReviewRules(ledger, settings, environment)
  const signed = signReview(review, { ...given, reason, now: new Date() }, keys)
  await ledger.record(contextOf(signed, who), reviewEvent(signed))
  const away = ledgerAway(ledger)
  return `${[
    line(`Tollgate ${version} · review · ${environment}`),
    "",
    line(`${release} used break-glass, signed by ${review.signer}: ${review.reason}`),
    line(`reviewed by ${approver}: ${reason}`),
    ...(away === null ? [] : [line(`warning: ${away}`)]),
    "",
    line(`REVIEWED: ${release}`),
  ].join("\n")}\n`
}
