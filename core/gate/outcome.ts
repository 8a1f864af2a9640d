import type { CiGate, gates } from "../config/gates.js"
import type { Located } from "./located.js"

export type Verdict = "passed" | "failed" | "skipped" | "inconclusive"

/** A figure of a gate that a later run is compared with. */
export interface Figure {
  readonly name: FigureName
  readonly value: number
}

type FiguresOf<Name extends CiGate> = Name extends CiGate ? keyof (typeof gates)[Name]["ci"]["figures"] : never
export type FigureName = FiguresOf<CiGate>

/** How one suite of the gate `test` ended, for its trend over many runs. */
export interface SuiteOutcome {
  readonly name: string
  readonly verdict: "passed" | "failed"
  readonly tests: number
  readonly failed: number
  /** Ids of failed tests, each once. */
  readonly failedTests: readonly string[]
  /** null: it left no evidence. */
  readonly seconds: number | null
  /** Its evidence is of an earlier run. */
  readonly cached: boolean
}

/** The result of a gate that ran. */
export interface GateOutcome<Product> {
  verdict: Exclude<Verdict, "skipped">
  /** The verdict in words, without the verdict itself. */
  words: string
  /** Why it did not pass, each with what to do where that is known. */
  reasons: readonly string[]
  figures: readonly Figure[]
  /** Left out: it runs no suites. */
  suites?: readonly SuiteOutcome[]
  /** What it found in files of the source. Left out: it looks at none. */
  located?: readonly Located[]
  /** All of its evidence is of an earlier run. */
  cached: boolean
  /** null: it made nothing that a report or another gate could use. */
  product: Product | null
}

/** A gate's own result in the words of `ci`. */
export type Judged = Omit<GateOutcome<never>, "product">

/** The words behind the verdict of a line such as `FAILED: 1 of 5 suites`. */
export function wordsBehind(line: string): string {
  return line.slice(line.indexOf(": ") + 2)
}
