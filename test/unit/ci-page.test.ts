import type { Browser, Page } from "playwright-core"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { ciHtml } from "../../core/ci/html.js"
import { axeFindings, INSTALL_MS, openBrowser } from "../browser.js"
import { aStatus, ended } from "./ci-samples.js"

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
const pages = { passed: ciHtml(aStatus({}, baseline)), failed: ciHtml(red) }

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

  it("leads by keyboard to each gate's report, in the order of the pipeline, and shows where the focus is", async () => {
    await withPage(pages.failed, 1280, "light", async (page) => {
      const links = await page.locator("a").evaluateAll((all) => all.map((one) => one.getAttribute("href")))
      expect(links.length).toBeGreaterThan(3)
      const reached: (string | null)[] = []
      for (const _ of links) {
        await page.keyboard.press("Tab")
        const focused = page.locator(":focus-visible")
        reached.push(await focused.getAttribute("href"))
        expect(await focused.evaluate((one) => getComputedStyle(one).outlineStyle)).toBe("solid")
      }
      expect(reached).toEqual(links)
    })
  })
})
