import { describe, expect, it } from "vitest"
import type { EventContext, Happening, LedgerEvent } from "../../core/ledger/event.js"
import { releasesOf } from "../../core/ledger/fold.js"
import { BEFORE, context, DIGEST, finished, started, stepDone } from "../release/ledger-samples.js"

/** Events of r1, one a minute from 10:00 on; by the writer's clock one hour before. */
function events(...given: (Happening | [Happening, Partial<LedgerEvent>, Partial<EventContext>?])[]): LedgerEvent[] {
  return given.map((one, index) => {
    const [what, more, where] = Array.isArray(one) ? one : [one, {}, {}]
    return {
      version: 1,
      id: "11111111-2222-4333-8444-555555555555",
      happenedAt: `2026-11-22T09:0${index}:00Z`,
      context: context(where),
      what,
      number: index + 1,
      at: `2026-11-22T10:0${index}:00Z`,
      journaled: false,
      stale: false,
      ...more,
    }
  })
}
const release = (...given: Parameters<typeof events>) => releasesOf(events(...given), { run: "run-1" })[0]
const begun = (step: string): Happening => ({ kind: "step-started", step })

describe("a release in the history", () => {
  it("begins with what its run set out to do, and nothing that happened yet", () => {
    const { kind: _, ...given } = started()
    expect(releasesOf(events([started(), {}, { release: "r7", who: "Bo Chen" }]), { run: "run-1" })).toEqual([
      {
        ...given,
        id: "r7",
        service: "shop",
        environment: "production",
        run: "run-1",
        who: "Bo Chen",
        startedAt: "2026-11-22T10:00:00Z",
        finishedAt: null,
        outcome: "running",
        serving: null,
        causes: [],
        seconds: null,
        steps: [],
        approvals: [],
        breakGlass: null,
        notifications: [],
        journaled: false,
      },
    ])
  })

  it("has its approvals, its broken glass and its notifications, each as it was recorded", () => {
    const approved = {
      approver: "Mei Lin",
      key: "ed25519:x",
      reason: "reviewed",
      planId: "plan-1",
      signedAt: "2026-11-22T09:00:00Z",
      expiresAt: "2026-11-22T13:00:00Z",
      signed: { format: "x" },
    }
    const told = release(
      started(),
      { kind: "approved", planSha256: "ab", ...approved },
      { kind: "approved", planSha256: "ab", ...approved, approver: "Bo Chen" },
      { kind: "broke-glass", reason: "customers cannot pay", waived: ["frozen"], signed: null },
      { kind: "notified", event: "started", channel: "slack", sent: false, attempts: 3, error: "timeout" },
    )
    expect(told).toMatchObject({
      approvals: [approved, { ...approved, approver: "Bo Chen" }],
      breakGlass: { reason: "customers cannot pay", waived: ["frozen"], at: "2026-11-22T10:03:00Z", signed: null },
      notifications: [{ event: "started", channel: "slack", sent: false, error: "timeout" }],
    })
    expect([told?.approvals.length, told?.journaled]).toEqual([2, false])
  })

  it("ends with its outcome, what serves, the causes and the time", () => {
    const serving = { release: "r0", digest: BEFORE }
    expect(
      release(started(), finished({ outcome: "failed", serving, causes: ["no answer"], seconds: 9 })),
    ).toMatchObject({
      outcome: "failed",
      serving,
      causes: ["no answer"],
      seconds: 9,
      finishedAt: "2026-11-22T10:01:00Z",
    })
  })

  it("was interrupted when a later run says so, until its own outcome arrives; and not after that", () => {
    const interrupted = finished({ outcome: "interrupted", serving: null, causes: ["killed"] })
    expect(release(started(), interrupted)).toMatchObject({ outcome: "interrupted", causes: ["killed"] })
    expect(release(started(), interrupted, finished())).toMatchObject({ outcome: "live", causes: [] })
    expect(release(started(), finished(), interrupted)).toMatchObject({
      outcome: "live",
      serving: { digest: DIGEST },
      finishedAt: "2026-11-22T10:01:00Z",
    })
  })

  it("is told as from a journal when one of its events waited there", () => {
    expect(release([started(), { journaled: true }])).toMatchObject({
      journaled: true,
      startedAt: "2026-11-22T09:00:00Z",
    })
    expect(release(started(), [begun("start"), { journaled: true }])).toMatchObject({
      journaled: true,
      startedAt: "2026-11-22T10:00:00Z",
      steps: [{ startedAt: "2026-11-22T09:01:00Z" }],
    })
  })
})

it("an event without a release is no release, and belongs to none", () => {
  expect(releasesOf(events([started(), {}, { release: null }]), null)).toEqual([])
  expect(releasesOf(events(started(), [finished(), {}, { release: null }]), null)).toMatchObject([
    { outcome: "interrupted" },
  ])
})

describe("a step in the history", () => {
  it("runs from its start to its end", () => {
    expect(release(started(), begun("backup"))?.steps).toEqual([
      { name: "backup", outcome: "running", startedAt: "2026-11-22T10:01:00Z", seconds: null, note: "" },
    ])
    expect(release(started(), begun("backup"), stepDone("backup", { note: "1 MB", seconds: 3 }))?.steps).toEqual([
      { name: "backup", outcome: "done", startedAt: "2026-11-22T10:01:00Z", seconds: 3, note: "1 MB" },
    ])
  })

  it("is there too when only its end was recorded", () => {
    expect(release(started(), stepDone("backup"))?.steps).toEqual([
      { name: "backup", outcome: "done", startedAt: "2026-11-22T10:01:00Z", seconds: 1.5, note: "" },
    ])
  })

  it("ends by its own name, though another began after it", () => {
    const steps = release(started(), begun("healthy"), begun("smoke"), stepDone("healthy"))?.steps
    expect(steps?.map(({ name, outcome }) => `${name} ${outcome}`)).toEqual(["healthy done", "smoke running"])
  })

  it("is there again when it is undone after it was done", () => {
    const steps = release(started(), begun("start"), stepDone("start"), stepDone("start", { outcome: "undone" }))?.steps
    expect(steps?.map(({ outcome, startedAt }) => [outcome, startedAt])).toEqual([
      ["done", "2026-11-22T10:01:00Z"],
      ["undone", "2026-11-22T10:01:00Z"],
    ])
  })
})

describe("a release that another run continues", () => {
  const again: [Happening, Partial<LedgerEvent>, Partial<EventContext>] = [
    started(),
    {},
    { run: "run-2", who: "Bo Chen" },
  ]
  const told = (...given: Parameters<typeof events>) => releasesOf(events(...given), { run: "run-2" })[0]

  it("is that run's, and nothing of the earlier end is left", () => {
    const failed = finished({ outcome: "interrupted", causes: ["killed"], serving: { release: "r0", digest: BEFORE } })
    expect(told(started(), begun("backup"), stepDone("backup"), begun("start"), failed, again)).toMatchObject({
      run: "run-2",
      who: "Bo Chen",
      startedAt: "2026-11-22T10:00:00Z",
      finishedAt: null,
      outcome: "running",
      causes: [],
      serving: null,
      seconds: null,
      // what was done stays done
      steps: [{ outcome: "done" }, { outcome: "failed" }],
    })
  })

  it("stays the first run's when it was live already", () => {
    expect(told(started(), finished(), again)).toMatchObject({ run: "run-1", who: "Mei Lin", outcome: "live" })
  })
})

describe("a release whose run is gone", () => {
  it("was killed in the latest step that had not ended, and a finished one was not killed", () => {
    const cut = events(started(), begun("healthy"), begun("smoke"), stepDone("healthy"))
    expect(releasesOf(cut, null)).toMatchObject([
      { outcome: "interrupted", causes: ["The run was killed in the step smoke before it recorded an outcome."] },
    ])
    const other = events(started(), begun("healthy"), begun("smoke"), stepDone("smoke"))
    expect(releasesOf(other, null)[0]?.causes[0]).toContain("in the step healthy")
    const both = events(started(), begun("start"), begun("switch"))
    expect(releasesOf(both, null)[0]?.causes[0]).toContain("in the step switch")
    const ended = events(started(), finished({ outcome: "failed", causes: ["no answer"] }))
    expect(releasesOf(ended, null)).toMatchObject([{ outcome: "failed", causes: ["no answer"] }])
  })
})
