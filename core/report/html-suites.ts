import type { QaResult, SuiteResult } from "../qa/result.js"
import { duration, moment } from "./figures.js"
import { bar, block, icon, markup, type Markup, nothing } from "./html-markup.js"
import { timeline } from "./html-timeline.js"
import { clip } from "./plain-text.js"

export function suitesSection(result: QaResult): Markup {
  if (result.suites.length === 0) return nothing
  const cached = result.suites.some((suite) => suite.cached)
  const claims = result.suites.flatMap((suite) =>
    suite.verdict.kind === "proven" && suite.disagreement !== null
      ? [markup`<p class="note"><strong>Runner against evidence, ${suite.suite}:</strong> ${suite.disagreement}</p>`]
      : [],
  )
  return markup`<section id="suites"><h2>Suites</h2>
<div class="card suites"><table>
<thead><tr><th scope="col">suite</th><th scope="col">verdict</th><th scope="col">tests by outcome</th><th scope="col" class="number">passed</th><th scope="col" class="number">failed</th><th scope="col" class="number">skipped</th><th scope="col" class="number">time</th></tr></thead>
<tbody>${result.suites.map(row)}</tbody></table>
${cached ? markup`<p class="note">Cached: evidence of an earlier run on the same source; <code>--fresh</code> runs it again.</p>` : ""}
${result.notRun.length > 0 ? markup`<p class="note"><strong>Did not run</strong>, so nothing is proven about them: ${result.notRun.join(", ")}.</p>` : ""}${result.unlisted.length > 0 ? markup`<p class="note"><strong>In no suite</strong> of tollgate.yaml, so not run: ${result.unlisted.join(", ")}.</p>` : ""}${claims}</div>
${timeline(result)}</section>`
}

function row(suite: SuiteResult): Markup {
  const { tests, passed, failed, skipped } = suite.counts
  const proven = suite.verdict.kind === "proven"
  const cachedFrom = suite.cached && suite.evidence !== null ? markup`<span class="cached">cached, ${moment(suite.evidence.startedAt)}</span>` : ""
  return markup`<tr><th scope="row">${suite.suite}</th>
<td><span class="chip ${proven ? "proven" : "red"}">${icon(proven ? "pass" : "fail")}${proven ? "proven" : "RED"}</span>${codes(suite)}${cachedFrom}</td>
<td class="wide">${tests === 0 ? markup`<span class="zero">no test ran</span>` : outcomes(passed, failed, skipped)}</td>
${cell(passed, "passed", "")}${cell(failed, "failed", "bad-number")}${cell(skipped, "skipped", "")}
<td class="number">${suite.evidence === null ? "–" : duration(suite.seconds)}</td></tr>`
}

/** A suite may be red with every test green: its row says why at once. */
function codes(suite: SuiteResult): Markup {
  if (suite.verdict.kind === "proven") return nothing
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

/** What the runners of the proven suites printed; a red suite's is beside its reasons. */
export function outputSection(result: QaResult): Markup {
  const blocks = result.suites
    .filter((suite) => suite.verdict.kind === "proven")
    .map((suite) => block(suite.suite, clip(suite.evidence?.outputTail ?? "", 20_000)))
    .filter((one) => one !== nothing)
  return blocks.length === 0 ? nothing : markup`<section id="output"><h2>What the runners printed</h2><div class="card">${blocks}</div></section>`
}
