import { describe, expect, it } from "vitest"
import { asksOf } from "../../core/dashboard/model/asks.js"
import { type EnvironmentFacts, environmentPage } from "../../core/dashboard/model/environment.js"
import { rollbackChoices } from "../../core/dashboard/model/rollback-choices.js"
import { asksCard } from "../../core/dashboard/view/asks.js"
import { targetCard, targetChip } from "../../core/dashboard/view/target.js"
import type { LedgerEvent } from "../../core/ledger/event.js"
import { releasesOf } from "../../core/ledger/fold.js"
import type { ReleaseRecord } from "../../core/ledger/ledger.js"
import type { TargetSeen } from "../../core/ledger/target-seen.js"
import { seenOf } from "../../core/release/status/seen.js"
import type { Instance, Live, Running } from "../../core/targets/target.js"
import { operated } from "../release/dashboard-operators.js"
import { XSS } from "../release/dashboard-samples.js"
import { finished, started } from "../release/ledger-samples.js"
import { environmentFacts, policiesOf } from "./environment-facts.js"
import { instance, running } from "./release-samples.js"
import { sampleEvent } from "./sample-event.js"

const at = (minute: number) => new Date(Date.UTC(2026, 10, 27, 10, minute))
const NOW = at(30)
const proxy = { kind: "running", version: "v0.9.2" } as const

/** A release on these hosts. */
function on(release: string, places: readonly string[] = ["a", "b"], more: Partial<Instance> = {}): Instance {
  const state = { kind: "running", check: "healthy", restarts: 0 } as const
  return instance(release, {
    replicas: places.map((place) => ({ place, process: "web", name: release, state })),
    ...more,
  })
}

/** Two hosts, which serve these releases. */
function hosts(one: string | null, other: string | null, more: Partial<Running> = {}): Running {
  const served = [...new Set([one, other].filter((id) => id !== null))].map((id) => on(id))
  const [first] = served
  const live: Live =
    first === undefined
      ? { kind: "none" }
      : one === other
        ? { kind: "live", instance: first }
        : {
            kind: "split",
            at: [
              { place: "a", release: one },
              { place: "b", release: other },
            ],
            instances: served,
          }
  return running(live, {
    places: [
      { place: "a", proxy, release: one },
      { place: "b", proxy, release: other },
    ],
    ...more,
  })
}

const seen = (what: TargetSeen, minute: number, number = 5): LedgerEvent =>
  sampleEvent(what, { number, at: at(minute), context: { who: "the runner" } })

const unreachable = (why: string): TargetSeen => ({
  kind: "target-seen",
  problem: { code: "target-unreachable", why },
  target: null,
})

const look = (minute: number, expired = false): NonNullable<EnvironmentFacts["look"]> => ({
  environment: "production/target",
  run: "r",
  owner: "ops-1",
  command: "look",
  who: "the runner",
  token: 0,
  takenAt: at(0).toISOString(),
  heartbeatAt: at(minute).toISOString(),
  expiresAt: at(minute + 2).toISOString(),
  expired,
})

/** r2 is live since 10:10, by the ledger. */
const ended = sampleEvent(
  {
    kind: "release-finished",
    outcome: "live",
    serving: { release: "r2", digest: "sha256:r2" },
    causes: [],
    seconds: 1,
  },
  { number: 4, at: at(10), context: { release: "r2" } },
)

function page(reports: readonly LedgerEvent[], looked: EnvironmentFacts["look"], more: Partial<EnvironmentFacts> = {}) {
  const facts = environmentFacts({ served: ended, changes: [ended], seen: reports, look: looked, ...more })
  return environmentPage(facts, null, NOW)
}

const shown = (of: ReturnType<typeof page>) => targetCard(of, { zone: "UTC" }).source

describe("what a target has, on the page of its environment", () => {
  it("is as the ledger says where every host serves what was verified, and is green only then", () => {
    const same = page([seen(seenOf(hosts("r2", "r2", { retained: [on("r1")] })), 12)], look(29))
    expect(same.target).toMatchObject({ state: "same", differences: [], looked: { who: "the runner", owner: "ops-1" } })
    expect(shown(same)).toContain("version of r2 (r2, r2), on 2 hosts")
    expect(shown(same)).toContain("2026-11-27 10:29:00 UTC")
    const others = [
      page([], null),
      page([seen(seenOf(hosts("r2", "r1")), 12)], look(29)),
      page([seen(unreachable("a: no route"), 12)], look(29)),
      page([seen(seenOf(hosts("r2", "r2")), 12)], look(20, true)),
      page([seen(seenOf(hosts("r2", "r2")), 8)], look(9)),
    ]
    expect(others.map(({ target }) => target.state)).toEqual(["never", "differs", "unreachable", "old", "old"])
    for (const { target } of others) expect(targetChip(target).source).not.toContain("passed")
  })

  it("says in plain words which host serves something else, and where maintenance mode differs", () => {
    const differences = (now: Running, more: Partial<EnvironmentFacts> = {}) =>
      page([seen(seenOf(now), 12)], look(29), more).target.differences
    const says = "The ledger says a release (r2, r2) is live"
    expect(differences(hosts("r2", "r1"))).toEqual([`${says}; host b serves version of r1 (r1, r1).`])
    expect(differences(hosts("r1", "r1"))).toEqual([`${says}; every host serves version of r1 (r1, r1).`])
    expect(differences(hosts("r2", null))).toEqual([`${says}; host b serves nothing.`])
    const down = { place: "b", proxy: { kind: "down", why: "exit code 137" }, release: null } as const
    expect(differences(hosts("r2", null, { places: [{ place: "a", proxy, release: "r2" }, down] }))).toEqual([
      `${says}; host b serves nothing: its proxy is down: exit code 137.`,
    ])
    expect(differences(hosts("r2", "r2", { live: { kind: "foreign", place: "b", to: "nginx" } }))).toEqual([
      `${says}; host b sends its traffic to nginx, which is not a release of Tollgate.`,
    ])
    expect(differences(hosts("r2", "r2", { maintenance: { kind: "on", message: "Back at ten" } }))).toEqual([
      "The ledger says maintenance mode is off; on the target it is on.",
    ])
    expect(differences(hosts("r2", "r2"), { served: null })).toEqual([
      "The ledger has no live release; every host serves version of r2 (r2, r2).",
    ])
    const other = on("r2", ["a", "b"], { digest: "sha256:other" })
    expect(differences(hosts("r2", "r2", { live: { kind: "live", instance: other } }))).toHaveLength(1)
    expect(differences(hosts(null, null), { served: null })).toEqual([])
  })

  it("is not compared with what the ledger recorded after the look, and says who is changing it", () => {
    const before = [seen(seenOf(hosts("r1", "r1")), 5)]
    expect(page(before, look(9)).target).toMatchObject({ state: "old", differences: [], changedSince: true })
    const lease = { ...look(9), command: "deploy", who: "Bo Chen" }
    expect(page(before, look(9), { lease }).target.why).toBe(
      "deploy by Bo Chen is changing it: it is looked at again when that has ended.",
    )
    // an unchanged target makes no event: the look alone says that the report still holds
    expect(page(before, look(11)).target).toMatchObject({ state: "differs" })
  })

  it("is unreachable since the first of the looks that failed, with what was there before", () => {
    const reports = [
      seen({ ...unreachable("a: the connection was lost"), problem: { code: "target-cut", why: "a: cut" } }, 22, 8),
      seen(unreachable("a: no route to host"), 20, 7),
      seen(seenOf(hosts("r2", "r2")), 12, 6),
      seen(unreachable("earlier"), 11, 5),
    ]
    const { target, ...of } = page(reports, look(29))
    expect(target).toMatchObject({ state: "unreachable", why: "a: cut", since: at(20).toISOString(), differences: [] })
    const text = shown({ ...of, target })
    expect(text).toContain("Unreachable since")
    expect(text).toContain("Served, when last read")
  })

  it("names who can look where nobody has", () => {
    const text = shown(page([], null))
    expect(text).toContain("never reported")
    expect(text).toContain("No runner has looked yet. <code>tollgate status --env=production</code> does.")
  })
})

/** A release that was live, by the ledger. */
function release(id: string): ReleaseRecord[] {
  const context = { release: id, run: id }
  const begun = sampleEvent(started({ version: id, digest: `sha256:${id}` }), { number: 1, at: at(1), context })
  return releasesOf([begun, sampleEvent(finished(), { number: 2, at: at(2), context })], null)
}

describe("the releases that a rollback can go back to", () => {
  const retained = [
    on("r1"),
    on("r0", ["a"], { startedAt: "2026-11-22T08:00:00Z" }),
    on("r3", ["a", "b"], { switchedAt: null }),
  ]
  const { target } = page(
    [seen(seenOf(hosts("r2", "r2", { retained: retained.slice(0, 2), candidates: retained.slice(2) })), 12)],
    look(29),
  )
  const gone = release("r-old")

  it("are those that every host retains; others have the reason why not", () => {
    expect(target.others.map(({ release: id, whyNot }) => [id, whyNot])).toEqual([
      ["r1", null],
      ["r0", "it is not on b"],
      ["r3", "it never had the traffic"],
    ])
  })

  it("are listed in the form as the target has them, and what it no longer has as pulled again", () => {
    expect(rollbackChoices({ before: gone, target: { ...target, gone } })).toEqual({
      usual: "The release before it serves: version of r1 (r1), which is on the target.",
      release: "r1",
      choices: [
        { id: "r1", words: "version of r1, r1: on the target" },
        { id: "r-old", words: "r-old, r-old: not on the target, pulled again" },
      ],
    })
  })

  it("are those of the ledger where the report says nothing about now", () => {
    for (const old of [page([], null), page([seen(seenOf(hosts("r1", "r1")), 5)], look(9))])
      expect(rollbackChoices({ before: gone, target: old.target })).toMatchObject({
        usual: "The release before it serves: r-old by this record; the target decides.",
        choices: [{ id: "r-old", words: "r-old, r-old: by this record" }],
      })
  })

  it("are none where the target has no earlier release, and the form says so", () => {
    const { target: alone } = page([seen(seenOf(hosts("r2", "r2")), 12)], look(29))
    expect(rollbackChoices({ before: [], target: alone })).toEqual({
      usual: "Nothing can be chosen: no release before r2 (version of r2) is on the target.",
      release: null,
      choices: [],
    })
  })
})

describe("a host that says what it likes", () => {
  const name = `${XSS}\u202e\u0007\n${"x".repeat(5000)}`
  const many = Array.from({ length: 300 }, (_, index) => on(`${name}${index}`, [name], { version: name }))

  it("fills neither the ledger nor a page, and brings no markup into it", () => {
    const what = seenOf(
      running(
        { kind: "foreign", place: name, to: name },
        {
          places: many.map((_, index) => ({
            place: `${name}${index}`,
            proxy: { kind: "down", why: name },
            release: name,
          })),
          retained: many,
          maintenance: { kind: "on", message: name },
        },
      ),
    )
    expect(what.target).toMatchObject({ leftOut: 500 })
    expect(JSON.stringify(what).length).toBeLessThan(100_000)
    expect(JSON.stringify(what)).not.toMatch(/[\u202e\u0007]|\\n|\\u0007/)
    const of = page([seen(what, 12)], { ...look(29), who: XSS, owner: XSS })
    const text = shown(of)
    expect(text).toContain("&lt;script&gt;")
    expect(text).not.toMatch(/<script|<img|onerror="/)
    expect(text.length).toBeLessThan(100_000)
  })

  it("brings no markup into the form of a rollback, and no more than 20 choices", () => {
    const retained = [
      on("r1", ["a", "b"], { version: XSS }),
      ...many.map((_, index) => on(`${XSS}${index}`, ["a", "b"], { version: XSS })),
    ]
    const settings = operated()
    const more = { policies: policiesOf(settings), runners: 1 }
    const of = page([seen(seenOf(hosts("r2", "r2", { retained })), 12)], look(29), more)
    const text = asksCard(of, asksOf(settings, environmentFacts({ changes: [ended], ...more }), 5, NOW)).source
    expect(text).toContain("&lt;script&gt;")
    expect(text).not.toMatch(/<script|<img|onerror="/)
    expect(text.match(/<option/g)).toHaveLength(21)
  })

  it("shows the reason of an unreachable target as text", () => {
    expect(shown(page([seen(unreachable(XSS), 12)], look(29)))).not.toMatch(/<script|<img/)
  })
})
