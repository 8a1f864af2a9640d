import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest"
import * as engine from "../../../cli/engine/connect.js"
import { tollgateHere } from "../command-here.js"

/** `tollgate deploy` as it is typed. These refusals need nothing of the engine, so that none is started for them. */

const ALWAYS =
  "{ weekly: [{ reason: stocktaking, days: [monday, tuesday, wednesday, thursday, friday, saturday, sunday] }] }"
const folder = mkdtempSync(join(tmpdir(), "tollgate-command-line-"))
beforeAll(() =>
  writeFileSync(
    join(folder, "tollgate.yaml"),
    `qa: { runner: a.py, suites: { e2e: { files: [a.py] } } }
release: { name: shop }
environments:
  production: { target: { hosts: [app1.shop.example] }, gates: [], freeze: ${ALWAYS} }
  staging: { target: { hosts: [app1.shop.example] }, gates: [] }
`,
  ),
)
afterAll(() => rmSync(folder, { recursive: true, force: true }))
beforeEach(() => {
  vi.spyOn(engine, "withEngine").mockImplementation((_, work) => work("given"))
})
afterEach(() => vi.restoreAllMocks())

const type = (...words: string[]) =>
  tollgateHere(folder, words, { SSH_AUTH_SOCK: "", TOLLGATE_HOME: join(folder, "home"), TOLLGATE_LEDGER: "" })
const deploy = (environment: string, ...words: string[]) =>
  type("deploy", `--env=${environment}`, "--version=1.4.0", ...words)

describe("tollgate deploy during a freeze", () => {
  it("ends with exit code 1, says why and what to do, and reaches no host", async () => {
    const { code, err } = await deploy("production")
    expect(code).toBe(1)
    expect(err).toMatch(/✗ frozen\n\nproduction is frozen.*: stocktaking\.\n/)
    expect(err.replace(/\s+/g, " ")).toContain(
      'Schedule it after the freeze with --at, or override the freeze with --break-glass="reason". Rollbacks are always allowed. Nothing was changed.',
    )
    // without a freeze the same command gets as far as the host
    expect((await deploy("staging")).err).toContain("✗ ssh-key-missing")
  })

  it("also ends at once where --at names a time in it", async () => {
    const soon = new Date(Date.now() + 3_600_000).toISOString().slice(0, 16)
    const { code, err } = await deploy("production", `--at=${soon}Z`)
    expect([code, err]).toEqual([1, expect.stringContaining("✗ frozen")])
  })

  it("goes on with --break-glass, to be judged where its approvals are", async () => {
    expect(await deploy("production", "--break-glass=customers cannot pay")).toMatchObject({
      code: 1,
      err: expect.stringContaining("✗ ssh-key-missing"),
    })
  })

  it("stops no rollback", async () => {
    expect((await type("rollback", "--env=production", "--reason=customers cannot pay")).err).toContain(
      "✗ ssh-key-missing",
    )
  })
})
