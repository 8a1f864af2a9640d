import { deployGates, type GateStep } from "../../config/gates.js"
import type { ReleaseOutcome } from "../../ledger/event.js"
import { TollgateError } from "../../shared/errors.js"
import type { Instance, Running } from "../../targets/target.js"
import type { Steps } from "../pipeline/run.js"
import type { StepPlan } from "../pipeline/step.js"

/** Steps that are not a gate alone. */
export type OwnStep =
  | "policy"
  | "migrations"
  | "image"
  | "target"
  | "approval"
  | "backup"
  | "migrate"
  | "start"
  | "healthy"
  | "smoke"
  | "switch"
  | "watch"
  | "prune"

export type DeployStep = OwnStep | GateStep

export type DeployUndo = "switch back" | "remove the new release"

/**
 * The steps of a deployment. Steps before `migrate` change nothing. Migrations only add, so that the previous version works with
 * them: they stay when a later step fails, and a failed migration is undone by `migrate` itself.
 */
export const DEPLOY = [
  { name: "policy", changes: false, undo: null, closing: false },
  ...deployGates.map(({ deploy }) => ({ name: deploy.step, changes: false, undo: null, closing: false }) as const),
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
] as const satisfies readonly StepPlan<DeployStep, DeployUndo>[]

export type DeploySteps = Steps<(typeof DEPLOY)[number]>

/** The state after a failed deployment was undone. */
export interface Aftermath {
  readonly at: DeployStep
  /** false: this was the first release. */
  readonly hadBefore: boolean
  /** Whether the previous release is verified to serve again. */
  readonly serves: boolean
  readonly lost: boolean
}

/** The outcome of a failed deployment, for the ledger. */
export function outcomeOf({ at, hadBefore, serves, lost }: Aftermath): Exclude<ReleaseOutcome, "live"> {
  const step = DEPLOY.findIndex(({ name }) => name === at)
  const firstChange = DEPLOY.findIndex(({ changes }) => changes)
  if (lost) return "interrupted"
  if (step < firstChange) return "refused"
  if (hadBefore && !serves) return "broken"
  if (at === "watch") return hadBefore ? "rolled-back" : "broken"
  // the first release: a failed switch interrupts no earlier service
  return "failed"
}

/**
 * The release to roll back to: the live one, or, where the new release has the traffic already, the last one before.
 *
 * @param candidate id of the new release
 * @returns null: none
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
  /** Not on the target. */
  | { readonly kind: "new"; readonly release: string }
  /** An interrupted run started it. */
  | { readonly kind: "resumed"; readonly release: string }
  /** It has the traffic already. */
  | { readonly kind: "serves"; readonly release: string }

/**
 * Finds the release of an earlier run by image, version and configuration.
 *
 * @param fresh id for a new release
 */
export function startOf(
  { live, candidates }: Running,
  wanted: { image: string; version: string; configDigest: string },
  fresh: string,
): Start {
  const same = (instance: Instance) =>
    digestOf(instance.image) === digestOf(wanted.image) &&
    instance.version === wanted.version &&
    instance.configDigest === wanted.configDigest
  if (live.kind === "live" && same(live.instance)) return { kind: "serves", release: live.instance.release }
  const begun = candidates.find(same) ?? (live.kind === "split" ? live.instances.find(same) : undefined)
  return begun === undefined ? { kind: "new", release: fresh } : { kind: "resumed", release: begun.release }
}

export function digestOf(image: string): string {
  return image.slice(image.indexOf("@") + 1)
}

/** Every release on the target. */
export function allOf({ live, retained, candidates }: Running): Instance[] {
  return [
    ...(live.kind === "live" ? [live.instance] : live.kind === "split" ? live.instances : []),
    ...retained,
    ...candidates,
  ]
}

/** A deployment that nothing is wrong with, and that too few people have approved. */
export function lacksApprovals(error: unknown): boolean {
  return error instanceof TollgateError && error.code === "approval-too-few"
}

/** What an approver runs. The version is part of the plan, and by default each entry point takes another one. */
export function approvalCommands(environment: string, version: string): [write: string, sign: string] {
  return [
    `tollgate plan --env=${environment} --version=${version} --out=plan.json`,
    "tollgate approve --plan=plan.json",
  ]
}

export function waitingNext(environment: string, version: string): string {
  const [write, sign] = approvalCommands(environment, version)
  return `Nothing was changed. An approver signs the plan: \`${write}\`, \`${sign}\`. Then run the same command again with --approval=FILE.`
}

/**
 * The action after a deployment.
 *
 * @param leftOpen a failed migration left the database changed
 */
export function nextOf(
  outcome: ReleaseOutcome,
  environment: string,
  { leftOpen, isFirst }: { leftOpen: boolean; isFirst: boolean },
): string {
  if (leftOpen)
    return "The database needs an operator: follow docs/runbook-migration-failed.md before you deploy again."
  switch (outcome) {
    case "live":
      return ""
    case "refused":
      return "Fix the cause and deploy again. Nothing was changed."
    case "failed":
    case "rolled-back":
      return "Fix the cause and deploy again. No cleanup is needed."
    case "interrupted":
      return `\`tollgate status --env=${environment}\` shows what is serving and which run claimed it last. Run the command again when that run has ended.`
    case "broken":
      if (isFirst)
        return `Act now: deploy a release that works. Until then, \`tollgate maintenance on --env=${environment}\` keeps requests from this one.`
      return `Act now: \`tollgate status --env=${environment}\` shows what is there, \`tollgate rollback --env=${environment}\` rolls back. Runbook: docs/runbook-rollback.md`
  }
}
