import { describe, expect, test } from "vitest"
import { displayWidth } from "../../core/presentation/columns.js"
import { summary } from "../../core/report/summary.js"
import * as samples from "./qa-result-samples.js"

const where = { report: "dagger call test-report export --path=report" }
const lines = (result: Parameters<typeof summary>[0]) => summary(result, where).trimEnd().split("\n")

describe("the summary", () => {
  test.each(samples.everySample)("of %s fits one screen of 100 columns without control characters", (_, result) => {
    const shown = lines(result)
    expect(shown.length).toBeLessThanOrEqual(40)
    for (const line of shown.filter((line) => !/^(Not run|FAILED|PASSED|Full report)/.test(line)))
      expect(displayWidth(line)).toBeLessThanOrEqual(100)
    expect(shown.join("\n")).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/)
  })

  test("of a green run ends with what is proven", () => {
    expect(lines(samples.allGreen).at(-1)).toBe("PASSED: 5 suites, 21 tests, coverage 93.41 %")
    expect(lines(samples.allGreen)[2]).toBe("dependencies: requirements.txt by pip")
    expect(lines(samples.allGreen).slice(4, 7)).toEqual([
      "suite       tests  passed  failed  skipped    time  verdict",
      "e2e             7       7       0        0  19.4 s  passed",
      "regression      4       4       0        0   6.1 s  passed",
    ])
  })

  test("of a failed run ends with everything that did not pass", () => {
    expect(lines(samples.severalReds).at(-1)).toBe("FAILED: 4 of 5 suites failed; coverage 87.31 % is below 90 %")
  })

  test("names code, file, line, test and message of a failure", () => {
    expect(lines(samples.severalReds)).toEqual(
      expect.arrayContaining([
        "    test-failed  tests/e2e/test_checkout.py:41  test_total_of_upgrade",
        "      AssertionError: assert 1200 == 1250 + where 1200 = order.total",
      ]),
    )
  })

  test("gives each red suite at least one reason and says how many are left", () => {
    const shown = lines(samples.fiveHundredTests)
    expect(shown).toContain("    file-empty  tests/webhook/test_retry.py: it was collected and has no test")
    expect(shown.filter((line) => line.includes("test-failed"))).toHaveLength(10)
    expect(shown).toContain("  and 90 more in the full report")
  })

  test("shows what the runner printed where a suite left no usable evidence, but does not say it twice", () => {
    const shown = lines(samples.severalReds)
    expect(shown).toContain("      | usage: run_payment_qa_tests.py [-h] [--suite {all,e2e,browser}]")
    expect(shown.filter((line) => line.includes("invalid choice"))).toHaveLength(1)
  })

  test("sets the runner's claim beside the evidence, for a red suite and for a proven one", () => {
    expect(lines(samples.severalReds)).toContain(
      "  e2e: the runner exited 0, as if all were well; the evidence says otherwise",
    )
    const proven = samples.aResult([
      samples.aSuite("e2e", { disagreement: "the runner exited 1, but every test passed" }),
    ])
    expect(lines(proven)).toContain("Runner and evidence disagree, e2e: the runner exited 1, but every test passed")
  })

  test("marks cached evidence with its age and how to gather it again", () => {
    const shown = lines(samples.partialRun).join("\n")
    expect(shown).toMatch(/webhook .* passed, cached from 2026-03-01 17:02 UTC/)
    expect(shown).toContain("use --fresh to run it again")
    expect(lines(samples.allGreen).join("\n")).not.toContain("--fresh")
  })

  test("of some suites claims nothing about the others and does not judge coverage", () => {
    const shown = lines(samples.partialRun)
    expect(shown).toContain("Not run: regression, browser, monitoring; this run covers only e2e, webhook")
    expect(shown).toContain("coverage 61.20 % so far; the threshold of 90 % applies to all suites together")
    expect(shown.at(-1)).toBe("PASSED: 2 of 5 suites, 11 tests; regression, browser, monitoring not run")
  })

  test("rounds coverage down and names the lowest files when it is under the threshold", () => {
    const shown = lines(samples.coverageBelow)
    expect(shown.at(-1)).toBe("FAILED: coverage 89.99 % is below 90 %")
    expect(shown).toContain("  88.54 %  payments/webhooks/worker.py  lines 12, 60–66, 88–90")
  })

  test("says why there is no coverage figure, and nothing about coverage that is not configured", () => {
    expect(lines(samples.coverageMissing)).toContain("no coverage, threshold 90 %: no suite left a coverage data file")
    expect(summary(samples.coverageNotAsked, where)).not.toContain("coverage")
  })

  test("of no suite at all is red", () => expect(lines(samples.aResult([])).at(-1)).toBe("FAILED: no suite ran"))

  test("tells where the full report is", () =>
    expect(lines(samples.allGreen)).toContain(`Full report: ${where.report}`))

  test("lets nothing of the app's stand where a CI would take it for a command", () => {
    for (const line of lines(samples.hostile)) {
      expect(line.trimStart()).not.toMatch(/^::/)
      expect(line).not.toContain("##[")
    }
  })
})
