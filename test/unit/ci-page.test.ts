import type { Browser, Page } from "playwright-core"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { ciHtml } from "../../core/ci/html.js"
import { loadPart } from "../../core/load/html.js"
import { suitesPart } from "../../core/report/html-suites.js"
import { scanPart } from "../../core/scan/html.js"
import { axeFindings, INSTALL_MS, openBrowser } from "../browser.js"
import { aStatus, ended } from "./ci-samples.js"
import { failing } from "./load-samples.js"
import { severalReds } from "./qa-result-samples.js"
import { judged, place, result, secret } from "./scan-samples.js"

const baseline = aStatus()
const red = aStatus(
  {
    test: ended(
      {
        verdict: "failed",
        words: "1 of 5 suites failed: webhook",
        reasons: [
          "webhook: test-failed  tests/test_webhook_outbound.py:118  test_a_delivery_that_the_receiver_refuses_is_tried_again  AssertionError: assert 2 == 3",
          `regression: test-failed  tests/${"a_very_long_name_of_a_folder_".repeat(6)}test_money.py:7  no space to break at`,
        ],
        figures: [{ name: "coverage", value: 97.41 }],
      },
      0,
      111,
    ),
    scan: ended(
      { verdict: "inconclusive", words: "the vulnerability database is 9 days old", reasons: ["database-old"] },
      40,
      20,
    ),
    load: { kind: "skipped", why: "none of the 3 changed files matches paths.load (app/**, requirements.txt)" },
  },
  baseline,
)
const findings = [
  judged(),
  judged({ ...secret("shop/keys.py", 3), disposition: { kind: "blocking" } }),
  judged({
    id: "CVE-2023-45853",
    severity: "high",
    package: "zlib1g",
    installed: "1:1.2.13.dfsg-1",
    fixed: null,
    places: [place("image", "debian 12.15")],
    disposition: { kind: "below-threshold" },
  }),
  judged({
    id: "CVE-2024-1",
    disposition: { kind: "ignored", reason: "not reachable from the checkout", until: "2027-01-01" },
  }),
]
const parts = [suitesPart(severalReds), scanPart(result({ findings })), loadPart(failing)]
const pages = { passed: ciHtml(aStatus({}, baseline)), failed: ciHtml(red, parts) }

let browser: Browser
beforeAll(async () => void (browser = await openBrowser()), INSTALL_MS)
afterAll(() => browser.close())

const WIDTHS = [360, 1280, 2560]
const cases = [
  { name: "passed" as const, scheme: "light" as const, width: 1280 },
  ...(["light", "dark"] as const).flatMap((scheme) =>
    WIDTHS.map((width) => ({ name: "failed" as const, scheme, width })),
  ),
]

async function withPage<T>(html: string, width: number, scheme: "light" | "dark", look: (page: Page) => Promise<T>) {
  // axe is a script, which the page itself allows none of
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme: scheme, bypassCSP: true })
  try {
    const page = await context.newPage()
    await page.setContent(html)
    return await look(page)
  } finally {
    await context.close()
  }
}

describe("index.html in a browser", () => {
  it.each(cases)(
    "$name, $scheme, $width pixels wide: axe finds nothing, and nothing is wider than its place",
    async ({ name, scheme, width }) => {
      await withPage(pages[name], width, scheme, async (page) => {
        expect(await axeFindings(page)).toEqual([])
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width)
        const wider = page
          .locator(".card")
          .evaluateAll((all) => all.filter((one) => one.scrollWidth > one.clientWidth).length)
        expect(await wider).toBe(0)
        const folder = process.env["TOLLGATE_PICTURES"]
        if (folder !== undefined)
          await page.screenshot({ path: `${folder}/ci-${name}-${scheme}-${width}.png`, fullPage: true })
      })
    },
  )

  it("leads by keyboard to each gate's report and each folded list, in their order, and shows where the focus is", async () => {
    await withPage(pages.failed, 1280, "light", async (page) => {
      const links = await page
        .locator("a, summary")
        .evaluateAll((all) => all.map((one) => one.getAttribute("href") ?? one.textContent))
      expect(links).toEqual(expect.arrayContaining(["image/report.html", "1 ignored by scan.ignore"]))
      const reached: (string | null)[] = []
      for (const _ of links) {
        await page.keyboard.press("Tab")
        const focused = page.locator(":focus-visible")
        reached.push((await focused.getAttribute("href")) ?? (await focused.textContent()))
        expect(await focused.evaluate((one) => getComputedStyle(one).outlineStyle)).toBe("solid")
      }
      expect(reached).toEqual(links)
    })
  })
})
