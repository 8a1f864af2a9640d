import type { LeaseHolder } from "../../ledger/ledger.js"
import { markup, nothing } from "../../presentation/html-markup.js"
import { tile } from "../../presentation/html-page.js"
import { duration } from "../../shared/figures.js"
import type { Asks } from "../model/asks.js"
import type { EnvironmentPage } from "../model/environment.js"
import type { RunProgress } from "../model/run.js"
import type { ReleaseFacts } from "../reading/questions.js"
import type { SampleFacts } from "../reading/samples.js"
import { emergencyCard } from "./asks.js"
import type { View } from "./frame.js"
import { type LogsPart, logsCard } from "./logs.js"
import { card, causesCard, environmentLink, outcomeChip, releaseLink } from "./parts.js"
import { picturesCard } from "./pictures.js"
import { eventsCard } from "./release.js"
import { reviewsCard } from "./review.js"
import { stepsTable } from "./steps.js"
import { type Clock, moment } from "./time.js"

/** Latest events on the page of a run; the release's page has all. */
const MOST_EVENTS = 60

/** The run that goes on now, or the latest one that ended. */
export function runView(
  facts: ReleaseFacts,
  { progress, samples, logs }: { progress: RunProgress; samples: SampleFacts; logs: LogsPart },
  { page, asks }: { page: EnvironmentPage; asks: Asks },
  clock: Clock,
): View {
  const { release } = facts
  const { environment, id, version, who, startedAt, causes, run } = release
  const { steps, elapsed, left } = progress
  const done = steps.filter(({ state }) => state === "done" || state === "skipped").length
  const now = steps.find(({ state }) => state === "running")
  const running = release.outcome === "running"
  return {
    title: `Run · ${environment}`,
    charts: true,
    main: markup`<p class="path">${environmentLink(environment)} / run</p>
<h1>${running ? "Run of" : "Latest run:"} ${version ?? id} ${outcomeChip(release)}</h1>
<p>${releaseLink(environment, id)}, by ${who}, started ${moment(clock, startedAt)}</p>
${otherRun(facts.lease, run, clock)}
<dl class="figures">${tile("steps done", `${done} of ${steps.length}`, false)}${tile("now", now?.name ?? "–", false)}${tile(running ? "so far" : "took", duration(elapsed), false)}${
      running
        ? tile(
            "estimated time left",
            left === null ? "unknown" : duration(left),
            false,
            left === null
              ? "no earlier run to compare with"
              : `median of ${progress.from === 1 ? "one earlier run" : `${progress.from} earlier runs`}${progress.watch === null ? "" : `; watch of ${duration(progress.watch)}`}`,
          )
        : nothing
    }</dl>
${causesCard(causes)}
${emergencyCard(page, asks)}
${reviewsCard(
  page.reviews.filter(({ release }) => release === id),
  environment,
  clock,
)}
${card("Steps", stepsTable(progress, clock))}
${picturesCard(facts, samples, clock)}
${logsCard(release, logs, clock)}
${eventsCard(facts, clock, MOST_EVENTS)}`,
  }
}

/** The lease may be held by a run whose release is not in the ledger yet. */
function otherRun(lease: LeaseHolder | null, run: string, clock: Clock) {
  if (lease === null || lease.run === run) return nothing
  return markup`<p class="card">Another run holds the lease: ${lease.command} by ${lease.who}, since ${moment(clock, lease.takenAt)}. Its release is not in the ledger yet: a deployment runs its gates first.</p>`
}

export function noRunView(environment: string, lease: LeaseHolder | null, clock: Clock): View {
  return {
    title: `Run · ${environment}`,
    main: markup`<p class="path">${environmentLink(environment)} / run</p><h1>No run</h1>
<p>No release of ${environment} is in the ledger.</p>${otherRun(lease, "", clock)}`,
  }
}
