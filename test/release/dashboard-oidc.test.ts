import type { Browser, Page } from "playwright-core"
import { afterAll, beforeAll, expect, test } from "vitest"
import { parseSettings } from "../../core/config/parse.js"
import { readRule } from "../../core/dashboard/oidc/allow.js"
import { type Dashboard, serveDashboard } from "../../core/dashboard/server/listen.js"
import { axeFindings, INSTALL_MS, openBrowser } from "../browser.js"
import { type Issuer, oidcSettings, realIssuer } from "../unit/oidc-issuers.js"
import { HERE } from "./dashboard-client.js"

let browser: Browser
let issuer: Issuer
let dashboard: Dashboard

beforeAll(async () => {
  browser = await openBrowser()
  // by the name localhost the provider is another site than 127.0.0.1
  issuer = await realIssuer(
    { mei: { name: "Mei Lin", email: "mei@shop.example", email_verified: true }, bo: { name: "Bo Chen" } },
    "http://127.0.0.1/sign-in/callback",
  )
  dashboard = await serveDashboard({
    settings: parseSettings("qa: { runner: a.py, suites: { e2e: { files: [a.py] } } }\nrelease: { name: shop }"),
    // nothing listens there: a page that someone may read says so
    ledger: "postgresql://nobody@127.0.0.1:1/none",
    ...HERE,
    oidc: oidcSettings(issuer.url, { rules: [readRule("@shop.example")].filter((rule) => typeof rule !== "string") }),
    links: false,
    zone: "UTC",
    report: () => undefined,
  })
}, INSTALL_MS)
afterAll(async () => {
  await dashboard?.close()
  await issuer?.close()
  await browser?.close()
})

/** On the provider's own pages. */
async function signIn(tab: Page, login: string): Promise<void> {
  // a font of another site
  await tab.route(/googleapis/, (route) => route.abort())
  await tab.locator("[name=login]").fill(login)
  await tab.locator("[name=password]").fill("x")
  await tab.locator("[type=submit]").click()
  await tab.getByRole("button", { name: "Continue" }).click()
}

test("a browser sends its new session on the way back from the provider, which is another site", async () => {
  const context = await browser.newContext()
  try {
    const tab = await context.newPage()
    await tab.goto(`${dashboard.address}/history?page=2`)
    expect(await axeFindings(tab)).toEqual([])
    await tab.locator("#sign-in").click()
    await signIn(tab, "mei")
    await tab.waitForURL(`${dashboard.address}/history?page=2`)
    await tab.getByText("Signed in as Mei Lin").waitFor()
    await tab.getByRole("heading", { name: "The ledger is unreachable" }).waitFor()
    await tab.getByRole("button", { name: "Sign out" }).click()
    await tab.waitForURL(`${dashboard.address}/sign-in`)
  } finally {
    await context.close()
  }
})

test("a person who is refused reads why, without a finding of axe, and may use another account", async () => {
  const context = await browser.newContext()
  try {
    const tab = await context.newPage()
    await tab.goto(`${dashboard.address}/sign-in/start`)
    await signIn(tab, "bo")
    await tab.getByRole("heading", { name: "You may not read this dashboard" }).waitFor()
    expect(await axeFindings(tab)).toEqual([])
    await tab.getByRole("link", { name: "Use another account" }).click()
    await tab.locator("[name=login]").waitFor()
  } finally {
    await context.close()
  }
})
