import { sign } from "node:crypto"
import { describe, expect, it } from "vitest"
import type { Approver } from "../../../core/config/approvals.js"
import type { EventContext, LedgerEvent } from "../../../core/ledger/event.js"
import {
  type PolicyApproval,
  type PolicyStatement,
  policyApprovalId,
  policyBytes,
} from "../../../core/release/policy/change.js"
import { policyHistory } from "../../../core/release/policy/in-force.js"
import { judgeChange } from "../../../core/release/policy/judge-change.js"
import { type Policy, policyDigest } from "../../../core/release/policy/policy.js"
import { NOW, type Person, person, settings } from "../approval-samples.js"
import { sampleEvent } from "../sample-event.js"

const [mei, bo, eve] = [person("Mei Lin"), person("Bo Chen"), person("Eve")]
const policy = (more: Partial<Policy["approvals"]> = {}, rules: Policy["rules"] = {}): Policy => ({
  format: "tollgate-policy",
  version: 1,
  service: "shop",
  environment: "production",
  approvals: settings([mei, bo], { required: 1, ...more }),
  rules,
})
const from = policy()
const to = policy({}, { freeze: "none" })
const after = (milliseconds: number) => new Date(NOW.getTime() + milliseconds).toISOString()
const HOUR = 3_600_000

/** An approval as anyone with a key may write and sign it. */
function by(one: Person, more: Partial<PolicyStatement> = {}): PolicyApproval {
  const statement: PolicyStatement = {
    service: "shop",
    environment: "production",
    from: policyDigest(from),
    to: policyDigest(to),
    approver: one.approver.name,
    reason: "reviewed",
    signedAt: NOW.toISOString(),
    expiresAt: after(HOUR),
    key: one.approver.key,
    ...more,
  }
  const signature = sign(null, policyBytes(statement), one.key).toString("base64")
  return { format: "tollgate-policy-approval", version: 1, statement, signature }
}

/** Why an approval does not count; null: it does. */
function why(file: unknown, rules: Policy = from): string | null {
  const { wrong, kind, approvals } = judgeChange([file], rules, to, NOW)
  expect([kind, approvals.length]).toEqual(wrong.length === 0 ? ["approved", 1] : ["refused", 0])
  return wrong.length === 0 ? null : wrong.join()
}

describe("an approval of a change of the rules", () => {
  it("counts when it is of this change, by a listed key, and valid now", () => expect(why(by(mei))).toBeNull())

  it.each<[string, unknown, string]>([
    ["is something else", { format: "x" }, "is not an approval of a policy"],
    ["is nothing", null, "is not an approval of a policy"],
    ["is of another service", by(mei, { service: "blog" }), "is for blog in production"],
    ["is of another environment", by(mei, { environment: "staging" }), "is for shop in staging"],
    ["is of the first policy", by(mei, { from: null }), "is for a change of another policy than the one in force"],
    ["is of a change back", by(mei, { to: policyDigest(from) }), "is for another policy"],
    ["is in another's name", by(mei, { approver: "Bo Chen" }), "names Bo Chen, but the key belongs to Mei Lin"],
    ["has another's signature", { ...by(mei), signature: by(bo).signature }, "has a signature that does not match"],
  ])("does not when it %s", (_, file, said) => expect(why(file)).toBe(`approval 1 ${said}`))

  it("does not by a key that is not listed, and says by which policy", () => {
    expect(why(by(eve))).toMatch(/with the key [0-9a-f]{16}, which the policy in force does not list$/)
    expect(judgeChange([by(eve, { from: null })], null, to, NOW).wrong).toEqual([
      expect.stringMatching(/, which the policy does not list$/),
    ])
  })

  it("is valid up to each of its limits, and not beyond", () => {
    const rules = policy({ clockSkew: 120, longest: 7200 })
    const own = (more: Partial<PolicyStatement>) => why(by(mei, { from: policyDigest(rules), ...more }), rules)
    expect(own({ signedAt: after(120_000), expiresAt: after(HOUR) })).toBeNull()
    expect(own({ signedAt: after(121_000), expiresAt: after(HOUR) })).toBe("approval 1 is signed in the future")
    expect(own({ signedAt: after(-HOUR), expiresAt: after(1) })).toBeNull()
    expect(own({ signedAt: after(-HOUR), expiresAt: after(0) })).toBe(`approval 1 expired at ${after(0)}`)
    expect(own({ signedAt: after(-HOUR), expiresAt: after(HOUR) })).toBeNull()
    expect(own({ signedAt: after(-HOUR), expiresAt: after(HOUR + 1000) })).toBe(
      "approval 1 is valid for longer than approvals.longest",
    )
  })

  it("does not by a key that is revoked from that day on, in whichever order it is listed twice", () => {
    const listed = (...days: (string | undefined)[]) => {
      const keys = days.map((day): Approver => ({ ...mei.approver, ...(day === undefined ? {} : { revoked: day }) }))
      const rules = policy({ keys })
      return why(by(mei, { from: policyDigest(rules) }), rules)
    }
    expect(listed("2026-11-23")).toBeNull()
    for (const days of [["2026-11-22"], ["2026-11-21"], ["2026-11-21", undefined], [undefined, "2026-11-21"]])
      expect(listed(...days)).toBe("approval 1 is signed with a revoked key")
  })

  it("counts once for a person, also with two keys", () => {
    const again = person("mei  lin")
    const rules = policy({ required: 2, keys: [mei.approver, again.approver, bo.approver] })
    const own = (one: Person) => by(one, { from: policyDigest(rules) })
    expect(judgeChange([own(mei), own(bo)], rules, to, NOW)).toMatchObject({ kind: "approved", wrong: [] })
    expect(judgeChange([own(mei), own(again), own(bo)], rules, to, NOW)).toMatchObject({
      kind: "refused",
      wrong: ["approval 2 is a second one by mei  lin"],
      problems: ["approval 2 is a second one by mei  lin"],
    })
  })

  it("that is wrong refuses the change, however many others are right, and names its place", () => {
    const verdict = judgeChange([by(mei), by(eve), by(bo)], from, to, NOW)
    expect(verdict.kind).toBe("refused")
    expect(verdict.approvals.map(({ statement }) => statement.approver)).toEqual(["Mei Lin", "Bo Chen"])
    expect(verdict.wrong).toEqual([expect.stringMatching(/^approval 2 is signed with the key/)])
  })
})

describe("too few approvals of a change", () => {
  it("are counted against the policy in force, and the first policy against itself", () => {
    const two = policy({ required: 2 })
    const lenient = policy({ required: 0 })
    const problems = (files: unknown[], before: Policy | null, next = to) =>
      judgeChange(files, before, next, NOW).problems
    expect(problems([], from)).toEqual(["1 approval is required by the policy in force; 0 are valid"])
    expect(problems([by(mei, { from: policyDigest(two) })], two)).toEqual([
      "2 approvals are required by the policy in force; 1 is valid",
    ])
    expect(problems([], from, lenient)).toHaveLength(1)
    expect(problems([], lenient)).toEqual([])
    expect(problems([], null)).toEqual(["1 approval is required; 0 are valid"])
    expect(problems([], null, lenient)).toEqual([])
  })
})

describe("the policies in a ledger", () => {
  const adopted = (
    number: number,
    signed: unknown,
    context: Partial<EventContext> = {},
    what: Partial<LedgerEvent> = {},
  ): LedgerEvent => ({
    ...sampleEvent(
      {
        kind: "policy-adopted",
        digest: "as written",
        previous: null,
        reason: "more hosts",
        signed: JSON.parse(JSON.stringify(signed)),
      },
      { number, at: NOW, context: { who: "Cy Wang", ...context } },
    ),
    ...what,
  })
  const first = adopted(3, { policy: from, approvals: [by(mei, { from: null, to: policyDigest(from) })] })
  const second = adopted(7, { policy: to, approvals: [by(bo)] })

  it("follow each other, each with who adopted it, why, and who approved it", () => {
    const { inForce, adopted: all, problems } = policyHistory([first, second])
    expect(problems).toEqual([])
    expect(all).toEqual([
      {
        digest: policyDigest(from),
        policy: from,
        number: 3,
        at: NOW.toISOString(),
        who: "Cy Wang",
        reason: "more hosts",
        approvers: ["Mei Lin"],
        approvals: [policyApprovalId(by(mei, { from: null, to: policyDigest(from) }).statement)],
      },
      expect.objectContaining({ digest: policyDigest(to), number: 7, approvers: ["Bo Chen"] }),
    ])
    expect(inForce).toEqual(all[1])
  })

  it("are not adopted twice by one approval, when the policy returned to what it was", () => {
    const back = adopted(9, {
      policy: from,
      approvals: [by(mei, { from: policyDigest(to), to: policyDigest(from) })],
    })
    const again = adopted(11, { policy: to, approvals: [by(bo)] })
    const { inForce, problems } = policyHistory([first, second, back, again])
    expect(problems).toEqual([{ number: 11, why: expect.stringContaining("was used for an earlier adoption") }])
    expect(inForce?.number).toBe(9)
  })

  it.each<[string, LedgerEvent, string]>([
    ["One that cannot be read", adopted(9, { policy: { ...to, version: 2 }, approvals: [] }), "is not a policy that"],
    ["One without a list of approvals", adopted(9, { policy: to }), "is not a policy that"],
    [
      "One of another service",
      adopted(9, { policy: to, approvals: [by(bo)] }, { service: "blog" }),
      "is the policy of another environment",
    ],
    [
      "One of another environment",
      adopted(9, { policy: to, approvals: [by(bo)] }, { environment: "staging" }),
      "is the policy of another environment",
    ],
    ["One without an approval", adopted(9, { policy: to, approvals: [] }), "1 approval is required by the policy"],
    [
      "One with a stranger's approval",
      adopted(9, { policy: to, approvals: [by(eve)] }),
      "; 1 approval is required by the policy in force; 0 are valid",
    ],
  ])("%s is not in force: the one before it is, and the next is judged under that", (_, wrong, said) => {
    expect(policyHistory([first, wrong])).toMatchObject({
      inForce: { number: 3 },
      adopted: [{ number: 3 }],
      problems: [{ number: 9, why: expect.stringContaining(said) }],
    })
    expect(policyHistory([wrong, first, second]).inForce).toMatchObject({ number: 7 })
    expect(policyHistory([first, wrong, second]).inForce).toMatchObject({ number: 7 })
  })

  it("are judged at the time of their adoption, and other events are none of them", () => {
    const late = (hours: number): LedgerEvent => ({ ...second, at: after(hours * HOUR) })
    expect(policyHistory([first, late(0.5)]).inForce).toMatchObject({ number: 7 })
    expect(policyHistory([first, late(2)])).toMatchObject({ inForce: { number: 3 }, problems: [{ number: 7 }] })
    expect(policyHistory([{ ...first, what: { kind: "lease-released" } }])).toEqual({
      inForce: null,
      adopted: [],
      problems: [],
    })
  })
})
