import { execFileSync } from "node:child_process"
import { appendFileSync, readFileSync, writeFileSync } from "node:fs"
import { get } from "node:http"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import type { Browser, Page } from "playwright-core"
import { afterAll, afterEach, beforeAll, expect, test } from "vitest"
import { parseDocument } from "yaml"
import { reachFromHost } from "../../cli/release/reach-from-host.js"
import { parseSettings } from "../../core/config/parse.js"
import { newApprovalKey, readPrivateKey } from "../../core/release/approval/key.js"
import { readPolicyChange } from "../../core/release/policy/change.js"
import { policyDigest, policyFingerprint, policyOf } from "../../core/release/policy/policy.js"
import { signChange } from "../../core/release/policy/sign.js"
import { INSTALL_MS, listen, openBrowser } from "../browser.js"
import { useEngine } from "../engine/session.js"
import { k6Customers } from "./k6-customers.js"
import { type LiveEnvironment, liveEnvironment, type Process } from "./live-environment.js"

useEngine()

/** Everything as a team has it: a host over SSH, a registry, a ledger, the dashboard and a runner as processes, people with browsers. */

const LIN = newApprovalKey(null)
/** A secret of the service. */
const KEY = "a-key-of-the-shop"

interface Person {
  readonly page: Page
  readonly key: string
  /** In the browser's console. */
  readonly printed: readonly string[]
}

let live: LiveEnvironment
let browser: Browser
let an: Person
let mei: Person
let host: { host: string; port: number }
const processes: Process[] = []

beforeAll(async () => {
  live = await liveEnvironment("test-faults", fileURLToPath(new URL("fixtures/deploy/", import.meta.url)), (settings) =>
    settings.setIn(["release", "monitor", "window"], "1s"),
  )
  host = await reachFromHost(live.sandbox.service, 80)
  talks()
  git("init", "--quiet", "--initial-branch=main")
  commit("the first version")
  const first = await live.tollgate("deploy", "--version=1", ...means())
  expect(first.code, first.out).toBe(0)

  browser = await openBrowser()
  an = await signedIn()
  mei = await signedIn()
  await adopt()
  await started("runner", ...means()).printed(/waits for requests/)
}, INSTALL_MS)

afterEach(({ task }) => {
  if (task.result?.state === "fail") for (const one of processes) console.log(one.text())
})

afterAll(async () => {
  for (const one of processes) await one.end()
  await browser.close()
  await live.close()
})

function git(...args: string[]): string {
  return execFileSync(
    "git",
    ["-C", live.source, "-c", "user.name=Bo Chen", "-c", "user.email=bo@shop.example", ...args],
    {
      encoding: "utf8",
    },
  )
}

function commit(subject: string): void {
  git("add", "--all")
  git("commit", "--quiet", `--message=${subject}`)
}

/** The service prints its version and its key every second. */
function talks(): void {
  const path = join(live.source, "serve.py")
  const written = readFileSync(path, "utf8")
  const begins = '    server = Server(("", 8000), Handler)\n'
  expect(written).toContain(begins)
  const says = `print(f"serving {VERSION}, the key is {os.environ['SHOP_KEY']}", flush=True)`
  writeFileSync(
    path,
    written.replace(
      begins,
      `    def talk() -> None:\n        while True:\n            ${says}\n            time.sleep(1)\n\n    threading.Thread(target=talk, daemon=True).start()\n${begins}`,
    ),
  )
}

function means(): string[] {
  return [`--secrets=${live.file("secrets.env", "MODE=\nSHOP_KEY=${KEY}\n")}`, ...live.publishing]
}

function started(command: string, ...args: string[]): Process {
  const one = live.start(command, ...args)
  processes.push(one)
  return one
}

/** A person with a browser and a dashboard of their own, and a key in it. */
async function signedIn(): Promise<Person> {
  const link = await started("dashboard", "--port=0", "--zone=UTC").printed(/http:\S+sign-in\?token=\S+/)
  const context = await browser.newContext({ baseURL: new URL(link).origin })
  const printed = listen(context)
  const page = await context.newPage()
  await page.goto(link)
  await page.locator("#sign-in").click()
  await page.goto("/key")
  await page.locator("#make-key").click()
  await page.locator("#public-key:visible").waitFor()
  return { page, key: (await page.textContent("#public-key")) ?? "", printed }
}

/** The policy that lists the browsers' keys. The approver does not deploy. */
async function adopt(): Promise<void> {
  const path = join(live.source, "tollgate.yaml")
  const written = parseDocument(readFileSync(path, "utf8"))
  written.setIn(["environments", "live", "approvals"], {
    required: 1,
    requireSeparation: true,
    keys: [
      { name: "An Wu", key: an.key },
      { name: "Lin Ko", key: LIN.publicKey },
    ],
  })
  written.setIn(["environments", "live", "operators"], [{ name: "Mei Lin", key: mei.key }])
  // long enough that only an interruption ends it
  written.setIn(["release", "monitor", "window"], "10m")
  writeFileSync(path, written.toString())
  commit("list the keys of An and Mei")
  const change = live.file("change.json", "").replace("file:", "")
  const ran = [await live.tollgate("policy", "diff", `--out=${change}`)]
  const now = new Date()
  const approval = signChange({
    change: readPolicyChange(readFileSync(change, "utf8")),
    key: readPrivateKey(LIN.privatePem, null),
    approver: "Lin Ko",
    reason: "who may request what",
    now,
    expiresAt: new Date(now.getTime() + 3_600_000),
  })
  const fingerprint = policyFingerprint(policyDigest(policyOf(parseSettings(written.toString()), "live")))
  const file = live.file("approval.json", JSON.stringify(approval)).replace("file:", "")
  ran.push(
    await live.tollgate("policy", "adopt", `--fingerprint=${fingerprint}`, `--approval=${file}`, "--reason=start"),
  )
  for (const { code, out } of ran) expect(code, out).toBe(0)
}

/** Version and status that a customer gets. */
function served(): Promise<string> {
  return new Promise((done) => {
    get({ ...host, path: "/version", agent: false }, (answer) => {
      let text = ""
      answer.setEncoding("utf8").on("data", (part: string) => (text += part))
      answer.on("end", () => done(`${answer.statusCode} ${text}`))
    }).on("error", ({ message }) => done(message))
  })
}

async function until(wanted: string | RegExp, timeout: number): Promise<void> {
  const matches = wanted instanceof RegExp ? expect.stringMatching(wanted) : wanted
  await expect.poll(served, { timeout, interval: 50 }).toEqual(matches)
}

async function askFor(page: Page, form: string, fields: Record<string, string>): Promise<void> {
  await page.locator(`${form} > summary`).click()
  for (const [name, value] of Object.entries(fields)) await page.locator(`${form} [name=${name}]`).fill(value)
  await page.locator(`${form} button`).click()
}

/** Where the form stays: those of what is gone go with it. */
const recorded = (page: Page, form: string) => page.locator(form).getByText("in the ledger").waitFor()

const latest = (page: Page) => page.locator("#requests tr").nth(1)

/** Pictures for the docs, made where TOLLGATE_PICTURES names a folder: what a page shows of a real run, at three widths and in both schemes. */
async function pictures(page: Page, name: string): Promise<void> {
  const folder = process.env["TOLLGATE_PICTURES"]
  if (folder === undefined) return
  for (const width of [360, 1280, 2560])
    for (const colorScheme of ["light", "dark"] as const) {
      await page.setViewportSize({ width, height: 900 })
      await page.emulateMedia({ colorScheme })
      await page.screenshot({ path: join(folder, `${name}-${width}-${colorScheme}.png`), fullPage: true })
    }
  await page.setViewportSize({ width: 1280, height: 900 })
}

test("a plan is approved and deployed in browsers, watched live, and rolled back in its middle: no customer notices", async () => {
  writeFileSync(join(live.source, "app.txt"), "the second version\n")
  commit("Charge once")
  const plan = await live.tollgate("plan", "--version=2", ...means())
  expect(plan.code, plan.out).toBe(0)
  const { page: approver } = an
  const { page } = mei

  await approver.goto(`/environments/live`)
  await approver.locator("#plans").getByRole("link").first().click()
  await approver.getByText("Charge once").waitFor()
  await pictures(approver, "plan")
  await approver.locator(".approve.mine > summary").click()
  await approver.locator(".approve.mine [name=reason]").fill("read it")
  await approver.locator(".approve.mine form button").click()
  await approver.locator("#approvals").getByText("1 of 1 that count").waitFor()

  const stop = k6Customers(live.sandbox.service, { rate: 50, path: "/pay", contains: "paid" })
  await page.goto(new URL(approver.url()).pathname)
  await askFor(page, "[data-needs=deploy]", { reason: "approved" })
  await recorded(page, "[data-needs=deploy]")
  await page.goto(`/environments/live/run`)
  // the page is read once: what it shows from here on arrives by itself
  await page.locator("tr", { hasText: "watch" }).getByText("now", { exact: true }).waitFor({ timeout: 240_000 })
  await until("200 2", 5000)
  await page.locator("#picture-errors svg.chart").waitFor({ timeout: 60_000 })
  if (process.env["TOLLGATE_PICTURES"] !== undefined) await page.waitForTimeout(40_000)
  // the log of the old release is followed from the switch on
  const log = page.locator("#logs")
  await log.locator("li", { hasText: "serving 2" }).first().waitFor({ timeout: 60_000 })
  for (const side of ["new", "old"])
    await log
      .locator("li", { has: page.locator(".side", { hasText: side }) })
      .first()
      .waitFor({ timeout: 60_000 })
  await log.locator("li", { hasText: "the key is ***" }).first().waitFor()
  expect(await page.content()).not.toContain(KEY)
  await pictures(page, "run")
  await page.getByText("Interrupt the deployment and roll back…").click()
  await page.locator("#ask-rollback [name=reason]").fill("checkout is slow")
  const clicked = performance.now()
  await page.locator("#ask-rollback button").click()
  await until("200 1", 120_000)
  console.log(
    `customers got the version before ${((performance.now() - clicked) / 1000).toFixed(1)} s after the second click`,
  )
  await page.getByText("ROLLED BACK").or(page.getByText("rolled back")).first().waitFor({ timeout: 60_000 })

  await page.goto(`/environments/live`)
  await expect.poll(() => latest(page).textContent(), { timeout: 60_000 }).toContain("done")
  const { requests, failed, failures, notSent } = await stop()
  expect(failures).toEqual([])
  expect(failed).toBe(0)
  expect(requests).toBeGreaterThan(500)
  // what was not sent for want of free customers would have waited: that is a failure of its own
  expect(notSent / requests).toBeLessThan(0.01)
  await pictures(page, "environment")
  expect(await served()).toBe("200 1")
  await page.goto(`/environments/live/run`)
  expect(await page.content()).not.toContain(KEY)
  const history = await live.tollgate("history")
  expect(history.out).toMatch(/rollback live[\s\S]* Mei Lin\n +checkout is slow[\s\S]*ROLLED-BACK[\s\S]* Mei Lin/)
})

test("maintenance is turned on and off, and a scheduled rollback is canceled, by the runner that serves the browser", async () => {
  const { page } = mei
  await page.goto(`/environments/live`)
  await askFor(page, "#ask-maintenance-on", { reason: "a new disk", message: "Back at ten" })
  await until(/^503 [\s\S]*Back at ten/, 60_000)
  await page.locator("#ask-maintenance-off").waitFor({ state: "attached" })
  await askFor(page, "#ask-maintenance-off", { reason: "the disk is in" })
  await until("200 1", 60_000)

  const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 16)
  await askFor(page, "#ask-rollback", { reason: "tomorrow", at: tomorrow })
  await recorded(page, "#ask-rollback")
  const cancel = page.locator("details[id^=ask-cancel-]")
  await cancel.waitFor({ state: "attached" })
  await askFor(page, "details[id^=ask-cancel-]", { reason: "not needed" })
  await cancel.waitFor({ state: "detached", timeout: 60_000 })
  expect(await served()).toBe("200 1")
})

test("the lease of a deployment whose machine is gone is freed", async () => {
  const { page } = mei
  // it holds the lease for as long as its image takes
  appendFileSync(join(live.source, "Dockerfile"), "RUN sleep 60\n")
  const gone = started("deploy", "--version=3", ...means())
  await page.goto(`/environments/live`)
  const unlock = page.locator("details[id^=ask-unlock-]")
  await unlock.waitFor({ state: "attached", timeout: 60_000 })
  await gone.kill()
  await askFor(page, "details[id^=ask-unlock-]", { reason: "its machine is gone" })
  await unlock.waitFor({ state: "detached", timeout: 30_000 })
  for (const { printed } of [an, mei]) expect(printed).toEqual([])
})
