import { expect, test } from "vitest"
import { GateFailed } from "../../core/gate/failed.js"
import { firstLine, type Listener, runPipeline } from "../../core/release/pipeline/run.js"
import type { Done, StepPlan, StepReport } from "../../core/release/pipeline/step.js"
import { redactor } from "../../core/secrets/redact.js"
import { TollgateError } from "../../core/shared/errors.js"

type Name = "look" | "build" | "open" | "tidy"
type Undo = "close" | "tear down"

const PLAN: readonly StepPlan<Name, Undo>[] = [
  { name: "look", changes: false, undo: null, closing: false },
  { name: "build", changes: true, undo: "tear down", closing: false },
  { name: "open", changes: true, undo: "close", closing: false },
  { name: "tidy", changes: true, undo: null, closing: true },
]

function pipeline(broken: Partial<Record<Name | Undo, Error>>, held: () => Promise<void> = () => Promise.resolve()) {
  const done: string[] = []
  const reports: StepReport[] = []
  const work = (name: Name | Undo) => {
    const error = broken[name]
    if (error !== undefined) throw error
    done.push(name)
  }
  const does = async (name: Name): Promise<Done> => {
    work(name)
    return { kind: "done", note: "well" }
  }
  const undoes = (name: Undo) => async () => {
    work(name)
    return "gone"
  }
  const listener: Listener = {
    started: () => Promise.resolve(),
    finished: async (report) => void reports.push(report),
    requireHeld: held,
  }
  const run = (signal?: AbortSignal) =>
    runPipeline(
      PLAN,
      {
        does,
        undoes: { close: undoes("close"), "tear down": undoes("tear down") },
        patience: 0,
        redact: redactor(["hash-key-word", "open", "done", "failed", "tear down"]),
      },
      listener,
      signal,
    )
  return { done, reports, run }
}

test("steps run in their order", async () => {
  const { done, run } = pipeline({})
  expect(await run()).toMatchObject({ kind: "done", warnings: [] })
  expect(done).toEqual(["look", "build", "open", "tidy"])
})

test("a step that fails is undone, then those before it", async () => {
  const { done, reports, run } = pipeline({ open: new Error("no") })
  expect(await run()).toMatchObject({ kind: "failed", at: "open", undoErrors: [], lost: false })
  expect(done).toEqual(["look", "build", "close", "tear down"])
  expect(reports.map(({ name, outcome }) => `${name} ${outcome}`)).toEqual([
    "look done",
    "build done",
    "open failed",
    "close undone",
    "tear down undone",
  ])
})

test("an undo step that fails does not stop the others, and both causes are reported", async () => {
  const { done, run } = pipeline({ open: new Error("no"), close: new Error("stuck") })
  const ending = await run()
  expect(ending).toMatchObject({ kind: "failed", undoErrors: [{ message: "stuck" }] })
  expect(done).toContain("tear down")
})

test("a run that lost the environment touches nothing more", async () => {
  const { done, run } = pipeline({}, () => Promise.reject(new TollgateError("lease-lost", "another run took it", "")))
  expect(await run()).toMatchObject({ kind: "failed", at: "build", lost: true })
  expect(done).toEqual(["look"])
})

test("a step that fails because another run took the environment over is left to that run", async () => {
  let calls = 0
  const { done, run } = pipeline({ open: new Error("the traffic is somebody else's") }, () =>
    ++calls <= 2 ? Promise.resolve() : Promise.reject(new TollgateError("lease-lost", "taken over", "")),
  )
  expect(await run()).toMatchObject({ kind: "failed", at: "open", lost: true, undoErrors: [] })
  expect(done).toEqual(["look", "build"])
})

test.each(["target-fenced", "target-moved"])(
  "an undo step that the target refuses as %s is the last: what is left belongs to another run",
  async (code) => {
    const { done, run } = pipeline({ open: new Error("no"), close: new TollgateError(code, "refused", "look") })
    expect(await run()).toMatchObject({ kind: "failed", at: "open", lost: true, undoErrors: [{ code }] })
    expect(done).toEqual(["look", "build"])
  },
)

test("a step that the target refuses as fenced undoes nothing", async () => {
  const { done, run } = pipeline({ open: new TollgateError("target-fenced", "refused", "look") })
  expect(await run()).toMatchObject({ kind: "failed", at: "open", lost: true, undoErrors: [] })
  expect(done).toEqual(["look", "build"])
})

test("while the ledger is away, the steps are still undone", async () => {
  let calls = 0
  const { done, run } = pipeline({}, () =>
    ++calls === 1 ? Promise.resolve() : Promise.reject(new TollgateError("ledger-away", "away", "")),
  )
  expect(await run()).toMatchObject({ kind: "failed", at: "open", lost: false })
  expect(done).toEqual(["look", "build", "close", "tear down"])
})

test("a closing step that fails undoes nothing", async () => {
  const { done, run } = pipeline({ tidy: new Error("busy") })
  expect(await run()).toMatchObject({ kind: "done", warnings: ["tidy: busy"] })
  expect(done).toEqual(["look", "build", "open"])
})

test("an interrupted run undoes its steps", async () => {
  const stopped = new AbortController()
  const { done, run } = pipeline({}, async () => stopped.abort())
  expect(await run(stopped.signal)).toMatchObject({ kind: "failed", at: "open", error: { code: "stopped" } })
  expect(done).toEqual(["look", "build", "close", "tear down"])
})

test("a gate's verdict is the last line of its screen", () => {
  expect(firstLine(new GateFailed("qa", "Tollgate\n\nRED: nothing is proven\n"))).toBe("RED: nothing is proven")
  expect(firstLine(new Error("first\nsecond"))).toBe("first")
  expect(firstLine(new Error("two things are wrong:\n  one\n  another"))).toBe("two things are wrong: one")
})

test("secrets are taken out of notes, and of nothing else of a report", async () => {
  const closing = pipeline({ tidy: new Error("the host said hash-key-word") })
  expect(await closing.run()).toMatchObject({ warnings: ["tidy: the host said ***"] })
  const failing = pipeline({ open: new Error("no, hash-key-word"), close: new Error("hash-key-word is gone") })
  expect(await failing.run()).toMatchObject({ kind: "failed", at: "open" })
  expect(failing.reports.map(({ name, outcome, note }) => [name, outcome, note])).toEqual([
    ["look", "done", "well"],
    ["build", "done", "well"],
    ["open", "failed", "no, ***"],
    ["close", "failed", "*** is gone"],
    ["tear down", "undone", "gone"],
  ])
})
