import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { request } from "node:http"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Browser, BrowserContext } from "playwright-core"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { z } from "zod"
import { recordRun } from "../../cli/ci/record-run.js"
import {
  ENDS_OF_RELEASES,
  FIRST_FROM,
  LATEST_OF_KIND,
  OF_KIND_AFTER,
  OF_RELEASES,
  POSITION,
  STARTS_BEFORE,
} from "../../core/dashboard/reading/rows.js"
import { type Dashboard, serveDashboard } from "../../core/dashboard/server/listen.js"
import { MOST_WRONG } from "../../core/dashboard/server/sign-in.js"
import { fileJournal } from "../../core/ledger/journal-file.js"
import type { Lease, Ledger } from "../../core/ledger/ledger.js"
import { openLedger } from "../../core/ledger/open.js"
import { SAMPLES_OF_RELEASE } from "../../core/ledger/samples/rows.js"
import type { Sample } from "../../core/ledger/samples/sample.js"
import { ledgerStore } from "../../core/ledger/samples/writer.js"
import { axeFindings, INSTALL_MS, listen, openBrowser } from "../browser.js"
import { PostgresServer, removePrograms } from "../database/postgres-server.js"
import { useEngine } from "../engine/session.js"
import { aStatus, ended } from "../unit/ci-samples.js"
import { sampleOf } from "../unit/picture-samples.js"
import { type Answer, type Asked, askDashboard, cookieOf, HERE, postLink, signIn, tokenOf } from "./dashboard-client.js"
import { fillLedger, longHistory, Run, settings, XSS } from "./dashboard-samples.js"

useEngine()

/** Releases of the environment `archive`, ten events each. */
const LONG = 2000

let server: PostgresServer
let ledger: Ledger
let lease: Lease
let run: Run
let dashboard: Dashboard
let cookie = ""
const journal = mkdtempSync(join(tmpdir(), "tollgate-test-journal-"))
const reported: unknown[] = []

beforeAll(async () => {
  server = await PostgresServer.start()
  const url = await server.createDatabase("shop")
  // a busy machine may need longer for a line than a deployment waits
  ledger = await openLedger({
    url,
    service: "shop",
    patience: 60,
    journal: fileJournal(journal),
    need: "required",
    entryPoint: "cli",
  })
  await server.query("shop", longHistory(LONG), "postgres")
  await fillLedger(ledger)
  lease = await ledger.takeLease({
    environment: "production",
    run: "run-r-7",
    owner: "laptop",
    command: "deploy",
    who: "Mei Lin",
    seconds: 3600,
  })
  run = new Run(ledger, "production", "r-7", { token: lease.token })
  await run.start("7")
  await run.steps(9)
  await run.begin("migrate")
  const now = Date.now()
  for (const release of ["r-4", "r-7"])
    await writeSamples(release, [
      watched("errors", 0.1, now - 60_000, { phase: "before" }),
      ...[50, 40, 30].map((ago, index) => watched("errors", index === 1 ? null : 0.2, now - ago * 1000)),
      watched("p95", 0.2, now - 30_000),
    ])
  dashboard = await serve()
  cookie = await signIn(dashboard)
})
afterAll(async () => {
  await dashboard.close()
  await lease.release()
  await ledger.close()
  await server.stop()
  await removePrograms()
  rmSync(journal, { recursive: true, force: true })
})

/** Written as a run writes a batch, and waited for. */
async function writeSamples(release: string, samples: readonly Sample[]): Promise<void> {
  const store = ledgerStore(server.url("shop"), 60)
  await store.write({ service: "shop", environment: "production", release, run: `run-${release}` }, samples)
  await store.close()
}

function watched(metric: string, value: number | null, at: number, more: Partial<Sample> = {}): Sample {
  return { ...sampleOf(metric, value, 0), since: at - 10_000, at, ...more }
}

/** @param patience seconds: with 30 a busy machine does not look like a lost ledger */
function serve(patience = 30): Promise<Dashboard> {
  const patient = { ...settings, ledger: { ...settings.ledger, patience } }
  return serveDashboard({
    settings: patient,
    ledger: server.url("shop"),
    ...HERE,
    zone: "Asia/Taipei",
    report: (error) => void reported.push(error),
  })
}

const ask = (path: string, { of = dashboard, ...given }: Asked & { of?: Dashboard } = {}) =>
  askDashboard(of, path, given)

const page = (path: string) => ask(path, { headers: { cookie } })

const PAGES = [
  "/",
  "/history",
  "/key",
  "/pipeline",
  "/environments/production",
  "/environments/production/run",
  "/environments/production/releases/r-4",
  "/environments/production/difference?from=r-2&to=r-3",
  "/environments/staging",
  "/environments/staging/run",
  "/environments/staging/releases/r-xss",
]

const events = async () =>
  (await server.query<{ count: string }>("shop", "SELECT count(*) FROM tollgate_ledger.events"))[0]?.count

describe("the sign-in", () => {
  test("accepts a link once; opening it does not use it up", async () => {
    const link = dashboard.newLink()
    const path = link.slice(dashboard.address.length)
    expect((await ask(path)).text).toContain(`value="${tokenOf(link)}"`)
    expect((await ask(path)).status).toBe(200)
    const first = await postLink(dashboard, tokenOf(link))
    expect(first).toMatchObject({ status: 303, headers: { location: "/" } })
    expect(String(first.headers["set-cookie"])).toMatch(
      /^tollgate-\d+=[\w-]{43}; Max-Age=43200; Path=\/; HttpOnly; SameSite=Strict$/,
    )
    const second = await postLink(dashboard, tokenOf(link))
    expect(second.status).toBe(403)
    expect(second.headers["set-cookie"]).toBeUndefined()
  })

  test("never accepts a session id that the browser chose", async () => {
    const planted = cookie.replace(/=.*/, `=${"A".repeat(43)}`)
    const answer = await postLink(dashboard, tokenOf(dashboard.newLink()), { cookie: planted })
    expect(answer.status).toBe(303)
    expect(cookieOf(answer)).not.toBe(planted)
    expect((await ask("/", { headers: { cookie: planted } })).status).toBe(401)
  })

  test("is needed for every page and for the stream, which show nothing of the ledger before", async () => {
    for (const path of [...PAGES, "/stream", "/nothing"]) {
      const { status, text } = await ask(path)
      expect(status, path).toBe(401)
      expect(text, path).not.toMatch(/production|r-4|Mei Lin/)
    }
  })

  test("ends with the person's sign-out", async () => {
    const own = await signIn(dashboard)
    const headers = { cookie: own, origin: dashboard.address }
    expect((await ask("/", { headers })).status).toBe(200)
    expect((await ask("/sign-out", { headers })).status).toBe(404)
    expect((await ask("/sign-out", { method: "POST", headers })).status).toBe(303)
    expect((await ask("/", { headers })).status).toBe(401)
  })

  test("stops guessing of links", async () => {
    const guessed = await serve()
    try {
      for (let guess = 0; guess < MOST_WRONG; guess += 1)
        expect((await postLink(guessed, "x".repeat(43))).status).toBe(403)
      const answer = await postLink(guessed, tokenOf(guessed.newLink()))
      expect(answer.status).toBe(429)
      expect(Number(answer.headers["retry-after"])).toBeGreaterThan(0)
    } finally {
      await guessed.close()
    }
  })
})

describe("what a browser or another site may do", () => {
  test("is bound by the headers of every answer: own scripts and styles alone, no frame, no copy on the disk", async () => {
    for (const path of [...PAGES, "/nothing", "/sign-in"]) {
      const { headers } = await page(path)
      expect(headers["content-security-policy"], path).toBe(
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
      )
      expect(headers, path).toMatchObject({
        "x-frame-options": "DENY",
        "x-content-type-options": "nosniff",
        "cache-control": "no-store",
      })
    }
  })

  test("refuses forms of other sites, and requests for another host name", async () => {
    const link = dashboard.newLink()
    for (const origin of ["https://evil.example", "null", "http://127.0.0.1:1"]) {
      expect((await postLink(dashboard, tokenOf(link), { origin })).status).toBe(403)
      expect((await ask("/sign-out", { method: "POST", headers: { cookie, origin } })).status).toBe(403)
    }
    expect((await ask("/sign-out", { method: "POST", headers: { cookie } })).status).toBe(403)
    expect((await page("/")).status).toBe(200)
    expect((await ask("/", { headers: { cookie, host: "evil.example" } })).status).toBe(421)
    expect((await postLink(dashboard, tokenOf(link))).status).toBe(303)
  })

  test("reaches no file outside the assets", async () => {
    for (const path of [
      "/assets/../package.json",
      "/assets/..%2f..%2fpackage.json",
      "/assets/%2e%2e/%2e%2e/package.json",
      "/assets//etc/passwd",
      "/environments/..%2f..%2fetc%2fpasswd",
      "/environments/production/releases/..%2f..%2f..%2fetc%2fpasswd",
      "/environments/__proto__",
      "/environments/constructor/run",
    ]) {
      const { status, text } = await page(path)
      expect(status, path).toBe(404)
      expect(text, path).not.toMatch(/devDependencies|root:x/)
    }
  })

  test("changes nothing: after all pages the ledger has the same events", async () => {
    const before = await events()
    for (const path of PAGES) expect((await page(path)).status, path).toBe(200)
    for (const method of ["POST", "PUT", "PATCH", "DELETE"])
      expect(
        (await ask("/environments/production", { method, headers: { cookie, origin: dashboard.address } })).status,
      ).toBe(404)
    expect(await events()).toBe(before)
  })

  test("escapes whatever a commit, a name, a note, a cause or an address contains", async () => {
    const hostile = encodeURIComponent(XSS)
    for (const path of [
      ...PAGES,
      `/history?who=${hostile}&env=${hostile}&from=${hostile}`,
      `/environments/production/difference?from=${hostile}&to=${hostile}`,
      `/environments/${hostile}`,
      `/environments/production/releases/${hostile}`,
      `/sign-in?token=${hostile}`,
    ])
      expect((await page(path)).text, path).not.toMatch(
        /<img|<script(?! src="\/assets\/\w+\.js" defer>)|"[^"<>]*onerror="/,
      )
    expect((await page("/environments/staging/releases/r-xss")).text).toContain("&lt;img src=x")
    expect(reported).toEqual([])
  })
})

describe("the pages", () => {
  test("show of an environment what serves, who holds the lease, what blocks, and what waits for whom", async () => {
    const { text } = await page("/environments/production")
    for (const words of [
      // the latest release failed: what it verified to serve afterwards is the one before
      "<strong>1.3</strong>",
      "The lease is held: deploy by Mei Lin, run run-r-7.",
      "Each release needs 1 approval of its own plan.",
      "plan-666666666666",
      "Bo Chen: no, wrote a commit of this plan as Bo Chen",
      "saturday, 00:00 to 24:00 Asia/Taipei: the weekend",
    ])
      expect(text).toContain(words)
    expect((await page("/")).text).toContain("maintenance</span>")
  })

  test("show of each branch the runs of ci that were recorded, with their gates", async () => {
    await recordRun(
      ledger,
      "shop",
      { branch: "fix", change: null, base: "main" },
      { status: aStatus({ scan: ended({ verdict: "failed", words: "2 findings" }) }), report: null },
    )
    await expect.poll(async () => (await page("/pipeline")).text).toContain("<h2>fix ")
    const { text } = await page("/pipeline")
    expect(text).toContain("Duration of the last 2 runs of main, 0 not passed")
    const [, number = ""] = /href="\/pipeline\/(\d+)"/.exec(text) ?? []
    const { text: run } = await page(`/pipeline/${number}`)
    for (const words of ["2 findings", "coverage 98.99", "unchanged since", "sha256:0123456789abcdef"])
      expect(run).toContain(words)
    for (const other of ["0", "1", "99999999", "x", "-1", "1e3", "..%2f1"])
      expect((await page(`/pipeline/${other}`)).status, other).toBe(404)
  })

  test("show of a release its steps, causes, break-glass and every event", async () => {
    const { text } = await page("/environments/production/releases/r-4")
    for (const words of [
      "checkout is down for everyone",
      "smoke: POST /checkout answered 500",
      "the service logged: KeyError: &#39;amount&#39;",
      "break-glass: overrides approval-too-few",
      "smoke: failed, 1.2 s",
    ])
      expect(text).toContain(words)
    const { text: difference } = await page("/environments/production/difference?from=r-2&to=r-3")
    for (const words of ["<strong>added</strong> 0007_refunds", "<strong>removed</strong> PUBLIC_BASE_URL"])
      expect(difference).toContain(words)
  })

  test.each([
    [
      "outcome=failed&from=2026-01-15&to=2026-09-30",
      "s.outcome = 'failed' AND s.at >= '2026-01-15Z' AND s.at < '2026-10-01Z'",
    ],
    ["who=mei&action=rollback", "s.who = 'Mei Lin' AND s.action = 'rollback'"],
  ])("filter the history by %s, page by page to its end", async (filter, where) => {
    const found: (string | undefined)[] = []
    for (let path: string | undefined = `/history?env=archive&${filter}`; path !== undefined; ) {
      const { text }: Answer = await page(path)
      found.push(...[...text.matchAll(/releases\/(a-\d+)"/g)].map(([, id]) => id))
      path = /rel="next" href="([^"]*)"/.exec(text)?.[1]?.replaceAll("&amp;", "&")
    }
    const rows = await server.query<{ release: string }>(
      "shop",
      `SELECT s.release FROM tollgate_ledger.releases s WHERE s.environment = 'archive' AND ${where} ORDER BY s.number DESC`,
    )
    expect(rows.length).toBeGreaterThan(20)
    expect(found).toEqual(rows.map(({ release }) => release))
  })

  test("ask the ledger by its indexes alone, however long the history is", async () => {
    const client = server.client("shop")
    await client.connect()
    const scans: string[] = []
    try {
      for (const [sql, values] of [
        [POSITION, ["shop"]],
        [LATEST_OF_KIND, ["shop", "archive", "release-started", 100]],
        [OF_KIND_AFTER, ["shop", "archive", "broke-glass", 0, 1000]],
        [STARTS_BEFORE, ["shop", "archive", 5000, 1, 50]],
        [OF_RELEASES, ["shop", "archive", ["a-1", "a-2", "a-3"], 1000]],
        [ENDS_OF_RELEASES, ["shop", "archive", ["a-1", "a-2", "a-3"], 1000]],
        [FIRST_FROM, [5000]],
      ] as const) {
        const { rows } = await client.query<{ "QUERY PLAN": unknown }>(`EXPLAIN (FORMAT JSON) ${sql}`, [...values])
        const plan = JSON.stringify(rows[0]?.["QUERY PLAN"])
        // only the few events of some releases are sorted
        const sorts = plan.includes('"Node Type":"Sort"') && ![OF_RELEASES, ENDS_OF_RELEASES].includes(sql)
        if (/"Seq Scan","Parallel Aware":\w+,"Async Capable":\w+,"Relation Name":"events"/.test(plan) || sorts)
          scans.push(sql)
        if (!plan.includes('"Relation Name":"events"')) scans.push(`not of the events: ${sql}`)
      }
    } finally {
      await client.end()
    }
    expect(scans).toEqual([])
  })

  test("show what the watch of a release measured, with its figures as text, also when the run is over", async () => {
    for (const path of ["run", "releases/r-4"]) {
      const { text } = await page(`/environments/production/${path}`)
      expect(text.match(/<svg class="chart"/g), path).toHaveLength(2)
      expect(text).toContain('<title id="chart-errors-title">Error rate: 0.20 % of 100 requests, within the threshold.')
      expect(text).not.toMatch(/ style=/)
    }
    expect((await page("/environments/production/releases/r-3")).text).toContain("No sample: the run did not get to")
  })

  test("ask for the samples of a release by their index", async () => {
    const client = server.client("shop")
    await client.connect()
    await client.query("SET enable_seqscan = off; SET enable_bitmapscan = off")
    const { rows } = await client.query<{ "QUERY PLAN": string }>(`EXPLAIN ${SAMPLES_OF_RELEASE}`, [
      "shop",
      "x",
      "r",
      9,
    ])
    await client.end()
    const plan = rows.map((row) => row["QUERY PLAN"]).join("\n")
    expect(plan).toMatch(/Index Scan Backward using samples_of_release/)
    expect(plan).not.toContain("Sort")
  })

  test("of samples are told once for each batch, without a new event", async () => {
    const messages = openStream()
    const first = await messages.next()
    await writeSamples("r-4", [watched("errors", 0.3, Date.now()), watched("p95", 0.3, Date.now())])
    const second = await messages.next()
    await messages.end()
    expect([first.event, second.event]).toEqual(["ledger", "samples"])
    expect(second.data.number).toBe(first.data.number)
    expect((await page("/environments/production/releases/r-4")).text).toContain("Error rate: 0.30 % of 100 requests")
  })

  test("come with the number of the latest event, which the stream has as its sequence number", async () => {
    const messages = openStream()
    const first = await messages.next()
    await run.done("migrate")
    const second = await messages.next()
    await messages.end()
    expect([first.event, second.event]).toEqual(["ledger", "ledger"])
    expect(second.data).toMatchObject({ state: "online", number: first.data.number + 1 })
    expect(second.id).toBe(String(second.data.number))
    const { text } = await page("/environments/production/run")
    expect(text).toContain(`data-number="${second.data.number}"`)
  })
})

const message = z.object({ state: z.string(), number: z.number(), why: z.string() })

/** Messages of the stream, without the beats. */
function openStream() {
  const { hostname, port, host } = new URL(dashboard.address)
  const waiting: ((text: string) => void)[] = []
  const arrived: string[] = []
  let rest = ""
  const sent = request({ hostname, port, path: "/stream", headers: { host, cookie } }, (answer) => {
    answer.setEncoding("utf8").on("data", (part: string) => {
      const blocks = (rest + part).split("\n\n")
      rest = blocks.pop() ?? ""
      for (const block of blocks.filter((one) => !one.includes("event: beat"))) {
        const next = waiting.shift()
        if (next === undefined) arrived.push(block)
        else next(block)
      }
    })
  })
  sent.on("error", () => undefined)
  sent.end()
  return {
    next: async () => {
      const block = arrived.shift() ?? (await new Promise<string>((done) => waiting.push(done)))
      const field = (name: string) => new RegExp(`^${name}: (.*)$`, "m").exec(block)?.[1] ?? ""
      return { event: field("event"), id: field("id"), data: message.parse(JSON.parse(field("data"))) }
    },
    end: async () => void sent.destroy(),
  }
}

describe("in a browser", () => {
  let browser: Browser
  beforeAll(async () => void (browser = await openBrowser()), INSTALL_MS)
  afterAll(() => browser.close())

  async function signedIn(
    more: Parameters<Browser["newContext"]>[0] = {},
    of: Dashboard = dashboard,
  ): Promise<BrowserContext> {
    const context = await browser.newContext(more)
    const [name = "", value = ""] = (await signIn(of)).split("=")
    await context.addCookies([{ name, value, url: of.address }])
    return context
  }

  test("a stored report runs no script, and its links work", async () => {
    const folder = mkdtempSync(join(tmpdir(), "tollgate-test-report-"))
    try {
      mkdirSync(join(folder, "test"))
      writeFileSync(
        join(folder, "index.html"),
        `<title>report</title><script>document.title = "ran"</script>${XSS}<a href="test/report.html#why-e2e">e2e</a>`,
      )
      writeFileSync(join(folder, "test/report.html"), '<h1 id="why-e2e">why</h1>')
      const place = { branch: "reported", change: null, base: null }
      const words = await recordRun(ledger, "shop", place, { status: aStatus(), report: folder })
      expect(words).toMatch(/^Recorded in the ledger\.\nReport stored: 2 files, \d+ bytes compressed\.$/)
      await expect.poll(async () => (await page("/pipeline")).text).toContain("<h2>reported")
      const [address = ""] = /\/reports\/\d+\/index\.html/.exec((await page("/pipeline")).text) ?? []
      const context = await browser.newContext()
      const [name = "", value = ""] = cookie.split("=")
      await context.addCookies([{ name, value, url: dashboard.address, httpOnly: true, sameSite: "Strict" }])
      const tab = await context.newPage()
      await tab.goto(dashboard.address + address)
      expect(await tab.title()).toBe("report")
      await tab.click("text=e2e")
      await tab.waitForURL(/\/test\/report\.html#why-e2e$/)
      expect(await tab.textContent("h1")).toBe("why")
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })

  test("the link from the terminal signs in, with the keyboard alone", async () => {
    const context = await browser.newContext()
    const tab = await context.newPage()
    await tab.goto(dashboard.newLink())
    await tab.locator("#sign-in:focus").waitFor()
    await tab.keyboard.press("Enter")
    await tab.waitForURL(`${dashboard.address}/`)
    expect(await tab.textContent("h1")).toBe("Environments")
    await tab.keyboard.press("Tab")
    expect(await tab.evaluate(() => document.activeElement?.textContent)).toBe("Skip to the content")
    await context.close()
  })

  test.each([
    [360, 780, "light"],
    [360, 780, "dark"],
    [1280, 800, "light"],
    [1280, 800, "dark"],
    [3840, 2160, "light"],
    [3840, 2160, "dark"],
  ] as const)("pages fit %d × %d in %s, and axe finds nothing", async (width, height, colorScheme) => {
    const context = await signedIn({ viewport: { width, height }, colorScheme })
    const printed = listen(context)
    const tab = await context.newPage()
    // each page is seen at each width, and in both schemes
    const half = (colorScheme === "light") === (width === 1280) ? 1 : 0
    const wanted = PAGES.filter((_, index) => index % 2 === half)
    for (const path of wanted) {
      await tab.goto(dashboard.address + path)
      expect(
        await tab.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth),
        path,
      ).toBeLessThanOrEqual(0)
      expect(await axeFindings(tab), path).toEqual([])
      expect(await tab.title(), path).not.toBe("owned")
      const folder = process.env["TOLLGATE_PICTURES"]
      if (folder !== undefined)
        await tab.screenshot({ path: `${folder}/dashboard${path.replace(/\W/g, "-")}-${colorScheme}-${width}.png` })
    }
    expect(printed).toEqual([])
    await context.close()
  })

  test("samples change the picture of an open page", async () => {
    const context = await signedIn()
    const printed = listen(context)
    const watching = await context.newPage()
    await watching.goto(`${dashboard.address}/environments/production/run`)
    await watching.locator("#picture-errors .now", { hasText: "0.20 % of 100 requests" }).waitFor()
    await writeSamples("r-7", [watched("errors", 42, Date.now())])
    await watching.locator("#picture-errors .now", { hasText: "42.00 % of 100 requests" }).waitFor()
    await watching.locator("#picture-errors .chip", { hasText: "outside the threshold" }).waitFor()
    expect(printed).toEqual([])
    await context.close()
  })

  test("an event changes the page, and what a person opened, typed and focused stays", async () => {
    const context = await signedIn()
    const printed = listen(context)
    const [watched, history] = [await context.newPage(), await context.newPage()]
    await watched.goto(`${dashboard.address}/environments/production/run`)
    await watched.getByText("figures of policy").click()
    await history.goto(`${dashboard.address}/history`)
    await history.getByLabel("By").fill("An W")
    await history.getByLabel("Outcome").selectOption("failed")
    await history.getByLabel("To (UTC)").focus()
    const { text: old } = await page("/environments/production/run")
    await run.begin("start")
    await watched.getByText("start: started").waitFor()
    expect(await watched.locator("details[open]").count()).toBe(1)
    const number = await watched.getAttribute("#freshness", "data-number")
    await history.waitForFunction(
      (latest) => document.querySelector<HTMLElement>("#freshness")?.dataset["number"] === latest,
      number,
    )
    expect(await history.inputValue("[name=who]")).toBe("An W")
    expect(await history.inputValue("[name=outcome]")).toBe("failed")
    expect(await history.evaluate(() => document.activeElement?.getAttribute("name"))).toBe("to")

    // an answer that was overtaken
    let answers = 0
    await watched.route("**/environments/production/run", async (route) => {
      await route.fulfill({ body: old, contentType: "text/html" })
      answers += 1
    })
    await run.done("start")
    while (answers === 0) await watched.waitForTimeout(50)
    await watched.waitForTimeout(200)
    expect(await watched.getByText("start: started").count()).toBe(1)
    expect(printed).toEqual([])
    await context.close()
  })

  test("a browser that slept for an hour says that its page is old until it has read it again; its wrong clock signs no time", async () => {
    const context = await signedIn()
    const tab = await context.newPage()
    const hour = 3_600_000
    await tab.clock.install({ time: Date.now() - 2 * hour })
    await tab.goto(`${dashboard.address}/environments/production/run`)
    await tab.getByText("Up to date.").waitFor()
    const signs = () => tab.evaluate<number>("tollgate.now()")
    expect(Math.abs((await signs()) - Date.now())).toBeLessThan(hour / 2)
    let asked = 0
    let answers = (): void => undefined
    const answered = new Promise<void>((done) => (answers = done))
    await tab.route("**/environments/production/run", async (route) => {
      asked += 1
      await answered
      await route.continue()
    })
    // the clock went on, and the browser's count of time did not
    await tab.clock.setSystemTime(Date.now() - hour)
    await tab.getByText("This browser was asleep").waitFor()
    expect(await tab.getAttribute("body", "class")).toContain("stale")
    await expect.poll(() => asked).toBeGreaterThan(0)
    answers()
    await tab.locator("body:not(.stale)").waitFor()
    expect(Math.abs((await signs()) - Date.now())).toBeLessThan(hour / 2)
    await context.close()
  })

  test("without JavaScript a page is complete, and says how to read it again", async () => {
    const context = await signedIn({ javaScriptEnabled: false })
    const tab = await context.newPage()
    await tab.goto(`${dashboard.address}/environments/production/run`)
    expect(await tab.textContent("main")).toContain("Run of 1.7")
    expect(await tab.textContent("noscript")).toContain("Reload the page")
    await context.close()
  })

  test("a ledger that is lost is a state of its own, never green, and its pages recover by themselves", async () => {
    const impatient = await serve(2)
    const context = await signedIn({}, impatient)
    const [watched, opened] = [await context.newPage(), await context.newPage()]
    await watched.goto(impatient.address)
    await watched.getByText("Up to date.").waitFor()
    await server.kill()
    await watched.getByText("The ledger is unreachable").waitFor()
    // what was read before is grey and called old
    expect(await watched.textContent("#connection")).toContain("This page is out of date.")
    expect(await watched.getAttribute("body", "class")).toContain("stale")
    const lost = await opened.goto(`${impatient.address}/environments/production`)
    expect(lost?.status()).toBe(503)
    expect(await opened.textContent("h1")).toContain("The ledger is unreachable")
    expect(await opened.locator("main .passed").count()).toBe(0)
    const [cookie] = await context.cookies()
    const request = await ask("/environments/production/requests", {
      of: impatient,
      method: "POST",
      headers: {
        ...{
          cookie: `${cookie?.name}=${cookie?.value}`,
          origin: impatient.address,
          "content-type": "application/json",
        },
        "x-tollgate-token": (await opened.getAttribute("#freshness", "data-token")) ?? "",
      },
      body: "{}",
    })
    expect(request).toMatchObject({ status: 503, text: expect.stringContaining("ledger-unreachable") })
    await server.resume()
    await watched.locator("body:not(.stale)").waitFor({ timeout: 120_000 })
    await opened.getByText("What blocks a deployment").waitFor({ timeout: 120_000 })
    await context.close()
    await impatient.close()
  })
})
