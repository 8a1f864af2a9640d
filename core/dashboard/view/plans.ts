import { type Markup, markup, nothing } from "../../presentation/html-markup.js"
import { shortDigest } from "../../shared/figures.js"
import type { WaitingPlan } from "../model/plans.js"
import { approversList } from "./approval-rows.js"
import { card, chip, facts, list, path, releaseLink } from "./parts.js"
import { type Clock, moment } from "./time.js"

/** Plans without a release: who may approve them, and what is missing. */
export function plansCard(plans: readonly WaitingPlan[], environment: string, clock: Clock): Markup {
  return markup`<div id="plans">${card(
    "Plans without a release",
    plans.length === 0
      ? markup`<p class="none">None since the latest release.</p>`
      : markup`${plans.map((plan) => onePlan(plan, environment, clock))}<p class="note">An approval that is a file, and was not passed to a deployment yet, is not in the ledger and not shown.</p>`,
  )}</div>`
}

function onePlan(plan: WaitingPlan, environment: string, clock: Clock): Markup {
  const { planId, planSha256, plannedAt, who, authors, authorsUnknown, approvals, required, approvers, attempts } = plan
  const valid = new Set(approvals.flatMap(({ approver, expired }) => (expired ? [] : [approver])))
  return markup`<article class="plan"><h3><a href="${path("environments", environment, "plans", planSha256)}"><code>${shortPlan(planId)}</code></a></h3>${facts(
    [
      ["Planned", markup`${moment(clock, plannedAt)}<br>by ${who}`],
      [
        "Authors",
        markup`${authors === null ? `not known: ${authorsUnknown}` : authors.length === 0 ? "none" : authors.join(", ")}`,
      ],
      ...(required === 0
        ? [["Approvals", markup`none needed`] as const]
        : [
            [
              "Approvals",
              markup`${valid.size} of ${required} recorded and valid${
                approvals.length === 0
                  ? nothing
                  : list(
                      approvals.map((one) => approvalLine(one, clock)),
                      "",
                    )
              }`,
            ] as const,
            ["May approve", approversList(approvers, "none: the policy in force lists no key")] as const,
          ]),
      ...(attempts.length === 0
        ? []
        : [
            [
              "Tried",
              list(
                attempts.map((release) => releaseLink(environment, release)),
                "",
              ),
            ] as const,
          ]),
    ],
  )}</article>`
}

export function approvalLine(
  { approver, reason, expiresAt, expired }: WaitingPlan["approvals"][number],
  clock: Clock,
): Markup {
  return markup`${expired ? chip("skip", "expired") : chip("pass", "valid")} ${approver}: ${reason}<br>${expired ? "expired" : "expires"} ${moment(clock, expiresAt)}`
}

export function shortPlan(planId: string): string {
  return `plan-${shortDigest(planId.replace(/^plan-/, ""))}`
}
