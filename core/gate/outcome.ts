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

/** The result of a gate that ran. */
export interface GateOutcome<Product> {
  verdict: Exclude<Verdict, "skipped">
  /** The verdict in words, without the verdict itself. */
  words: string
  /** Why it did not pass, each with what to do where that is known. */
  reasons: readonly string[]
  figures: readonly Figure[]
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
