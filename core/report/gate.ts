import type { Directory } from "@dagger.io/dagger"
import { GateFailed } from "../gate/failed.js"
import type { GateWork, Product } from "../gate/gate.js"
import type { QaRun } from "../qa/run.js"
import { count } from "../shared/figures.js"

/** What the suites leave: their run as well, which the coverage of a change is judged by. */
export class SuitesProduct implements Product {
  readonly run: QaRun
  readonly folder: () => Promise<Directory>
  readonly summary: string

  constructor(run: QaRun, folder: () => Promise<Directory>, summary: string) {
    this.run = run
    this.folder = folder
    this.summary = summary
  }
}

/** The suites, judged by evidence. */
export const test: GateWork<"test"> = {
  ci: async ({ source, secrets }) => {
    const [{ proveSource }, { qaReport }, { markdown }, { testOutcome }] = await Promise.all([
      import("../qa/prove.js"),
      import("./folder.js"),
      import("./markdown.js"),
      import("./outcome.js"),
    ])
    const run = await proveSource(source, { suites: [], run: "", secrets })
    const product = new SuitesProduct(run, () => qaReport(run), markdown(run.result))
    return { ...testOutcome(run.result), product }
  },

  deploy: async ({ source, gateSecrets }) => {
    const [{ proveSource }, { isProven }, { summary }] = await Promise.all([
      import("../qa/prove.js"),
      import("../qa/result.js"),
      import("./summary.js"),
    ])
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
  },
}
