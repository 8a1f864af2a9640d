/** What a deployment consists of: one step after the other, each with what takes it back. Data alone; what a step does stands elsewhere. */
export interface StepPlan<Name extends string, Undo extends string> {
  readonly name: Name
  /** Whether it changes something where the service runs: then the run must hold the environment. */
  readonly changes: boolean
  /** What takes it back, even if it was only half done; null: there is nothing to take back. */
  readonly undo: Undo | null
  /** After this kind of step nothing is taken back any more: it only tidies up behind a release that is proven. */
  readonly closing: boolean
}

/** What a step leaves to say. */
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

/** What takes back a step that failed, and everything before it: the last step first, each way back once. */
export function undosAfter<Name extends string, Undo extends string>(steps: readonly StepPlan<Name, Undo>[], failed: Name): Undo[] {
  const at = steps.findIndex(({ name }) => name === failed)
  if (at < 0) throw new RangeError(`there is no step ${failed}`)
  if (steps[at]?.closing === true) return []
  const undos = steps.slice(0, at + 1).flatMap(({ undo }) => (undo === null ? [] : [undo]))
  return [...new Set(undos.reverse())]
}
