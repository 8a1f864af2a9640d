import { GateFailed } from "../gate/failed.js"
import type { DeployWork } from "../gate/work.js"
import { proveSource } from "../qa/prove.js"
import { isProven } from "../qa/result.js"
import { count } from "../shared/figures.js"
import { summary } from "./summary.js"

export const deployWork: DeployWork = async ({ source, gateSecrets }) => {
  const { result } = await proveSource(source, { suites: [], run: "", secrets: gateSecrets })
  if (!isProven(result))
    throw new GateFailed("qa", summary(result, { report: "`tollgate test` writes the full report" }))
  const tests = result.suites.reduce((sum, { counts }) => sum + counts.tests, 0)
  const earlier = result.suites.every(({ cached }) => cached) ? ", evidence of an earlier run of the same source" : ""
  return {
    kind: "done",
    note: `${count(result.suites.length, "suite")} passed, ${count(tests, "test")}${earlier}`,
    detail: { source: result.source },
    judged: { what: "source", words: "The tests ran on", digest: result.source },
  }
}
