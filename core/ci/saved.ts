import { type CiGate, ciGates } from "../config/gates.js"
import { UNTOUCHED } from "./plan.js"
import type { Status } from "./status.js"

/** The gates that a save need not run again, after a run. What was skipped for another reason is not known to pass. */
export function passedIn({ gates }: Status): ReadonlySet<CiGate> {
  const passed = new Set(
    gates.filter(({ verdict, words }) => verdict === "passed" || words === UNTOUCHED).map(({ name }) => name),
  )
  // changed lines are judged only by a run of the suites
  const patch = gates.find(({ name }) => name === "patch-coverage")?.verdict
  if (patch === "failed" || patch === "inconclusive") passed.delete("test")
  return new Set(ciGates.flatMap(({ name }) => (passed.has(name) ? [name] : [])))
}
