import type { LedgerEvent } from "../../ledger/event.js"
import { timeOf } from "../../ledger/fold.js"
import type { LeaseHolder, ReleaseRecord } from "../../ledger/ledger.js"
import type { SeenRelease, SeenTarget, TargetSeen } from "../../ledger/target-seen.js"
import { shortDigest } from "../../shared/figures.js"

/** What the target has, by the latest report, compared with what the ledger says. */

export interface TargetPage {
  /**
   * `never`: nobody reported it. `same`: as the ledger says. `differs`: it has something else. `unreachable`: it could not be read at the
   * latest look. `old`: nobody has looked since the environment's latest change, or for some minutes.
   */
  readonly state: "never" | "same" | "differs" | "unreachable" | "old"
  /** Why it is `unreachable` or `old`; empty otherwise. */
  readonly why: string
  /** Since when it could not be read; null: it could. */
  readonly since: string | null
  /** What differs from the ledger, in sentences. */
  readonly differences: readonly string[]
  /** The latest look; null: there was none. */
  readonly looked: { readonly at: string; readonly who: string; readonly owner: string | null } | null
  /** As it was last read; null: never. */
  readonly seen: SeenTarget | null
  /** Whether the environment has changed since it was last read: then this says nothing about now. */
  readonly changedSince: boolean
  /** Releases without traffic, as they are there. */
  readonly others: readonly OtherRelease[]
  /** Releases that served before and are no longer there. */
  readonly gone: readonly ReleaseRecord[]
}

export interface OtherRelease extends SeenRelease {
  /** Why a rollback cannot go back to it; null: it can, without a pull. */
  readonly whyNot: string | null
}

interface Facts {
  readonly seen: readonly LedgerEvent[]
  readonly look: (LeaseHolder & { readonly expired: boolean }) | null
  readonly changes: readonly LedgerEvent[]
  readonly lease: LeaseHolder | null
}

/** What the ledger says. */
interface Known {
  readonly live: { readonly release: string | null; readonly digest: string; readonly version: string | null } | null
  readonly before: readonly ReleaseRecord[]
  readonly maintenance: { readonly on: boolean } | null
}

type Live = Known["live"]

export function targetPage(facts: Facts, known: Known): TargetPage {
  const reports = facts.seen.flatMap((event) =>
    event.what.kind === "target-seen" ? [{ event, what: event.what }] : [],
  )
  const [latest] = reports
  if (latest === undefined) return NEVER
  const { look } = facts
  const looked =
    look === null
      ? { at: timeOf(latest.event), who: latest.event.context.who, owner: null }
      : { at: look.heartbeatAt, who: look.who, owner: look.owner }
  const seen = reports.find(({ what }) => what.target !== null)?.what.target ?? null
  const changedSince = hasChanged(facts, looked.at)
  const differences = seen === null || changedSince || latest.what.problem !== null ? [] : differencesOf(seen, known)
  const others = seen === null ? [] : othersOf(seen)
  const there = new Set(seen?.releases.map(({ digest }) => digest))
  const page = {
    why: "",
    since: null,
    differences,
    looked,
    seen,
    changedSince,
    others,
    gone: seen === null || seen.leftOut > 0 ? [] : known.before.filter(({ digest }) => !there.has(digest)),
  }
  if (latest.what.problem !== null)
    return { ...page, state: "unreachable", why: latest.what.problem.why, since: unreadableSince(reports) }
  if (changedSince) return { ...page, state: "old", why: changeWords(facts) }
  if (differences.length > 0) return { ...page, state: "differs" }
  if (look === null || look.expired) return { ...page, state: "old", why: "Nobody has looked at it since." }
  return { ...page, state: "same" }
}

const NEVER: TargetPage = {
  state: "never",
  why: "",
  since: null,
  differences: [],
  looked: null,
  seen: null,
  changedSince: false,
  others: [],
  gone: [],
}

/** What the ledger says of the environment may be newer than the look. */
function hasChanged({ changes }: Facts, lookedAt: string): boolean {
  const last = changes.at(-1)
  return last !== undefined && Date.parse(last.at) > Date.parse(lookedAt)
}

function changeWords({ lease }: Facts): string {
  return lease === null
    ? "The environment has changed since: nobody has looked again yet."
    : `${lease.command} by ${lease.who} is changing it: it is looked at again when that has ended.`
}

/** The first of the latest reports without a break that could not read it. */
function unreadableSince(
  reports: readonly { readonly event: LedgerEvent; readonly what: TargetSeen }[],
): string | null {
  const read = reports.findIndex(({ what }) => what.problem === null)
  const first = reports[(read === -1 ? reports.length : read) - 1]
  return first === undefined ? null : timeOf(first.event)
}

function differencesOf(seen: SeenTarget, { live, maintenance }: Known): string[] {
  const { places, foreign } = seen
  const wrong = places.filter(({ place, release }) => foreign?.place === place || !isLive(seen, release, live))
  const one = wrong.length === places.length && new Set(wrong.map((place) => servesWords(seen, place))).size === 1
  const ledger = live === null ? "The ledger has no live release" : `The ledger says ${liveWords(live)} is live`
  const here = one && places.length > 1 ? wrong.slice(0, 1).map((place) => ({ place, at: "every host" })) : null
  const listed = here ?? wrong.map((place) => ({ place, at: `host ${place.place}` }))
  const on = seen.maintenance !== null
  return [
    ...(places.length === 0 && live !== null ? [`${ledger}; the target serves nothing.`] : []),
    ...listed.map(({ place, at }) => `${ledger}; ${at} ${servesWords(seen, place)}.`),
    ...(on === (maintenance?.on === true)
      ? []
      : [`The ledger says maintenance mode is ${on ? "off" : "on"}; on the target it is ${on ? "on" : "off"}.`]),
  ]
}

function isLive({ releases }: SeenTarget, release: string | null, live: Live): boolean {
  if (live === null || release === null) return live === null && release === null
  const there = releases.find((one) => one.release === release)
  // beside something foreign, a host's release has no more than its name
  if (there === undefined) return live.release === release
  return (live.release === null || live.release === release) && there.digest === live.digest
}

function servesWords(seen: SeenTarget, { place, release, proxy, why }: SeenTarget["places"][number]): string {
  if (seen.foreign?.place === place)
    return `sends its traffic to ${seen.foreign.to}, which is not a release of Tollgate`
  if (release === null) return `serves nothing${proxy === "down" ? `: its proxy is down: ${why}` : ""}`
  return `serves ${seenWords(seen, release)}`
}

/** A release as a target has it. */
export function seenWords({ releases }: SeenTarget, release: string): string {
  const one = releases.find((other) => other.release === release)
  return one === undefined ? release : `${one.version} (${release}, ${shortDigest(one.digest)})`
}

function liveWords({ version, release, digest }: NonNullable<Live>): string {
  return `${version ?? "a release"} (${[...(release === null ? [] : [release]), shortDigest(digest)].join(", ")})`
}

function othersOf(seen: SeenTarget): OtherRelease[] {
  const serving = new Set(seen.places.map(({ release }) => release))
  return seen.releases.flatMap((one) => {
    if (serving.has(one.release)) return []
    const missing = seen.places.filter(({ place }) => !one.places.some((at) => at.place === place))
    const whyNot =
      one.switchedAt === null
        ? "it never had the traffic"
        : missing.length > 0
          ? `it is not on ${missing.map(({ place }) => place).join(", ")}`
          : null
    return [{ ...one, whyNot }]
  })
}
