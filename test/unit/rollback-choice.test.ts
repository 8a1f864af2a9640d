import { expect, test } from "vitest"
import { chooseRelease } from "../../core/release/rollback/choose.js"
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
