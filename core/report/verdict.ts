import { isProven, type QaResult, type SuiteResult } from "../qa/result.js"
import { count, percent, threshold } from "./figures.js"

/** The verdict in words, for the last line of a log and the head of a page. */
export function verdictLine(result: QaResult): string {
  return isProven(result) ? `PROVEN: ${whatIsProven(result)}` : `RED: ${runProblems(result).join("; ")}`
}

export function redSuites(result: QaResult): SuiteResult[] {
  return result.suites.filter((suite) => suite.verdict.kind === "red")
}

export function testsOf(result: QaResult): number {
  return result.suites.reduce((sum, suite) => sum + suite.counts.tests, 0)
}

function whatIsProven(result: QaResult): string {
  const { suites, notRun, coverage } = result
  if (notRun.length > 0) {
    const all = suites.length + notRun.length
    return `${suites.length} of ${count(all, "suite")}, ${count(testsOf(result), "test")}; ${notRun.join(", ")} did not run`
  }
  const parts = [count(suites.length, "suite"), count(testsOf(result), "test")]
  if (coverage.kind === "proven") parts.push(`coverage ${percent(coverage.percent)}`)
  return parts.join(", ")
}

function runProblems(result: QaResult): string[] {
  const problems: string[] = []
  const red = redSuites(result).length
  if (red > 0) {
    problems.push(`${red} of ${count(result.suites.length, "suite")} ${red === 1 ? "is" : "are"} not proven`)
  }
  return [...problems, ...problemsOutsideSuites(result).map((problem) => problem.message)]
}

export interface ProblemOutsideSuites {
  code: "coverage-below" | "coverage-missing" | "no-suite"
  message: string
}

/** What makes a run red though each of its suites may be proven. */
export function problemsOutsideSuites(result: QaResult): ProblemOutsideSuites[] {
  const problems: ProblemOutsideSuites[] = []
  const { coverage } = result
  if (result.suites.length === 0) problems.push({ code: "no-suite", message: "no suite ran" })
  if (coverage.kind === "below") {
    const figures = `${percent(coverage.percent)} is under ${threshold(coverage.threshold)}`
    problems.push({ code: "coverage-below", message: `coverage ${figures}` })
  }
  if (coverage.kind === "missing") {
    const asked = threshold(coverage.threshold)
    problems.push({ code: "coverage-missing", message: `there is no coverage figure to compare with ${asked}` })
  }
  return problems
}
