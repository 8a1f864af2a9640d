import { type Judged, wordsBehind } from "../gate/outcome.js"
import { isProven, type QaResult } from "../qa/result.js"
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
    cached: result.suites.length > 0 && result.suites.every(({ cached }) => cached),
  }
}
