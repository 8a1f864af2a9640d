import { deployGates, type GateStep } from "../../config/gates.js"
import type { Settings } from "../../config/schema.js"
import { serviceName } from "../../config/service-name.js"
import { environmentSettings } from "../../environment/check.js"
import { configDigest } from "../../environment/digest.js"
import type { JudgedDigest } from "../../gate/work.js"
import type { ReleaseOutcome } from "../../ledger/event.js"
import { readDotenv } from "../../secrets/parse.js"
import { redactLines } from "../../secrets/redact.js"
import { errorWords } from "../../shared/engine-cause.js"
import { TollgateError } from "../../shared/errors.js"
import { bytes, count, duration, shortDigest } from "../../shared/figures.js"
import { headText } from "../../shared/ledger-head.js"
import type { Instance, Release } from "../../targets/target.js"
import { frozenError, judgeFreeze, readSchedule } from "../freeze/freeze.js"
import { ledgerAway } from "../ledger/ledger-away.js"
import { LEFT_OPEN } from "../migrations/migration-failed.js"
import { openMigrations } from "../migrations/migrations.js"
import type { Migrations } from "../migrations/release-migrations.js"
import { type MonitorResult, monitorLine, type Reading, type Window, windowOf } from "../monitor/judge.js"
import { readFigures } from "../monitor/read.js"
import { requireMonitorPassed, watch } from "../monitor/watch.js"
import { runPipeline } from "../pipeline/run.js"
import type { Done } from "../pipeline/step.js"
import { type Foundation, foundationOf } from "../plan/identity.js"
import type { PlanIdentity } from "../plan/plan.js"
import { planId } from "../plan/plan-id.js"
import { judgePolicy, readPolicyHistory } from "../policy/require.js"
import type { ReleaseEntryPoint } from "../session/entry-point.js"
import { isVersion } from "../session/release-id.js"
import { type ReleaseSession, withSession } from "../session/session.js"
import { serviceVariables } from "../session/values.js"
import { checkSmoke } from "../smoke/check.js"
import { requireAllowed } from "./allow.js"
import { checkTarget, pruneReleases } from "./check-target.js"
import { imageGate, type PublishedImage, runGate } from "./gates.js"
import type { DeployRequest } from "./request.js"
import type { ReleaseResult } from "./result.js"
import { requireSameBytes, requireStarted } from "./same-bytes.js"
import { requireHealthy, servingOf, servingWords, switchTo } from "./serve.js"
import {
  DEPLOY,
  isOwnStep,
  lacksApprovals,
  nextOf,
  type OwnStep,
  outcomeOf,
  previousRelease,
  type Start,
  startOf,
  waitingNext,
} from "./steps.js"
import { liveNow, ReleaseUndo, servingNow } from "./undo.js"
import { waitUntil } from "./wait-until.js"

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
    async (opened) => {
      const migrations = await openMigrations(settings, request, opened.place, entryPoint)
      try {
        return await new Deployment(settings, request, opened, migrations).run()
      } finally {
        await migrations.close()
      }
    },
  )
}

/** The state that the steps of a deployment share. */
class Deployment {
  readonly #settings: Settings
  readonly #request: DeployRequest
  readonly #session: ReleaseSession
  readonly #migrations: Migrations
  readonly #began = performance.now()
  readonly #service: string
  readonly #undo: ReleaseUndo
  /** What the release reads once a gate passed. */
  readonly #afterGate: Partial<Record<GateStep, () => Promise<void>>> = { config: () => this.#readConfiguration() }
  #values = new Map<string, string>()
  #configDigest = ""
  readonly #judged: JudgedDigest[] = []
  #image: PublishedImage | null = null
  #foundation: Foundation | null = null
  #planId: string | null = null
  #start: Start | null = null
  #before: Instance | null = null
  #instance: Instance | null = null
  #firstReading: Reading | null = null
  #monitor: MonitorResult | null = null
  #waiting = false

  constructor(settings: Settings, request: DeployRequest, session: ReleaseSession, migrations: Migrations) {
    this.#settings = settings
    this.#request = request
    this.#session = session
    this.#migrations = migrations
    this.#service = serviceName(settings.release.name, settings.image.name)
    this.#undo = new ReleaseUndo(session.place.target)
  }

  async run(): Promise<ReleaseResult> {
    const { recorder, place } = this.#session
    const own: Record<OwnStep, () => Promise<Done>> = {
      policy: () => this.#requirePolicy(),
      migrations: () => this.#migrations.judge(),
      image: async () => {
        const { image, ...done } = await imageGate(this.#request, this.#settings, place, this.#service)
        this.#image = image
        const { judged, source: built, digest: published } = image
        requireSameBytes({ gates: this.#judged, built, judged, published })
        return done
      },
      target: async () => this.#lookAtTarget((await this.#migrations.pending()).map(({ id }) => id)),
      approval: async () =>
        requireAllowed(
          this.#settings,
          this.#identity((await this.#migrations.pending()).map(({ id }) => id)),
          {
            ...this.#request,
            who: this.#request.caller.who,
            release: this.#start?.release ?? this.#session.release,
          },
          this.#session.ledger,
          recorder,
        ),
      backup: () => this.#migrations.backup(),
      migrate: async () =>
        this.#start?.kind === "serves"
          ? { kind: "skipped", note: "this release is already serving" }
          : await this.#migrations.migrate(this.#release()),
      start: () => this.#startRelease(),
      healthy: () => this.#waitHealthy(),
      smoke: () => checkSmoke(place.target, this.#required(), this.#settings),
      switch: () => switchTo(place.target, this.#settings, this.#required()),
      watch: () => this.#watch(),
      prune: () => pruneReleases(place.target),
    }
    const ending = await runPipeline(
      DEPLOY,
      {
        does: (name) => (isOwnStep(name) ? own[name]() : this.#gate(name)),
        undoes: {
          "switch back": () => {
            this.#request.undoing?.()
            return this.#undo.switchBack(this.#before, this.#instance)
          },
          "remove the new release": () => {
            this.#request.undoing?.()
            return this.#undo.remove(this.#start?.release ?? this.#session.release, this.#instance)
          },
        },
        patience: this.#settings.release.healthTimeout,
        redact: this.#session.redact,
      },
      recorder,
      this.#request.signal,
    )

    if (ending.kind === "done") return await this.#finish("live", [], ending.reports, ending.warnings)
    const causes = [ending.error, ...ending.undoErrors].map((error) => this.#words(error))
    if (this.#start === null) this.#before = await liveNow(place.target)
    const serving = ending.lost ? null : await servingNow(place.target, this.#settings, this.#before)
    if (serving?.why != null) causes.push(this.#session.redact(serving.why))
    const outcome = outcomeOf({
      at: ending.at,
      hadBefore: this.#before !== null,
      serves: serving?.instance != null,
      lost: ending.lost,
    })
    this.#waiting = lacksApprovals(ending.error)
    const leftOpen = ending.error instanceof TollgateError && ending.error.code === LEFT_OPEN
    return await this.#finish(outcome, causes, ending.reports, [], serving?.instance ?? null, leftOpen)
  }

  async #requirePolicy(): Promise<Done> {
    const { ledger } = this.#session
    if (ledger === null) throw new RangeError("a deployment has a ledger")
    const { environment } = this.#request
    return judgePolicy(this.#settings, environment, await readPolicyHistory(ledger, environment))
  }

  async #gate(step: GateStep): Promise<Done> {
    const gate = deployGates.find(({ deploy }) => deploy.step === step)
    if (gate === undefined) throw new RangeError(`no gate has the step ${step}`)
    const passed = await runGate(gate.name, this.#request, this.#settings)
    if (passed.kind === "done" && passed.judged !== undefined) this.#judged.push(passed.judged)
    await this.#afterGate[step]?.()
    return passed
  }

  async #readConfiguration(): Promise<void> {
    const { environment, secrets, version } = this.#request
    this.#values = await serviceVariables(this.#settings, environment, this.#session.place.variables, secrets)
    this.#configDigest = configDigest(environment, this.#values)
    const variable = this.#settings.release.version?.variable
    // the version is not part of the approved configuration: it differs each time
    if (variable !== undefined) this.#values.set(variable, version)
  }

  async #lookAtTarget(migrations: string[]): Promise<Done> {
    const { place, recorder, release } = this.#session
    const { version, at, why, stamp } = this.#request
    const image = this.#published()
    // before it is read: a run that was stopped must not change it afterwards
    await this.#session.claim()
    const { facts, running } = await checkTarget(place.target, image.bytes)
    this.#start = startOf(running, { image: image.reference, version, configDigest: this.#configDigest }, release)
    this.#before =
      this.#start.kind === "serves" && running.live.kind === "live"
        ? running.live.instance
        : previousRelease(running, this.#start.release)
    this.#undo.expect(running, this.#start.release)
    this.#foundation = await foundationOf(this.#settings, this.#request)
    this.#planId = planId(this.#identity(migrations))
    const { plan } = this.#request
    if (plan !== undefined && plan !== this.#planId)
      throw new TollgateError(
        "plan-other",
        `This source gives ${this.#planId}, and ${plan} was requested.`,
        "Make a new plan with `tollgate plan` where the runner is, and request that one. Nothing was changed.",
      )
    if (running.live.kind === "live")
      this.#firstReading = await readFigures(
        place.target,
        running.live.instance,
        this.#settings.release.monitor,
        this.#values,
      )
    await recorder.begin(this.#start.release, {
      action: "deploy",
      version,
      image: image.reference,
      digest: image.digest,
      previous: this.#before === null ? null : { release: this.#before.release, digest: this.#before.digest },
      revision: stamp.revision === "" ? null : stamp.revision,
      planId: this.#planId,
      sourceDigest: this.#sourceDigest(),
      configDigest: this.#configDigest,
      configNames: [...this.#values.keys()].sort(),
      migrations,
      why,
      scheduledFor: at === "" ? null : new Date().toISOString(),
    })
    recorder.tell("start", { planId: this.#planId })

    const found =
      this.#start.kind === "new"
        ? ""
        : this.#start.kind === "resumed"
          ? `; resumes release ${this.#start.release}`
          : `; release ${this.#start.release} already has the traffic`
    return {
      kind: "done",
      note: `${facts.map(({ place, runtime, freeBytes }) => `${place}: ${runtime}, ${bytes(freeBytes)} free`).join("; ")}${found}`,
    }
  }

  #identity(migrations: readonly string[]): PlanIdentity {
    if (this.#foundation === null) throw new RangeError("the target was looked at")
    return {
      ...this.#foundation,
      imageDigest: this.#published().digest,
      migrations,
      configDigest: this.#configDigest,
    }
  }

  #release(): Release {
    const { place } = this.#session
    return {
      id: this.#start?.release ?? this.#session.release,
      version: this.#request.version,
      image: this.#published().reference,
      configDigest: this.#configDigest,
      environment: () => Promise.resolve(this.#values),
      login: place.login,
    }
  }

  async #startRelease(): Promise<Done> {
    this.#instance = await this.#session.place.target.start(this.#release())
    requireStarted(this.#instance.digest, this.#published().digest)
    return {
      kind: "done",
      note: `${this.#instance.colour}: ${count(this.#instance.replicas.length, "container")} of ${shortDigest(this.#instance.digest)}`,
    }
  }

  async #waitHealthy(): Promise<Done> {
    const next = "Fix the cause and deploy again. No cleanup is needed."
    const after = await requireHealthy(this.#session.place.target, this.#required(), this.#undo, next)
    return { kind: "done", note: `after ${duration(after)}` }
  }

  async #watch(): Promise<Done> {
    const { monitor: settings } = this.#settings.release
    const { target } = this.#session.place
    // the instance as it was started: a replica that restarted since then counts as a crash
    const instance = this.#required()
    const before = await this.#windowBefore(instance)
    this.#monitor = await watch({
      target,
      instance,
      settings,
      values: this.#values,
      before,
      signal: this.#request.signal,
    })
    requireMonitorPassed(this.#monitor, settings)
    return { kind: "done", note: monitorLine(this.#monitor), detail: { ...this.#monitor.window } }
  }

  /** From before the start until now: most of it is the previous version's traffic. */
  async #windowBefore(instance: Instance): Promise<Window | null> {
    if (this.#firstReading === null) return null
    const now = await readFigures(this.#session.place.target, instance, this.#settings.release.monitor, this.#values)
    return windowOf(this.#firstReading, { ...now, payments: this.#firstReading.payments })
  }

  async #finish(
    outcome: ReleaseOutcome,
    causes: string[],
    steps: ReleaseResult["steps"],
    warnings: readonly string[],
    before: Instance | null = null,
    leftOpen = false,
  ): Promise<ReleaseResult> {
    const { recorder, place } = this.#session
    const serving = servingOf(outcome === "live" ? this.#required() : before)
    const seconds = (performance.now() - this.#began) / 1000
    const image = this.#image
    if (!recorder.begun)
      await recorder.begin(this.#session.release, {
        action: "deploy",
        version: this.#request.version,
        image: image?.reference ?? "",
        digest: image?.digest ?? "",
        previous: null,
        revision: this.#request.stamp.revision || null,
        planId: null,
        sourceDigest: this.#sourceDigest(),
        configDigest: this.#configDigest || null,
        configNames: [],
        migrations: [],
        why: this.#request.why,
        scheduledFor: null,
      })
    const told = { causes, seconds, serving: servingWords(serving), planId: this.#planId }
    const event = outcome === "live" ? "success" : outcome === "rolled-back" ? "rollback" : "failure"
    const head = await recorder.end(
      outcome,
      serving === null ? null : { release: serving.release, digest: serving.digest },
      causes,
      seconds,
      // who is asked for an approval is not told of a failure as well
      this.#waiting ? null : { event, told },
    )
    const release = this.#start?.release ?? this.#session.release
    const headWarnings = await this.#session.keepHead(release, head)
    const { environment, version } = this.#request
    const away = ledgerAway(this.#session.ledger)
    return {
      action: "deploy",
      service: this.#service,
      environment,
      target: place.target.name,
      release,
      version,
      digest: image?.digest ?? "",
      planId: this.#planId,
      outcome,
      waiting: this.#waiting,
      steps,
      causes,
      printed: redactLines(this.#undo.printed, this.#session.redact),
      warnings: [...warnings, ...(away === null ? [] : [away]), ...headWarnings],
      serving,
      monitor: this.#monitor,
      ledgerHead: head === null ? null : headText(head),
      seconds,
      next: this.#waiting ? waitingNext(environment, version) : nextOf(outcome, environment, leftOpen),
    }
  }

  /** Of the source that a gate judged; null: none did. */
  #sourceDigest(): string | null {
    return this.#judged.find(({ what }) => what === "source")?.digest ?? null
  }

  #words(error: unknown): string {
    return this.#session.redact(errorWords(error))
  }

  #required(): Instance {
    if (this.#instance === null) throw new RangeError("a release that was started is there")
    return this.#instance
  }

  #published(): PublishedImage {
    if (this.#image === null) throw new RangeError("an image that was published is there")
    return this.#image
  }
}
