/** `before`: the release before, until the switch. `watch`: the new release, from the switch on. */
type JudgedPhase = "before" | "watch"

/** `…maintenance`: it was in maintenance mode, and has no value. */
export type SamplePhase = JudgedPhase | "before-maintenance" | "watch-maintenance"

/** One figure that the watch of a release measured: a number and the name of its metric, and nothing that is secret. */
export interface Sample {
  readonly metric: string
  readonly phase: SamplePhase
  /** The window that it covers, in milliseconds since 1970. */
  readonly since: number
  readonly at: number
  /** null: no data. */
  readonly value: number | null
  /** The real value is larger than what could be measured. */
  readonly beyond: boolean
  /** How many it was made of; null: not read. */
  readonly outOf: number | null
  /** Fewest that a verdict may rest on. */
  readonly least: number
  /** null: it is not judged. */
  readonly threshold: number | null
}
