import type { ReleaseOutcome } from "../../ledger/event.js"
import type { StepPlan } from "../pipeline/step.js"
import type { Instance, Running } from "../target/target.js"

export type DeployStep =
  | "config" | "ecpay" | "evidence" | "scan" | "migrations" | "image" | "target" | "approval" | "backup" | "migrate" | "start" | "healthy" | "smoke" | "switch" | "watch" | "prune"

export type DeployUndo = "switch back" | "remove the new release"

/**
 * A deployment. What comes before `migrate` changes nothing. Migrations only add, so that the version before works with
 * them: they stay when a later step fails, and one that fails is taken back by the database's own part.
 */
export const DEPLOY: readonly StepPlan<DeployStep, DeployUndo>[] = [
  { name: "config", changes: false, undo: null, closing: false },
  { name: "ecpay", changes: false, undo: null, closing: false },
  { name: "evidence", changes: false, undo: null, closing: false },
  { name: "scan", changes: false, undo: null, closing: false },
  { name: "migrations", changes: false, undo: null, closing: false },
  { name: "image", changes: false, undo: null, closing: false },
  { name: "target", changes: false, undo: null, closing: false },
  { name: "approval", changes: false, undo: null, closing: false },
  { name: "backup", changes: false, undo: null, closing: false },
  { name: "migrate", changes: true, undo: null, closing: false },
  { name: "start", changes: true, undo: "remove the new release", closing: false },
  { name: "healthy", changes: false, undo: null, closing: false },
  { name: "smoke", changes: false, undo: null, closing: false },
  { name: "switch", changes: true, undo: "switch back", closing: false },
  { name: "watch", changes: false, undo: null, closing: false },
  { name: "prune", changes: true, undo: null, closing: true },
]

/** What is known once a deployment has failed and what it did was taken back. */
export interface Aftermath {
  readonly at: DeployStep
  /** Whether something served before; false: the first release. */
  readonly hadBefore: boolean
  /** Whether that was seen to serve again just now. */
  readonly serves: boolean
  readonly lost: boolean
}

/** How a deployment that failed is written down. */
export function outcomeOf({ at, hadBefore, serves, lost }: Aftermath): Exclude<ReleaseOutcome, "live"> {
  const step = DEPLOY.findIndex(({ name }) => name === at)
  const firstChange = DEPLOY.findIndex(({ changes }) => changes)
  if (lost) return "interrupted"
  if (step < firstChange) return "refused"
  if (hadBefore && !serves) return "broken"
  if (at === "watch") return hadBefore ? "rolled-back" : "broken"
  // the first release: a failed switch leaves nobody served that was served before
  return "failed"
}

/**
 * The release that a deployment goes back to: what has the traffic, or where the new one has it already, what had it last.
 *
 * @param candidate id of the new release
 * @returns null: there is none
 */
export function previousRelease({ live, retained }: Running, candidate: string): Instance | null {
  const earlier = retained.filter(({ release }) => release !== candidate)
  switch (live.kind) {
    case "live":
      return live.instance.release === candidate ? (earlier[0] ?? null) : live.instance
    case "split":
      return live.instances.find(({ release }) => release !== candidate) ?? earlier[0] ?? null
    case "none":
    case "foreign":
      return null
  }
}

export type Start =
  /** Nothing of it is there. */
  | { readonly kind: "new"; readonly release: string }
  /** A run that was cut off has begun it. */
  | { readonly kind: "resumed"; readonly release: string }
  /** It has the traffic already, and nothing is to be changed. */
  | { readonly kind: "serves"; readonly release: string }

/**
 * What a deployment finds of itself when it is run again, by image, version and configuration.
 *
 * @param fresh id for a release that is not there yet
 */
export function startOf({ live, candidates }: Running, wanted: { image: string; version: string; configDigest: string }, fresh: string): Start {
  const same = (instance: Instance) =>
    digestOf(instance.image) === digestOf(wanted.image) && instance.version === wanted.version && instance.configDigest === wanted.configDigest
  if (live.kind === "live" && same(live.instance)) return { kind: "serves", release: live.instance.release }
  const begun = candidates.find(same) ?? (live.kind === "split" ? live.instances.find(same) : undefined)
  return begun === undefined ? { kind: "new", release: fresh } : { kind: "resumed", release: begun.release }
}

export function digestOf(image: string): string {
  return image.slice(image.indexOf("@") + 1)
}

/** Every release that is there, whatever it is to the others. */
export function allOf({ live, retained, candidates }: Running): Instance[] {
  return [...(live.kind === "live" ? [live.instance] : live.kind === "split" ? live.instances : []), ...retained, ...candidates]
}

/**
 * What the reader can do once a deployment has ended.
 *
 * @param leftOpen a migration has left the database otherwise than it was
 */
export function nextOf(outcome: ReleaseOutcome, environment: string, leftOpen: boolean): string {
  if (leftOpen) return "The database needs a person: docs/runbook-migration-failed.md. Do not deploy again before."
  switch (outcome) {
    case "live":
    case "refused":
      return ""
    case "failed":
    case "rolled-back":
      return "Mend the cause and deploy again; nothing needs to be tidied up first."
    case "interrupted":
      return `\`tollgate history --env=${environment}\` says which run has it.`
    case "broken":
      return `Look now: \`tollgate status --env=${environment}\`; \`tollgate rollback --env=${environment}\` goes back. docs/runbook-rollback.md`
  }
}

