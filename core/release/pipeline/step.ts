/** A step of a pipeline as data: its name and the step that undoes it. */
export interface StepPlan<Name extends string, Undo extends string> {
  readonly name: Name
  /** Whether it changes the target: then the run must hold the lease. */
  readonly changes: boolean
  /** Undoes it, even if it was only half done; null: nothing to undo. */
  readonly undo: Undo | null
  /** It only cleans up after a successful release: its failure undoes nothing. */
  readonly closing: boolean
}

/** The result of a step. */
export type Done =
  | { readonly kind: "done"; readonly note: string; readonly detail?: Detail }
  | { readonly kind: "skipped"; readonly note: string }

export type Detail = string | number | boolean | null | readonly Detail[] | { readonly [key: string]: Detail }

export interface StepReport {
  readonly name: string
  readonly outcome: "done" | "failed" | "skipped" | "undone"
  readonly seconds: number
  readonly note: string
}

/** The undo steps of a failed step and of those before it: the last first, each once. */
export function undosAfter<Name extends string, Undo extends string>(
  steps: readonly StepPlan<Name, Undo>[],
  failed: Name,
): Undo[] {
  const at = steps.findIndex(({ name }) => name === failed)
  if (at < 0) throw new RangeError(`there is no step ${failed}`)
  if (steps[at]?.closing === true) return []
  const undos = steps.slice(0, at + 1).flatMap(({ undo }) => (undo === null ? [] : [undo]))
  return [...new Set(undos.reverse())]
}
