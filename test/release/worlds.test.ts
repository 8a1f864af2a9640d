import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { dag } from "@dagger.io/dagger"
import { afterAll, describe, expect, test } from "vitest"
import { parseSettings } from "../../core/config/parse.js"
import type { Sandbox } from "../../core/targets/sandbox/open.js"
import { useEngine } from "../engine/session.js"
import { emptyHost, goBack, release } from "./deployments.js"
import { liveVersion, onHost } from "./host.js"

useEngine()

const folder = mkdtempSync(join(tmpdir(), "tollgate-worlds-"))
const sandboxes: Sandbox[] = []
afterAll(async () => {
  await Promise.all(sandboxes.map(({ target }) => target.close()))
  rmSync(folder, { recursive: true, force: true })
})

/** A world, with a payment that its live release must take. */
const WORLDS = [
  {
    name: "subscriptions",
    what: "a uv workspace with asynchronous SQLAlchemy, without a Dockerfile",
    path: "/charges",
    payment: { key: "order-7", amount: "12.50" },
    answer: '"cents":1250,"status":"paid"',
    page: null,
  },
  {
    name: "tickets",
    what: "poetry and Django, migrated by manage.py",
    path: "/orders",
    payment: { number: "T-7", amount: 300 },
    answer: '"amount": 300',
    page: null,
  },
  {
    name: "checkout",
    what: "an API and a pnpm web app in one repository, with the Dockerfile above the API",
    path: "/api/orders",
    payment: { number: "W-7", cents: 900 },
    answer: '"number":"W-7"',
    page: "<title>Checkout</title>",
  },
]

describe.each(WORLDS)("$what:", ({ name, path, payment, answer, page }) => {
  test("its suites and its image pass, it is deployed twice, and rolled back", async () => {
    const source = join(folder, name)
    cpSync(new URL(`worlds/${name}/`, import.meta.url).pathname, source, { recursive: true })
    // scan and ecpay have tests of their own
    appendFileSync(join(source, "tollgate.yaml"), "environments: { sandbox: { gates: [qa] } }\n")
    const settings = parseSettings(readFileSync(join(source, "tollgate.yaml"), "utf8"))
    const sandbox = await emptyHost(settings)
    sandboxes.push(sandbox)
    // tables of other tests' services may have the same names
    await onHost(
      sandbox,
      'docker exec postgres psql -U app -d app -qc "drop schema public cascade" -c "create schema public"',
    )
    const deployed = async (version: string) => {
      const { outcome, causes } = await release(settings, version, "", { source: dag.host().directory(source) })
      return { outcome, causes, live: await liveVersion(sandbox) }
    }
    expect(await deployed("first-1")).toMatchObject({
      outcome: "live",
      causes: [],
      live: expect.stringContaining("first-1"),
    })
    expect(await deployed("second-2")).toMatchObject({
      outcome: "live",
      causes: [],
      live: expect.stringContaining("second-2"),
    })
    expect(await goBack(settings)).toMatchObject({ outcome: "live", serving: { version: "first-1" } })
    expect(await liveVersion(sandbox)).toContain("first-1")
    const headers = { "content-type": "application/json" }
    expect(
      await sandbox.target.requestLive({ method: "POST", path, headers, body: JSON.stringify(payment) }),
    ).toMatchObject({ kind: "answered", body: expect.stringContaining(answer) })
    if (page !== null)
      expect(await sandbox.target.requestLive({ method: "GET", path: "/" })).toMatchObject({
        status: 200,
        body: expect.stringContaining(page),
      })
  })
})
