import { type CiGate, ciGates } from "../config/gates.js"
import { UNTOUCHED } from "./plan.js"
import type { Status } from "./status.js"

/** The gates that a save need not run again, after a run. What was skipped for another reason is not known to pass. */
export function passedIn({ gates }: Status): ReadonlySet<CiGate> {
  const passed = new Set(
    gates.filter(({ verdict, words }) => verdict === "passed" || words === UNTOUCHED).map(({ name }) => name),
  )
  // a gate that is left out with another one, as changed lines are with the suites, runs again only with that one
  for (const { name, ci } of ciGates) {
    const verdict = gates.find((gate) => gate.name === name)?.verdict
    if (typeof ci.paths !== "string" && (verdict === "failed" || verdict === "inconclusive")) passed.delete(ci.paths.of)
  }
  return new Set(ciGates.flatMap(({ name }) => (passed.has(name) ? [name] : [])))
}
