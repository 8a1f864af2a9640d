import { readFileSync } from "node:fs"
import { afterAll, beforeAll, expect, test } from "vitest"
import { parseSettings, type Settings } from "../../core/config/parse.js"
import { noStamp } from "../../core/image/stamp.js"
import type { ApprovalFile } from "../../core/release/approval/approval.js"
import { newApprovalKey, readPrivateKey } from "../../core/release/approval/key.js"
import { signApproval } from "../../core/release/approval/sign.js"
import { releaseScreen } from "../../core/release/deploy/screen.js"
import { gatherPlan } from "../../core/release/plan/gather.js"
import type { Plan } from "../../core/release/plan/plan.js"
import { identityOf, planId } from "../../core/release/plan/plan-id.js"
import { rollback } from "../../core/release/rollback/rollback.js"
import type { Sandbox } from "../../core/targets/sandbox/open.js"
import { useEngine } from "../engine/session.js"
import { entryPoint, release, SECRET, settingsWith, source } from "./deployments.js"
import { historyOf } from "./faults.js"
import { empty, liveVersion, removeReleases, sandboxNamed } from "./host.js"
import { adoptFirst } from "./policies.js"

useEngine()

const NAME = "test-faults"
const [mei, chen, stranger] = [newApprovalKey(null), newApprovalKey(null), newApprovalKey(null)]
settingsWith(mei.publicKey)
const written = readFileSync(new URL("fixtures/deploy/tollgate.yaml", import.meta.url), "utf8")
const environment = (keys: string) => `  guarded:
    gates: []
    target: { type: sandbox }
    approvals:
      required: 2
      longest: 4h
      clockSkew: 2m
      keys: [{ name: Mei Lin, key: "${mei.publicKey}" }, { name: Chen Wei, key: "${chen.publicKey}" }${keys}]
`
const settingsOf = (keys = ""): Settings =>
  parseSettings(`${written.replace(/ {2}guarded:[\s\S]*$/, "")}${environment(keys)}`)
const settings = settingsOf()
/** What a forger has on their own machine. */
const forgers = settingsOf(`, { name: Eve, key: "${stranger.publicKey}" }`)

let sandbox: Sandbox
let plan: Plan
const request = {
  source: source(),
  environment: "guarded",
  version: "1",
  caller: { who: "the test", owner: "the test" },
  why: "",
  stamp: noStamp,
  secrets: () => Promise.resolve(`MODE=\nSHOP_KEY=${SECRET}\n`),
  access: { ssh: null, registry: null },
  ledger: null,
  notify: null,
  approvals: [],
  breakGlass: null,
  at: "",
  gateSecrets: undefined,
  registry: { user: "", password: undefined, service: undefined },
  sandbox: NAME,
}
beforeAll(async () => {
  sandbox = await sandboxNamed(NAME, settings)
  await empty(sandbox)
  const people = [
    { name: "Mei Lin", ...mei },
    { name: "Chen Wei", ...chen },
  ]
  await adoptFirst(settings, "guarded", people, entryPoint, NAME)
  plan = await gatherPlan(settings, { ...request, source: source() }, entryPoint, () => ({
    kind: "unknown",
    why: "a test",
  }))
})
afterAll(() => sandbox.target.close())

interface Signing {
  key?: { privatePem: string }
  approver?: string
  /** Minutes that the signer's clock is ahead. */
  ahead?: number
  change?: (plan: Plan) => Plan
}

function signed({ key = mei, approver = "Mei Lin", ahead = 0, change = (same) => same }: Signing = {}): ApprovalFile {
  const approvals = forgers.environments["guarded"]?.approvals
  if (approvals === undefined) throw new Error("it has approvals")
  const changed = change(plan)
  const now = new Date(Date.now() + ahead * 60_000)
  return signApproval({
    plan: { ...changed, id: planId(identityOf(changed)) },
    key: readPrivateKey(key.privatePem, null),
    approver,
    reason: "reviewed",
    now,
    expiresAt: new Date(now.getTime() + 3_600_000),
    settings: approvals,
  })
}

const text = (file: unknown): string => JSON.stringify(file)
const guarded = (approvals: string[], mode = "", given = settings) =>
  release(given, "1", mode, { environment: "guarded", sandbox: NAME, approvals })
const history = () => historyOf(sandbox, settings, "guarded")

test("every forgery is refused by its name, beside two approvals that are good, and nothing is changed", async () => {
  const good = signed()
  const { signature: _, ...unsigned } = good
  const forgeries: Record<string, unknown> = {
    "approval-unsigned": unsigned,
    "approval-bad-signature": { ...good, statement: { ...good.statement, reason: "reviewed by everybody" } },
    "approval-expired": signed({ ahead: -90 }),
    "approval-not-yet-valid": signed({ ahead: 10 }),
    "approval-unknown-key": signed({ key: stranger, approver: "Eve" }),
    "approval-key-twice": signed(),
    "approval-other-image": signed({
      change: (one) => ({
        ...one,
        image: { ...one.image, next: { ...one.image.next, digest: `sha256:${"0".repeat(64)}` } },
      }),
    }),
    "approval-other-environment": signed({ change: (one) => ({ ...one, environment: "staging" }) }),
    "approval-other-migrations": signed({
      change: (one) => ({
        ...one,
        migrations: [
          { id: "0007", path: "migrations/versions/0007.py", lint: { errors: 0, warnings: 0 }, contracts: false },
        ],
      }),
    }),
    "approval-other-config": signed({
      change: (one) => ({ ...one, config: { ...one.config, digest: "0".repeat(one.config.digest.length) } }),
    }),
    "approval-unreadable": "please",
  }
  const names = Object.keys(forgeries)
  const result = await guarded([
    text(good),
    text(signed({ key: chen, approver: "Chen Wei" })),
    ...Object.values(forgeries).map(text),
  ])
  console.log(releaseScreen(result))
  expect(result).toMatchObject({ outcome: "refused", serving: null })
  for (const [index, name] of names.entries()) expect(result.causes[0]).toContain(`  ${name}: approval ${index + 3} `)
  expect((await sandbox.target.running()).live).toEqual({ kind: "none" })
  expect((await history())[0]).toMatchObject({
    outcome: "refused",
    approvals: [{ approver: "Mei Lin" }, { approver: "Chen Wei" }],
  })
})

test("a tree that asks for no approval is refused, with what it changed", async () => {
  const weaker = parseSettings(
    `${written.replace(/ {2}guarded:[\s\S]*$/, "")}${environment("").replace("required: 2", "required: 0")}`,
  )
  const result = await guarded([], "", weaker)
  expect(result.steps).toMatchObject([{ name: "policy", outcome: "failed" }])
  expect(result).toMatchObject({ outcome: "refused", serving: null })
  expect(result.causes[0]).toContain("approvals.required: 2 → 0")
})

test("a release that was refused is not rolled back to", async () => {
  const [refused] = await history()
  expect(refused).toMatchObject({ outcome: "refused", image: "" })
  const withImage = (await history()).find(({ image, outcome }) => image !== "" && outcome === "refused")
  const result = await rollback(
    settings,
    {
      environment: "guarded",
      to: withImage?.id ?? "",
      why: "an attack",
      caller: request.caller,
      access: request.access,
      ledger: null,
      notify: null,
      secrets: request.secrets,
      sandbox: NAME,
    },
    entryPoint,
  )
  expect(result).toMatchObject({ outcome: "refused" })
  expect(result.causes[0]).toContain("its outcome is refused, and it was never verified to serve")
  expect((await sandbox.target.running()).live).toEqual({ kind: "none" })
})

test("one approval twice is one, and two of another configuration are none", async () => {
  const twice = await guarded([text(signed()), text(signed())])
  expect(twice.causes[0]).toMatch(/approval-key-twice: approval 2 [\s\S]*approval-too-few: guarded requires 2/)
  const other = await guarded([text(signed()), text(signed({ key: chen, approver: "Chen Wei" }))], "something-else")
  expect(other.causes[0]).toMatch(
    /approval-other-config: approval 1 [\s\S]*approval-other-config: approval 2 [\s\S]*0 are valid/,
  )
  expect([twice.outcome, other.outcome]).toEqual(["refused", "refused"])
  expect((await sandbox.target.running()).live).toEqual({ kind: "none" })
})

test("two people's approvals let one release through, with a clock that is a minute ahead", async () => {
  const both = [text(signed({ ahead: 1 })), text(signed({ key: chen, approver: "Chen Wei" }))]
  const result = await guarded(both)
  expect(result).toMatchObject({ outcome: "live", causes: [] })
  expect(await liveVersion(sandbox)).toBe("200 1")
  expect((await history())[0]).toMatchObject({
    outcome: "live",
    approvals: [{ approver: "Mei Lin" }, { approver: "Chen Wei" }],
    planId: plan.id,
  })

  // gone from the host, the same image would be another release
  await removeReleases(sandbox)
  const again = await guarded(both)
  expect(again.outcome).toBe("refused")
  expect(again.causes[0]).toMatch(/approval-used: approval 1 [\s\S]*approval-used: approval 2 /)
})
