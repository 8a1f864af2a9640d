import type { Directory } from "@dagger.io/dagger"
import type { QaRun } from "../qa/run.js"

/** What a gate leaves for the report and for other gates. */
export interface Product {
  /** Its own report, with report.html. */
  folder(): Promise<Directory>
  /** Its own summary.md; empty: none. */
  summary: string
  /** The suites' run, of the gate test. */
  qa: QaRun | null
}
