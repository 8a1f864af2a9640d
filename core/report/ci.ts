import type { Directory } from "@dagger.io/dagger"
import type { CiWork, Product } from "../gate/work.js"
import type { PagePart } from "../presentation/html-page.js"
import { proveSource } from "../qa/prove.js"
import type { QaRun } from "../qa/run.js"
import { qaReport } from "./folder.js"
import { suitesPart } from "./html-suites.js"
import { markdown } from "./markdown.js"
import { testOutcome } from "./outcome.js"

/** What the suites leave: their run as well, by which the coverage of a change is judged. */
export class SuitesProduct implements Product {
  readonly run: QaRun
  readonly summary: string
  readonly part: PagePart

  constructor(run: QaRun) {
    this.run = run
    this.summary = markdown(run.result)
    this.part = suitesPart(run.result)
  }

  folder(): Promise<Directory> {
    return qaReport(this.run)
  }
}

export const test: CiWork = {
  run: async ({ source, secrets }) => {
    const run = await proveSource(source, { suites: [], run: "", secrets })
    return { ...testOutcome(run.result), product: new SuitesProduct(run) }
  },
}
