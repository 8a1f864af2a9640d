import type { ListedFile } from "../../ledger/report.js"
import { KEPT_OF_BRANCH, KEPT_OF_SERVICE } from "../../ledger/report-schema.js"
import { type Markup, markup, nothing } from "../../presentation/html-markup.js"
import { table } from "../../presentation/html-table.js"
import { bytes, count, duration } from "../../shared/figures.js"
import type { CiRun } from "../model/ci-run.js"
import type { Branch } from "../model/pipeline.js"
import { placeOfGate, placeOfSuite, reportAddress, reportLink } from "../model/report-links.js"
import { FLAKINESS, type SuiteTrend } from "../model/suites.js"
import {
  figureTrend,
  figureWords,
  flakyNote,
  flakyWords,
  reportWords,
  suiteTrend,
  timeWords,
  verdictChip,
} from "./ci-parts.js"
import type { View } from "./frame.js"
import { card, facts, list } from "./parts.js"
import { type Clock, moment } from "./time.js"

/** One run of `tollgate ci --ledger` with all of its gates, beside the runs of its branch before it. */
export function ciRunView(
  { latest: run, suites, figures }: Branch,
  /** Of its report, as far as the ledger keeps them. */
  files: readonly ListedFile[],
  clock: Clock,
): View {
  const { branch, base, revision, change, source, verdict, words, startedAt, seconds, who, gates } = run
  const link = reportLink(new Map(run.report === null ? [] : [[run.report.id, new Set(files.map(({ path }) => path))]]))
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
        reportWords(link(run, placeOfGate(gate)), markup`${gate.name}`),
        verdictChip(gate.verdict),
        markup`${gate.seconds === null ? "–" : duration(gate.seconds)}${gate.cached ? markup`<br><small>cached</small>` : nothing}`,
        own.length === 0
          ? markup`–`
          : list(
              own.map((figure) => markup`${figureWords(figure, run, link)}${figureTrend(figure)}`),
              "",
            ),
        markup`${gate.words}${gate.reasons.map((reason) => markup`<br><span class="cause">${reason}</span>`)}`,
      ]
    }),
  ),
)}
${suites.length === 0 ? nothing : suitesCard(suites, (suite) => link(run, placeOfSuite(suite.latest)))}
${reportCard(run, files)}`,
  }
}

function suitesCard(suites: readonly SuiteTrend[], reportOf: (suite: SuiteTrend) => string | null): Markup {
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
        reportWords(reportOf(suite), markup`${suite.name}`),
        verdictChip(suite.latest.verdict),
        markup`${suite.latest.tests}${suite.latest.failed === 0 ? nothing : markup`<br><small>${suite.latest.failed} failed</small>`}`,
        markup`${timeWords(suite)}${suiteTrend(suite)}`,
        flakinessCell(suite),
      ]),
    )}<p class="note">${FLAKINESS}</p>`,
  )
}

function reportCard({ number, report }: CiRun, files: readonly ListedFile[]): Markup {
  if (report === null)
    return card("Report", markup`<p>It was not stored: it is where <code>tollgate ci</code> wrote it.</p>`)
  if (files.length === 0)
    return card(
      "Report",
      markup`<p>It is no longer kept, or the user of the ledger may not read it. The ledger keeps the latest ${KEPT_OF_BRANCH} of a branch, and ${KEPT_OF_SERVICE} in all.</p>`,
    )
  const leftOut =
    report.leftOut === 0 ? nothing : markup`<p>${count(report.leftOut, "file")} over a limit left out.</p>`
  return card(
    "Report",
    markup`<p>${count(report.files, "file")}, ${bytes(report.bytes)} compressed. A report is shown without its scripts.</p>${leftOut}
<details><summary>All files</summary>${list(
      files.map(
        ({ path, bytes: size }) =>
          markup`<a href="${reportAddress(number, path)}">${path}</a> <small>${bytes(size)}</small>`,
      ),
      "",
    )}</details>`,
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
