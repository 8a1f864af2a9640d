import type { Settings } from "../../config/schema.js"
import { serviceName } from "../../config/service-name.js"
import type { ReleaseRecord } from "../../ledger/ledger.js"
import { readDotenv } from "../../secrets/parse.js"
import { errorWords } from "../../shared/engine-cause.js"
import { TollgateError } from "../../shared/errors.js"
import type { Instance, Running } from "../../targets/target.js"
import { finish } from "../deploy/finish.js"
import type { ReleaseResult } from "../deploy/result.js"
import { allOf, DEPLOY, type DeployStep, nextOf, outcomeOf } from "../deploy/steps.js"
import { ReleaseUndo, servingNow } from "../deploy/undo.js"
import type { StepReport } from "../pipeline/step.js"
import type { RollbackRequest } from "../rollback/request.js"
import type { ReleaseEntryPoint } from "../session/entry-point.js"
import { type ReleaseSession, withSession } from "../session/session.js"

export type RecoverRequest = Pick<
  RollbackRequest,
  "environment" | "access" | "ledger" | "notify" | "secrets" | "sandbox"
> & {
  readonly owner: string
  /** As the ledger has it: its run was killed. */
  readonly record: ReleaseRecord
}

/**
 * Ends a deployment whose run was killed. Takes the lease and claims the target first, so that the run can change nothing more if it was
 * only stopped. The database is not changed.
 *
 * @throws TollgateError `lease-held` when another run has the environment
 */
export async function recover(
  settings: Settings,
  request: RecoverRequest,
  entryPoint: ReleaseEntryPoint,
): Promise<ReleaseResult> {
  const { secrets, record, owner } = request
  const hidden = secrets === null ? [] : [...readDotenv(await secrets()).values.values()]
  const { who, why } = record
  return await withSession(
    settings,
    entryPoint,
    { ...request, caller: { who, owner }, why, command: "deploy", need: "required", secrets: hidden },
    (session) => recoverIn(settings, request, session),
  )
}

async function recoverIn(
  settings: Settings,
  { environment, record }: RecoverRequest,
  session: ReleaseSession,
): Promise<ReleaseResult> {
  const began = performance.now()
  const { target } = session.place
  const { running } = await session.claim()
  await session.recorder.begin(record.id, described(record))
  const before = allOf(running).find(({ release }) => release === record.previous?.release) ?? null
  const at = lastStep(record)
  const stays = watchedToItsEnd(record, running)
  const undo = new ReleaseUndo(target)
  const { steps, errors } =
    stays === null ? await undone(session, undo, running, record, before) : { steps: [], errors: [] }
  const { instance, why } = await servingNow(target, settings, stays ?? before)
  const outcome =
    stays !== null && instance !== null
      ? "live"
      : outcomeOf({ at, hadBefore: before !== null, serves: instance !== null, lost: false })
  const causes = [`The run was killed in the step ${at}.`, ...errors, ...(why === null ? [] : [session.redact(why)])]
  return await finish(session, {
    action: "deploy",
    service: serviceName(settings.release.name, settings.image.name),
    environment,
    release: record.id,
    version: record.version ?? record.id,
    digest: record.digest,
    planId: record.planId,
    outcome,
    waiting: false,
    event: outcome === "live" ? "success" : outcome === "rolled-back" ? "rollback" : "failure",
    steps,
    causes: outcome === "live" ? [] : causes,
    printed: undo.printed,
    warnings: outcome === "live" ? [`The run was killed in the step ${at}.`] : [],
    serving: instance,
    monitor: null,
    began,
    next: nextOf(outcome, environment, { leftOpen: false, isFirst: before === null && instance !== null }),
    described: { why: record.why },
  })
}

function described(record: ReleaseRecord): Parameters<ReleaseSession["recorder"]["begin"]>[1] {
  const { action, version, image, digest, previous, revision, planId } = record
  const { sourceDigest, configDigest, configNames, migrations, why, scheduledFor } = record
  const what = { action, version, image, digest, previous, revision, planId }
  return { ...what, sourceDigest, configDigest, configNames, migrations, why, scheduledFor }
}

/** The last step that had begun. */
export function lastStep({ steps }: Pick<ReleaseRecord, "steps">): DeployStep {
  const begun = new Set(steps.map(({ name }) => name))
  return DEPLOY.findLast(({ name }) => begun.has(name))?.name ?? "target"
}

/** The release, where nothing was left to do but to clean up; null: it is undone. */
export function watchedToItsEnd(
  { id, steps }: Pick<ReleaseRecord, "id" | "steps">,
  { live }: Running,
): Instance | null {
  const watched = steps.findLast(({ name }) => name === "watch")?.outcome === "done"
  const isUndone = steps.some(({ outcome }) => outcome === "undone")
  return watched && !isUndone && live.kind === "live" && live.instance.release === id ? live.instance : null
}

/** What the run itself does when it fails, the last step first. */
async function undone(
  session: ReleaseSession,
  undo: ReleaseUndo,
  running: Running,
  { id }: ReleaseRecord,
  before: Instance | null,
): Promise<{ steps: StepReport[]; errors: string[] }> {
  const { recorder, redact } = session
  undo.expect(running, id)
  const own = allOf(running).find(({ release }) => release === id)
  if (own !== undefined) undo.keepLogOf(own)
  const undos: [name: string, work: () => Promise<string>][] = []
  if (hasTraffic(running, id)) undos.push(["switch back", () => undo.switchBack(before)])
  // an older one is kept for rollbacks, whatever the ledger says of it
  if (own !== undefined && (before === null || own.startedAt > before.startedAt))
    undos.push(["remove the new release", () => undo.remove(id)])
  const steps: StepReport[] = []
  const errors: string[] = []
  for (const [name, work] of undos) {
    const began = performance.now()
    const report = async (outcome: "undone" | "failed", note: string) => {
      const step = { name, outcome, seconds: (performance.now() - began) / 1000, note: redact(note) }
      steps.push(step)
      await recorder.finished(step, null)
    }
    try {
      await recorder.requireHeld()
      await report("undone", await work())
    } catch (error) {
      if (!(error instanceof TollgateError)) throw error
      errors.push(redact(errorWords(error)))
      await report("failed", errorWords(error).split("\n")[0] ?? "")
      break
    }
  }
  return { steps, errors }
}

function hasTraffic({ places }: Running, id: string): boolean {
  return places.some(({ release }) => release === id)
}
