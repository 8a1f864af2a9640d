import { describe, expect, it, test } from "vitest"
import { GateFailed } from "../../core/gate/failed.js"
import { firstLine, type Listener, runPipeline, type Steps } from "../../core/release/pipeline/run.js"
import type { Done, StepPlan, StepReport } from "../../core/release/pipeline/step.js"
import { redactor } from "../../core/secrets/redact.js"
import { TollgateError } from "../../core/shared/errors.js"

type Name = "look" | "build" | "open" | "tidy"
type Undo = "close" | "tear down"

const PLAN = [
  { name: "look", changes: false, undo: null, closing: false },
  { name: "build", changes: true, undo: "tear down", closing: false },
  { name: "open", changes: true, undo: "close", closing: false },
  { name: "tidy", changes: true, undo: null, closing: true },
] as const satisfies readonly StepPlan<Name, Undo>[]

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
      async ({ step, closing }) => {
        await step("look", () => does("look"))
        await step("build", () => does("build"), undoes("tear down"))
        await step("open", () => does("open"), undoes("close"))
        await closing("tidy", () => does("tidy"))
      },
      listener,
      { patience: 0, redact: redactor(["hash-key-word", "open", "done", "failed", "tear down"]), signal },
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

test("who interrupted a run, and why, is its cause", async () => {
  const stopped = new AbortController()
  const { run } = pipeline({}, async () =>
    stopped.abort(new TollgateError("stopped", "Interrupted by Mei Lin.", "Ask Mei.")),
  )
  expect(await run(stopped.signal)).toMatchObject({ error: { message: "Interrupted by Mei Lin.\n\nAsk Mei." } })
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

/** The same plan, with a page of the test's own. */
async function pages(page: (steps: Steps<(typeof PLAN)[number]>, done: string[]) => Promise<unknown>) {
  const done: string[] = []
  const reports: string[] = []
  const ending = await runPipeline(
    PLAN,
    (steps) => page(steps, done),
    {
      started: async (name) => void done.push(name),
      finished: async ({ name, outcome }) => void reports.push(`${name} ${outcome}`),
      requireHeld: () => Promise.resolve(),
    },
    { patience: 0, redact: (text) => text },
  )
  return { done, reports, ending }
}

const well = (): Promise<Done> => Promise.resolve({ kind: "done", note: "well" })
const undoneBy = (name: Undo, done: string[]) => async () => {
  done.push(name)
  return "gone"
}

describe("a page", () => {
  it("takes what a step returns to the next one, and its own result to the end", async () => {
    const { ending } = await pages(async ({ step, closing }, done) => {
      const { size } = await step("look", async () => ({ ...(await well()), size: 4 }))
      const { height } = await step(
        "build",
        async () => ({ ...(await well()), height: size * 2 }),
        undoneBy("tear down", done),
      )
      await step("open", well, undoneBy("close", done))
      await closing("tidy", well)
      return height
    })
    expect(ending).toMatchObject({ kind: "done", result: 8 })
  })

  it("that calls a step before its turn fails, and what it did is undone", async () => {
    const { done, reports, ending } = await pages(async ({ step, closing }, done) => {
      await step("look", well)
      await step("build", well, undoneBy("tear down", done))
      await closing("tidy", well)
    })
    expect(ending).toMatchObject({
      kind: "failed",
      at: "build",
      error: { message: "tidy is not the next step: open is" },
    })
    expect(done).toEqual(["look", "build", "tear down"])
    expect(reports).toEqual(["look done", "build done", "build failed", "tear down undone"])
  })

  it("that leaves out a step fails, and what it did is undone", async () => {
    const { done, ending } = await pages(async ({ step }, done) => {
      await step("look", well)
      await step("build", well, undoneBy("tear down", done))
    })
    expect(ending).toMatchObject({ kind: "failed", at: "build", error: { message: "the step open was left out" } })
    expect(done).toEqual(["look", "build", "tear down"])
  })

  it("that fails between two steps leaves nothing half done", async () => {
    const { done, ending } = await pages(async ({ step }, done) => {
      await step("look", well)
      await step("build", well, undoneBy("tear down", done))
      throw new Error("no such field")
    })
    expect(ending).toMatchObject({ kind: "failed", at: "build", error: { message: "no such field" }, lost: false })
    expect(done).toEqual(["look", "build", "tear down"])
  })

  it("cannot go on after a step that failed", async () => {
    const { done, ending } = await pages(async ({ step }, done) => {
      await step("look", well)
      await step("build", () => Promise.reject(new Error("no")), undoneBy("tear down", done)).catch(() => undefined)
      await step("open", well, undoneBy("close", done)).catch(() => undefined)
    })
    expect(ending).toMatchObject({ kind: "failed", at: "build", error: { message: "no" } })
    expect(done).toEqual(["look", "build", "tear down"])
  })

  it("is asked by the compiler for an undo where the plan has one, and nowhere else", () => {
    const wrong = async ({ step, closing }: Steps<(typeof PLAN)[number]>) => {
      // @ts-expect-error: it has an undo step
      await step("build", well)
      // @ts-expect-error: it has none
      await step("look", well, undoneBy("close", []))
      // @ts-expect-error: its failure is a warning
      await step("tidy", well)
      // @ts-expect-error: its failure is none
      await closing("open", well)
    }
    expect(wrong).toBeTypeOf("function")
  })
})
