import { type Markup, markup, nothing } from "../../presentation/html-markup.js"
import { table } from "../../presentation/html-table.js"
import { policyFingerprint } from "../../release/policy/policy.js"
import { duration } from "../../shared/figures.js"
import type { Asks } from "../model/asks.js"
import type { EnvironmentPage } from "../model/environment.js"
import { asksCard } from "./asks.js"
import type { View } from "./frame.js"
import { durations } from "./overview.js"
import { card, chip, digestCode, facts, list, path, releaseLink } from "./parts.js"
import { plansCard } from "./plans.js"
import { RELEASE_COLUMNS, releaseRows } from "./releases.js"
import { requestsCard } from "./requests.js"
import { reviewsCard } from "./review.js"
import { targetCard } from "./target.js"
import { type Clock, moment } from "./time.js"

/** How many releases that served before are listed. */
const MOST_BEFORE = 5
const MOST_RELEASES = 10

export function environmentView(page: EnvironmentPage, asks: Asks, clock: Clock): View {
  const { environment, releases } = page
  return {
    title: environment,
    main: markup`<h1>${environment}</h1>
<div class="columns">
${servingCard(page, clock)}
${targetCard(page, clock)}
${blocksCard(page, clock)}
</div>
${asksCard(page, asks)}
${requestsCard(asks, clock)}
${plansCard(page.plans, page.environment, clock)}
${reviewsCard(page.reviews, environment, clock)}
${card(
  "Latest releases",
  releases.length === 0
    ? markup`<p class="none">No release yet.</p>`
    : markup`${durations(page)}${table(`The latest releases of ${environment}`, RELEASE_COLUMNS, releaseRows(releases.slice(0, MOST_RELEASES), clock))}
<p class="more"><a href="/history?env=${encodeURIComponent(environment)}">All releases of ${environment}</a> · <a href="${path("environments", environment, "difference")}">Compare two releases</a> · <a href="${path("environments", environment, "delivery")}">DORA's figures</a></p>`,
)}
${policyCard(page, clock)}`,
  }
}

function servingCard({ environment, live, before, maintenance, lease }: EnvironmentPage, clock: Clock): Markup {
  return card(
    "By the ledger",
    markup`${facts([
      [
        "Last verified",
        live === null
          ? markup`Not recorded. <code>tollgate status --env=${environment}</code> reads it from the target.`
          : markup`<strong>${live.version ?? "version not recorded"}</strong> ${digestCode(live.digest)}${live.release === null ? nothing : markup`, ${releaseLink(environment, live.release)}`}<br>${moment(clock, live.verifiedAt)}`,
      ],
      [
        "Served before",
        before.length === 0
          ? markup`none of the recent releases`
          : markup`${list(
              before
                .slice(0, MOST_BEFORE)
                .map(
                  ({ id, version, digest }) =>
                    markup`${version ?? "version not recorded"} ${digestCode(digest)}, ${releaseLink(environment, id)}`,
                ),
              "",
            )}`,
      ],
      [
        "Maintenance",
        maintenance === null
          ? markup`no change is recorded`
          : markup`${maintenance.on ? chip("skip", "on") : markup`off`}, by ${maintenance.who}<br>${moment(clock, maintenance.at)}${maintenance.on ? markup`<br>${maintenance.message}` : nothing}`,
      ],
      [
        "Lease",
        lease === null
          ? markup`free`
          : markup`<a href="${path("environments", environment, "run")}">${lease.command} by ${lease.who}</a>, run <code>${lease.run}</code>, on ${lease.owner}<br>since ${moment(clock, lease.takenAt)}<br>expires ${moment(clock, lease.expiresAt)} unless it is renewed`,
      ],
    ])}`,
  )
}

function blocksCard({ blocks, freeze, freezeSettings }: EnvironmentPage, clock: Clock): Markup {
  return card(
    "What blocks a deployment",
    markup`${list(
      blocks.map((text) => markup`${text}`),
      "Nothing in the ledger. The run itself checks gates, configuration and target.",
    )}${
      freeze.kind === "frozen"
        ? markup`<p>Frozen ${freeze.until === null ? "for more than 400 days" : markup`until ${moment(clock, freeze.until.toISOString())}`}. Rollbacks are always allowed.</p>`
        : nothing
    }${
      freezeSettings === null || freezeSettings.once.length + freezeSettings.weekly.length === 0
        ? nothing
        : markup`<h3>Freezes</h3>${list(
            [
              ...freezeSettings.once.map(
                ({ from, until, reason }) =>
                  markup`${from.replace("T", " ")} to ${until.replace("T", " ")} ${freezeSettings.zone}: ${reason}`,
              ),
              ...freezeSettings.weekly.map(
                ({ days, from, until, reason }) =>
                  markup`${days.join(", ")}, ${from} to ${until} ${freezeSettings.zone}: ${reason}`,
              ),
            ],
            "",
          )}`
    }`,
  )
}

function policyCard({ policies, difference, environment }: EnvironmentPage, clock: Clock): Markup {
  const { inForce, problems } = policies
  if (inForce === null)
    return card("Policy in force", markup`<p class="none">None.</p>${policyLink(environment)}${problemList(problems)}`)
  const { approvals } = inForce.policy
  return card(
    "Policy in force",
    markup`${facts([
      ["Fingerprint", markup`<code>${policyFingerprint(inForce.digest)}</code>`],
      ["Adopted", markup`${moment(clock, inForce.at)}<br>by ${inForce.who}: ${inForce.reason}`],
      [
        "Approved by",
        markup`${inForce.approvers.length === 0 ? "no approver is recorded" : inForce.approvers.join(", ")}`,
      ],
      [
        "Approvals",
        markup`${approvals.required} of ${approvals.keys.length === 0 ? "no listed key" : approvals.keys.map(({ name }) => name).join(", ")}; valid for at most ${duration(approvals.longest)}; ${approvals.requireSeparation ? "not by an author or the deployer" : "also by an author"}; break-glass ${approvals.breakGlass ? "allowed" : "not allowed"}`,
      ],
    ])}${
      difference !== null && difference.length > 0
        ? markup`<h3>tollgate.yaml, as this dashboard last read it, differs</h3>${list(
            difference.map((text) => markup`<code>${text}</code>`),
            "",
          )}`
        : nothing
    }${policyLink(environment)}<details><summary>All rules</summary><pre tabindex="0">${JSON.stringify(inForce.policy.rules, null, 2)}</pre></details>${problemList(problems)}`,
  )
}

function policyLink(environment: string): Markup {
  return markup`<p class="more"><a href="${path("environments", environment, "policy")}">Compare it with tollgate.yaml, and approve</a></p>`
}

function problemList(problems: EnvironmentPage["policies"]["problems"]): Markup {
  return problems.length === 0
    ? nothing
    : list(
        problems.map(
          ({ number, why }) => markup`${chip("fail", "failed")} event ${number} is not a valid adoption: ${why}`,
        ),
        "",
      )
}
