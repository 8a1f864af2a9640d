import { type Markup, markup, nothing } from "../../presentation/html-markup.js"
import { sparkline } from "../../presentation/html-sparkline.js"
import { table } from "../../presentation/html-table.js"
import { count, duration } from "../../shared/figures.js"
import type { Branch, CiRun } from "../model/pipeline.js"
import type { View } from "./frame.js"
import { card, chip, facts, list, path } from "./parts.js"
import { type Clock, moment } from "./time.js"

/** Runs of `tollgate ci --ledger`: the latest of each branch, and one with all of its gates. */
export function pipelineView(branches: readonly Branch[], clock: Clock): View {
  return {
    title: "Pipeline",
    main: markup`<h1>Pipeline</h1>
${
  branches.length === 0
    ? markup`<p class="none">No run is recorded. <code>tollgate ci --ledger=env:TOLLGATE_LEDGER</code> records one.</p>`
    : markup`<div class="environments">${branches.map((branch) => branchCard(branch, clock))}</div>`
}`,
  }
}

function branchCard({ latest, runs, ...branch }: Branch, clock: Clock): Markup {
  const { gates, revision, change, startedAt, seconds, who, words } = latest
  const name = branch.name ?? "branch not known"
  return card(
    name,
    markup`<p class="states">${verdictChip(latest.verdict)}</p><p>${words}</p>
${facts([
  ["Latest run", markup`${runLink(latest, moment(clock, startedAt))}<br>${duration(seconds)}, by ${who}`],
  [
    "Commit",
    markup`${revision === null ? "not known" : markup`<code>${revision.slice(0, 12)}</code>`}${change === null ? nothing : markup`, change ${change}`}`,
  ],
  ["Gates", list(gates.map(gateLine), "none")],
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

function gateLine({ name, verdict, seconds, cached, figures }: CiRun["gates"][number]): Markup {
  return markup`${verdictChip(verdict)} ${name}${seconds === null ? nothing : markup`, ${duration(seconds)}${cached ? " (cached)" : ""}`}${figures
    .filter(({ value, before }) => before !== null && before !== value)
    .map((figure) => markup`<br><small>${figureWords(figure)}</small>`)}`
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

export function ciRunView(run: CiRun, clock: Clock): View {
  const { branch, revision, change, source, verdict, words, startedAt, seconds, who, gates } = run
  const title = `Run of ${branch ?? "a branch that is not known"}`
  return {
    title,
    main: markup`<p class="path"><a href="/pipeline">Pipeline</a> / event ${run.number}</p>
<h1>${title} ${verdictChip(verdict)}</h1><p>${words}</p>
${card(
  "Run",
  facts([
    ["Started", markup`${moment(clock, startedAt)}<br>by ${who}`],
    ["Took", markup`${duration(seconds)}`],
    ["Commit", markup`${revision === null ? "not known" : markup`<code>${revision}</code>`}`],
    ["Change", markup`${change ?? "none is known"}`],
    ["Source", markup`<code>${source}</code>`],
  ]),
)}
${card(
  "Gates",
  table(
    "Gates of this run; a figure is compared with the baseline of the run",
    [
      { title: "Gate" },
      { title: "Verdict" },
      { title: "Time", number: true },
      { title: "Figures" },
      { title: "Words" },
    ],
    gates.map((gate) => [
      markup`${gate.name}`,
      verdictChip(gate.verdict),
      markup`${gate.seconds === null ? "–" : duration(gate.seconds)}${gate.cached ? markup`<br><small>cached</small>` : nothing}`,
      gate.figures.length === 0
        ? markup`–`
        : list(
            gate.figures.map((figure) => markup`${figureWords(figure)}`),
            "",
          ),
      markup`${gate.words}${gate.reasons.map((reason) => markup`<br><span class="cause">${reason}</span>`)}`,
    ]),
  ),
)}
<p class="note">The reports themselves are where <code>tollgate ci</code> wrote them: the ledger has this summary.</p>`,
  }
}

function runLink({ number }: CiRun, words: Markup): Markup {
  return markup`<a href="${path("pipeline", String(number))}">${words}</a>`
}

function verdictChip(verdict: CiRun["gates"][number]["verdict"]): Markup {
  return chip(verdict === "passed" ? "pass" : verdict === "failed" ? "fail" : "skip", verdict)
}

function figureWords({ name, value, before }: CiRun["gates"][number]["figures"][number]): string {
  const shown = (figure: number) => String(Math.round(figure * 100) / 100)
  return `${name} ${shown(value)}${before === null ? "" : `, before ${shown(before)}`}`
}
