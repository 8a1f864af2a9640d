import { configDigest } from "../../environment/digest.js"
import type { ReleaseRecord } from "../../ledger/ledger.js"
import { duration, shortDigest } from "../../shared/figures.js"
import type { Instance } from "../../targets/target.js"
import { requireHealthy } from "../deploy/serve.js"
import type { Done } from "../pipeline/step.js"
import { boundSettings } from "../plan/bound-settings.js"
import { digestsOf } from "../plan/plan-id.js"
import type { ReleaseSession } from "../session/session.js"
import { serviceVariables } from "../session/values.js"
import { requireSame } from "./fetch-again.js"
import { type Goal, type Rollback, versionOf } from "./goal.js"

type Started = Done & { readonly instance: Instance }

/** Starts the release again where it is no longer on the target. */
export async function startGoal(rollback: Rollback, goal: Goal): Promise<Started> {
  if (goal.kind === "gone") return await startAgain(rollback, goal.record)
  const { kind, instance } = goal
  rollback.known.instance = instance
  return { kind: "skipped", note: kind === "serves" ? "it already has the traffic" : "it is on the target", instance }
}

async function startAgain(
  { settings, request: { environment, secrets }, session, undo, known }: Rollback,
  record: ReleaseRecord,
): Promise<Started> {
  const { target, login, variables } = session.place
  const values = await serviceVariables(settings, environment, variables, secrets)
  const variable = settings.release.version?.variable
  requireSame(
    { ...record, configNames: record.configNames.filter((name) => name !== variable) },
    { processes: await processesOf(session, record) },
    {
      configDigest: configDigest(environment, values),
      configNames: [...values.keys()],
      processes: digestsOf(boundSettings(settings, environment))["processes"] ?? null,
    },
  )
  const version = versionOf(record)
  // as in a deployment, the service reports this version
  if (variable !== undefined) values.set(variable, version)
  const instance = await target.start({
    id: record.id,
    version,
    image: record.image,
    configDigest: record.configDigest ?? "",
    environment: () => Promise.resolve(values),
    login,
  })
  known.instance = instance
  session.logs?.follow(session.release, "new", instance, "start")
  const next = "Roll back to another release with --to: `tollgate history` lists them."
  const after = await requireHealthy(target, instance, undo, next)
  return {
    kind: "done",
    note: `fetched ${shortDigest(record.digest)}, healthy after ${duration(after)}`,
    instance,
  }
}

/** What the release's plan said that its processes run; null: it had none. */
async function processesOf({ ledger }: ReleaseSession, { environment, planId }: ReleaseRecord): Promise<string | null> {
  if (ledger === null || planId === null) return null
  const planned = await ledger.eventsOfKind(environment, "planned")
  const own = planned.find(({ what }) => what.kind === "planned" && what.planId === planId)
  return own?.what.kind === "planned" ? (own.what.settings["processes"] ?? null) : null
}
