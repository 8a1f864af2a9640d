import { type Judged, wordsBehind } from "../gate/outcome.js"
import { place } from "../report/reasons.js"
import { blocking, type JudgedFinding, type ScanResult, scanVerdict } from "./result.js"
import { fixedWords } from "./screen.js"
import { verdictLine } from "./verdict.js"

/** The scan's result in the words of `ci`. */
export function scanOutcome(result: ScanResult): Judged {
  const refused = blocking(result)
  return {
    verdict: scanVerdict(result),
    words: wordsBehind(verdictLine(result)),
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
