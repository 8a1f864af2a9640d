import { type Markup, markup, nothing } from "../../presentation/html-markup.js"
import { sparkline } from "../../presentation/html-sparkline.js"
import { count, duration } from "../../shared/figures.js"
import type { CiRun } from "../model/ci-run.js"
import type { Branch } from "../model/pipeline.js"
import { placeOfGate, placeOfSuite, type ReportLink, WHOLE } from "../model/report-links.js"
import { FLAKINESS, type SuiteTrend } from "../model/suites.js"
import {
  figureTrend,
  figureWords,
  flakyNote,
  reportWords,
  runLink,
  suiteTrend,
  timeWords,
  verdictChip,
} from "./ci-parts.js"
import { type ChecksOf, checksCard } from "./environment-checks.js"
import type { View } from "./frame.js"
import { card, facts, list } from "./parts.js"
import { type Clock, moment } from "./time.js"

/** Runs of `tollgate ci --ledger`: the latest of each branch; and gates that judge an environment. */
export function pipelineView(
  branches: readonly Branch[],
  link: ReportLink,
  environments: readonly ChecksOf[],
  clock: Clock,
): View {
  return {
    title: "Pipeline",
    main: markup`<h1>Pipeline</h1>
${
  branches.length === 0
    ? markup`<p class="none">No run is recorded. <code>tollgate ci --ledger=env:TOLLGATE_LEDGER</code> records one.</p>`
    : markup`<div class="environments">${branches.map((branch) => branchCard(branch, link, clock))}</div>
<p class="note">${FLAKINESS}</p>`
}
${checksCard(environments, clock)}`,
  }
}

function branchCard({ latest, runs, suites, figures, ...branch }: Branch, link: ReportLink, clock: Clock): Markup {
  const { gates, revision, change, base, startedAt, seconds, who, words } = latest
  const name = branch.name ?? "branch not known"
  const report = link(latest, WHOLE)
  return card(
    name,
    markup`<p class="states">${verdictChip(latest.verdict)}</p><p>${words}</p>
${facts([
  [
    "Latest run",
    markup`${runLink(latest, moment(clock, startedAt))}<br>${duration(seconds)}, by ${who}${report === null ? nothing : markup`<br>${reportWords(report, markup`Report`)}`}`,
  ],
  [
    "Commit",
    markup`${revision === null ? "not known" : markup`<code>${revision.slice(0, 12)}</code>`}${change === null ? nothing : markup`, change ${change}`}${base === null || base === latest.branch ? nothing : markup`, into ${base}`}`,
  ],
  [
    "Gates",
    list(
      gates.map((gate) => gateLine(gate, link(latest, placeOfGate(gate)))),
      "none",
    ),
  ],
  ...(suites.length === 0
    ? []
    : [
        [
          "Suites",
          list(
            suites.map((suite) => suiteLine(suite, link(latest, placeOfSuite(suite.latest)))),
            "",
          ),
        ] as const,
      ]),
  ...(figures.length === 0
    ? []
    : [
        [
          "Figures",
          list(
            figures.map((figure) => markup`${figureWords(figure, latest, link)}${figureTrend(figure)}`),
            "",
          ),
        ] as const,
      ]),
])}
${trend(name, runs)}
<details><summary>${count(runs.length, "run")}</summary>${list(
      runs.map(
        (run) =>
          markup`${runLink(run, moment(clock, run.startedAt))} ${verdictChip(run.verdict)} ${duration(run.seconds)}`,
      ),
      "",
    )}</details>`,
    latest.app === "" || latest.app === "." ? "" : latest.app,
  )
}

function gateLine({ name, verdict, seconds, cached }: CiRun["gates"][number], report: string | null): Markup {
  return markup`${verdictChip(verdict)} ${reportWords(report, markup`${name}`)}${seconds === null ? nothing : markup`, ${duration(seconds)}${cached ? " (cached)" : ""}`}`
}

function suiteLine(suite: SuiteTrend, report: string | null): Markup {
  const { flakiness, latest } = suite
  return markup`${verdictChip(latest.verdict)} ${reportWords(report, markup`${suite.name}`)} <small>${timeWords(suite)}</small>${suiteTrend(suite)}${
    flakiness.kind === "flaky" ? markup`<br>${flakyNote(flakiness)}` : nothing
  }`
}

function trend(name: string, runs: readonly CiRun[]): Markup {
  if (runs.length < 2) return nothing
  const failed = runs.filter(({ verdict }) => verdict !== "passed").length
  const words = `Duration of the last ${count(runs.length, "run")} of ${name}, ${failed} not passed`
  return markup`<figure class="durations">${sparkline(
    [...runs].reverse().map(({ seconds, verdict, startedAt }) => ({
      value: seconds,
      failed: verdict !== "passed",
      title: `${startedAt}: ${verdict}, ${duration(seconds)}`,
    })),
    words,
  )}<figcaption>${words}</figcaption></figure>`
}
