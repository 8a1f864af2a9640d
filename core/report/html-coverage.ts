import { bar, type Markup, markup, nothing } from "../presentation/html-markup.js"
import type { CoverageVerdict, FileCoverage } from "../qa/result.js"
import { count, lineRanges, percent, threshold } from "../shared/figures.js"

export function coverageSection(coverage: CoverageVerdict): Markup {
  if (coverage.kind === "not-asked" || coverage.kind === "missing") return nothing
  const files = [...coverage.files].sort(
    (a, b) => a.percent - b.percent || b.missingLines.length - a.missingLines.length,
  )
  const open = files.filter((file) => file.percent < 100)
  const full = files.filter((file) => file.percent >= 100)
  const asked = threshold(coverage.threshold)
  const sentence = {
    passed: markup`<strong>${percent(coverage.percent)}</strong> of statements covered; threshold ${asked}.`,
    below: markup`<strong class="bad-number">${percent(coverage.percent)}</strong> of statements covered; threshold ${asked}.`,
    partial: markup`<strong>${percent(coverage.percent)}</strong> so far; the threshold of ${asked} applies to all suites together.`,
  }[coverage.kind]
  return markup`<section id="coverage"><h2>Coverage</h2><div class="card coverage">
<div class="total"><p>${sentence}</p>${bar([{ kind: "plain", from: 0, width: coverage.percent }], 14, coverage.threshold)}</div>
${open.length === 0 ? "" : fileTable(open, coverage.threshold)}
${full.length === 0 ? "" : markup`<details><summary>${count(full.length, "file")} fully covered</summary>${fileTable(full, coverage.threshold)}</details>`}
</div></section>`
}

function fileTable(files: FileCoverage[], asked: number): Markup {
  return markup`<table><thead><tr><th scope="col">file</th><th scope="col">covered</th><th scope="col" class="number">percent</th><th scope="col">missing lines</th></tr></thead>
<tbody>${files.map((file) => row(file, asked))}</tbody></table>`
}

function row(file: FileCoverage, asked: number): Markup {
  return markup`<tr><th scope="row"><code>${file.file}</code></th><td class="wide">${bar([{ kind: "plain", from: 0, width: file.percent }], 10, asked)}</td>
<td class="number">${percent(file.percent)}</td><td class="lines">${lineRanges(file.missingLines)}</td></tr>`
}
