import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Browser, BrowserContext } from "playwright-core"
import { afterAll, beforeAll, expect, test } from "vitest"
import { z } from "zod"
import type { Settings } from "../../core/config/schema.js"
import { type Dashboard, serveDashboard } from "../../core/dashboard/server/listen.js"
import { fileJournal } from "../../core/ledger/journal-file.js"
import type { Ledger } from "../../core/ledger/ledger.js"
import { openLedger } from "../../core/ledger/open.js"
import { signReview } from "../../core/release/approval/review.js"
import { closeReview, readOpenReviews } from "../../core/release/approval/review-ledger.js"
import { policyDigest, policyOf } from "../../core/release/policy/policy.js"
import { readPolicyHistory } from "../../core/release/policy/require.js"
import { INSTALL_MS, listen, openBrowser } from "../browser.js"
import { PostgresServer, removePrograms } from "../database/postgres-server.js"
import { useEngine } from "../engine/session.js"
import { HERE } from "./dashboard-client.js"
import { AN, EVE, type Key, MEI } from "./dashboard-operators.js"
import {
  checkPages,
  type DashboardSession,
  enter,
  newSession,
  refusesStrangers,
  type Tab,
} from "./dashboard-session.js"
import { adoptWith, approvedBy, breakGlass, signer } from "./dashboard-signers.js"

useEngine()

/** Reviews of break-glass and approvals of policies, signed in a browser and taken by the command line's code. */

let server: PostgresServer
let ledger: Ledger
let dashboard: Dashboard
let browser: Browser
let context: BrowserContext
/** The key that the browser made. */
let own = ""
let session: DashboardSession
/** The policy in force at the start, and what tollgate.yaml proposes. */
let inForce: Settings
let proposed: Settings
const reported: unknown[] = []
const journal = mkdtempSync(join(tmpdir(), "tollgate-test-journal-"))

const environment = "production"

const opened = (settings: Settings, url: string, port: number) =>
  serveDashboard({
    settings,
    ledger: url,
    ...HERE,
    place: { ...HERE.place, port },
    zone: "UTC",
    report: (error) => void reported.push(error),
  })

beforeAll(async () => {
  server = await PostgresServer.start()
  browser = await openBrowser()
  const url = await server.createDatabase("shop")
  const rest = {
    service: "shop",
    patience: 60,
    journal: fileJournal(journal),
    need: "required",
    entryPoint: "cli",
  } as const
  ledger = await openLedger({ url, ...rest })
  dashboard = await opened(approvedBy("required: 1", own), url, 0)
  context = await (await newSession(dashboard)).open(browser)
  const tab = await context.newPage()
  await tab.goto(`${dashboard.address}/key`)
  await tab.locator("#make-key").click()
  await tab.locator("#public-key:visible").waitFor()
  own = (await tab.textContent("#public-key")) ?? ""
  await tab.close()
  // the key is of this address: the dashboard comes back there, with another tollgate.yaml
  const { port } = dashboard
  await dashboard.close()
  inForce = approvedBy("required: 1", own)
  proposed = approvedBy("required: 2, requireSeparation: true, breakGlass: false", own)
  await adoptWith(ledger, inForce, true)
  dashboard = await opened(proposed, url, port)
  session = await newSession(dashboard)
  await enter(context, dashboard, session.cookie)
}, INSTALL_MS)
afterAll(async () => {
  await browser.close()
  await dashboard.close()
  await ledger.close()
  await server.stop()
  await removePrograms()
  rmSync(journal, { recursive: true, force: true })
})

const REVIEWS = `/environments/${environment}/reviews`
const POLICIES = `/environments/${environment}/policies`
const problems = z.object({ problems: z.array(z.object({ code: z.string() })) })
const codesOf = async (path: string, file: unknown) => {
  const { status, text } = await session.post(path, file)
  expect(status).toBe(422)
  return problems.parse(JSON.parse(text)).problems.map(({ code }) => code)
}

/** Nothing of it reaches the ledger. */
async function refuses(path: string, file: unknown): Promise<void> {
  const before = await ledger.latestEvent()
  await refusesStrangers(session, path, file)
  expect(await ledger.latestEvent()).toBe(before)
  expect(reported).toEqual([])
}

/** The form of what waits for the person of this browser, opened and signed by the keyboard alone. */
async function signs(tab: Tab, reason: string): Promise<void> {
  const form = tab.locator(".approve.mine")
  await form.locator("> summary").focus()
  await tab.keyboard.press("Enter")
  await form.locator("[name=reason]:focus").waitFor()
  await tab.keyboard.type(reason)
  await tab.keyboard.press("Enter")
}

test("an approver reads what a policy changes, approves it, and `policy adopt` takes the approval from the ledger", async () => {
  const printed = listen(context)
  const tab = await context.newPage()
  await tab.goto(dashboard.address)
  const waits = tab.locator("li.mine", { hasText: "the policy of tollgate.yaml is not approved" })
  await waits.locator(".for-you").waitFor()
  await waits.getByRole("link").click()
  await tab.getByText("Approvals required: 2. Now: Approvals required: 1. More people have to agree.").waitFor()
  await tab.getByText("approvals.breakGlass: true → false").waitFor()

  // between the two clicks another policy comes into force: what the form would sign is another change
  await tab.locator(".approve.mine > summary").click()
  await tab.locator(".approve.mine [name=reason]").fill("too early")
  const other = approvedBy("required: 2, uses: 3", own)
  const statement = await tab.locator(".approve.mine form").getAttribute("data-approve")
  await adoptWith(ledger, other, true)
  await tab.getByText("An approval is good for one release. Now: An approval is good for 3 releases.").waitFor()
  const [form, reason] = [tab.locator(".approve.mine"), tab.locator(".approve.mine [name=reason]")]
  expect(await form.locator("form").getAttribute("data-approve")).not.toBe(statement)
  expect(await form.getAttribute("open")).toBeNull()
  expect(await reason.inputValue()).toBe("")

  const path = `/environments/${environment}/policy`
  await checkPages(tab, dashboard, [path])
  await tab.goto(dashboard.address + path)
  await signs(tab, '看過了 "<b>\\ €')
  await tab.locator("#approvals").getByText("1 of 2 that count").waitFor()
  await tab.locator("#signed:focus", { hasText: "Approved: it is in the ledger." }).waitFor()
  await tab.getByText("Lin: no, has approved it").waitFor()
  expect(await form.count()).toBe(0)
  const [given] = await ledger.eventsOfKind(environment, "policy-approval-given")
  if (given?.what.kind !== "policy-approval-given") throw new Error("it was given")
  const file = given.what.signed
  expect(given).toMatchObject({
    context: { who: "Lin" },
    what: { from: policyDigest(policyOf(other, environment)), to: policyDigest(policyOf(proposed, environment)) },
  })
  expect(file).toMatchObject({ statement: { reason: '看過了 "<b>\\ €', approver: "Lin", key: own } })
  expect(await codesOf(POLICIES, file)).toEqual(["policy-approval-twice"])
  await refuses(POLICIES, file)
  await expect(adoptWith(ledger, proposed, false)).rejects.toMatchObject({ code: "policy-not-approved" })
  expect(await adoptWith(ledger, proposed, true)).toEqual(["An Wu", "Lin"])
  await tab.getByText("nothing is to be approved").waitFor()
  expect(await codesOf(POLICIES, file)).toContain("policy-approval-used")
  expect(await ledger.verify()).toMatchObject({ kind: "whole" })
  expect((await readPolicyHistory(ledger, environment)).problems).toEqual([])
  expect(printed).toEqual([])
  await tab.close()
})

test("a second person reviews a break-glass release, and the command line finds the review closed", async () => {
  await breakGlass(ledger, inForce, "1", "the pipeline")
  await breakGlass(ledger, inForce, "2", "Lin")
  const tab = await context.newPage()
  await tab.goto(dashboard.address)
  const [all, mine] = [tab.locator("li", { hasText: "has no review; due by" }), tab.locator("li.mine .for-you")]
  await mine.waitFor()
  // what this person deployed waits for others
  expect([await all.count(), await mine.count()]).toEqual([2, 1])
  await tab.goto(`${dashboard.address}/environments/${environment}/run`)
  await tab.getByText("Lin: no, signed the break-glass, or deployed with it", { exact: true }).waitFor()
  expect(await tab.locator(".approve:visible").count()).toBe(0)
  await tab.goto(dashboard.address)
  await tab.locator("li.mine", { hasText: "break-glass of r-1" }).getByRole("link").click()
  const release = `/environments/${environment}/releases/r-1`
  await checkPages(tab, dashboard, [`/environments/${environment}`, release])
  expect(await tab.textContent("#reviews")).toMatch(
    /approval-too-few[\s\S]*customers cannot pay[\s\S]*signed by Mei Lin, deployed by the pipeline/,
  )
  await tab.goto(dashboard.address + release)
  await signs(tab, "原因已修正")
  await tab.locator(".problem").getByText("reviewed by Lin").waitFor()
  await tab.locator("#signed:focus", { hasText: "Reviewed: it is in the ledger." }).waitFor()
  expect(await tab.locator("#reviews").count()).toBe(0)
  const [event] = await ledger.eventsOfKind(environment, "glass-reviewed")
  expect(event).toMatchObject({
    context: { release: "r-1", who: "Lin" },
    what: { approver: "Lin", reason: "原因已修正" },
  })
  expect(await readOpenReviews(ledger, proposed, environment)).toMatchObject([{ release: "r-2" }])

  const file = event?.what.kind === "glass-reviewed" ? event.what.signed : null
  expect(await codesOf(REVIEWS, file)).toEqual(["review-closed"])
  await refuses(REVIEWS, file)
  const [open = expect.unreachable()] = await readOpenReviews(ledger, proposed, environment)
  const keys = proposed.environments[environment]?.approvals.keys ?? []
  const review = { approver: "An Wu", reason: "looked at", now: new Date() }
  const by = (key: Key, name: string, of = open) =>
    signReview({ ...of, signer: "", deployer: "" }, { ...review, key: signer(key), approver: name }, [
      ...keys,
      { name: "Eve", also: [], key: EVE.publicKey },
    ])
  expect(await codesOf(REVIEWS, by(MEI, "Mei Lin"))).toEqual(["review-own"])
  expect(await codesOf(REVIEWS, by(EVE, "Eve"))).toEqual(["review-unknown-key"])
  expect(await codesOf(REVIEWS, { ...by(AN, "An Wu"), signature: by(EVE, "Eve").signature })).toEqual([
    "review-bad-signature",
  ])
  expect(await codesOf(REVIEWS, by(AN, "An Wu", { ...open, environment: "staging" }))).toEqual(["review-other-release"])
  expect((await session.post(REVIEWS, by(AN, "An Wu"))).status).toBe(201)
  const again = { environment, release: "r-2", key: signer(AN), ...review, who: "An Wu" }
  await expect(closeReview(proposed, again, ledger)).rejects.toMatchObject({ code: "review-none" })
  await tab.close()
})

test("without JavaScript both pages say what to type in a terminal, and have no form", async () => {
  await breakGlass(ledger, inForce, "3", "the pipeline")
  const plain = await session.open(browser, { javaScriptEnabled: false })
  const tab = await plain.newPage()
  await tab.goto(`${dashboard.address}/environments/${environment}/releases/r-3`)
  expect(await tab.textContent("#reviews")).toContain(`tollgate review --env=${environment} --release=r-3`)
  expect(await tab.locator(".approve:visible").count()).toBe(0)
  await plain.close()
})
