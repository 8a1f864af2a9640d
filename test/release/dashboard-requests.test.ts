import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Browser, BrowserContext } from "playwright-core"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { z } from "zod"
import { type Dashboard, serveDashboard } from "../../core/dashboard/server/listen.js"
import { fileJournal } from "../../core/ledger/journal-file.js"
import type { Ledger } from "../../core/ledger/ledger.js"
import { openLedger } from "../../core/ledger/open.js"
import { countedApprovals, givenApprovals } from "../../core/release/approval/given.js"
import { readPrivateKey } from "../../core/release/approval/key.js"
import { readRecords } from "../../core/release/approval/records.js"
import { planFileEvent, plannedEvent } from "../../core/release/plan/make.js"
import { identityOf } from "../../core/release/plan/plan-id.js"
import { REQUEST_KINDS, type RequestState, requestsOf } from "../../core/requests/fold.js"
import type { RequestAction, RequestFile } from "../../core/requests/request.js"
import { type NewRequest, signRequest } from "../../core/requests/sign.js"
import { seenNow } from "../../core/requests/write.js"
import { serve } from "../../core/runner/serve.js"
import type { Works } from "../../core/runner/works.js"
import { INSTALL_MS, listen, openBrowser } from "../browser.js"
import { PostgresServer, removePrograms } from "../database/postgres-server.js"
import { useEngine } from "../engine/session.js"
import { plan } from "../unit/approval-samples.js"
import { type Answer, askDashboard, HERE, signIn } from "./dashboard-client.js"
import { adopt, EVE, type Key, KIM, MEI, OLD, operated } from "./dashboard-operators.js"
import { Run } from "./dashboard-samples.js"
import { checkPages, type Tab } from "./dashboard-session.js"

useEngine()

const settings = operated()
const PATH = "/environments/production/requests"
const ROLLBACK: RequestAction = { kind: "rollback", to: "" }
const OFF: RequestAction = { kind: "maintenance", on: false, message: "Back" }
const PLANNED = { authorsUnknown: "", settings: {}, commits: null, revision: null }
const later = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString()

let server: PostgresServer
let ledger: Ledger
let dashboard: Dashboard
let cookie = ""
let token = ""
const journal = mkdtempSync(join(tmpdir(), "tollgate-test-journal-"))
const reported: unknown[] = []

beforeAll(async () => {
  server = await PostgresServer.start()
  const url = await server.createDatabase("shop")
  ledger = await openLedger({
    url,
    service: "shop",
    patience: 60,
    journal: fileJournal(journal),
    need: "required",
    entryPoint: "cli",
  })
  await adopt(settings, ledger)
  for (const one of ["1", "2"]) await release(one)
  dashboard = await opened(url)
  cookie = await signIn(dashboard)
  token = await tokenFor(cookie)
})
afterAll(async () => {
  await dashboard.close()
  await ledger.close()
  await server.stop()
  await removePrograms()
  rmSync(journal, { recursive: true, force: true })
})

const opened = (ledgerUrl: string) =>
  serveDashboard({
    settings,
    ledger: ledgerUrl,
    ...HERE,
    zone: "UTC",
    report: (error) => void reported.push(error),
  })

async function release(one: string): Promise<void> {
  const run = new Run(ledger, "production", `r-${one}`)
  await run.start(one)
  await run.end(one)
}

const page = (path: string, session = cookie) => askDashboard(dashboard, path, { headers: { cookie: session } })

async function tokenFor(session: string): Promise<string> {
  return /data-token="([\w-]{43})"/.exec((await page("/", session)).text)?.[1] ?? ""
}

const headers = (more: Record<string, string> = {}) => ({
  cookie,
  origin: dashboard.address,
  "content-type": "application/json",
  "x-tollgate-token": token,
  ...more,
})

const post = (file: unknown, more: Record<string, string> = {}): Promise<Answer> =>
  askDashboard(dashboard, PATH, { method: "POST", headers: headers(more), body: JSON.stringify(file) })

/** As a browser signs it, by the state of now. */
async function signed(key: Key, who: string, more: Partial<NewRequest> = {}): Promise<RequestFile> {
  return signRequest(
    {
      service: "shop",
      environment: "production",
      action: ROLLBACK,
      reason: "checkout is slow",
      who,
      sees: await seenNow(ledger, "production"),
      now: new Date(),
      validity: 600,
      ...more,
    },
    readPrivateKey(key.privatePem, null),
  )
}

const answered = z.object({
  request: z.string().optional(),
  problems: z.array(z.object({ code: z.string(), message: z.string() })).optional(),
})

const codesOf = ({ text }: Answer) => answered.parse(JSON.parse(text)).problems?.map(({ code }) => code)

const states = async (): Promise<RequestState[]> =>
  requestsOf(await ledger.eventsOfKinds("production", REQUEST_KINDS, 0)).map(({ state }) => state)

/** A runner of its own connection, whose functions change the ledger alone. */
async function runner(): Promise<void> {
  const own = await openLedger({
    url: server.url("shop"),
    service: "shop",
    patience: 60,
    journal: fileJournal(journal),
    need: "required",
    entryPoint: "cli",
  })
  const works: Works = {
    rollback: async ({ who, to, from }) => ({ outcome: "done", release: null, note: `${who}: ${to} from ${from}` }),
    maintenance: async ({ who, action }) => {
      const context = { service: "shop", environment: "production", release: null, run: "run-m", token: null, who }
      await own.record(context, { kind: "maintenance", on: action.on, message: action.message })
      return { outcome: "done", release: null, note: action.message }
    },
    deploy: null,
    recover: () => expect.unreachable(),
  }
  const caller = { who: "the runner", owner: "the test" }
  const request = { environment: "production", caller, once: true, signal: new AbortController().signal }
  await serve(settings, { ...request, tell: () => undefined, redact: (text) => text }, own, works)
  await own.close()
}

describe("a signed request that a browser sends", () => {
  test("is recorded once, under the name of its key, and a runner executes it", async () => {
    const file = await signed(MEI, "Mei Lin")
    const answer = await post(file)
    expect(answer).toMatchObject({ status: 201, text: JSON.stringify({ request: file.statement.id }) })
    const { text } = await page("/environments/production")
    expect(text).toContain("waits for a runner")
    expect(text).toContain("No runner of production is running")
    expect(codesOf(await post(file))).toEqual(["request-replayed"])
    await runner()
    expect(await states()).toMatchObject([{ outcome: "done", note: "Mei Lin:  from r-2" }])
    const [event] = await ledger.eventsOfKind("production", "requested")
    expect(event).toMatchObject({ id: file.statement.id, context: { who: "Mei Lin" }, what: { signed: file } })
    expect(await ledger.verify()).toMatchObject({ kind: "whole" })
  })

  test("can be scheduled, and canceled by a person who may request it, until a runner has it", async () => {
    const tonight = await signed(MEI, "Mei Lin", { action: { kind: "schedule", at: later(3600), action: ROLLBACK } })
    expect((await post(tonight)).status).toBe(201)
    const cancel: RequestAction = { kind: "cancel", request: tonight.statement.id }
    // Kim may not request a rollback
    expect(codesOf(await post(await signed(KIM, "Kim Ho", { action: cancel })))).toEqual(["request-not-allowed"])
    const row = `id="ask-cancel-${tonight.statement.id}" data-needs="rollback"`
    expect((await page("/environments/production")).text).toContain(row)
    expect((await post(await signed(MEI, "Mei Lin", { action: cancel }))).status).toBe(201)
    await runner()
    expect((await states()).slice(-2)).toMatchObject([{ outcome: "canceled" }, { outcome: "done" }])
    expect((await page("/environments/production")).text).not.toContain(row)
    expect(codesOf(await post(await signed(MEI, "Mei Lin", { action: cancel })))).toEqual(["request-target"])
  })

  const attacks: [string, string, () => Promise<unknown>][] = [
    ["an unlisted person's", "request-unknown-key", () => signed(EVE, "Mei Lin")],
    ["one in another person's name", "request-who", () => signed(KIM, "Mei Lin", { action: OFF })],
    ["one for what its person may not request", "request-not-allowed", () => signed(KIM, "Kim Ho")],
    ["one by a revoked key", "request-key-revoked", () => signed(OLD, "Old Key")],
    [
      "one that was changed after it was signed",
      "request-bad-signature",
      async () => {
        const file = await signed(MEI, "Mei Lin")
        return { ...file, statement: { ...file.statement, reason: "another reason" } }
      },
    ],
    [
      "one under another person's key",
      "request-bad-signature",
      async () => {
        const file = await signed(EVE, "Mei Lin")
        return { ...file, statement: { ...file.statement, key: MEI.publicKey } }
      },
    ],
    ["another environment's", "request-other-environment", () => signed(MEI, "Mei Lin", { environment: "staging" })],
    ["another service's", "request-other-service", () => signed(MEI, "Mei Lin", { service: "other" })],
    ["an expired one", "request-expired", () => signed(MEI, "Mei Lin", { now: new Date(Date.now() - 700_000) })],
    [
      "one of a clock that is ahead",
      "request-not-yet-valid",
      () => signed(MEI, "Mei Lin", { now: new Date(Date.now() + 600_000) }),
    ],
    ["one that is valid for long", "request-too-long", () => signed(MEI, "Mei Lin", { validity: 7200 })],
    [
      "one that was signed on another state",
      "request-stale",
      async () => signed(MEI, "Mei Lin", { sees: { event: (await seenNow(ledger, "production")).event, live: "r-1" } }),
    ],
    [
      "one that names an event of the future",
      "request-other-ledger",
      () => signed(MEI, "Mei Lin", { sees: { event: 1_000_000, live: "r-2" } }),
    ],
    [
      "one that is scheduled in the past",
      "request-schedule",
      () => signed(MEI, "Mei Lin", { action: { kind: "schedule", at: later(-60), action: ROLLBACK } }),
    ],
    [
      "the cancelation of nothing",
      "request-target",
      () => signed(MEI, "Mei Lin", { action: { kind: "cancel", request: crypto.randomUUID() } }),
    ],
    [
      "a deployment of a plan that was not recorded",
      "request-plan",
      () =>
        signed(MEI, "Mei Lin", {
          action: {
            kind: "deploy",
            planId: `plan-${"0".repeat(64)}`,
            planSha256: "0".repeat(64),
            version: "3",
            revision: "0".repeat(40),
          },
        }),
    ],
    ["one without a signature", "request-unsigned", async () => ({ ...(await signed(MEI, "Mei Lin")), signature: "" })],
    ["one with a field more", "request-unreadable", async () => ({ ...(await signed(MEI, "Mei Lin")), more: 1 })],
    ["what is no request", "request-unreadable", async () => "x"],
  ]

  test("is refused before it reaches the ledger, with every reason", async () => {
    const before = await ledger.latestEvent()
    for (const [what, code, make] of attacks) {
      const answer = await post(await make())
      expect(answer.status, what).toBe(422)
      expect(codesOf(answer), what).toEqual([code])
    }
    expect(codesOf(await post(await signed(KIM, "Mei Lin", { validity: 7200 })))).toEqual([
      "request-who",
      "request-not-allowed",
      "request-too-long",
    ])
    expect(await ledger.latestEvent()).toBe(before)
  })

  test("is accepted from this session's own pages alone, no matter who signed it", async () => {
    const before = await ledger.latestEvent()
    const body = JSON.stringify(await signed(MEI, "Mei Lin"))
    const send = async (more: Record<string, string>, without: string[] = [], path = PATH) => {
      const all = Object.entries(headers(more)).filter(([name]) => !without.includes(name))
      return (await askDashboard(dashboard, path, { method: "POST", headers: Object.fromEntries(all), body })).status
    }
    const other = await tokenFor(await signIn(dashboard))
    expect(other).toMatch(/^[\w-]{43}$/)
    for (const origin of ["https://evil.example", "null", "http://127.0.0.1:1"])
      expect(await send({ origin })).toBe(403)
    expect(await send({}, ["origin"])).toBe(403)
    expect(await send({}, ["x-tollgate-token"])).toBe(403)
    expect(await send({ "x-tollgate-token": other })).toBe(403)
    expect(await send({}, ["cookie"])).toBe(401)
    expect(await send({ host: "evil.example" })).toBe(421)
    // the content types that a form of any site can send
    for (const type of ["application/x-www-form-urlencoded", "text/plain", "multipart/form-data; boundary=x"])
      expect(await send({ "content-type": type })).toBe(400)
    expect(await send({}, [], "/environments/nothing/requests")).toBe(404)
    expect(await send({}, [], "/environments/__proto__/requests")).toBe(404)
    const long = JSON.stringify({ x: "x".repeat(70_000) })
    expect((await askDashboard(dashboard, PATH, { method: "POST", headers: headers(), body: long })).status).toBe(413)
    expect((await page(PATH)).status).toBe(404)
    expect(await ledger.latestEvent()).toBe(before)
    expect(reported).toEqual([])
  })

  test("needs of the dashboard's role INSERT into the events, and nothing else; a role that only reads is told so", async () => {
    const role = (grants: string) =>
      server.query(
        "shop",
        `DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'web') THEN CREATE ROLE web LOGIN PASSWORD 'web'; END IF; END $$;
         GRANT USAGE ON SCHEMA tollgate_ledger TO web; GRANT SELECT ON tollgate_ledger.events, tollgate_ledger.leases TO web; ${grants}`,
        "postgres",
      )
    await role("")
    const url = new URL(server.url("shop"))
    Object.assign(url, { username: "web", password: "web" })
    const own = await opened(url.href)
    try {
      const session = await signIn(own)
      const [, form = ""] =
        /data-token="([\w-]{43})"/.exec((await askDashboard(own, "/", { headers: { cookie: session } })).text) ?? []
      const send = async () =>
        askDashboard(own, PATH, {
          method: "POST",
          headers: headers({ cookie: session, origin: own.address, "x-tollgate-token": form }),
          body: JSON.stringify(await signed(MEI, "Mei Lin")),
        })
      expect(codesOf(await send())).toEqual(["ledger-rights"])
      await role("GRANT INSERT ON tollgate_ledger.events TO web")
      expect((await send()).status).toBe(201)
    } finally {
      await own.close()
    }
    await runner()
  })
})

test("the export of an audit is offered to a person who is signed in, and says what is wrong with a period", async () => {
  expect((await page("/history")).text).toContain('action="/audit"')
  const path = (from: string) => `/audit?env=production&from=${from}&to=2100-01-01`
  const { status, headers } = await page(path("2020-01-01"))
  expect({ status, type: headers["content-type"] }).toEqual({ status: 200, type: "application/zip" })
  expect(headers["content-disposition"]).toBe('attachment; filename="audit-production-2020-01-01-2100-01-01.zip"')
  const refused = await page(path("2100-02-02"))
  expect(refused).toMatchObject({ status: 400, text: expect.stringContaining("is not after") })
  expect((await page("/audit?env=nowhere")).status).toBe(404)
  expect((await page(path("2020-01-01"), "")).status).toBe(401)
})

describe("in a browser", () => {
  let browser: Browser
  beforeAll(async () => void (browser = await openBrowser()), INSTALL_MS)
  afterAll(() => browser.close())

  async function signedIn(more: Parameters<Browser["newContext"]>[0] = {}): Promise<BrowserContext> {
    const context = await browser.newContext(more)
    const [name = "", value = ""] = (await signIn(dashboard)).split("=")
    await context.addCookies([{ name, value, url: dashboard.address }])
    return context
  }

  test("a person makes a key that cannot be exported, registers it, and rolls back in two steps by the keyboard alone", async () => {
    const context = await signedIn()
    const printed = listen(context)
    const tab = await context.newPage()
    await tab.goto(`${dashboard.address}/environments/production`)
    await tab.getByText("This browser has no key.").waitFor()
    expect(await tab.locator("[data-needs]:visible").count()).toBe(0)
    await tab.goto(`${dashboard.address}/key`)
    await tab.locator("#make-key").focus()
    await tab.keyboard.press("Enter")
    await tab.locator("#public-key:visible").waitFor()
    const key = (await tab.textContent("#public-key")) ?? ""
    expect(key).toMatch(/^ed25519:[A-Za-z0-9+/]{43}=$/)
    expect(
      await tab.evaluate(
        () =>
          new Promise((done) => {
            indexedDB.open("tollgate").onsuccess = ({ target }) => {
              const { result } = target as IDBOpenDBRequest
              result.transaction("keys").objectStore("keys").get("own").onsuccess = (found) => {
                const { privateKey } = (found.target as IDBRequest<CryptoKeyPair>).result
                crypto.subtle.exportKey("pkcs8", privateKey).then(
                  () => done("exported"),
                  (error: Error) => done(error.name),
                )
              }
            }
          }),
      ),
    ).toBe("InvalidAccessError")

    await tab.goto(`${dashboard.address}/environments/production`)
    await tab.getByText("does not list this browser's key").waitFor()
    expect(await tab.locator("[data-needs]:visible").count()).toBe(0)
    // names and reasons of any language are signed as the runner reads them
    await adopt(operated({ name: '林 美 "Mei"', key }), ledger)
    await tab.getByText("You sign as 林 美").waitFor()

    await tab.locator("#ask-rollback > summary").focus()
    await tab.keyboard.press("Enter")
    await tab.locator("#ask-rollback-reason:focus").waitFor()
    await tab.keyboard.type('結帳很慢 "<b>\\ €\u2028')
    const run = new Run(ledger, "production", "r-9")
    const seen = Number(await tab.getAttribute("#freshness", "data-number"))
    await run.record({ kind: "notified", event: "live", channel: "slack", sent: true, attempts: 1, error: null })
    await tab.waitForFunction(
      (number) => Number(document.querySelector<HTMLElement>("#freshness")?.dataset["number"]) > number,
      seen,
    )
    // what is typed, opened and focused stays
    expect(await tab.evaluate(() => document.activeElement?.id)).toBe("ask-rollback-reason")
    await tab.keyboard.press("Enter")
    await tab.getByText("is in the ledger.").waitFor()
    const row = tab.locator("#requests tr").nth(1)
    await row.getByText("waits for a runner").waitFor()
    await runner()
    await row.getByText("done", { exact: true }).waitFor()
    const [event] = (await ledger.eventsOfKind("production", "requested")).slice(-1)
    expect(event).toMatchObject({
      context: { who: '林 美 "Mei"' },
      what: { signed: { statement: { key, reason: '結帳很慢 "<b>\\ €\u2028', sees: { live: "r-2" } } } },
    })
    expect((await states()).at(-1)).toMatchObject({ outcome: "done" })

    for (const [form, act] of [
      ["#ask-maintenance-on", "on"],
      ["#ask-maintenance-off", "off"],
    ] as const) {
      await tab.locator(`${form} > summary`).click()
      await tab.locator(`${form}-reason`).fill("a new disk")
      await tab.locator(`${form} button`).click()
      await row.getByRole("rowheader", { name: `maintenance ${act}` }).waitFor()
      await row.getByText("waits for a runner").waitFor()
      await runner()
      await row.getByText("done", { exact: true }).waitFor()
    }

    await ledger.record(
      { service: "shop", environment: "production", release: null, run: "run-plan", token: null, who: "Bo Chen" },
      { kind: "planned", planId: `plan-${"6".repeat(64)}`, planSha256: "66", authors: ["Bo Chen"], ...PLANNED },
    )
    await tab.goto(dashboard.address)
    const mine = tab.locator("li.mine", { hasText: "plan-666666666666" })
    await mine.locator(".for-you").waitFor()
    expect(await mine.textContent()).toMatch(/^waits for you: production: .*; may approve: An Wu, 林 美/)

    // the key is still there after the browser was away, and only there
    await tab.goto(`${dashboard.address}/environments/production`)
    await tab.getByText("You sign as 林 美").waitFor()
    const stranger = await (await signedIn()).newPage()
    await stranger.goto(`${dashboard.address}/environments/production`)
    await stranger.getByText("This browser has no key.").waitFor()
    expect(printed).toEqual([])

    await checkPages(tab, dashboard, PAGES)
    await frees(tab)
    await moves(tab)
    await context.close()
  })

  const PAGES = ["/environments/production", "/key", "/", "/environments/production/run"]

  /** An emergency while a deployment holds the lease. */
  async function frees(tab: Tab): Promise<void> {
    const more = { environment: "production", run: "run-r-3", owner: "laptop", command: "deploy", who: "Mei Lin" }
    const lease = await ledger.takeLease({ ...more, seconds: 3600 })
    await new Run(ledger, "production", "r-3", { token: lease.token }).start("3")
    await tab.goto(`${dashboard.address}/environments/production/run`)
    await tab.getByText("Interrupt the deployment and roll back…").click()
    expect(await tab.textContent("#ask-rollback")).toContain("The deployment r-3 is interrupted, and 1.2 serves.")
    await tab.goto(`${dashboard.address}/environments/production`)
    await tab.locator("#ask-unlock-run-r-3 > summary").click()
    await tab.locator("#ask-unlock-run-r-3-reason").fill("its machine is gone")
    await tab.getByRole("button", { name: "Free the lease" }).click()
    await tab.locator("#requests").getByText("waits for a runner").waitFor()
    await runner()
    await tab.locator("#ask-unlock-run-r-3").waitFor({ state: "detached" })
    expect(await ledger.holder("production")).toBeNull()
  }

  /** Between the two clicks a deployment starts, and another release becomes live; and then the page is old. */
  async function moves(tab: Tab): Promise<void> {
    const before = (await states()).length
    const button = tab.locator("#ask-rollback form button")
    await tab.goto(`${dashboard.address}/environments/production`)
    await tab.locator("#ask-rollback > summary").click()
    await tab.locator("#ask-rollback-reason").fill("checkout is slow")
    const run = new Run(ledger, "production", "r-5")
    const changes: [() => Promise<void>, string][] = [
      [() => run.start("5"), "[data-deploying=r-5]"],
      [() => run.end("5"), "[data-live=r-5]"],
    ]
    for (const [change, seen] of changes) {
      await change()
      await tab.locator(`#asks${seen}`).waitFor({ state: "attached" })
      await tab.locator("#ask-rollback-answer").evaluate((answer) => answer.replaceChildren())
      await button.click()
      await tab.getByText("The environment has changed since you opened this form.").waitFor()
    }
    await tab.route("**/*", (route) => route.abort())
    await run.begin("watch")
    await tab.locator("body.stale").waitFor()
    expect(await button.isDisabled()).toBe(true)
    expect(await states()).toHaveLength(before)
  }

  test("an approver reads a plan, approves it once, and requests its deployment", async () => {
    const context = await signedIn()
    const printed = listen(context)
    const tab = await context.newPage()
    await tab.goto(`${dashboard.address}/key`)
    await tab.locator("#make-key").click()
    await tab.locator("#public-key:visible").waitFor()
    const approving = operated({ name: "Lin", key: (await tab.textContent("#public-key")) ?? "" }, true)
    await adopt(approving, ledger)
    const planned = plan()
    const recorder = { service: "shop", environment: "production", release: null, run: "run-plan-2", token: null }
    const file = planFileEvent(planned)
    if (file === null) throw new Error("it is small")
    await ledger.record({ ...recorder, who: "Bo Chen" }, file)
    await ledger.record({ ...recorder, who: "Bo Chen" }, plannedEvent(planned, "1".repeat(40)))

    await tab.goto(`${dashboard.address}/environments/production`)
    await tab.getByRole("link", { name: planned.id.slice(0, 17) }).click()
    await tab.getByText("Charge once").waitFor()
    await tab.locator(".approve.mine > summary").click()
    const form = tab.locator(".approve.mine form")
    await form.locator("[name=reason]").fill('看過了 "<b>\\ €')
    await form.locator("button").click()
    await tab.getByText("Approved: it is in the ledger.").waitFor()
    await tab.locator("#approvals").getByText("1 of 1 that count").waitFor()
    await form.locator("[name=reason]").fill("again")
    await form.locator("button").click()
    await tab.getByText("approval-key-twice").waitFor()
    const given = await ledger.eventsOfKind("production", "approval-given")
    expect(given).toMatchObject([{ what: { signed: { statement: { reason: '看過了 "<b>\\ €', approver: "Lin" } } } }])
    const asked = {
      identity: identityOf(planned),
      settings: approving.environments["production"]?.approvals ?? expect.unreachable(),
      elsewhere: new Map(),
      records: await readRecords(ledger, "production", "r-8", []),
      deployer: "An Wu",
      now: new Date(),
    }
    // as `tollgate deploy` judges it
    expect(countedApprovals(givenApprovals(given, planned.id), [], asked)).toMatchObject({
      texts: [expect.any(String)],
      others: [],
    })
    expect(countedApprovals(givenApprovals(given, planned.id), [], { ...asked, deployer: "Lin" })).toMatchObject({
      texts: [],
      others: [{ code: "approval-own-deployment" }],
    })

    const deploying = tab.locator("[data-needs=deploy]")
    await deploying.locator("summary").click()
    await deploying.locator("[name=reason]").fill("approved")
    await deploying.locator("button").click()
    await tab.getByText("is in the ledger.").last().waitFor()
    const [last] = requestsOf(await ledger.eventsOfKinds("production", REQUEST_KINDS, 0)).slice(-1)
    expect(last).toMatchObject({
      state: { kind: "open" },
      signed: { statement: { action: { kind: "deploy", planId: planned.id, revision: "1".repeat(40) } } },
    })
    const path = `/environments/production/plans/${file.planSha256}`
    await checkPages(tab, dashboard, [path, "/environments/production/delivery"])
    expect(await tab.textContent("h1")).toBe("Delivery of production")

    const approvals = "/environments/production/approvals"
    const body = JSON.stringify(given[0]?.what)
    const send = async (more: Record<string, string>) =>
      (await askDashboard(dashboard, approvals, { method: "POST", headers: headers(more), body })).status
    expect(await send({ "x-tollgate-token": "" })).toBe(403)
    expect(await send({ origin: "https://evil.example" })).toBe(403)
    expect(await send({ cookie: "" })).toBe(401)
    expect(await send({ "content-type": "text/plain" })).toBe(400)
    expect(await send({})).toBe(422)
    expect((await page(`/environments/production/plans/${"0".repeat(64)}`)).status).toBe(404)
    // the browser's own line about the second approval, and nothing else
    expect(printed).toEqual([expect.stringContaining("422")])
    await context.close()
  })

  test("without JavaScript nothing can be requested, and the page says what to type in a terminal", async () => {
    const context = await signedIn({ javaScriptEnabled: false })
    const tab = await context.newPage()
    await tab.goto(`${dashboard.address}/environments/production`)
    expect(await tab.locator("#ask noscript").first().textContent()).toContain(
      'tollgate request rollback --env=production --reason="…"',
    )
    expect(await tab.locator("[data-needs]:visible").count()).toBe(0)
    const answer = await askDashboard(dashboard, PATH, {
      method: "POST",
      headers: headers({ "content-type": "application/x-www-form-urlencoded" }),
      body: "reason=x",
    })
    expect(answer.text).toContain("Nothing was requested")
    await context.close()
  })
})
