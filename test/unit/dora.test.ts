import { describe, expect, it } from "vitest"
import { figuresView } from "../../core/dashboard/view/figures.js"
import { type Commit, doraFigures } from "../../core/dora/figures.js"
import { commitsIn } from "../../core/dora/read.js"
import { doraScreen } from "../../core/dora/screen.js"
import type { ReleaseRecord } from "../../core/ledger/ledger.js"
import { plannedEvent } from "../../core/release/plan/make.js"
import { DIGEST, started } from "../release/ledger-samples.js"
import { plan } from "./approval-samples.js"
import { sampleEvent } from "./sample-event.js"

const NOW = new Date("2026-11-22T12:00:00Z")
const HOUR = 3_600_000
const ago = (hours: number) => new Date(NOW.getTime() - hours * HOUR).toISOString()

/** A release that began so many hours ago; it switches after ten minutes and ends after twenty. */
function release(id: string, hours: number, more: Partial<ReleaseRecord> = {}): ReleaseRecord {
  const { kind: _, ...begun } = started()
  return {
    ...begun,
    id,
    service: "shop",
    environment: "production",
    run: id,
    who: "CI",
    startedAt: ago(hours),
    finishedAt: ago(hours - 1 / 3),
    outcome: "live",
    serving: { release: id, digest: DIGEST },
    causes: [],
    seconds: 1200,
    steps: [{ name: "switch", outcome: "done", startedAt: ago(hours - 1 / 6), seconds: 0, note: "" }],
    approvals: [],
    breakGlass: null,
    notifications: [],
    journaled: false,
    ...more,
  }
}
const glass: ReleaseRecord["breakGlass"] = {
  reason: "customers cannot pay",
  waived: [],
  at: NOW.toISOString(),
  signed: null,
}
const none = () => null
/** Newest first, as the ledger has them. */
const figures = (given: ReleaseRecord[], commits: (one: ReleaseRecord) => readonly Commit[] | null = none) =>
  doraFigures(
    [...given].sort((one, other) => (one.startedAt < other.startedAt ? 1 : -1)),
    commits,
    NOW,
  )
const of28 = (...given: Parameters<typeof figures>) => {
  const [window] = figures(...given).windows
  if (window === undefined) throw new Error("there is a window of 28 days")
  return window
}
const daily = (days: number) => Array.from({ length: days }, (_, day) => release(`d${day}`, 24 * (day + 1)))

/** The same release, some hours earlier. */
function earlier(one: ReleaseRecord, hours: number): ReleaseRecord {
  const before = (iso: string) => new Date(Date.parse(iso) - hours * HOUR).toISOString()
  const { previous } = one
  return {
    ...one,
    id: `${one.id}-${hours}`,
    startedAt: before(one.startedAt),
    finishedAt: one.finishedAt === null ? null : before(one.finishedAt),
    previous: previous === null ? null : { ...previous, release: `${previous.release}-${hours}` },
    steps: one.steps.map((step) => ({ ...step, startedAt: before(step.startedAt) })),
  }
}

describe("DORA's figures", () => {
  it("are too few below five, and no rate is shown", () => {
    const weekly = [1, 2, 3, 3.9].map((weeks) => release(`w${weeks}`, weeks * 168, { outcome: "rolled-back" }))
    expect(of28(weekly)).toMatchObject({
      frequency: { kind: "too-few", n: 4 },
      failRate: { kind: "too-few", n: 4, of: 4 },
      recovery: { kind: "too-few", n: 4 },
    })
    expect(of28(daily(28)).frequency).toEqual({ kind: "known", n: 28, perWeek: 7 })
  })

  it("are of 28 and of 90 days", () => {
    const { windows } = figures([
      ...daily(28),
      ...Array.from({ length: 5 }, (_, day) => release(`e${day}`, 24 * (80 + day))),
    ])
    expect(windows.map(({ days, frequency }) => [days, frequency.n])).toEqual([
      [28, 28],
      [90, 33],
    ])
  })

  it("divide by the weeks that the ledger has, where it is younger than the window", () => {
    const window = figures(daily(14)).windows[1]
    expect(window).toMatchObject({ covered: 14, frequency: { kind: "known", n: 14, perWeek: 7 } })
    expect(of28(daily(6)).frequency).toEqual({ kind: "too-few", n: 6 })
  })

  it("count deployments that got traffic alone: neither a rollback nor a refused or failed one", () => {
    const given = [
      ...daily(5),
      release("refused", 200, { outcome: "refused", steps: [] }),
      release("failed", 201, { outcome: "failed" }),
      release("back", 202, { action: "rollback" }),
      release("killed before", 203, { outcome: "interrupted", steps: [] }),
    ]
    expect(of28(given).frequency.n).toBe(5)
  })

  it.each<[string, ReleaseRecord[], number]>([
    ["rolled back by Tollgate, after 10 minutes", [release("x", 100, { outcome: "rolled-back" })], 600],
    [
      "rolled back by an operator, seen to serve after 110 minutes",
      [
        release("x", 100),
        release("back", 98.333333333, { action: "rollback", previous: { release: "x", digest: DIGEST } }),
      ],
      6600,
    ],
    [
      "followed by break-glass, verified as serving after 130 minutes",
      [release("x", 100), release("fix", 98, { breakGlass: glass })],
      7800,
    ],
    [
      "broken, until the next live one after 310 minutes",
      [release("x", 100, { outcome: "broken" }), release("y", 95)],
      18_600,
    ],
  ])("a deployment that was %s has failed, and recovered", (_, given, seconds) => {
    // five times, two days apart
    const window = of28([0, 1, 2, 3, 4].flatMap((time) => given.map((one) => earlier(one, time * 48))))
    expect(window.failRate).toMatchObject({ n: 5 })
    expect(window.recovery).toMatchObject({ kind: "known", n: 5, median: expect.closeTo(seconds, 0) })
  })

  it("a deployment with break-glass a day later is not a fix of the one before, but is rework", () => {
    const window = of28([...daily(5), release("fix", 1, { breakGlass: glass }), release("old", 150)])
    expect(of28([release("x", 300), release("fix", 270, { breakGlass: glass })]).failRate.n).toBe(0)
    expect(window.rework).toMatchObject({ n: 1, of: 7 })
  })

  it("a failed deployment without a good release since is named, not counted", () => {
    expect(of28([release("x", 5, { outcome: "broken" })])).toMatchObject({ notRecovered: 1, recovery: { n: 0 } })
  })

  it("the lead time is that of each commit, once, and of those with a live release", () => {
    const list = (...hours: number[]) => hours.map((one) => ({ id: `c${one}`, at: ago(one) }))
    const commits = new Map([
      ["a", list(52, 51, 60)],
      ["b", list(60, 29, 26, 20)],
      ["failed", list(400)],
    ])
    const given = [release("a", 50), release("b", 24), release("failed", 30, { outcome: "rolled-back" })]
    // seconds until ten minutes after the start; the commit of later than the switch is left out
    const hours = [2, 1, 10, 5, 2].map((one) => one * 3600 + 600).sort((one, other) => one - other)
    expect(of28(given, ({ id }) => commits.get(id) ?? null).leadTime).toMatchObject({
      kind: "known",
      n: 5,
      median: expect.closeTo(hours[2] ?? 0, 0),
    })
  })

  it("the lead time is not known without a plan that has its commits' times", () => {
    expect(of28(daily(6)).leadTime).toMatchObject({ kind: "not-known" })
    expect(doraScreen("shop", "production", figures(daily(6)))).toMatch(/change lead time +28 +– {2}not known\n/)
  })

  it("name their formula, n and what they leave out", () => {
    const screen = doraScreen(
      "shop",
      "production",
      figures(daily(20), ({ id }) => (id === "d0" ? [] : null)),
    )
    expect(screen).toMatch(/deployment frequency +28 +20 {2}7.0 a week\n/)
    expect(screen).toContain("The change lead time covers 1 of 20 deployments")
    expect(screen).toContain("The ledger covers only the last 20 days.")
    expect(screen.replace(/\s+/g, " ")).toContain(
      "change fail rate: share of deployments that failed, of all that got traffic.",
    )
  })

  it("are on the dashboard's page what they are on the screen, in the same words", () => {
    const given = figures(daily(20), ({ id }) => (id === "d0" ? [] : null))
    const page = (only: number | null) => figuresView("production", given, only, { zone: "UTC" }).main.source
    for (const text of [
      "7.0 a week<small>n 20</small>",
      "0.00 % (0 of 20)",
      "The ledger covers only the last 20 days.",
      "The change lead time covers 1 of 20 deployments",
      "share of deployments that failed, of all that got traffic.",
    ])
      expect(page(null)).toContain(text)
    // what was not read is no gap of the ledger
    expect(page(200)).not.toContain("The ledger covers only")
    expect(page(200)).toContain("Of the latest 200 releases.")
  })
})

describe("the commits of a release", () => {
  const event = (at: string, what: ReturnType<typeof plannedEvent>) => sampleEvent(what, { at })

  it("are those that its plan recorded, with their times", () => {
    const planned = plannedEvent(plan())
    expect(planned.commits).toEqual([{ id: "1".repeat(40), at: "2026-11-21T08:00:00Z" }])
    const later = { ...planned, commits: [] }
    const commitsOf = commitsIn([event(ago(51), planned), event(ago(49), later)])
    expect(commitsOf(release("a", 50, { planId: plan().id }))).toEqual(planned.commits)
    expect(commitsOf(release("a", 50, { planId: null }))).toBeNull()
    expect(commitsOf(release("a", 60, { planId: plan().id }))).toBeNull()
  })
})
