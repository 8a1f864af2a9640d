import { type Judged, wordsBehind } from "../gate/outcome.js"
import { isPassed, type LoadResult, reasonsOf } from "./result.js"
import { loadVerdictLine } from "./verdict.js"

/** The load test's result in the words of `ci`. */
export function loadOutcome(result: LoadResult): Judged {
  const p95 = result.scenarios.flatMap(({ figures }) => (figures?.times == null ? [] : [figures.times.p95]))
  return {
    verdict: isPassed(result) ? "passed" : "failed",
    words: wordsBehind(loadVerdictLine(result)),
    reasons: reasonsOf(result).map(
      ({ code, scenario, message }) => `${scenario === null ? "" : `${scenario}: `}${code}: ${message}`,
    ),
    figures: p95.length === 0 ? [] : [{ name: "p95", value: Math.max(...p95) }],
    cached: false,
  }
}
