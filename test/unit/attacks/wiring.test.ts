import { dag } from "@dagger.io/dagger"
import { describe, expect, it, vi } from "vitest"
import { parseSettings } from "../../../core/config/parse.js"
import type { Settings } from "../../../core/config/schema.js"
import { openChannels } from "../../../core/notify/channels.js"
import { notifier } from "../../../core/notify/notifier.js"
import { requireAllowed } from "../../../core/release/deploy/allow.js"
import { deploy } from "../../../core/release/deploy/deploy.js"
import { Recorder } from "../../../core/release/ledger/recorder.js"
import { identityOf } from "../../../core/release/plan/plan-id.js"
import { person, plan } from "../approval-samples.js"

/** Judges are tested by themselves elsewhere. Here: that whatever decides over a deployment asks them. */

const ALWAYS =
  "freeze: { weekly: [{ reason: stocktaking, days: [monday, tuesday, wednesday, thursday, friday, saturday, sunday] }] }"
const mei = person("Mei Lin")
const settingsWith = (environment: string): Settings =>
  parseSettings(`qa: { runner: a.py, suites: { e2e: { files: [a.py] } } }
release: { name: shop }
environments:
  production: { target: { hosts: [app1.shop.example] }, ${environment} }
`)
const keys = `keys: [{ name: Mei Lin, key: "${mei.approver.key}" }]`

async function deployed(settings: Settings, more: { breakGlass?: string; at?: string } = {}): Promise<string> {
  try {
    await deploy(
      settings,
      {
        source: dag.directory(),
        environment: "production",
        version: "1.4.0",
        caller: { who: "Mei Lin", owner: "ci-1" },
        why: "",
        stamp: { revision: "", created: "", source: "" },
        secrets: null,
        access: { ssh: null, registry: null },
        ledger: null,
        notify: null,
        approvals: [],
        breakGlass: more.breakGlass ?? null,
        at: more.at ?? "",
        gateSecrets: undefined,
        registry: { user: "", password: undefined, service: undefined },
      },
      {
        kind: "cli",
        journal: () => {
          throw new Error("nothing is recorded")
        },
        running: () => Promise.resolve(null),
        reach: () => Promise.reject(new Error("nothing is reached")),
      },
    )
    return "deployed"
  } catch (error) {
    return error instanceof Error && "code" in error ? String(error.code) : String(error)
  }
}

describe("a deployment during a freeze", () => {
  it("ends before the target is opened", async () => {
    expect(await deployed(settingsWith(ALWAYS))).toBe("frozen")
    expect(await deployed(settingsWith(""))).toBe("ssh-key-missing")
  })

  it("that is scheduled into one ends before it waits", async () => {
    const soon = new Date(Date.now() + 3_600_000).toISOString().slice(0, 16)
    expect(await deployed(settingsWith(ALWAYS), { at: `${soon}Z` })).toBe("frozen")
  })

  it("goes on with --break-glass, to be judged where its approvals are", async () => {
    expect(await deployed(settingsWith(ALWAYS), { breakGlass: "customers cannot pay" })).toBe("ssh-key-missing")
  })
})

describe("the approval step", () => {
  const allowed = (settings: Settings, given: { approvals?: string[]; breakGlass?: string } = {}) =>
    requireAllowed(
      settings,
      identityOf(plan()),
      {
        approvals: given.approvals ?? [],
        breakGlass: given.breakGlass ?? null,
        who: "the test",
        release: "r1",
      },
      null,
      new Recorder(
        { service: "shop", environment: "production", run: "1", who: "the test", why: "" },
        "r1",
        null,
        null,
        notifier(openChannels({ wait: 1 }, new Map()), 1, (text) => text),
      ),
    )

  it("refuses during a freeze, with no approval required", async () => {
    await expect(allowed(settingsWith(ALWAYS))).rejects.toMatchObject({ code: "frozen" })
    await expect(allowed(settingsWith(""))).resolves.toMatchObject({ kind: "skipped" })
  })

  it("names a freeze beside missing approvals", async () => {
    await expect(allowed(settingsWith(`${ALWAYS}, approvals: { required: 1, ${keys} }`))).rejects.toMatchObject({
      code: "approval-too-few",
      message: expect.stringMatching(/ {2}approval-too-few: .*\n {2}frozen: stocktaking/),
    })
  })

  it("refuses without approvals, and what is no approval, under each its own code or one for several", async () => {
    const asking = settingsWith(`approvals: { required: 1, ${keys} }`)
    await expect(allowed(asking)).rejects.toMatchObject({ code: "approval-too-few" })
    await expect(allowed(asking, { approvals: ["{}"] })).rejects.toMatchObject({
      code: "approval-refused",
      message: expect.stringContaining("approval 1 "),
    })
  })

  it("records and announces what break-glass overrides, and only where nobody could sign", async () => {
    const printed = vi.spyOn(process.stderr, "write").mockReturnValue(true)
    try {
      const glass = { breakGlass: "customers cannot pay" }
      const frozen = settingsWith(ALWAYS)
      await expect(allowed(frozen, glass)).resolves.toMatchObject({
        kind: "done",
        note: "BREAK GLASS, overrides frozen: customers cannot pay",
      })
      expect(printed.mock.calls.join("\n")).toContain("the test deploys to production and overrides: frozen")
      const signed = settingsWith(`${ALWAYS}, approvals: { required: 1, ${keys} }`)
      await expect(allowed(signed, glass)).rejects.toMatchObject({ code: "break-glass-unsigned" })
      const forbidden = settingsWith(`${ALWAYS}, approvals: { breakGlass: false }`)
      await expect(allowed(forbidden, glass)).rejects.toMatchObject({ code: "break-glass-forbidden" })
    } finally {
      printed.mockRestore()
    }
  })
})
