import { describe, expect, it } from "vitest"
import type { Happening } from "../../core/ledger/event.js"
import { type ApprovalFile, approvalFile } from "../../core/release/approval/approval.js"
import { countedApprovals, givenApprovals, recordGiven } from "../../core/release/approval/given.js"
import type { Asked } from "../../core/release/approval/verify.js"
import { planFileEvent, planOf } from "../../core/release/plan/make.js"
import { identityOf } from "../../core/release/plan/plan-id.js"
import { approval, NOW, person, plan, recorded, type Signed, settings } from "./approval-samples.js"
import { MemoryLedger } from "./memory-ledger.js"
import { event } from "./request-samples.js"

const [mei, bo, eve] = [person("Mei Lin"), person("Bo Chen"), person("Eve")]
const signed = (by = mei, more: Signed = {}): ApprovalFile => approvalFile.parse(JSON.parse(approval(by, more)))
const minutes = (count: number) => new Date(NOW.getTime() + count * 60_000)
const askedBy = (more: Partial<Asked> = {}): Asked => ({
  identity: identityOf(plan()),
  settings: settings([mei, bo], { required: 2 }),
  elsewhere: new Map(),
  records: recorded(plan()),
  deployer: "An Wu",
  now: NOW,
  ...more,
})
const names = (texts: readonly string[]) => texts.map((text) => JSON.parse(text).statement.approver)

/** What counts of these approvals in the ledger, and why the others do not. */
function counted(files: readonly ApprovalFile[], more: Partial<Asked> = {}, passed: readonly string[] = []) {
  const { texts, others } = countedApprovals(files, passed, askedBy(more))
  return [names(texts), others.map(({ code, approver }) => `${approver}: ${code}`)]
}

describe("approvals in the ledger", () => {
  it("count for their plan, once of each approver", () => {
    expect(counted([signed(), signed(bo)])).toEqual([["Mei Lin", "Bo Chen"], []])
    expect(counted([signed(), signed(mei, { reason: "again" })])).toEqual([
      ["Mei Lin"],
      ["Mei Lin: approval-key-twice"],
    ])
    const second = { ...person("Mei Lin") }
    expect(counted([signed(), signed(second)], { settings: settings([mei, second], { required: 2 }) })).toEqual([
      ["Mei Lin"],
      ["Mei Lin: approval-person-twice"],
    ])
  })

  it("add to those that were passed as files", () => {
    expect(counted([signed(), signed(bo)], {}, [approval(mei)])).toEqual([["Bo Chen"], ["Mei Lin: approval-key-twice"]])
  })

  it.each<[string, () => ApprovalFile, Partial<Asked>, string]>([
    ["of another plan", () => signed(mei, { plan: plan({ releaseVersion: "1.5.0" }) }), {}, "approval-other-version"],
    ["of another plan file", () => signed(mei, { plan: plan({ expected: null }) }), {}, "approval-other-file"],
    ["with a key that is not listed", () => signed(eve), {}, "approval-unknown-key"],
    ["that has expired", () => signed(mei, { at: minutes(-300) }), {}, "approval-expired"],
    ["that is valid for too long", () => signed(mei, { until: minutes(2000) }), {}, "approval-too-long"],
    [
      "with another one's signature",
      () => ({ ...signed(), signature: signed(bo).signature }),
      {},
      "approval-bad-signature",
    ],
    ["of the deployer", () => signed(), separated({ deployer: "Mei Lin" }), "approval-own-deployment"],
    ["of an author", () => signed(), separated({}), "approval-own-commit"],
  ])("do not count and refuse nothing: one %s", (_, make, more, code) => {
    const file = make()
    const [texts, others] = counted([file, signed(bo)], more)
    expect(texts).toEqual(["Bo Chen"])
    expect(others).toContain(`${file.statement.approver}: ${code}`)
  })

  function separated(more: Partial<Asked>): Partial<Asked> {
    return { settings: settings([mei, bo], { requireSeparation: true }), ...more }
  }

  it("are read of this plan alone, the newest first, and none for break-glass", async () => {
    const memory = new MemoryLedger([])
    const all = [
      signed(),
      signed(bo),
      signed(mei, { purpose: "break-glass" }),
      signed(mei, { plan: plan({ expected: null }) }),
    ]
    for (const file of all) expect(await recordGiven(memory.ledger, file)).toBe(true)
    // the same approval written again adds nothing
    expect(await recordGiven(memory.ledger, signed(bo))).toBe(false)
    const junk: Happening = {
      kind: "approval-given",
      planId: plan().id,
      planSha256: "",
      approver: "Eve",
      signed: { x: 1 },
    }
    memory.events.push(event(90, junk))
    expect(givenApprovals(memory.events, plan().id).map(({ statement }) => statement.approver)).toEqual([
      "Mei Lin",
      "Bo Chen",
      "Mei Lin",
    ])
    expect(givenApprovals(memory.events, `plan-${"0".repeat(64)}`)).toEqual([])
  })

  it("are not replaced by a copy with another signature, whichever was first", async () => {
    const memory = new MemoryLedger([])
    await recordGiven(memory.ledger, signed())
    const [genuine = expect.unreachable()] = memory.events
    const copy = JSON.parse(JSON.stringify(genuine).replace(signed().signature ?? "", signed(bo).signature ?? ""))
    for (const events of [
      [genuine, copy],
      [copy, genuine],
    ])
      expect(counted(givenApprovals(events, plan().id))).toEqual([["Mei Lin"], ["Mei Lin: approval-bad-signature"]])
  })
})

describe("a plan file in the ledger", () => {
  it("is the plan that was made, or none", () => {
    const kept = planFileEvent(plan()) ?? expect.unreachable()
    expect(planOf(kept)).toEqual(plan())
    const other = planFileEvent(plan({ commands: ["rm -rf /"] })) ?? expect.unreachable()
    expect(planOf({ ...kept, plan: other.plan })).toBeNull()
    expect(planOf({ ...kept, planSha256: other.planSha256 })).toBeNull()
    expect(planOf({ ...kept, plan: null })).toBeNull()
  })

  it("is not kept when it is very large", () => {
    expect(planFileEvent(plan({ commands: ["x".repeat(300_000)] }))).toBeNull()
  })
})
