import { highestFence } from "../fence.js"
import type { Instance, Live, Maintenance, Running } from "../target.js"
import type { HostState } from "./state.js"

interface At {
  host: { place: string }
  state: HostState
}

/** What several hosts say, as one. */
export function runningOf(all: readonly At[]): Running {
  const instances = merged(all.flatMap(({ state }) => state.releases))
  const live = liveOf(all, instances)
  const withTraffic = new Set(all.flatMap(({ state }) => state.traffic?.release ?? []))
  const others = instances.filter(({ release }) => !withTraffic.has(release))
  return {
    live,
    retained: others
      .filter(({ switchedAt }) => switchedAt !== null)
      .sort((one, other) => (other.switchedAt ?? "").localeCompare(one.switchedAt ?? "")),
    candidates: others.filter(({ switchedAt }) => switchedAt === null),
    maintenance: maintenanceOf(all.map(({ state }) => state.maintenance)),
    places: all.map(({ host, state }) => ({
      place: host.place,
      proxy: state.proxy,
      release: state.traffic?.release ?? null,
    })),
    claimed: highestFence(all.map(({ state }) => state.fence)),
  }
}

/** On at one host: on. */
function maintenanceOf(all: readonly Maintenance[]): Maintenance {
  const on = all.find(({ kind }) => kind === "on")
  if (on !== undefined) return on
  const ended = all.reduce<string | null>(
    (time, one) => latest(time, one.kind === "off" ? (one.ended ?? null) : null),
    null,
  )
  return ended === null ? { kind: "off" } : { kind: "off", ended }
}

function liveOf(all: readonly At[], instances: readonly Instance[]): Live {
  const foreign = all.find(({ state }) => state.traffic !== null && state.traffic.release === null)
  if (foreign !== undefined)
    return { kind: "foreign", place: foreign.host.place, to: foreign.state.traffic?.container ?? "" }
  const at = all.map(({ host, state }) => ({ place: host.place, release: state.traffic?.release ?? null }))
  const [first = null] = at.map(({ release }) => release)
  if (at.some(({ release }) => release !== first))
    return {
      kind: "split",
      at,
      instances: instances.filter((one) => at.some(({ release }) => release === one.release)),
    }
  const instance = instances.find(({ release }) => release === first)
  return instance === undefined ? { kind: "none" } : { kind: "live", instance }
}

/** What each host has of its releases, as one of each. */
export function merged(all: readonly Instance[]): Instance[] {
  const byRelease = new Map<string, Instance>()
  for (const one of all) {
    const known = byRelease.get(one.release)
    byRelease.set(
      one.release,
      known === undefined
        ? one
        : {
            ...known,
            switchedAt: latest(known.switchedAt, one.switchedAt),
            replicas: [...known.replicas, ...one.replicas],
          },
    )
  }
  return [...byRelease.values()]
}

function latest(one: string | null, other: string | null): string | null {
  return (
    [one, other]
      .filter((time) => time !== null)
      .sort()
      .at(-1) ?? null
  )
}
