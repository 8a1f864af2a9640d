import { type Markup, markup, nothing } from "../../presentation/html-markup.js"
import { table } from "../../presentation/html-table.js"
import { duration } from "../../shared/figures.js"
import type { Asks } from "../model/asks.js"
import { eventLine } from "../model/event-line.js"
import type { ClosedReview, DueReview } from "../model/reviews.js"
import type { RunProgress } from "../model/run.js"
import type { ReleaseFacts } from "../reading/questions.js"
import type { SampleFacts } from "../reading/samples.js"
import { asksData } from "./asks.js"
import type { View } from "./frame.js"
import { type LogsPart, logsCard } from "./logs.js"
import {
  card,
  causesCard,
  chip,
  digestCode,
  environmentLink,
  facts,
  list,
  outcomeChip,
  path,
  releaseLink,
} from "./parts.js"
import { picturesCard } from "./pictures.js"
import { approvalLine, shortPlan } from "./plans.js"
import { closedLine, reviewsCard } from "./review.js"
import { stepsTable } from "./steps.js"
import { type Clock, moment } from "./time.js"

export interface ReviewPart {
  /** Of this release. */
  readonly open: readonly DueReview[]
  readonly closed: ClosedReview | null
  /** For the script that signs; null: nothing is to be signed. */
  readonly asks: Asks | null
}

/** One release with everything that the ledger has of it. */
export function releaseView(
  given: ReleaseFacts,
  {
    progress,
    samples,
    logs,
    review,
  }: { progress: RunProgress; samples: SampleFacts; logs: LogsPart; review: ReviewPart },
  now: Date,
  clock: Clock,
): View {
  const { release, releases } = given
  const { environment, id, version, causes, breakGlass } = release
  const previous = releases[releases.findIndex((one) => one.id === id) + 1]
  return {
    title: `${id} · ${environment}`,
    charts: true,
    main: markup`<p class="path">${environmentLink(environment)} / release</p>
<h1>${version ?? id} ${outcomeChip(release)}</h1>
${causesCard(causes)}
${
  breakGlass === null
    ? nothing
    : markup`<section class="card problem"><h2>Break-glass</h2><p>${breakGlass.reason}</p><p>Overrode ${breakGlass.waived.join(", ")}. ${breakGlass.signed === null ? "No listed key signed it." : "Signed with a listed key; `tollgate ledger verify` verifies the signature."}</p><p>${moment(clock, breakGlass.at)}</p>${closedLine(review.closed, clock)}</section>`
}
${review.asks === null ? nothing : asksData(review.asks)}${reviewsCard(review.open, environment, clock)}
<div class="columns">${madeOf(given, clock)}${approvalsCard(given, now, clock)}</div>
${card("Steps", stepsTable(progress, clock))}
${picturesCard(given, samples, clock)}
${logsCard(release, logs, clock)}
${
  previous === undefined
    ? nothing
    : markup`<p class="more"><a href="${path("environments", environment, "difference")}?from=${encodeURIComponent(previous.id)}&amp;to=${encodeURIComponent(id)}">Compare with ${previous.id}</a></p>`
}
${eventsCard(given, clock)}`,
  }
}

function madeOf({ release }: ReleaseFacts, clock: Clock): Markup {
  const { environment, id, action, who, why, image, digest, revision, previous, planId, serving } = release
  const { configNames, migrations, scheduledFor, startedAt, finishedAt, seconds, run } = release
  return card(
    "Release",
    facts([
      ["Id", markup`<code>${id}</code>`],
      ["Action", markup`${action}, by ${who}${why === "" ? nothing : markup`<br>${why}`}`],
      [
        "Started",
        markup`${moment(clock, startedAt)}${scheduledFor === null ? nothing : markup`<br>scheduled for ${moment(clock, scheduledFor)}`}`,
      ],
      [
        "Ended",
        markup`${finishedAt === null ? "not recorded" : moment(clock, finishedAt)}${seconds === null ? nothing : markup`<br>after ${duration(seconds)}`}`,
      ],
      ["Image", markup`<code>${image}</code>`],
      ["Commit", revision === null ? markup`not recorded` : markup`<code>${revision}</code>`],
      [
        "Serving before",
        previous === null
          ? markup`nothing`
          : markup`${digestCode(previous.digest)}${previous.release === null ? nothing : markup`, ${releaseLink(environment, previous.release)}`}`,
      ],
      [
        "Serving afterwards",
        serving === null
          ? markup`not verified`
          : markup`${digestCode(serving.digest)}${serving.digest === digest ? " (this image)" : ""}${serving.release === null ? nothing : markup`, ${releaseLink(environment, serving.release)}`}`,
      ],
      ["Migrations", markup`${migrations.length === 0 ? "none" : migrations.join(", ")}`],
      ["Configuration", markup`${configNames.length === 0 ? "no names recorded" : configNames.join(", ")}`],
      ["Plan", markup`${planId === null ? "none" : markup`<code title="${planId}">${shortPlan(planId)}</code>`}`],
      ["Run", markup`<code>${run}</code>`],
    ]),
  )
}

function approvalsCard({ release }: ReleaseFacts, now: Date, clock: Clock): Markup {
  const { approvals, notifications, finishedAt } = release
  return card(
    "Approvals",
    markup`${list(
      approvals.map((one) =>
        // one that was valid when the release used it stays so
        finishedAt === null
          ? approvalLine({ ...one, expired: Date.parse(one.expiresAt) <= now.getTime() }, clock)
          : markup`${chip("pass", "used")} ${one.approver}: ${one.reason}<br>signed ${moment(clock, one.signedAt)}<br>key <code>${one.key}</code>`,
      ),
      "None recorded.",
    )}<p class="note"><code>tollgate ledger verify</code> verifies the signatures with public keys alone.</p>${
      notifications.length === 0
        ? nothing
        : markup`<h3>Notifications</h3>${list(
            notifications.map(
              ({ event, channel, sent, error }) =>
                markup`${chip(sent ? "pass" : "fail", sent ? "sent" : "not sent")} ${channel}, ${event}${error === null ? nothing : markup`: ${error}`}`,
            ),
            "",
          )}`
    }`,
  )
}

/** Figures that a step recorded beside its note. */
export function eventsCard(
  { events, cut }: Pick<ReleaseFacts, "events" | "cut">,
  clock: Clock,
  most = Infinity,
): Markup {
  const shown = events.slice(-most)
  return card(
    "Events",
    markup`${table(
      "Events of the ledger, oldest first",
      [{ title: "Event" }, { title: "Time" }, { title: "What" }, { title: "By" }],
      shown.map((event) => {
        const { number, at, who, what, more, remarks } = eventLine(event)
        return [
          markup`<span class="event">${number}</span>`,
          moment(clock, at),
          markup`${what}${more === "" ? nothing : markup`<small class="cause">${more}</small>`}${remarks.map((remark) => markup`<small>(${remark})</small>`)}${figuresOf(event)}`,
          markup`${who}`,
        ]
      }),
    )}${cut ? markup`<p class="note">Only the first ${events.length} events are shown. <code>tollgate history --json</code> has all.</p>` : nothing}`,
  )
}

function figuresOf({ what, number }: ReleaseFacts["events"][number]): Markup {
  if (what.kind !== "step-finished" || what.detail === null) return nothing
  return markup`<details id="event-${number}"><summary>figures of ${what.step}</summary><pre tabindex="0">${JSON.stringify(what.detail, null, 2)}</pre></details>`
}
