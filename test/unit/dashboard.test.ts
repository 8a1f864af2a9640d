import { describe, expect, it } from "vitest"
import { z } from "zod"
import { policyOfRelease, releaseDifference } from "../../core/dashboard/model/difference.js"
import { type EnvironmentFacts, environmentPage } from "../../core/dashboard/model/environment.js"
import { eventLine } from "../../core/dashboard/model/event-line.js"
import { addressOf, matches, rangeOf, readFilter } from "../../core/dashboard/model/filter.js"
import { waitingPlans } from "../../core/dashboard/model/plans.js"
import { runProgress } from "../../core/dashboard/model/run.js"
import { releaseView } from "../../core/dashboard/view/release.js"
import { moment } from "../../core/dashboard/view/time.js"
import type { Happening, LedgerEvent } from "../../core/ledger/event.js"
import { releasesOf } from "../../core/ledger/fold.js"
import type { LeaseHolder, ReleaseRecord } from "../../core/ledger/ledger.js"
import { signReview } from "../../core/release/approval/review.js"
import { signApproval } from "../../core/release/approval/sign.js"
import { makePlan } from "../../core/release/plan/make.js"
import { policyDigest, policyOf } from "../../core/release/policy/policy.js"
import { approvedBy, settings, XSS } from "../release/dashboard-samples.js"
import { context, finished, started, stepDone } from "../release/ledger-samples.js"
import { person, planInput, settings as rules } from "./approval-samples.js"
import { environmentFacts, policiesOf } from "./environment-facts.js"
import { lineOf, logsOf } from "./log-samples.js"
import { sampleOf } from "./picture-samples.js"

const NOW = new Date("2026-11-27T10:00:00Z")
let count = 0

function event(what: Happening, more: Partial<LedgerEvent> = {}, release: string | null = "r1"): LedgerEvent {
  count += 1
  const at = "2026-11-27T09:00:00.000000Z"
  return {
    version: 1,
    id: "00000000-0000-4000-8000-000000000000",
    happenedAt: at,
    at,
    number: count,
    journaled: false,
    stale: false,
    context: context({ release }),
    what,
    ...more,
  }
}

const stored = (file: unknown) => z.json().parse(JSON.parse(JSON.stringify(file)))

const plan = (letter: string) => `plan-${letter.repeat(64)}`

function planned(letter: string, authors: string[] | null = ["Mei Lin"]): LedgerEvent {
  const authorsUnknown = authors === null ? "a shallow clone" : ""
  return event(
    {
      kind: "planned",
      planId: plan(letter),
      planSha256: letter,
      authors,
      authorsUnknown,
      settings: {},
      commits: null,
      revision: null,
    },
    {},
    null,
  )
}

/** A release whose steps took so many seconds each. */
function release(id: string, steps: Record<string, number | null>, more: Partial<ReleaseRecord> = {}): ReleaseRecord {
  const [record] = releasesOf([event(started(), {}, id), event(finished({ outcome: "live" }), {}, id)], null)
  if (record === undefined) throw new Error("a release was started")
  return {
    ...record,
    steps: Object.entries(steps).map(([name, seconds]) => ({
      name,
      outcome: seconds === null ? "running" : "done",
      startedAt: "2026-11-27T09:59:50Z",
      seconds,
      note: "",
    })),
    ...more,
  }
}

const holder: LeaseHolder = {
  environment: "production",
  run: "run-9",
  owner: "laptop",
  command: "deploy",
  who: "Mei Lin",
  token: 3,
  takenAt: "2026-11-27T09:59:00Z",
  heartbeatAt: "2026-11-27T09:59:55Z",
  expiresAt: "2026-11-27T10:00:30Z",
}

const adopted = (policy = policyOf(settings, "production")) => policiesOf(settings, policy)

describe("the page of an environment", () => {
  it("names all that blocks a deployment at once: lease, freeze, policy, approvals", () => {
    const saturday = new Date("2026-11-28T02:00:00Z")
    const proposed = {
      difference: ["approvals.required: 1 → 0"],
      needed: true,
      freeze: { zone: "UTC", once: [], weekly: [] },
      keys: [],
    }
    const page = environmentPage(environmentFacts({ lease: holder, policies: adopted() }), proposed, saturday)
    expect(page.blocks).toEqual([
      "The lease is held: deploy by Mei Lin, run run-9.",
      "The environment is frozen: the weekend.",
      "tollgate.yaml, as this dashboard last read it, differs from the policy in force in one setting.",
      "Each release needs 1 approval of its own plan.",
    ])
    expect(page.freeze).toMatchObject({ kind: "frozen", until: new Date("2026-11-28T16:00:00Z") })
  })

  it("says that a policy is missing where the environment needs one, and nothing where it needs none", () => {
    const freeze = { zone: "UTC", once: [], weekly: [] }
    expect(environmentPage(environmentFacts(), { difference: [], needed: true, freeze, keys: [] }, NOW).blocks).toEqual(
      ["No policy is in force, and this environment needs one."],
    )
    expect(
      environmentPage(environmentFacts(), { difference: [], needed: false, freeze, keys: [] }, NOW).blocks,
    ).toEqual([])
    expect(environmentPage(environmentFacts(), null, NOW).blocks).toEqual([])
  })

  it("shows as live only what a run verified to serve, not the latest release", () => {
    const served = event(finished({ outcome: "failed", serving: { release: "r0", digest: "sha256:0" }, causes: ["x"] }))
    const page = environmentPage(
      environmentFacts({ served, releases: [release("r1", {}, { outcome: "failed" })] }),
      null,
      NOW,
    )
    expect(page.live).toMatchObject({ release: "r0", digest: "sha256:0", version: null, verifiedBy: "r1" })
    expect(environmentPage(environmentFacts(), null, NOW).live).toBeNull()
  })
})

describe("the review of break-glass", () => {
  it("is open until a second person of the policy in force, or else of tollgate.yaml, has signed it", () => {
    const [an, bo] = [person("An Wu"), person("Bo Chen")]
    const approvals = rules([an, bo])
    const plan = makePlan(planInput())
    const shared = { reason: "checkout is down", now: NOW }
    const signed = signApproval({
      ...shared,
      plan,
      key: an.key,
      approver: "An Wu",
      expiresAt: new Date(NOW.getTime() + 3_600_000),
      settings: approvals,
      purpose: "break-glass",
    })
    const broken = [
      event({ kind: "broke-glass", reason: "checkout is down", waived: ["frozen"], signed: stored(signed) }),
    ]
    const proposed = {
      difference: [],
      needed: true,
      freeze: { zone: "UTC", once: [], weekly: [] },
      keys: approvals.keys,
    }
    const [open] = environmentPage(environmentFacts({ broken }), proposed, NOW).reviews
    if (open === undefined) throw new Error("it is open")
    expect(open).toMatchObject({ release: "r1", signer: "An Wu", deployer: "Mei Lin" })
    const review = signReview(open, { ...shared, key: bo.key, approver: "Bo Chen" }, approvals.keys)
    const reviewed = [event({ kind: "glass-reviewed", approver: "Bo Chen", reason: "", signed: stored(review) })]
    expect(environmentPage(environmentFacts({ broken, reviewed }), proposed, NOW).reviews).toEqual([])
    // the policy in force lists other keys
    expect(
      environmentPage(environmentFacts({ broken, reviewed, policies: adopted() }), proposed, NOW).reviews,
    ).toHaveLength(1)
  })
})

describe("plans that wait for a release", () => {
  const [an, bo] = [person("An Wu"), person("Bo Chen", { also: ["bo@shop.example"] })]
  const asked = (events: Partial<EnvironmentFacts>, settled = rules([an, bo], { requireSeparation: true })) =>
    waitingPlans(environmentFacts(events), settled, NOW)

  it("end with the latest plan that served: older ones were made for another live release", () => {
    const live = release("r2", {}, { planId: plan("b") })
    const waiting = asked({ planned: [planned("c"), planned("b"), planned("a")], releases: [live] })
    expect(waiting.map(({ planId }) => planId)).toEqual([plan("c")])
  })

  it("name who may approve, and why others may not", () => {
    const revoked = person("Mei Lin", { revoked: "2026-11-01" })
    const settled = rules([an, bo, revoked], { requireSeparation: true })
    expect(asked({ planned: [planned("c", ["bo@shop.example"])] }, settled)[0]?.approvers).toEqual([
      { name: "An Wu", whyNot: null },
      { name: "Bo Chen", whyNot: "wrote a commit of this plan as bo@shop.example" },
      { name: "Mei Lin", whyNot: "the key was revoked on 2026-11-01" },
    ])
    expect(asked({ planned: [planned("c", null)] })[0]?.approvers.map(({ whyNot }) => whyNot)).toEqual([
      "the authors of the plan are not known",
      "the authors of the plan are not known",
    ])
  })

  it("have the approvals that are recorded for them alone, and tell expired ones from valid ones", () => {
    const approved = [
      event(approvedBy("An Wu", "c", "2026-11-27T09:59:59Z")),
      event(approvedBy("Bo Chen", "c", "2026-11-27T10:00:01Z")),
      event(approvedBy("Bo Chen", "d", "2026-11-27T10:00:01Z")),
    ]
    expect(asked({ planned: [planned("c")], approved })[0]?.approvals).toMatchObject([
      { approver: "An Wu", expired: true },
      { approver: "Bo Chen", expired: false },
    ])
  })
})

describe("the progress of a run", () => {
  const earlier = [
    release("r3", { policy: 2, start: 10, switch: 4 }),
    release("r2", { policy: 4, start: 20, switch: 6 }),
    release("r1", { policy: 90, start: 90, switch: 90 }, { outcome: "failed" }),
  ]

  it("expects what is left by the median of earlier runs that became live", () => {
    const running = release(
      "r4",
      { policy: 3, start: null },
      { outcome: "running", seconds: null, startedAt: "2026-11-27T09:59:40Z" },
    )
    const progress = runProgress(running, [running, ...earlier], NOW)
    // start: 15 s by the median, 10 s of them over; switch: 5 s
    expect(progress).toMatchObject({ elapsed: 20, left: 10, from: 2 })
    expect(progress.steps.map(({ name, state }) => `${name} ${state}`)).toEqual([
      "policy done",
      "start running",
      "switch left",
    ])
  })

  it("expects the watch to take its own window, where the run says it, and the median of earlier runs otherwise", () => {
    const earlier = ["r3", "r2"].map((id) => release(id, { switch: 5, watch: 60 }))
    const running = (watch: number | null, more: Partial<ReleaseRecord> = {}) =>
      release("r4", { switch: 5 }, { outcome: "running", seconds: null, ...(watch === null ? {} : { watch }), ...more })
    expect(runProgress(running(600), earlier, NOW)).toMatchObject({ left: 600, watch: 600 })
    expect(runProgress(running(null), earlier, NOW)).toMatchObject({ left: 60, watch: null })
    const steps = [
      { name: "watch", outcome: "running" as const, startedAt: NOW.toISOString(), seconds: null, note: "" },
    ]
    const minute = new Date(NOW.getTime() + 60_000)
    expect(runProgress(running(600, { steps }), earlier, minute).steps[0]).toMatchObject({ usual: 600, seconds: 60 })
    expect(runProgress(running(600, { steps }), earlier, minute).left).toBeGreaterThanOrEqual(540)
  })

  it("expects nothing without an earlier run, after a step failed, and of a run that has ended", () => {
    const running = release("r4", { start: null }, { outcome: "running", seconds: null })
    expect(runProgress(running, [running], NOW).left).toBeNull()
    const undoing: ReleaseRecord = {
      ...running,
      steps: [{ name: "start", outcome: "failed", startedAt: "", seconds: 1, note: "" }],
    }
    expect(runProgress(undoing, [undoing, ...earlier], NOW).left).toBeNull()
    const [ended] = earlier
    expect(ended && runProgress(ended, earlier, NOW)).toMatchObject({ left: null, elapsed: 42 })
  })
})

describe("the difference of two releases", () => {
  it("compares image, commit, migrations, names of the configuration and policy", () => {
    const policy = policyOf(settings, "production")
    const stricter = { ...policy, approvals: { ...policy.approvals, required: 2 } }
    const { adopted: all } = { adopted: [...adopted(policy).adopted, ...adopted(stricter).adopted] }
    const from = { release: release("r1", {}), policy: policyDigest(policy) }
    const to = {
      release: release(
        "r2",
        {},
        { digest: "sha256:other", migrations: ["0003", "0004"], configNames: ["REFUNDS_URL"], configDigest: "other" },
      ),
      policy: policyDigest(stricter),
    }
    const difference = releaseDifference(from, to, { adopted: all })
    expect(difference.rows.filter(({ same }) => !same).map(({ what }) => what)).toEqual(["image", "policy"])
    expect(difference).toMatchObject({
      migrations: { added: ["0004"], removed: [] },
      configNames: { added: ["REFUNDS_URL"], removed: ["DATABASE_URL"] },
      configChanged: true,
      policy: ["approvals.required: 1 → 2"],
    })
  })

  it("finds the policy of a release in its policy step, and none elsewhere", () => {
    expect(policyOfRelease([event(stepDone("policy", { detail: { policy: "policy-aa" } }))])).toBe("policy-aa")
    expect(policyOfRelease([event(stepDone("image", { detail: { policy: "policy-aa" } }))])).toBeNull()
    expect(policyOfRelease([event(stepDone("policy", { detail: ["policy"] }))])).toBeNull()
  })
})

describe("the filter of the history", () => {
  it("ignores what cannot be read, so that no address breaks the page", () => {
    const none = { env: null, action: null, outcome: null, who: null, from: null, to: null, before: null }
    expect(
      readFilter({ action: "delete", outcome: "x", from: "2026-13-45", to: "yesterday", before: "-1", who: " " }),
    ).toEqual(none)
    expect(readFilter({ toString: "x" })).toEqual(none)
  })

  it("is the same after its own address", () => {
    const filter = readFilter({
      env: "a&b",
      action: "rollback",
      outcome: "rolled-back",
      who: "Mei=Lin",
      from: "2026-11-01",
      to: "2026-11-02",
    })
    const address = addressOf(filter, { before: 812 })
    expect(readFilter(Object.fromEntries(new URL(address, "http://x").searchParams))).toEqual({
      ...filter,
      before: 812,
    })
  })

  it("takes whole days, the last one included", () => {
    expect(rangeOf(readFilter({ from: "2026-11-01", to: "2026-11-30" }))).toEqual({
      from: "2026-11-01T00:00:00.000Z",
      until: "2026-12-01T00:00:00.000Z",
    })
  })

  it("matches action, outcome, and a part of the name", () => {
    const one = release("r1", {}, { who: "Mei Lin", outcome: "failed" })
    expect(
      [{ who: "lin" }, { outcome: "failed" }, { action: "deploy" }, {}].map((given) => matches(one, readFilter(given))),
    ).toEqual([true, true, true, true])
    expect(
      [{ who: "bo" }, { outcome: "live" }, { action: "rollback" }].map((given) => matches(one, readFilter(given))),
    ).toEqual([false, false, false])
  })
})

describe("what a page shows", () => {
  it("has times to the second in UTC and in the other zone, each with its name", () => {
    expect(moment({ zone: "Asia/Taipei" }, "2026-11-27T17:30:05.123Z").source).toBe(
      '<time datetime="2026-11-27T17:30:05.123Z">2026-11-27 17:30:05 UTC <small>2026-11-28 01:30:05 Asia/Taipei</small></time>',
    )
    expect(moment({ zone: "UTC" }, "2026-11-27T17:30:05Z").source).toContain(">2026-11-27 17:30:05 UTC</time>")
  })

  it("has a journaled event at the time of its writer, and says so", () => {
    const line = eventLine(
      event(stepDone("smoke"), { journaled: true, stale: true, happenedAt: "2026-11-27T08:00:00Z" }),
    )
    expect(line).toMatchObject({
      at: "2026-11-27T08:00:00Z",
      remarks: ["recorded later, from a journal", "its run had lost the lease"],
    })
  })

  it("has no markup of what people, commits, notes and causes say", () => {
    const events = [
      event(started({ version: XSS, why: XSS, image: XSS, revision: XSS, migrations: [XSS], configNames: [XSS] })),
      event({ kind: "broke-glass", reason: XSS, waived: [XSS], signed: null }),
      event({ ...approvedBy(XSS, "c", "2026-11-27T10:00:01Z"), reason: XSS, key: XSS }),
      event(stepDone(XSS, { note: XSS, outcome: "failed", detail: { figure: XSS } })),
      event(finished({ outcome: "failed", causes: [XSS], serving: { release: XSS, digest: XSS } })),
    ]
    const [one] = releasesOf(events, null)
    if (one === undefined) throw new Error("a release was started")
    const all = { release: one, events, cut: false, releases: [one], policies: adopted(), lease: null }
    const samples = [{ ...sampleOf("errors", 0.5, 1), run: XSS }, sampleOf(XSS, 1, 2)]
    const line = { ...lineOf(XSS), run: XSS, side: XSS, version: XSS, place: XSS, process: XSS, stream: XSS, at: XSS }
    const drawn = {
      progress: runProgress(one, [one], NOW),
      samples: { kind: "read", samples, cut: false },
      logs: logsOf([line, { ...line, stream: "note", text: `unread: ${XSS}` }], { container: XSS, text: XSS }, [XSS]),
      review: { open: [], closed: null, asks: null },
    } as const
    const { main } = releaseView(all, drawn, NOW, { zone: "UTC" })
    expect(main.source).toContain("&lt;script&gt;")
    expect(main.source).not.toMatch(/<script|<img|onerror="/)
  })
})
