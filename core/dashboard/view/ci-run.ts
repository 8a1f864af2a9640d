import { type Markup, markup, nothing } from "../../presentation/html-markup.js"
import { table } from "../../presentation/html-table.js"
import { count, duration } from "../../shared/figures.js"
import type { Branch } from "../model/pipeline.js"
import { FLAKINESS, type SuiteTrend } from "../model/suites.js"
import { figureTrend, figureWords, flakyNote, flakyWords, suiteTrend, timeWords, verdictChip } from "./ci-parts.js"
import type { View } from "./frame.js"
import { card, facts, list } from "./parts.js"
import { type Clock, moment } from "./time.js"

/** One run of `tollgate ci --ledger` with all of its gates, beside the runs of its branch before it. */
export function ciRunView({ latest: run, suites, figures }: Branch, clock: Clock): View {
  const { branch, base, revision, change, source, verdict, words, startedAt, seconds, who, gates } = run
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
    ["Change", markup`${change ?? "none is known"}${base === null ? nothing : markup`, into ${base}`}`],
    ["Source", markup`<code>${source}</code>`],
  ]),
)}
${card(
  "Gates",
  table(
    "Gates of this run",
    [
      { title: "Gate" },
      { title: "Verdict" },
      { title: "Time", number: true },
      { title: "Figures" },
      { title: "Words" },
    ],
    gates.map((gate) => {
      const own = figures.filter((figure) => figure.gate === gate.name)
      return [
        markup`${gate.name}`,
        verdictChip(gate.verdict),
        markup`${gate.seconds === null ? "–" : duration(gate.seconds)}${gate.cached ? markup`<br><small>cached</small>` : nothing}`,
        own.length === 0
          ? markup`–`
          : list(
              own.map((figure) => markup`${figureWords(figure, run)}${figureTrend(figure)}`),
              "",
            ),
        markup`${gate.words}${gate.reasons.map((reason) => markup`<br><span class="cause">${reason}</span>`)}`,
      ]
    }),
  ),
)}
${suites.length === 0 ? nothing : suitesCard(suites)}`,
  }
}

function suitesCard(suites: readonly SuiteTrend[]): Markup {
  return card(
    "Suites",
    markup`${table(
      "Suites of this run, with the runs of the branch before it",
      [
        { title: "Suite" },
        { title: "Verdict" },
        { title: "Tests", number: true },
        { title: "Time" },
        { title: "Flakiness" },
      ],
      suites.map((suite) => [
        markup`${suite.name}`,
        verdictChip(suite.latest.verdict),
        markup`${suite.latest.tests}${suite.latest.failed === 0 ? nothing : markup`<br><small>${suite.latest.failed} failed</small>`}`,
        markup`${timeWords(suite)}${suiteTrend(suite)}`,
        flakinessCell(suite),
      ]),
    )}<p class="note">${FLAKINESS}</p>`,
  )
}

function flakinessCell({ flakiness }: SuiteTrend): Markup {
  if (flakiness.kind !== "flaky") return markup`${flakyWords(flakiness)}`
  return markup`${flakyNote(flakiness)}${
    flakiness.tests.length === 0
      ? nothing
      : list(
          flakiness.tests.map(
            ({ id, failed, runs }) =>
              markup`<code>${id}</code> <small>failed in ${failed} of ${count(runs, "run")}</small>`,
          ),
          "",
        )
  }`
}
