import type { Settings } from "../../config/schema.js"
import { serviceName } from "../../config/service-name.js"
import { environmentSettings } from "../../environment/check.js"
import type { Ledger } from "../../ledger/ledger.js"
import { readDotenv } from "../../secrets/parse.js"
import { TollgateError } from "../../shared/errors.js"
import { count, duration, shortDigest } from "../../shared/figures.js"
import type { Instance, Release, Target } from "../../targets/target.js"
import { frozenError, judgeFreeze, readSchedule } from "../freeze/freeze.js"
import { openMigrations } from "../migrations/migrations.js"
import type { Migrations } from "../migrations/release-migrations.js"
import { runPipeline } from "../pipeline/run.js"
import type { Done } from "../pipeline/step.js"
import { judgePolicy, readPolicyHistory } from "../policy/require.js"
import type { ReleaseEntryPoint } from "../session/entry-point.js"
import { isVersion } from "../session/release-id.js"
import { type ReleaseSession, withSession } from "../session/session.js"
import { checkSmoke } from "../smoke/check.js"
import { requireAllowed } from "./allow.js"
import { pruneReleases } from "./check-target.js"
import { conclude } from "./conclude.js"
import { type Deployment, nothingKnown } from "./deployment.js"
import type { PublishedImage } from "./gates.js"
import { lookAtTarget } from "./look-at-target.js"
import { passGates, publishImage } from "./pass-gates.js"
import type { DeployRequest } from "./request.js"
import type { ReleaseResult } from "./result.js"
import { requireStarted } from "./same-bytes.js"
import { requireHealthy, switchTo } from "./serve.js"
import { DEPLOY, type DeploySteps } from "./steps.js"
import { ReleaseUndo } from "./undo.js"
import { waitUntil } from "./wait-until.js"
import { watchRelease } from "./watch-release.js"

/** Deploys a source, or rolls back to the previous release. */
export async function deploy(
  settings: Settings,
  request: DeployRequest,
  entryPoint: ReleaseEntryPoint,
): Promise<ReleaseResult> {
  const { environment, version, at, breakGlass } = request
  if (!isVersion(version))
    throw new TollgateError(
      "version-form",
      "--version is not a valid image tag.",
      "Use letters, digits and . _ -, at most 128, not starting with . or -. Nothing was changed.",
    )
  const { freeze, target } = environmentSettings(settings, environment)
  if (target.kind === "none")
    throw new TollgateError(
      "target-none",
      `environments.${environment} of tollgate.yaml has no target.`,
      `Add environments.${environment}.target with its hosts. Only the environment sandbox works without.`,
    )
  if (at !== "") await waitUntil(readSchedule(at, freeze, environment, new Date()), request.signal)
  const frozen = judgeFreeze(freeze, new Date())
  if (frozen.kind === "frozen" && breakGlass === null) throw frozenError(environment, freeze.zone, frozen)
  const secrets = request.secrets === null ? [] : [...readDotenv(await request.secrets()).values.values()]
  return await withSession(
    settings,
    entryPoint,
    { ...request, command: "deploy", need: "required", secrets },
    async (session) => {
      const migrations = await openMigrations(settings, request, session.place, entryPoint)
      try {
        return await deployIn(settings, request, session, migrations)
      } finally {
        await migrations.close()
      }
    },
  )
}

/** The deployment itself, on an open target. */
export async function deployIn(
  settings: Settings,
  request: DeployRequest,
  session: ReleaseSession,
  migrations: Migrations,
): Promise<ReleaseResult> {
  const began = performance.now()
  const service = serviceName(settings.release.name, settings.image.name)
  const undo = new ReleaseUndo(
    session.place.target,
    () => request.undoing?.(),
    async () => await session.logs?.beforeRemoval(),
  )
  const deployment = { settings, request, session, migrations, service, undo, known: nothingKnown() }
  const limits = { patience: settings.release.healthTimeout, redact: session.redact, signal: request.signal }
  const ending = await runPipeline(DEPLOY, (steps) => deploySteps(steps, deployment), session.recorder, limits)
  return await conclude(deployment, ending, began)
}

/** Every step in its order, with what it takes from the steps before it. Returns the release that is live. */
async function deploySteps({ step, closing }: DeploySteps, deployment: Deployment): Promise<Instance> {
  const { settings, request, session, migrations, undo } = deployment
  const { environment, version } = request
  const { place, ledger, recorder, logs } = session
  const { target } = place

  await step("policy", () => requirePolicy(settings, environment, ledger))
  const gates = await passGates(step, deployment)
  await step("migrations", () => migrations.judge())
  const { image } = await step("image", () => publishImage(deployment, gates.judged))

  const { start, before, identity, firstReading } = await step("target", () => lookAtTarget(deployment, gates, image))
  const given = { ...request, who: request.caller.who, release: start.release }
  await step("approval", () => requireAllowed(settings, identity, given, ledger, recorder))
  await step("backup", () => migrations.backup())

  const release: Release = {
    id: start.release,
    version,
    image: image.reference,
    configDigest: gates.configuration.digest,
    environment: () => Promise.resolve(gates.configuration.values),
    login: place.login,
  }
  await step("migrate", () => (start.kind === "serves" ? alreadyServing() : migrations.migrate(release)))
  const { instance } = await step(
    "start",
    () =>
      startRelease(target, release, image, (instance) => {
        undo.keepLogOf(instance)
        logs?.follow(release.id, "new", instance, start.kind === "new" ? "start" : "now")
      }),
    () => undo.remove(release.id),
  )
  await step("healthy", () => waitHealthy(target, instance, undo))
  await step("smoke", () => checkSmoke(target, instance, settings))
  await step(
    "switch",
    () => {
      if (before !== null) logs?.follow(release.id, "old", before, "now")
      return switchTo(target, settings, instance)
    },
    () => undo.switchBack(before),
  )
  await step("watch", () => watchRelease(deployment, instance, gates.configuration, firstReading))
  await closing("prune", () => pruneReleases(target))
  return instance
}

async function requirePolicy(settings: Settings, environment: string, ledger: Ledger | null): Promise<Done> {
  if (ledger === null) throw new RangeError("a deployment has a ledger")
  return judgePolicy(settings, environment, await readPolicyHistory(ledger, environment))
}

async function alreadyServing(): Promise<Done> {
  return { kind: "skipped", note: "this release is already serving" }
}

async function startRelease(
  target: Target,
  release: Release,
  { digest }: PublishedImage,
  started: (instance: Instance) => void,
): Promise<Done & { readonly instance: Instance }> {
  const instance = await target.start(release)
  started(instance)
  requireStarted(instance.digest, digest)
  const { colour, replicas } = instance
  return {
    kind: "done",
    note: `${colour}: ${count(replicas.length, "container")} of ${shortDigest(instance.digest)}`,
    instance,
  }
}

async function waitHealthy(target: Target, instance: Instance, undo: ReleaseUndo): Promise<Done> {
  const after = await requireHealthy(target, instance, undo, "Fix the cause and deploy again. No cleanup is needed.")
  return { kind: "done", note: `after ${duration(after)}` }
}
