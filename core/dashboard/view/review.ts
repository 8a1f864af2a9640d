import { type Markup, markup, nothing } from "../../presentation/html-markup.js"
import { count } from "../../shared/figures.js"
import type { ClosedReview, DueReview } from "../model/reviews.js"
import { approversList } from "./approval-rows.js"
import { card, chip, facts, path, releaseLink } from "./parts.js"
import { signForm } from "./sign-form.js"
import { type Clock, moment } from "./time.js"

/** Open reviews of break-glass, each with its form. Nothing where none is open. */
export function reviewsCard(reviews: readonly DueReview[], environment: string, clock: Clock): Markup {
  if (reviews.length === 0) return nothing
  return markup`<div id="reviews">${card(
    reviews.length === 1 ? "Open review of break-glass" : "Open reviews of break-glass",
    markup`${reviews.map((review) => openReview(review, environment, clock))}<p class="note">A review is signed in this browser with a listed key. The people who signed the break-glass, or deployed with it, cannot close it.</p>`,
  )}</div>`
}

function openReview(review: DueReview, environment: string, clock: Clock): Markup {
  const { release, reason, at, signer, deployer, waived, due, overdue, approvers, signers, service } = review
  const command = `tollgate review --env=${environment} --release=${release} --approver="…" --reason="…" --ledger=env:TOLLGATE_LEDGER --key=file:PATH`
  return markup`<article class="plan"><h3>${releaseLink(environment, release)}</h3>${facts([
    [
      "Review due",
      overdue
        ? markup`${chip("fail", "overdue")} since ${moment(clock, due)}`
        : markup`${chip("skip", "due")} by ${moment(clock, due)}`,
    ],
    ["Overrode", markup`${waived.join(", ")}`],
    ["Reason", markup`<span class="cause">${reason}</span>`],
    ["By", markup`signed by ${signer}, deployed by ${deployer}<br>${moment(clock, at)}`],
    ["May review", approversList(approvers, "no one: no key is listed")],
  ])}${
    signers.length === 0
      ? markup`<p class="cause">No one else may review it: the policy has to list another approver first.</p>`
      : signForm({
          id: `review-${release}-${at}`,
          action: path("environments", environment, "reviews"),
          format: "tollgate-review",
          version: 1,
          statement: { service, environment, release },
          signers,
          title: "Review this break-glass…",
          lead: markup`<p>You confirm that ${signer} overrode ${count(waived.length, "refusal")} for ${release}, and write what your review found. It closes the review.</p>`,
          validities: [],
          button: `Sign the review of ${release}`,
          done: "Reviewed",
        })
  }<noscript><p>To review in this browser, JavaScript is needed. Without it, type in a terminal: <code>${command}</code></p></noscript></article>`
}

/** For the card of a release's break-glass. */
export function closedLine(closed: ClosedReview | null, clock: Clock): Markup {
  return closed === null
    ? nothing
    : markup`<p>${chip("pass", "reviewed")} by ${closed.approver}, ${moment(clock, closed.at)}<br><span class="cause">${closed.reason}</span></p>`
}
