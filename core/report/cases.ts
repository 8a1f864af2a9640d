import type { TestRecord } from "../qa/evidence.js"
import type { Reason, SuiteResult } from "../qa/result.js"

/**
 * A suite as a list of cases, for test reports: its tests, and one case for each reason that belongs to no test (a missing file, a
 * killed process). A failed suite therefore always has a failed case.
 */
export interface Case {
  suite: string
  /** null when the case stands for a reason that belongs to no test, whose code is in `code`. */
  test: TestRecord | null
  code: string | null
  /** Module and classes, dotted. JUnit readers group by it. */
  group: string
  name: string
  file: string | null
  line: number | null
  seconds: number
  /** failed: in the test itself; error: in its setup, teardown or environment. */
  status: "passed" | "failed" | "error" | "skipped"
  /** Why it failed or was skipped. */
  message: string
  traceback: string
  output: string
}

export function casesOf(suite: SuiteResult): Case[] {
  const ids = new Set(suite.tests.map((test) => test.id))
  const onTests = new Map<string, Reason[]>()
  const loose: Reason[] = []
  for (const reason of suite.verdict.kind === "failed" ? suite.verdict.reasons : []) {
    if (reason.test !== null && ids.has(reason.test)) {
      onTests.set(reason.test, [...(onTests.get(reason.test) ?? []), reason])
    } else {
      loose.push(reason)
    }
  }
  // a runner that starts pytest twice records a test twice: the run that passed keeps its status
  for (const test of suite.tests)
    if (statusOf(test, []) === "failed" || statusOf(test, []) === "error") onTests.delete(test.id)
  return [
    ...loose.map((reason) => reasonCase(suite, reason)),
    ...suite.tests.map((test) => testCase(suite.suite, test, onTests.get(test.id) ?? [])),
  ]
}

export function isFailed(one: Case): boolean {
  return one.status === "failed" || one.status === "error"
}

function testCase(suite: string, test: TestRecord, reasons: Reason[]): Case {
  const status = statusOf(test, reasons)
  return {
    suite,
    test,
    code: null,
    ...nameParts(test.id),
    file: test.file,
    line: test.line,
    seconds: test.seconds,
    status,
    message: status === "skipped" ? skipMessage(test) : failureMessage(status, test, reasons),
    traceback: test.problems.map((problem) => underPhase(test, problem)).join("\n\n"),
    output: test.output,
  }
}

function statusOf(test: TestRecord, reasons: Reason[]): Case["status"] {
  if (test.problems.some((problem) => problem.phase === "call")) return "failed"
  if (test.problems.length > 0) return "error"
  if (test.outcome === "failed" || reasons.length > 0) return "failed"
  return test.outcome === "skipped" || test.outcome === "xfailed" ? "skipped" : "passed"
}

function skipMessage(test: TestRecord): string {
  const reason = test.skipReason ?? ""
  if (test.outcome === "xfailed") return reason === "" ? "failed, as expected" : `failed, as expected: ${reason}`
  return reason
}

function failureMessage(status: Case["status"], test: TestRecord, reasons: Reason[]): string {
  if (status === "passed") return ""
  const first = test.problems.find((problem) => problem.phase === "call") ?? test.problems[0]
  return first?.message ?? (reasons.map((reason) => reason.message).join("\n") || "failed without a message")
}

function underPhase(test: TestRecord, problem: TestRecord["problems"][number]): string {
  const text = problem.traceback === "" ? problem.message : problem.traceback
  return test.problems.length === 1 && problem.phase === "call" ? text : `${problem.phase}:\n${text}`
}

function reasonCase(suite: SuiteResult, reason: Reason): Case {
  const about = reason.test ?? reason.file
  return {
    suite: suite.suite,
    test: null,
    code: reason.code,
    group: `tollgate.${suite.suite}`,
    name: about === null ? reason.code : `${reason.code}: ${about}`,
    file: reason.file,
    line: reason.line,
    seconds: 0,
    status: "error",
    message: reason.message,
    traceback: tracebackOf(suite, reason),
    output: "",
  }
}

function tracebackOf(suite: SuiteResult, reason: Reason): string {
  const processes = suite.evidence?.processes ?? []
  const errors = processes.flatMap((one) => {
    if (reason.code === "collection-error") return one.collectionErrors.filter((error) => error.file === reason.file)
    return reason.code === "internal-error" ? one.internalErrors : []
  })
  // several processes may report the same error
  return [...new Set(errors.map((error) => error.traceback))].join("\n\n")
}

/** `tests/e2e/test_pay.py::TestCard::test_ok[a::b]` → group `tests.e2e.test_pay.TestCard`, name `test_ok[a::b]`. */
function nameParts(id: string): { group: string; name: string } {
  const bracket = id.indexOf("[")
  const parameters = bracket === -1 ? "" : id.slice(bracket)
  const parts = (bracket === -1 ? id : id.slice(0, bracket)).split("::")
  const [file = "", ...names] = parts
  const name = names.pop()
  if (name === undefined) return { group: "", name: id }
  const module = file.replace(/\.py$/, "").replaceAll("/", ".")
  return { group: [module, ...names].join("."), name: name + parameters }
}
