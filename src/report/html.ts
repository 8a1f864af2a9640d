import { createHash } from "node:crypto"
import { isProven, type QaResult } from "../qa/result.js"
import { duration, moment, percent, shortDigest, threshold } from "./figures.js"
import { coverageSection } from "./html-coverage.js"
import { definitions, icon, Markup, markup, nothing } from "./html-markup.js"
import { script } from "./html-script.js"
import { style } from "./html-style.js"
import { outputSection, suitesSection } from "./html-suites.js"
import { slowestSection, testsSection } from "./html-tests.js"
import { whySection } from "./html-why.js"
import { testsOf, verdictLine } from "./verdict.js"

/** report.html: one file that asks the network for nothing and reads without its script. */
export function html(result: QaResult): string {
  const page = markup`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy()}"><meta name="color-scheme" content="light dark">
<title>${verdictLine(result)} · ${result.app}</title><style>${new Markup(style)}</style></head>
<body>${definitions}${verdict(result)}
<main>${figures(result)}${suitesSection(result)}${whySection(result)}${slowestSection(result)}${coverageSection(result.coverage)}${testsSection(result)}${outputSection(result)}</main>
<footer>Tollgate ${result.tollgateVersion} judged this run by what was written inside its pytest processes; all of it is in evidence.json.</footer>
<script>${new Markup(script)}</script></body></html>
`
  return page.source
}

/** Whatever slips into the page, no script but ours runs and nothing is fetched. */
function policy(): string {
  const ours = createHash("sha256").update(script).digest("base64")
  return `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${ours}'; base-uri 'none'; form-action 'none'`
}

function verdict(result: QaResult): Markup {
  const proven = isProven(result)
  const line = verdictLine(result)
  const [word, words] = [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 2)]
  return markup`<header class="verdict ${proven ? "proven" : "red"}"><div>
<div class="headline">${icon(proven ? "pass" : "fail")}<div><h1>${word}</h1><p class="words">${words}</p></div></div>
<dl class="about"><div><dt>app</dt><dd><code>${result.app}</code></dd></div><div><dt>source</dt><dd><code>${shortDigest(result.source)}</code></dd></div><div><dt>began</dt><dd>${moment(result.startedAt)}</dd></div></dl>
</div></header>`
}

function figures(result: QaResult): Markup {
  const sum = (kind: "passed" | "failed" | "skipped") => result.suites.reduce((total, suite) => total + suite.counts[kind], 0)
  const red = result.suites.filter((suite) => suite.verdict.kind === "red").length
  const proven = result.suites.length - red
  const cached = result.suites.some((suite) => suite.cached)
  return markup`<dl class="figures">
${tile("suites proven", `${proven} of ${result.suites.length + result.notRun.length}`, red > 0)}
${tile("tests", String(testsOf(result)), false)}${tile("passed", String(sum("passed")), false)}
${tile("failed", String(sum("failed")), sum("failed") > 0)}${tile("skipped", String(sum("skipped")), false)}
${coverageTile(result)}${cached ? nothing : tile("time", duration(result.seconds), false)}</dl>`
}

function coverageTile({ coverage }: QaResult): Markup {
  switch (coverage.kind) {
    case "not-asked":
      return nothing
    case "missing":
      return tile("coverage", "none", true, `${threshold(coverage.threshold)} asked`)
    default:
      return tile("coverage", percent(coverage.percent), coverage.kind === "below", `${threshold(coverage.threshold)} asked`)
  }
}

function tile(name: string, value: string, bad: boolean, remark = ""): Markup {
  return markup`<div${bad ? markup` class="bad"` : ""}><dt>${name}</dt><dd>${value}${remark === "" ? "" : markup` <small>${remark}</small>`}</dd></div>`
}
