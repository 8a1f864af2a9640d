/** What is known of a gate before it runs. */
export interface Gate {
  readonly name: string
  /** Tools that an engine without Docker prepares first. */
  readonly tools: readonly ("trivy" | "k6")[]
  /** Where its command writes the report; null: its command writes none there. */
  readonly report: string | null
  /** null: it judges an environment, and not a change. */
  readonly ci: CiPart | null
  /** null: a deployment has no step for it alone. */
  readonly deploy: DeployPart | null
}

/** A gate of `ci`. */
export interface CiPart {
  /** What runs, for docs/ci.md. */
  readonly what: string
  /** What it must have of gates before it. */
  readonly needs: readonly Need[]
  /** Starts when no other gate is running or waiting, because the others' load would be in its figures. */
  readonly alone: boolean
  /** Compares the change with its base: without one it is skipped. */
  readonly compares: boolean
  /** `own`: its key in `paths` of tollgate.yaml. `none`: it always runs. Otherwise the gate with which it is left out. */
  readonly paths: "own" | "none" | { readonly of: string }
  /** Figures that a later run is compared with, by name. */
  readonly figures: Readonly<Record<string, FigureForm>>
  /** Files of its report that readers look for at the top of the whole one. */
  readonly files: readonly string[]
  /** File of an earlier report that it compares itself with; null: none. */
  readonly baseline: string | null
}

export interface Need {
  readonly gate: string
  /** `ended`: with any result of its own. `passed`: without that, its figures would mean nothing. */
  readonly must: "ended" | "passed"
}

export interface FigureForm {
  readonly title: string
  readonly unit: "percent" | "bytes" | "milliseconds" | "count"
}

/** A gate that is a step of a deployment. */
export interface DeployPart {
  readonly step: string
  /** Its name in environments.NAME.gates; null: every environment requires it. */
  readonly setting: string | null
  /** Ends in seconds: it runs before those that take minutes. */
  readonly quick: boolean
  /** What passed, for a plan. */
  readonly check: string
  /** What the step does, for docs/deploy.md. */
  readonly what: string
}
