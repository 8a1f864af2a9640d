import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Browser, BrowserContext, Page } from "playwright-core"
import { afterAll, beforeAll, expect, test } from "vitest"
import { type Dashboard, serveDashboard } from "../../core/dashboard/server/listen.js"
import { fileJournal } from "../../core/ledger/journal-file.js"
import type { Ledger } from "../../core/ledger/ledger.js"
import { openLedger } from "../../core/ledger/open.js"
import type { Sample } from "../../core/ledger/samples/sample.js"
import { ledgerStore } from "../../core/ledger/samples/writer.js"
import { axeFindings, INSTALL_MS, listen, openBrowser } from "../browser.js"
import { PostgresServer, removePrograms } from "../database/postgres-server.js"
import { useEngine } from "../engine/session.js"
import { sampleOf } from "../unit/picture-samples.js"
import { area, cursor, drawnAt, lineColour, point, readout, rewrite } from "./chart-pages.js"
import { HERE, signIn } from "./dashboard-client.js"
import { Run, settings, XSS } from "./dashboard-samples.js"

useEngine()

/** Charts of a run, in a browser: a run goes on in `production`, and one of `staging` is for updates. */

const SWITCHED = Date.now() - 120_000
const RUN = "/environments/production/run"

let server: PostgresServer
let ledger: Ledger
let dashboard: Dashboard
let browser: Browser
const journal = mkdtempSync(join(tmpdir(), "tollgate-test-journal-"))

/** So many seconds after the switch. */
function watched(metric: string, value: number | null, seconds: number, more: Partial<Sample> = {}): Sample {
  return { ...sampleOf(metric, value, 0), since: SWITCHED, at: SWITCHED + seconds * 1000, ...more }
}

async function write(environment: string, samples: readonly Sample[]): Promise<void> {
  const store = ledgerStore(server.url("shop"), 60)
  await store.write({ service: "shop", environment, release: "r-1", run: "run-r-1" }, samples)
  await store.close()
}

beforeAll(async () => {
  const [started, opened] = await Promise.all([PostgresServer.start(), openBrowser()])
  server = started
  browser = opened
  ledger = await openLedger({
    url: await server.createDatabase("shop"),
    service: "shop",
    patience: 60,
    journal: fileJournal(journal),
    need: "required",
    entryPoint: "cli",
  })
  const before = { phase: "before", since: SWITCHED - 60_000, at: SWITCHED } as const
  for (const environment of ["production", "staging"]) {
    const run = new Run(ledger, environment, "r-1")
    await run.start("1")
    await run.begin("watch")
    await write(environment, [
      watched("errors", 0.4, 0, before),
      watched("p95", 0.21, 0, before),
      ...Array.from({ length: 11 }, (_, index) => {
        const at = 10 * (index + 1)
        return [
          // three without data in the middle
          watched("errors", index >= 4 && index <= 6 ? null : 0.1 + (index % 3) / 10, at),
          watched("p95", index === 8 ? 10 : 0.2 + index / 10, at, { threshold: 12, beyond: index === 8 }),
          watched("payments", 99.5 - index / 10, at, { threshold: 95 }),
          watched("connections", 12 + index, at, { threshold: 80, outOf: 50, least: 0 }),
        ]
      }).flat(),
    ])
  }
  dashboard = await serveDashboard({
    settings: { ...settings, ledger: { ...settings.ledger, patience: 30 } },
    ledger: server.url("shop"),
    ...HERE,
    zone: "Asia/Taipei",
    report: (error) => console.error(error),
  })
}, INSTALL_MS)

afterAll(async () => {
  await browser.close()
  await dashboard.close()
  await ledger.close()
  await server.stop()
  await removePrograms()
  rmSync(journal, { recursive: true, force: true })
})

async function opened(
  path: string,
  more: Parameters<Browser["newContext"]>[0] = {},
): Promise<{ page: Page; context: BrowserContext; printed: string[] }> {
  const context = await browser.newContext(more)
  const printed = listen(context)
  const [name = "", value = ""] = (await signIn(dashboard)).split("=")
  await context.addCookies([{ name, value, url: dashboard.address }])
  const page = await context.newPage()
  await page.goto(dashboard.address + path)
  return { page, context, printed }
}

const HINT = "Point at the picture, or focus it and press the arrow keys, to read each sample."

/** Where a sample of so many seconds is, from 0 at the left edge to 1 at the right one, in a chart with the release before. */
const sample = (seconds: number) => 0.2 + (0.8 * seconds) / 110

/** When the ledger has it, in both zones. */
async function times(metric: string, seconds: number): Promise<string[]> {
  const [row] = await server.query<{ at: Date }>(
    "shop",
    `SELECT at FROM tollgate_ledger.samples WHERE environment = 'production' AND metric = '${metric}' ORDER BY at LIMIT 1 OFFSET ${seconds / 10}`,
  )
  const at = row?.at.getTime() ?? Number.NaN
  const written = (time: number) => new Date(time).toISOString().slice(0, 19).replace("T", " ")
  return [`${written(at)} UTC`, `${written(at + 8 * 3_600_000)} Asia/Taipei`]
}

test("pointing at a chart shows the sample's figure, times and threshold, on all charts of the run at once", async () => {
  const { page, context, printed } = await opened(RUN)
  await point(page, "errors", sample(30))
  const [utc, taipei] = await times("errors", 30)
  await expect(readout(page, "errors")).resolves.toEqual([
    "0.30 % of 100 requests",
    utc,
    taipei,
    "threshold: at most 1 %",
  ])
  expect((await readout(page, "payments"))[0]).toBe("99.30 % of 100 payments")
  expect(await readout(page, "connections")).toEqual(["14.00 %: 7 of 50", utc, taipei, "threshold: at most 80 %"])
  await point(page, "errors", sample(60))
  expect((await readout(page, "errors"))[0]).toBe("no data: no requests")
  expect((await readout(page, "p95"))[0]).toBe("700 ms of 100 requests")
  await point(page, "p95", sample(90))
  expect((await readout(page, "p95"))[0]).toBe("> 10.0 s of 100 requests")
  await point(page, "errors", 0.1)
  expect(await readout(page, "errors")).toEqual([
    "0.40 % of 100 requests",
    "release before, until the switch",
    "threshold: at most 1 %",
  ])
  await page.mouse.move(0, 0)
  expect(await readout(page, "errors")).toEqual([HINT])
  expect(printed).toEqual([])
  await context.close()
})

test("the arrow keys read each sample, and a screen reader gets the same words", async () => {
  const { page, context } = await opened(RUN)
  await area(page, "errors").focus()
  for (const [key, words] of [
    ["Home", "0.40 % of 100 requests"],
    ["ArrowRight", "0.10 % of 100 requests"],
    ["PageDown", "0.20 % of 100 requests"],
    ["ArrowLeft", "0.10 % of 100 requests"],
    ["End", "0.20 % of 100 requests"],
  ] as const) {
    await page.keyboard.press(key)
    const lines = await readout(page, "errors")
    expect(lines[0], key).toBe(words)
    expect(await area(page, "errors").getAttribute("aria-valuetext"), key).toBe(lines.join(", "))
  }
  expect((await readout(page, "connections"))[0]).toBe("22.00 %: 11 of 50")
  await page.keyboard.press("Escape")
  expect(await readout(page, "errors")).toEqual([HINT])
  await context.close()
})

test("a new sample leaves the canvas, the focus, the scroll and the sample that is read as they are", async () => {
  const { page, context, printed } = await opened("/environments/staging/run")
  await area(page, "errors").focus()
  for (const key of ["Home", "ArrowRight", "ArrowRight"]) await page.keyboard.press(key)
  const canvas = await page.locator("#plot-errors canvas").elementHandle()
  const before = await readout(page, "errors")
  const [scroll, left] = await page.evaluate(cursor)
  await write("staging", [watched("errors", 0.9, 118), watched("p95", 0.9, 118, { threshold: 12 })])
  await page.locator("#picture-errors .now", { hasText: "0.90 % of 100 requests" }).waitFor()
  await page.waitForFunction(
    (old) => document.querySelector<HTMLElement>("#plot-errors .u-cursor-x")?.style.transform !== old,
    left,
  )
  expect(await readout(page, "errors")).toEqual(before)
  expect(await page.evaluate((old) => old === document.querySelector("#plot-errors canvas"), canvas)).toBe(true)
  expect(await page.evaluate(() => document.activeElement?.closest(".plot")?.id)).toBe("plot-errors")
  expect((await page.evaluate(cursor))[0]).toBe(scroll)
  await page.keyboard.press("End")
  expect((await readout(page, "errors"))[0]).toBe("0.90 % of 100 requests")
  expect(printed).toEqual([])
  await context.close()
})

test("where there is no data there is no line", async () => {
  const { page, context } = await opened(RUN)
  await area(page, "errors").waitFor()
  expect(await drawnAt(page, "errors", sample(25))).toBeGreaterThan(0)
  for (const seconds of [45, 60, 75]) expect(await drawnAt(page, "errors", sample(seconds)), String(seconds)).toBe(0)
  expect(await drawnAt(page, "errors", sample(95))).toBeGreaterThan(0)
  await context.close()
})

test("without JavaScript there is the server's picture; the values are a table; other pages load no charts", async () => {
  const { page, context } = await opened(RUN, { javaScriptEnabled: false })
  expect(await page.locator("svg.chart:visible").count()).toBe(4)
  expect(await page.locator(".plot:visible").count()).toBe(0)
  await page.locator("#values > summary").click()
  const rows = page.locator("#values tbody tr")
  expect(await rows.count()).toBe(11)
  expect(await rows.nth(5).textContent()).toMatch(/ UTC.*Asia\/Taipei.*700 ms of 100 requests.*no data: no requests/)
  await page.goto(dashboard.address)
  expect(await page.locator("[src*=chart], [src*=uplot], [href*=chart]").count()).toBe(0)
  await context.close()
})

test("words of a chart are text, and figures that cannot be drawn leave the server's picture", async () => {
  const { page, context } = await opened(RUN)
  // the page must not read itself again, and with it what is rewritten here
  await page.route(`**${RUN}`, (route) => (route.request().isNavigationRequest() ? route.continue() : undefined))
  await page.reload()
  const chart = JSON.parse((await page.getAttribute("#picture-errors", "data-chart")) ?? "")
  const words = chart.words.replaceAll(/.+/g, () => XSS)
  const threshold = { value: 1, words: XSS, place: "inside" }
  await rewrite(page, { name: XSS, unit: XSS, zone: XSS, words, threshold })
  await point(page, "errors", sample(30))
  const [figure, , limit, ...more] = await readout(page, "errors")
  expect([figure, limit, more]).toEqual([XSS, XSS, []])
  expect(await page.title()).not.toBe("owned")
  expect(await page.locator("#pictures img, #pictures script").count()).toBe(0)
  for (const change of [
    { at: [1, "2"] },
    { values: [] },
    { words: null },
    { low: 5, high: 5 },
    { to: "x" },
    { gaps: [3] },
    { before: {} },
  ]) {
    const words = JSON.stringify(change)
    await rewrite(page, change)
    expect(await page.locator("#plot-errors > *").count(), words).toBe(0)
    expect((await page.locator("#chart-errors").boundingBox())?.width, words).toBeGreaterThan(200)
    await rewrite(page, {})
    expect(await page.locator("#plot-errors canvas").count(), words).toBe(1)
  }
  await context.close()
})

test("a change of the scheme or of the width draws the chart anew, axe finds nothing in it, and paper has the server's picture", async () => {
  const { page, context, printed } = await opened(RUN, { viewport: { width: 1280, height: 900 } })
  await area(page, "errors").waitFor()
  await page.locator("#values > summary").click()
  const colours = new Set<string>()
  for (const media of [{ colorScheme: "light" }, { colorScheme: "dark" }, { forcedColors: "active" }] as const) {
    await page.emulateMedia(media)
    await expect.poll(() => drawnAt(page, "errors", sample(25))).toBeGreaterThan(0)
    colours.add(await lineColour(page))
    if ("colorScheme" in media) expect(await axeFindings(page), media.colorScheme).toEqual([])
  }
  expect(colours.size).toBe(3)
  await page.emulateMedia({ forcedColors: "none" })
  for (const width of [360, 3840, 1280]) {
    await page.setViewportSize({ width, height: 900 })
    const fits = () =>
      page.evaluate(() => {
        const [place, drawn] = [".plot", "canvas"].map(
          (what) => document.querySelector(`#picture-errors ${what}`)?.getBoundingClientRect().width ?? 0,
        )
        return (
          Math.abs((place ?? 0) - (drawn ?? 1)) < 2 &&
          document.documentElement.scrollWidth <= document.documentElement.clientWidth
        )
      })
    await expect.poll(fits).toBe(true)
    await point(page, "errors", sample(30))
    expect((await readout(page, "errors"))[0], String(width)).toBe("0.30 % of 100 requests")
  }
  await page.emulateMedia({ media: "print" })
  expect(await page.locator("#plot-errors").isVisible()).toBe(false)
  expect((await page.locator("#chart-errors").boundingBox())?.width).toBeGreaterThan(200)
  expect(printed).toEqual([])
  await context.close()
})
