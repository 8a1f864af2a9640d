import type { Browser, BrowserContext } from "playwright-core"
import { expect } from "vitest"
import type { Dashboard } from "../../core/dashboard/server/listen.js"
import { axeFindings } from "../browser.js"
import { type Answer, askDashboard, signIn } from "./dashboard-client.js"

/** A session of a dashboard, as its own pages use it. */
export interface DashboardSession {
  readonly cookie: string
  /** Of a signed file, with what is given in place of what a page sends. */
  headers(more?: Record<string, string>): Record<string, string>
  get(path: string): Promise<Answer>
  post(path: string, file: unknown, more?: Record<string, string>): Promise<Answer>
  /** A browser in this session. */
  open(browser: Browser, more?: Parameters<Browser["newContext"]>[0]): Promise<BrowserContext>
}

export async function newSession(dashboard: Dashboard): Promise<DashboardSession> {
  const cookie = await signIn(dashboard)
  const get = (path: string) => askDashboard(dashboard, path, { headers: { cookie } })
  const token = /data-token="([\w-]{43})"/.exec((await get("/")).text)?.[1] ?? ""
  const headers = (more = {}) => ({
    cookie,
    origin: dashboard.address,
    "content-type": "application/json",
    "x-tollgate-token": token,
    ...more,
  })
  return {
    cookie,
    headers,
    get,
    post: (path, file, more = {}) =>
      askDashboard(dashboard, path, { method: "POST", headers: headers(more), body: JSON.stringify(file) }),
    open: async (browser, more = {}) => {
      const context = await browser.newContext(more)
      await enter(context, dashboard, cookie)
      return context
    },
  }
}

/** The browser is signed in from now on. */
export async function enter(context: BrowserContext, { address }: Dashboard, cookie: string): Promise<void> {
  const [name = "", value = ""] = cookie.split("=")
  await context.addCookies([{ name, value, url: address }])
}

/** What no signature makes good: another session, another site, a form that was sent without the script. */
export async function refusesStrangers(session: DashboardSession, path: string, file: unknown): Promise<void> {
  const status = async (more: Record<string, string>) => (await session.post(path, file, more)).status
  expect(await status({ "x-tollgate-token": "" })).toBe(403)
  expect(await status({ origin: "https://evil.example" })).toBe(403)
  expect(await status({ cookie: "" })).toBe(401)
  for (const type of ["application/x-www-form-urlencoded", "text/plain"])
    expect(await status({ "content-type": type })).toBe(400)
  expect((await session.get(path)).status).toBe(404)
}

export type Tab = Awaited<ReturnType<BrowserContext["newPage"]>>

/** With every form open, at both ends of the widths and in both schemes. */
export async function checkPages(tab: Tab, { address }: Dashboard, paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    await tab.goto(address + path)
    await tab.locator("html[data-own=made]").waitFor()
    for (const summary of await tab.locator("details:visible > summary").all()) await summary.click()
    for (const [width, colorScheme] of [
      [360, "light"],
      [1280, "dark"],
    ] as const) {
      await tab.setViewportSize({ width, height: 800 })
      await tab.emulateMedia({ colorScheme })
      const wide = await tab.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
      expect(wide, path).toBeLessThanOrEqual(0)
      expect(await axeFindings(tab), path).toEqual([])
      const folder = process.env["TOLLGATE_PICTURES"]
      if (folder !== undefined)
        await tab.screenshot({ path: `${folder}/dashboard${path.replaceAll("/", "-")}-${colorScheme}-${width}.png` })
    }
  }
}
