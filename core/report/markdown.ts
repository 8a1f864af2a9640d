import type { QaResult, SuiteResult } from "../qa/result.js"
import { type Case, casesOf, isRed } from "./cases.js"
import { count, duration, lineRanges, moment, percent, shortDigest, threshold } from "./figures.js"
import { code, details, pre, table, text } from "./markdown-markup.js"
import { place } from "./reasons.js"
import { problemsOutsideSuites, redSuites, verdictLine } from "./verdict.js"

/** summary.md, for GitHub's job summary or a comment: the same story as the terminal's, with room to unfold. */
export function markdown(result: QaResult): string {
  const red = redSuites(result)
  const proven = red.length === 0 && problemsOutsideSuites(result).length === 0
  const blocks = [
    `## ${proven ? "✅" : "❌"} ${text(verdictLine(result))}`,
    `Tollgate ${text(result.tollgateVersion)} · ${code(result.app)} · source ${code(shortDigest(result.source))}`,
    suiteTable(result),
    ...notes(result),
    ...coverage(result),
    ...red.flatMap((suite) => whyRed(suite, Math.floor(failuresShown / red.length))),
  ]
  return `${blocks.join("\n\n")}\n`
}

// GitHub refuses a job summary over 1 MiB
const failuresShown = 60

function suiteTable(result: QaResult): string {
  const rows = result.suites.map((suite) => [
    code(suite.suite),
    ...[suite.counts.tests, suite.counts.passed, suite.counts.failed, suite.counts.skipped].map(String),
    suite.evidence === null ? "–" : duration(suite.seconds),
    (suite.verdict.kind === "proven" ? "✅ proven" : "❌ **RED**") + (suite.cached ? `, cached${cachedFrom(suite)}` : ""),
  ])
  const titles = ["suite", "tests", "passed", "failed", "skipped", "time", "verdict"]
  return table(titles, ["left", "right", "right", "right", "right", "right", "left"], rows)
}

function disagreement(suite: string, sentence: string): string {
  return `> ⚠️ Runner against evidence, ${code(suite)}: ${text(sentence)}`
}

function cachedFrom(suite: SuiteResult): string {
  return suite.evidence === null ? "" : ` from ${text(moment(suite.evidence.startedAt))}`
}

function notes(result: QaResult): string[] {
  const notes: string[] = []
  if (result.suites.some((suite) => suite.cached)) {
    notes.push("Cached: evidence of an earlier run on the same source; <code>--fresh</code> runs it again.")
  }
  if (result.notRun.length > 0) {
    notes.push(`Did not run, so nothing is proven about them: ${result.notRun.map((suite) => code(suite)).join(", ")}.`)
  }
  if (result.unlisted.length > 0) {
    notes.push(`In no suite of tollgate.yaml, so not run: ${result.unlisted.map((file) => code(file)).join(", ")}.`)
  }
  for (const suite of result.suites) {
    if (suite.verdict.kind === "proven" && suite.disagreement !== null) notes.push(disagreement(suite.suite, suite.disagreement))
  }
  return notes
}

function coverage(result: QaResult): string[] {
  const verdict = result.coverage
  if (verdict.kind === "not-asked") return []
  if (verdict.kind === "missing") return [`❌ **No coverage** (${threshold(verdict.threshold)} asked): ${text(verdict.why)}`]
  const asked = threshold(verdict.threshold)
  const figure = `coverage ${percent(verdict.percent)}`
  const sentence = {
    proven: `✅ ${figure}, ${asked} asked`,
    below: `❌ **${figure}**, ${asked} asked`,
    partial: `${figure} so far; ${asked} is asked of all suites together`,
  }[verdict.kind]
  const lowest = verdict.files.filter((file) => file.percent < 100).sort((a, b) => a.percent - b.percent)
  if (lowest.length === 0) return [sentence]
  const rows = lowest.slice(0, 15).map((file) => [
    code(file.file), percent(file.percent), `${file.statements}`, text(lineRanges(file.missingLines), 120),
  ])
  const titles = ["file", "covered", "statements", "lines not run"]
  const body = table(titles, ["left", "right", "right", "left"], rows)
  return [sentence, details(`The lowest of ${count(verdict.files.length, "file")}`, body)]
}

function whyRed(suite: SuiteResult, limit: number): string[] {
  const red = casesOf(suite).filter(isRed)
  const short = red.slice(0, limit).filter((one) => !hasMore(one))
  const long = red.slice(0, limit).filter(hasMore)
  const hidden = red.length - short.length - long.length
  const tail = suite.evidence?.outputTail ?? ""
  return [
    `### ${code(suite.suite)} is red`,
    ...(suite.disagreement === null ? [] : [disagreement(suite.suite, suite.disagreement)]),
    ...(short.length > 0 ? [short.map((one) => `- ${caseLine(one)}`).join("\n")] : []),
    ...long.map((one) => details(caseLine(one), ...[one.traceback || one.message, one.output].filter(hasText).map(pre))),
    ...(hidden > 0 ? [`… and ${hidden} more in the report.`] : []),
    ...(hasText(tail) ? [details("What the runner printed last", pre(tail))] : []),
  ]
}

/** There is something to unfold. */
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
