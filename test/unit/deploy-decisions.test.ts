import { describe, expect, test } from "vitest"
import { deployGates } from "../../core/config/gates.js"
import {
  allOf,
  approvalCommands,
  DEPLOY,
  type DeployStep,
  type DeployUndo,
  digestOf,
  lacksApprovals,
  nextOf,
  type OwnStep,
  outcomeOf,
  previousRelease,
  startOf,
  waitingNext,
} from "../../core/release/deploy/steps.js"
import { undosAfter } from "../../core/release/pipeline/step.js"
import { TollgateError } from "../../core/shared/errors.js"
import { instance, running, serving, shared } from "./release-samples.js"

function isOwnStep(step: DeployStep): step is OwnStep {
  return !deployGates.some(({ deploy }) => deploy.step === step)
}

describe("after a failure", () => {
  const both: DeployUndo[] = ["switch back", "remove the new release"]
  const expected: Record<OwnStep, DeployUndo[]> = {
    policy: [],
    migrations: [],
    image: [],
    target: [],
    approval: [],
    backup: [],
    migrate: [],
    start: ["remove the new release"],
    healthy: ["remove the new release"],
    smoke: ["remove the new release"],
    switch: both,
    watch: both,
    prune: [],
  }
  test.each(DEPLOY.map(({ name }) => name))("in %s, the steps are undone, the last first", (name) => {
    expect(undosAfter(DEPLOY, name)).toEqual(isOwnStep(name) ? expected[name] : [])
  })

  test.each([
    "policy",
    ...deployGates.map(({ deploy }) => deploy.step),
    "migrations",
    "image",
    "target",
    "approval",
    "backup",
  ] as const)("in %s nothing was changed", (at) => {
    expect(outcomeOf({ at, hadBefore: true, serves: true, lost: false })).toBe("refused")
    expect(outcomeOf({ at, hadBefore: false, serves: false, lost: false })).toBe("refused")
  })

  test.each(["migrate", "start", "healthy", "smoke", "switch"] as const)(
    "in %s the release has failed, and is broken when the previous one cannot be verified as serving",
    (at) => {
      expect(outcomeOf({ at, hadBefore: true, serves: true, lost: false })).toBe("failed")
      expect(outcomeOf({ at, hadBefore: true, serves: false, lost: false })).toBe("broken")
      expect(outcomeOf({ at, hadBefore: false, serves: false, lost: false })).toBe("failed")
    },
  )

  test("in the watch it was rolled back, unless nothing else can serve", () => {
    expect(outcomeOf({ at: "watch", hadBefore: true, serves: true, lost: false })).toBe("rolled-back")
    expect(outcomeOf({ at: "watch", hadBefore: true, serves: false, lost: false })).toBe("broken")
    expect(outcomeOf({ at: "watch", hadBefore: false, serves: false, lost: false })).toBe("broken")
  })

  test("of the lease nothing is said but that it was lost: what is there is the other run's", () => {
    expect(outcomeOf({ at: "switch", hadBefore: true, serves: false, lost: true })).toBe("interrupted")
  })
})

test("nothing that changes what runs comes before all that only looks", () => {
  const changes = DEPLOY.map((step) => step.changes)
  expect(changes.indexOf(true)).toBe(DEPLOY.findIndex(({ name }) => name === "migrate"))
  expect(DEPLOY.findIndex(({ name }) => name === "approval")).toBeLessThan(changes.indexOf(true))
})

describe("the previous release", () => {
  test("is what has the traffic", () => {
    expect(previousRelease(running(serving("r1"), { retained: [instance("r0")] }), "r2")?.release).toBe("r1")
  })
  test("is what had it last, where the new release has it already", () => {
    expect(previousRelease(running(serving("r2"), { retained: [instance("r1"), instance("r0")] }), "r2")?.release).toBe(
      "r1",
    )
  })
  test("is the other one, where places differ", () => {
    expect(previousRelease(running(shared("r2", "r1"), { retained: [instance("r0")] }), "r2")?.release).toBe("r1")
  })
  test("is nothing for the first release, and never what is not Tollgate's", () => {
    expect(previousRelease(running({ kind: "none" }), "r1")).toBeNull()
    expect(
      previousRelease(running({ kind: "foreign", place: "app1", to: "nginx" }, { retained: [instance("r0")] }), "r1"),
    ).toBeNull()
  })
})

describe("a deployment that is run again", () => {
  const wanted = { image: "registry/shop@sha256:r2", version: "version of r2", configDigest: "config" }
  test("starts from the beginning when nothing of it is there", () => {
    expect(startOf(running(serving("r1")), wanted, "r3")).toEqual({ kind: "new", release: "r3" })
  })
  test("goes on with the release that a run which was killed has begun", () => {
    expect(startOf(running(serving("r1"), { candidates: [instance("r2")] }), wanted, "r3")).toEqual({
      kind: "resumed",
      release: "r2",
    })
  })
  test("goes on where a switch was cut off between places", () => {
    expect(startOf(running(shared("r2", "r1")), wanted, "r3")).toEqual({ kind: "resumed", release: "r2" })
  })
  test("finds that the release has the traffic already", () => {
    expect(startOf(running(serving("r2")), wanted, "r3")).toEqual({ kind: "serves", release: "r2" })
  })
  test("is another one with another version, configuration or image", () => {
    for (const other of [{ version: "x" }, { configDigest: "x" }, { image: "registry/shop@sha256:x" }])
      expect(startOf(running(serving("r2"), { candidates: [instance("r2")] }), { ...wanted, ...other }, "r3")).toEqual({
        kind: "new",
        release: "r3",
      })
  })
  test("starts a release again that was rolled back: it is retained, and has failed", () => {
    expect(startOf(running(serving("r1"), { retained: [instance("r2")] }), wanted, "r3")).toEqual({
      kind: "new",
      release: "r3",
    })
  })
})

test("the lease is needed from the migration on, by each step that changes the target", () => {
  expect(DEPLOY.filter(({ changes }) => changes).map(({ name }) => name)).toEqual([
    "migrate",
    "start",
    "switch",
    "prune",
  ])
  // a cleanup that fails undoes nothing
  expect(DEPLOY.filter(({ closing }) => closing).map(({ name }) => name)).toEqual(["prune"])
})

describe("a failure that leaves nothing known to serve", () => {
  test("was refused when nothing had been changed, and is another run's when the lease was lost", () => {
    expect(outcomeOf({ at: "approval", hadBefore: true, serves: false, lost: false })).toBe("refused")
    expect(outcomeOf({ at: "approval", hadBefore: true, serves: true, lost: true })).toBe("interrupted")
  })
})

describe("the previous release, where it is hard to tell,", () => {
  test("is none where the new one has the traffic and nothing else is on the target", () => {
    expect(previousRelease(running(serving("r2")), "r2")).toBeNull()
    expect(previousRelease(running(shared("r2", "r2")), "r2")).toBeNull()
  })
  test("is never the new release itself, which an earlier run may have left", () => {
    const retained = [instance("r2"), instance("r1")]
    expect(previousRelease(running(serving("r2"), { retained }), "r2")?.release).toBe("r1")
    expect(previousRelease(running(shared("r2", "r2"), { retained }), "r2")?.release).toBe("r1")
  })
  test("is the one that shares the traffic, in whichever order places are read", () => {
    const retained = [instance("r0")]
    expect(previousRelease(running(shared("r1", "r2"), { retained }), "r2")?.release).toBe("r1")
    expect(previousRelease(running(shared("r2", "r1"), { retained }), "r2")?.release).toBe("r1")
  })
  test("is none for a target without traffic, whatever is retained", () => {
    expect(previousRelease(running({ kind: "none" }, { retained: [instance("r1")] }), "r2")).toBeNull()
  })
})

describe("a deployment that is run again, on a target that is split,", () => {
  const wanted = { image: "other/name@sha256:r2", version: "version of r2", configDigest: "config" }
  test("prefers what it began to what shares the traffic, and compares images by digest alone", () => {
    const again = instance("r7", { image: wanted.image, version: wanted.version })
    expect(startOf(running(shared("r1", "r2"), { candidates: [again] }), wanted, "r9")).toEqual({
      kind: "resumed",
      release: "r7",
    })
    expect(startOf(running(shared("r1", "r2")), wanted, "r9")).toEqual({ kind: "resumed", release: "r2" })
    expect(startOf(running(shared("r1", "r3")), wanted, "r9")).toEqual({ kind: "new", release: "r9" })
    expect(startOf(running(serving("r1"), { candidates: [instance("r3")] }), wanted, "r9").kind).toBe("new")
  })
  test("knows an image by its digest, with or without a name before it", () => {
    expect(["registry/shop@sha256:ab", "sha256:ab"].map(digestOf)).toEqual(["sha256:ab", "sha256:ab"])
  })
})

test("every release on the target is listed, whatever has the traffic", () => {
  const more = { retained: [instance("r1")], candidates: [instance("r4")] }
  const ids = (...given: Parameters<typeof running>) => allOf(running(...given)).map(({ release }) => release)
  expect(ids(serving("r2"), more)).toEqual(["r2", "r1", "r4"])
  expect(ids(shared("r3", "r2"), more)).toEqual(["r3", "r2", "r1", "r4"])
  expect(ids({ kind: "none" }, more)).toEqual(["r1", "r4"])
  expect(ids({ kind: "foreign", place: "app1", to: "nginx" })).toEqual([])
})

describe("what to do next", () => {
  test("after a deployment is an action for each outcome, and none when it is live", () => {
    const next = (outcome: Parameters<typeof nextOf>[0], isFirst = false) =>
      nextOf(outcome, "staging", { leftOpen: false, isFirst })
    expect(next("live")).toBe("")
    expect(next("refused")).toContain("Nothing was changed")
    expect([next("failed"), next("rolled-back")].map((text) => text.includes("No cleanup is needed"))).toEqual([
      true,
      true,
    ])
    expect(next("interrupted")).toMatch(/^`tollgate status --env=staging` shows/)
    expect(next("broken")).toMatch(/^Act now: .*tollgate rollback --env=staging/)
    // a first release has none before it
    expect(next("broken", true)).toMatch(/^Act now: .*tollgate maintenance on --env=staging/)
    expect(next("broken", true)).not.toContain("rollback")
    expect(nextOf("failed", "staging", { leftOpen: true, isFirst: false })).toContain(
      "docs/runbook-migration-failed.md",
    )
  })

  test("of a deployment that waits for approvals is to sign its plan, of that version", () => {
    expect(approvalCommands("staging", "1.4.0")).toEqual([
      "tollgate plan --env=staging --version=1.4.0 --out=plan.json",
      "tollgate approve --plan=plan.json",
    ])
    for (const command of approvalCommands("staging", "1.4.0"))
      expect(waitingNext("staging", "1.4.0")).toContain(`\`${command}\``)
  })

  test("is to wait only where approvals are all that is lacking", () => {
    expect(lacksApprovals(new TollgateError("approval-too-few", "what", "next"))).toBe(true)
    expect(lacksApprovals(new TollgateError("approval-expired", "what", "next"))).toBe(false)
    expect([new Error("approval-too-few"), { code: "approval-too-few" }, null].map(lacksApprovals)).toEqual([
      false,
      false,
      false,
    ])
  })
})
