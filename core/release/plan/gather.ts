import { deployGates, type GateSetting } from "../../config/gates.js"
import type { Settings } from "../../config/schema.js"
import { serviceName } from "../../config/service-name.js"
import { environmentSettings } from "../../environment/check.js"
import { configDigest } from "../../environment/digest.js"
import { expectedDuration } from "../../ledger/expected.js"
import type { Ledger } from "../../ledger/ledger.js"
import { currentHead } from "../../ledger/verify-heads.js"
import { runId } from "../../qa/run-id.js"
import { changeTexts } from "../../secrets/free-text.js"
import { readDotenv } from "../../secrets/parse.js"
import { redactor } from "../../secrets/redact.js"
import { redactedError } from "../../secrets/redact-error.js"
import { TollgateError } from "../../shared/errors.js"
import type { Place } from "../../targets/kind.js"
import { openPlace } from "../../targets/registry.js"
import { differentParts } from "../approval/plan-problems.js"
import { imageGate, runGate } from "../deploy/gates.js"
import type { DeployRequest } from "../deploy/request.js"
import { requireSameBytes } from "../deploy/same-bytes.js"
import { ledgerAway } from "../ledger/ledger-away.js"
import { openReleaseLedger } from "../ledger/open-ledger.js"
import { openMigrations } from "../migrations/migrations.js"
import { asksForSomething } from "../policy/policy.js"
import { judgePolicy, readPolicyHistory } from "../policy/require.js"
import type { ReleaseEntryPoint } from "../session/entry-point.js"
import { isVersion } from "../session/release-id.js"
import { serviceVariables } from "../session/values.js"
import { boundSettings } from "./bound-settings.js"
import { foundationOf } from "./identity.js"
import { configChanges, makePlan, planFileEvent, plannedEvent } from "./make.js"
import { type Plan, type PlannedMigration, planSchema } from "./plan.js"
import { digestsOf } from "./plan-id.js"

/** The commits between two commits. `from` null: the live commit is not known; `first`: nothing runs there yet. */
export type Commits = (from: string | null, to: string, first: boolean) => Plan["commits"]

const LOOKS_BACK = 20

/**
 * Plans a deployment. The image is built, judged and published, because the plan needs its digest; the target is not changed.
 */
export async function gatherPlan(
  settings: Settings,
  request: DeployRequest,
  entryPoint: ReleaseEntryPoint,
  commits: Commits,
): Promise<Plan> {
  const { environment, version } = request
  if (!isVersion(version))
    throw new TollgateError(
      "version-form",
      "--version is not a valid image tag.",
      "Use letters, digits and . _ -, at most 128, not starting with . or -. Nothing was changed.",
    )
  const { approvals } = environmentSettings(settings, environment)
  // an approval counts only for a plan that is recorded, and a policy holds only in a ledger
  const need = approvals.required > 0 || asksForSomething(settings, environment) ? "required" : "wanted"
  const redact = redactor(request.secrets === null ? [] : [...readDotenv(await request.secrets()).values.values()])
  const place = await openPlace(settings, environment, entryPoint, request.access, request.sandbox)
  try {
    const opened = await openReleaseLedger(settings, place, entryPoint, request.ledger, need, redact)
    try {
      const ledger = opened?.ledger ?? null
      const online = ledger?.state.kind === "online" ? ledger : null
      // before the image is built: what is refused should be refused at once
      if (online !== null) judgePolicy(settings, environment, await readPolicyHistory(online, environment))
      const plan = changeTexts(planSchema, await gather(settings, request, entryPoint, commits, place, online), {
        free: redact,
        identifier: (text) => text,
      })
      const { service } = plan
      const context = {
        service,
        environment,
        release: null,
        run: runId(new Date()),
        token: null,
        who: request.caller.who,
      }
      const file = planFileEvent(plan)
      // the file first: a person who sees the plan can read it
      if (file !== null) await ledger?.record(context, file)
      await ledger?.record(context, plannedEvent(plan, request.stamp.revision))
      if (need === "required") requireRecorded(ledger)
      return plan
    } finally {
      await opened?.close()
    }
  } catch (error) {
    throw redactedError(error, redact)
  } finally {
    await place.target.close()
  }
}

async function gather(
  settings: Settings,
  request: DeployRequest,
  entryPoint: ReleaseEntryPoint,
  commits: Commits,
  place: Place,
  ledger: Ledger | null,
): Promise<Plan> {
  const { environment, version, stamp } = request
  const { gates } = environmentSettings(settings, environment)
  const always = deployGates.filter(({ deploy }) => deploy.setting === null)
  for (const { name } of always) await runGate(name, request, settings)
  const values = await serviceVariables(settings, environment, place.variables, request.secrets)
  const digest = configDigest(environment, values)
  const { image } = await imageGate(request, settings, place, serviceName(settings.release.name, settings.image.name))
  const { judged, source: built, digest: published } = image
  requireSameBytes({ gates: [], built, judged, published })
  const { pending, known, checks } = await readMigrations(settings, request, place, entryPoint)
  const { live } = await place.target.running()
  const now = live.kind === "live" ? live.instance : null
  const releases = ledger === null ? [] : await ledger.releases(environment, LOOKS_BACK)
  const record = now === null ? undefined : releases.find(({ id }) => id === now.release)
  const variable = settings.release.version?.variable
  const before =
    now === null
      ? null
      : {
          names: record?.configNames.filter((name) => name !== variable) ?? [...values.keys()],
          digest: now.configDigest,
        }
  const { service, source } = await foundationOf(settings, request)
  const bound = boundSettings(settings, environment)
  return makePlan({
    service,
    environment,
    releaseVersion: version,
    source,
    image: {
      now: now === null ? null : { reference: now.image, digest: now.digest },
      next: { reference: image.reference, digest: image.digest },
    },
    commits: commits(record?.revision ?? now?.revision ?? null, stamp.revision, live.kind === "none"),
    migrations: pending,
    migrationsKnown: known,
    commands: settings.release.before,
    config: configChanges(before, { names: [...values.keys()], digest }),
    settings: bound,
    settingsChanged: ledger === null ? null : await changedParts(ledger, environment, record?.planId, bound),
    checks: [
      { name: "policy", what: "the one in force, or none where the environment asks for nothing" },
      ...always.map(({ name, deploy }) => ({ name, what: deploy.check })),
      ...gates.map((name) => ({ name, what: checkOf(name) })),
      ...checks,
      { name: "image", what: "built, judged and published" },
      { name: "target", what: "reachable, enough disk space, correct clock" },
      ...Object.keys(settings.release.smoke).map((name) => ({
        name: `smoke ${name}`,
        what: "sent to the new release before it gets traffic",
      })),
    ],
    expected: expectedDuration(releases),
    createdAt: new Date().toISOString(),
    // of no use where the ledger is on the target itself
    ...(ledger === null || request.ledger === null ? {} : { ledgerHead: await headNow(ledger) }),
  })
}

async function headNow(ledger: Pick<Ledger, "latestEvent" | "rowsAfter">): Promise<string> {
  const { number, hash } = await currentHead(ledger)
  return `${number}:${hash}`
}

function requireRecorded(ledger: Ledger | null): void {
  const away = ledgerAway(ledger)
  if (away === null && ledger !== null) return
  throw new TollgateError(
    "plan-not-recorded",
    `The plan could not be recorded: ${away ?? "there is no ledger"}`,
    "Check --ledger and plan again: approvals count only for a plan that the ledger has. Nothing was changed.",
  )
}

/** Parts of the settings that differ from the live release's plan; null: it has none. */
async function changedParts(
  ledger: Ledger,
  environment: string,
  planId: string | null | undefined,
  bound: Plan["settings"],
): Promise<string[] | null> {
  if (planId == null) return null
  const planned = await ledger.eventsOfKind(environment, "planned")
  const live = planned.find(({ what }) => what.kind === "planned" && what.planId === planId)
  return live?.what.kind === "planned" ? differentParts(live.what.settings, digestsOf(bound)) : null
}

async function readMigrations(
  settings: Settings,
  request: DeployRequest,
  place: Place,
  entryPoint: ReleaseEntryPoint,
): Promise<{ pending: PlannedMigration[]; known: boolean; checks: Plan["checks"] }> {
  const migrations = await openMigrations(settings, request, place, entryPoint)
  try {
    return { pending: await migrations.pending(), known: migrations.known, checks: [...migrations.checks] }
  } finally {
    await migrations.close()
  }
}

function checkOf(setting: GateSetting): string {
  return deployGates.find(({ deploy }) => deploy.setting === setting)?.deploy.check ?? ""
}
