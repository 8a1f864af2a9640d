import { type CTRFReport, validate, validateStrict } from "ctrf"
import { describe, expect, test } from "vitest"
import type { QaResult } from "../../core/qa/result.js"
import { isProven } from "../../core/qa/result.js"
import { ctrf } from "../../core/report/ctrf.js"
import * as samples from "./qa-result-samples.js"

function read(result: QaResult): CTRFReport {
  const report: unknown = JSON.parse(ctrf(result))
  validateStrict(report)
  return report
}

describe("CTRF", () => {
  test.each(samples.everySample)("of %s is valid by the format's own validator", (_, result) => {
    expect(validate(JSON.parse(ctrf(result)))).toEqual({ valid: true, errors: [] })
  })

  test.each(samples.everySample)(
    "of %s counts what it holds and has a failed test exactly when the run is red",
    (_, result) => {
      const { summary, tests } = read(result).results
      expect(summary.tests).toBe(tests.length)
      expect(summary.passed + summary.failed + summary.skipped).toBe(tests.length)
      expect(summary.failed > 0).toBe(!isProven(result))
    },
  )

  test("says what ran, where and when", () => {
    const { results, generatedBy } = read(samples.allGreen)
    expect(generatedBy).toBe("tollgate 0.1.0")
    expect(results.tool).toEqual({ name: "pytest", version: "8.4.2" })
    expect(results.summary).toMatchObject({
      suites: 5,
      start: Date.parse("2026-03-02T09:14:07.400Z"),
      duration: 21_700,
    })
    expect(results.environment?.appName).toBe("examples/payments")
  })

  test("tells a failure with message, trace, output and place", () => {
    const failed = read(samples.severalReds).results.tests.find((one) => one.name === "test_total_of_upgrade")
    expect(failed).toMatchObject({
      status: "failed",
      duration: 3840,
      suite: ["e2e", "tests.e2e.test_checkout"],
      filePath: "tests/e2e/test_checkout.py",
      line: 33,
      rawStatus: "failed",
      message: expect.stringContaining("assert 1200 == 1250"),
      trace: expect.stringContaining("assert paid"),
      stdout: expect.arrayContaining(["ERROR payments.upgrade:upgrade.py:31 proration used 30 days"]),
    })
  })

  test("has a failed test for each reason that belongs to none, and for coverage that is too low", () => {
    const names = read(samples.severalReds)
      .results.tests.filter((one) => one.status === "failed")
      .map((one) => one.name)
    expect(names).toEqual(
      expect.arrayContaining(["coverage-below", "timed-out", "file-missing: tests/monitoring/test_metrics.py"]),
    )
  })

  test("calls a test flaky that passed after a rerun", () => {
    const { tests, summary } = read(
      samples.aResult([samples.aSuite("e2e", { tests: [samples.aTest("a.py::b", { reruns: 2 })] })]),
    ).results
    expect(tests[0]).toMatchObject({ retries: 2, flaky: true })
    expect(summary.flaky).toBe(1)
  })
})
