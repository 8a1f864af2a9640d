import { describe, expect, it } from "vitest"
import { parseSettings } from "../../../core/config/parse.js"
import type { Settings } from "../../../core/config/schema.js"
import type { LedgerEvent } from "../../../core/ledger/event.js"
import { approvalFile, approvalId } from "../../../core/release/approval/approval.js"
import { breakGlass } from "../../../core/release/approval/break-glass.js"
import { readRecords } from "../../../core/release/approval/records.js"
import { openReviews, type ReviewFile, signReview } from "../../../core/release/approval/review.js"
import { type Asked, judgeApprovals } from "../../../core/release/approval/verify.js"
import { boundSettings } from "../../../core/release/plan/bound-settings.js"
import { makePlan, plannedEvent } from "../../../core/release/plan/make.js"
import type { Plan } from "../../../core/release/plan/plan.js"
import { identityOf } from "../../../core/release/plan/plan-id.js"
import { approval, NOW, person, plan, planInput, recorded, settings } from "../approval-samples.js"
import { sampleEvent } from "../sample-event.js"

const [mei, bo] = [person("Mei Lin"), person("Bo Chen", { also: ["bochen", "bo@shop.example"] })]
const one = settings([mei], { required: 1, keys: [mei, bo].map(({ approver }) => approver) })

function judge(texts: string[], asked: Partial<Asked> = {}) {
  return judgeApprovals(texts, {
    identity: identityOf(plan()),
    settings: one,
    elsewhere: new Map(),
    records: recorded(plan()),
    deployer: "the test",
    now: NOW,
    ...asked,
  })
}
function codes(texts: string[], asked: Partial<Asked> = {}): string[] {
  const verdict = judge(texts, asked)
  return verdict.kind === "refused" ? verdict.problems.map(({ code }) => code) : []
}

describe("an approval of one tollgate.yaml", () => {
  const host = "app1.shop.example ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPqzGLkFtYBWCKLbqTjTqhmrXbZZFbcMnEJHAxrxA2RL"
  const file = (release: string, environment = "", more = ""): Settings =>
    parseSettings(`
qa: { runner: a.py, suites: { e2e: { files: [a.py] } } }
image: { name: registry.example/shop${more} }
release: { processes: { worker: { command: [python, -m, app.worker] } }, smoke: { plans: { path: /plans } }${release} }
environments:
  production:
    target: { hosts: [app1.shop.example], knownHosts: "${host}"${environment} }
`)
  const planOf = (given: Settings): Plan => makePlan(planInput({ settings: boundSettings(given, "production") }))
  const approved = planOf(file(""))
  const text = file("")

  it("is good for the same file", () => {
    expect(
      codes([approval(mei, { plan: approved })], {
        identity: identityOf(planOf(text)),
        records: recorded(approved),
      }),
    ).toEqual([])
  })

  it.each<[string, Settings, string]>([
    ["another drain time", file(", drain: 31s"), "health"],
    ["another user on the host", file("", ", user: eve"), "target"],
    ["another network", file("", ", network: other"), "target"],
    ["another proxy", file("", ", proxy: { image: evil/proxy }"), "proxy"],
    ["another port", file("", "", ", port: 9999"), "gates, processes"],
    ["a larger image", file("", "", ", maxSize: 9GB"), "gates"],
    ["another health path", file(", healthPath: /always"), "health"],
    ["a weaker watch", file(", monitor: { window: 1s, thresholds: { errors: 100% } }"), "monitor"],
    ["fewer retained releases", file(", retain: { releases: 1 }"), "retain"],
  ])("is refused for %s, which it names", (_, given, part) => {
    const verdict = judge([approval(mei, { plan: approved })], {
      identity: identityOf(planOf(given)),
      records: recorded(approved),
    })
    expect(verdict).toMatchObject({
      kind: "refused",
      problems: [
        { code: "approval-other-settings", message: `is for other settings of tollgate.yaml: ${part}` },
        { code: "approval-too-few" },
      ],
    })
  })

  it.each<[string, (file: string) => string, string]>([
    ["a worker with another command", (yaml) => yaml.replace("app.worker", "app.evil"), "processes"],
    ["another host", (yaml) => yaml.replace("hosts: [app1", "hosts: [app2"), "target"],
    ["another host key", (yaml) => yaml.replace("A2RL", "A2RM"), "target"],
    ["no smoke check", (yaml) => yaml.replace("plans: { path: /plans }", ""), "smoke"],
    ["fewer gates", (yaml) => yaml.replace("production:", "production:\n    gates: []"), "gates"],
    ["no approvers", (yaml) => yaml.replace("required: 1", "required: 0"), "rules"],
    ["no freeze", (yaml) => yaml.replace("freeze:", "freeze: {}\n#"), "rules"],
    ["another suite", (yaml) => yaml.replace("files: [a.py]", "files: [b.py]"), "gates"],
  ])("is refused for %s", (_, change, part) => {
    const yaml = `
qa: { runner: a.py, suites: { e2e: { files: [a.py] } } }
image: { name: registry.example/shop }
release: { processes: { worker: { command: [python, -m, app.worker] } }, smoke: { plans: { path: /plans } } }
environments:
  production:
    approvals: { required: 1, keys: [{ name: Mei Lin, key: "${mei.approver.key}" }] }
    freeze: { weekly: [{ reason: weekend, days: [saturday] }] }
    target: { hosts: [app1.shop.example], knownHosts: "${host}" }
`
    const [before, after] = [planOf(parseSettings(yaml)), planOf(parseSettings(change(yaml)))]
    expect(
      judge([approval(mei, { plan: before })], { identity: identityOf(after), records: recorded(before) }),
    ).toMatchObject({
      problems: [{ message: `is for other settings of tollgate.yaml: ${part}` }, { code: "approval-too-few" }],
    })
  })
})

describe("a plan file that was changed before it was signed", () => {
  it.each<[string, Partial<Plan>]>([
    ["without a commit", { commits: { kind: "known", from: "0", to: "1", list: [], authors: [] } }],
    ["with fewer findings", { checks: [] }],
    ["with another head of the ledger", { ledgerHead: `7:${"0".repeat(64)}` }],
    ["with another old image", { image: { now: null, next: planInput().image.next } }],
    [
      "with a migration that is said to be harmless",
      { migrations: planInput().migrations.map((each) => ({ ...each, lint: { errors: 0, warnings: 0 } })) },
    ],
  ])("%s is not approved, though its id is the same", (_, change) => {
    const changed = plan(change)
    expect(changed.id).toBe(plan().id)
    expect(codes([approval(mei, { plan: changed })])).toEqual(["approval-other-file", "approval-too-few"])
    expect(codes([approval(mei)])).toEqual([])
  })
})

describe("an approval that is used again", () => {
  const text = approval(mei)
  const id = approvalId(approvalFile.parse(JSON.parse(text)).statement)
  const event = (release: string | null, what: LedgerEvent["what"]) =>
    sampleEvent(what, { at: NOW, context: { release, who: "x" } })
  const signed = approvalFile.parse(JSON.parse(text))
  const { planId, planSha256, approver, key, reason, signedAt, expiresAt } = signed.statement
  const approved = (release: string): LedgerEvent =>
    event(release, { kind: "approved", planId, planSha256, approver, key, reason, signedAt, expiresAt, signed })
  const ledger = (...events: LedgerEvent[]) => ({
    eventsOfKind: (_: string, kind: string) => Promise.resolve(events.filter(({ what }) => what.kind === kind)),
    events: (_: string, release?: string) =>
      Promise.resolve(events.filter(({ context }) => context.release === release)),
  })
  const planned = event(null, plannedEvent(plan()))
  const traffic = (release: string) => event(release, { kind: "step-started", step: "switch" })

  it("is refused once a release that it approved had traffic", async () => {
    const records = await readRecords(ledger(planned, approved("r1"), traffic("r1")), "production", "r2", [text])
    expect(records.uses).toEqual(new Map([[id, ["r1"]]]))
    expect(codes([text], { records })).toEqual(["approval-used", "approval-too-few"])
  })

  it("is good as often as approvals.uses says", async () => {
    const records = await readRecords(ledger(planned, approved("r1"), traffic("r1")), "production", "r2", [text])
    expect(codes([text], { records, settings: { ...one, uses: 2 } })).toEqual([])
  })

  it.each([
    ["a deployment that was refused or failed before it had traffic", [approved("r1")], "r2"],
    ["the same release, which an interrupted run had begun", [approved("r1"), traffic("r1")], "r1"],
    ["another approval's release", [traffic("r1")], "r2"],
  ])("is still good after %s", async (_, events, release) => {
    const records = await readRecords(ledger(planned, ...events), "production", release, [text])
    expect(codes([text], { records })).toEqual([])
  })

  it("is not made fresh by another spelling of its file", async () => {
    const records = await readRecords(ledger(planned, approved("r1"), traffic("r1")), "production", "r2", [
      JSON.stringify(JSON.parse(text), null, 8),
    ])
    expect(codes([JSON.stringify(JSON.parse(text), null, 8)], { records })).toContain("approval-used")
  })
})

describe("with requireSeparation", () => {
  const separate = { ...one, requireSeparation: true }
  const by = (...authors: string[]): Plan => plan({ commits: { kind: "known", from: "0", to: "1", list: [], authors } })
  const judged = (of: Plan, deployer = "the pipeline", given = [approval(bo, { plan: of })]) =>
    codes(given, { settings: separate, records: recorded(of), deployer })

  it.each(["Bo Chen", "bo chen", "bochen", "BoChen", "bo@shop.example"])(
    "the author of a commit does not approve it: %s",
    (author) => expect(judged(by("An Wu", author))).toEqual(["approval-own-commit", "approval-too-few"]),
  )
  it.each(["Bo Chen", "bochen"])("the deployer does not approve: %s", (deployer) =>
    expect(judged(by("An Wu"), deployer)).toEqual(["approval-own-deployment", "approval-too-few"]),
  )
  it("a plan without authors is not approved", () => {
    const unknown = plan({ commits: { kind: "unknown", why: "no Git" } })
    expect(judged(unknown)).toEqual(["approval-authors-unknown", "approval-too-few"])
  })
  it("another person approves", () => expect(judged(by("An Wu"))).toEqual([]))
  it("is the default for production alone, and can be switched off", () => {
    expect(codes([approval(bo, { plan: by("Bo Chen") })], { records: recorded(by("Bo Chen")) })).toEqual([])
  })
})

describe("a signature for break-glass", () => {
  const glass = approval(mei, { purpose: "break-glass" })
  it("is not an approval", () => expect(codes([glass])).toEqual(["approval-too-few"]))
  it("is the one that --break-glass needs", () => {
    const verdict = judge([glass])
    expect(verdict.breakGlass).toHaveLength(1)
    const ask = (signer: string | null) =>
      breakGlass(["approval-too-few"], "customers cannot pay", one, "production", { deployer: "Eve", signer })
    expect(() => ask(null)).toThrow(expect.objectContaining({ code: "break-glass-unsigned" }))
    expect(ask("Mei Lin")?.kind).toBe("broken-glass")
  })
  it("of another plan is refused", () => {
    const other = approval(mei, { purpose: "break-glass", plan: plan({ releaseVersion: "2" }) })
    expect(judge([other])).toMatchObject({ kind: "refused", breakGlass: [] })
  })
  it("can be given by the author, who may be the only one at hand", () => {
    const own = plan({ commits: { kind: "known", from: "0", to: "1", list: [], authors: ["Mei Lin"] } })
    const text = approval(mei, { purpose: "break-glass", plan: own })
    const verdict = judge([text], { settings: { ...one, requireSeparation: true }, records: recorded(own) })
    expect(verdict.breakGlass).toHaveLength(1)
  })
})

describe("the review that break-glass opens", () => {
  const keys = [mei, bo].map(({ approver }) => approver)
  const event = (what: LedgerEvent["what"]) =>
    sampleEvent(what, { at: NOW, context: { release: "r1", who: "the pipeline" } })
  const signed = approvalFile.parse(JSON.parse(approval(mei, { purpose: "break-glass" })))
  const broken = event({ kind: "broke-glass", reason: "customers cannot pay", waived: [], signed })
  const [opened] = openReviews([broken], [], keys)
  if (opened === undefined) throw new Error("no review was opened")
  const given = { key: bo.key, approver: "Bo Chen", reason: "fixed", now: NOW }
  const review = (file: ReviewFile) =>
    event({ kind: "glass-reviewed", approver: "x", reason: "x", signed: JSON.parse(JSON.stringify(file)) })
  const good = signReview(opened, given, keys)

  it("is open until a second person closes it", () => {
    expect(opened).toMatchObject({ release: "r1", signer: "Mei Lin", deployer: "the pipeline" })
    expect(openReviews([broken], [review(good)], keys)).toEqual([])
  })

  it.each<[string, ReviewFile]>([
    ["that was changed", { ...good, statement: { ...good.statement, reason: "nothing to see" } }],
    ["of another release", { ...good, statement: { ...good.statement, release: "r2" } }],
  ])("is not closed by a review %s", (_, file) => expect(openReviews([broken], [review(file)], keys)).toHaveLength(1))

  it("is not closed by its signer or its deployer", () => {
    expect(() => signReview(opened, { ...given, key: mei.key, approver: "Mei Lin" }, keys)).toThrow(
      "who broke the glass",
    )
    expect(() => signReview({ ...opened, deployer: "bochen" }, given, keys)).toThrow("who broke the glass")
    expect(() => signReview(opened, { ...given, key: person("Eve").key, approver: "Eve" }, keys)).toThrow(
      "is not listed",
    )
  })
})
