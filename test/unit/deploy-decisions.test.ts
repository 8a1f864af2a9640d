import { describe, expect, test } from "vitest"
import { deployGates } from "../../core/config/gates.js"
import {
  DEPLOY,
  type DeployStep,
  type DeployUndo,
  type OwnStep,
  outcomeOf,
  previousRelease,
  startOf,
} from "../../core/release/deploy/steps.js"
import { undosAfter } from "../../core/release/pipeline/step.js"
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
