import type { ProcessRecord, SuiteEvidence, TestRecord } from "./evidence.js"
import type { SuiteExpectation } from "./expectation.js"
import { matchesAny } from "./pattern.js"
import { allow, type Say, testDetail } from "./reason.js"
import type { Reason } from "./result.js"

/** Why what a pytest process reports cannot be believed, whatever it reports. */
export function untrustworthy(say: Say, process: ProcessRecord): Reason[] {
  return [...assertionsOff(say, process), ...failedCanaries(say, process), ...changedRecorder(say, process)]
}

function assertionsOff(say: Say, { assertions }: ProcessRecord): Reason[] {
  if (assertions === null) return []
  const reasons: Reason[] = []
  if (assertions.optimized > 0)
    reasons.push(
      say(
        "assertions-off",
        "Python ran with -O or PYTHONOPTIMIZE, which removes every assert outside of the test files. Run the suite without it",
      ),
    )
  if (!assertions.rewritten)
    reasons.push(
      say(
        "assertions-off",
        "pytest ran without its assertion rewriting (--assert=plain or -p no:assertion), so that Python's options decide whether an assert is executed. Remove that option",
      ),
    )
  return reasons
}

function failedCanaries(say: Say, process: ProcessRecord): Reason[] {
  const { canaries, tests } = process
  if (canaries === null)
    return tests.some(({ observed }) => observed !== null)
      ? [
          say(
            "canary-failed",
            `Tollgate's own tests did not run in the pytest process ${process.pid}: a hook prevented it`,
          ),
        ]
      : []
  if (canaries.broken !== null)
    return [
      say(
        "canary-failed",
        `Tollgate's own tests could not run with pytest ${process.pytest}: ${canaries.broken}. Try another version of pytest, and report this`,
      ),
    ]
  return canaries.lies.map(({ what, hooks }) => {
    const [first] = hooks
    const places = hooks.map(({ name, file, line }) => `${name} (${file}:${line})`).join(", ")
    const by = first === undefined ? "No hook of the app does this: pytest itself was changed" : `By ${places}`
    return say(
      "canary-failed",
      `a ${what}: pytest's reports of the app's tests cannot be believed. ${by}`,
      first === undefined ? {} : { file: first.file, line: first.line },
    )
  })
}

function changedRecorder(say: Say, { changed }: ProcessRecord): Reason[] {
  return changed.length === 0
    ? []
    : [
        say(
          "recorder-changed",
          `the app changed functions of Tollgate's recorder while the suite ran: ${changed.join(", ")}`,
        ),
      ]
}

/** Tests that a hook reported as passed by itself: no pytest process saw them run. */
export function neverRan(say: Say, evidence: SuiteEvidence, reported: readonly TestRecord[]): Reason[] {
  const observed = new Set(
    evidence.processes.flatMap(({ tests }) => tests.filter((test) => test.observed !== null).map(({ id }) => id)),
  )
  return reported
    .filter(({ id, outcome }) => (outcome === "passed" || outcome === "xpassed") && !observed.has(id))
    .map(({ id, line }) =>
      say("not-run", "reported as passed, but pytest never ran it: a hook of the app reported it by itself", {
        ...testDetail(id),
        line,
      }),
    )
}

export function returnedValues(say: Say, expected: SuiteExpectation, process: ProcessRecord): Reason[] {
  return process.tests.flatMap(({ id, line, observed, outcome }) => {
    const returned = observed?.returned ?? null
    if (returned === null || outcome === "failed" || matchesAny(id, expected.mayReturn)) return []
    const remedy = `If this is intended, allow it: ${allow(expected.suite, "mayReturn", [id])}`
    return [
      say("returned-value", `returned ${returned} instead of asserting: no returned value fails a test. ${remedy}`, {
        ...testDetail(id),
        line,
      }),
    ]
  })
}

/** pytest passes a test whose threads and tasks fail. */
export function unhandled(say: Say, expected: SuiteExpectation, process: ProcessRecord): Reason[] {
  const meant = (test: string | null) => test !== null && matchesAny(test, expected.mayLeaveUnhandled)
  return process.unhandled
    .filter(({ test }) => !meant(test))
    .map(({ kind, who, test, message, file, line }) => {
      const [first = ""] = message.split("\n", 1)
      const what = {
        thread: `${first} in the thread ${who}. pytest passes a test whose thread fails`,
        task: `${first} in the asyncio task ${who}, whose result was never read. pytest passes such a test`,
        unraisable: `${first}${who === "" ? "" : ` in ${who}`}, where Python cannot raise it. pytest passes such a test`,
        coroutine: `${first}: an await is missing, and what it would have checked did not run`,
      }[kind]
      const remedy =
        test === null ? "" : `. If this is intended, allow it: ${allow(expected.suite, "mayLeaveUnhandled", [test])}`
      return say("unhandled-exception", `${what}${remedy}`, {
        ...testDetail(test),
        ...(file === null ? {} : { file }),
        line,
      })
    })
}
