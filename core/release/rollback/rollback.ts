import type { Settings } from "../../config/schema.js"
import { serviceName } from "../../config/service-name.js"
import { configDigest } from "../../environment/digest.js"
import type { ReleaseRecord } from "../../ledger/ledger.js"
import { readDotenv } from "../../secrets/parse.js"
import { redactLines } from "../../secrets/redact.js"
import { errorWords } from "../../shared/engine-cause.js"
import { TollgateError } from "../../shared/errors.js"
import { duration, shortDigest } from "../../shared/figures.js"
import { headText } from "../../shared/ledger-head.js"
import type { Access } from "../../targets/kind.js"
import type { Instance } from "../../targets/target.js"
import type { ReleaseResult } from "../deploy/result.js"
import { requireHealthy, servingOf, servingWords, switchTo } from "../deploy/serve.js"
import { ReleaseUndo, servingNow } from "../deploy/undo.js"
import { ledgerAway } from "../ledger/ledger-away.js"
import { runPipeline } from "../pipeline/run.js"
import type { Done } from "../pipeline/step.js"
import { boundSettings } from "../plan/bound-settings.js"
import { digestsOf } from "../plan/plan-id.js"
import type { ReleaseEntryPoint } from "../session/entry-point.js"
import { type ReleaseSession, withSession } from "../session/session.js"
import { serviceVariables } from "../session/values.js"
import { type Choice, chooseRelease, ROLLBACK } from "./choose.js"
import { requireSame, requireWasLive } from "./fetch-again.js"
import { nextOf } from "./next.js"

export interface RollbackRequest {
  readonly environment: string
  /** Id or version of a release; empty: the previous one. */
  readonly to: string
  readonly why: string
  readonly caller: { readonly who: string; readonly owner: string }
  readonly access: Access
  readonly ledger: string | null
  readonly notify: string | null
  /** Configuration in dotenv form, needed only for a release that is no longer on the target; null: --secrets is not set. */
  readonly secrets: (() => Promise<string>) | null
  /** Releases of which one must be live when it begins; left out: any. */
  readonly from?: readonly string[]
  /** Called when the lease is taken, before anything is read or changed. */
  readonly held?: () => Promise<void>
  readonly sandbox?: string
}

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
  const { environment, to, why, from } = request
  await request.held?.()
  const {
    place: { target },
    recorder,
    ledger,
  } = session
  const began = performance.now()
  const service = serviceName(settings.release.name, settings.image.name)
  let choice: Choice = { kind: "none", why: "" }
  let before: Instance | null = null
  let chosen: Instance | null = null
  let claimWarning = ""
  const undo = new ReleaseUndo(target)

  const choose = async (): Promise<Done> => {
    const { running, warning } = await session.claim()
    claimWarning = warning
    before = running.live.kind === "live" ? running.live.instance : null
    if (from !== undefined && before !== null && !from.includes(before.release))
      throw new TollgateError(
        "rollback-moved",
        `Release ${before.release} (${before.version}) is live now; the rollback was requested from ${from.join(" or ") || "none"}.`,
        "Look at what is live (`tollgate status`) and request it again, if it is still needed. Nothing was changed.",
      )
    choice = chooseRelease(running, to)
    if (choice.kind === "none")
      throw new TollgateError(
        "rollback-none",
        `There is no release to roll back to: ${choice.why}.`,
        "`tollgate status` shows what is running.",
      )
    undo.expect(running, choice.kind === "gone" ? choice.release : choice.instance.release)
    const record = choice.kind === "gone" ? await recordOf(session, environment, choice.release) : null
    const { image, digest, version } =
      record === null ? wanted(choice) : { image: record.image, digest: record.digest, version: versionOf(record) }
    await recorder.begin(session.release, {
      action: "rollback",
      version,
      image,
      digest,
      previous: before === null ? null : { release: before.release, digest: before.digest },
      revision: record?.revision ?? null,
      planId: null,
      sourceDigest: null,
      configDigest: record?.configDigest ?? null,
      configNames: [],
      migrations: [],
      why,
      scheduledFor: null,
    })
    recorder.tell("start")
    const left = before === null ? "nothing" : `${before.version} (${before.release})`
    return { kind: "done", note: `from ${left} to ${version}, ${shortDigest(digest)}` }
  }

  const start = async (): Promise<Done> => {
    if (choice.kind === "retained" || choice.kind === "serves") {
      chosen = choice.instance
      return { kind: "skipped", note: choice.kind === "serves" ? "it already has the traffic" : "it is on the target" }
    }
    const id = choice.kind === "gone" ? choice.release : ""
    const record = await recordOf(session, environment, id)
    const values = await serviceVariables(settings, environment, session.place.variables, request.secrets)
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
    chosen = await target.start({
      id: record.id,
      version,
      image: record.image,
      configDigest: record.configDigest ?? "",
      environment: () => Promise.resolve(values),
      login: session.place.login,
    })
    const next = "Roll back to another release with --to: `tollgate history` lists them."
    const after = await requireHealthy(target, chosen, undo, next)
    return { kind: "done", note: `fetched ${shortDigest(record.digest)}, healthy after ${duration(after)}` }
  }

  const change = async (): Promise<Done> => {
    if (chosen === null) throw new RangeError("a release was chosen")
    return await switchTo(target, settings, chosen)
  }

  const switchBack = async (): Promise<string> => {
    if (before === null)
      throw new TollgateError(
        "no-earlier-release",
        "No release had all of the traffic before.",
        "Choose the release with --to. `tollgate history` lists them.",
      )
    return await undo.switchBack(before, chosen)
  }

  const ending = await runPipeline(
    ROLLBACK,
    {
      does: (name) => ({ choose, start, switch: change })[name](),
      undoes: { "switch back": switchBack },
      patience: settings.release.healthTimeout,
      redact: session.redact,
    },
    recorder,
  )

  const words = (error: unknown) => session.redact(errorWords(error))
  const causes = ending.kind === "done" ? [] : [ending.error, ...ending.undoErrors].map(words)
  const lost = ending.kind === "failed" && ending.lost
  // another run holds the environment: what serves is its to say
  const unseen = { instance: null, why: null }
  const after = ending.kind === "done" ? null : lost ? unseen : await servingNow(target, settings, before)
  if (after?.why != null) causes.push(session.redact(after.why))
  const serving = after === null ? instanceOf(chosen) : after.instance
  const outcome =
    ending.kind === "done"
      ? "live"
      : ending.at === "choose"
        ? "refused"
        : lost
          ? "interrupted"
          : serving === null
            ? "broken"
            : "failed"
  const seconds = (performance.now() - began) / 1000
  const seen = servingOf(serving)
  const told = { causes, seconds, serving: servingWords(seen) }
  if (!recorder.begun)
    await recorder.begin(session.release, {
      action: "rollback",
      version: null,
      image: "",
      digest: "",
      previous: null,
      revision: null,
      planId: null,
      sourceDigest: null,
      configDigest: null,
      configNames: [],
      migrations: [],
      why,
      scheduledFor: null,
    })
  const head = await recorder.end(
    outcome,
    seen === null ? null : { release: seen.release, digest: seen.digest },
    causes,
    seconds,
    { event: outcome === "live" ? "rollback" : "failure", told },
  )
  const away = ledgerAway(ledger)
  const warnings = [
    ...(claimWarning === "" ? [] : [claimWarning]),
    ...(away === null ? [] : [away]),
    ...(await session.keepHead(session.release, head)),
  ]
  const goal = instanceOf(chosen)
  return {
    action: "rollback",
    service,
    environment,
    target: target.name,
    release: session.release,
    version: goal?.version ?? (to === "" ? "the previous release" : to),
    digest: goal?.digest ?? "",
    planId: null,
    outcome,
    waiting: false,
    steps: ending.reports,
    causes,
    printed: redactLines(undo.printed, session.redact),
    warnings,
    serving: seen,
    monitor: null,
    ledgerHead: head === null ? null : headText(head),
    seconds,
    next: nextOf(outcome, environment, settings.database.contract),
  }
}

/** TypeScript does not see that a closure has set it. */
function instanceOf(instance: Instance | null): Instance | null {
  return instance
}

function wanted(choice: Choice): { image: string; digest: string; version: string } {
  if (choice.kind === "retained" || choice.kind === "serves") return choice.instance
  throw new RangeError("a release that is on the target was chosen")
}

/** Old ledgers have a commit at best, and no version. */
function versionOf({ version, revision, id }: ReleaseRecord): string {
  return version ?? revision ?? id
}

async function recordOf({ ledger }: ReleaseSession, environment: string, id: string): Promise<ReleaseRecord> {
  const next = "Choose a release that is on the target: `tollgate status` lists them."
  if (ledger === null)
    throw new TollgateError(
      "rollback-unknown",
      `Release ${id} is no longer on the target, and there is no ledger with its image.`,
      next,
    )
  const record = await ledger.release(environment, id)
  if (record === null || record.image === "")
    throw new TollgateError("rollback-unknown", `Release ${id} is neither on the target nor in the ledger.`, next)
  requireWasLive(record)
  return record
}

/** What the release's plan said that its processes run; null: it had none. */
async function processesOf({ ledger }: ReleaseSession, { environment, planId }: ReleaseRecord): Promise<string | null> {
  if (ledger === null || planId === null) return null
  const planned = await ledger.eventsOfKind(environment, "planned")
  const own = planned.find(({ what }) => what.kind === "planned" && what.planId === planId)
  return own?.what.kind === "planned" ? (own.what.settings["processes"] ?? null) : null
}
