import { type Located, pathInSource } from "../gate/located.js"
import { type Judged, type SuiteOutcome, wordsBehind } from "../gate/outcome.js"
import { isProven, type QaResult, type Reason, type SuiteResult } from "../qa/result.js"
import { casesOf, isFailed } from "./cases.js"
import { place } from "./reasons.js"
import { failedSuites, problemsOutsideSuites, testsOf, verdictLine } from "./verdict.js"

/** The suites' result in the words of `ci`. */
export function testOutcome(result: QaResult): Judged {
  const { coverage } = result
  return {
    verdict: isProven(result) ? "passed" : "failed",
    words: wordsBehind(verdictLine(result)),
    reasons: [
      ...problemsOutsideSuites(result).map(({ code, message }) => `${code}: ${message}`),
      ...failedSuites(result).flatMap(({ suite, verdict }) =>
        verdict.kind === "failed"
          ? verdict.reasons.map(({ code, file, line, test, message }) =>
              [`${suite}: ${code}`, file === null ? "" : place(file, line), test ?? "", message]
                .filter((part) => part !== "")
                .join("  "),
            )
          : [],
      ),
    ],
    figures: [
      { name: "tests", value: testsOf(result) },
      ...("percent" in coverage ? [{ name: "coverage" as const, value: coverage.percent }] : []),
    ],
    suites: result.suites.map(suiteOutcome),
    located: failedSuites(result).flatMap(({ verdict }) =>
      verdict.kind === "failed" ? verdict.reasons.flatMap((reason) => locatedReason(result.app, reason)) : [],
    ),
    cached: result.suites.length > 0 && result.suites.every(({ cached }) => cached),
  }
}

function suiteOutcome(suite: SuiteResult): SuiteOutcome {
  const failed = casesOf(suite).filter(isFailed)
  return {
    name: suite.suite,
    verdict: suite.verdict.kind,
    tests: suite.counts.tests,
    failed: suite.counts.failed,
    failedTests: [...new Set(failed.flatMap(({ test }) => test?.id ?? []))],
    seconds: suite.evidence === null ? null : suite.seconds,
    cached: suite.cached,
  }
}

/** Where the app's own code failed, as the reason says. */
function locatedReason(app: string, { code, suite, file, line, test, message }: Reason): Located[] {
  const path = file === null ? null : pathInSource(app, file)
  if (path === null) return []
  const about = test === null ? suite : `${suite}: ${test}`
  // the message of a test may have an id or a time that differs in each run
  return [{ check: code, weight: "critical", message: `${about}: ${message}`, path, line, key: about }]
}
