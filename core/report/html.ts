import { type Markup, markup, nothing } from "../presentation/html-markup.js"
import { page, tile, verdict } from "../presentation/html-page.js"
import { isProven, type QaResult } from "../qa/result.js"
import { duration, moment, percent, shortDigest, threshold } from "../shared/figures.js"
import { coverageSection } from "./html-coverage.js"
import { script } from "./html-script.js"
import { outputSection, suitesSection } from "./html-suites.js"
import { slowestSection, testsSection } from "./html-tests.js"
import { whySection } from "./html-why.js"
import { testsOf, verdictLine } from "./verdict.js"

/** report.html: one file without network requests, readable without its script. */
export function html(result: QaResult): string {
  return page({
    title: `${verdictLine(result)} · ${result.app}`,
    header: verdict({
      line: verdictLine(result),
      passed: isProven(result),
      about: [
        ["app", markup`<code>${result.app}</code>`],
        ["source", markup`<code>${shortDigest(result.source)}</code>`],
        ["started", markup`${moment(result.startedAt)}`],
      ],
    }),
    main: markup`${figures(result)}${suitesSection(result)}${whySection(result)}${slowestSection(result)}${coverageSection(result.coverage)}${testsSection(result)}${outputSection(result)}`,
    footer: markup`Tollgate ${result.tollgateVersion} judged this run by records written inside its pytest processes. All of them are in evidence.json.`,
    script,
  })
}

function figures(result: QaResult): Markup {
  const sum = (kind: "passed" | "failed" | "skipped") =>
    result.suites.reduce((total, suite) => total + suite.counts[kind], 0)
  const failed = result.suites.filter((suite) => suite.verdict.kind === "failed").length
  const passed = result.suites.length - failed
  const cached = result.suites.some((suite) => suite.cached)
  return markup`<dl class="figures">
${tile("suites passed", `${passed} of ${result.suites.length + result.notRun.length}`, failed > 0)}
${tile("tests", String(testsOf(result)), false)}${tile("passed", String(sum("passed")), false)}
${tile("failed", String(sum("failed")), sum("failed") > 0)}${tile("skipped", String(sum("skipped")), false)}
${coverageTile(result)}${cached ? nothing : tile("time", duration(result.seconds), false)}</dl>`
}

function coverageTile({ coverage }: QaResult): Markup {
  switch (coverage.kind) {
    case "not-asked":
      return nothing
    case "missing":
      return tile("coverage", "none", true, `threshold ${threshold(coverage.threshold)}`)
    default:
      return tile(
        "coverage",
        percent(coverage.percent),
        coverage.kind === "below",
        `threshold ${threshold(coverage.threshold)}`,
      )
  }
}
