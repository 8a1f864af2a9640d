import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { dag } from "@dagger.io/dagger"
import { afterAll, beforeAll, expect, test } from "vitest"
import { z } from "zod"
import { volumeJournal } from "../../core/ledger/journal-volume.js"
import { openLedger } from "../../core/ledger/open.js"
import { openChannels } from "../../core/notify/channels.js"
import { notifier } from "../../core/notify/notifier.js"
import { newApprovalKey } from "../../core/release/approval/key.js"
import { APP_PASSWORD, PostgresServer, removePrograms } from "../database/postgres-server.js"
import { dagger } from "../engine/dagger-call.js"
import { useEngine } from "../engine/session.js"
import { plan } from "../unit/approval-samples.js"
import { tollgate } from "../unit/ecpay-server.js"
import { httpServer } from "../unit/notify-servers.js"
import { context, DIGEST, finished, started, stepDone } from "./ledger-samples.js"

useEngine()

const ROOT = fileURLToPath(new URL("../..", import.meta.url))
const folder = mkdtempSync(join(tmpdir(), "tollgate-ledger-commands-"))
const { privatePem, publicKey } = newApprovalKey(null)
let server: PostgresServer
let url = ""

const SETTINGS = `qa: { runner: a.py, suites: { e2e: { files: [a.py] } } }
ledger: { service: shop, patience: 5s }
environments: { production: { approvals: { required: 1, keys: [{ name: Mei Lin, key: "${publicKey}" }] } } }
`

beforeAll(async () => {
  server = await PostgresServer.start()
  url = await server.createDatabase("ledger")
  writeFileSync(join(folder, "tollgate.yaml"), SETTINGS)
  writeFileSync(join(folder, "plan.json"), JSON.stringify(plan()))
  writeFileSync(join(folder, "mei.pem"), privatePem, { mode: 0o600 })
  const ledger = await open()
  await ledger.record(context({ release: "r1" }), started())
  await ledger.record(context({ release: "r1" }), finished())
  await ledger.record(context({ release: "r2" }), started({ why: "the new checkout" }))
  await ledger.record(context({ release: "r2" }), { kind: "step-started", step: "smoke" })
  await ledger.record(context({ release: "r2" }), stepDone("smoke", { outcome: "failed" }))
  await ledger.record(
    context({ release: "r2" }),
    finished({
      outcome: "failed",
      serving: { release: "r1", digest: DIGEST },
      causes: ["POST /checkout answered 500"],
    }),
  )
  await ledger.close()
})
afterAll(async () => {
  await server.stop()
  await removePrograms()
  rmSync(folder, { recursive: true, force: true })
})

function open(journal = volumeJournal(`test-${process.pid}`), at = url) {
  return openLedger({ url: at, service: "shop", patience: 5, journal, need: "wanted", entryPoint: "cli" })
}

const run = (...args: string[]) => tollgate(folder, args, { LEDGER: url, TOLLGATE_HOME: join(folder, "home") })

test("history, releases, status and unlock, as they are typed", async () => {
  const history = await run("history", "--env=production", "--ledger=env:LEDGER")
  expect(history.code, history.err).toBe(0)
  expect(history.out).toMatch(
    /r2 +FAILED +1\.4\.0 +a1a1a1a1a1a1 +42\.0 s {2}Mei Lin\n {4}POST \/checkout answered 500\n.*r1 +live/,
  )
  expect(history.out.trimEnd().split("\n").at(-1)).toMatch(
    /^PASSED: hash chain of 6 events verified, head [0-9a-f]{16}$/,
  )
  const releases = await run("releases", "--env=production", "--ledger=env:LEDGER", "--limit=1")
  expect(JSON.parse(releases.out)).toMatchObject([{ release: "r2", outcome: "failed", steps: ["smoke: failed"] }])
  const json: unknown = JSON.parse(
    (await run("history", "--env=production", "--ledger=env:LEDGER", "--json", "--limit=1")).out,
  )
  expect(json).toMatchObject({
    releases: [{ id: "r2", outcome: "failed", steps: [{ name: "smoke", outcome: "failed" }] }],
    chain: { kind: "whole" },
  })

  const ledger = await open()
  const lease = await ledger.takeLease({
    environment: "production",
    run: "run-9",
    owner: "ci-1",
    command: "deploy",
    who: "Bo Chen",
    seconds: 30,
  })
  const status = await run("status", "--ledger=env:LEDGER")
  expect(status.out).toMatch(/production +a1a1a1a1a1a1 .* UTC +FAILED a1a1a1a1a1a1 +deploy by Bo Chen\n/)
  expect(status.out).toMatch(/staging +– +none +free/)

  const unlocked = await run("unlock", "--env=production", "--ledger=env:LEDGER", "--reason=the runner was lost")
  expect(unlocked.out).toContain("held by: deploy by Bo Chen, run run-9, on ci-1")
  expect(unlocked.out.trimEnd().split("\n").at(-1)).toMatch(/^UNLOCKED: production/)
  await expect(lease.requireHeld()).rejects.toMatchObject({ code: "lease-lost" })
  expect((await run("unlock", "--env=production", "--ledger=env:LEDGER", "--reason=again")).err).toContain(
    "✗ lease-free",
  )
  await ledger.close()
})

test.each([
  [["history", "--env=prodution", "--ledger=env:LEDGER"], "✗ environment-unknown"],
  [["history", "--env=production", "--ledger=env:LEDGER", "--limit=0"], "✗ history-limit"],
  [["history", "--env=production", "--ledger=env:NOTHING"], "✗ secret-missing"],
  [["unlock", "--env=production", "--ledger=env:LEDGER", "--reason= "], "✗ reason-missing"],
])("what is wrong with %j is said, and nothing is changed", async (args, code) => {
  const { code: exit, err } = await run(...args)
  expect(exit).toBe(1)
  expect(err).toContain(code)
  expect(err).not.toContain(encodeURIComponent(APP_PASSWORD))
})

test("a ledger that was tampered with makes history and status red", async () => {
  const other = await server.createDatabase("tampered")
  const ledger = await open(undefined, other)
  await ledger.record(context(), started())
  await ledger.record(context(), finished())
  await ledger.close()
  await server.query(
    "tampered",
    "ALTER TABLE tollgate_ledger.events DISABLE TRIGGER ALL; DELETE FROM tollgate_ledger.events WHERE number = 1",
    "postgres",
  )
  for (const command of [["history", "--env=production"], ["status"]]) {
    const { code, out } = await tollgate(folder, [...command, "--ledger=env:LEDGER"], { LEDGER: other })
    expect(code).toBe(1)
    expect(out).toContain("FAILED: the ledger's hash chain is broken at event 2: event 1 is missing")
  }
})

test("a policy is shown, adopted, changed under the one in force, and verified, as it is typed", async () => {
  const other = await server.createDatabase("policies")
  const home = join(folder, "policy")
  mkdirSync(home)
  const type = (...args: string[]) => tollgate(home, args, { LEDGER: other, TOLLGATE_HOME: join(folder, "home") })
  const policy = (action: string, ...args: string[]) =>
    type("policy", action, "--env=production", "--ledger=env:LEDGER", ...args)
  const [mei, bo] = await Promise.all(
    [
      ["Mei Lin", "mei.pem"],
      ["Bo Chen", "bo.pem"],
    ].map(async ([name = "", file = ""]) => {
      const made = await type("approval-key", `--name=${name}`, `--out=${file}`)
      return { name, file, key: /^ {2}key: (.*)$/m.exec(made.out)?.[1] ?? "" }
    }),
  )
  if (mei === undefined || bo === undefined) throw new Error("two keys")
  const sign = (plan: string, { name, file }: { name: string; file: string }, out: string, ...more: string[]) =>
    type(
      "approve",
      `--plan=${plan}`,
      `--key=file:${file}`,
      `--approver=${name}`,
      "--reason=reviewed",
      "--yes",
      `--out=${out}`,
      ...more,
    )
  const settings = (required: number) =>
    writeFileSync(
      join(home, "tollgate.yaml"),
      SETTINGS.replace(
        /required: .*/,
        `required: ${required}, keys: [{ name: Mei Lin, key: "${mei.key}" }, { name: Bo Chen, key: "${bo.key}" }] } } }`,
      ),
    )

  settings(1)
  const shown = await policy("show")
  expect(shown.out).toContain("in force: none")
  const fingerprint = /^fingerprint: (.+)$/m.exec(shown.out)?.[1] ?? ""
  expect((await policy("diff", "--out=first.json")).code).toBe(0)
  expect((await sign("first.json", mei, "first-mei.json")).out).toContain("APPROVED by Mei Lin")
  const adopt = (...args: string[]) => policy("adopt", "--reason=the second approver", ...args)
  expect((await adopt("--approval=first-mei.json")).err).toContain("✗ policy-fingerprint")
  expect((await adopt(`--fingerprint=${fingerprint}`)).err).toContain("✗ policy-not-approved")
  const adopted = await adopt(`--fingerprint=${fingerprint}`, "--approval=first-mei.json")
  expect(adopted.code, adopted.err).toBe(0)
  expect(adopted.out).toMatch(/approved by Mei Lin\nADOPTED: /)
  expect((await policy("diff")).code).toBe(0)

  // a commit that asks for no approval
  settings(0)
  const weaker = await policy("diff", "--out=second.json")
  expect(weaker.out).toContain("approvals.required: 1 → 0")
  expect((await policy("diff")).code).toBe(1)
  expect((await adopt()).err).toContain("✗ policy-not-approved")
  expect((await adopt("--approval=first-mei.json")).err).toContain("✗ policy-not-approved")
  expect((await policy("show")).out).toContain(`in force: ${fingerprint}`)
  await sign("second.json", bo, "second-bo.json")
  expect((await adopt("--approval=second-bo.json")).out).toContain("ADOPTED")
  const history = await policy("history")
  expect(history.code).toBe(0)
  expect(history.out).toMatch(/approved by Bo Chen: the second approver\n.*approved by Mei Lin/)

  // what a signed break-glass opens, a second person closes
  writeFileSync(join(home, "plan.json"), JSON.stringify(plan()))
  expect((await sign("plan.json", mei, "glass.json", "--break-glass")).out).toContain(
    "SIGNED FOR BREAK-GLASS by Mei Lin",
  )
  const ledger = await open(undefined, other)
  const run = context({ release: "r9", who: "CI" })
  await ledger.record(run, started({ planId: plan().id }))
  await ledger.record(run, {
    kind: "broke-glass",
    reason: "customers cannot pay",
    waived: ["approval-too-few"],
    signed: z.json().parse(JSON.parse(readFileSync(join(home, "glass.json"), "utf8"))),
  })
  await ledger.record(run, finished())
  await ledger.close()
  const review = ({ name, file }: { name: string; file: string }) =>
    type(
      "review",
      "--env=production",
      "--release=r9",
      "--ledger=env:LEDGER",
      `--key=file:${file}`,
      `--approver=${name}`,
      "--reason=fixed in 1.4.1",
    )
  const status = () => type("status", "--ledger=env:LEDGER")
  expect((await status()).out).toContain("REVIEW OPEN: production: r9 used break-glass")
  expect((await review(mei)).err).toContain("✗ review-refused")
  expect((await review(bo)).code).toBe(0)
  expect((await status()).out).not.toContain("REVIEW OPEN")

  const verify = () => type("ledger", "verify", "--env=production", "--ledger=env:LEDGER")
  expect((await verify()).code).toBe(0)
  // a writer of the ledger cannot sign
  const forger = await open(undefined, other)
  await forger.record(context({ release: null }), {
    kind: "policy-adopted",
    digest: "00",
    previous: null,
    reason: "trust me",
    signed: { policy: {}, approvals: [] },
  })
  await forger.close()
  expect((await verify()).code).toBe(1)
  expect((await policy("history")).out).toMatch(/FAILED: event \d+ is not a valid adoption/)
})

test("a journal on a volume of the engine keeps what could not be written, until it is", async () => {
  const journal = volumeJournal(`test-${process.pid}-away`)
  const away = await open(journal, "postgresql://app:x@127.0.0.1:9/none")
  await away.record(context({ release: "r3" }), started({ action: "rollback", why: 'it\'s the 2nd "try"; $(rm)' }))
  await away.record(context({ release: "r3" }), finished())
  expect(away.state).toMatchObject({ kind: "away", waiting: 2, lost: 0 })
  const back = await open(volumeJournal(`test-${process.pid}-away`))
  expect(await back.releases("production", 1)).toMatchObject([
    { id: "r3", outcome: "live", journaled: true, why: 'it\'s the 2nd "try"; $(rm)' },
  ])
  expect(await back.replay()).toBe(0)
  await back.close()
})

test("dagger call approve signs, and dagger call history says of a ledger that is away that it is", async () => {
  const call = (...args: string[]) => dagger(folder, "-m", ROOT, "call", "--source=.", ...args)
  const approved = await call(
    "approve",
    "--plan=plan.json",
    "--key=file:mei.pem",
    "--approver=Mei Lin",
    "--reason=reviewed",
    "--yes",
    "export",
    "--path=from-dagger.json",
  )
  expect(approved.code, approved.err).toBe(0)
  expect(JSON.parse(readFileSync(join(folder, "from-dagger.json"), "utf8"))).toMatchObject({
    format: "tollgate-approval",
    statement: { planId: plan().id, approver: "Mei Lin" },
  })

  writeFileSync(join(folder, "ledger-url"), `${url.replace(/@[^/]+/, "@ledger.invalid:5432")}?sslmode=require`)
  const refused = await call("history", "--env=production", "--ledger=file:ledger-url")
  expect(refused.code).not.toBe(0)
  expect(refused.err).toContain("Could not reach the ledger: The database at ledger.invalid:5432 cannot be reached")
  expect(refused.err).not.toContain(encodeURIComponent(APP_PASSWORD))
})

test("a webhook can be checked as docs/notifications.md says, in Python", async () => {
  const receiver = await httpServer()
  const secret = "hmac-secret-word-of-32-characters"
  const told = notifier(
    openChannels(
      { webhook: { url: "U", secret: "S", on: ["success"] }, wait: 4 },
      new Map([
        ["U", receiver.url],
        ["S", secret],
      ]),
    ),
    4,
    (text) => text,
  )
  told.tell({
    event: "success",
    service: "shop",
    environment: "production",
    release: "r1",
    run: "run-1",
    who: "Mei Lin",
    why: "每週發行",
    digest: null,
    revision: null,
    planId: null,
    causes: [],
    serving: null,
    seconds: 1,
    at: "2026-11-22T10:00:00Z",
  })
  expect(await told.settle()).toMatchObject([{ sent: true }])
  const [{ body = "", headers = {} } = {}] = receiver.received
  const [, program = ""] = /```python\n([^]*?)```/.exec(readFileSync(join(ROOT, "docs/notifications.md"), "utf8")) ?? []
  const check = `${program}
import json
given = json.load(open("/given.json"))
seen, body, headers = set(), given["body"].encode(), given["headers"]
print([is_genuine(*one, seen) for one in [
    (given["secret"], headers, body + b" "), ("another", headers, body), (given["secret"], {**headers, "tollgate-timestamp": "1"}, body),
    (given["secret"], headers, body), (given["secret"], headers, body)]])`
  const out = await dag
    .container()
    .from("python:3.11-slim")
    .withNewFile("/given.json", JSON.stringify({ body, headers, secret }))
    .withNewFile("/check.py", check)
    .withExec(["python3", "/check.py"])
    .stdout()
  expect(out.trim()).toBe("[False, False, False, True, False]")
})
