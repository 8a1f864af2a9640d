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

export type AnyStep = StepPlan<string, string>

/** Names of the steps of a plan, by what becomes of them when they fail. */
export type Undoable<Planned extends AnyStep> = Extract<Planned, { readonly undo: string }>["name"]
export type Closing<Planned extends AnyStep> = Extract<Planned, { readonly closing: true }>["name"]
export type WithoutUndo<Planned extends AnyStep> = Exclude<Planned["name"], Undoable<Planned> | Closing<Planned>>

/** What a step returns: what people read of it, and beside that what later steps need. */
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
