import type { Settings } from "../../config/schema.js"
import type { SeenRelease, SeenTarget, TargetSeen } from "../../ledger/target-seen.js"
import { TollgateError } from "../../shared/errors.js"
import { plainText } from "../../shared/plain-text.js"
import type { Access } from "../../targets/kind.js"
import { openPlace } from "../../targets/registry.js"
import type { Instance, PlaceState, Running } from "../../targets/target.js"
import { firstLine } from "../pipeline/run.js"
import type { ReleaseEntryPoint } from "../session/entry-point.js"

/** What the ledger keeps of a look: a host may have anything in the labels of its containers. */
const [MOST_PLACES, MOST_RELEASES, LONGEST] = [50, 50, 200]

export interface LookRequest {
  readonly environment: string
  readonly access: Access
  readonly sandbox?: string | undefined
}

/** Looks at the target as `tollgate status` does. One that cannot be read is a result too: its words are the caller's to redact. */
export async function lookAt(
  settings: Settings,
  { environment, access, sandbox }: LookRequest,
  entryPoint: ReleaseEntryPoint,
): Promise<TargetSeen> {
  try {
    const place = await openPlace(settings, environment, entryPoint, access, sandbox)
    try {
      return seenOf(await place.target.running())
    } finally {
      await place.target.close()
    }
  } catch (error) {
    if (!(error instanceof TollgateError)) throw error
    return { kind: "target-seen", problem: { code: error.code, why: firstLine(error) }, target: null }
  }
}

/** What a target has, without what changes by itself: health, restarts and times. Pure. */
export function seenOf(running: Running): TargetSeen {
  const { live, retained, candidates, maintenance, places } = running
  const serving = live.kind === "live" ? [live.instance] : live.kind === "split" ? live.instances : []
  const releases = [...serving, ...retained, ...candidates]
  const target: SeenTarget = {
    places: places.slice(0, MOST_PLACES).map(placeOf),
    foreign: live.kind === "foreign" ? { place: oneLine(live.place), to: oneLine(live.to) } : null,
    releases: releases.slice(0, MOST_RELEASES).map(releaseOf),
    leftOut: Math.max(0, places.length - MOST_PLACES) + Math.max(0, releases.length - MOST_RELEASES),
    maintenance: maintenance.kind === "on" ? oneLine(maintenance.message) : null,
  }
  return { kind: "target-seen", problem: null, target }
}

function placeOf({ place, release, proxy }: PlaceState): SeenTarget["places"][number] {
  return {
    place: oneLine(place),
    release: release === null ? null : oneLine(release),
    proxy: proxy.kind,
    why: proxy.kind === "down" ? oneLine(proxy.why) : "",
  }
}

function releaseOf({ release, version, digest, startedAt, switchedAt, replicas }: Instance): SeenRelease {
  const there = new Map<string, boolean>()
  for (const { place, process, state } of replicas)
    there.set(place, (there.get(place) ?? false) || (process === "web" && state.kind === "running"))
  return {
    release: oneLine(release),
    version: oneLine(version),
    digest: oneLine(digest),
    startedAt: oneLine(startedAt),
    switchedAt: switchedAt === null ? null : oneLine(switchedAt),
    places: [...there]
      .slice(0, MOST_PLACES)
      .map(([place, running]) => ({ place: oneLine(place), running }))
      .sort((one, other) => (one.place < other.place ? -1 : 1)),
  }
}

/** A secret has to be taken out before: a part of it would not be found. */
export function oneLine(text: string): string {
  const plain = plainText(text).replace(/\s+/g, " ").trim()
  return plain.length <= LONGEST ? plain : `${plain.slice(0, LONGEST)}…`.replace(/\p{Surrogate}/gu, "\uFFFD")
}
