import { alignColumns, fit, fitPath, fits, wrapWords } from "../presentation/columns.js"
import { screenColumns as columns, line, safe, screenLines as screen } from "../presentation/screen.js"
import type { QaResult, Reason, ReasonCode, SuiteResult } from "../qa/result.js"
import { duration, lineRanges, moment, percent, shortDigest, threshold } from "../shared/figures.js"
import { plainText } from "../shared/plain-text.js"
import { adviceOn } from "./advice.js"
import { place, type ReasonShare, shareReasons, testName } from "./reasons.js"
import { failedSuites, verdictLine } from "./verdict.js"

/** One screen for a terminal or CI log: the suites with their verdicts, and why they failed. */
export function summary(result: QaResult, where: { report: string }): string {
  const advised = screenOf(result, where, advice(result))
  // what failed comes first: advice is shown where there is room
  return `${(advised.length > screen ? screenOf(result, where, []) : advised).join("\n")}\n`
}

function screenOf(result: QaResult, where: { report: string }, advised: readonly string[]): string[] {
  const head = [...header(result), "", ...suiteTable(result), ...coverageLines(result)]
  const asides = [...advised, ...disagreements(result), ...notRun(result), ...unlisted(result)]
  const foot = [
    ...(asides.length > 0 ? ["", ...asides] : []),
    "",
    `Full report: ${where.report}`,
    "",
    safe(verdictLine(result)),
  ]
  return [...head, ...why(result, screen - head.length - foot.length), ...foot]
}

function header(result: QaResult): string[] {
  const suites = result.suites.map((suite) => suite.suite).join(", ")
  const title = `Tollgate ${safe(result.tollgateVersion)} · ${safe(result.app)} · source ${safe(shortDigest(result.source))}`
  return [
    fit(title, columns),
    line(`suites: ${suites === "" ? "none" : suites}`),
    line(`dependencies: ${result.dependencies}`),
  ]
}

function suiteTable(result: QaResult): string[] {
  const titles = ["suite", "tests", "passed", "failed", "skipped", "time", "verdict"]
  const rows = result.suites.map((suite) => [
    line(suite.suite, 30),
    ...[suite.counts.tests, suite.counts.passed, suite.counts.failed, suite.counts.skipped].map(String),
    suite.evidence === null ? "–" : duration(suite.seconds),
    verdictCell(suite),
  ])
  const table = alignColumns([titles, ...rows], ["left", "right", "right", "right", "right", "right", "left"])
  const cached = result.suites.some((suite) => suite.cached)
  return cached
    ? [...table, "cached: evidence of an earlier run on the same source; use --fresh to run it again"]
    : table
}

function verdictCell(suite: SuiteResult): string {
  const verdict = suite.verdict.kind === "passed" ? "passed" : "FAILED"
  return suite.cached && suite.evidence !== null
    ? `${verdict}, cached from ${line(moment(suite.evidence.startedAt), 20)}`
    : verdict
}

function coverageLines(result: QaResult): string[] {
  const { coverage } = result
  switch (coverage.kind) {
    case "not-asked":
      return []
    case "missing":
      return ["", line(`no coverage, threshold ${threshold(coverage.threshold)}: ${coverage.why}`)]
    case "partial":
      return [
        "",
        `coverage ${percent(coverage.percent)} so far; the threshold of ${threshold(coverage.threshold)} applies to all suites together`,
      ]
    case "passed":
      return ["", `coverage ${percent(coverage.percent)}, threshold ${threshold(coverage.threshold)}`]
    case "below": {
      const lowest = coverage.files
        .filter((file) => file.percent < 100)
        .sort((a, b) => a.percent - b.percent)
        .slice(0, 3)
      const rows = lowest.map((file) => [
        `  ${percent(file.percent)}`,
        fitPath(safe(file.file), 44),
        `lines ${lineRanges(file.missingLines)}`,
      ])
      const figures = `${percent(coverage.percent)}, threshold ${threshold(coverage.threshold)}`
      return [
        "",
        `coverage ${figures}; lowest files:`,
        ...alignColumns(rows, ["right", "left", "left"]).map((row) => fit(row, columns)),
      ]
    }
  }
}

/** As many reasons as the screen has room for, but always a few. */
function why(result: QaResult, room: number): string[] {
  const failed = failedSuites(result)
  if (failed.length === 0) return []
  const fewest = Math.max(failed.length, 4)
  for (let limit = Math.max(12, fewest); ; limit -= 1) {
    const lines = reasons(failed, limit, 1)
    if (lines.length > room && limit > fewest) continue
    // what room is left shows long reasons whole
    return [3, 2].map((height) => reasons(failed, limit, height)).find((taller) => taller.length <= room) ?? lines
  }
}

/** @param height lines that the message of a reason may have */
function reasons(failed: SuiteResult[], limit: number, height: number): string[] {
  const shares = shareReasons(failed, limit)
  const hidden = shares.reduce((sum, share) => sum + share.hidden, 0)
  return [
    "",
    "Why it failed",
    ...shares.flatMap((share) => [...suiteReasons(share, height), ...lastWords(share)]),
    ...(hidden > 0 ? [`  and ${hidden} more in the full report`] : []),
  ]
}

function suiteReasons({ suite, shown, hidden }: ReasonShare, height: number): string[] {
  const more = hidden > 0 ? ` (${shown.length} of ${shown.length + hidden} reasons)` : ""
  const title = `  ${line(suite.suite, 40)}${more}`
  const claim = suite.disagreement === null ? title : fit(`${title}: ${safe(suite.disagreement)}`, columns)
  return [claim, ...shown.flatMap((reason) => reasonLines(reason, height))]
}

function reasonLines(reason: Reason, height: number): string[] {
  const about = [reason.file === null ? null : place(reason.file, reason.line), testName(reason)]
  const first = [reason.code, ...about].flatMap((part) => (part === null ? [] : [safe(part)])).join("  ")
  const message = safe(reason.message)
  const both = `    ${first}: ${message}`
  if (fits(both, columns)) return [both]
  return [`    ${fit(first, columns - 4)}`, ...wrapWords(message, columns - 6, height).map((part) => `      ${part}`)]
}

/** Codes of a runner that did not finish its work, whose last output shows why. */
const needsLastWords: ReadonlySet<ReasonCode> = new Set([
  "no-evidence",
  "runner-missing",
  "runner-ended-early",
  "before-failed",
  "timed-out",
  "file-not-collected",
  "record-not-closed",
  "internal-error",
])

const telling =
  /usage:|error\b|Error:|Exception|No module|not found|No such file|unrecognized|invalid choice|Killed|denied/i

function lastWords({ suite, shown }: ReasonShare): string[] {
  if (suite.verdict.kind !== "failed" || !suite.verdict.reasons.some((reason) => needsLastWords.has(reason.code)))
    return []
  const printed = plainText(suite.evidence?.outputTail ?? "")
    .split("\n")
    .filter((text) => text.trim() !== "")
  const tell = printed.filter((text) => telling.test(text))
  const said = shown.flatMap((reason) => reasonLines(reason, 1)).join("\n")
  const chosen = (tell.length > 0 ? tell.slice(-3) : printed.slice(-1)).filter((text) => !said.includes(safe(text)))
  const [first, ...others] = chosen
  if (first === undefined) return []
  if (others.length === 0) return [fit(`    last output of the runner: ${safe(first)}`, columns)]
  // never at the start of a line, where `::error::` would be a command to GitHub
  return ["    last output of the runner:", ...chosen.map((text) => `      | ${line(text, columns - 8)}`)]
}

function advice(result: QaResult): string[] {
  return adviceOn(failedSuites(result)).flatMap((text) => wrapWords(`May help: ${safe(text)}`, columns, 2))
}

/** Only of suites that passed: the reasons of a failed suite begin with it. */
function disagreements(result: QaResult): string[] {
  return result.suites.flatMap((suite) =>
    suite.disagreement === null || suite.verdict.kind === "failed"
      ? []
      : [line(`Runner and evidence disagree, ${suite.suite}: ${suite.disagreement}`)],
  )
}

function notRun(result: QaResult): string[] {
  if (result.notRun.length === 0) return []
  const passed = result.suites.filter((suite) => suite.verdict.kind === "passed").map((suite) => suite.suite)
  const covers = passed.length === 0 ? "no suite passed" : `this run covers only ${passed.join(", ")}`
  return [safe(`Not run: ${result.notRun.join(", ")}; ${covers}`)]
}

function unlisted({ unlisted: files }: QaResult): string[] {
  if (files.length === 0) return []
  const shown = files.slice(0, 5).join(", ")
  const more = files.length > 5 ? ` and ${files.length - 5} more, all in the report` : ""
  return [safe(`In no suite of tollgate.yaml, so not run: ${shown}${more}`)]
}
