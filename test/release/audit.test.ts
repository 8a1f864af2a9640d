import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { currentHome } from "../../cli/engine/connect.js"
import { parseSettings } from "../../core/config/parse.js"
import { openLedger } from "../../core/ledger/open.js"
import { plannedEvent } from "../../core/release/plan/make.js"
import { adoptPolicy } from "../../core/release/policy/adopt.js"
import { changeFile, readPolicyChange } from "../../core/release/policy/change.js"
import { policyDigest, policyFingerprint, policyOf } from "../../core/release/policy/policy.js"
import { signChange } from "../../core/release/policy/sign.js"
import { recordedPlan } from "../../dagger/engine/network.js"
import { APP_PASSWORD, PostgresServer, removePrograms } from "../database/postgres-server.js"
import { dagger } from "../engine/dagger-call.js"
import { useEngine } from "../engine/session.js"
import { person } from "../unit/approval-samples.js"
import { approvedBy, planOf, startedOf } from "../unit/audit-samples.js"
import { tollgate } from "../unit/ecpay-server.js"
import { context, finished, stepDone } from "./ledger-samples.js"

useEngine()

const ROOT = fileURLToPath(new URL("../..", import.meta.url))

// both the command line and the module's functions reach the ledger at the address of the engine's network
describe.runIf(process.env._EXPERIMENTAL_DAGGER_RUNNER_HOST === `unix://${currentHome().socket}`)("an audit:", () => {
  const folder = mkdtempSync(join(tmpdir(), "tollgate-audit-"))
  const mei = person("Mei Lin")
  const settings = `qa: { runner: a.py, suites: { e2e: { files: [a.py] } } }
ledger: { service: shop, patience: 60s }
environments: { production: { approvals: { required: 1, keys: [{ name: Mei Lin, key: "${mei.approver.key}" }] } } }
`
  let server: PostgresServer
  let url = ""

  beforeAll(async () => {
    server = await PostgresServer.start({ address: (await recordedPlan(currentHome()))?.gateway ?? "" })
    url = `${await server.createDatabase("ledger")}?sslmode=disable`
    writeFileSync(join(folder, "tollgate.yaml"), settings)
    writeFileSync(join(folder, "ledger-url"), url)
    const ledger = await openLedger({
      url,
      service: "shop",
      patience: 60,
      journal: {
        append: () => Promise.reject(new Error("no journal")),
        take: () => Promise.resolve({ lines: [], done: () => Promise.resolve() }),
      },
      need: "required",
      entryPoint: "cli",
    })
    const policy = policyOf(parseSettings(settings), "production")
    const now = new Date()
    const approval = signChange({
      change: readPolicyChange(changeFile(null, policy)),
      key: mei.key,
      approver: "Mei Lin",
      reason: "the first policy",
      now,
      expiresAt: new Date(now.getTime() + 3_600_000),
    })
    await adoptPolicy(
      parseSettings(settings),
      {
        environment: "production",
        fingerprint: policyFingerprint(policyDigest(policy)),
        approvals: [JSON.stringify(approval)],
        reason: "the first policy",
        who: "Bo Chen",
      },
      ledger,
    )
    const plan = planOf("1.4.0")
    const at = context({ release: "r1", who: "CI" })
    await ledger.record(context({ release: null }), plannedEvent(plan))
    await ledger.record(at, startedOf(plan, { why: '=每週, "發行"' }))
    await ledger.record(at, stepDone("policy", { detail: { policy: policyDigest(policy) } }))
    await ledger.record(at, approvedBy(mei, plan, new Date()))
    await ledger.record(at, { kind: "step-started", step: "switch" })
    await ledger.record(at, stepDone("switch"))
    await ledger.record(at, finished())
    await ledger.close()
  })
  afterAll(async () => {
    await server.stop()
    await removePrograms()
    rmSync(folder, { recursive: true, force: true })
  })

  const today = new Date().toISOString().slice(0, 10)
  const days = ["--from=2026-01-01", `--to=${today}`]
  const run = (...args: string[]) => tollgate(folder, args, { LEDGER: url, TOLLGATE_HOME: join(folder, "home") })

  test("a real ledger is exported, verified without it, and an edited export fails", async () => {
    const exported = await run("audit", "export", "--env=production", ...days, "--ledger=env:LEDGER", "--out=q")
    expect(exported.code, exported.err).toBe(0)
    expect(exported.out).toMatch(/changes +1: 1 live[^]*EXPORTED: \d+ files to q\n$/)
    const [, head = ""] = /head +(\d+:[0-9a-f]{16}) /.exec(exported.out) ?? []
    const verify = ["audit", "verify", "q", `--head=${head}`, `--key=${mei.approver.key}`]
    const verified = await tollgate(tmpdir(), verify.with(2, join(folder, "q")), {})
    expect(verified.code, verified.out + verified.err).toBe(0)
    expect(verified.out).not.toContain("Not proven")
    const csv = readFileSync(join(folder, "q/changes.csv"), "utf8")
    expect(csv).toContain(`"'=每週, ""發行"""`)
    expect(csv).not.toContain(APP_PASSWORD)
    writeFileSync(join(folder, "q/changes.csv"), csv.replace('"live"', '"failed"'))
    const edited = await run(...verify)
    expect(edited.code).toBe(1)
    expect(edited.out).toContain("FAILED: changes.csv differs from the events in line 2, column outcome")
  })

  test("the module's functions do the same", async () => {
    const call = (...args: string[]) => dagger(folder, "-m", ROOT, "call", "--source=.", ...args)
    const exported = await call(
      "audit-export",
      "--env=production",
      ...days,
      "--ledger=file:ledger-url",
      "export",
      "--path=from-dagger",
    )
    expect(exported.code, exported.err).toBe(0)
    expect(existsSync(join(folder, "from-dagger/events.jsonl"))).toBe(true)
    const verified = await call("audit-verify", "--folder=from-dagger", `--key=${mei.approver.key}`)
    expect(verified.code, verified.err).toBe(0)
    expect(verified.out).toMatch(/changes +1: 1 live[^]*PASSED: /)
  })

  test("a command without what its action needs is wrong usage", async () => {
    expect((await run("audit", "verify")).err).toContain("audit verify needs a folder.")
    expect((await run("audit", "export", "--env=production")).err).toContain("audit export needs --from, --to, --out.")
    expect((await run("dora", "--env=production", "--ledger=env:LEDGER")).out).toContain("change fail rate")
  })
})
