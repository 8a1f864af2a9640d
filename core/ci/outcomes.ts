import { sizeOf } from "../image/judge-content.js"
import type { ImageResult } from "../image/result.js"
import { imagePassed, shownPlatform } from "../image/result.js"
import { verdictLine as imageLine } from "../image/screen.js"
import { isPassed, type LoadResult, reasonsOf } from "../load/result.js"
import { loadVerdictLine } from "../load/verdict.js"
import { isProven, type QaResult } from "../qa/result.js"
import { place } from "../report/reasons.js"
import { failedSuites, problemsOutsideSuites, verdictLine as testLine, testsOf } from "../report/verdict.js"
import { blocking, type JudgedFinding, type ScanResult, scanVerdict } from "../scan/result.js"
import { fixedWords } from "../scan/screen.js"
import { verdictLine as scanLine } from "../scan/verdict.js"
import type { GateOutcome } from "./gate.js"
import { wordsBehind } from "./words.js"

/** Each gate's own result in the words of `ci`. */
type Judged = Omit<GateOutcome<never>, "product">

export function testOutcome(result: QaResult): Judged {
  const { coverage } = result
  return {
    verdict: isProven(result) ? "passed" : "failed",
    words: wordsBehind(testLine(result)),
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

export function imageOutcome(result: ImageResult): Judged {
  return {
    verdict: imagePassed(result) ? "passed" : "failed",
    words: wordsBehind(imageLine(result)),
    reasons: result.problems.map(({ code, message, next }) => `${code}: ${message}. ${next}`),
    figures: [{ name: "image-size", value: sizeOf(shownPlatform(result)) }],
    cached: result.started.kind === "seen" && result.started.cached,
  }
}

export function scanOutcome(result: ScanResult): Judged {
  const refused = blocking(result)
  return {
    verdict: scanVerdict(result),
    words: wordsBehind(scanLine(result)),
    reasons: [
      ...result.reasons.map(({ code, message, next }) =>
        [`${code}: ${message}`, next].filter((one) => one !== "").join(" "),
      ),
      ...refused.map(findingWords),
    ],
    figures: [
      { name: "findings", value: result.findings.length },
      { name: "blocking-findings", value: refused.length },
    ],
    cached: false,
  }
}

function findingWords(finding: JudgedFinding): string {
  const { severity, id, package: name, installed, places } = finding
  const [first] = places
  return [
    severity,
    id,
    ...(name === null ? [] : [`${name} ${installed ?? ""}`.trim()]),
    ...(first === undefined ? [] : [`in ${place(first.path, first.line)}`]),
    ...(finding.kind === "vulnerability"
      ? [finding.fixed === null ? fixedWords(finding) : `fixed in ${finding.fixed}`]
      : [finding.title]),
  ].join("  ")
}

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
