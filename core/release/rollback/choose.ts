import type { StepPlan } from "../pipeline/step.js"
import type { Instance, Running } from "../target/target.js"

export type RollbackStep = "choose" | "start" | "switch"
export type RollbackUndo = "switch back"

/** A rollback: no build, no test, no approval. The database stays as it is. */
export const ROLLBACK: readonly StepPlan<RollbackStep, RollbackUndo>[] = [
  { name: "choose", changes: false, undo: null, closing: false },
  { name: "start", changes: true, undo: null, closing: false },
  { name: "switch", changes: true, undo: "switch back", closing: false },
]

export type Choice =
  /** On the target: running or stopped, it takes the traffic at once. */
  | { readonly kind: "retained"; readonly instance: Instance }
  /** What was asked for has the traffic already. */
  | { readonly kind: "serves"; readonly instance: Instance }
  /** Not on the target any more: the ledger may know its image. */
  | { readonly kind: "gone"; readonly release: string }
  | { readonly kind: "none"; readonly why: string }

/**
 * The release to go back to. Without a wish, of those that were started before the one that has the traffic, the one that had the
 * traffic last: a second rollback goes further back, never forward again to what was just left, and never to a release that had
 * been gone back from when this one was deployed.
 *
 * @param to id or version of a release; empty: none is wished for
 */
export function chooseRelease({ live, retained }: Running, to: string): Choice {
  const current = live.kind === "live" ? live.instance : null
  const known = [...retained, ...(live.kind === "split" ? live.instances : [])]
  if (to !== "") {
    const asked = ({ release, version }: Instance) => release === to || version === to
    if (current !== null && current.release === to) return { kind: "serves", instance: current }
    // the id stands over a version of the same name
    const found = known.find(({ release }) => release === to) ?? known.find(asked)
    if (found !== undefined) return { kind: "retained", instance: found }
    return current !== null && asked(current) ? { kind: "serves", instance: current } : { kind: "gone", release: to }
  }
  switch (live.kind) {
    case "none":
      return { kind: "none", why: "nothing of Tollgate's has the traffic" }
    case "foreign":
      return { kind: "none", why: `${live.place} sends its traffic to ${live.to}, which is no release of Tollgate's` }
    case "split": {
      // the earlier one of those that share the traffic
      const [earliest] = [...live.instances].sort(byStart)
      return earliest === undefined ? { kind: "none", why: "no release that shares the traffic is there whole" } : { kind: "retained", instance: earliest }
    }
    case "live": {
      const last = retained.find(({ startedAt }) => startedAt < live.instance.startedAt)
      if (last !== undefined) return { kind: "retained", instance: last }
      const newer = retained.length === 0 ? "" : `; newer ones are there: --to=${retained[0]?.release ?? ""}`
      return { kind: "none", why: `no earlier release than ${live.instance.release} (${live.instance.version}) is on the target${newer}` }
    }
  }
}

function byStart(one: Instance, other: Instance): number {
  return one.startedAt < other.startedAt ? -1 : 1
}
