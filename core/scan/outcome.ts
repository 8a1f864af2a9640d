import type { Located } from "../gate/located.js"
import { type Judged, wordsBehind } from "../gate/outcome.js"
import { place } from "../report/reasons.js"
import { acceptance } from "./accept.js"
import { blocking, type JudgedFinding, type ScanResult, type Severity, scanVerdict } from "./result.js"
import { fixedWords } from "./screen.js"
import { verdictLine } from "./verdict.js"

/** The scan's result in the words of `ci`. */
export function scanOutcome(result: ScanResult): Judged {
  const refused = blocking(result)
  const accept = acceptance(result)
  return {
    verdict: scanVerdict(result),
    words: wordsBehind(verdictLine(result)),
    reasons: [
      ...result.reasons.map(({ code, message, next }) =>
        [`${code}: ${message}`, next].filter((one) => one !== "").join(" "),
      ),
      ...refused.map(findingWords),
      ...(accept === null ? [] : [accept]),
    ],
    figures: [
      { name: "findings", value: result.findings.length },
      { name: "blocking-findings", value: refused.length },
    ],
    located: result.findings.flatMap(locatedFinding),
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

const WEIGHTS: Record<Severity, Located["weight"]> = {
  critical: "blocker",
  high: "critical",
  medium: "major",
  low: "minor",
  unknown: "info",
}

/** Secrets and misconfiguration in files of the repository, but for those that scan.ignore accepts. */
function locatedFinding({ kind, id, severity, title, places, disposition }: JudgedFinding): Located[] {
  if (kind === "vulnerability" || disposition.kind === "ignored") return []
  return places
    .filter(({ scan }) => scan === "repository")
    .map(({ path, line }) => ({ check: id, weight: WEIGHTS[severity], message: title, path, line, key: title }))
}
