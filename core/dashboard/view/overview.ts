import { samePerson } from "../../config/approver-key.js"
import { type Markup, markup, nothing } from "../../presentation/html-markup.js"
import { sparkline } from "../../presentation/html-sparkline.js"
import { count, duration } from "../../shared/figures.js"
import type { Asks } from "../model/asks.js"
import type { EnvironmentPage } from "../model/environment.js"
import { median } from "../model/median.js"
import type { PolicyPage } from "../model/policy-page.js"
import type { View } from "./frame.js"
import { chip, digestCode, environmentLink, facts, outcomeChip, path, releaseLink } from "./parts.js"
import { shortPlan } from "./plans.js"
import { targetChip } from "./target.js"
import { type Clock, moment } from "./time.js"

/** All environments, and what waits for a person in any of them. */
export interface OverviewPart {
  readonly page: EnvironmentPage
  readonly asks: Asks
  /** null: tollgate.yaml does not have the environment. */
  readonly policy: PolicyPage | null
}

export function overview(parts: readonly OverviewPart[], clock: Clock): View {
  return {
    title: "Environments",
    main: markup`<h1>Environments</h1>
${waiting(parts, clock)}
<div class="environments">${parts.map(({ page }) => environmentCard(page, clock))}</div>
${parts.length === 0 ? markup`<p class="none">Neither tollgate.yaml nor the ledger has an environment.</p>` : nothing}`,
  }
}

const ableOf = (approvers: PolicyPage["approvers"]) =>
  approvers.flatMap(({ name, whyNot }) => (whyNot === null ? [name] : []))

/** Each with the people for whom it waits; the script marks what waits for the person of this browser. */
function waiting(parts: readonly OverviewPart[], clock: Clock): Markup {
  const items = parts.flatMap(({ page: { environment, plans, reviews }, asks: { people, requests }, policy }) => {
    const item = (keys: readonly string[], to: string, what: string, who: string | Markup) =>
      markup`<li data-keys="${keys.join(" ")}"><span class="for-you">waits for you: </span><a href="${path("environments", environment)}${to}">${environment}: ${what}</a>${who}</li>`
    const keysOf = (names: readonly string[]) =>
      people.filter(({ name }) => names.some((one) => samePerson(one, name))).map(({ key }) => key)
    const may = (names: readonly string[]) => (names.length === 0 ? "" : `; may approve: ${names.join(", ")}`)
    const policyItem = ({ counted, required, approvers }: PolicyPage) => {
      const missing = counted.approvals.length < required
      const able = missing ? ableOf(approvers) : []
      const state = missing ? "not approved" : "not adopted yet"
      return item(keysOf(able), "/policy", `the policy of tollgate.yaml is ${state}`, may(able))
    }
    const waits = requests.filter(({ state }) => state === "waiting").length
    return [
      ...plans
        .filter(({ required }) => required > 0)
        .map(({ planId, approvers: listed, approvals }) => {
          const able = listed.flatMap(({ name, whyNot }) =>
            whyNot === null && !approvals.some((one) => !one.expired && samePerson(one.approver, name)) ? [name] : [],
          )
          return item(keysOf(able), "#plans", `${shortPlan(planId)} has no release`, may(able))
        }),
      ...reviews.map(({ release, due, overdue, approvers }) =>
        item(
          keysOf(ableOf(approvers)),
          "#reviews",
          `break-glass of ${release} has no review`,
          markup`${overdue ? "; overdue since " : "; due by "}${moment(clock, due)}`,
        ),
      ),
      ...(policy === null || policy.approve === null ? [] : [policyItem(policy)]),
      ...(waits === 0 ? [] : [item([], "#requests", `${count(waits, "request")} not taken by a runner`, "")]),
    ]
  })
  return items.length === 0
    ? nothing
    : markup`<section class="card waiting"><h2>Needs attention</h2><ul class="list">${items}</ul></section>`
}

function environmentCard(page: EnvironmentPage, clock: Clock): Markup {
  const { environment, live, latest, lease, maintenance, freeze, target } = page
  return markup`<section class="card"><h2>${environmentLink(environment)}</h2>
<p class="states">${[
    ...(latest === null ? [] : [outcomeChip(latest)]),
    ...(maintenance?.on === true ? [chip("skip", "maintenance")] : []),
    ...(freeze.kind === "frozen" ? [chip("skip", "frozen")] : []),
  ]}</p>
${facts([
  [
    "Last verified serving",
    live === null
      ? markup`nothing is recorded`
      : markup`<strong>${live.version ?? "version not recorded"}</strong> ${digestCode(live.digest)}<br>${moment(clock, live.verifiedAt)}`,
  ],
  ["Target", targetChip(target)],
  [
    "Latest release",
    latest === null
      ? markup`none yet`
      : markup`${releaseLink(environment, latest.id)} by ${latest.who}<br>${moment(clock, latest.startedAt)}${latest.causes[0] === undefined ? nothing : markup`<br><span class="cause">${latest.causes[0]}</span>`}`,
  ],
  [
    "Lease",
    lease === null
      ? markup`free`
      : markup`<a href="${path("environments", environment, "run")}">${lease.command} by ${lease.who}</a>`,
  ],
])}
${durations(page)}</section>`
}

/** Of the latest deployments that ended. */
export function durations({ releases, environment }: Pick<EnvironmentPage, "releases" | "environment">): Markup {
  const ended = releases.filter(({ action, seconds }) => action === "deploy" && seconds !== null).reverse()
  const usual = median(
    ended.flatMap(({ outcome, seconds }) => (outcome === "live" && seconds !== null ? [seconds] : [])),
  )
  if (ended.length < 2) return nothing
  const failed = ended.filter(({ outcome }) => outcome !== "live").length
  const words = `Duration of the last ${count(ended.length, "deployment")}${usual === null ? "" : `: median ${duration(usual)} when live`}, ${failed} not live`
  return markup`<figure class="durations">${sparkline(
    ended.map(({ id, seconds, outcome }) => ({
      value: seconds ?? 0,
      failed: outcome !== "live",
      title: `${id}: ${outcome}, ${duration(seconds ?? 0)}`,
    })),
    `${environment}: ${words}`,
  )}<figcaption>${words}</figcaption></figure>`
}
