import { createHash } from "node:crypto"
import { describe, expect, test } from "vitest"
import { Markup, markup } from "../../core/presentation/html-markup.js"
import { html } from "../../core/report/html.js"
import * as samples from "./qa-result-samples.js"

/** The page without what cannot hold anything of the app's. */
function body(page: string): string {
  return page.replace(/<style>[^]*?<\/style>/, "").replace(/<script>[^]*<\/script>/, "")
}

function tags(page: string): { name: string; closing: boolean; selfClosed: boolean; attributes: string }[] {
  return [...body(page).matchAll(/<(\/?)([a-zA-Z][\w-]*)((?:\s[^<>]*?)?)(\/?)>/g)].map((match) => ({
    closing: match[1] === "/",
    name: match[2] ?? "",
    attributes: match[3] ?? "",
    selfClosed: match[4] === "/",
  }))
}

function words(page: string): string {
  return body(page)
    .replace(/<[^>]*>/g, " ")
    .replace(/\s+/g, " ")
}

describe("report.html", () => {
  test.each(samples.everySample)("of %s closes every element it opens", (_, result) => {
    const open: string[] = []
    for (const tag of tags(html(result))) {
      if (tag.name === "meta" || tag.selfClosed) continue
      if (tag.closing) expect(open.pop()).toBe(tag.name)
      else open.push(tag.name)
    }
    expect(open).toEqual([])
  })

  test.each(samples.everySample)("of %s asks the network for nothing and has no script but its own", (_, result) => {
    const page = html(result)
    expect(page).not.toMatch(/<link|<iframe|<img|<object|@import|\ssrc=|href="(?!#)|url\((?!#)/)
    expect(page.match(/<script/g)).toHaveLength(1)
    expect(tags(page).filter((tag) => /\son\w+=/i.test(tag.attributes))).toEqual([])
  })

  test("allows its own script alone, by its digest", () => {
    const page = html(samples.allGreen)
    const script = /<script>([^]*)<\/script>/.exec(page)?.[1] ?? ""
    const digest = createHash("sha256").update(script).digest("base64")
    expect(page).toContain(
      `default-src &#39;none&#39;; style-src &#39;unsafe-inline&#39;; script-src &#39;sha256-${digest}&#39;`,
    )
  })

  test("holds nothing of the app's that a browser would take for markup", () => {
    const text = body(html(samples.hostile))
    expect(text).not.toMatch(/<script|<!--|alert\("1"\)/)
    expect(text).toContain("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;")
    expect(text).not.toMatch(/[\x00-\x08\x1b\u202e\ud800]/)
  })

  test("escapes whatever its tag is given, unless it is markup already", () => {
    expect(markup`<p title="${`"><b>`}">${["<i>", new Markup("<br/>")]}</p>`.source).toBe(
      '<p title="&quot;&gt;&lt;b&gt;">&lt;i&gt;<br/></p>',
    )
  })

  test("says the verdict in words and by shape at its top", () => {
    expect(html(samples.allGreen)).toMatch(
      /<svg class="icon pass"[^]*?<h1>PASSED<\/h1><p class="words">5 suites, 21 tests, coverage 93\.41 %<\/p>/,
    )
    expect(html(samples.severalReds)).toMatch(
      /<svg class="icon fail"[^]*?<h1>FAILED<\/h1><p class="words">4 of 5 suites failed; coverage 87\.31 % is below 90 %<\/p>/,
    )
  })

  test("explains a failed run and has no such part in a passed one", () => {
    const text = words(html(samples.severalReds))
    for (const part of [
      "Why it failed",
      "test_total_of_upgrade",
      "assert 1200 == 1250",
      "proration used 30 days",
      "ModuleNotFoundError",
      "runner-ended-early",
      "usage: run_payment_qa_tests.py",
      "Runner and evidence disagree",
    ])
      expect(text).toContain(part)
    expect(words(html(samples.allGreen))).not.toContain("Why it failed")
  })

  test("shows suites on a common clock, and evidence of an earlier run apart from it", () => {
    const page = html(samples.severalReds)
    expect(page).toContain('aria-label="from 700 ms to 1 min 1 s"')
    expect(page).toContain('aria-label="earlier run, 2026-03-01 17:02 UTC"')
  })

  test("keeps every one of a hundred failures", () => {
    const text = words(html(samples.fiveHundredTests))
    for (const index of [0, 250, 495]) expect(text).toContain(`plan ${index}: assert 1 == 2`)
  })

  test("stays light when a test prints megabytes", () =>
    expect(html(samples.hugeMessages).length).toBeLessThan(200_000))

  test("lists coverage by file, the lowest first, with the lines that did not run", () => {
    const text = words(html(samples.severalReds))
    const files = ["payments/refunds.py", "payments/webhooks/worker.py", "payments/ecpay/client.py"].map((file) =>
      text.indexOf(file),
    )
    expect(files).toEqual([...files].sort((a, b) => a - b))
    expect(text).toContain("20–25, 40–42, 60–64, 70–81")
  })

  test("says which suites did not run and that coverage is not judged without them", () => {
    const text = words(html(samples.partialRun))
    expect(text).toContain("Not run: regression, browser, monitoring.")
    expect(text).toContain("applies to all suites together")
  })

  test("shows a run without evidence or coverage", () => {
    const text = words(html(samples.noEvidence))
    expect(text).toContain("left nothing behind")
    expect(text).toContain("no suite left a coverage data file")
    expect(text).not.toContain("NaN")
  })
})
