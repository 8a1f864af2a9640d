import type { ProcessRecord, SuiteEvidence, TestRecord } from "../../core/qa/evidence.js"
import type { FileCoverage, QaResult, Reason, SuiteResult } from "../../core/qa/result.js"
import { countTests } from "../../core/qa/verdict.js"

/** Results as the gate hands them to the reports: one per situation a reader may be in. */

export function aTest(id: string, some: Partial<TestRecord> = {}): TestRecord {
  const [file = ""] = id.split("::")
  const seconds = some.seconds ?? 0.12
  return {
    id,
    file,
    line: 12,
    outcome: "passed",
    seconds,
    phases: { setup: { outcome: "passed", seconds: 0.01 }, call: { outcome: "passed", seconds } },
    problems: [],
    skipReason: null,
    output: "",
    reruns: 0,
    observed: { entered: true, returned: null },
    ...some,
  }
}

export function aFailedTest(id: string, message: string, some: Partial<TestRecord> = {}): TestRecord {
  const [file = ""] = id.split("::")
  return aTest(id, {
    outcome: "failed",
    problems: [
      {
        phase: "call",
        message,
        file,
        line: 41,
        traceback: `    def ${id.split("::").at(-1)}():\n>       assert paid\nE       ${message}\n\n${file}:41: AssertionError`,
      },
    ],
    ...some,
  })
}

export function aProcess(tests: TestRecord[], some: Partial<ProcessRecord> = {}): ProcessRecord {
  const files = [...new Set(tests.map((test) => test.file))]
  return {
    pid: 41,
    role: "main",
    arguments: files,
    folder: ".",
    python: "3.11.2",
    pytest: "8.4.2",
    startedAt: "2026-03-02T09:14:08.000Z",
    imported: files,
    modules: files.map((file) => ({ file, tests: tests.filter((test) => test.file === file).length })),
    collectionErrors: [],
    skippedModules: [],
    deselected: [],
    removed: [],
    narrowed: [],
    selected: tests.map((test) => test.id),
    tests,
    running: null,
    internalErrors: [],
    unhandled: [],
    assertions: { rewritten: true, optimized: 0 },
    canaries: { ran: 4, lies: [], broken: null },
    changed: [],
    exitStatus: tests.some((test) => test.outcome === "failed") ? 1 : 0,
    stoppedBecause: null,
    closed: true,
    ...some,
  }
}

interface SuiteSketch {
  tests?: TestRecord[]
  evidence?: Partial<SuiteEvidence> | null
  process?: Partial<ProcessRecord>
  reasons?: (Partial<Reason> & Pick<Reason, "code" | "message">)[]
  seconds?: number
  startedAt?: string
  disagreement?: string
  cached?: boolean
}

export function aSuite(suite: string, sketch: SuiteSketch = {}): SuiteResult {
  const { tests = [], seconds = 8, startedAt = "2026-03-02T09:14:07.400Z" } = sketch
  const [first, ...rest] = (sketch.reasons ?? []).map(
    (reason): Reason => ({ suite, file: null, line: null, test: null, ...reason }),
  )
  const evidence: SuiteEvidence | null =
    sketch.evidence === null
      ? null
      : {
          format: 1,
          suite,
          command: ["python", "tests/run_payment_qa_tests.py", "--suite", suite],
          startedAt,
          seconds,
          runner: { kind: "exited", code: 0 },
          missingFiles: [],
          failedBefore: null,
          processes: tests.length === 0 && sketch.process === undefined ? [] : [aProcess(tests, sketch.process)],
          forged: [],
          coverageFiles: [`.coverage.${suite}.41`],
          coverageErrors: [],
          outputTail: `Running ${suite} tests...\n✅ ${suite}: PASSED\n`,
          ...sketch.evidence,
        }
  return {
    suite,
    evidence,
    tests,
    seconds,
    counts: countTests(tests),
    verdict: first === undefined ? { kind: "passed" } : { kind: "failed", reasons: [first, ...rest] },
    disagreement: sketch.disagreement ?? null,
    cached: sketch.cached ?? false,
  }
}

export function aFile(file: string, statements: number, missingLines: number[] = []): FileCoverage {
  const covered = statements - missingLines.length
  return { file, statements, covered, percent: statements === 0 ? 100 : (covered / statements) * 100, missingLines }
}

export function aResult(suites: SuiteResult[], some: Partial<QaResult> = {}): QaResult {
  return {
    app: "examples/payments",
    source: "sha256:3f9a1c2b7d1088e4aa07c1d3",
    dependencies: "requirements.txt by pip",
    tollgateVersion: "0.1.0",
    suites,
    notRun: [],
    unlisted: [],
    coverage: { kind: "passed", percent: 93.416, threshold: 90, files: goodFiles },
    startedAt: "2026-03-02T09:14:07.400Z",
    seconds: 21.7,
    ...some,
  }
}

const goodFiles = [
  aFile("payments/ecpay/client.py", 120, [41, 42, 43, 77, 90, 91, 92, 93, 94, 95, 118]),
  aFile("payments/ecpay/checkmac.py", 34),
  aFile("payments/webhooks/worker.py", 96, [12, 60, 61, 62, 63, 64, 65, 66, 88, 89, 90]),
  aFile("payments/subscriptions.py", 210, [33, 99, 101, 180]),
  aFile("payments/api/admin.py", 61, [7]),
  aFile("payments/api/health.py", 18),
  aFile("payments/settings.py", 44),
]

function tests(file: string, names: string[], from = 0.05): TestRecord[] {
  return names.map((name, index) =>
    aTest(`${file}::${name}`, { line: 10 + index * 14, seconds: from * (1 + ((index * 7) % 11)) }),
  )
}

const e2e = tests(
  "tests/e2e/test_checkout.py",
  [
    "test_order_form_is_signed",
    "test_callback_activates_subscription",
    "test_amount_is_in_minor_units",
    "test_double_submit_pays_once",
  ],
  0.31,
).concat(
  tests(
    "tests/e2e/test_upgrade.py",
    ["TestProration::test_half_month", "TestProration::test_leap_february[2028-02-29]", "TestProration::test_same_day"],
    0.2,
  ),
)
const regression = tests(
  "tests/regression/test_money.py",
  ["test_rounding", "test_negative_amount_refused", "test_zero_amount_refused", "test_currency_mismatch"],
  0.02,
)
const browser = tests(
  "tests/browser/test_checkout_page.py",
  ["test_desktop", "test_phone", "test_back_button_does_not_pay_twice"],
  1.4,
)
const monitoring = tests("tests/monitoring/test_metrics.py", ["test_counts_outcomes", "test_pool_gauge"], 0.06)
const webhook = tests(
  "tests/webhook/test_delivery.py",
  ["test_concurrent_delivery_is_idempotent", "test_backoff", "test_bad_signature_refused", "test_unknown_order"],
  0.4,
)
const skippedOne = aTest("tests/monitoring/test_alerts.py::test_pager", {
  outcome: "skipped",
  seconds: 0,
  skipReason: "no pager in the sandbox",
})

export const allGreen = aResult([
  aSuite("e2e", { tests: e2e, seconds: 19.4 }),
  aSuite("regression", { tests: regression, seconds: 6.1, startedAt: "2026-03-02T09:14:07.900Z" }),
  aSuite("browser", { tests: browser, seconds: 20.8, startedAt: "2026-03-02T09:14:08.300Z" }),
  aSuite("monitoring", { tests: [...monitoring, skippedOne], seconds: 7.2, startedAt: "2026-03-02T09:14:13.900Z" }),
  aSuite("webhook", { tests: webhook, seconds: 11.3, startedAt: "2026-03-02T09:14:08.100Z" }),
])

const wrongTotal = aFailedTest(
  "tests/e2e/test_checkout.py::test_total_of_upgrade",
  "AssertionError: assert 1200 == 1250\n +  where 1200 = order.total",
  {
    seconds: 3.84,
    line: 33,
    output:
      "----- Captured log call -----\nINFO  payments.ecpay:client.py:77 POST /Cashier/AioCheckOut/V5\n\u001b[31mERROR payments.upgrade:upgrade.py:31 proration used 30 days\u001b[0m",
  },
)
const brokenTeardown = aTest("tests/e2e/test_checkout.py::test_refund", {
  line: 88,
  problems: [
    {
      phase: "teardown",
      message: "sqlalchemy.exc.InvalidRequestError: This session is in 'prepared' state",
      file: "tests/conftest.py",
      line: 52,
      traceback:
        "tests/conftest.py:52: in session\n    session.close()\nE   sqlalchemy.exc.InvalidRequestError: This session is in 'prepared' state",
    },
  ],
})

/** Nearly everything at once, as on the day a requirement was upgraded. */
export const severalReds = aResult(
  [
    aSuite("e2e", {
      tests: [...e2e, wrongTotal, brokenTeardown],
      seconds: 19.4,
      disagreement: "the runner exited 0, as if all were well; the evidence says otherwise",
      reasons: [
        {
          code: "test-failed",
          file: wrongTotal.file,
          line: 41,
          test: wrongTotal.id,
          message: "AssertionError: assert 1200 == 1250\n +  where 1200 = order.total",
        },
        {
          code: "teardown-failed",
          file: "tests/conftest.py",
          line: 52,
          test: brokenTeardown.id,
          message: "sqlalchemy.exc.InvalidRequestError: This session is in 'prepared' state",
        },
      ],
    }),
    aSuite("regression", { tests: regression, seconds: 6.1, cached: true, startedAt: "2026-03-01T17:02:44.000Z" }),
    aSuite("browser", {
      seconds: 2.1,
      process: {
        exitStatus: 2,
        collectionErrors: [
          {
            file: "tests/browser/test_checkout_page.py",
            line: 3,
            message: "ModuleNotFoundError: No module named 'playwright'",
            traceback:
              "tests/browser/test_checkout_page.py:3: in <module>\n    from playwright.sync_api import expect\nE   ModuleNotFoundError: No module named 'playwright'",
          },
        ],
      },
      disagreement: "the runner exited 0, as if all were well; the evidence says otherwise",
      reasons: [
        {
          code: "collection-error",
          file: "tests/browser/test_checkout_page.py",
          line: 3,
          message: "ModuleNotFoundError: No module named 'playwright'",
        },
        { code: "exit-status", message: "pytest ended with status 2 (interrupted: errors while collecting)" },
      ],
      evidence: {
        outputTail:
          "==================== ERRORS ====================\nE   ModuleNotFoundError: No module named 'playwright'\n=== 1 error in 0.61s ===\n✅ browser: PASSED (0 tests)\n",
      },
    }),
    aSuite("monitoring", {
      seconds: 0.4,
      evidence: {
        outputTail:
          "usage: run_payment_qa_tests.py [-h] [--suite {all,e2e,browser}]\nrun_payment_qa_tests.py: error: argument --suite: invalid choice: 'monitoring'\n",
        runner: { kind: "exited", code: 2 },
        missingFiles: ["tests/monitoring/test_metrics.py"],
        coverageFiles: [],
        coverageErrors: [],
      },
      reasons: [
        {
          code: "runner-ended-early",
          message:
            "the runner exited 2 and never started pytest: run_payment_qa_tests.py: error: argument --suite: invalid choice: 'monitoring'",
        },
        {
          code: "file-missing",
          file: "tests/monitoring/test_metrics.py",
          message: "listed in tollgate.yaml, but not in the source",
        },
      ],
    }),
    aSuite("webhook", {
      tests: webhook.slice(0, 2),
      seconds: 60,
      startedAt: "2026-03-02T09:14:08.100Z",
      process: {
        closed: false,
        exitStatus: null,
        running: "tests/webhook/test_delivery.py::test_bad_signature_refused",
      },
      evidence: { runner: { kind: "timed-out", seconds: 60 } },
      reasons: [
        { code: "timed-out", message: "the suite was still running after 60 s, the limit in qa.timeout" },
        {
          code: "not-run",
          file: "tests/webhook/test_delivery.py",
          test: "tests/webhook/test_delivery.py::test_bad_signature_refused",
          message: "it had begun and never ended",
        },
        { code: "record-not-closed", message: "process 41 ended without closing its record" },
      ],
    }),
  ],
  {
    seconds: 60.7,
    coverage: {
      kind: "below",
      percent: 87.319,
      threshold: 90,
      files: [
        ...goodFiles,
        aFile(
          "payments/refunds.py",
          80,
          [20, 21, 22, 23, 24, 25, 40, 41, 42, 60, 61, 62, 63, 64, 70, 71, 72, 73, 74, 75, 76, 77, 78, 79, 80, 81],
        ),
      ],
    },
  },
)

export const noEvidence = aResult(
  [
    aSuite("e2e", {
      evidence: null,
      seconds: 0,
      reasons: [{ code: "no-evidence", message: "the container ended with status 137 and left nothing behind" }],
    }),
  ],
  { coverage: { kind: "missing", threshold: 90, why: "no suite left a coverage data file" } },
)

export const partialRun = aResult(
  [
    aSuite("e2e", { tests: e2e }),
    aSuite("webhook", { tests: webhook, cached: true, startedAt: "2026-03-01T17:02:44.000Z" }),
  ],
  {
    notRun: ["regression", "browser", "monitoring"],
    coverage: { kind: "partial", percent: 61.2, threshold: 90, files: goodFiles },
  },
)

export const coverageBelow = aResult(allGreen.suites, {
  coverage: { kind: "below", percent: 89.999, threshold: 90, files: goodFiles },
})
export const coverageMissing = aResult(allGreen.suites, {
  coverage: { kind: "missing", threshold: 90, why: "no suite left a coverage data file" },
})
export const coverageNotAsked = aResult(allGreen.suites, { coverage: { kind: "not-asked" } })

const many = Array.from({ length: 500 }, (_, index) => {
  const id = `tests/e2e/test_matrix.py::test_plan[${index}-月費方案-monthly]`
  return index % 5 === 0
    ? aFailedTest(id, `AssertionError: plan ${index}: assert 1 == 2`)
    : aTest(id, { seconds: (index % 37) / 20 })
})

/** A hundred failures in one suite, one in another. */
export const fiveHundredTests = aResult([
  aSuite("e2e", {
    tests: many,
    seconds: 64,
    reasons: many
      .filter((test) => test.outcome === "failed")
      .map((test) => ({
        code: "test-failed",
        file: test.file,
        line: 41,
        test: test.id,
        message: test.problems[0]?.message ?? "",
      })),
  }),
  aSuite("webhook", {
    tests: webhook,
    reasons: [{ code: "file-empty", file: "tests/webhook/test_retry.py", message: "it was collected and has no test" }],
  }),
])

const long = "x".repeat(300_000)
const huge = aFailedTest("tests/e2e/test_huge.py::test_huge", `AssertionError: ${long}`, {
  output: `begin ${long} end`,
})
export const hugeMessages = aResult([
  aSuite("e2e", {
    tests: [huge],
    evidence: { outputTail: long },
    reasons: [{ code: "test-failed", file: huge.file, line: 41, test: huge.id, message: `AssertionError: ${long}` }],
  }),
])

/** Names and prints that try to be markup, cursor movements, log commands. */
export const attack = `<script>alert("1")</script>|\`x\`]]>--><!--&amp;'\u001b[2J\u001b]8;;http://x\u0007\u0000\ud800\u202eevil @someone #1 ::error::gotcha ##[error]gotcha`
const hostileTest = aFailedTest(`tests/e2e/test_x.py::test_x[${attack}]`, attack, { output: attack })
export const hostile = aResult(
  [
    aSuite(`e2e ${attack}`, {
      tests: [hostileTest, aTest(`${attack}::true`, { outcome: "skipped", skipReason: attack, file: attack })],
      process: { collectionErrors: [{ file: attack, line: 1, message: attack, traceback: attack }] },
      evidence: { outputTail: `${attack}\n::error::gotcha\n` },
      disagreement: attack,
      reasons: [
        { code: "test-failed", file: hostileTest.file, line: 41, test: hostileTest.id, message: attack },
        { code: "collection-error", file: attack, line: 1, message: attack },
        { code: "no-evidence", message: attack },
      ],
    }),
  ],
  {
    app: attack,
    source: attack,
    notRun: [attack],
    coverage: { kind: "below", percent: 1, threshold: 90, files: [aFile(attack, 10, [1, 2, 3])] },
  },
)

export const everySample: [string, QaResult][] = Object.entries({
  allGreen,
  severalReds,
  noEvidence,
  partialRun,
  coverageBelow,
  coverageMissing,
  coverageNotAsked,
  fiveHundredTests,
  hugeMessages,
  hostile,
})
