import { spawnSync } from "node:child_process"
import { describe, expect, it } from "vitest"

/** The fold of a pytest session's events, by the Python that suites run with. */

type Event = Record<string, unknown>
interface Test {
  readonly id: string
  readonly [field: string]: unknown
}
interface Session {
  readonly tests: readonly Test[]
  readonly [field: string]: unknown
}

const PROGRAM = `
import json, sys
from tollgate_fold import Fold
def folded(events):
    fold = Fold()
    for event in events:
        fold.add(event)
    return fold.record()
print(json.dumps([folded(events) for events in json.load(sys.stdin)]))
`

/** The records of sessions, from one Python; null: nothing was to run. */
function folded(...sessions: readonly Event[][]): (Session | null)[] {
  const { stdout, stderr } = spawnSync("python3", ["-c", PROGRAM], {
    cwd: "core/qa/python",
    input: JSON.stringify(sessions),
    encoding: "utf8",
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: "1" },
  })
  expect(stderr).toBe("")
  return JSON.parse(stdout)
}

const start = {
  event: "start",
  pid: 7,
  role: "main",
  arguments: ["tests"],
  folder: "/srv",
  python: "3.12.1",
  pytest: "9.0.0",
  at: "2026-11-22T10:00:00Z",
}
const ID = "tests/test_pay.py::test_refund"
const begun = (id = ID): Event => ({ event: "test-start", id, line: 12 })
const phase = (name: string, outcome: string, more: Event = {}, id = ID): Event => ({
  event: "phase",
  id,
  phase: name,
  outcome,
  seconds: 0.25,
  expected_failure: false,
  ...more,
})
const setup = phase("setup", "passed")
const teardown = phase("teardown", "passed")
const problem = { type: "AssertionError", text: "1 != 2" }
/** The only test of sessions that ran one. */
const ran = (...sessions: readonly Event[][]) =>
  folded(...sessions.map((events) => [start, begun(), ...events])).map((session) => {
    expect(session?.tests).toHaveLength(1)
    return session?.tests[0]
  })
const outcomes = (...sessions: readonly Event[][]) => ran(...sessions).map((test) => test?.["outcome"])

describe("a test in the evidence", () => {
  it("has the outcome of its call, and of its setup only where that skipped it", () => {
    const expected = { expected_failure: true }
    const skipped = phase("setup", "skipped", { reason: "no network" })
    expect(
      outcomes(
        [setup, phase("call", "passed"), teardown],
        [setup, phase("call", "failed"), teardown],
        [skipped, teardown],
        [setup, phase("call", "skipped"), teardown],
        [setup, phase("call", "skipped", expected), teardown],
        [setup, phase("call", "passed", expected), teardown],
        [setup, phase("call", "failed", expected), teardown],
        [phase("setup", "skipped", expected), teardown],
      ),
    ).toEqual(["passed", "failed", "skipped", "skipped", "xfailed", "xpassed", "failed", "xfailed"])
    expect(ran([skipped, teardown])).toMatchObject([{ skipReason: "no network" }])
  })

  it("has failed when any of its phases had a problem, whatever the others say", () => {
    expect(
      outcomes(
        [phase("setup", "failed", { problem }), teardown],
        [setup, phase("call", "failed", { problem }), teardown],
        [setup, phase("call", "passed"), phase("teardown", "failed", { problem })],
        [setup, phase("call", "passed", { problem }), teardown],
        // a problem stays, though a later phase was skipped or passed
        [phase("setup", "failed", { problem }), phase("call", "passed"), teardown],
        [setup, phase("call", "failed", { problem }), phase("teardown", "skipped")],
      ),
    ).toEqual(Array(6).fill("failed"))
    const [test] = ran([setup, phase("call", "failed", { problem }), phase("teardown", "failed", { problem })])
    expect(test?.["problems"]).toEqual([
      { ...problem, phase: "call" },
      { ...problem, phase: "teardown" },
    ])
  })

  it("has its file, its line, each phase with its time, and all of them together", () => {
    const observed = { event: "observed", id: ID, entered: 1, returned: false }
    expect(ran([setup, phase("call", "passed"), observed, teardown])).toEqual([
      {
        id: ID,
        file: "tests/test_pay.py",
        line: 12,
        outcome: "passed",
        seconds: 0.75,
        phases: {
          setup: { outcome: "passed", seconds: 0.25 },
          call: { outcome: "passed", seconds: 0.25 },
          teardown: { outcome: "passed", seconds: 0.25 },
        },
        problems: [],
        skipReason: null,
        output: "",
        reruns: 0,
        observed: { entered: 1, returned: false },
      },
    ])
  })

  it("keeps what it printed unless it passed", () => {
    const printed = { output: "charged twice" }
    const kept = ran(
      [setup, phase("call", "failed", { problem, ...printed }), teardown],
      [setup, phase("call", "passed", printed), teardown],
      [setup, phase("call", "passed", { ...printed, expected_failure: true }), teardown],
    )
    expect(kept.map((test) => test?.["output"])).toEqual(["charged twice", "", "charged twice"])
  })

  it("that is run again counts by its last run, with its line and the number of runs before", () => {
    const failed = [setup, phase("call", "failed", { problem, output: "first" }), teardown]
    const rerun = { event: "rerun", id: ID }
    expect(ran([...failed, rerun, ...failed, rerun, setup, phase("call", "passed"), teardown])).toMatchObject([
      { outcome: "passed", problems: [], output: "", reruns: 2, line: 12, seconds: 0.75 },
    ])
  })

  it("is not there when it only began, and is there when it ended or had a problem", () => {
    const sessions = folded(
      [start, begun()],
      [start, begun(), setup, phase("call", "passed")],
      [start, begun(), phase("setup", "failed", { problem })],
      [start, begun(), begun("b.py::b"), phase("teardown", "passed", {}, "b.py::b"), teardown],
    )
    expect(sessions.map((session) => session?.tests.map(({ id }) => id))).toEqual([[], [], [ID], [ID, "b.py::b"]])
  })
})

describe("a session in the evidence", () => {
  it("is none before its beginning, and none where pytest was only asked for something", () => {
    expect(folded([], [begun(), teardown], [start, { event: "asked" }])).toEqual([null, null, null])
    expect(folded([begun(), teardown, start])[0]?.tests).toEqual([])
    expect(folded([start, begun(), teardown, { ...start, pid: 8 }])).toMatchObject([{ pid: 7, tests: [{ id: ID }] }])
  })

  it("begins as it was started, with nothing known", () => {
    expect(folded([start])).toEqual([
      {
        pid: 7,
        role: "main",
        arguments: ["tests"],
        folder: "/srv",
        python: "3.12.1",
        pytest: "9.0.0",
        startedAt: "2026-11-22T10:00:00Z",
        imported: [],
        modules: [],
        collectionErrors: [],
        skippedModules: [],
        deselected: [],
        removed: [],
        narrowed: [],
        selected: [],
        tests: [],
        running: null,
        internalErrors: [],
        unhandled: [],
        assertions: null,
        canaries: null,
        changed: [],
        exitStatus: null,
        stoppedBecause: null,
        closed: false,
      },
    ])
  })

  it("has each file once, with as many tests as were found in it, also where only tests named it", () => {
    const [session] = folded([
      start,
      { event: "importing", file: "a.py" },
      { event: "importing", file: "a.py" },
      { event: "importing", file: "b.py" },
      { event: "module", file: "a.py" },
      { event: "module", file: "a.py" },
      { event: "module", file: "empty.py" },
      { event: "item", file: "c.py" },
      { event: "item", file: "a.py" },
      { event: "item", file: "a.py" },
    ])
    expect(session).toMatchObject({
      imported: ["a.py", "b.py"],
      modules: [
        { file: "a.py", tests: 2 },
        { file: "empty.py", tests: 0 },
        { file: "c.py", tests: 1 },
      ],
    })
  })

  it("has all that was left out, broken or unhandled, of each of several events", () => {
    const [session] = folded([
      start,
      { event: "collection-error", file: "a.py", problem },
      { event: "skipped-module", file: "b.py", reason: "no network" },
      { event: "deselected", ids: ["a"] },
      { event: "deselected", ids: ["b", "c"] },
      { event: "collected", removed: ["d"], narrowed: ["e"], selected: ["f"] },
      { event: "collected", removed: ["g"], narrowed: ["h"], selected: ["i"] },
      { event: "internal-error", problem },
      { event: "unhandled", problem, kind: "thread", who: "worker", test: ID },
      { event: "changed", names: ["tollgate_record.Record.write"] },
      { event: "assertions", rewritten: true, optimized: 1 },
      { event: "stopped", reason: "--maxfail" },
      { event: "finished", status: 2 },
      { event: "closed" },
    ])
    expect(session).toMatchObject({
      collectionErrors: [{ ...problem, file: "a.py" }],
      skippedModules: [{ file: "b.py", reason: "no network" }],
      deselected: ["a", "b", "c"],
      removed: ["d", "g"],
      narrowed: ["e", "h"],
      selected: ["i"],
      internalErrors: [problem],
      unhandled: [{ ...problem, kind: "thread", who: "worker", test: ID }],
      changed: ["tollgate_record.Record.write"],
      assertions: { rewritten: true, optimized: 1 },
      stoppedBecause: "--maxfail",
      exitStatus: 2,
      closed: true,
    })
  })

  it("has the canaries of every report together: one lie stays, and so does the first reason for none", () => {
    const canaries = (ran: number, lies: string[], broken: string | null) => ({ event: "canaries", ran, lies, broken })
    expect(
      folded(
        [start, canaries(2, ["a"], null), canaries(3, ["b"], null)],
        [start, canaries(0, [], "first"), canaries(1, [], "second")],
        [start, canaries(0, [], null), canaries(1, [], "second")],
      ).map((session) => session?.["canaries"]),
    ).toEqual([
      { ran: 5, lies: ["a", "b"], broken: null },
      { ran: 1, lies: [], broken: "first" },
      { ran: 1, lies: [], broken: "second" },
    ])
  })

  it("names the test that was running when it ended, and none after that test has ended", () => {
    const end = { event: "test-end", id: ID }
    expect(folded([start, begun()], [start, begun(), end]).map((session) => session?.["running"])).toEqual([ID, null])
  })
})
