import type { ProcessRecord, SuiteEvidence, TestRecord } from "./evidence.js"
import type { SuiteExpectation } from "./expectation.js"
import { neverRan, returnedValues, unhandled, untrustworthy } from "./honesty.js"
import { expectedFailures, tooManySkipped } from "./not-executed.js"
import { reason, type Say, tests } from "./reason.js"
import type { Reason, ReasonCode, SuiteCounts, SuiteVerdict } from "./result.js"
import { endOfRunner, isOfTheApp, unclosed } from "./runner-end.js"
import { narrowedTests, notRun, removedTests } from "./selection.js"

/**
 * Judges one suite by its evidence alone. The runner's exit code and prints prove nothing; only its being killed counts,
 * since then nobody knows what it had yet to start.
 */
export function judgeSuite(
  expected: SuiteExpectation,
  evidence: SuiteEvidence | null,
  lost: string | null = null,
): SuiteVerdict {
  const reasons = evidence === null ? [noEvidence(expected.suite, lost)] : reasonsOf(expected, withoutOthers(evidence))
  const [first, ...rest] = reasons
  return first === undefined ? { kind: "passed" } : { kind: "failed", reasons: [first, ...rest] }
}

/** The tests that ran, each once per process that ran it; with pytest-xdist the controller's record holds them. */
export function testsOf(evidence: SuiteEvidence | null): TestRecord[] {
  return (evidence?.processes ?? [])
    .filter((process) => process.role === "main" && isOfTheApp(process))
    .flatMap((process) => process.tests)
}

export function countTests(tests: TestRecord[]): SuiteCounts {
  const count = (...outcomes: TestRecord["outcome"][]) => tests.filter((test) => outcomes.includes(test.outcome)).length
  return {
    tests: tests.length,
    passed: count("passed", "xpassed"),
    failed: count("failed"),
    skipped: count("skipped", "xfailed"),
  }
}

/** One sentence where the runner claims something else than the evidence shows; null where they agree. */
export function disagreementOf(verdict: SuiteVerdict, evidence: SuiteEvidence | null): string | null {
  if (evidence === null || evidence.runner.kind !== "exited") return null
  const { code } = evidence.runner
  if (verdict.kind === "failed" && code === 0)
    return "the runner exited 0, as if all were well; the evidence says otherwise"
  if (verdict.kind === "passed" && code !== 0)
    return `the runner exited ${code}, but every listed file ran and every test passed; the evidence decides`
  return null
}

function withoutOthers(evidence: SuiteEvidence): SuiteEvidence {
  const processes = evidence.processes.filter(isOfTheApp)
  // with nothing of the app left, where pytest ran instead is the reason
  return { ...evidence, processes: processes.length === 0 ? evidence.processes : processes }
}

function noEvidence(suite: string, lost: string | null): Reason {
  return reason(
    suite,
    "no-evidence",
    lost ?? "its container ended without leaving evidence: it was killed, or ran out of memory or disk",
  )
}

function reasonsOf(expected: SuiteExpectation, evidence: SuiteEvidence): Reason[] {
  const say: Say = (code, message, detail) => reason(expected.suite, code, message, detail)
  const missing = [
    ...evidence.missingFiles.map((file) =>
      say("file-missing", "listed in tollgate.yaml, but not in the source", { file }),
    ),
    ...expected.unmatched.map((entry) =>
      say("file-missing", `${entry} is listed in tollgate.yaml, and no test file of the source matches it`),
    ),
  ]
  if (evidence.failedBefore !== null) {
    const { command, code } = evidence.failedBefore
    return [
      say("before-failed", `\`${command}\` of qa.before ended with ${code}, so the runner was not started`),
      ...missing,
    ]
  }
  if (evidence.runner.kind === "not-started")
    return [say("runner-missing", `the runner could not be started: ${evidence.runner.why}`), ...missing]

  const forged = evidence.forged.map((what) =>
    say("forged-record", `a record of tests that Tollgate's recorder did not write: ${what}`),
  )
  const reasons = [...endOfRunner(say, evidence), ...forged, ...missing]
  for (const process of evidence.processes) reasons.push(...reasonsOfProcess(say, expected, evidence, process))
  reasons.push(...narrowedTests(say, expected, evidence))
  const reported = testsOf(evidence)
  reasons.push(...neverRan(say, evidence, reported))
  reasons.push(...expectedFailures(say, expected, reported))
  reasons.push(...tooManySkipped(say, expected, evidence, reported))
  for (const file of expected.files)
    if (!evidence.missingFiles.includes(file)) reasons.push(...reasonsOfFile(say, file, evidence, reasons))
  if (reasons.length === 0) reasons.push(...unexplainedStatus(say, evidence))
  // with pytest-xdist the controller and a worker tell the same story
  return [...new Map(reasons.map((entry) => [JSON.stringify(entry), entry])).values()]
}

function reasonsOfProcess(
  say: Say,
  expected: SuiteExpectation,
  evidence: SuiteEvidence,
  process: ProcessRecord,
): Reason[] {
  const reasons = untrustworthy(say, process)
  for (const error of process.internalErrors)
    reasons.push(say("internal-error", `pytest broke: ${error.message}`, { file: error.file, line: error.line }))
  for (const error of process.collectionErrors)
    reasons.push(
      say("collection-error", `cannot be collected: ${error.message}`, { file: error.file || null, line: error.line }),
    )
  reasons.push(...process.tests.flatMap((test) => reasonsOfTest(say, test)))
  reasons.push(...returnedValues(say, expected, process))
  reasons.push(...unhandled(say, expected, process))
  reasons.push(...removedTests(say, expected, process))
  // a controller of pytest-xdist waits a while for its workers to leave, and then kills them
  const ended = process.closed || (process.role === "worker" && process.exitStatus !== null)
  if (!ended && evidence.runner.kind !== "timed-out") reasons.push(unclosed(say, process, evidence))
  if (process.closed && process.role === "main") reasons.push(...notRun(say, process))
  return reasons
}

/** A status that nothing else explains. */
function unexplainedStatus(say: Say, evidence: SuiteEvidence): Reason[] {
  return evidence.processes
    .filter((process) => process.closed && process.exitStatus !== 0)
    .map((process) =>
      say("exit-status", `pytest ended with status ${process.exitStatus ?? "unknown"}${meaning(process)}`),
    )
}

function reasonsOfTest(say: Say, test: TestRecord): Reason[] {
  const codes = { setup: "setup-failed", call: "test-failed", teardown: "teardown-failed" } as const
  // before 8.4 pytest skips it and carries on
  if (test.outcome === "skipped" && test.skipReason?.includes("async def function and no async plugin"))
    return [
      say("test-failed", "never ran: it is async, and no plugin that awaits it is installed", {
        file: test.file,
        line: test.line,
        test: test.id,
      }),
    ]
  if (test.outcome === "failed" && test.problems.length === 0)
    return [say("test-failed", "failed, without a word of why", { file: test.file, line: test.line, test: test.id })]
  return test.problems.map((problem) =>
    say(codes[problem.phase], problem.message, {
      file: problem.file ?? test.file,
      line: problem.line ?? test.line,
      test: test.id,
    }),
  )
}

function reasonsOfFile(say: Say, file: string, evidence: SuiteEvidence, known: Reason[]): Reason[] {
  const about = (...codes: ReasonCode[]) => known.some((entry) => entry.file === file && codes.includes(entry.code))
  const modules = evidence.processes.flatMap((process) => process.modules).filter((module) => module.file === file)
  const skipped = evidence.processes.flatMap((process) => process.skippedModules).find((module) => module.file === file)
  if (modules.length === 0) {
    if (skipped) return [say("all-skipped", `the whole file was skipped: ${skipped.reason}`, { file })]
    if (about("collection-error", "internal-error", "record-not-closed") || nothingCollected(evidence)) return []
    return [
      say(
        "file-not-collected",
        "listed in tollgate.yaml, but no pytest process collected it: the runner does not pass it on, or an option ignores it",
        { file },
      ),
    ]
  }
  if (modules.every((module) => module.tests === 0))
    return [say("file-empty", "collected, but there is no test in it", { file })]
  if (about("deselected", "removed-from-collection", "not-run", "record-not-closed", "timed-out")) return []
  const ran = testsOf(evidence).filter((test) => test.file === file)
  if (
    ran.some(
      (test) =>
        // an unexpected pass could not have failed
        test.phases.call !== undefined && (test.outcome === "passed" || test.outcome === "failed"),
    )
  )
    return []
  if (ran.some((test) => test.problems.length > 0)) return []
  const why = ran.map((test) => test.skipReason).find((text) => text !== null && text !== "")
  return ran.length > 0
    ? [say("all-skipped", `none of its ${tests(ran.length)} was really executed${why ? ` (${why})` : ""}`, { file })]
    : [say("not-run", "its tests were collected and never run", { file })]
}

/** When nothing at all was collected, one reason says why; repeating it for each file would hide it. */
function nothingCollected(evidence: SuiteEvidence): boolean {
  return evidence.processes.every((process) => process.imported.length === 0 && !process.closed)
}

function meaning(process: ProcessRecord): string {
  if (process.exitStatus === 1) return ", though no test failed: a plugin or a hook of the app failed the session"
  if (process.exitStatus === 5) return ": it found no test"
  return process.stoppedBecause === null ? "" : `: ${process.stoppedBecause}`
}
