import type { ProcessRecord, SuiteEvidence } from "./evidence.js"
import type { SuiteExpectation } from "./expectation.js"
import { matchesAny } from "./pattern.js"
import { allow, byFile, type Say, some, tests } from "./reason.js"
import type { Reason } from "./result.js"

export function removedTests(say: Say, expected: SuiteExpectation, process: ProcessRecord): Reason[] {
  const reasons: Reason[] = []
  const deselected = process.deselected.filter((id) => !matchesAny(id, expected.mayDeselect))
  for (const [file, ids] of byFile(deselected))
    reasons.push(
      say(
        "deselected",
        `${tests(ids.length)} deselected by the app's own options (-k, -m, --deselect in addopts or the runner). Run them in another suite, or allow it: ${allow(expected.suite, "mayDeselect", ids)}`,
        { file },
      ),
    )
  for (const [file, ids] of byFile(process.removed.filter((id) => !matchesAny(id, expected.mayDeselect))))
    reasons.push(
      say(
        "removed-from-collection",
        `a hook of the app removed ${tests(ids.length)} from the collection. If that is intended, allow it: ${allow(expected.suite, "mayDeselect", ids)}`,
        { file },
      ),
    )
  return reasons
}

/** Over all processes: a runner may start one pytest for each test. */
export function narrowedTests(say: Say, expected: SuiteExpectation, evidence: SuiteEvidence): Reason[] {
  const reached = new Set(evidence.processes.flatMap((process) => process.selected).flatMap(ancestors))
  const left = new Set(
    evidence.processes
      .flatMap((process) => process.narrowed)
      .filter((id) => !reached.has(id) && !matchesAny(id, expected.mayDeselect)),
  )
  return [...byFile([...left])].map(([file, ids]) =>
    say(
      "deselected",
      `the runner's arguments left ${tests(ids.length)} of this file out (file.py::name). Run them in another suite, or allow it: ${allow(expected.suite, "mayDeselect", ids)}`,
      { file },
    ),
  )
}

function ancestors(id: string): string[] {
  const parts = id.split("::")
  return parts.map((_, index) => parts.slice(0, index + 1).join("::"))
}

export function notRun(say: Say, process: ProcessRecord): Reason[] {
  const ran = new Set(process.tests.map((test) => test.id))
  const why = process.stoppedBecause === null ? "" : ` (${process.stoppedBecause})`
  return [...byFile(process.selected.filter((id) => !ran.has(id)))].map(([file, ids]) =>
    say("not-run", `${tests(ids.length)} collected and never run${why}: ${some(ids)}`, { file }),
  )
}
