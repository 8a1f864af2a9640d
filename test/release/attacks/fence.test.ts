import { connect } from "node:net"
import { afterAll, beforeAll, expect, test } from "vitest"
import type { Settings } from "../../../core/config/parse.js"
import { openRelay, type Relay } from "../../../core/release/session/relay.js"
import { forwardTo } from "../../../core/release/session/through-target.js"
import type { Sandbox } from "../../../core/targets/sandbox/open.js"
import { useEngine } from "../../engine/session.js"
import { emptyHost, goBack, release, runningHost, settingsWith } from "../deployments.js"
import { eventsOf } from "../faults.js"
import { liveVersion, onHost } from "../host.js"
import { type Ended, Sleeper } from "./sleeper.js"

/** A run is stopped, or cut off from the ledger, while another run changes the same host. */

useEngine()

const shipped = settingsWith("ed25519:11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=")
const settings: Settings = {
  ...shipped,
  release: { ...shipped.release, before: [], healthTimeout: 60, monitor: { ...shipped.release.monitor, window: 1 } },
}
let sandbox: Sandbox
let sleeper: Sleeper
let postgres: Relay
let ledgerOfSleeper: Relay
let connected = true
beforeAll(async () => {
  sleeper = new Sleeper()
  sandbox = await emptyHost(settings)
  postgres = await forwardTo(sandbox.target, "postgres", 5432)
  ledgerOfSleeper = await openRelay(() =>
    connected ? Promise.resolve(connect(postgres.port, "127.0.0.1")) : Promise.reject(new Error("cut off")),
  )
  expect(await release(settings, "1")).toMatchObject({ outcome: "live", causes: [] })
  expect(await release(settings, "2")).toMatchObject({ outcome: "live", causes: [] })
})
afterAll(async () => {
  sleeper.close()
  await ledgerOfSleeper.close()
  await postgres.close()
  await sandbox.target.close()
})

const ledgerAt = (port: number, database = "tollgate") =>
  `postgresql://tollgate:${sandbox.identity.registryPassword}@127.0.0.1:${port}/${database}?sslmode=disable`

/** A deployment in a process of its own. @param mode how the release misbehaves */
const deploys = (version: string, asleepBefore: string | null, { mode = "", after = 0, watch = 1, ledger = "" } = {}) =>
  sleeper.order({
    version,
    mode,
    asleepBefore,
    after,
    watch,
    ledger: ledger === "" ? null : ledger,
    running: runningHost(),
  })

async function requireLeft(result: Ended, version: string): Promise<void> {
  expect(result).toMatchObject({
    outcome: "interrupted",
    next: expect.stringContaining("tollgate status --env=sandbox"),
  })
  expect(result.causes.join("\n")).toMatch(
    /sandbox: another run has claimed this environment: rollback by the test since .* UTC \(lease \d+.*, run \S+, on the test\)\. Nothing was changed here/,
  )
  expect(await liveVersion(sandbox)).toBe(`200 ${version}`)
  const { live } = await sandbox.target.running()
  expect(live).toMatchObject({ kind: "live", instance: { version } })
}

test("asleep before its start, a deployment starts nothing after a rollback", async () => {
  deploys("asleep-start", "start release")
  await sleeper.asleep()
  expect(await goBack(settings, "1")).toMatchObject({ outcome: "live" })
  sleeper.wake()
  const result = await sleeper.ended()
  await requireLeft(result, "1")
  expect(await onHost(sandbox, "docker ps -a --format '{{.Names}}'")).not.toContain(result.release)
})

test("asleep before its switch, a deployment moves no traffic after a rollback without a ledger", async () => {
  deploys("asleep-switch", "switch the traffic")
  await sleeper.asleep()
  const rolledBack = await goBack(settings, "2", ledgerAt(1))
  expect(rolledBack).toMatchObject({ outcome: "live", serving: { version: "2" } })
  expect(rolledBack.warnings.join()).toMatch(
    /this run claimed the target as lease \d+, and runs before it can change nothing/,
  )
  sleeper.wake()
  const result = await sleeper.ended()
  await requireLeft(result, "2")
  expect(result.causes.join()).toContain(", without a ledger")
  expect(result.steps.filter(({ outcome }) => outcome === "undone")).toEqual([])
})

test("after a rollback without a ledger the next deployment goes through, and the ledger says why its lease was raised", async () => {
  expect(await release(settings, "3")).toMatchObject({ outcome: "live", causes: [] })
  const raised = (await eventsOf(sandbox, settings, "token-raised")).map(({ what }) => what)
  expect(raised).toMatchObject([
    { reason: expect.stringMatching(/^the target had seen rollback by the test .*without a ledger/) },
  ])
  expect((await sandbox.target.running()).claimed).toMatchObject({ command: "deploy", who: "the test" })
})

test("asleep in its undo, a deployment does not move the traffic that another run has moved since", async () => {
  // the first switch is its own; it would switch back to 3
  deploys("asleep-undo", "switch the traffic", { mode: "dies", after: 1, watch: 20 })
  await sleeper.asleep()
  expect(await liveVersion(sandbox)).not.toBe("200 3")
  expect(await goBack(settings, "2")).toMatchObject({ outcome: "live" })
  sleeper.wake()
  await requireLeft(await sleeper.ended(), "2")
})

test("cut off from the ledger alone, a deployment does not undo the release of the run that took its lease", async () => {
  deploys("cut-off", null, { watch: 120, ledger: ledgerAt(ledgerOfSleeper.port) })
  await sleeper.until("watch")
  connected = false
  ledgerOfSleeper.cut()
  // this stops the worker of the release that is watched: its run would switch back to 2
  expect(await goBack(settings, "3")).toMatchObject({ outcome: "live" })
  const result = await sleeper.ended()
  await requireLeft(result, "3")
  expect(result.steps.at(-1)).toMatchObject({ name: "switch back", outcome: "failed" })
})

test("with another ledger, whose leases are lower, a deployment is refused before its first change", async () => {
  const sql = "docker exec postgres psql -U app -d app -qc 'drop database if exists restored with (force)' -c"
  await onHost(sandbox, `${sql} 'create database restored owner tollgate'`)
  const result = await release(settings, "restored", "", { ledger: ledgerAt(postgres.port, "restored") })
  await onHost(sandbox, `${sql} 'select 1' >/dev/null`)
  expect(result).toMatchObject({ outcome: "refused", serving: { version: "3" } })
  expect(result.causes.join()).toMatch(
    /have seen lease \d+ of a ledger, and this ledger has only granted 1[\s\S]*unlock --env=sandbox --raise=\d+/,
  )
  expect((await sandbox.target.running()).candidates.map(({ version }) => version)).not.toContain("restored")
})
