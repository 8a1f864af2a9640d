import { describe, expect, test } from "vitest"
import type { ProcessRecord, SuiteEvidence, TestRecord } from "../../core/qa/evidence.js"
import type { ReasonCode } from "../../core/qa/result.js"
import { countTests, disagreementOf, judgeSuite } from "../../core/qa/verdict.js"
import { complaint } from "../../core/shared/complaint.js"

const expected = {
  suite: "e2e",
  files: ["tests/test_a.py"],
  unmatched: [] as string[],
  mayDeselect: [] as string[],
  mayLeaveUnhandled: [] as string[],
  mayReturn: [] as string[],
  mayFail: null as string[] | null,
  maxSkipped: null as number | null,
}

function passed(id: string, changes: Partial<TestRecord> = {}): TestRecord {
  return {
    id,
    file: id.split("::", 1)[0] ?? id,
    line: 1,
    outcome: "passed",
    seconds: 0.1,
    phases: {
      setup: { outcome: "passed", seconds: 0 },
      call: { outcome: "passed", seconds: 0.1 },
      teardown: { outcome: "passed", seconds: 0 },
    },
    problems: [],
    skipReason: null,
    output: "",
    reruns: 0,
    observed: { entered: true, returned: null },
    ...changes,
  }
}

function process(changes: Partial<ProcessRecord> = {}): ProcessRecord {
  const tests = changes.tests ?? [passed("tests/test_a.py::test_one")]
  return {
    pid: 7,
    role: "main",
    arguments: [],
    folder: ".",
    python: "3.11.2",
    pytest: "8.4.2",
    startedAt: "2026-01-01T00:00:00Z",
    imported: ["tests/test_a.py"],
    modules: [{ file: "tests/test_a.py", tests: 1 }],
    collectionErrors: [],
    skippedModules: [],
    deselected: [],
    removed: [],
    narrowed: [],
    selected: tests.map(({ id }) => id),
    tests,
    running: null,
    internalErrors: [],
    unhandled: [],
    assertions: { rewritten: true, optimized: 0 },
    canaries: { ran: 4, lies: [], broken: null },
    changed: [],
    exitStatus: 0,
    stoppedBecause: null,
    closed: true,
    ...changes,
  }
}

function evidence(changes: Partial<SuiteEvidence> = {}): SuiteEvidence {
  return {
    format: 1,
    suite: "e2e",
    command: ["python", "run.py"],
    startedAt: "2026-01-01T00:00:00Z",
    seconds: 1,
    runner: { kind: "exited", code: 0 },
    missingFiles: [],
    failedBefore: null,
    processes: [process()],
    forged: [],
    coverageFiles: [],
    coverageErrors: [],
    outputTail: "",
    ...changes,
  }
}

function codes(changes: Partial<SuiteEvidence>, expectation = expected): ReasonCode[] {
  const verdict = judgeSuite(expectation, evidence(changes))
  return verdict.kind === "failed" ? verdict.reasons.map(({ code }) => code) : []
}

describe("a suite is proven only when", () => {
  test("every listed file was collected, a test of it ran, and nothing went wrong", () => {
    expect(judgeSuite(expected, evidence())).toEqual({ kind: "passed" })
  })

  test("it left evidence", () => {
    expect(judgeSuite(expected, null)).toMatchObject({ kind: "failed", reasons: [{ code: "no-evidence" }] })
  })

  test("each listed file ran, also when another process ran the others", () => {
    const two = { ...expected, files: ["tests/test_a.py", "tests/test_b.py"] }
    expect(codes({}, two)).toEqual(["file-not-collected"])
    const second = process({
      imported: ["tests/test_b.py"],
      modules: [{ file: "tests/test_b.py", tests: 1 }],
      tests: [passed("tests/test_b.py::test_two")],
    })
    expect(codes({ processes: [process(), second] }, two)).toEqual([])
  })

  test("asserts are in force in each of its processes", () => {
    const codesWith = (assertions: ProcessRecord["assertions"]) => codes({ processes: [process({ assertions })] })
    expect(codesWith({ rewritten: true, optimized: 1 })).toEqual(["assertions-off"])
    expect(codesWith({ rewritten: true, optimized: 2 })).toEqual(["assertions-off"])
    expect(codesWith({ rewritten: false, optimized: 0 })).toEqual(["assertions-off"])
    expect(codesWith({ rewritten: false, optimized: 1 })).toEqual(["assertions-off", "assertions-off"])
    expect(codesWith(null)).toEqual([])
  })

  test("Tollgate's own tests ran in each process that ran tests, and were reported as they are", () => {
    const what = "test that fails was reported as passed"
    const hooks = [
      { name: "pytest_runtest_call", file: "tests/conftest.py", line: 4 },
      { name: "pytest_pyfunc_call", file: "conftest.py", line: 9 },
    ]
    const reasonsWith = (canaries: ProcessRecord["canaries"], tests?: TestRecord[]) => {
      const verdict = judgeSuite(
        expected,
        evidence({ processes: [process({ canaries, ...(tests ? { tests } : {}) })] }),
      )
      return verdict.kind === "failed" ? verdict.reasons : []
    }
    const by = (...from: typeof hooks) => reasonsWith({ ran: 4, lies: [{ what, hooks: from }], broken: null })
    expect(by(...hooks)).toMatchObject([{ code: "canary-failed", file: "tests/conftest.py", line: 4 }])
    expect(by(...hooks)[0]?.message).toContain("pytest_runtest_call (tests/conftest.py:4), pytest_pyfunc_call")
    expect(by()[0]?.message).toContain("pytest itself was changed")
    expect(reasonsWith({ ran: 0, lies: [], broken: "AttributeError: no" })[0]?.message).toContain("AttributeError: no")
    expect(reasonsWith(null)).toMatchObject([{ code: "canary-failed" }])
    // a controller of pytest-xdist runs no test itself
    const worker = process({ role: "worker" })
    const controller = process({ canaries: null, tests: [passed("tests/test_a.py::test_one", { observed: null })] })
    expect(codes({ processes: [controller, worker] })).toEqual([])
  })

  test("no record was forged, be there a true one or none", () => {
    const forged = ["the file 1-a.jsonl", "process 7: line 2 of the record is not the recorder's"]
    expect(codes({ forged })).toEqual(["forged-record", "forged-record"])
    expect(codes({ forged: forged.slice(1), processes: [] })).toContain("forged-record")
  })

  test("each of its processes ended, but a worker may be ended by its controller when its session has finished", () => {
    const worker = { role: "worker", closed: false } as const
    expect(codes({ processes: [process(), process(worker)] })).toEqual([])
    expect(codes({ processes: [process(), process({ ...worker, exitStatus: null })] })).toEqual(["record-not-closed"])
    expect(codes({ processes: [process({ closed: false })] })).toEqual(["record-not-closed"])
  })

  test("the app left the recorder as it is", () => {
    expect(codes({ processes: [process({ changed: ["tollgate_record.Record.write"] })] })).toEqual(["recorder-changed"])
  })

  test("some process saw each test that was reported as passed", () => {
    const unseen = (outcome: TestRecord["outcome"]) =>
      process({
        tests: [passed("tests/test_a.py::test_two", { observed: null, outcome }), passed("tests/test_a.py::test_one")],
      })
    expect(codes({ processes: [unseen("passed")] })).toEqual(["not-run"])
    expect(codes({ processes: [unseen("xpassed")] })).toEqual(["not-run"])
    expect(codes({ processes: [unseen("skipped")] })).toEqual([])
    const worker = process({ role: "worker", tests: [passed("tests/test_a.py::test_two")] })
    expect(codes({ processes: [unseen("passed"), worker] })).toEqual([])
  })

  test("no test returned a value, but one that may", () => {
    const observed = { entered: true, returned: "False" }
    const processes = [process({ tests: [passed("tests/test_a.py::test_one", { observed })] })]
    const verdict = judgeSuite(expected, evidence({ processes }))
    expect(verdict).toMatchObject({
      kind: "failed",
      reasons: [{ code: "returned-value", test: "tests/test_a.py::test_one", line: 1 }],
    })
    expect(verdict.kind === "failed" && verdict.reasons[0].message).toContain(
      'returned False instead of asserting: no returned value fails a test. If this is intended, allow it: qa.suites.e2e.mayReturn: ["tests/test_a.py::test_one"]',
    )
    expect(codes({ processes }, { ...expected, mayReturn: ["tests/test_b.py::*", "*::test_one"] })).toEqual([])
  })

  test("each expected failure is one that may fail, when tollgate.yaml lists them", () => {
    const tests = [
      passed("tests/test_a.py::test_one"),
      passed("tests/test_a.py::test_two", { outcome: "xfailed", skipReason: "rounding" }),
      passed("tests/test_a.py::test_three", { outcome: "xpassed" }),
    ]
    const processes = [process({ tests })]
    expect(codes({ processes })).toEqual([])
    expect(codes({ processes }, { ...expected, mayFail: ["*"] })).toEqual([])
    expect(codes({ processes }, { ...expected, mayFail: ["*::test_two"] })).toEqual(["expected-failure"])
    const verdict = judgeSuite({ ...expected, mayFail: [] }, evidence({ processes }))
    expect(verdict.kind === "failed" && verdict.reasons.map(({ message }) => message)).toEqual([
      'marked as expected to fail (rounding), and it failed. If this is intended, allow it: qa.suites.e2e.mayFail: ["tests/test_a.py::test_two"]',
      'marked as expected to fail, and it passed. If this is intended, allow it: qa.suites.e2e.mayFail: ["tests/test_a.py::test_three"]',
    ])
  })

  test("a test of the file ran that could have failed: an unexpected pass could not", () => {
    const tests = [passed("tests/test_a.py::test_one", { outcome: "xpassed", skipReason: "one day" })]
    expect(codes({ processes: [process({ tests })] })).toEqual(["all-skipped"])
  })

  test("no more tests were skipped than tollgate.yaml allows", () => {
    const tests = [
      passed("tests/test_a.py::test_one"),
      passed("tests/test_a.py::test_two", { outcome: "skipped", skipReason: "Skipped: no sandbox" }),
      passed("tests/test_a.py::test_three", { outcome: "xfailed" }),
    ]
    const skippedModules = [{ file: "tests/test_b.py", reason: "no browser" }]
    const processes = [process({ tests, skippedModules }), process({ role: "worker", tests, skippedModules })]
    expect(codes({ processes })).toEqual([])
    expect(codes({ processes }, { ...expected, maxSkipped: 2 })).toEqual([])
    const verdict = judgeSuite({ ...expected, maxSkipped: 1 }, evidence({ processes }))
    expect(verdict.kind === "failed" && verdict.reasons.map(({ code, message }) => [code, message])).toEqual([
      [
        "too-many-skipped",
        "2 tests skipped, where qa.suites.e2e.maxSkipped allows 1: tests/test_a.py::test_two (no sandbox), tests/test_b.py (no browser)",
      ],
    ])
  })

  test("every folder and pattern that it lists stands for a file", () => {
    const verdict = judgeSuite({ ...expected, unmatched: ["tests/api"] }, evidence())
    expect(verdict).toMatchObject({
      kind: "failed",
      reasons: [{ code: "file-missing", message: expect.stringContaining("tests/api") }],
    })
  })

  test("no thread, task or coroutine was left unhandled, but by a test that may, in any of its processes", () => {
    const left = {
      kind: "thread" as const,
      who: "worker",
      test: "tests/test_a.py::test_one",
      message: "ValueError: no\nmore",
      file: "app/queue.py",
      line: 7,
      traceback: "",
    }
    const controller = process()
    const worker = process({ role: "worker", unhandled: [left] })
    const verdict = judgeSuite(expected, evidence({ processes: [controller, worker] }))
    expect(verdict).toMatchObject({
      kind: "failed",
      reasons: [{ code: "unhandled-exception", file: "app/queue.py", line: 7, test: left.test }],
    })
    expect(verdict.kind === "failed" && verdict.reasons[0].message).toMatch(
      /^ValueError: no in the thread worker\. .*mayLeaveUnhandled: \["tests\/test_a\.py::test_one"\]$/,
    )
    expect(
      codes({ processes: [controller, worker] }, { ...expected, mayLeaveUnhandled: ["tests/test_a.py::*"] }),
    ).toEqual([])
    const ofNoTest = process({ unhandled: [{ ...left, test: null }] })
    expect(codes({ processes: [ofNoTest] }, { ...expected, mayLeaveUnhandled: ["*"] })).toEqual(["unhandled-exception"])
  })

  test("its sessions are the app's: one on files outside of it may fail, and is no collection of a listed file", () => {
    const failing = passed("/tmp/x/test_inner.py::test_no", { outcome: "failed" })
    const inner = process({
      folder: "/tmp/x",
      imported: ["/tmp/x/test_inner.py"],
      modules: [{ file: "/tmp/x/test_inner.py", tests: 1 }],
      tests: [failing],
      exitStatus: 1,
    })
    expect(codes({ processes: [process(), inner] })).toEqual([])
    expect(codes({ processes: [process(), { ...inner, imported: [...inner.imported, "tests/test_a.py"] }] })).toEqual([
      "test-failed",
    ])
    expect(codes({ processes: [inner] })).toContain("runner-ended-early")
    const empty = process({ imported: [], modules: [], tests: [], selected: [], exitStatus: 4, closed: true })
    expect(codes({ processes: [process(), { ...empty, folder: "/tmp/x" }] })).toEqual([])
    expect(codes({ processes: [process(), { ...empty, folder: "tests" }] })).toEqual(["exit-status"])
  })

  test("no test failed, even one whose failure carries no message", () => {
    const tests = [passed("tests/test_a.py::test_one", { outcome: "failed" })]
    expect(codes({ processes: [process({ tests })] })).toEqual(["test-failed"])
  })

  test("a failing test was not run again until it passed by the runner", () => {
    const problem = { phase: "call" as const, message: "no", file: null, line: null, traceback: "" }
    const first = process({
      tests: [passed("tests/test_a.py::test_one", { outcome: "failed", problems: [problem] })],
      exitStatus: 1,
    })
    expect(codes({ processes: [first, process()] })).toEqual(["test-failed"])
  })

  test("pytest itself ended with 0, unless a reason already says why not", () => {
    expect(codes({ processes: [process({ exitStatus: 1 })] })).toEqual(["exit-status"])
    expect(
      codes({ processes: [process({ exitStatus: 5, modules: [{ file: "tests/test_a.py", tests: 0 }], tests: [] })] }),
    ).toEqual(["file-empty"])
  })

  test("no process of several vanished", () => {
    expect(
      codes({
        processes: [process(), process({ closed: false, exitStatus: null, running: "tests/test_a.py::test_one" })],
      }),
    ).toEqual(["record-not-closed"])
  })

  test("the runner was not killed, though all its processes had closed their records", () => {
    expect(codes({ runner: { kind: "signalled", signal: "SIGKILL" } })).toEqual(["runner-ended-early"])
  })

  test("deselected tests are all allowed by name", () => {
    const processes = [process({ deselected: ["tests/test_a.py::test_slow[1]", "tests/test_a.py::test_other"] })]
    expect(codes({ processes })).toEqual(["deselected"])
    expect(codes({ processes }, { ...expected, mayDeselect: ["tests/test_a.py::test_slow[*]"] })).toEqual([
      "deselected",
    ])
    expect(codes({ processes }, { ...expected, mayDeselect: ["tests/test_a.py::*"] })).toEqual([])
  })

  test("no argument of the runner left tests of a listed file out, over all its processes together", () => {
    const one = process({ narrowed: ["tests/test_a.py::test_two"] })
    expect(codes({ processes: [one] })).toEqual(["deselected"])
    const two = process({ narrowed: ["tests/test_a.py::test_one"], tests: [passed("tests/test_a.py::test_two")] })
    expect(codes({ processes: [one, two] })).toEqual([])
  })

  test("an async test that nothing awaits was not skipped by an old pytest", () => {
    const reason = "async def function and no async plugin installed (see warnings)"
    const tests = [
      passed("tests/test_a.py::test_one"),
      passed("tests/test_a.py::test_two", { outcome: "skipped", skipReason: reason }),
    ]
    expect(codes({ processes: [process({ tests })] })).toEqual(["test-failed"])
  })

  test("what an xdist worker saw fail did not get lost on the way", () => {
    const problem = { phase: "call" as const, message: "no", file: null, line: null, traceback: "" }
    const worker = process({
      role: "worker",
      tests: [passed("tests/test_a.py::test_one", { outcome: "failed", problems: [problem] })],
    })
    expect(codes({ processes: [process(), worker] })).toEqual(["test-failed"])
  })
})

test("one cause is told once: a file that broke at import is not also reported as not collected", () => {
  const broken = process({
    imported: ["tests/test_a.py"],
    modules: [],
    tests: [],
    selected: [],
    exitStatus: 2,
    collectionErrors: [{ message: "ModuleNotFoundError", file: "tests/test_a.py", line: 3, traceback: "" }],
  })
  expect(codes({ processes: [broken] })).toEqual(["collection-error"])
})

test("tests are counted by what they came to, and an expected failure is no pass", () => {
  const tests = [
    passed("a::1"),
    passed("a::2", { outcome: "xfailed" }),
    passed("a::3", { outcome: "failed" }),
    passed("a::4", { outcome: "xpassed" }),
  ]
  expect(countTests(tests)).toEqual({ tests: 4, passed: 2, failed: 1, skipped: 1 })
})

describe("a runner that disagrees with the evidence is named:", () => {
  test("green where the evidence is red", () => {
    const found = evidence({ processes: [] })
    expect(disagreementOf(judgeSuite(expected, found), found)).toContain("the runner exited 0")
  })
  test("red where the evidence is green", () => {
    const found = evidence({ runner: { kind: "exited", code: 1 } })
    expect(disagreementOf(judgeSuite(expected, found), found)).toContain("the runner exited 1")
  })
  test("but not one that agrees", () => {
    expect(disagreementOf(judgeSuite(expected, evidence()), evidence())).toBeNull()
  })
})

test.each([
  [
    "usage: run.py [-h]\nrun.py: error: argument --suite: invalid choice: 'x'\n",
    "run.py: error: argument --suite: invalid choice: 'x'",
  ],
  ["/usr/bin/python: No module named pytest\n✅ all green\n", "/usr/bin/python: No module named pytest"],
  ["python: can't open file '/app/tests/run.py'\n", "python: can't open file '/app/tests/run.py'"],
  ["collected 0 items\n\nall fine\n", "all fine"],
])("of what a runner printed, the line that tells is found", (output, line) => {
  expect(complaint(output)).toBe(line)
})

test("pytest's own mark before an error is not part of what it says", () => {
  expect(complaint("E   ModuleNotFoundError: No module named 'x'\n")).toBe("ModuleNotFoundError: No module named 'x'")
})

test("a runner that printed nothing has no line that tells", () => {
  expect(complaint("\n \n")).toBeNull()
})
