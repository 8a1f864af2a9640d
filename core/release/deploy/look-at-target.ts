import { TollgateError } from "../../shared/errors.js"
import { bytes } from "../../shared/figures.js"
import type { Instance, Maintenance, PlaceFacts } from "../../targets/target.js"
import type { Reading } from "../monitor/judge.js"
import { readFigures } from "../monitor/read.js"
import type { Done } from "../pipeline/step.js"
import { foundationOf } from "../plan/identity.js"
import type { PlanIdentity } from "../plan/plan.js"
import { planId } from "../plan/plan-id.js"
import { checkTarget } from "./check-target.js"
import { type Deployment, judgedSource } from "./deployment.js"
import type { PublishedImage } from "./gates.js"
import type { GatesPassed } from "./pass-gates.js"
import { previousRelease, type Start, startOf } from "./steps.js"

/** What a deployment starts from. */
export interface Looked {
  readonly start: Start
  /** The release to roll back to; null: none. */
  readonly before: Instance | null
  /** What approvals are for. */
  readonly identity: PlanIdentity
  /** The live release's figures; null: none is live. */
  readonly firstReading: { readonly reading: Reading; readonly maintenance: Maintenance } | null
}

/** Claims the target, reads what is there, and describes the release in the ledger. */
export async function lookAtTarget(
  deployment: Deployment,
  { configuration, judged }: GatesPassed,
  image: PublishedImage,
): Promise<Done & Looked> {
  const { settings, request, session, undo, known } = deployment
  const { place, recorder, release } = session
  const { version, at, why, stamp } = request
  const migrations = (await deployment.migrations.pending()).map(({ id }) => id)
  // before it is read: a run that was stopped must not change it afterwards
  await session.claim()
  const { facts, running } = await checkTarget(place.target, image.bytes)
  const { live } = running
  const start = startOf(running, { image: image.reference, version, configDigest: configuration.digest }, release)
  const before =
    start.kind === "serves" && live.kind === "live" ? live.instance : previousRelease(running, start.release)
  known.found = { start, before }
  undo.expect(running, start.release)
  const identity: PlanIdentity = {
    ...(await foundationOf(settings, request)),
    imageDigest: image.digest,
    migrations,
    configDigest: configuration.digest,
  }
  const plan = planId(identity)
  known.planId = plan
  requireRequested(request.plan, plan)
  const firstReading =
    live.kind === "live"
      ? {
          reading: await readFigures(place.target, live.instance, settings.release.monitor, configuration.values),
          maintenance: running.maintenance,
        }
      : null
  await recorder.begin(start.release, {
    action: "deploy",
    version,
    image: image.reference,
    digest: image.digest,
    previous: before === null ? null : { release: before.release, digest: before.digest },
    revision: stamp.revision === "" ? null : stamp.revision,
    planId: plan,
    sourceDigest: judgedSource(judged),
    configDigest: configuration.digest,
    configNames: [...configuration.values.keys()].sort(),
    migrations,
    why,
    scheduledFor: at === "" ? null : new Date().toISOString(),
    watch: settings.release.monitor.window,
  })
  recorder.tell("start", { planId: plan })
  return {
    kind: "done",
    note: `${facts.map(factWords).join("; ")}${startWords(start)}`,
    start,
    before,
    identity,
    firstReading,
  }
}

function requireRequested(requested: string | undefined, plan: string): void {
  if (requested !== undefined && requested !== plan)
    throw new TollgateError(
      "plan-other",
      `This source gives ${plan}, and ${requested} was requested.`,
      "Make a new plan with `tollgate plan` where the runner is, and request that one. Nothing was changed.",
    )
}

function factWords({ place, runtime, freeBytes }: PlaceFacts): string {
  return `${place}: ${runtime}, ${bytes(freeBytes)} free`
}

function startWords(start: Start): string {
  switch (start.kind) {
    case "new":
      return ""
    case "resumed":
      return `; resumes release ${start.release}`
    case "serves":
      return `; release ${start.release} already has the traffic`
  }
}
