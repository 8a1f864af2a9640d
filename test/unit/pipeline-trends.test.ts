import { describe, expect, it } from "vitest"
import { readStatus } from "../../core/ci/status.js"
import type { CiRun } from "../../core/dashboard/model/ci-run.js"
import { branchesOf, branchUntil } from "../../core/dashboard/model/pipeline.js"
import type { CiSuite } from "../../core/dashboard/model/suites.js"
import { ciRunView } from "../../core/dashboard/view/ci-run.js"
import { pipelineView } from "../../core/dashboard/view/pipeline.js"
import { type CiRan, ciRanOf } from "../../core/ledger/ci-ran.js"
import { testOutcome } from "../../core/report/outcome.js"
import { aStatus, ended } from "./ci-samples.js"
import { aFailedTest, aResult, aSuite, aTest } from "./qa-result-samples.js"
import { event } from "./request-samples.js"

const clock = { zone: "UTC" }

const suite = (name: string, more: Partial<CiSuite> = {}): CiSuite => ({
  name,
  verdict: "passed",
  tests: 10,
  failed: 0,
  failedTests: [],
  seconds: 40,
  cached: false,
  ...more,
})

const failing = (name: string, test: string, more: Partial<CiSuite> = {}) =>
  suite(name, { verdict: "failed", failed: 1, failedTests: [test], ...more })

interface Given extends Partial<CiRan> {
  suites?: readonly CiSuite[]
  coverage?: number
}

function run(number: number, { suites = [], coverage, ...more }: Given = {}) {
  const figures = coverage === undefined ? [] : [{ name: "coverage" as const, value: coverage }]
  const what = ciRanOf(aStatus({ test: ended({ suites, figures }) }), { branch: "main", change: null, base: null })
  return event(number, { ...what, ...more })
}

/** The newest run comes first, as the ledger is read. */
const suitesOf = (...runs: Parameters<typeof branchesOf>[0]) => branchesOf([...runs].reverse())[0]?.suites

describe("a suite of the latest run", () => {
  it("is flaky when it passed and failed on one source, and says in how many of how many runs", () => {
    const [e2e] =
      suitesOf(
        run(1, { source: "a", suites: [failing("e2e", "t::pay")] }),
        run(2, { source: "a", suites: [suite("e2e")] }),
        run(3, { source: "b", suites: [failing("e2e", "t::other")] }),
        run(4, { source: "a", suites: [failing("e2e", "t::pay")] }),
        run(5, { source: "c", suites: [suite("e2e")] }),
        run(6, { source: "c", suites: [suite("e2e")] }),
      ) ?? []
    expect(e2e?.flakiness).toEqual({
      kind: "flaky",
      sources: 2,
      both: 1,
      runs: 5,
      failed: 2,
      tests: [{ id: "t::pay", failed: 2, runs: 3 }],
    })
  })

  it("is not flaky because it failed on another source, and not known to be steady when no source was tested twice", () => {
    const [one] =
      suitesOf(
        run(1, { source: "a", suites: [failing("e2e", "t")] }),
        run(2, { source: "b", suites: [suite("e2e")] }),
      ) ?? []
    expect(one?.flakiness).toEqual({ kind: "unknown" })
    const [other] =
      suitesOf(
        run(1, { source: "a", suites: [failing("e2e", "t")] }),
        run(2, { source: "a", suites: [failing("e2e", "t")] }),
      ) ?? []
    expect(other?.flakiness).toMatchObject({ kind: "steady", sources: 1, both: 0, failed: 2, tests: [] })
  })

  it("does not count a run that only used the evidence of an earlier one", () => {
    const [e2e] =
      suitesOf(
        run(1, { source: "a", suites: [failing("e2e", "t")] }),
        run(2, { source: "a", suites: [suite("e2e", { cached: true })] }),
      ) ?? []
    expect(e2e?.flakiness).toEqual({ kind: "unknown" })
    expect(e2e?.ran.map(({ run: { number } }) => number)).toEqual([1])
  })

  it("is compared with runs of its own branch and app, and with none that came later", () => {
    const events = [
      run(5, { suites: [suite("e2e", { seconds: 70 })] }),
      run(4, { branch: "fix", suites: [suite("e2e", { seconds: 1 })] }),
      run(3, { app: "other", suites: [suite("e2e", { seconds: 2 })] }),
      run(2, { suites: [suite("e2e", { seconds: 40 })] }),
      run(1, { suites: [] }),
    ]
    const all = events.flatMap(({ what, number }): CiRun[] =>
      what.kind === "ci-ran" ? [{ ...what, number, who: "Bo" }] : [],
    )
    const [latest, , , second] = all
    if (latest === undefined || second === undefined) throw new Error("five runs")
    const page = ciRunView(branchUntil(latest, all), [], clock).main.source
    expect(page).toContain("1 min 10 s, median of 1 run before 40.0 s")
    expect(page).toContain('aria-label="Duration of e2e in its last 2 runs, 0 failed"')
    expect(ciRunView(branchUntil(second, all), [], clock).main.source).not.toContain("1 min 10 s")
  })
})

describe("a figure of a gate", () => {
  const figuresOf = (...runs: Parameters<typeof branchesOf>[0]) =>
    branchesOf([...runs].reverse())[0]?.figures.filter(({ name }) => name === "coverage")

  it("is compared with the latest earlier run of the branch that the change goes into", () => {
    const [coverage] =
      figuresOf(
        run(1, { coverage: 97 }),
        run(2, { coverage: 98.5 }),
        run(3, { branch: "fix", base: "main", coverage: 90 }),
        run(4, { branch: "fix", base: "main", coverage: 99 }),
      ) ?? []
    expect(coverage?.base).toMatchObject({ value: 98.5, run: { number: 2 } })
    expect(coverage?.trend.map(({ value }) => value)).toEqual([90, 99])
  })

  it("of the base branch itself is compared with the run before, and with none of another app", () => {
    const [coverage] =
      figuresOf(run(1, { coverage: 97 }), run(2, { app: "other", coverage: 50 }), run(3, { coverage: 98 })) ?? []
    expect(coverage?.base).toMatchObject({ value: 97, run: { number: 1 } })
  })

  it("says on the page what changed since which run, and when there is nothing to compare with", () => {
    const events = [run(3, { branch: "fix", base: "main", coverage: 97.25 }), run(1, { coverage: 98.5 })]
    const { source } = pipelineView(branchesOf(events), () => null, [], clock).main
    expect(source).toContain(
      'coverage 97.25 % <small>−1.25 points since <a href="/pipeline/1">run 1</a> of main (98.50 %)',
    )
    expect(source).toContain("coverage 98.50 % <small>no earlier run of main has it")
  })
})

it("the gate `test` names each suite with its time, its counts and its failed tests", () => {
  const [pay, refund] = [aFailedTest("tests/test_pay.py::test_card", "1 == 2"), aTest("tests/test_pay.py::test_refund")]
  const reasons = [{ code: "test-failed", test: pay.id, message: "1 == 2" }] as const
  const { suites } = testOutcome(
    aResult([
      aSuite("e2e", { tests: [pay, refund], seconds: 19.4, reasons: [...reasons] }),
      aSuite("webhook", { tests: [refund], cached: true }),
      aSuite("browser", { evidence: null, reasons: [{ code: "no-evidence", message: "it left nothing" }] }),
    ]),
  )
  const failed = { verdict: "failed", cached: false }
  expect(suites).toEqual([
    { name: "e2e", ...failed, tests: 2, failed: 1, failedTests: ["tests/test_pay.py::test_card"], seconds: 19.4 },
    { name: "webhook", verdict: "passed", tests: 1, failed: 0, failedTests: [], seconds: 8, cached: true },
    { name: "browser", ...failed, tests: 0, failed: 0, failedTests: [], seconds: null },
  ])
})

it("a status.json of before suites were in it is read, without any", () => {
  const { gates, ...rest } = aStatus({ test: ended({ suites: [suite("e2e")] }) })
  const older = { ...rest, gates: gates.map(({ suites: _, ...gate }) => gate) }
  expect(readStatus(JSON.stringify(older), "--baseline").gates.map(({ suites }) => suites)).toEqual(gates.map(() => []))
})
