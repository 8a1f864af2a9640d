import { spawn } from "node:child_process"
import { randomUUID } from "node:crypto"
import { once } from "node:events"
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest"
import { fileJournal } from "../../core/ledger/journal-file.js"
import type { LeaseRequest, Ledger } from "../../core/ledger/ledger.js"
import { type LedgerOptions, openLedger } from "../../core/ledger/open.js"
import { packReport } from "../../core/ledger/report.js"
import { KEPT_OF_BRANCH } from "../../core/ledger/report-schema.js"
import { ledgerStore, SampleWriter } from "../../core/ledger/samples/writer.js"
import { TollgateError } from "../../core/shared/errors.js"
import { APP_PASSWORD, PostgresServer, removePrograms } from "../database/postgres-server.js"
import { useEngine } from "../engine/session.js"
import { onLoopback } from "../loopback.js"
import { sampleOf } from "../unit/picture-samples.js"
import { context, DIGEST, finished, started, stepDone } from "./ledger-samples.js"

useEngine()

let server: PostgresServer
let database = ""
let url = ""
let journal = ""
let count = 0
let opened: Ledger[] = []

beforeAll(async () => {
  server = await PostgresServer.start()
})
afterAll(async () => {
  await server.stop()
  await removePrograms()
})
beforeEach(async () => {
  database = `ledger_${++count}`
  url = await server.createDatabase(database)
  journal = mkdtempSync(join(tmpdir(), "tollgate-test-journal-"))
})
afterEach(async () => {
  await Promise.all(opened.map((ledger) => ledger.close()))
  opened = []
  rmSync(journal, { recursive: true, force: true })
})

async function ledger(more: Partial<LedgerOptions> = {}): Promise<Ledger> {
  const one = await openLedger({
    url,
    service: "shop",
    patience: 5,
    journal: fileJournal(journal),
    need: "required",
    entryPoint: "cli",
    ...more,
  })
  opened.push(one)
  return one
}

function request(more: Partial<LeaseRequest> = {}): LeaseRequest {
  return {
    environment: "production",
    run: "run-1",
    owner: "laptop",
    command: "deploy",
    who: "Mei Lin",
    seconds: 30,
    ...more,
  }
}

async function refusal(work: Promise<unknown>): Promise<TollgateError> {
  const error: unknown = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof TollgateError)) throw new Error(`expected a refusal, got ${String(error)}`)
  return error
}

const sql = <Row extends object>(text: string, user?: string) =>
  server.query<Row & Record<string, unknown>>(database, text, user)

async function untilTrue(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((done) => setTimeout(done, 100))
}

/** A server that was killed leaves children that take a moment to notice, and a new one does not start beside them. */
function resume(): Promise<void> {
  return untilTrue(() =>
    server.resume().then(
      () => true,
      (error: unknown) => {
        if (String(error).includes("is still in use")) return false
        throw error
      },
    ),
  )
}

test("an event with an id of its own is recorded once, by whomever, and listeners hear of it", async () => {
  const [one, other] = [await ledger(), await ledger()]
  let heard = 0
  const listening = await other.listen(() => heard++)
  const id = "6f9c2a1e-0000-8000-8000-000000000001"
  const taken = {
    kind: "request-taken",
    number: 1,
    attempt: 1,
    lease: { place: 1, token: 1 },
  } as const
  const mine = context({ release: null })
  expect((await Promise.all([one, other, one, other].map((each) => each.recordOnce(mine, taken, id)))).sort()).toEqual([
    false,
    false,
    false,
    true,
  ])
  await one.record(mine, finished())
  await expect.poll(() => heard).toBe(1)
  expect(await one.latestEvent()).toBe(2)
  expect(await one.eventsOfKinds("production", ["request-taken", "requested"], 0)).toMatchObject([
    { number: 1, what: taken },
  ])
  expect(await one.eventsOfKinds("production", ["request-taken"], 1)).toEqual([])
  expect(await one.verify()).toMatchObject({ kind: "whole", events: 2 })
  await listening.close()
})

test("an unlock that names a run frees no other run's lease", async () => {
  const one = await ledger()
  const lease = await one.takeLease(request({ run: "run-2" }))
  const unlock = { reason: "it hangs", run: "run-9", who: "Bo Chen" }
  expect(await refusal(one.unlock("production", { ...unlock, held: "run-1" }))).toMatchObject({ code: "lease-other" })
  await lease.requireHeld()
  await one.unlock("production", { ...unlock, held: "run-2" })
  expect(await refusal(lease.requireHeld())).toMatchObject({ code: "lease-lost" })
})

test("a release's events come back as what happened, in their order", async () => {
  const one = await ledger()
  const lease = await one.takeLease(request())
  const mine = context({ token: lease.token })
  await one.record(mine, started())
  await one.record(mine, {
    kind: "approved",
    planId: "plan-1",
    planSha256: "00",
    approver: "An Wu",
    key: "ed25519:k",
    reason: "reviewed",
    signedAt: "2026-11-22T10:00:00Z",
    expiresAt: "2026-11-22T14:00:00Z",
    signed: null,
  })
  await one.record(mine, { kind: "step-started", step: "backup" })
  expect((await one.releases("production", 10))[0]).toMatchObject({
    outcome: "running",
    steps: [{ name: "backup", outcome: "running", seconds: null }],
  })
  await one.record(mine, stepDone("backup", { note: "b-1" }))
  await one.record(mine, { kind: "step-started", step: "switch" })
  await one.record(mine, stepDone("switch", { outcome: "failed", note: "no answer" }))
  await one.record(
    mine,
    finished({ outcome: "failed", causes: ["no answer"], serving: { release: "r0", digest: DIGEST } }),
  )
  await lease.release()

  expect(await one.releases("production", 10)).toMatchObject([
    {
      id: "r1",
      environment: "production",
      who: "Mei Lin",
      outcome: "failed",
      causes: ["no answer"],
      seconds: 42,
      journaled: false,
      approvals: [{ approver: "An Wu", reason: "reviewed" }],
      steps: [
        { name: "backup", outcome: "done", seconds: 1.5, note: "b-1" },
        { name: "switch", outcome: "failed", seconds: 1.5 },
      ],
    },
  ])
  expect(await one.releases("staging", 10)).toEqual([])
  expect(await (await ledger({ service: "another" })).releases("production", 10)).toEqual([])
  expect(await sql("SELECT release, action, who, outcome FROM tollgate_ledger.releases")).toEqual([
    { release: "r1", action: "deploy", who: "Mei Lin", outcome: "failed" },
  ])
  expect(await sql("SELECT step, outcome FROM tollgate_ledger.steps")).toHaveLength(2)
  expect(await sql("SELECT approver FROM tollgate_ledger.approvals")).toEqual([{ approver: "An Wu" }])
})

test("only the latest releases are given when there are more", async () => {
  const one = await ledger()
  for (const id of ["r1", "r2", "r3"]) await one.record(context({ release: id }), started())
  expect((await one.releases("production", 2)).map(({ id }) => id)).toEqual(["r3", "r2"])
})

test("eight runs that find no tables make them once", async () => {
  const all = await Promise.all(Array.from({ length: 8 }, () => ledger()))
  await Promise.all(all.map((one, index) => one.record(context({ release: `r${index}` }), started())))
  expect(await all[0]?.verify()).toMatchObject({ kind: "whole", events: 8 })
})

test.each(["app", "postgres"])(
  "neither the owner nor a superuser can change, remove or empty events: %s",
  async (user) => {
    const one = await ledger()
    await one.record(context(), started())
    for (const statement of [
      "UPDATE tollgate_ledger.events SET body = body",
      "DELETE FROM tollgate_ledger.events",
      "TRUNCATE tollgate_ledger.events",
      "TRUNCATE tollgate_ledger.events CASCADE",
    ])
      await expect(sql(statement, user)).rejects.toThrow("tollgate_ledger.events is append-only")
    if (user === "postgres")
      await expect(
        sql("SET session_replication_role = replica; DELETE FROM tollgate_ledger.events", user),
      ).rejects.toThrow("append-only")
    await expect(sql("INSERT INTO tollgate_ledger.events SELECT * FROM tollgate_ledger.events", user)).rejects.toThrow()
    expect(await one.verify()).toMatchObject({ kind: "whole", events: 1 })
  },
)

test("an event added by hand is in the chain, whatever number and hash it has", async () => {
  const one = await ledger()
  await one.record(context(), started())
  const { rows } = { rows: await sql<{ body: string }>("SELECT body FROM tollgate_ledger.events") }
  const body = (rows[0]?.body ?? "")
    .replace(/"id":"[^"]+"/, '"id":"11111111-2222-4333-8444-555555555555"')
    .replaceAll("'", "''")
  await sql(
    `INSERT INTO tollgate_ledger.events (number, id, at, journaled, stale, previous, hash, body) VALUES (99, gen_random_uuid(), '2000-01-01', false, false, 'x', 'y', '${body}')`,
  )
  expect(await one.verify()).toMatchObject({ kind: "whole", events: 2 })
})

test.each([
  [
    "changed",
    "UPDATE tollgate_ledger.events SET body = replace(body, 'weekly', 'daily') WHERE number = 2",
    2,
    "its content does not match its hash",
  ],
  ["removed", "DELETE FROM tollgate_ledger.events WHERE number = 2", 3, "event 2 is missing"],
  [
    "redated",
    "UPDATE tollgate_ledger.events SET at = at - interval '1 day' WHERE number = 1",
    1,
    "its content does not match its hash",
  ],
])("an event that was %s by somebody who turned the triggers off is found", async (_, statement, number, why) => {
  const one = await ledger()
  for (const id of ["r1", "r2", "r3"]) await one.record(context({ release: id }), started())
  await sql(
    `ALTER TABLE tollgate_ledger.events DISABLE TRIGGER ALL; ${statement}; ALTER TABLE tollgate_ledger.events ENABLE ALWAYS TRIGGER only_added`,
    "postgres",
  )
  const verdict = await one.verify()
  expect(verdict).toMatchObject({ kind: "broken", number })
  expect(verdict.kind === "broken" && verdict.why).toContain(why)
})

test("of two deployments at once the second prints the holder of the lease, since when and until when", async () => {
  const [one, other] = await Promise.all([ledger(), ledger()])
  const results = await Promise.allSettled([
    one.takeLease(request({ run: "run-1", who: "Mei Lin" })),
    other.takeLease(request({ run: "run-2", who: "Bo Chen", owner: "ci-7" })),
  ])
  expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"])
  const holder = await one.holder("production")
  const error = await refusal((holder?.run === "run-1" ? other : one).takeLease(request({ run: "run-3" })))
  expect(error.code).toBe("lease-held")
  expect(error.message).toContain(`production is locked by another run: deploy by ${holder?.who}.`)
  expect(error.message).toContain(`run ${holder?.run}, on ${holder?.owner}, lease 1`)
  expect(error.message).toMatch(/since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC, until \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC/)
  // another environment, and another service, have leases of their own
  await (await other.takeLease(request({ run: "run-2", environment: "staging" }))).release()
  await (await (await ledger({ service: "another" })).takeLease(request({ run: "run-2" }))).release()
})

test("twenty runs that want one environment at once never have it together, and each gets a higher token", async () => {
  const tokens: number[] = []
  let inside = 0
  await Promise.all(
    Array.from({ length: 20 }, async (_, index) => {
      const one = await ledger({ patience: 30 })
      for (;;) {
        try {
          const lease = await one.takeLease(request({ run: `run-${index}` }))
          expect(++inside).toBe(1)
          tokens.push(lease.token)
          await lease.requireHeld()
          inside -= 1
          await lease.release()
          return
        } catch (error) {
          if (!(error instanceof TollgateError) || error.code !== "lease-held") throw error
          await new Promise((done) => setTimeout(done, 20))
        }
      }
    }),
  )
  expect(tokens).toEqual(Array.from({ length: 20 }, (_, index) => index + 1))
})

test("the lease of a run that was killed frees itself, and its release is known to have been interrupted", async () => {
  const child = spawn(
    process.execPath,
    ["--import", "tsx", fileURLToPath(new URL("ledger-holder.ts", import.meta.url)), url, "1"],
    { stdio: ["ignore", "pipe", "inherit"] },
  )
  await once(child.stdout, "data")
  const one = await ledger()
  // it gives signs of life for longer than a lease holds without them
  await new Promise((done) => setTimeout(done, 1500))
  expect((await refusal(one.takeLease(request()))).code).toBe("lease-held")
  expect(await one.releases("production", 1)).toMatchObject([{ outcome: "running" }])

  child.kill("SIGKILL")
  await once(child, "exit")
  await untilTrue(async () => (await one.holder("production")) === null)
  expect(await one.releases("production", 1)).toMatchObject([
    {
      id: "r-killed",
      outcome: "interrupted",
      causes: ["The run was killed in the step migrate before it recorded an outcome."],
    },
  ])
  const lease = await one.takeLease(request())
  expect(lease.token).toBe(2)
  expect((await one.events("production")).map(({ what }) => what)).toContainEqual(
    expect.objectContaining({
      kind: "lease-taken",
      from: { run: "run-killed", owner: "ci-1", token: 1, expired: true },
      reason: null,
    }),
  )
})

test("a machine whose clock is wrong neither holds a lease for longer nor takes one that holds", async () => {
  const [one, other] = await Promise.all([ledger(), ledger()])
  await one.takeLease(request())
  const now = Date.now
  try {
    Date.now = () => now() + 3_600_000
    expect((await refusal(other.takeLease(request({ run: "run-2" })))).code).toBe("lease-held")
  } finally {
    Date.now = now
  }
})

test("unlock frees an environment, says whom it was taken from, and stops the run that had it", async () => {
  const [one, other] = await Promise.all([ledger(), ledger()])
  expect((await refusal(other.unlock("production", { reason: "hangs", run: "run-9", who: "An Wu" }))).code).toBe(
    "lease-free",
  )
  const lease = await one.takeLease(request())
  await one.record(context({ token: lease.token }), started())
  expect(await other.unlock("production", { reason: "the runner hangs", run: "run-9", who: "An Wu" })).toMatchObject({
    run: "run-1",
    owner: "laptop",
    who: "Mei Lin",
  })
  const next = await other.takeLease(request({ run: "run-2" }))
  expect(next.token).toBeGreaterThan(lease.token)

  const lost = await refusal(lease.requireHeld())
  expect(lost.code).toBe("lease-lost")
  expect(lost.message).toContain("run run-2")
  expect(lease.secondsLeft()).toBe(0)
  expect(
    (await refusal(one.record(context({ token: lease.token }), { kind: "step-started", step: "switch" }))).code,
  ).toBe("lease-lost")
  // that it stopped, and why, may be written down; the ledger says that it had lost the lease
  await one.record(context({ token: lease.token }), finished({ outcome: "broken" }))
  const events = await other.events("production")
  expect(events.find(({ what }) => what.kind === "release-finished")).toMatchObject({ stale: true })
  expect(events.find(({ what }) => what.kind === "unlocked")).toMatchObject({
    context: { who: "An Wu" },
    what: { reason: "the runner hangs", held: { run: "run-1", expired: false } },
  })
  await lease.release()
  expect(await other.holder("production")).toMatchObject({ run: "run-2" })
})

test("a lease is exchanged for a higher one by the run that holds it alone, and its heartbeat goes on with that", async () => {
  const [one, other] = await Promise.all([ledger(), ledger()])
  const lease = await one.takeLease(request({ seconds: 8 }))
  await lease.raise(40, "the target had seen more")
  expect(lease.token).toBe(41)
  // a heartbeat with the earlier token would find the lease lost
  await new Promise((resolve) => setTimeout(resolve, 2500))
  await lease.requireHeld()
  expect(await other.holder("production")).toMatchObject({ run: "run-1", token: 41 })
  expect((await refusal(other.raise("production", { above: 90, reason: "no", run: "run-9", who: "An Wu" }))).code).toBe(
    "lease-held",
  )
  const taken = await other.takeLease(request({ run: "run-2", takeOver: "it hangs" }))
  expect(taken.token).toBe(42)
  expect((await refusal(lease.raise(50, "too late"))).code).toBe("lease-lost")
  expect((await other.holder("production"))?.token).toBe(42)
  expect((await other.eventsOfKind("production", "token-raised")).map(({ what }) => what)).toEqual([
    { kind: "token-raised", from: 1, to: 41, reason: "the target had seen more" },
  ])
  await taken.release()
})

test("the leases of a restored ledger continue above what a target has seen, and never go down", async () => {
  const one = await ledger()
  const by = { reason: "restored from a backup", run: "run-9", who: "An Wu" }
  expect(await one.raise("production", { above: 12, ...by })).toEqual({ from: 0, to: 12 })
  expect(await one.raise("production", { above: 5, ...by })).toEqual({ from: 12, to: 12 })
  expect((await one.takeLease(request())).token).toBe(13)
  expect(await one.eventsOfKind("production", "token-raised")).toMatchObject([
    { context: { who: "An Wu" }, what: { from: 0, to: 12, reason: "restored from a backup" } },
  ])
})

test("a run can take an environment over, for a reason that is recorded", async () => {
  const [one, other] = await Promise.all([ledger(), ledger()])
  const lease = await one.takeLease(request())
  await other.takeLease(request({ run: "run-2", command: "rollback", takeOver: "customers cannot pay" }))
  expect((await refusal(lease.requireHeld())).message).toContain("rollback by Mei Lin took the lease")
  expect((await one.events("production")).map(({ what }) => what)).toContainEqual(
    expect.objectContaining({
      kind: "lease-taken",
      reason: "customers cannot pay",
      from: expect.objectContaining({ run: "run-1", expired: false }),
    }),
  )
})

test("when the ledger goes down in mid-release, what happens is kept and written there later, once and in order", async () => {
  const one = await ledger({ patience: 10 })
  const lease = await one.takeLease(request())
  const mine = context({ token: lease.token })
  await one.record(mine, started())
  await server.kill()
  try {
    await one.record(mine, stepDone("switch", { outcome: "failed", note: "no answer" }))
    await one.record(mine, stepDone("switch back"))
    await one.record(mine, finished({ outcome: "failed" }))
    expect(one.state).toMatchObject({ kind: "away", waiting: 3, lost: 0 })
    // nobody else can have taken it yet
    await lease.requireHeld()
    expect((await refusal(one.releases("production", 1))).code).toBe("ledger-unreachable")
    expect((await refusal(ledger({ patience: 1 }))).code).toBe("ledger-unreachable")
    const wanted = await ledger({ patience: 1, need: "wanted" })
    expect(wanted.state.kind).toBe("away")
    expect(statSync(journal).mode & 0o077).toBe(0)
    await one.close()
  } finally {
    await resume()
  }
  const [later, another] = await Promise.all([ledger(), ledger()])
  expect(await later.releases("production", 1)).toMatchObject([
    { outcome: "failed", journaled: true, steps: [{ name: "switch", outcome: "failed" }, { name: "switch back" }] },
  ])
  expect((await another.events("production")).filter(({ journaled }) => journaled)).toHaveLength(3)
  expect(await later.verify()).toMatchObject({ kind: "whole" })
  expect(readdirSync(journal)).toEqual([])
})

test("a run writes on when the ledger comes back, after what waited", async () => {
  const one = await ledger({ patience: 3 })
  await one.record(context(), started())
  await server.kill()
  await one.record(context(), stepDone("one"))
  await resume()
  // a failure holds for as long as its patience
  await new Promise((done) => setTimeout(done, 3100))
  await one.record(context(), stepDone("two"))
  expect(one.state).toEqual({ kind: "online" })
  expect(
    (await one.events("production")).flatMap(({ what, journaled }) =>
      what.kind === "step-finished" ? [[what.step, journaled]] : [],
    ),
  ).toEqual([
    ["one", true],
    ["two", false],
  ])
})

test("a lease cannot be kept for longer than it was given while the ledger is down", async () => {
  const one = await ledger({ patience: 5 })
  const lease = await one.takeLease(request({ seconds: 6 }))
  await server.kill()
  try {
    await lease.requireHeld()
    await untilTrue(async () => lease.secondsLeft() === 0)
    expect((await refusal(lease.requireHeld())).message).toContain("the ledger has not answered for 6 s")
  } finally {
    await resume()
  }
})

test("a server that takes a connection and says nothing is not waited for", async () => {
  const silent = createServer(() => undefined)
  const port = await onLoopback(silent)
  const options = { url: `postgresql://app:secret-word@127.0.0.1:${port}/ledger`, patience: 1 }
  const error = await refusal(ledger(options))
  expect(error.code).toBe("ledger-unreachable")
  expect(error.message).not.toContain("secret-word")
  const wanted = await ledger({ ...options, need: "wanted" })
  await wanted.record(context(), started())
  expect(wanted.state).toMatchObject({ kind: "away", waiting: 1 })
  silent.close()
})

test("half a line of a run that was killed while it wrote keeps nothing else from the ledger", async () => {
  const store = fileJournal(journal)
  const away = await openLedger({
    url: "postgresql://app:x@127.0.0.1:9/none",
    service: "shop",
    patience: 0.5,
    journal: store,
    need: "wanted",
    entryPoint: "cli",
  })
  await away.record(context(), started())
  await store.append('{"version":1,"id":"half')
  await away.record(context(), finished())
  expect(await (await ledger()).releases("production", 1)).toMatchObject([{ outcome: "live", journaled: true }])
})

test("a role that may only read and add is enough once the tables are there", async () => {
  await sql(
    `DO $$ BEGIN CREATE ROLE writer LOGIN PASSWORD 'writer-word'; EXCEPTION WHEN duplicate_object THEN NULL; END $$`,
    "postgres",
  )
  const as = url.replace(/\/\/[^@]*@/, "//writer:writer-word@")
  expect((await refusal(ledger({ url: as }))).code).toBe("ledger-rights")
  await ledger()
  await sql(
    "GRANT USAGE ON SCHEMA tollgate_ledger TO writer; GRANT SELECT, INSERT ON tollgate_ledger.events TO writer; GRANT SELECT, INSERT, UPDATE ON tollgate_ledger.leases TO writer",
  )
  const one = await ledger({ url: as })
  const lease = await one.takeLease(request())
  await one.record(context({ token: lease.token }), started())
  await lease.release()
  expect(await one.verify()).toMatchObject({ kind: "whole", events: 3 })
  // samples need a privilege of their own: without it they are dropped, and nothing fails
  for (const [grant, warning] of [
    ["", expect.stringContaining("1 sample of the watch was not written to the ledger: its user may not insert")],
    ["GRANT INSERT ON tollgate_ledger.samples TO writer", null],
  ] as const) {
    if (grant !== "") await sql(grant)
    const store = ledgerStore(as, 30)
    const writer = new SampleWriter(store, { service: "shop", environment: "production", run: "run-1" })
    writer.add("r1", [sampleOf("errors", 0.5, 5)])
    if (warning === null)
      await expect.poll(() => sql("SELECT metric FROM tollgate_ledger.samples"), { timeout: 30_000 }).toHaveLength(1)
    expect(await writer.end()).toEqual(warning)
    await writer.close()
  }
})

test("a ledger that a later Tollgate made is left alone", async () => {
  await ledger()
  await sql("COMMENT ON SCHEMA tollgate_ledger IS 'tollgate ledger, layout 99'")
  expect((await refusal(ledger())).code).toBe("ledger-newer")
})

test("a session that puts its own functions in the place of Postgres' does not write a hash of its own", async () => {
  const one = await ledger()
  await one.record(context(), started())
  const [{ body = "" } = {}] = await sql<{ body: string }>("SELECT body FROM tollgate_ledger.events")
  const again = body.replace(/"id":"[^"]+"/, '"id":"11111111-2222-4333-8444-555555555555"').replaceAll("'", "''")
  await sql(
    `CREATE SCHEMA evil;
     CREATE FUNCTION evil.sha256(bytea) RETURNS bytea LANGUAGE sql AS $$ SELECT '\\x00'::bytea $$;
     CREATE FUNCTION evil.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS $$ SELECT '2000-01-01'::timestamptz $$;
     SET search_path = evil, pg_catalog;
     INSERT INTO tollgate_ledger.events (body, journaled, id) VALUES ('${again}', false, gen_random_uuid())`,
  )
  expect(await one.verify()).toMatchObject({ kind: "whole", events: 2 })
  const [{ at = "" } = {}] = await sql<{ at: string }>(
    "SELECT at::text AS at FROM tollgate_ledger.events ORDER BY number DESC LIMIT 1",
  )
  expect(at).not.toContain("2000-01-01")
})

test.each([
  ["set back", "UPDATE tollgate_ledger.leases SET token = token - 1"],
  ["given to another environment", "UPDATE tollgate_ledger.leases SET environment = 'other'"],
  ["removed", "DELETE FROM tollgate_ledger.leases"],
  ["emptied", "TRUNCATE tollgate_ledger.leases"],
])("a fencing token cannot be %s, also not by a superuser", async (_, statement) => {
  const one = await ledger()
  const lease = await one.takeLease(request())
  await lease.release()
  for (const [user, before] of [
    ["app", ""],
    ["postgres", "SET session_replication_role = replica; "],
  ] as const)
    await expect(sql(`${before}${statement}`, user)).rejects.toThrow(/never goes down|append-only/)
  expect((await one.takeLease(request())).token).toBe(lease.token + 1)
})

test("a ledger of the first layout gets the triggers and the table of this one", async () => {
  await ledger()
  await sql(
    "DROP TABLE tollgate_ledger.samples; DROP TRIGGER token_grows ON tollgate_ledger.leases; DROP TRIGGER stays ON tollgate_ledger.leases; COMMENT ON SCHEMA tollgate_ledger IS 'tollgate ledger, layout 1'",
  )
  const one = await ledger()
  await one.takeLease(request())
  await expect(sql("DELETE FROM tollgate_ledger.leases")).rejects.toThrow("append-only")
  expect(await sql("SELECT * FROM tollgate_ledger.samples")).toEqual([])
})

test("samples are dated by the database, never changed, and deleted when they are 90 days old and not before", async () => {
  const one = await ledger()
  await one.record(context(), started())
  const store = ledgerStore(url, 30)
  await store.write({ service: "shop", environment: "production", release: "r1", run: "run-1" }, [
    sampleOf("errors", 0.5, 5, { at: Date.now() - 5000, since: Date.now() - 9000 }),
    sampleOf("payments", null, 5),
  ])
  const kept = await sql<{ metric: string; late: boolean }>(
    "SELECT metric, at BETWEEN now() - interval '1 hour' AND now() AS late FROM tollgate_ledger.samples ORDER BY metric",
  )
  expect(kept).toMatchObject([{ metric: "errors", late: true }, { metric: "payments" }])
  for (const [user, before] of [
    ["app", ""],
    ["postgres", "SET session_replication_role = replica; "],
  ] as const)
    for (const statement of ["UPDATE tollgate_ledger.samples SET value = 0", "DELETE FROM tollgate_ledger.samples"])
      await expect(sql(`${before}${statement}`, user)).rejects.toThrow(/append-only|kept for 90 days/)
  await expect(sql("TRUNCATE tollgate_ledger.samples", "postgres")).rejects.toThrow("append-only")
  // a date of the writer's own, and then real age
  const add = (age: string) =>
    `INSERT INTO tollgate_ledger.samples SELECT now() - interval '${age}', service, environment, '${age}', run, metric, phase, since, at, value, beyond, out_of, least, threshold FROM tollgate_ledger.samples WHERE metric = 'errors' AND release = 'r1'`
  await sql(add("100 days"))
  await sql(
    `ALTER TABLE tollgate_ledger.samples DISABLE TRIGGER dated; ${add("91 days")}; ${add("89 days")}; ALTER TABLE tollgate_ledger.samples ENABLE ALWAYS TRIGGER dated`,
  )
  await sql("SELECT tollgate_ledger.prune_samples()")
  const left = await sql<{ release: string }>("SELECT release FROM tollgate_ledger.samples ORDER BY release")
  expect(left.map(({ release }) => release)).toEqual(["100 days", "89 days", "r1", "r1"])
  // no event was added
  expect(await one.verify()).toMatchObject({ kind: "whole", events: 1 })
  await store.close()
})

const anyReport = packReport([{ path: "index.html", bytes: 2, read: () => Buffer.from("hi") }])

test("a ledger of the second layout gets the tables of reports, and its events stay", async () => {
  const before = await ledger()
  await before.record(context(), started())
  await sql(
    "DROP TABLE tollgate_ledger.report_files, tollgate_ledger.reports; COMMENT ON SCHEMA tollgate_ledger IS 'tollgate ledger, layout 2'",
  )
  const one = await ledger()
  await one.storeReport({ id: randomUUID(), app: ".", branch: "main" }, anyReport)
  expect(await one.verify()).toMatchObject({ kind: "whole", events: 1 })
})

test("a report is never changed, and deleted when the branch has enough newer ones, by nobody else", async () => {
  const one = await ledger()
  const ids = Array.from({ length: KEPT_OF_BRANCH + 1 }, () => randomUUID())
  const kept = async () =>
    (await sql<{ id: string }>("SELECT DISTINCT report::text AS id FROM tollgate_ledger.report_files")).map(
      ({ id }) => id,
    )
  await one.storeReport({ id: ids[0] ?? "", app: ".", branch: null }, anyReport)
  for (const statement of [
    "UPDATE tollgate_ledger.reports SET branch = 'x'",
    "UPDATE tollgate_ledger.report_files SET content = ''",
    "DELETE FROM tollgate_ledger.reports",
    "DELETE FROM tollgate_ledger.report_files",
    "TRUNCATE tollgate_ledger.reports CASCADE",
    "TRUNCATE tollgate_ledger.report_files",
  ])
    for (const [user, before] of [
      ["app", ""],
      ["postgres", "SET session_replication_role = replica; "],
    ] as const)
      await expect(sql(`${before}${statement}`, user), statement).rejects.toThrow(/append-only|keeps/)
  await one.storeReport({ id: randomUUID(), app: ".", branch: "other" }, anyReport)
  for (const id of ids.slice(1)) await one.storeReport({ id, app: ".", branch: null }, anyReport)
  const left = await kept()
  expect(left).not.toContain(ids[0])
  expect(left).toHaveLength(KEPT_OF_BRANCH + 1)
})

test("an event of a kind that this version does not know hides no other", async () => {
  const one = await ledger()
  await one.record(context(), started())
  const body = JSON.stringify({
    version: 1,
    id: "11111111-2222-4333-8444-555555555555",
    happenedAt: "2026-11-22T10:00:00Z",
    context: context(),
    what: { kind: "canary-started" },
  })
  await sql(`INSERT INTO tollgate_ledger.events (body, journaled) VALUES ('${body}', false)`)
  expect(await one.releases("production", 1)).toHaveLength(1)
  expect(await one.verify()).toMatchObject({ kind: "whole", events: 2 })
})

test("no password and nothing that the run knows to be secret gets into the ledger, the journal or an error", async () => {
  const redact = (text: string): string => text.replaceAll("hash-key-word", "***")
  const one = await ledger({ redact, patience: 10 })
  await one.record(context(), started({ why: `because of hash-key-word and ${APP_PASSWORD}\u0000\ud800` }))
  await one.record(context(), stepDone("smoke", { detail: { answer: ["hash-key-word"] }, note: "x".repeat(20_000) }))
  await server.kill()
  try {
    await one.record(context(), finished({ causes: [`refused: hash-key-word, ${encodeURIComponent(APP_PASSWORD)}`] }))
    const written = readFileSync(join(journal, "events.jsonl"), "utf8")
    for (const secret of ["hash-key-word", APP_PASSWORD, encodeURIComponent(APP_PASSWORD)])
      expect(written + JSON.stringify(one.state)).not.toContain(secret)
  } finally {
    await resume()
  }
  const bodies = JSON.stringify(await sql("SELECT * FROM tollgate_ledger.events"))
  expect(bodies).toContain("because of *** and ***")
  for (const secret of ["hash-key-word", APP_PASSWORD, "superuser"]) expect(bodies).not.toContain(secret)
  const error = await refusal(ledger({ url: url.replace(encodeURIComponent(APP_PASSWORD), "wrong-pass-word") }))
  expect(error.code).toBe("ledger-login")
  expect(error.message).not.toContain("wrong-pass-word")
})

test("from inside the engine a loopback address is refused before anything is tried", async () => {
  expect((await refusal(ledger({ entryPoint: "module" }))).code).toBe("ledger-loopback")
})
