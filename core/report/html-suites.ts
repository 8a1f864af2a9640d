import { bar, block, icon, type Markup, markup, nothing } from "../presentation/html-markup.js"
import type { PagePart } from "../presentation/html-page.js"
import { clip } from "../presentation/plain-text.js"
import type { QaResult, SuiteResult } from "../qa/result.js"
import { duration, moment } from "../shared/figures.js"
import { EVIDENCE } from "./evidence-file.js"
import { timeline } from "./html-timeline.js"

export function suitesSection(result: QaResult): Markup {
  return result.suites.length === 0
    ? nothing
    : markup`<section id="suites"><h2>Suites</h2>
${suitesCard(result)}
${timeline(result)}</section>`
}

/** On the page of a whole run, where the reasons of each failure are too. */
export function suitesPart(result: QaResult): PagePart {
  const html = result.suites.length === 0 ? nothing : markup`<section><h2>Suites</h2>${suitesCard(result)}</section>`
  return { html, style: "" }
}

function suitesCard(result: QaResult): Markup {
  const cached = result.suites.some((suite) => suite.cached)
  const claims = result.suites.flatMap((suite) =>
    suite.verdict.kind === "passed" && suite.disagreement !== null
      ? [
          markup`<p class="note"><strong>Runner and evidence disagree, ${suite.suite}:</strong> ${suite.disagreement}</p>`,
        ]
      : [],
  )
  return markup`<div class="card suites"><table>
<thead><tr><th scope="col">suite</th><th scope="col">verdict</th><th scope="col">tests by outcome</th><th scope="col" class="number">passed</th><th scope="col" class="number">failed</th><th scope="col" class="number">skipped</th><th scope="col" class="number">time</th></tr></thead>
<tbody>${result.suites.map(row)}</tbody></table>
${cached ? markup`<p class="note">Cached: evidence of an earlier run on the same source. Use <code>--fresh</code> to run it again.</p>` : ""}
${result.notRun.length > 0 ? markup`<p class="note"><strong>Not run:</strong> ${result.notRun.join(", ")}.</p>` : ""}${result.unlisted.length > 0 ? markup`<p class="note"><strong>In no suite</strong> of tollgate.yaml, so not run: ${result.unlisted.join(", ")}.</p>` : ""}${claims}</div>`
}

function row(suite: SuiteResult): Markup {
  const { counts } = suite
  const passed = suite.verdict.kind === "passed"
  const cachedFrom =
    suite.cached && suite.evidence !== null
      ? markup`<span class="cached">cached, ${moment(suite.evidence.startedAt)}</span>`
      : ""
  return markup`<tr id="suite-${suite.suite}"><th scope="row">${suite.suite}</th>
<td><span class="chip ${passed ? "passed" : "failed"}">${icon(passed ? "pass" : "fail")}${passed ? "passed" : "FAILED"}</span>${codes(suite)}${cachedFrom}</td>
<td class="wide">${counts.tests === 0 ? markup`<span class="zero">no tests</span>` : outcomes(counts.passed, counts.failed, counts.skipped)}</td>
${cell(counts.passed, "passed", "")}${cell(counts.failed, "failed", "bad-number")}${cell(counts.skipped, "skipped", "")}
<td class="number">${suite.evidence === null ? "–" : duration(suite.seconds)}</td></tr>`
}

/** A suite may fail although every test passed, so its row shows why. */
function codes(suite: SuiteResult): Markup {
  if (suite.verdict.kind === "passed") return nothing
  const [first, ...others] = [...new Set(suite.verdict.reasons.map((reason) => reason.code))]
  return markup`<span class="cached">${first ?? ""}${others.length === 0 ? "" : ` +${others.length}`}</span>`
}

function cell(value: number, label: string, kind: string): Markup {
  return markup`<td class="number ${value === 0 ? "zero" : kind}" data-label="${label}">${value}</td>`
}

function outcomes(passed: number, failed: number, skipped: number): Markup {
  const share = 100 / Math.max(1, passed + failed + skipped)
  return bar(
    [
      { kind: "passed", from: 0, width: passed * share },
      { kind: "failed", from: passed * share, width: failed * share },
      { kind: "skipped", from: (passed + failed) * share, width: skipped * share },
    ],
    12,
  )
}

/** Output of the runners of suites that passed; that of failed suites is beside their reasons. */
export function outputSection(result: QaResult): Markup {
  const blocks = result.suites
    .filter((suite) => suite.verdict.kind === "passed")
    .map((suite) => block(suite.suite, clip(suite.evidence?.outputTail ?? "", 20_000, EVIDENCE)))
    .filter((one) => one !== nothing)
  return blocks.length === 0
    ? nothing
    : markup`<section id="output"><h2>Output of the runners</h2><div class="card">${blocks}</div></section>`
}
