import { isProven, type QaResult, type SuiteResult } from "../qa/result.js"
import { count, percent, threshold } from "../shared/figures.js"

/** The verdict as one line, for the end of a log and the top of a page. */
export function verdictLine(result: QaResult): string {
  return isProven(result) ? `PASSED: ${whatPassed(result)}` : `FAILED: ${runProblems(result).join("; ")}`
}

export function failedSuites(result: QaResult): SuiteResult[] {
  return result.suites.filter((suite) => suite.verdict.kind === "failed")
}

export function testsOf(result: QaResult): number {
  return result.suites.reduce((sum, suite) => sum + suite.counts.tests, 0)
}

function whatPassed(result: QaResult): string {
  const { suites, notRun, coverage } = result
  if (notRun.length > 0) {
    const all = suites.length + notRun.length
    return `${suites.length} of ${count(all, "suite")}, ${count(testsOf(result), "test")}; ${notRun.join(", ")} not run`
  }
  const parts = [count(suites.length, "suite"), count(testsOf(result), "test")]
  if (coverage.kind === "passed") parts.push(`coverage ${percent(coverage.percent)}`)
  return parts.join(", ")
}

function runProblems(result: QaResult): string[] {
  const problems: string[] = []
  const failed = failedSuites(result).length
  if (failed > 0) problems.push(`${failed} of ${count(result.suites.length, "suite")} failed`)
  return [...problems, ...problemsOutsideSuites(result).map((problem) => problem.message)]
}

export interface ProblemOutsideSuites {
  code: "coverage-below" | "coverage-missing" | "no-suite"
  message: string
}

/** Problems that fail a run even if every suite passed. */
export function problemsOutsideSuites(result: QaResult): ProblemOutsideSuites[] {
  const problems: ProblemOutsideSuites[] = []
  const { coverage } = result
  if (result.suites.length === 0) problems.push({ code: "no-suite", message: "no suite ran" })
  if (coverage.kind === "below") {
    const figures = `${percent(coverage.percent)} is below ${threshold(coverage.threshold)}`
    problems.push({ code: "coverage-below", message: `coverage ${figures}` })
  }
  if (coverage.kind === "missing") {
    const asked = threshold(coverage.threshold)
    problems.push({ code: "coverage-missing", message: `no coverage figure to compare with the threshold of ${asked}` })
  }
  return problems
}
