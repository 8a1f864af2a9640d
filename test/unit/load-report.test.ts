import { describe, expect, test } from "vitest"
import { loadHtml } from "../../core/load/html.js"
import { loadMarkdown } from "../../core/load/markdown.js"
import { loadScreen } from "../../core/load/screen.js"
import { displayWidth } from "../../core/presentation/columns.js"
import { everySample, failing, kept, lost, slow, unreachable } from "./load-samples.js"

const screen = (result: typeof kept) => loadScreen(result, { report: "tollgate-report/load/report.html" })

describe("the screen", () => {
  test.each(everySample)("of %s fits one, and its last line is the verdict", (_, result) => {
    const lines = screen(result).trimEnd().split("\n")
    expect(lines.length).toBeLessThanOrEqual(40)
    for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(100)
    expect(lines.at(-1)).toMatch(
      result === kept ? /^PASSED: 1 scenario, 4 thresholds passed, 300 requests measured$/ : /^FAILED: /,
    )
  })

  test("shows the answers of each scenario, and the limit and the measured figure of each threshold", () => {
    expect(screen(kept)).toMatch(/checkout +300 +20\/s +20\/s +25 ms +39 ms +40 ms +40 ms +0 % +2 passed/)
    expect(screen(kept)).toMatch(/checkout +p95 +≤ 500 ms +39 ms of 300 +passed/)
    expect(screen(kept)).toContain("load generator: 4.00 % of 2 cores, peak 6.00 %; CPU of the machine: 50.0 %")
  })

  test("says why it is red, with how the first wrong answer looked, and nothing of that is a command to a terminal or a CI", () => {
    const text = screen(failing)
    expect(text).toContain(
      "    threshold-broken: errors 16.7 % (50 of 300), threshold 1 %: 40 × status 503, 10 × check order",
    )
    expect(text).toContain(
      "  first answer of checkout with status 503:\n    | <script>alert('no')</script> ## [error]down",
    )
    expect(text).not.toMatch(/\u001b/)
    expect(text).toContain("FAILED: 3 of 4 thresholds failed (checkout errors, checkout p95, checkout p99)")
    expect(screen(slow)).toContain("FAILED: 1 of 4 thresholds failed (checkout p95)")
  })

  test("reports nothing good of what was not measured", () => {
    for (const result of [unreachable, lost]) {
      expect(screen(result)).not.toMatch(/passed|PASSED/)
      expect(screen(result)).toContain("INCONCLUSIVE")
      expect(screen(result)).toContain("load generator: not run")
    }
    expect(screen(unreachable)).toContain("FAILED: could not reach the service")
    expect(screen(lost)).toContain("FAILED: no measurement")
  })

  test("of many scenarios still fits, the broken ones first of all", () => {
    const [one] = failing.scenarios
    const [good] = kept.scenarios
    if (one === undefined || good === undefined) throw new Error("no scenario")
    const many = {
      ...failing,
      scenarios: Array.from({ length: 30 }, (_, index) =>
        index === 29
          ? { ...one, plan: { ...one.plan, name: "broken-one" } }
          : { ...good, plan: { ...good.plan, name: `scenario-${index}` } },
      ),
    }
    const text = screen(many)
    expect(text.trimEnd().split("\n").length).toBeLessThanOrEqual(40)
    expect(text).toMatch(
      /broken-one +300[^]*and 22 more in the full report[^]*broken-one +errors[^]*and 117 more passed/,
    )
  })
})

describe("summary.md", () => {
  test("has the verdict, each threshold and why it is red, and nothing of the service's is markup", () => {
    expect(loadMarkdown(kept)).toMatch(
      /^## ✅ PASSED: 1 scenario[^]*\| checkout \| p95 \| ≤ 500 ms \| 39 ms of 300 \| passed \|/,
    )
    const red = loadMarkdown(failing)
    expect(red).toMatch(/^## ❌ FAILED: [^]*❌ \*\*FAILED\*\*[^]*<code>threshold-broken<\/code> errors 16\.7 %/)
    expect(red).toContain("&lt;script&gt;alert(&#39;no&#39;)&lt;/script&gt;")
    expect(red).not.toMatch(/<script|\u001b/)
  })

  test.each(everySample)("of %s has rows as wide as their titles", (_, result) => {
    for (const block of loadMarkdown(result)
      .split("\n\n")
      .filter((one) => one.startsWith("| "))) {
      expect(
        new Set(
          block
            .trimEnd()
            .split("\n")
            .map((row) => row.split(/(?<!\\)\|/).length),
        ).size,
      ).toBe(1)
    }
  })
})

/** The page without what cannot hold anything of the service's. */
function body(page: string): string {
  return page.replace(/<style>[^]*?<\/style>/, "")
}

describe("report.html", () => {
  test.each(everySample)("of %s closes every element it opens", (_, result) => {
    const open: string[] = []
    for (const [, closing, name = "", , selfClosed] of body(loadHtml(result)).matchAll(
      /<(\/?)([a-zA-Z][\w-]*)((?:\s[^<>]*?)?)(\/?)>/g,
    )) {
      if (name === "meta" || selfClosed === "/") continue
      if (closing === "/") expect(open.pop()).toBe(name)
      else open.push(name)
    }
    expect(open).toEqual([])
  })

  test.each(everySample)(
    "of %s has no script, asks the network for nothing, and has no figure that is none",
    (_, result) => {
      const page = loadHtml(result)
      expect(page).toContain("script-src &#39;none&#39;")
      expect(page).not.toMatch(/<script|<link|<iframe|<img|<object|@import|\ssrc=|href="(?!#)|url\((?!#)/)
      expect(body(page)).not.toMatch(/NaN|Infinity|undefined|[^\w]null/)
    },
  )

  test("shows the distribution with its percentiles and their thresholds, and the run second by second", () => {
    const page = loadHtml(kept)
    expect(page).toContain("300 requests: half within 25 ms, 95 % within 39 ms, 99 % within 40 ms, 0 failed")
    for (const mark of ["p50 25 ms", "p95 39 ms", "p99 40 ms", "p95 threshold 500 ms", "p99 threshold 1 s"])
      expect(page).toContain(mark)
    expect(page).toContain("target 20/s, achieved 20/s; 0 % failed, 0 not sent")
    expect(page.match(/<title>second \d+: 20 correct, 0 failed, 0 not sent/g)).toHaveLength(15)
  })

  test("holds nothing of the service's that a browser would take for markup", () => {
    const page = loadHtml(failing)
    expect(page).toContain("&lt;script&gt;alert(&#39;no&#39;)&lt;/script&gt;")
    expect(page).toContain("40 × status 503")
  })

  test("of an hour has not more bars than one can see, and none of its requests is missing", () => {
    const [scenario] = kept.scenarios
    if (scenario?.figures == null) throw new Error("no figures")
    const hour = {
      ...scenario,
      plan: { ...scenario.plan, duration: 3600 },
      figures: {
        ...scenario.figures,
        seconds: Array.from({ length: 3600 }, () => ({ requests: 20, failed: 1, dropped: 2, p50: 10, p95: 20 })),
      },
    }
    const titles = [
      ...loadHtml({ ...kept, scenarios: [hour] }).matchAll(
        /<title>second \d+: (\d+) correct, (\d+) failed, (\d+) not sent/g,
      ),
    ]
    expect(titles.length).toBeLessThanOrEqual(90)
    const sum = (index: number) => titles.reduce((total, title) => total + Number(title[index]), 0)
    expect([sum(1), sum(2), sum(3)]).toEqual([19 * 3600, 3600, 7200])
  })
})
