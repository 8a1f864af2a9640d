/** The gates of `ci`, in the order of every table. */
export const GATES = ["config", "test", "patch-coverage", "image", "scan", "migrations", "load"] as const
export type GateName = (typeof GATES)[number]

/** Gates that `paths` of tollgate.yaml may leave out. `patch-coverage` follows `test`; `config` always runs. */
export const FILTERED = ["test", "image", "scan", "migrations", "load"] as const
export type FilteredGate = (typeof FILTERED)[number]

export type Verdict = "passed" | "failed" | "skipped" | "inconclusive"

/** What a gate must have of another one before it starts. */
export interface Need {
  gate: GateName
  /** `ended`: with any result of its own. `passed`: without that, its figures would mean nothing. */
  must: "ended" | "passed"
}

interface GateRule {
  needs: readonly Need[]
  /** Starts when no other gate is running or waiting, because the others' load would be in its figures. */
  alone: boolean
}

export const RULES: Record<GateName, GateRule> = {
  config: { needs: [], alone: false },
  test: { needs: [], alone: false },
  "patch-coverage": { needs: [{ gate: "test", must: "ended" }], alone: false },
  image: { needs: [], alone: false },
  // an image that does not build would be built, and reported, twice
  scan: { needs: [{ gate: "image", must: "ended" }], alone: false },
  migrations: { needs: [], alone: false },
  load: { needs: [{ gate: "image", must: "passed" }], alone: true },
}

/** A figure of a gate that a later run is compared with. */
export interface Figure {
  name: FigureName
  value: number
}

export const FIGURES = [
  "coverage",
  "patch-coverage",
  "tests",
  "image-size",
  "findings",
  "blocking-findings",
  "p95",
] as const
export type FigureName = (typeof FIGURES)[number]

/** The result of a gate that ran. */
export interface GateOutcome<Product> {
  verdict: Exclude<Verdict, "skipped">
  /** The verdict in words, without the verdict itself. */
  words: string
  /** Why it did not pass, each with what to do where that is known. */
  reasons: readonly string[]
  figures: readonly Figure[]
  /** All of its evidence is of an earlier run. */
  cached: boolean
  /** null: it made nothing that a report or another gate could use. */
  product: Product | null
}
