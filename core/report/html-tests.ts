import { bar, icon, type Markup, markup, nothing } from "../presentation/html-markup.js"
import { oneLine } from "../presentation/plain-text.js"
import type { QaResult, SuiteResult } from "../qa/result.js"
import { count, duration } from "../shared/figures.js"
import { type Case, casesOf, isFailed } from "./cases.js"

export function slowestSection(result: QaResult): Markup {
  const tests = result.suites
    .flatMap(testsOf)
    .sort((a, b) => b.seconds - a.seconds)
    .slice(0, 10)
  const longest = tests[0]?.seconds ?? 0
  if (longest === 0) return nothing
  const items = tests.map(
    (one) => markup`<li><span><code>${one.name}</code><small>${one.suite} · ${one.file ?? one.group}</small></span>
${bar([{ kind: "plain", from: 0, width: (one.seconds / longest) * 100 }], 10)}<span class="number">${duration(one.seconds)}</span></li>`,
  )
  return markup`<section id="slowest"><h2>Slowest tests</h2><ol class="card slow">${items}</ol></section>`
}

export function testsSection(result: QaResult): Markup {
  const groups = result.suites.filter((suite) => suite.tests.length > 0).map(group)
  if (groups.length === 0) return nothing
  return markup`<section id="tests"><h2>All tests</h2><div class="card tests"><div class="tools"></div>${groups}</div></section>`
}

function testsOf(suite: SuiteResult): Case[] {
  return casesOf(suite).filter((one) => one.test !== null)
}

function group(suite: SuiteResult): Markup {
  const rows = testsOf(suite).map(
    (one) =>
      markup`<tr data-status="${isFailed(one) ? "failed" : one.status}"><td>${outcome(one)}</td><th scope="row"><code>${one.test?.id ?? one.name}</code>${remark(one)}</th><td class="number">${duration(one.seconds)}</td></tr>`,
  )
  return markup`<details><summary>${suite.suite}: ${count(rows.length, "test")}</summary><table>
<thead><tr><th scope="col">outcome</th><th scope="col">test</th><th scope="col" class="number">time</th></tr></thead><tbody>${rows}</tbody></table></details>`
}

function outcome(one: Case): Markup {
  if (isFailed(one)) return markup`<span class="chip failed">${icon("fail")}${one.status}</span>`
  return one.status === "skipped"
    ? markup`${icon("skip")} ${one.test?.outcome ?? "skipped"}`
    : markup`${icon("pass")} ${one.test?.outcome ?? "passed"}`
}

function remark(one: Case): Markup {
  const parts = [
    one.status === "skipped" ? oneLine(one.message.slice(0, 300)) : "",
    one.test !== null && one.test.reruns > 0 ? `needed ${count(one.test.reruns, "rerun")}` : "",
  ].filter((part) => part !== "")
  return parts.length === 0 ? nothing : markup`<span class="cached">${parts.join(" · ")}</span>`
}
