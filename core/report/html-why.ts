import { block, icon, type Markup, markup, nothing } from "../presentation/html-markup.js"
import { clip } from "../presentation/plain-text.js"
import type { QaResult, SuiteResult } from "../qa/result.js"
import { count, duration } from "../shared/figures.js"
import { type Case, casesOf, isFailed } from "./cases.js"
import { EVIDENCE } from "./evidence-file.js"
import { place } from "./reasons.js"
import { failedSuites, problemsOutsideSuites } from "./verdict.js"

/** For each failed suite: reasons that belong to no test first, as they often explain the rest, then tests, then the runner's output. */
export function whySection(result: QaResult): Markup {
  const failed = failedSuites(result)
  const outside = problemsOutsideSuites(result)
  if (failed.length === 0 && outside.length === 0) return nothing
  const why = result.coverage.kind === "missing" ? result.coverage.why : ""
  return markup`<section id="why"><h2>Why it failed</h2>${failed.length > 0 ? markup`<div class="tools"></div>` : ""}
${failed.map((suite) => suiteCard(suite))}
${outside.map((problem) => markup`<div class="card problem"><h3>${icon("fail")} ${sentence(problem.message)}</h3>${problem.code === "coverage-missing" ? markup`<p class="said">${why}</p>` : ""}</div>`)}
</section>`
}

const shownAtOnce = 10
const longest = 20_000

function suiteCard(suite: SuiteResult): Markup {
  const failed = casesOf(suite).filter(isFailed)
  const loose = failed.filter((one) => one.test === null)
  const tests = failed.filter((one) => one.test !== null)
  const rest = tests.slice(shownAtOnce)
  const counts = [
    loose.length > 0 ? count(loose.length, "reason") : "",
    tests.length > 0 ? count(tests.length, "test") : "",
  ]
  return markup`<article class="card problem" id="why-${suite.suite}"><h3>${icon("fail")} ${suite.suite} <small>${counts.filter((text) => text !== "").join(", ")}</small></h3>
${suite.disagreement === null ? "" : markup`<p class="disagree"><strong>Runner and evidence disagree:</strong> ${suite.disagreement}</p>`}
${loose.length === 0 ? "" : markup`<ul class="reasons">${loose.map(reasonItem)}</ul>`}
${tests.slice(0, shownAtOnce).map((one, index) => testArticle(one, index === 0))}
${rest.length === 0 ? "" : markup`<details><summary>${rest.length} more</summary>${rest.map((one) => testArticle(one, false))}</details>`}
<div class="printed">${block("Last output of the runner", clip(suite.evidence?.outputTail ?? "", longest, EVIDENCE), tests.length === 0)}</div></article>`
}

function reasonItem(one: Case): Markup {
  const where = one.file === null ? "" : markup` <code>${place(one.file, one.line)}</code>`
  return markup`<li><code class="code">${one.code ?? ""}</code>${where}<p class="said">${clip(one.message, 2000, EVIDENCE)}</p>${block("Traceback", clip(one.traceback, longest, EVIDENCE))}</li>`
}

function testArticle(one: Case, open: boolean): Markup {
  const problem = one.test?.problems[0]
  const { file, line } = problem !== undefined && problem.file !== null ? problem : one
  const phase = problem === undefined || problem.phase === "call" ? "" : ` · in ${problem.phase}`
  const where = file === null ? one.group : place(file, line)
  return markup`<div class="case"><h4><code>${one.name}</code></h4><p class="where"><code>${where}</code>${phase} · ${duration(one.seconds)}</p>
<pre class="message" tabindex="0">${clip(one.message, 4000, EVIDENCE)}</pre>${block("Traceback", clip(one.traceback, longest, EVIDENCE), open)}${block("Captured output", clip(one.output, longest, EVIDENCE))}</div>`
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
