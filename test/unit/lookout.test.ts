import { describe, expect, it } from "vitest"
import { lookName } from "../../core/ledger/look.js"
import type { TargetSeen } from "../../core/ledger/target-seen.js"
import { reportSeen } from "../../core/release/status/report-seen.js"
import { seenOf } from "../../core/release/status/seen.js"
import { Lookout } from "../../core/runner/lookout.js"
import { TollgateError } from "../../core/shared/errors.js"
import { MemoryLedger } from "./memory-ledger.js"
import { fakeTarget, instance, running, serving } from "./release-samples.js"
import { sampleEvent } from "./sample-event.js"

const place = (release: string) => ({ place: "a", proxy: { kind: "running", version: "1" } as const, release })
const serves = (release: string): TargetSeen => seenOf(running(serving(release), { places: [place(release)] }))
const away = (why: string): TargetSeen => ({
  kind: "target-seen",
  problem: { code: "target-unreachable", why },
  target: null,
})

/** A runner's lookout on a target that says what `now` is, with a clock of its own. */
function scene() {
  const memory = new MemoryLedger([])
  const told: string[] = []
  const target: { now: TargetSeen | Promise<TargetSeen>; looks: number; fails: Error | null } = {
    now: serves("r1"),
    looks: 0,
    fails: null,
  }
  const clock = { seconds: 0 }
  const lookout = new Lookout({
    service: "shop",
    environment: "production",
    ledger: memory.ledger,
    run: "mine",
    who: "ops",
    owner: "ops-1",
    look: () => {
      target.looks += 1
      return target.fails === null ? Promise.resolve(target.now) : Promise.reject(target.fails)
    },
    tell: (text) => void told.push(text),
    redact: (text) => text.replaceAll("SECRET", "***"),
    seconds: () => clock.seconds,
  })
  const turn = async (seconds: number, ended = 0, busy = false) => {
    clock.seconds = seconds
    lookout.turn(ended, busy)
    await lookout.settled()
  }
  return { memory, told, target, turn, clock, lookout, reports: () => memory.of("target-seen") }
}

describe("a runner that looks at its target", () => {
  it("does so at its start and once a minute, and reports only what differs", async () => {
    const { turn, target, reports, memory } = scene()
    for (const seconds of [0, 2, 30, 59]) await turn(seconds)
    expect(target.looks).toBe(1)
    for (const seconds of [60, 62, 120]) await turn(seconds)
    expect([target.looks, reports().length, memory.looks.length]).toEqual([3, 1, 3])
    target.now = serves("r2")
    await turn(180)
    expect(reports()).toMatchObject([
      { target: { places: [{ release: "r1" }] } },
      { target: { places: [{ release: "r2" }] } },
    ])
  })

  it("looks again at once when a request has ended, and not while one is in progress", async () => {
    const { turn, target } = scene()
    await turn(0)
    await turn(2, 1, true)
    await turn(80, 1, true)
    expect(target.looks).toBe(1)
    await turn(82, 1)
    await turn(84, 1)
    expect(target.looks).toBe(2)
  })

  it("reports a target that it cannot reach once, whatever the words, and without a secret", async () => {
    const { turn, target, reports, told } = scene()
    target.now = away("port 4711 SECRET")
    await turn(0)
    target.now = away("port 4712")
    await turn(60)
    expect(reports()).toMatchObject([{ problem: { code: "target-unreachable", why: "port 4711 ***" } }])
    target.now = serves("r1")
    await turn(120)
    expect(reports()).toHaveLength(2)
    expect(told).toEqual([
      "reported what the target has: it could not be read: port 4711 ***",
      "reported what the target has: r1 serving",
    ])
  })

  it("takes a secret out of a reason before it is shortened", async () => {
    const { turn, target, reports } = scene()
    target.now = away(`${"x".repeat(197)}SECRET${"y".repeat(9000)}`)
    await turn(0)
    expect(reports()).toMatchObject([{ problem: { why: `${"x".repeat(197)}***…` } }])
  })

  it("does not look while a run holds the environment, and looks soon after", async () => {
    const { turn, target, memory } = scene()
    memory.held.set("production", { run: "deploy", token: 1 })
    for (const seconds of [0, 2, 4, 6]) await turn(seconds)
    expect(target.looks).toBe(0)
    memory.held.delete("production")
    await turn(12)
    expect(target.looks).toBe(1)
  })

  it("leaves the regular looks to another runner that does them, but looks after its own requests", async () => {
    const { turn, target, memory } = scene()
    await turn(0)
    memory.held.set(lookName("production"), { run: "another", token: 1 })
    memory.now = new Date(60_000)
    await turn(60)
    memory.now = new Date(120_000)
    await turn(135)
    expect(target.looks).toBe(1)
    await turn(140, 1)
    expect(target.looks).toBe(2)
  })

  it("takes the regular looks over from one that no longer does them", async () => {
    const { turn, target, memory } = scene()
    await turn(0)
    memory.held.set(lookName("production"), { run: "another", token: 1 })
    for (const seconds of [60, 120, 134]) await turn(seconds)
    expect(target.looks).toBe(1)
    await turn(135)
    expect(target.looks).toBe(2)
  })

  it("goes on when it cannot report, says why once, and tries again a minute later", async () => {
    const { turn, target, told } = scene()
    target.fails = new TollgateError("ledger-rights", "The user may not write.", "Grant it.")
    for (const seconds of [0, 2, 30, 60]) await turn(seconds)
    expect(target.looks).toBe(2)
    expect(told).toEqual([expect.stringMatching(/^could not report what the target has: The user may not write\./)])
    target.fails = null
    await turn(120)
    expect(told.at(-1)).toBe("reported what the target has: r1 serving")
  })

  it("does not wait for a target that does not answer, and does not look at it twice at a time", async () => {
    const { lookout, target, clock } = scene()
    target.now = new Promise(() => undefined)
    lookout.turn(0, false)
    await new Promise(setImmediate)
    clock.seconds = 600
    lookout.turn(0, false)
    await new Promise(setImmediate)
    expect(target.looks).toBe(1)
  })
})

describe("what is kept of a look", () => {
  it("is the same while only health, restarts and the time of the look change", () => {
    const healthy = instance("r1")
    const [web] = healthy.replicas
    if (web === undefined) throw new Error("a release has a replica")
    const ill = { ...web, state: { kind: "running", check: "unhealthy", restarts: 7 } as const }
    const both = [healthy, { ...healthy, replicas: [ill] }].map((one) =>
      seenOf(running({ kind: "live", instance: one })),
    )
    expect(both[0]).toEqual(both[1])
    const stopped = { ...web, state: { kind: "ended", code: 0, outOfMemory: false } as const }
    const retained = [{ ...healthy, replicas: [stopped] }]
    expect(seenOf(running({ kind: "none" }, { retained })).target?.releases[0]?.places).toEqual([
      { place: "app1", running: false },
    ])
  })
})

describe("a deployment or a rollback that ends", () => {
  const reporter = {
    context: { ...sampleEvent({ kind: "lease-released" }, { at: "2026-11-27T10:00:00Z" }).context },
    owner: "laptop",
  }

  it("reports what it leaves on the target", async () => {
    const { memory, reports } = scene()
    const now = running(serving("r1"), { places: [place("r1")] })
    await reportSeen(fakeTarget({ running: () => Promise.resolve(now) }), memory.ledger, reporter)
    expect(reports()).toMatchObject([{ target: { places: [{ release: "r1" }] } }])
  })

  it("does not fail where the target or the ledger does", async () => {
    const { memory, reports } = scene()
    const fails = () => Promise.reject(new Error("the connection was lost"))
    await reportSeen(fakeTarget({ running: fails }), memory.ledger, reporter)
    const ledger = { ...memory.ledger, recordSeen: fails }
    await reportSeen(fakeTarget({ running: () => Promise.resolve(running(serving("r1"))) }), ledger, reporter)
    expect(reports()).toEqual([])
  })
})
