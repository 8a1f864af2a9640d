import type { KeyObject } from "node:crypto"
import { z } from "zod"
import type { Settings } from "../../config/schema.js"
import { environmentSettings } from "../../environment/check.js"
import type { Ledger } from "../../ledger/ledger.js"
import { requireReason } from "../../ledger/limits.js"
import { line } from "../../presentation/screen.js"
import { runId } from "../../qa/run-id.js"
import { TollgateError } from "../../shared/errors.js"
import { moment } from "../../shared/figures.js"
import { version } from "../../shared/version.js"
import { ledgerAway } from "../ledger/ledger-away.js"
import { openReviews, type Review, signReview } from "./review.js"

export async function readOpenReviews(
  ledger: Pick<Ledger, "eventsOfKind">,
  settings: Settings,
  environment: string,
): Promise<Review[]> {
  const broken = await ledger.eventsOfKind(environment, "broke-glass")
  if (broken.length === 0) return []
  const reviewed = await ledger.eventsOfKind(environment, "glass-reviewed")
  return openReviews(broken, reviewed, environmentSettings(settings, environment).approvals.keys)
}

/** For the screens of status. */
export function reviewLine({ environment, release, at, signer, reason }: Review): string {
  return `REVIEW OPEN: ${environment}: ${release} used break-glass at ${moment(at)}, signed by ${signer}: ${reason}; a second person closes it with \`tollgate review\``
}

const json = z.json()

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
  const { keys } = environmentSettings(settings, environment).approvals
  const signed = signReview(review, { ...given, reason, now: new Date() }, keys)
  await ledger.record(
    { service: review.service, environment, release, run: runId(new Date()), token: null, who },
    { kind: "glass-reviewed", approver, reason, signed: json.parse(JSON.parse(JSON.stringify(signed))) },
  )
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
