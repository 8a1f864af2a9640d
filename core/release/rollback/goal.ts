import type { Settings } from "../../config/schema.js"
import type { ReleaseRecord } from "../../ledger/ledger.js"
import { TollgateError } from "../../shared/errors.js"
import { shortDigest } from "../../shared/figures.js"
import type { Instance, Running } from "../../targets/target.js"
import type { ReleaseUndo } from "../deploy/undo.js"
import type { Done } from "../pipeline/step.js"
import type { ReleaseSession } from "../session/session.js"
import { type Choice, chooseRelease } from "./choose.js"
import { requireWasLive } from "./fetch-again.js"
import type { RollbackRequest } from "./request.js"

/** What the steps of a rollback are given, beside what earlier steps returned. */
export interface Rollback {
  readonly settings: Settings
  readonly request: RollbackRequest
  readonly session: ReleaseSession
  readonly undo: ReleaseUndo
  readonly known: Known
}

/** What the result of a rollback says, wherever it ends. Steps write it, and only the result reads it. */
export interface Known {
  /** What had all of the traffic; null: nothing, or not known. */
  before: Instance | null
  /** The release that takes the traffic; null: it was not started. */
  instance: Instance | null
  claimWarning: string
}

/** The release to roll back to. */
export type Goal =
  /** `serves`: it has the traffic already. */
  | { readonly kind: "retained" | "serves"; readonly instance: Instance }
  /** It is no longer on the target. */
  | { readonly kind: "gone"; readonly record: ReleaseRecord }

/** Claims the target, chooses the release, and describes the rollback in the ledger. */
export async function choose({
  request,
  session,
  undo,
  known,
}: Rollback): Promise<Done & { readonly goal: Goal; readonly before: Instance | null }> {
  const { recorder } = session
  const { running, warning } = await session.claim()
  known.claimWarning = warning
  const before = running.live.kind === "live" ? running.live.instance : null
  known.before = before
  if (before !== null) requireRequested(request.from, before)
  const choice = requireChoice(running, request.to)
  undo.expect(running, choice.kind === "gone" ? choice.release : choice.instance.release)
  const goal: Goal =
    choice.kind === "gone"
      ? { kind: "gone", record: await recordOf(session, request.environment, choice.release) }
      : choice
  const { version, image, digest, revision, configDigest } = describe(goal)
  await recorder.begin(session.release, {
    action: "rollback",
    version,
    image,
    digest,
    previous: before === null ? null : { release: before.release, digest: before.digest },
    revision,
    planId: null,
    sourceDigest: null,
    configDigest,
    configNames: [],
    migrations: [],
    why: request.why,
    scheduledFor: null,
  })
  recorder.tell("start")
  const left = before === null ? "nothing" : `${before.version} (${before.release})`
  return { kind: "done", note: `from ${left} to ${version}, ${shortDigest(digest)}`, goal, before }
}

function requireRequested(from: readonly string[] | undefined, { release, version }: Instance): void {
  if (from !== undefined && !from.includes(release))
    throw new TollgateError(
      "rollback-moved",
      `Release ${release} (${version}) is live now; the rollback was requested from ${from.join(" or ") || "none"}.`,
      "Look at what is live (`tollgate status`) and request it again, if it is still needed. Nothing was changed.",
    )
}

function requireChoice(running: Running, to: string): Exclude<Choice, { kind: "none" }> {
  const choice = chooseRelease(running, to)
  if (choice.kind !== "none") return choice
  throw new TollgateError(
    "rollback-none",
    `There is no release to roll back to: ${choice.why}.`,
    "`tollgate status` shows what is running.",
  )
}

function describe(
  goal: Goal,
): Pick<ReleaseRecord, "image" | "digest" | "revision" | "configDigest"> & { version: string } {
  if (goal.kind === "gone") return { ...goal.record, version: versionOf(goal.record) }
  const { version, image, digest } = goal.instance
  return { version, image, digest, revision: null, configDigest: null }
}

/** Old ledgers have a commit at best, and no version. */
export function versionOf({ version, revision, id }: ReleaseRecord): string {
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
