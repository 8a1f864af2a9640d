import type { Settings } from "../../config/schema.js"
import { serviceName } from "../../config/service-name.js"
import { readDotenv } from "../../secrets/parse.js"
import { TollgateError } from "../../shared/errors.js"
import type { Instance } from "../../targets/target.js"
import { afterFailure, finish } from "../deploy/finish.js"
import type { ReleaseResult } from "../deploy/result.js"
import { switchTo } from "../deploy/serve.js"
import { ReleaseUndo } from "../deploy/undo.js"
import { type Ending, runPipeline } from "../pipeline/run.js"
import type { ReleaseEntryPoint } from "../session/entry-point.js"
import { type ReleaseSession, withSession } from "../session/session.js"
import { ROLLBACK, type RollbackStep, type RollbackSteps } from "./choose.js"
import { choose, type Rollback } from "./goal.js"
import { nextOf, outcomeOf } from "./next.js"
import type { RollbackRequest } from "./request.js"
import { startGoal } from "./start-goal.js"

/** Rolls back to an earlier release. Needs only the target: it continues without ledger, registry and notifications. */
export async function rollback(
  settings: Settings,
  request: RollbackRequest,
  entryPoint: ReleaseEntryPoint,
): Promise<ReleaseResult> {
  const { secrets } = request
  const hidden = secrets === null ? [] : [...readDotenv(await secrets()).values.values()]
  return await withSession(
    settings,
    entryPoint,
    { ...request, command: "rollback", need: "wanted", secrets: hidden },
    (session) => rollBackIn(settings, request, session),
  )
}

/** The rollback itself, on an open target. */
export async function rollBackIn(
  settings: Settings,
  request: RollbackRequest,
  session: ReleaseSession,
): Promise<ReleaseResult> {
  await request.held?.()
  const began = performance.now()
  const undo = new ReleaseUndo(session.place.target)
  const known = { before: null, instance: null, claimWarning: "" }
  const rollback: Rollback = { settings, request, session, undo, known }
  const limits = { patience: settings.release.healthTimeout, redact: session.redact }
  const ending = await runPipeline(ROLLBACK, (steps) => rollbackSteps(steps, rollback), session.recorder, limits)
  return await conclude(rollback, ending, began)
}

/** Every step in its order, with what it takes from the steps before it. Returns the release that is live. */
async function rollbackSteps({ step }: RollbackSteps, rollback: Rollback): Promise<Instance> {
  const { settings, session, undo } = rollback
  const { target } = session.place
  const { goal, before } = await step("choose", () => choose(rollback))
  const { instance } = await step("start", () => startGoal(rollback, goal))
  await step(
    "switch",
    () => {
      session.logs?.follow(session.release, "new", instance, "now")
      if (before !== null) session.logs?.follow(session.release, "old", before, "now")
      return switchTo(target, settings, instance)
    },
    () => switchBack(undo, before, instance),
  )
  return instance
}

async function switchBack(undo: ReleaseUndo, before: Instance | null, instance: Instance): Promise<string> {
  if (before === null)
    throw new TollgateError(
      "no-earlier-release",
      "No release had all of the traffic before.",
      "Choose the release with --to. `tollgate history` lists them.",
    )
  undo.keepLogOf(instance)
  return await undo.switchBack(before)
}

/** The result of a rollback, wherever it ended. */
async function conclude(
  { settings, request, session, undo, known }: Rollback,
  ending: Ending<RollbackStep, Instance>,
  began: number,
): Promise<ReleaseResult> {
  const { environment, to, why } = request
  const { instance, before, claimWarning } = known
  const { causes, serving } =
    ending.kind === "done"
      ? { causes: [], serving: ending.result }
      : await afterFailure(ending, session, settings, before)
  const outcome = ending.kind === "done" ? "live" : outcomeOf({ ...ending, serves: serving !== null })
  return await finish(session, {
    action: "rollback",
    service: serviceName(settings.release.name, settings.image.name),
    environment,
    release: session.release,
    version: instance?.version ?? (to === "" ? "the previous release" : to),
    digest: instance?.digest ?? "",
    planId: null,
    outcome,
    waiting: false,
    event: outcome === "live" ? "rollback" : "failure",
    steps: ending.reports,
    causes,
    printed: undo.printed,
    warnings: claimWarning === "" ? [] : [claimWarning],
    serving,
    monitor: null,
    began,
    next: nextOf(outcome, environment, settings.database.contract),
    described: { why },
  })
}
