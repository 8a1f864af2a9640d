import { type Markup, markup, nothing } from "../../presentation/html-markup.js"
import { sparkline } from "../../presentation/html-sparkline.js"
import { count, duration } from "../../shared/figures.js"
import type { EnvironmentPage } from "../model/environment.js"
import { median } from "../model/median.js"
import type { View } from "./frame.js"
import { chip, digestCode, environmentLink, facts, outcomeChip, path, releaseLink } from "./parts.js"
import { type Clock, moment } from "./time.js"

/** All environments, and what waits for a person in any of them. */
export function overview(pages: readonly EnvironmentPage[], clock: Clock): View {
  return {
    title: "Environments",
    main: markup`<h1>Environments</h1>
${waiting(pages)}
<div class="environments">${pages.map((page) => environmentCard(page, clock))}</div>
${pages.length === 0 ? markup`<p class="none">Neither tollgate.yaml nor the ledger has an environment.</p>` : nothing}`,
  }
}

function waiting(pages: readonly EnvironmentPage[]): Markup {
  const items = pages.flatMap(({ environment, plans, reviews }) => [
    ...(plans.length === 0 || plans.every(({ required }) => required === 0)
      ? []
      : [
          markup`<a href="${path("environments", environment)}#plans">${environment}: ${count(plans.length, "plan")} without a release</a>`,
        ]),
    ...(reviews.length === 0
      ? []
      : [
          markup`<a href="${path("environments", environment)}#reviews">${environment}: ${count(reviews.length, "break-glass review")} open</a>`,
        ]),
  ])
  return items.length === 0
    ? nothing
    : markup`<section class="card waiting"><h2>Needs attention</h2><ul class="list">${items.map((item) => markup`<li>${item}</li>`)}</ul></section>`
}

function environmentCard(page: EnvironmentPage, clock: Clock): Markup {
  const { environment, live, latest, lease, maintenance, freeze } = page
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
