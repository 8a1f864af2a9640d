import { describe, expect, test } from "vitest"
import { undosAfter } from "../../core/release/pipeline/step.js"
import { chooseRelease, ROLLBACK } from "../../core/release/rollback/choose.js"
import { instance, running, serving, shared } from "./release-samples.js"

test("without a wish it is the release that served before the one that serves now", () => {
  expect(
    chooseRelease(
      running(serving("r3"), { retained: [instance("r2", { switchedAt: "2026-11-22T10:00:00Z" }), instance("r1")] }),
      "",
    ),
  ).toMatchObject({ kind: "retained", instance: { release: "r2" } })
})

test("a second rollback goes further back, never forward to what was just left", () => {
  expect(chooseRelease(running(serving("r2"), { retained: [instance("r3"), instance("r1")] }), "")).toMatchObject({
    kind: "retained",
    instance: { release: "r1" },
  })
})

test("a release that was gone back from is not gone back to: what served before the one that serves now is", () => {
  // r1, r2, back to r1, r3: before r3 it was r1 that served
  const retained = [
    instance("r1", { switchedAt: "2026-11-22T11:00:00Z" }),
    instance("r2", { switchedAt: "2026-11-22T10:00:00Z" }),
  ]
  expect(chooseRelease(running(serving("r3"), { retained }), "")).toMatchObject({
    kind: "retained",
    instance: { release: "r1" },
  })
})

test("where only newer releases are there, it says so and names one", () => {
  expect(chooseRelease(running(serving("r1"), { retained: [instance("r2")] }), "")).toMatchObject({
    kind: "none",
    why: expect.stringContaining("--to=r2"),
  })
})

test("a release is named by its id or its version, and the id stands over the version", () => {
  const retained = [instance("r2"), instance("r1", { version: "1.0" }), instance("r0", { version: "r2" })]
  expect(chooseRelease(running(serving("r3"), { retained }), "1.0")).toMatchObject({
    kind: "retained",
    instance: { release: "r1" },
  })
  expect(chooseRelease(running(serving("r3"), { retained }), "r2")).toMatchObject({
    kind: "retained",
    instance: { release: "r2" },
  })
})

test("a release that is already live is reported as such; one that is not there is looked up in the ledger", () => {
  expect(chooseRelease(running(serving("r3")), "r3")).toMatchObject({ kind: "serves" })
  expect(chooseRelease(running(serving("r3")), "r9")).toEqual({ kind: "gone", release: "r9" })
})

test("where places differ, it is the earlier of the two", () => {
  expect(chooseRelease(running(shared("r3", "r2")), "")).toMatchObject({
    kind: "retained",
    instance: { release: "r2" },
  })
})

test("what is not Tollgate's is never taken the traffic from", () => {
  expect(
    chooseRelease(running({ kind: "foreign", place: "app1", to: "nginx" }, { retained: [instance("r1")] }), ""),
  ).toMatchObject({ kind: "none" })
})

describe("what is asked for by name", () => {
  test("is found among the releases that share the traffic", () => {
    const split = running(shared("r3", "r2"), { retained: [instance("r1")] })
    for (const release of ["r1", "r2", "r3"])
      expect(chooseRelease(split, release)).toMatchObject({ kind: "retained", instance: { release } })
    expect(chooseRelease(split, "version of r2")).toMatchObject({ kind: "retained", instance: { release: "r2" } })
    expect(chooseRelease(split, "r9")).toEqual({ kind: "gone", release: "r9" })
  })

  test("has the traffic already when the live release has that version, unless an earlier one has it as well", () => {
    const live = running(serving("r3"), { retained: [instance("r2", { version: "1.0" }), instance("r1")] })
    expect(chooseRelease(live, "version of r3")).toMatchObject({ kind: "serves", instance: { release: "r3" } })
    const same = running(serving("r3"), { retained: [instance("r2", { version: "version of r3" })] })
    expect(chooseRelease(same, "version of r3")).toMatchObject({ kind: "retained", instance: { release: "r2" } })
  })

  test("is the live release when it has that id, also where a retained one has the id as its version", () => {
    const live = running(serving("r3"), { retained: [instance("r2", { version: "r3" })] })
    expect(chooseRelease(live, "r3")).toMatchObject({ kind: "serves", instance: { release: "r3" } })
  })

  test("is the release of that id, also where one before it on the target has the id as its version", () => {
    const retained = [instance("r1", { version: "r2" }), instance("r2")]
    for (const known of [retained, [...retained].reverse()])
      expect(chooseRelease(running(serving("r3"), { retained: known }), "r2")).toMatchObject({
        kind: "retained",
        instance: { release: "r2" },
      })
  })

  test("can take the traffic where no release of Tollgate has it", () => {
    for (const live of [{ kind: "none" }, { kind: "foreign", place: "app1", to: "nginx" }] as const)
      expect(chooseRelease(running(live, { retained: [instance("r1")] }), "r1")).toMatchObject({ kind: "retained" })
    expect(chooseRelease(running({ kind: "none" }), "r1")).toEqual({ kind: "gone", release: "r1" })
  })
})

describe("without a wish", () => {
  test("a release that was started in the same moment as the live one is not before it", () => {
    const twin = instance("r2", { startedAt: "2026-11-22T09:03:00Z" })
    expect(chooseRelease(running(serving("r3"), { retained: [twin, instance("r1")] }), "")).toMatchObject({
      instance: { release: "r1" },
    })
  })

  test("nothing is chosen where nothing is retained, and no release is named that is not there", () => {
    expect(chooseRelease(running(serving("r1")), "")).toEqual({
      kind: "none",
      why: "no release before r1 (version of r1) is on the target",
    })
  })

  test("the reason says what has the traffic instead of a release", () => {
    const none = running({ kind: "none" }, { retained: [instance("r1")] })
    expect(chooseRelease(none, "")).toEqual({ kind: "none", why: "no release of Tollgate has the traffic" })
    expect(chooseRelease(running({ kind: "foreign", place: "app1", to: "nginx" }), "")).toEqual({
      kind: "none",
      why: "app1 sends its traffic to nginx, which is not a release of Tollgate",
    })
  })

  test("the earliest of those that share the traffic is chosen, in whichever order they are", () => {
    for (const order of [
      ["r3", "r2"],
      ["r2", "r3"],
      ["r3", "r1", "r2"],
    ])
      expect(chooseRelease(running(shared(...order)), "")).toMatchObject({
        kind: "retained",
        instance: { release: order.includes("r1") ? "r1" : "r2" },
      })
  })

  test("nothing is chosen where places differ and no release is complete", () => {
    expect(chooseRelease(running({ kind: "split", at: [], instances: [] }), "")).toMatchObject({
      kind: "none",
      why: "no release that shares the traffic is complete",
    })
  })
})

describe("the steps of a rollback", () => {
  test("need the lease from the first one that changes the target", () => {
    expect(ROLLBACK.filter(({ changes }) => changes).map(({ name }) => name)).toEqual(["start", "switch"])
  })

  test("undo a switch that failed, and nothing else", () => {
    expect(ROLLBACK.map(({ name }) => undosAfter(ROLLBACK, name))).toEqual([[], [], ["switch back"]])
    expect(ROLLBACK.filter(({ closing }) => closing)).toEqual([])
  })
})
