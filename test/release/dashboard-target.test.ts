import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, expect, test } from "vitest"
import { parseSettings } from "../../core/config/parse.js"
import { type Dashboard, serveDashboard } from "../../core/dashboard/server/listen.js"
import type { EventContext } from "../../core/ledger/event.js"
import { fileJournal } from "../../core/ledger/journal-file.js"
import type { Ledger } from "../../core/ledger/ledger.js"
import { openLedger } from "../../core/ledger/open.js"
import type { TargetSeen } from "../../core/ledger/target-seen.js"
import { seenOf } from "../../core/release/status/seen.js"
import type { Instance, Live } from "../../core/targets/target.js"
import { PostgresServer, removePrograms } from "../database/postgres-server.js"
import { useEngine } from "../engine/session.js"
import { instance, running } from "../unit/release-samples.js"
import { askDashboard, HERE, signIn } from "./dashboard-client.js"
import { Run, XSS } from "./dashboard-samples.js"

useEngine()

/** What runners report of a target, through a real ledger, on the pages of a dashboard that has no key of it. */

const TOLLGATE_YAML = `qa: { runner: run.py, suites: { e2e: { files: [test.py] } } }
ledger: { service: shop }
environments: { production: {} }
`
const folder = mkdtempSync(join(tmpdir(), "tollgate-test-target-"))
const file = join(folder, "tollgate.yaml")

let server: PostgresServer
let ledger: Ledger
let dashboard: Dashboard
let cookie = ""

beforeAll(async () => {
  server = await PostgresServer.start()
  const url = await server.createDatabase("shop")
  const journal = fileJournal(join(folder, "journal"))
  ledger = await openLedger({ url, service: "shop", patience: 60, journal, need: "required", entryPoint: "cli" })
  for (const letter of ["1", "2"]) {
    const run = new Run(ledger, "production", `r-${letter}`)
    await run.start(letter)
    await run.end(letter)
  }
  writeFileSync(file, TOLLGATE_YAML)
  const settings = parseSettings(TOLLGATE_YAML)
  // with 30 s a busy machine does not look like a lost ledger
  const patient = { ...settings, ledger: { ...settings.ledger, patience: 30 } }
  const report = (error: unknown) => expect.fail(String(error))
  dashboard = await serveDashboard({ settings: patient, file, ledger: url, ...HERE, zone: "UTC", report })
  cookie = await signIn(dashboard)
})
afterAll(async () => {
  await dashboard?.close()
  await ledger?.close()
  await server?.stop()
  await removePrograms()
  rmSync(folder, { recursive: true, force: true })
})

const page = async (path = "/environments/production") =>
  (await askDashboard(dashboard, path, { headers: { cookie } })).text

/** Pages are read anew within a second of what changes them. */
const shows = (what: string, path?: string) =>
  expect.poll(() => page(path), { timeout: 60_000, interval: 100 }).toContain(what)

const context = (run = "run-runner"): EventContext => ({
  service: "shop",
  environment: "production",
  release: null,
  run,
  token: null,
  who: "the runner",
})
const report = (what: TargetSeen, run?: string) => ledger.recordSeen(context(run), what, { owner: "ops-1", ago: 0 })
const reports = () => ledger.eventsOfKind("production", "target-seen")

function release(letter: string, more: Partial<Instance> = {}): Instance {
  const state = { kind: "running", check: "healthy", restarts: 0 } as const
  return instance(`r-${letter}`, {
    digest: `sha256:${letter.repeat(64)}`,
    version: `1.${letter}`,
    replicas: ["a", "b"].map((place) => ({ place, process: "web", name: letter, state })),
    ...more,
  })
}

function hosts(live: Live, one: string, other: string, retained: readonly Instance[] = []): TargetSeen {
  const proxy = { kind: "running", version: "v0.9.2" } as const
  const places = [
    { place: "a", proxy, release: one },
    { place: "b", proxy, release: other },
  ]
  return seenOf(running(live, { places, retained }))
}

const same = hosts({ kind: "live", instance: release("2") }, "r-2", "r-2", [release("1")])

test("a target is shown as never reported until a runner has looked, and then as the ledger says, on both pages", async () => {
  expect(await page()).toContain("No runner has looked yet. <code>tollgate status --env=production</code> does.")
  expect(await page("/")).toContain("never reported")
  expect(await report(same)).toBe("recorded")
  await shows("as the ledger says")
  await shows("as the ledger says", "/")
  const text = await page()
  expect(text).toContain("by the runner, on ops-1")
  expect(text).toContain(
    '1.1, <a href="/environments/production/releases/r-1">r-1</a>: running; a rollback needs no pull',
  )
})

test("a look that sees the same makes no event, and its time is on the page", async () => {
  const [number, before] = [await ledger.latestEvent(), await ledger.holder("production/target")]
  expect(await report(same)).toBe("same")
  expect(await ledger.latestEvent()).toBe(number)
  const after = await ledger.holder("production/target")
  expect(Date.parse(after?.heartbeatAt ?? "")).toBeGreaterThan(Date.parse(before?.heartbeatAt ?? ""))
  await shows(`datetime="${new Date(Date.parse(after?.heartbeatAt ?? "")).toISOString()}"`)
})

test("of runners that report the same at the same time one makes an event", async () => {
  const before = (await reports()).length
  const other = await openLedger({
    url: server.url("shop"),
    service: "shop",
    patience: 60,
    journal: fileJournal(join(folder, "other")),
    need: "required",
    entryPoint: "cli",
  })
  try {
    const live: Live = {
      kind: "split",
      at: [
        { place: "a", release: "r-2" },
        { place: "b", release: "r-1" },
      ],
      instances: [release("2"), release("1")],
    }
    const differs = hosts(live, "r-2", "r-1")
    const outcomes = await Promise.all(
      [ledger, other, ledger, other].map((one, index) =>
        one.recordSeen(context(`run-${index}`), differs, { owner: "ops", ago: 0 }),
      ),
    )
    expect(outcomes.sort()).toEqual(["recorded", "same", "same", "same"])
    expect((await reports()).length).toBe(before + 1)
  } finally {
    await other.close()
  }
  await shows("differs from the ledger")
  await shows("The ledger says 1.2 (r-2, 222222222222) is live; host b serves 1.1 (r-1, 111111111111).")
})

test("what is seen while a run holds the environment is not recorded, except by that run", async () => {
  const lease = await ledger.takeLease({
    environment: "production",
    run: "run-deploy",
    owner: "laptop",
    command: "deploy",
    who: "Mei Lin",
    seconds: 600,
  })
  try {
    const before = (await reports()).length
    expect(await report(same)).toBe("held")
    expect((await reports()).length).toBe(before)
    expect(await report(same, "run-deploy")).toBe("recorded")
  } finally {
    await lease.release()
  }
})

test("an unreachable target is named with its reason and since when, and what nobody looks at any more is out of date", async () => {
  const problem = { code: "target-unreachable", why: "a: no route to host" }
  await report({ kind: "target-seen", problem, target: null })
  await shows("Unreachable since")
  expect(await page()).toContain("a: no route to host")
  expect(await page()).not.toContain("as the ledger says")
  await shows("target unreachable", "/")
  await report(same)
  await shows("as the ledger says")
  // as after the last runner has ended
  await server.query(
    "shop",
    "UPDATE tollgate_ledger.leases SET expires_at = clock_timestamp() WHERE environment = 'production/target'",
  )
  await shows("Nobody has looked at it since.")
})

test("a host that writes markup into its labels brings none into a page", async () => {
  const hostile = { version: XSS, startedAt: "2026-11-22T08:00:00Z" }
  await report(hosts({ kind: "live", instance: release("2") }, "r-2", "r-2", [release("1", hostile), instance(XSS)]))
  await report({ kind: "target-seen", problem: { code: XSS, why: XSS }, target: null })
  await report(hosts({ kind: "foreign", place: "a", to: XSS }, XSS, "r-2", [release("1", hostile), instance(XSS)]))
  await shows("which is not a release of Tollgate")
  const text = await page()
  expect(text).toContain("&lt;script&gt;")
  expect(text.replaceAll(/<script src="\/assets\/[a-z.]+" defer>/g, "")).not.toMatch(/<script|<img|onerror="/)
  expect(await ledger.verify()).toMatchObject({ kind: "whole" })
})

test("tollgate.yaml is read again when it changes; an invalid one is named, and the last valid one stays", async () => {
  writeFileSync(file, TOLLGATE_YAML.replace("production: {}", "production: {}, canary: {}"))
  await shows("/environments/canary", "/")
  writeFileSync(file, "qa: { suites: <b> }\n")
  await shows("tollgate.yaml is invalid since")
  const text = await page("/")
  expect(text).toContain("/environments/canary")
  expect(text).toContain("tollgate.yaml:1:")
  writeFileSync(file, TOLLGATE_YAML)
  await expect.poll(() => page("/"), { timeout: 60_000, interval: 100 }).not.toContain("/environments/canary")
  expect(await page("/")).not.toContain("is invalid since")
})
