import type { SuiteResult } from "../qa/result.js"
import type { Case } from "../report/cases.js"
import { type Sheet, sheetOf, writeJunit } from "../report/junit.js"
import type { GateStatus, Status } from "./status.js"

/** junit.xml: every gate as a case, and every test of the suites, so that a reader of tests alone sees each failed gate too. */
export function ciJunit(status: Status, suites: readonly SuiteResult[]): Promise<string> {
  const gates: Sheet = {
    name: "tollgate",
    cases: status.gates.map(caseOf),
    seconds: status.seconds,
    startedAt: status.startedAt,
    output: "",
  }
  return writeJunit([gates, ...suites.map(sheetOf)])
}

/** An inconclusive gate is an error: what could not be judged did not pass. */
const STATUSES = { passed: "passed", failed: "failed", inconclusive: "error", skipped: "skipped" } as const

function caseOf({ name, verdict, words, reasons, seconds }: GateStatus): Case {
  return {
    suite: "tollgate",
    test: null,
    code: `${name}-${verdict}`,
    group: "tollgate.ci",
    name,
    file: null,
    line: null,
    seconds: seconds ?? 0,
    status: STATUSES[verdict],
    message: words,
    traceback: reasons.join("\n"),
    output: "",
  }
}
