import type { SuiteEvidence, TestRecord } from "./evidence.js"
import type { SuiteExpectation } from "./expectation.js"
import { matchesAny } from "./pattern.js"
import { allow, type Say, testDetail, tests } from "./reason.js"
import type { Reason } from "./result.js"

/** Tests that are marked as expected to fail (xfail): whatever they do, they fail nothing. */
export function expectedFailures(say: Say, expected: SuiteExpectation, reported: readonly TestRecord[]): Reason[] {
  const { mayFail, suite } = expected
  if (mayFail === null) return []
  return reported
    .filter(({ id, outcome }) => (outcome === "xfailed" || outcome === "xpassed") && !matchesAny(id, mayFail))
    .map(({ id, line, outcome, skipReason }) =>
      say(
        "expected-failure",
        `marked as expected to fail${inBrackets(skipReason)}, and it ${outcome === "xfailed" ? "failed" : "passed"}. If this is intended, allow it: ${allow(suite, "mayFail", [id])}`,
        { ...testDetail(id), line },
      ),
    )
}

export function tooManySkipped(
  say: Say,
  expected: SuiteExpectation,
  evidence: SuiteEvidence,
  reported: readonly TestRecord[],
): Reason[] {
  const { maxSkipped, suite } = expected
  if (maxSkipped === null) return []
  const modules = new Map(
    evidence.processes.flatMap(({ skippedModules }) => skippedModules).map(({ file, reason }) => [file, reason]),
  )
  const skipped = [
    ...reported
      .filter(({ outcome }) => outcome === "skipped")
      .map(({ id, skipReason }) => `${id}${inBrackets(skipReason)}`),
    ...[...modules].map(([file, reason]) => `${file}${inBrackets(reason)}`),
  ]
  if (skipped.length <= maxSkipped) return []
  return [
    say(
      "too-many-skipped",
      `${tests(skipped.length)} skipped, where qa.suites.${suite}.maxSkipped allows ${maxSkipped}: ${skipped.join(", ")}`,
    ),
  ]
}

function inBrackets(reason: string | null): string {
  const text = (reason ?? "").replace(/^Skipped: /, "")
  return text === "" ? "" : ` (${text})`
}
