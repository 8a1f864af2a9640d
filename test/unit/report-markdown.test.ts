import { describe, expect, test } from "vitest"
import { markdown } from "../../core/report/markdown.js"
import * as samples from "./qa-result-samples.js"

describe("summary.md", () => {
  test("begins with the verdict in words", () => {
    expect(markdown(samples.allGreen)).toMatch(/^## ✅ PASSED: 5 suites, 21 tests, coverage 93\.41 %\n/)
    expect(markdown(samples.severalReds)).toMatch(
      /^## ❌ FAILED: 4 of 5 suites failed; coverage 87\.31 % is below 90 %\n/,
    )
  })

  test("has a row per suite", () => {
    expect(markdown(samples.allGreen)).toContain("| <code>monitoring</code> | 3 | 2 | 0 | 1 | 7.2 s | ✅ passed |")
    expect(markdown(samples.partialRun)).toContain("✅ passed, cached from 2026-03-01 17:02 UTC |")
    expect(markdown(samples.noEvidence)).toContain("| <code>e2e</code> | 0 | 0 | 0 | 0 | – | ❌ **FAILED** |")
  })

  test("unfolds a failure into its traceback and output", () => {
    expect(markdown(samples.severalReds)).toContain(
      "<details><summary><code>test_total_of_upgrade</code> · <code>tests/e2e/test_checkout.py:41</code> · AssertionError: assert 1200 == 1250 + where 1200 = order.total</summary>\n\n<pre>\n    def test_total_of_upgrade():\n&gt;       assert paid",
    )
  })

  test("says a reason that has nothing to unfold in one line", () => {
    expect(markdown(samples.severalReds)).toContain(
      "- <code>file-missing</code> · <code>tests/monitoring/test_metrics.py</code> · listed in tollgate.yaml, but not in the source\n",
    )
  })

  test("names the suites that did not run, what the runner claimed, and the lines that did not run", () => {
    expect(markdown(samples.partialRun)).toContain("Not run: <code>regression</code>, <code>browser</code>")
    expect(markdown(samples.severalReds)).toContain(
      "> ⚠️ Runner and evidence disagree, <code>e2e</code>: the runner exited 0",
    )
    expect(markdown(samples.coverageBelow)).toContain(
      "| <code>payments/webhooks/worker.py</code> | 88.54 % | 96 | 12, 60–66, 88–90 |",
    )
  })

  test.each(samples.everySample)("of %s stays under what GitHub takes, with every fold closed", (_, result) => {
    const text = markdown(result)
    expect(Buffer.byteLength(text)).toBeLessThan(1_000_000)
    expect(text.match(/<details>/g)?.length).toBe(text.match(/<\/details>/g)?.length)
  })

  test("keeps the app's text from being markup, a table's column, a mention or a fence", () => {
    const text = markdown(samples.hostile)
    expect(text).not.toMatch(/<script|-->|<!--/)
    const rows = text.split("\n").filter((line) => line.startsWith("| "))
    expect(rows.map((row) => row.split("|").length)).toEqual(rows.map((_, index) => (index < 3 ? 9 : 6)))
    const outsideCode = text.replace(/<code>.*?<\/code>/g, "").replace(/<pre>[^]*?<\/pre>/g, "")
    expect(outsideCode).not.toContain("@someone")
    expect(outsideCode).not.toMatch(/[`\x00-\x08\x1b]/)
  })
})
