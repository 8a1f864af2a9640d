import { TestRunner, test } from "vitest"

/** Milliseconds since 1970; a run without one has all the time it needs. */
const deadline = Number(process.env["TOLLGATE_TEST_DEADLINE"] ?? Infinity)

/** A file that has not started by the deadline of `npm test -- --deadline=…` is not loaded: it counts as one skipped test. */
export default class RunnerWithDeadline extends TestRunner {
  override importFile(path: string, source: Parameters<TestRunner["importFile"]>[1]): unknown {
    if (source === "collect" && Date.now() > deadline) return test.skip("not started before the deadline", () => {})
    return super.importFile(path, source)
  }
}
