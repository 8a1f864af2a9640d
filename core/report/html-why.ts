import type { QaResult, SuiteResult } from "../qa/result.js"
import { type Case, casesOf, isRed } from "./cases.js"
import { count, duration } from "./figures.js"
import { block, icon, markup, type Markup, nothing } from "./html-markup.js"
import { clip } from "./plain-text.js"
import { place } from "./reasons.js"
import { problemsOutsideSuites, redSuites } from "./verdict.js"

/** Per red suite: what belongs to no test first (it often explains the rest), then the tests, then the runner's words. */
export function whySection(result: QaResult): Markup {
  const red = redSuites(result)
  const outside = problemsOutsideSuites(result)
  if (red.length === 0 && outside.length === 0) return nothing
  const why = result.coverage.kind === "missing" ? result.coverage.why : ""
  return markup`<section id="why"><h2>Why it is red</h2>${red.length > 0 ? markup`<div class="tools"></div>` : ""}
${red.map((suite) => suiteCard(suite))}
${outside.map((problem) => markup`<div class="card problem"><h3>${icon("fail")} ${sentence(problem.message)}</h3>${problem.code === "coverage-missing" ? markup`<p class="said">${why}</p>` : ""}</div>`)}
</section>`
}

const shownAtOnce = 10
const longest = 20_000

function suiteCard(suite: SuiteResult): Markup {
  const red = casesOf(suite).filter(isRed)
  const loose = red.filter((one) => one.test === null)
  const tests = red.filter((one) => one.test !== null)
  const rest = tests.slice(shownAtOnce)
  const unproven = [loose.length > 0 ? count(loose.length, "reason") : "", tests.length > 0 ? count(tests.length, "test") : ""]
  return markup`<article class="card problem"><h3>${icon("fail")} ${suite.suite} <small>${unproven.filter((text) => text !== "").join(", ")}</small></h3>
${suite.disagreement === null ? "" : markup`<p class="disagree"><strong>Runner against evidence:</strong> ${suite.disagreement}</p>`}
${loose.length === 0 ? "" : markup`<ul class="reasons">${loose.map(reasonItem)}</ul>`}
${tests.slice(0, shownAtOnce).map((one, index) => testArticle(one, index === 0))}
${rest.length === 0 ? "" : markup`<details><summary>${rest.length} more</summary>${rest.map((one) => testArticle(one, false))}</details>`}
<div class="printed">${block("What the runner printed last", clip(suite.evidence?.outputTail ?? "", longest), tests.length === 0)}</div></article>`
}

function reasonItem(one: Case): Markup {
  const where = one.file === null ? "" : markup` <code>${place(one.file, one.line)}</code>`
  return markup`<li><code class="code">${one.code ?? ""}</code>${where}<p class="said">${clip(one.message, 2000)}</p>${block("Traceback", clip(one.traceback, longest))}</li>`
}

function testArticle(one: Case, open: boolean): Markup {
  const problem = one.test?.problems[0]
  const { file, line } = problem !== undefined && problem.file !== null ? problem : one
  const phase = problem === undefined || problem.phase === "call" ? "" : ` · in ${problem.phase}`
  const where = file === null ? one.group : place(file, line)
  return markup`<div class="case"><h4><code>${one.name}</code></h4><p class="where"><code>${where}</code>${phase} · ${duration(one.seconds)}</p>
<pre class="message" tabindex="0">${clip(one.message, 4000)}</pre>${block("Traceback", clip(one.traceback, longest), open)}${block("Captured output", clip(one.output, longest))}</div>`
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
