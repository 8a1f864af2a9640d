import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Browser, BrowserContext, Page } from "playwright-core"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { LINES_ON_PAGE } from "../../core/dashboard/reading/lines.js"
import { type Dashboard, serveDashboard } from "../../core/dashboard/server/listen.js"
import { fileJournal } from "../../core/ledger/journal-file.js"
import type { Ledger } from "../../core/ledger/ledger.js"
import { type LogEntry, noteOf } from "../../core/ledger/logs/line.js"
import { LINES_OF_RELEASE } from "../../core/ledger/logs/rows.js"
import { LineWriter, lineStore } from "../../core/ledger/logs/writer.js"
import { openLedger } from "../../core/ledger/open.js"
import { axeFindings, INSTALL_MS, listen, openBrowser } from "../browser.js"
import { PostgresServer, removePrograms } from "../database/postgres-server.js"
import { useEngine } from "../engine/session.js"
import { askDashboard, HERE, signIn } from "./dashboard-client.js"
import { fillLedger, Run, settings, XSS } from "./dashboard-samples.js"

useEngine()

/** A real ledger and a real browser; what a real run writes is in dashboard-live.test.ts. */

let server: PostgresServer
let ledger: Ledger
let dashboard: Dashboard
let cookie = ""
const journal = mkdtempSync(join(tmpdir(), "tollgate-test-journal-"))
const RUN = "/environments/production/run"

beforeAll(async () => {
  server = await PostgresServer.start()
  ledger = await openAt(await server.createDatabase("shop"))
  await fillLedger(ledger)
  const lease = await ledger.takeLease({
    ...{ environment: "production", run: "run-r-7", owner: "laptop", command: "deploy", who: "Mei Lin", seconds: 3600 },
  })
  const run = new Run(ledger, "production", "r-7", { token: lease.token })
  await run.start("7")
  await run.begin("watch")
  await write([
    ...Array.from({ length: 250 }, (_, index) => line(`request ${index}`)),
    line("payment refused: timeout", { side: "old", version: "1.6", place: "app2", process: "worker", stream: "err" }),
    noteOf("rate", 40, { side: "new", version: "1.7", place: "app1", process: "web" }),
    line("started again"),
  ])
  await write([line(XSS, { place: XSS, process: XSS, version: XSS })], "r-4")
  dashboard = await serve(server.url("shop"))
  cookie = await signIn(dashboard)
})

afterAll(async () => {
  await dashboard.close()
  await ledger.close()
  await server.stop()
  await removePrograms()
  rmSync(journal, { recursive: true, force: true })
})

function openAt(url: string): Promise<Ledger> {
  const more = { service: "shop", patience: 60, need: "required", entryPoint: "cli" } as const
  return openLedger({ url, journal: fileJournal(journal), ...more })
}

function serve(ledgerUrl: string): Promise<Dashboard> {
  return serveDashboard({
    settings: { ...settings, ledger: { ...settings.ledger, patience: 30 } },
    ledger: ledgerUrl,
    ...HERE,
    zone: "UTC",
    report: (error) => console.log(error),
  })
}

function line(text: string, more: Partial<LogEntry> = {}): LogEntry {
  return {
    ...{ side: "new", version: "1.7", place: "app1", process: "web", stream: "out", lines: 1, text },
    at: new Date().toISOString(),
    ...more,
  }
}

/** As a run writes a batch. */
async function write(lines: readonly LogEntry[], release = "r-7", url = server.url("shop")): Promise<void> {
  const store = lineStore(url, 60)
  await store.write({ service: "shop", environment: "production", release, run: `run-${release}` }, lines)
  await store.close()
}

const page = (path: string) => askDashboard(dashboard, path, { headers: { cookie } })
const textsOf = (html: string) => [...html.matchAll(/<li id="line-\d+".*?<code>(.*?)<\/code>/g)].map(([, text]) => text)

test("a page has the newest lines of both releases, filtered by its address alone, and leads to all older ones", async () => {
  const { text } = await page(RUN)
  expect(textsOf(text)).toHaveLength(LINES_ON_PAGE)
  expect(textsOf(text).slice(-2)).toEqual([
    "40 lines were left out here: more than are read of a container at once.",
    "started again",
  ])
  expect(text).toMatch(/252 lines kept, 40 left out\. Newest: .*<strong>(\d+ s old|no line for \d+ s)<\/strong>/)
  // page by page to the first line
  const found: (string | undefined)[] = []
  for (let path: string | undefined = RUN; path !== undefined; ) {
    const { text: part } = await page(path)
    found.unshift(...textsOf(part))
    path = /rel="next" href="([^"#]*)#logs"/.exec(part)?.[1]?.replaceAll("&amp;", "&")
  }
  expect(found).toHaveLength(253)
  expect(found.slice(0, 2)).toEqual(["request 0", "request 1"])

  const of = async (query: string) => textsOf((await page(`${RUN}?${query}`)).text)
  expect(await of("side=old")).toEqual(["payment refused: timeout"])
  expect(await of("container=APP2+work")).toEqual(["payment refused: timeout"])
  expect((await of("text=ReQuest+24")).slice(0, 2)).toEqual(["request 24", "request 240"])
  expect(await of("side=old&text=%25")).toEqual([])
  expect((await page(`${RUN}?side=old&text=_`)).text).toContain("No line matches.")
})

test("lines of an ended run stay on the page of its release, and none of them is markup", async () => {
  const { text } = await page("/environments/production/releases/r-4")
  expect(text).toContain("&lt;img src=x")
  for (const path of [
    "/environments/production/releases/r-4",
    `${RUN}?text=${encodeURIComponent(XSS)}&container=${encodeURIComponent(XSS)}`,
  ])
    expect((await page(path)).text, path).not.toMatch(
      /<img|<script(?! src="\/assets\/\w+\.js" defer>)|"[^"<>]*onerror="/,
    )
  expect((await page("/environments/production/releases/r-3")).text).toContain("its lines were deleted after 14 days")
})

describe("in a browser", () => {
  let browser: Browser
  beforeAll(async () => void (browser = await openBrowser()), INSTALL_MS)
  afterAll(() => browser.close())

  async function signedIn(more: Parameters<Browser["newContext"]>[0] = {}): Promise<BrowserContext> {
    const context = await browser.newContext({ baseURL: dashboard.address, ...more })
    const [name = "", value = ""] = cookie.split("=")
    await context.addCookies([{ name, value, url: dashboard.address }])
    return context
  }

  const atEnd = (tab: Page) =>
    tab.locator("#log-lines").evaluate((log) => log.scrollHeight - log.scrollTop - log.clientHeight < 9)

  test("new lines arrive and the newest stays in sight, until the reader scrolls up; what was typed and chosen stays", async () => {
    const context = await signedIn()
    const printed = listen(context)
    const tab = await context.newPage()
    await tab.goto(RUN)
    const follow = tab.getByLabel("Follow")
    await follow.waitFor()
    await expect.poll(() => atEnd(tab)).toBe(true)
    await tab.getByLabel("Text").fill("half a wo")
    await tab.getByLabel("Release").selectOption("old")
    await write([line("a new line")])
    await tab.getByText("a new line").waitFor()
    await expect.poll(() => atEnd(tab)).toBe(true)
    expect(await tab.getByLabel("Text").inputValue()).toBe("half a wo")
    expect(await tab.getByLabel("Release").inputValue()).toBe("old")

    await tab.locator("#log-lines").hover()
    await tab.mouse.wheel(0, -600)
    await expect.poll(() => follow.isChecked()).toBe(false)
    const first = await tab.locator("#log-lines li").first().getAttribute("id")
    const scrolled = await tab.locator("#log-lines").evaluate((log) => log.scrollTop)
    await write([line("one more"), line("and one")])
    await tab.getByText("255 lines kept").waitFor()
    // what is read stands still
    expect(await tab.locator("#log-lines li").first().getAttribute("id")).toBe(first)
    expect(await tab.locator("#log-lines").evaluate((log) => log.scrollTop)).toBe(scrolled)
    await follow.check()
    await tab.getByText("and one").waitFor()
    await expect.poll(() => atEnd(tab)).toBe(true)
    expect(await tab.locator("#log-lines li").count()).toBe(LINES_ON_PAGE)

    // the filter stays while lines arrive
    await tab.getByLabel("Text").fill("")
    await tab.getByRole("button", { name: "Filter", exact: true }).click()
    await tab.waitForURL(/side=old/)
    await write([line("not of the old one"), line("of the old one", { side: "old" })])
    await tab.getByText("of the old one", { exact: true }).waitFor()
    expect(await tab.getByText("not of the old one").count()).toBe(0)
    expect(printed).toEqual([])
    await context.close()
  })

  test.each([
    [360, "light"],
    [1280, "dark"],
  ] as const)("the page fits %d px in %s, axe finds nothing, and no line runs a script", async (width, colorScheme) => {
    const context = await signedIn({ viewport: { width, height: 800 }, colorScheme })
    const printed = listen(context)
    const tab = await context.newPage()
    for (const path of [RUN, "/environments/production/releases/r-4"]) {
      await tab.goto(path)
      expect(
        await tab.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth),
        path,
      ).toBeLessThanOrEqual(0)
      expect(await axeFindings(tab), path).toEqual([])
      expect(await tab.title(), path).not.toBe("owned")
      const folder = process.env["TOLLGATE_PICTURES"]
      if (folder !== undefined)
        await tab
          .locator("#logs")
          .screenshot({ path: join(folder, `logs-${width}-${colorScheme}${path.replace(/\W/g, "-")}.png`) })
    }
    expect(printed).toEqual([])
    await context.close()
  })

  test("without JavaScript the lines are filtered and paged, and there is no switch that does nothing", async () => {
    const context = await signedIn({ javaScriptEnabled: false })
    const tab = await context.newPage()
    await tab.goto(RUN)
    expect(await tab.getByLabel("Follow").isVisible()).toBe(false)
    await tab.getByLabel("Text").fill("request 1")
    await tab.getByRole("button", { name: "Filter", exact: true }).click()
    await tab.waitForURL(/text=request\+1/)
    expect(await tab.locator("#log-lines code").first().textContent()).toBe("request 1")
    await tab.getByRole("link", { name: "Clear" }).click()
    await tab.getByRole("link", { name: "Older lines" }).click()
    expect(await tab.locator("#log-lines code").first().textContent()).toBe("request 0")
    await context.close()
  })
})

describe("the table of log lines", () => {
  const sql = <Row>(statement: string, user = "app") =>
    server.query<Row & Record<string, unknown>>("kept", statement, user)
  let url = ""
  beforeAll(async () => {
    url = await server.createDatabase("kept")
    await (await openAt(url)).close()
  })

  test("comes to a ledger of the third layout, whose events stay", async () => {
    await sql("DROP TABLE tollgate_ledger.log_lines; COMMENT ON SCHEMA tollgate_ledger IS 'tollgate ledger, layout 3'")
    await (await openAt(url)).close()
    expect(await sql("SELECT * FROM tollgate_ledger.log_lines")).toEqual([])
  })

  test("is dated by the database, never changed, and emptied of what is 14 days old and not before", async () => {
    await write([line("kept")], "r-1", url)
    for (const [user, before] of [
      ["app", ""],
      ["postgres", "SET session_replication_role = replica; "],
    ] as const)
      for (const statement of [
        "UPDATE tollgate_ledger.log_lines SET text = 'x'",
        "DELETE FROM tollgate_ledger.log_lines",
      ])
        await expect(sql(`${before}${statement}`, user)).rejects.toThrow(/append-only|kept for 14 days/)
    await expect(sql("TRUNCATE tollgate_ledger.log_lines", "postgres")).rejects.toThrow("append-only")
    const add = (age: string) =>
      `INSERT INTO tollgate_ledger.log_lines (written_at, service, environment, release, run, side, version, place, process, stream, at, text, lines)
       SELECT now() - interval '${age}', service, environment, '${age}', run, side, version, place, process, stream, at, text, lines FROM tollgate_ledger.log_lines WHERE release = 'r-1'`
    // a date of the writer's own, and then real age
    await sql(add("20 days"))
    await sql(
      `ALTER TABLE tollgate_ledger.log_lines DISABLE TRIGGER dated; ${add("15 days")}; ${add("13 days")}; ALTER TABLE tollgate_ledger.log_lines ENABLE ALWAYS TRIGGER dated`,
    )
    // the next run deletes what is old
    await write([line("next")], "r-2", url)
    const left = await sql<{ release: string }>("SELECT release FROM tollgate_ledger.log_lines ORDER BY id")
    expect(left.map(({ release }) => release)).toEqual(["r-1", "20 days", "13 days", "r-2"])
  })

  test("is read by its index", async () => {
    const client = server.client("kept")
    await client.connect()
    await client.query("SET enable_seqscan = off; SET enable_bitmapscan = off; SET enable_sort = off")
    const values = ["shop", "production", "r-1", 9, "", "", "", 9]
    const { rows } = await client.query<{ "QUERY PLAN": string }>(`EXPLAIN ${LINES_OF_RELEASE}`, values)
    await client.end()
    const plan = rows.map((row) => row["QUERY PLAN"]).join("\n")
    expect(plan).toMatch(/Index Scan Backward using log_lines_of_release/)
    expect(plan).toMatch(/Index Cond: .*release = 'r-1'/)
    expect(plan).not.toContain("Sort")
  })

  test("needs a privilege of its own: without it lines are dropped, pages say so, and nothing fails", async () => {
    await server.query(
      "kept",
      `DO $$ BEGIN CREATE ROLE reader LOGIN PASSWORD 'reader-word'; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
       GRANT USAGE ON SCHEMA tollgate_ledger TO reader; GRANT SELECT ON tollgate_ledger.events, tollgate_ledger.leases, tollgate_ledger.samples TO reader`,
      "postgres",
    )
    const as = url.replace(/\/\/[^@]*@/, "//reader:reader-word@")
    const writer = new LineWriter(lineStore(as, 30), {
      service: "shop",
      environment: "production",
      release: "r-1",
      run: "1",
    })
    writer.add([line("x")])
    await expect
      .poll(() => writer.end(), { timeout: 30_000 })
      .toContain("its user may not insert into tollgate_ledger.log_lines")
    await writer.close()
    const owner = await openAt(url)
    await new Run(owner, "production", "r-1").start("1")
    await owner.close()
    const poor = await serve(as)
    try {
      const { status, text } = await askDashboard(poor, RUN, { headers: { cookie: await signIn(poor) } })
      expect(status).toBe(200)
      expect(text).toContain("GRANT SELECT ON tollgate_ledger.log_lines TO")
    } finally {
      await poor.close()
    }
  })
})
