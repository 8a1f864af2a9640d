import { webcrypto } from "node:crypto"
import canonicalize from "canonicalize"
import { describe, expect, it } from "vitest"
import { parseSettings } from "../../core/config/parse.js"
import { asksOf } from "../../core/dashboard/model/asks.js"
import type { EnvironmentFacts } from "../../core/dashboard/model/environment.js"
import { planPage } from "../../core/dashboard/model/plan-page.js"
import { waitingPlans } from "../../core/dashboard/model/plans.js"
import { judgeNew } from "../../core/dashboard/server/approval-desk.js"
import { planView } from "../../core/dashboard/view/plan.js"
import type { LedgerEvent } from "../../core/ledger/event.js"
import { releasesOf } from "../../core/ledger/fold.js"
import { type ApprovalFile, approvalFile } from "../../core/release/approval/approval.js"
import { countedApprovals, recordGiven } from "../../core/release/approval/given.js"
import { planFileEvent, plannedEvent } from "../../core/release/plan/make.js"
import type { Plan } from "../../core/release/plan/plan.js"
import { identityOf } from "../../core/release/plan/plan-id.js"
import { XSS } from "../release/dashboard-samples.js"
import { approval, NOW, type Person, person, plan, planInput, recorded, settings as rules } from "./approval-samples.js"
import { environmentFacts, policiesOf } from "./environment-facts.js"
import { MemoryLedger } from "./memory-ledger.js"
import { event, finished, HISTORY, started } from "./request-samples.js"

const [mei, bo, eve] = [person("Mei Lin"), person("Bo Chen"), person("Eve")]
const OLD = person("Old Key")
const COMMIT = "1".repeat(40)
const minutes = (count: number) => new Date(NOW.getTime() + count * 60_000)

/** Production with approvers, where nobody is an author unless it is asked for. */
function settingsWith(approvers: readonly Person[] = [mei, bo], more = "requireSeparation: false") {
  const keys = approvers.map(({ approver }) => `{ name: ${approver.name}, key: "${approver.key}" }`)
  const old = `{ name: Old Key, key: "${OLD.approver.key}", revoked: 2026-01-01 }`
  return parseSettings(`qa: { runner: a.py, suites: { e2e: { files: [a.py] } } }
ledger: { service: shop }
environments:
  production:
    approvals: { required: 2, longest: 12h, ${more}, keys: [${[...keys, old].join(", ")}] }
    operators: [{ name: Mei Lin, key: "${mei.approver.key}" }]
`)
}
const settings = settingsWith()

const fileOf = (one: Plan): LedgerEvent => event(4, planFileEvent(one) ?? expect.unreachable())
const plannedOf = (one: Plan): LedgerEvent => event(5, plannedEvent(one, COMMIT))

const facts = (more: Partial<EnvironmentFacts> = {}, of = settings) =>
  environmentFacts({
    policies: policiesOf(of),
    planned: [plannedOf(plan())],
    changes: HISTORY,
    runners: 1,
    ...more,
  })

const NO_POLICY = { inForce: null, adopted: [], problems: [] }
const deployed = (planId: string): Partial<EnvironmentFacts> => {
  const [one] = releasesOf([started(1, "r9"), finished(2, "r9")], null)
  return one === undefined ? {} : { releases: [{ ...one, planId }] }
}

const paged = (more: Partial<EnvironmentFacts> = {}, one = plan(), of = settings) =>
  planPage(of, facts(more, of), fileOf(one), NOW)
const shown = (more: Partial<EnvironmentFacts> = {}, one = plan()) =>
  planView(paged(more, one) ?? expect.unreachable(), asksOf(settings, facts(more), 5, NOW), { zone: "UTC" }).main.source

/** Approvals as they were written to the ledger, the newest first. */
async function given(...files: ApprovalFile[]): Promise<LedgerEvent[]> {
  const memory = new MemoryLedger([])
  for (const file of files) await recordGiven(memory.ledger, file)
  return [...memory.events].reverse()
}
const signed = (by = mei, more: Parameters<typeof approval>[1] = {}): ApprovalFile =>
  approvalFile.parse(JSON.parse(approval(by, more)))

describe("the page of a plan", () => {
  it("shows all of it: commits, migrations, commands, names of the configuration, and what is bound", () => {
    const all = plan({
      commands: ["python manage.py migrate"],
      config: { digest: "scrypt:0011", added: ["NEW_NAME"], removed: ["OLD_NAME"], changed: true },
      migrations: [
        {
          id: "0003",
          path: "migrations/versions/0003_notes.py",
          lint: { errors: 0, warnings: 1 },
          contracts: false,
          statements: [{ sql: "ALTER TABLE a ADD b text", locks: ["ACCESS EXCLUSIVE on a"], locksKnown: true }],
        },
      ],
    })
    const text = shown({ planned: [plannedOf(all)] }, all)
    for (const part of [
      all.id,
      all.image.next.reference,
      "Charge once",
      "0003_notes.py",
      "python manage.py migrate",
      "ALTER TABLE a ADD b text",
      "Locks: ACCESS EXCLUSIVE on a",
      "+ NEW_NAME",
      "- OLD_NAME",
      "&quot;app1&quot;",
      "evidence of this source",
    ])
      expect(text).toContain(part)
  })

  it("escapes what commits, commands and settings say", () => {
    const evil = plan({
      releaseVersion: "1",
      commands: [XSS],
      config: { digest: XSS, added: [XSS], removed: [XSS], changed: true },
      commits: {
        kind: "known",
        from: "",
        to: COMMIT,
        list: [{ id: COMMIT, subject: XSS, author: XSS, at: "2026-11-21T08:00:00Z" }],
        authors: [XSS],
      },
      settings: { [XSS]: XSS },
      checks: [{ name: XSS, what: XSS }],
    })
    const text = shown({ planned: [plannedOf(evil)] }, evil)
    expect(text).not.toContain("<img")
    expect(text).not.toContain("<script>")
    expect(text).toContain("&lt;img")
  })

  it("is of the plan whose id and digest its event has, in this environment and service, or there is none", () => {
    const { what } = fileOf(plan())
    if (what.kind !== "plan-file") throw new Error("a plan file")
    const other = planFileEvent(plan({ commands: ["rm -rf /"] }))?.plan ?? null
    expect(planPage(settings, facts(), event(4, { ...what, plan: other }), NOW)).toBeNull()
    expect(planPage(settings, facts(), fileOf(plan({ environment: "staging" })), NOW)).toBeNull()
    expect(planPage(settings, facts(), fileOf(plan({ service: "bank" })), NOW)).toBeNull()
  })

  it("cannot be approved once it was deployed, or without a policy in force", () => {
    expect(paged(deployed(plan().id))).toMatchObject({ approve: null, closed: expect.stringContaining("was deployed") })
    expect(paged({ policies: NO_POLICY })).toMatchObject({
      approve: null,
      closed: expect.stringContaining("No policy"),
    })
    expect(shown(deployed(plan().id))).not.toContain("data-approve=")
  })

  it("has a form to deploy the planned commit, and none where it is not known", () => {
    expect(shown()).toContain(`&quot;revision&quot;:&quot;${COMMIT}&quot;`)
    expect(shown()).toContain("2 approvals missing")
    const unknown = { planned: [event(5, plannedEvent(plan(), `${COMMIT}-dirty`))] }
    expect(shown(unknown)).not.toContain("data-ask=")
    expect(shown(unknown)).toContain("Its commit is not known")
  })

  it("counts the approvals in the ledger as a deployment does, and says why others do not count", async () => {
    const { counted, waiting } =
      paged({ given: await given(signed(), signed(eve), signed(bo, { at: minutes(-300) })) }) ?? expect.unreachable()
    expect(counted.texts).toHaveLength(1)
    expect(counted.others.map(({ approver, code }) => `${approver}: ${code}`)).toEqual([
      "Bo Chen: approval-expired",
      "Eve: approval-unknown-key",
    ])
    // what nobody who is listed signed is on no list of approvals
    expect(waiting?.approvals.map(({ approver, expired }) => [approver, expired])).toEqual([
      ["Bo Chen", true],
      ["Mei Lin", false],
    ])
    const forged = { ...signed(), signature: signed(bo).signature }
    const [one] = waitingPlans(facts({ given: await given(forged) }), rules([mei, bo]), NOW)
    expect(one?.approvals).toEqual([])
  })
})

describe("an approval that a browser signs", () => {
  /** With WebCrypto, over the bytes of sign.js. */
  async function inBrowser(): Promise<{ file: ApprovalFile; of: typeof settings }> {
    const pair = await webcrypto.subtle.generateKey("Ed25519", false, ["sign", "verify"])
    if (!("privateKey" in pair)) throw new Error("a pair")
    const key = `ed25519:${Buffer.from(await webcrypto.subtle.exportKey("raw", pair.publicKey)).toString("base64")}`
    const of = settingsWith([{ ...mei, approver: { ...mei.approver, key } }, bo])
    const { approve } = paged({}, plan(), of) ?? expect.unreachable()
    const statement = {
      ...approve?.statement,
      approver: approve?.approvers.find((one) => one.key === key)?.name,
      reason: '看過了 "<b>\\ €\u2028',
      signedAt: NOW.toISOString(),
      expiresAt: minutes(60 * 4).toISOString(),
      key,
    }
    const bytes = new TextEncoder().encode(`tollgate-approval 2\n${canonicalize(statement)}`)
    const signature = Buffer.from(await webcrypto.subtle.sign("Ed25519", pair.privateKey, bytes)).toString("base64")
    return { file: approvalFile.parse({ format: "tollgate-approval", version: 2, statement, signature }), of }
  }

  it("is accepted by the dashboard and by a deployment of that plan", async () => {
    const { file, of } = await inBrowser()
    expect(judgeNew(JSON.stringify(file), of, facts({}, of), plan(), NOW)).toEqual({ file })
    const asked = {
      identity: identityOf(plan()),
      settings: of.environments["production"]?.approvals ?? expect.unreachable(),
      elsewhere: new Map(),
      records: recorded(plan()),
      deployer: "An Wu",
      now: NOW,
    }
    expect(countedApprovals([file], [], asked)).toEqual({ texts: [JSON.stringify(file)], others: [] })
  })

  it("is valid for at most as long as the policy allows", () => {
    expect(paged()?.approve?.validities).toEqual([4 * 3600, 3600, 12 * 3600])
  })

  const codes = (file: unknown, more: Partial<EnvironmentFacts> = {}, of = settings, one: Plan | null = plan()) => {
    const verdict = judgeNew(JSON.stringify(file), of, facts(more, of), one, NOW)
    return "problems" in verdict ? verdict.problems.map(({ code }) => code) : []
  }
  const edited = (change: Partial<ApprovalFile["statement"]>) => {
    const file = signed()
    return { ...file, statement: { ...file.statement, ...change } }
  }

  it.each<[string, () => unknown, string[]]>([
    ["with a key that is not listed", () => signed(eve), ["approval-unknown-key"]],
    ["with a key that was revoked", () => signed(OLD), ["approval-key-revoked"]],
    [
      "with another one's signature",
      () => ({ ...signed(), signature: signed(bo).signature }),
      ["approval-bad-signature"],
    ],
    ["without a signature", () => ({ ...signed(), signature: null }), ["approval-unsigned"]],
    ["that was changed after it was signed", () => edited({ reason: "other" }), ["approval-bad-signature"]],
    [
      "in another one's name",
      () => signed({ ...mei, approver: { ...mei.approver, name: "Bo Chen" } }),
      ["approval-approver"],
    ],
    [
      "of another plan, for this page",
      () => signed(mei, { plan: plan({ commands: ["rm -rf /"] }) }),
      ["approval-other-commands"],
    ],
    [
      "of another file of the plan that was not recorded",
      () => signed(mei, { plan: plan({ expected: null }) }),
      ["approval-other-file"],
    ],
    [
      "of another environment",
      () => signed(mei, { plan: plan({ environment: "staging" }) }),
      ["approval-other-environment"],
    ],
    ["that has expired", () => signed(mei, { at: minutes(-300) }), ["approval-expired"]],
    ["of a clock that is ahead", () => signed(mei, { at: minutes(10) }), ["approval-not-yet-valid"]],
    ["that is valid for too long", () => signed(mei, { until: minutes(60 * 13) }), ["approval-too-long"]],
    ["for break-glass", () => signed(mei, { purpose: "break-glass" }), ["approval-unreadable"]],
    ["with a field more", () => ({ ...signed(), more: 1 }), ["approval-unreadable"]],
    ["that is none", () => "x", ["approval-unreadable"]],
  ])("is refused before it reaches the ledger: one %s", (_, make, expected) => {
    expect(codes(make())).toEqual(expected)
  })

  it("is refused for a plan file that the ledger does not have, or has for another environment or service", () => {
    expect(codes(signed(), {}, settings, null)).toEqual(["approval-other-file"])
    expect(codes(signed(), {}, settings, plan({ environment: "staging" }))).toEqual(["approval-other-file"])
    expect(codes(signed(), {}, settings, plan({ service: "bank" }))).toEqual(["approval-other-file"])
  })

  it("is refused a second time, with the same key or another one of the same person, until the first has expired", async () => {
    const second = person("Mei Lin")
    const of = settingsWith([mei, second, bo])
    const before = { given: await given(signed()) }
    expect(codes(signed(mei, { reason: "again" }), before, of)).toEqual(["approval-key-twice"])
    expect(codes(signed(second), before, of)).toEqual(["approval-person-twice"])
    expect(codes(signed(bo), before, of)).toEqual([])
    expect(codes(signed(), { given: await given(signed(mei, { at: minutes(-300) })) }, of)).toEqual([])
    // what does not count blocks nobody
    expect(codes(signed(), { given: await given({ ...signed(), signature: signed(bo).signature }) }, of)).toEqual([])
  })

  it("is refused of an author, and where authors are not known, with requireSeparation", () => {
    const separate = settingsWith([mei, bo], "requireSeparation: true")
    expect(codes(signed(), {}, separate)).toEqual(["approval-own-commit"])
    expect(codes(signed(bo), {}, separate)).toEqual([])
    const shallow = plan({ ...planInput(), commits: { kind: "unknown", why: "this clone is shallow" } })
    expect(codes(signed(bo, { plan: shallow }), { planned: [plannedOf(shallow)] }, separate, shallow)).toEqual([
      "approval-authors-unknown",
    ])
  })

  it("is refused without a policy in force, and for a plan that was deployed", () => {
    expect(codes(signed(), { policies: NO_POLICY })).toEqual(["policy-missing"])
    expect(codes(signed(), deployed(plan().id))).toEqual(["approval-over"])
  })
})
