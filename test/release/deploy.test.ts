import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { Settings } from "../../core/config/parse.js"
import { environmentSettings } from "../../core/environment/check.js"
import { newApprovalKey, readPrivateKey } from "../../core/release/approval/key.js"
import { signApproval } from "../../core/release/approval/sign.js"
import { releaseScreen } from "../../core/release/deploy/screen.js"
import type { Sandbox } from "../../core/targets/sandbox/open.js"
import { useEngine } from "../engine/session.js"
import {
  customers,
  emptyHost,
  entryPoint,
  goBack,
  planned,
  release,
  SANDBOX,
  SECRET,
  settingsWith,
} from "./deployments.js"
import { historyOf } from "./faults.js"
import { liveVersion, onHost } from "./host.js"
import { k6Customers } from "./k6-customers.js"
import { adoptFirst } from "./policies.js"

useEngine()

const key = newApprovalKey(null)
const shipped = settingsWith(key.publicKey)
// a heartbeat may come late on a busy machine
const settings: Settings = { ...shipped, ledger: { ...shipped.ledger, lease: 60 } }
const impatient: Settings = { ...settings, release: { ...settings.release, healthTimeout: 6 } }
let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await emptyHost(settings)
})
afterAll(() => sandbox.target.close())

const history = () => historyOf(sandbox, settings)
const leftOver = async () => (await sandbox.target.running()).candidates

test("the first release serves, and the ledger says so", async () => {
  const result = await release(settings, "1")
  expect(result.causes).toEqual([])
  expect(result).toMatchObject({ outcome: "live", serving: { version: "1" } })
  expect(releaseScreen(result)).toMatch(/\nLIVE: shop 1 \([0-9a-f]{12}\) is serving in sandbox, after /)
  expect(await liveVersion(sandbox)).toBe("200 1")
  expect(await history()).toMatchObject([
    {
      id: result.release,
      outcome: "live",
      action: "deploy",
      digest: result.digest,
      serving: { digest: result.digest },
    },
  ])
})

test("the last lines of a service that dies at its start are in the ledger, without its secrets", async () => {
  const result = await release(settings, "bad-start", "dies-at-start")
  expect(result).toMatchObject({ outcome: "failed", serving: { version: "1" } })
  const lines = await onHost(
    sandbox,
    `docker exec postgres psql -U app -d tollgate -qAtc "SELECT side, version, process, stream, text FROM tollgate_ledger.log_lines WHERE release = '${result.release}'"`,
  )
  expect(lines).toContain("new|bad-start|web|err|no table payments for ***")
  expect(lines).not.toContain(SECRET)
})

describe("a failure is undone, and the previous version is verified as serving:", () => {
  test.each([
    ["a command before it that fails", "before-fails", "migrate", "failed"],
    ["an image that never becomes healthy", "never-healthy", "healthy", "failed"],
    ["a smoke check that fails", "smoke-fails", "smoke", "failed"],
    ["a service that says another version than was deployed", "wrong-version", "smoke", "failed"],
    ["a service that ends after it got the traffic", "dies", "watch", "rolled-back"],
  ])("%s", async (_, mode, at, outcome) => {
    const result = await release(mode === "never-healthy" ? impatient : settings, `bad-${mode}`, mode)
    expect(result).toMatchObject({ outcome, serving: { version: "1" } })
    expect(result.steps.find((step) => step.outcome === "failed")?.name).toBe(at)
    expect(await liveVersion(sandbox)).toBe("200 1")
    expect(await leftOver()).toEqual([])
    expect((await history())[0]).toMatchObject({
      id: result.release,
      outcome,
      serving: { digest: result.serving?.digest },
      finishedAt: expect.any(String),
    })
    expect(releaseScreen(result)).toMatch(
      /\n(FAILED: bad-\S+ was not deployed to|ROLLED BACK: bad-\S+ failed in) sandbox; 1 \([0-9a-f]{12}\) is serving\n$/,
    )
  })

  test("a threshold that customers break while it is watched", async () => {
    const stop = await customers(sandbox)
    const result = await release(settings, "bad-threshold", "fails-customers")
    await stop()
    expect(result).toMatchObject({ outcome: "rolled-back", serving: { version: "1" }, monitor: { kind: "failed" } })
    expect(result.causes[0]).toMatch(
      /^A threshold of release.monitor failed: errors \d+\.\d\d % of \d+, threshold <= 1 %/,
    )
    expect(result.printed).toContain("payment failed in bad-threshold")
    expect(await liveVersion(sandbox)).toBe("200 1")
  })
})

test("no request is dropped by deployments and rollbacks, at a constant rate of k6", async () => {
  const stop = k6Customers(sandbox.service, { rate: 50, path: "/pay", contains: "paid" })
  const done: string[] = []
  for (const round of [1, 2, 3]) {
    done.push((await release(settings, `round-${round}`)).outcome)
    done.push((await goBack(settings)).outcome)
  }
  const served = await stop()
  console.log(`k6, 3 deployments and 3 rollbacks: ${JSON.stringify(served)}`)
  expect(done).toEqual(Array.from({ length: 6 }, () => "live"))
  expect(served).toMatchObject({ failed: 0, failures: [] })
  expect(served.requests).toBeGreaterThan(1000)
  // what was not sent for want of free customers would have waited: that is a failure of its own
  expect(served.notSent / served.requests).toBeLessThan(0.01)
})

test("a rollback goes on without its ledger, and what happened is written there later", async () => {
  await release(settings, "before-outage")
  // its Postgres itself would be started again with the sandbox
  const admit = (connections: number) =>
    onHost(
      sandbox,
      `docker exec postgres psql -U app -d app -qc 'alter database tollgate connection limit ${connections}'`,
    )
  await admit(0)
  const result = await goBack(settings)
  expect(result).toMatchObject({ outcome: "live" })
  expect(result.warnings.join()).toMatch(/ledger/)
  expect(await liveVersion(sandbox)).not.toBe("200 before-outage")
  await admit(-1)
  expect((await history())[0]).toMatchObject({
    action: "rollback",
    outcome: "live",
    journaled: true,
    serving: { digest: result.digest },
  })
})

test("of two deployments at once one is refused, and changes nothing", async () => {
  const both = await Promise.allSettled([release(settings, "at-once-1"), release(settings, "at-once-2")])
  const refused = both.filter((one) => one.status === "rejected")
  expect(refused).toHaveLength(1)
  expect(refused[0]?.reason).toMatchObject({ code: "lease-held" })
  expect(both.filter((one) => one.status === "fulfilled")).toMatchObject([{ value: { outcome: "live" } }])
  expect(await leftOver()).toEqual([])
})

test("break-glass overrides approvals with a reason, loudly", async () => {
  await adoptFirst(settings, "guarded", [{ name: "Mei Lin", ...key }], entryPoint, SANDBOX)
  const alone = { environment: "guarded", breakGlass: "customers cannot pay at all" }
  const unsigned = await release(settings, "broken-glass", "", alone)
  expect(unsigned.outcome).toBe("refused")
  expect(unsigned.causes[0]).toContain("--break-glass needs the signature of a key")
  const plan = await planned(settings, "broken-glass", { environment: "guarded" })
  const now = new Date()
  const signature = signApproval({
    plan,
    purpose: "break-glass",
    key: readPrivateKey(key.privatePem, null),
    approver: "Mei Lin",
    reason: "customers cannot pay",
    now,
    expiresAt: new Date(now.getTime() + 3_600_000),
    settings: environmentSettings(settings, "guarded").approvals,
  })
  const result = await release(settings, "broken-glass", "", { ...alone, approvals: [JSON.stringify(signature)] })
  expect(result.steps.find(({ name }) => name === "approval")?.note).toContain(
    "BREAK GLASS, overrides approval-too-few: customers cannot pay at all",
  )
  expect(result.causes).toEqual([])
  expect(result.outcome).toBe("live")
})

test("no value stands in what Docker, the host or the ledger shows", async () => {
  const state = await onHost(
    sandbox,
    "docker inspect $(docker ps -aq); docker ps -a --no-trunc; ps axww -o args; docker exec postgres pg_dump -U app tollgate; ls -laR /var/lib/tollgate",
  )
  const containers = (await onHost(sandbox, "docker ps -aq")).trim().split("\n")
  const logs = await Promise.all(containers.map((id) => onHost(sandbox, `docker logs --tail=5000 ${id} 2>&1`)))
  const shown = [state, ...logs].join("\n")
  expect(shown).toContain("release-started")
  expect(shown).not.toContain(SECRET)
})
