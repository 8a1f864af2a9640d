import { code, details, pre, table, text } from "../presentation/markdown-markup.js"
import type { QaResult, SuiteResult } from "../qa/result.js"
import { count, duration, lineRanges, moment, percent, shortDigest, threshold } from "../shared/figures.js"
import { type Case, casesOf, isFailed } from "./cases.js"
import { place } from "./reasons.js"
import { failedSuites, problemsOutsideSuites, verdictLine } from "./verdict.js"

/** summary.md, for a GitHub job summary or comment: the content of the terminal's screen, with collapsible details. */
export function markdown(result: QaResult): string {
  const failed = failedSuites(result)
  const passed = failed.length === 0 && problemsOutsideSuites(result).length === 0
  const blocks = [
    `## ${passed ? "✅" : "❌"} ${text(verdictLine(result))}`,
    `Tollgate ${text(result.tollgateVersion)} · ${code(result.app)} · source ${code(shortDigest(result.source))}`,
    suiteTable(result),
    ...notes(result),
    ...coverage(result),
    ...failed.flatMap((suite) => whyFailed(suite, Math.floor(failuresShown / failed.length))),
  ]
  return `${blocks.join("\n\n")}\n`
}

// GitHub rejects job summaries over 1 MiB
const failuresShown = 60

function suiteTable(result: QaResult): string {
  const rows = result.suites.map((suite) => [
    code(suite.suite),
    ...[suite.counts.tests, suite.counts.passed, suite.counts.failed, suite.counts.skipped].map(String),
    suite.evidence === null ? "–" : duration(suite.seconds),
    (suite.verdict.kind === "passed" ? "✅ passed" : "❌ **FAILED**") +
      (suite.cached ? `, cached${cachedFrom(suite)}` : ""),
  ])
  const titles = ["suite", "tests", "passed", "failed", "skipped", "time", "verdict"]
  return table(titles, ["left", "right", "right", "right", "right", "right", "left"], rows)
}

function disagreement(suite: string, sentence: string): string {
  return `> ⚠️ Runner and evidence disagree, ${code(suite)}: ${text(sentence)}`
}

function cachedFrom(suite: SuiteResult): string {
  return suite.evidence === null ? "" : ` from ${text(moment(suite.evidence.startedAt))}`
}

function notes(result: QaResult): string[] {
  const notes: string[] = []
  if (result.suites.some((suite) => suite.cached)) {
    notes.push("Cached: evidence of an earlier run on the same source. Use <code>--fresh</code> to run it again.")
  }
  if (result.notRun.length > 0) {
    notes.push(`Not run: ${result.notRun.map((suite) => code(suite)).join(", ")}.`)
  }
  if (result.unlisted.length > 0) {
    notes.push(`In no suite of tollgate.yaml, so not run: ${result.unlisted.map((file) => code(file)).join(", ")}.`)
  }
  for (const suite of result.suites) {
    if (suite.verdict.kind === "passed" && suite.disagreement !== null)
      notes.push(disagreement(suite.suite, suite.disagreement))
  }
  return notes
}

function coverage(result: QaResult): string[] {
  const verdict = result.coverage
  if (verdict.kind === "not-asked") return []
  if (verdict.kind === "missing")
    return [`❌ **No coverage** (threshold ${threshold(verdict.threshold)}): ${text(verdict.why)}`]
  const asked = threshold(verdict.threshold)
  const figure = `coverage ${percent(verdict.percent)}`
  const sentence = {
    passed: `✅ ${figure}, threshold ${asked}`,
    below: `❌ **${figure}**, threshold ${asked}`,
    partial: `${figure} so far; the threshold of ${asked} applies to all suites together`,
  }[verdict.kind]
  const lowest = verdict.files.filter((file) => file.percent < 100).sort((a, b) => a.percent - b.percent)
  if (lowest.length === 0) return [sentence]
  const rows = lowest
    .slice(0, 15)
    .map((file) => [
      code(file.file),
      percent(file.percent),
      `${file.statements}`,
      text(lineRanges(file.missingLines), 120),
    ])
  const titles = ["file", "covered", "statements", "missing lines"]
  const body = table(titles, ["left", "right", "right", "left"], rows)
  return [sentence, details(`Lowest coverage, of ${count(verdict.files.length, "file")}`, body)]
}

function whyFailed(suite: SuiteResult, limit: number): string[] {
  const failed = casesOf(suite).filter(isFailed)
  const short = failed.slice(0, limit).filter((one) => !hasMore(one))
  const long = failed.slice(0, limit).filter(hasMore)
  const hidden = failed.length - short.length - long.length
  const tail = suite.evidence?.outputTail ?? ""
  return [
    `### ${code(suite.suite)} failed`,
    ...(suite.disagreement === null ? [] : [disagreement(suite.suite, suite.disagreement)]),
    ...(short.length > 0 ? [short.map((one) => `- ${caseLine(one)}`).join("\n")] : []),
    ...long.map((one) =>
      details(caseLine(one), ...[one.traceback || one.message, one.output].filter(hasText).map(pre)),
    ),
    ...(hidden > 0 ? [`… and ${hidden} more in the full report.`] : []),
    ...(hasText(tail) ? [details("Last output of the runner", pre(tail))] : []),
  ]
}

/** Whether the case has details to expand. */
function hasMore(one: Case): boolean {
  return hasText(one.traceback) || hasText(one.output) || one.message.length > longestMessage
}

const longestMessage = 300

function caseLine(one: Case): string {
  const problem = one.test?.problems[0]
  const { file, line } = problem !== undefined && problem.file !== null ? problem : one
  const where = file === null ? "" : code(place(file, line))
  return [code(one.code ?? one.name), where, text(one.message, longestMessage)].filter(hasText).join(" · ")
}

function hasText(text: string): boolean {
  return text.trim() !== ""
}
