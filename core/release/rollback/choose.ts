import type { Instance, Running } from "../../targets/target.js"
import type { Steps } from "../pipeline/run.js"
import type { StepPlan } from "../pipeline/step.js"

export type RollbackStep = "choose" | "start" | "switch"
export type RollbackUndo = "switch back"

/** The steps of a rollback: no build, no test, no approval. The database is not changed. */
export const ROLLBACK = [
  { name: "choose", changes: false, undo: null, closing: false },
  { name: "start", changes: true, undo: null, closing: false },
  { name: "switch", changes: true, undo: "switch back", closing: false },
] as const satisfies readonly StepPlan<RollbackStep, RollbackUndo>[]

export type RollbackSteps = Steps<(typeof ROLLBACK)[number]>

/** What a choice is made from: of a target, or of what the ledger has of one. */
type There = Pick<Instance, "release" | "version" | "startedAt">
interface Candidates<One> {
  readonly live:
    | { readonly kind: "none" }
    | { readonly kind: "live"; readonly instance: One }
    | { readonly kind: "split"; readonly instances: readonly One[] }
    | Extract<Running["live"], { kind: "foreign" }>
  readonly retained: readonly One[]
}

export type Choice<One = Instance> =
  /** On the target, running or stopped: it can take the traffic at once. */
  | { readonly kind: "retained"; readonly instance: One }
  /** It has the traffic already. */
  | { readonly kind: "serves"; readonly instance: One }
  /** No longer on the target: the ledger may know its image. */
  | { readonly kind: "gone"; readonly release: string }
  | { readonly kind: "none"; readonly why: string }

/**
 * Chooses the release to roll back to. By default, of the releases started before the live one, the one that had the traffic last: a
 * second rollback goes further back, and never to a release that was rolled back before the live one was deployed.
 *
 * @param to id or version of a release; empty: the default
 */
export function chooseRelease<One extends There>({ live, retained }: Candidates<One>, to: string): Choice<One> {
  const current = live.kind === "live" ? live.instance : null
  const known = [...retained, ...(live.kind === "split" ? live.instances : [])]
  if (to !== "") {
    const asked = ({ release, version }: There) => release === to || version === to
    if (current !== null && current.release === to) return { kind: "serves", instance: current }
    // an id wins over a version of the same name
    const found = known.find(({ release }) => release === to) ?? known.find(asked)
    if (found !== undefined) return { kind: "retained", instance: found }
    return current !== null && asked(current) ? { kind: "serves", instance: current } : { kind: "gone", release: to }
  }
  switch (live.kind) {
    case "none":
      return { kind: "none", why: "no release of Tollgate has the traffic" }
    case "foreign":
      return { kind: "none", why: `${live.place} sends its traffic to ${live.to}, which is not a release of Tollgate` }
    case "split": {
      // the earliest of those that share the traffic
      const [earliest] = [...live.instances].sort(byStart)
      return earliest === undefined
        ? { kind: "none", why: "no release that shares the traffic is complete" }
        : { kind: "retained", instance: earliest }
    }
    case "live": {
      const last = retained.find(({ startedAt }) => startedAt < live.instance.startedAt)
      if (last !== undefined) return { kind: "retained", instance: last }
      const newer = retained.length === 0 ? "" : `; for a newer one pass --to=${retained[0]?.release ?? ""}`
      return {
        kind: "none",
        why: `no release before ${live.instance.release} (${live.instance.version}) is on the target${newer}`,
      }
    }
  }
}

function byStart(one: There, other: There): number {
  return one.startedAt < other.startedAt ? -1 : 1
}
