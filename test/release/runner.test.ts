import { spawn } from "node:child_process"
import { randomUUID } from "node:crypto"
import { afterAll, beforeAll, expect, test } from "vitest"
import type { Settings } from "../../core/config/parse.js"
import type { Ledger } from "../../core/ledger/ledger.js"
import { newApprovalKey, readPrivateKey } from "../../core/release/approval/key.js"
import { type OpenedLedger, openReleaseLedger } from "../../core/release/ledger/open-ledger.js"
import { forwardTo } from "../../core/release/session/through-target.js"
import { ask } from "../../core/requests/ask.js"
import { REQUEST_KINDS, type RequestState, requestsOf } from "../../core/requests/fold.js"
import type { RequestAction } from "../../core/requests/request.js"
import { releaseWorks, workedOf } from "../../core/runner/commands.js"
import { serve } from "../../core/runner/serve.js"
import type { Works } from "../../core/runner/works.js"
import type { Place } from "../../core/targets/kind.js"
import { openPlace } from "../../core/targets/registry.js"
import type { Sandbox } from "../../core/targets/sandbox/open.js"
import { useEngine } from "../engine/session.js"
import { emptyHost, entryPoint, release, SANDBOX, settingsWith } from "./deployments.js"
import { liveVersion } from "./host.js"
import { beforePolicy, operated } from "./operated.js"
import { adoptFirst } from "./policies.js"

useEngine()

const [mei, eve] = [newApprovalKey(null), newApprovalKey(null)]
settingsWith(mei.publicKey)
const shipped = operated(mei.publicKey)
// a heartbeat may come late on a busy machine
const settings: Settings = { ...shipped, ledger: { ...shipped.ledger, lease: 60 } }
const access = { ssh: null, registry: null }
const DEPLOY = {
  kind: "deploy" as const,
  planId: `plan-${"0".repeat(64)}`,
  planSha256: "0".repeat(64),
  version: "3",
  revision: "0".repeat(40),
}
const PLANNED = {
  planId: DEPLOY.planId,
  planSha256: DEPLOY.planSha256,
  authors: [],
  authorsUnknown: "",
  settings: {},
  commits: [],
  revision: DEPLOY.revision,
}
const ROLLBACK: RequestAction = { kind: "rollback", to: "" }

let sandbox: Sandbox
let place: Place
const opened: OpenedLedger[] = []

async function openLedger(): Promise<Ledger> {
  const one = await openReleaseLedger(patient, place, entryPoint, null, "required", (text) => text)
  if (one === null) throw new Error("the sandbox has a ledger")
  opened.push(one)
  return one.ledger
}
const patient: Settings = { ...settings, ledger: { ...settings.ledger, patience: 60 } }

let ledger: Ledger
beforeAll(async () => {
  sandbox = await emptyHost(settings)
  place = await openPlace(settings, "sandbox", entryPoint, access, SANDBOX)
  ledger = await openLedger()
  for (const version of ["1", "2"]) expect((await release(beforePolicy(), version)).causes).toEqual([])
  await adoptFirst(settings, "sandbox", [], entryPoint, SANDBOX)
})
afterAll(async () => {
  for (const one of opened) await one.close()
  await place.target.close()
  await sandbox.target.close()
})

const requested = (action: RequestAction, key = mei) =>
  ask(
    settings,
    { environment: "sandbox", key: readPrivateKey(key.privatePem, null), reason: "checkout is slow", action },
    ledger,
  )

const works: Works = {
  ...releaseWorks(
    settings,
    { environment: "sandbox", owner: "the test", access, ledger: null, notify: null, secrets: null, sandbox: SANDBOX },
    entryPoint,
  ),
  deploy: async ({ action, who, why, signal, undoing }) =>
    workedOf(await release(settings, action.version, "", { caller: { who, owner: "the test" }, why, signal, undoing })),
}

/** A runner with a connection of its own, as another machine's. */
async function run({ once = true, signal = new AbortController().signal } = {}): Promise<number> {
  const own = await openLedger()
  const caller = { who: "the test", owner: "the test" }
  const redact = (text: string) => text
  return await serve(
    patient,
    { environment: "sandbox", caller, once, signal, tell: () => undefined, redact },
    own,
    works,
  )
}

const states = async (): Promise<RequestState[]> =>
  requestsOf(await ledger.eventsOfKinds("sandbox", REQUEST_KINDS, 0)).map(({ state }) => state)

/** What the target has, by the latest report. */
const reported = async () => (await ledger.eventsOfKind("sandbox", "target-seen")).at(-1)

test("two runners roll back once by one request, for the person who signed it, and refuse what is forged", async () => {
  expect(await reported()).toMatchObject({ what: { target: { releases: [{ version: "2" }, { version: "1" }] } } })
  const good = await requested(ROLLBACK)
  const forged = { ...good, statement: { ...good.statement, id: randomUUID(), reason: "x" } }
  await expect(requested(ROLLBACK, eve)).rejects.toMatchObject({ code: "request-unknown-key" })
  for (const file of [forged, good])
    await ledger.record(
      { service: settings.ledger.service, environment: "sandbox", release: null, run: "r", token: null, who: "Eve" },
      { kind: "requested", request: randomUUID(), signed: JSON.parse(JSON.stringify(file)) },
    )
  expect(await Promise.all([run(), run()])).toEqual([0, 0])
  expect(await liveVersion(sandbox)).toBe("200 1")
  expect(await states()).toMatchObject([
    { outcome: "done", note: expect.stringMatching(/^1 \([0-9a-f]{12}\) is serving, after /) },
    { problems: [{ code: "request-bad-signature" }] },
    { problems: expect.arrayContaining([expect.objectContaining({ code: "request-replayed" })]) },
  ])
  const [latest, before] = await ledger.releases("sandbox", 2)
  expect(latest).toMatchObject({
    action: "rollback",
    who: "Mei Lin",
    outcome: "live",
    why: expect.stringMatching(/^checkout is slow \(request /),
  })
  expect(before).toMatchObject({ action: "deploy", version: "2" })
  // the rollback reported what it left on the host, and the runner looked after it: a dashboard has no other way to know
  expect(await ledger.holder("sandbox/target")).toMatchObject({ command: "look", who: "the test" })
  expect(await reported()).toMatchObject({
    context: { release: null, who: "Mei Lin" },
    what: {
      problem: null,
      target: {
        places: [{ release: latest?.serving?.release, proxy: "running" }],
        releases: [{ version: "1" }, { version: "2", release: before?.id }],
        maintenance: null,
      },
    },
  })
  expect(await ledger.verify()).toMatchObject({ kind: "whole" })
})

test("what a killed runner had is done once, by the next one, when its lease has expired", async () => {
  await requested({ kind: "maintenance", on: true, message: "Back at 10:00" })
  const forward = await forwardTo(place.target, "postgres", 5432)
  const password = place.postgres?.ledgerPassword ?? ""
  const url = `postgresql://tollgate:${password}@127.0.0.1:${forward.port}/tollgate?sslmode=disable`
  const child = spawn(
    process.execPath,
    ["node_modules/.bin/tsx", "--tsconfig", "tsconfig.host.json", "test/release/runner-child.ts", url, mei.publicKey],
    { stdio: ["ignore", "pipe", "inherit"], detached: true },
  )
  await new Promise((works) => child.stdout.once("data", works))
  const killed = new Promise((ended) => child.once("close", ended))
  // the whole group: tsx runs it in a process of its own
  if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL")
  await killed
  await forward.close()
  await run()
  expect((await states()).at(-1)).toMatchObject({ kind: "taken", attempt: 1 })
  await expect.poll(() => ledger.holder("sandbox/runner-1"), { timeout: 60_000, interval: 500 }).toBeNull()
  await run()
  expect((await states()).at(-1)).toMatchObject({ outcome: "done", note: expect.stringContaining("MAINTENANCE ON") })
  expect(await liveVersion(sandbox)).toMatch(/^503 /)
  const report = await reported()
  expect(report).toMatchObject({ what: { target: { maintenance: "Back at 10:00" } } })
  await run()
  // a look that sees the same makes no event: the time of the look is kept beside the leases
  expect((await reported())?.number).toBe(report?.number)
  const look = await ledger.holder("sandbox/target")
  expect(Date.parse(look?.heartbeatAt ?? "")).toBeGreaterThan(Date.parse(report?.at ?? ""))
  expect((await ledger.eventsOfKind("sandbox", "maintenance")).map(({ context }) => context.who)).toEqual(["Mei Lin"])
})

test("a scheduled request waits in the ledger for a later runner, and a canceled one never runs", async () => {
  const off: RequestAction = { kind: "maintenance", on: false, message: "Back" }
  const soon = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString()
  const tonight = await requested({ kind: "schedule", at: soon(3600), action: ROLLBACK })
  await requested({ kind: "schedule", at: soon(8), action: off })
  await run()
  await requested({ kind: "cancel", request: tonight.statement.id })
  const ended = new AbortController()
  const runner = run({ once: false, signal: ended.signal })
  await expect
    .poll(async () => (await states()).at(-2), { timeout: 60_000, interval: 500 })
    .toMatchObject({
      outcome: "done",
      note: expect.stringContaining("MAINTENANCE OFF"),
    })
  ended.abort()
  await runner
  expect((await states()).slice(-3)).toMatchObject([{ outcome: "canceled" }, { outcome: "done" }, { outcome: "done" }])
  expect(await liveVersion(sandbox)).toBe("200 1")
})

test("an emergency rollback interrupts the deployment of the same runner after its switch, and the version before serves", async () => {
  const ended = new AbortController()
  const runner = run({ once: false, signal: ended.signal })
  await ledger.record(
    { service: settings.ledger.service, environment: "sandbox", release: null, run: "r", token: null, who: "Bo Chen" },
    { ...PLANNED, kind: "planned" },
  )
  await requested(DEPLOY)
  const running = async () => (await ledger.releases("sandbox", 1))[0]
  await expect
    .poll(async () => (await running())?.steps.map(({ name }) => name), { timeout: 300_000, interval: 300 })
    .toContain("watch")
  expect(await liveVersion(sandbox)).toBe("200 3")
  const file = await requested(ROLLBACK)
  const asked = performance.now()
  await expect
    .poll(async () => (await ledger.releases("sandbox", 2)).some(({ action }) => action === "rollback"), {
      timeout: 60_000,
      interval: 100,
    })
    .toBe(true)
  console.log(`the rollback began ${((performance.now() - asked) / 1000).toFixed(1)} s after its request`)
  await expect
    .poll(async () => (await states()).slice(-2).map(({ kind }) => kind), { timeout: 120_000, interval: 300 })
    .toEqual(["finished", "finished"])
  ended.abort()
  await runner
  expect(await liveVersion(sandbox)).toBe("200 1")
  expect((await states()).slice(-2)).toMatchObject([{ outcome: "failed" }, { outcome: "done" }])
  expect(await ledger.releases("sandbox", 2)).toMatchObject([
    { action: "rollback", outcome: "live", who: file.statement.who },
    {
      action: "deploy",
      version: "3",
      outcome: "rolled-back",
      causes: [
        expect.stringContaining(`Interrupted by the rollback that ${file.statement.who} requested: checkout is slow`),
      ],
    },
  ])
})
