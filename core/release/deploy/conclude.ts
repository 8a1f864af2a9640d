import { TollgateError } from "../../shared/errors.js"
import type { Instance } from "../../targets/target.js"
import { LEFT_OPEN } from "../migrations/migration-failed.js"
import { type MonitorResult, monitorLine } from "../monitor/judge.js"
import type { Ending, Failed, Succeeded } from "../pipeline/run.js"
import { type Deployment, judgedSource } from "./deployment.js"
import { afterFailure, type Ended, finish } from "./finish.js"
import type { ReleaseResult } from "./result.js"
import { type DeployStep, lacksApprovals, nextOf, outcomeOf, waitingNext } from "./steps.js"
import { liveNow } from "./undo.js"

type Verdict = Pick<Ended, "outcome" | "waiting" | "event" | "causes" | "warnings" | "serving" | "next">

/** The result of a deployment, wherever it ended. */
export async function conclude(
  deployment: Deployment,
  ending: Ending<DeployStep, Instance>,
  began: number,
): Promise<ReleaseResult> {
  const { request, session, service, undo, known } = deployment
  const { environment, version, stamp, why } = request
  const verdict = ending.kind === "done" ? live(ending, deployment) : await notLive(deployment, ending)
  const image = known.image?.reference ?? ""
  const digest = known.image?.digest ?? ""
  return await finish(session, {
    ...verdict,
    action: "deploy",
    service,
    environment,
    release: known.found?.start.release ?? session.release,
    version,
    digest,
    planId: known.planId,
    steps: ending.reports,
    printed: undo.printed,
    monitor: known.monitor,
    began,
    described: {
      version,
      image,
      digest,
      revision: stamp.revision === "" ? null : stamp.revision,
      sourceDigest: judgedSource(known.judged),
      configDigest: known.configDigest,
      why,
    },
  })
}

function live({ result, warnings }: Succeeded<Instance>, { known, request }: Deployment): Verdict {
  const { monitor } = known
  const unwatched =
    monitor === null || monitor.unfinished === null
      ? []
      : [`${unjudged(monitor)}. Turn maintenance mode off and run \`tollgate monitor --env=${request.environment}\`.`]
  return {
    outcome: "live",
    waiting: false,
    event: "success",
    causes: [],
    warnings: [...unwatched, ...warnings],
    serving: result,
    next: "",
  }
}

function unjudged(monitor: MonitorResult): string {
  return `this release was not watched to its end: ${monitorLine(monitor).replace(/^inconclusive: /, "")}`
}

async function notLive(
  { settings, request: { environment, version }, session, known }: Deployment,
  ending: Failed<DeployStep>,
): Promise<Verdict> {
  const { at, error, lost } = ending
  const before = known.found === null ? await liveNow(session.place.target) : known.found.before
  const { causes, serving } = await afterFailure(ending, session, settings, before)
  const outcome = outcomeOf({ at, hadBefore: before !== null, serves: serving !== null, lost })
  const waiting = lacksApprovals(error)
  const leftOpen = error instanceof TollgateError && error.code === LEFT_OPEN
  return {
    outcome,
    waiting,
    // who is asked for an approval is not told of a failure as well
    event: waiting ? null : outcome === "rolled-back" ? "rollback" : "failure",
    causes,
    warnings: [],
    serving,
    next: waiting
      ? waitingNext(environment, version)
      : nextOf(outcome, environment, { leftOpen, isFirst: before === null && serving !== null }),
  }
}
