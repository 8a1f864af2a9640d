import { sign, webcrypto } from "node:crypto"
import canonicalize from "canonicalize"
import { describe, expect, it } from "vitest"
import { parseSettings } from "../../../core/config/parse.js"
import { asksOf } from "../../../core/dashboard/model/asks.js"
import type { EnvironmentFacts } from "../../../core/dashboard/model/environment.js"
import { policyPage } from "../../../core/dashboard/model/policy-page.js"
import { policyWords } from "../../../core/dashboard/model/policy-words.js"
import { judgeSentChange } from "../../../core/dashboard/server/signed-desk.js"
import { policyView } from "../../../core/dashboard/view/policy.js"
import type { LedgerEvent } from "../../../core/ledger/event.js"
import { adoptPolicy } from "../../../core/release/policy/adopt.js"
import {
  type PolicyApproval,
  type PolicyStatement,
  policyApproval,
  policyApprovalId,
  policyBytes,
} from "../../../core/release/policy/change.js"
import { policyDifference } from "../../../core/release/policy/difference.js"
import { recordPolicyApproval } from "../../../core/release/policy/given.js"
import { type Policy, policyDigest, policyFingerprint, policyOf } from "../../../core/release/policy/policy.js"
import { readPolicyHistory } from "../../../core/release/policy/require.js"
import { XSS } from "../../release/dashboard-samples.js"
import { NOW, type Person, person } from "../approval-samples.js"
import { environmentFacts, policiesOf } from "../environment-facts.js"
import { MemoryLedger } from "../memory-ledger.js"
import { sampleEvent } from "../sample-event.js"

const [mei, bo, eve, OLD] = [person("Mei Lin"), person("Bo Chen"), person("Eve"), person("Old Key")]

function settingsOf(rules: string, people: readonly Person[], more = "") {
  const keys = people.map(({ approver: { name, key } }) => `{ name: ${JSON.stringify(name)}, key: "${key}" }`)
  const old = `{ name: Old Key, key: "${OLD.approver.key}", revoked: 2026-01-01 }`
  return parseSettings(`qa: { runner: a.py, suites: { e2e: { files: [a.py] } } }
ledger: { service: shop }
environments:
  staging: {}
  production:
    approvals: { longest: 12h, ${rules}, keys: [${[...keys, old].join(", ")}] }
${more}`)
}
/** In force: both approve. Proposed: one is enough, and Eve may approve too. */
const before = settingsOf("required: 2, requireSeparation: true", [mei, bo])
const after = settingsOf("required: 1, requireSeparation: false", [mei, bo, eve])
const [from, to] = [policyOf(before, "production"), policyOf(after, "production")]
const HOUR = 3_600_000
const later = (milliseconds: number, now = NOW) => new Date(now.getTime() + milliseconds).toISOString()

/** An approval as anyone with a key may write and sign it. */
function by(one: Person, more: Partial<PolicyStatement> = {}, now = NOW): PolicyApproval {
  const statement: PolicyStatement = {
    service: "shop",
    environment: "production",
    from: policyDigest(from),
    to: policyDigest(to),
    approver: one.approver.name,
    reason: "reviewed",
    signedAt: now.toISOString(),
    expiresAt: later(HOUR, now),
    key: one.approver.key,
    ...more,
  }
  const signature = sign(null, policyBytes(statement), one.key).toString("base64")
  return { format: "tollgate-policy-approval", version: 1, statement, signature }
}

const given = (number: number, file: PolicyApproval): LedgerEvent => {
  const { from: old, to: fresh, approver } = file.statement
  const signed = JSON.parse(JSON.stringify(file))
  return sampleEvent({ kind: "policy-approval-given", from: old, to: fresh, approver, signed }, { number, at: NOW })
}
const facts = (more: Partial<EnvironmentFacts> = {}) => environmentFacts({ policies: policiesOf(before), ...more })
const codes = (file: unknown, more: Partial<EnvironmentFacts> = {}, settings = after) => {
  const verdict = judgeSentChange(JSON.parse(JSON.stringify(file)), settings, facts(more), NOW)
  return "problems" in verdict ? verdict.problems.map(({ code }) => code) : []
}
const paged = (more: Partial<EnvironmentFacts> = {}, settings = after) =>
  policyPage(settings, facts(more), NOW) ?? expect.unreachable()
const shown = (more: Partial<EnvironmentFacts> = {}, settings = after) =>
  policyView(paged(more, settings), asksOf(settings, facts(more), 5, NOW), { zone: "UTC" }).main.source

describe("an approval of a policy that a browser sends", () => {
  it("is the page's own statement, and counts for the command line's adoption", async () => {
    const pair = await webcrypto.subtle.generateKey("Ed25519", false, ["sign", "verify"])
    if (!("privateKey" in pair)) throw new Error("it is a pair")
    const raw = Buffer.from(await webcrypto.subtle.exportKey("raw", pair.publicKey)).toString("base64")
    const lin = { ...mei, approver: { name: "Lin", also: [], key: `ed25519:${raw}` } }
    const old = settingsOf("required: 1", [lin])
    const policies = policiesOf(old)
    const [, found = ""] = /data-approve="([^"]+)"/.exec(shown({ policies })) ?? []
    const statement = {
      ...JSON.parse(found.replaceAll("&quot;", '"')),
      approver: "Lin",
      reason: "看過了",
      signedAt: NOW.toISOString(),
      expiresAt: later(HOUR),
      key: lin.approver.key,
    }
    const bytes = new TextEncoder().encode(`tollgate-policy-approval 1\n${canonicalize(statement)}`)
    const signature = Buffer.from(await webcrypto.subtle.sign("Ed25519", pair.privateKey, bytes)).toString("base64")
    const file = policyApproval.parse({ format: "tollgate-policy-approval", version: 1, statement, signature })
    expect(judgeSentChange(file, after, facts({ policies }), NOW)).toEqual({ file })
    expect(paged({ policies, policyApprovals: [given(2, file)] })).toMatchObject({
      counted: { approvals: [file], others: [] },
      blocks: [expect.stringContaining("approved, and not adopted"), expect.anything()],
    })
  })

  it.each<[string, () => unknown, string[]]>([
    ["by a key that is not listed", () => by(person("Ann")), ["policy-approval-unknown-key"]],
    ["by a person whom only the proposal lists", () => by(eve), ["policy-approval-unknown-key"]],
    ["by a revoked key", () => by(OLD), ["policy-approval-key-revoked"]],
    [
      "with another's signature",
      () => ({ ...by(mei), signature: by(bo).signature }),
      ["policy-approval-bad-signature"],
    ],
    [
      "that was changed after it was signed",
      () => ({ ...by(mei), statement: { ...by(mei).statement, reason: "other" } }),
      ["policy-approval-bad-signature"],
    ],
    ["in another's name", () => by(mei, { approver: "Bo Chen" }), ["policy-approval-approver"]],
    ["of another environment", () => by(mei, { environment: "staging" }), ["policy-approval-other-environment"]],
    ["of another service", () => by(mei, { service: "bank" }), ["policy-approval-other-environment"]],
    ["on another policy in force", () => by(mei, { from: policyDigest(to) }), ["policy-approval-other-policy"]],
    ["of another proposal", () => by(mei, { to: policyDigest(from) }), ["policy-approval-other-change"]],
    [
      "that has expired",
      () => by(mei, { signedAt: later(-2 * HOUR), expiresAt: later(0) }),
      ["policy-approval-expired"],
    ],
    ["of a clock that is ahead", () => by(mei, { signedAt: later(600_000) }), ["policy-approval-not-yet-valid"]],
    ["that is valid for too long", () => by(mei, { expiresAt: later(13 * HOUR) }), ["policy-approval-too-long"]],
    ["with a field more", () => ({ ...by(mei), more: 1 }), ["policy-approval-unreadable"]],
    ["that is none", () => "x", ["policy-approval-unreadable"]],
    [
      "with several faults, each of which is said",
      () => by(mei, { approver: "Bo Chen", to: policyDigest(from), expiresAt: later(13 * HOUR) }),
      ["policy-approval-approver", "policy-approval-other-change", "policy-approval-too-long"],
    ],
  ])("is refused: one %s", (_, make, expected) => expect(codes(make())).toEqual(expected))

  it("is refused when tollgate.yaml has changed since it was signed", () => {
    expect(codes(by(mei))).toEqual([])
    expect(codes(by(mei), {}, settingsOf("required: 0", [mei, bo, eve]))).toEqual(["policy-approval-other-change"])
    expect(codes(by(mei), {}, before)).toEqual(["policy-approval-other-change"])
    expect(codes(by(mei), { environment: "elsewhere" })).toEqual(["policy-missing"])
  })

  it("is refused a second time, and another person's is not; what does not count blocks nobody", async () => {
    const policyApprovals = [given(2, by(mei))]
    expect(codes(by(mei, { reason: "again" }), { policyApprovals })).toEqual(["policy-approval-twice"])
    expect(codes(by(bo), { policyApprovals })).toEqual([])
    expect(codes(by(mei), { policyApprovals: [given(2, { ...by(mei), signature: by(bo).signature })] })).toEqual([])
    const memory = new MemoryLedger([])
    expect(await recordPolicyApproval(memory.ledger, by(mei))).toBe(true)
    expect(await recordPolicyApproval(memory.ledger, by(mei))).toBe(false)
  })

  it("is refused when an earlier adoption used it, though the policy in force is the same again", () => {
    const { inForce, adopted } = policiesOf(before)
    const [one = expect.unreachable()] = adopted
    const used = { ...one, approvals: [policyApprovalId(by(mei).statement)] }
    expect(codes(by(mei), { policies: { inForce, adopted: [used, one], problems: [] } })).toEqual([
      "policy-approval-used",
    ])
  })

  it("of before the policy in force was adopted is over, also when it is written again", () => {
    const { inForce } = policiesOf(before)
    const policies = { ...policiesOf(before), inForce: inForce === null ? null : { ...inForce, number: 5 } }
    const count = (...events: LedgerEvent[]) => paged({ policies, policyApprovals: events }).counted.approvals.length
    expect(count(given(4, by(mei)))).toBe(0)
    expect(count(given(4, by(mei)), given(6, by(mei)))).toBe(0)
    expect(count(given(6, by(mei)))).toBe(1)
  })
})

describe("policy adopt", () => {
  const now = new Date()
  const approved = (one: Person, more: Partial<PolicyStatement> = {}) => by(one, more, now)
  const request = { environment: "production", fingerprint: "", approvals: [], reason: "one is enough", who: "An Wu" }

  async function ledgerWith(...files: PolicyApproval[]) {
    const memory = new MemoryLedger([])
    memory.now = now
    const first = { from: null, to: policyDigest(from) }
    for (const one of [mei, bo]) await recordPolicyApproval(memory.ledger, approved(one, first))
    const fingerprint = policyFingerprint(policyDigest(from))
    await adoptPolicy(before, { ...request, fingerprint }, memory.ledger)
    for (const file of files) await recordPolicyApproval(memory.ledger, file)
    return memory
  }
  const adopt = async (settings: typeof after, approvals: PolicyApproval[], ...files: PolicyApproval[]) => {
    const memory = await ledgerWith(...files)
    const texts = approvals.map((one) => JSON.stringify(one))
    return { ...(await adoptPolicy(settings, { ...request, approvals: texts }, memory.ledger)), memory }
  }

  it("takes the approvals of the ledger, of the first policy too, and records them as they were signed", async () => {
    const { approvers, memory } = await adopt(after, [], approved(mei), approved(bo))
    expect([...approvers].sort()).toEqual(["Bo Chen", "Mei Lin"])
    const { inForce, problems } = await readPolicyHistory(memory.ledger, "production")
    expect(inForce).toMatchObject({
      digest: policyDigest(to),
      approvers: expect.arrayContaining(["Bo Chen", "Mei Lin"]),
    })
    expect(problems).toEqual([])
  })

  it("counts them beside those of files, a person once", async () => {
    expect((await adopt(after, [approved(bo)], approved(mei))).approvers).toEqual(["Bo Chen", "Mei Lin"])
    const twice = adopt(after, [approved(mei)], approved(mei, { reason: "again" }))
    await expect(twice).rejects.toMatchObject({
      code: "policy-not-approved",
      message: expect.stringContaining("1 is valid"),
    })
  })

  it("does not count a forged one, nor one for another change, and says why; they refuse nothing", async () => {
    const forged = { ...approved(bo), signature: approved(mei).signature }
    const other = approved(bo, { to: policyDigest(from) })
    await expect(adopt(after, [], approved(mei), forged, other)).rejects.toMatchObject({
      code: "policy-not-approved",
      message: expect.stringMatching(
        /1 is valid\n.*Bo Chen in the ledger is for another policy\n.*Bo Chen in the ledger has a signature that does not match/,
      ),
    })
    // a copy with another signature does not take its place, whichever was first
    for (const files of [
      [forged, other, approved(bo)],
      [approved(bo), forged, other],
    ]) {
      const { approvers } = await adopt(after, [], approved(mei), ...files)
      expect([...approvers].sort()).toEqual(["Bo Chen", "Mei Lin"])
    }
    // tollgate.yaml was changed after the approvals
    await expect(adopt(settingsOf("required: 0", [mei]), [], approved(mei), approved(bo))).rejects.toMatchObject({
      code: "policy-not-approved",
    })
  })
})

describe("the page of a policy", () => {
  const words = (old: Policy | null, fresh: Policy) => policyWords(old, fresh).flatMap(({ lines }) => lines)

  it("says who gains and loses which right, and what is required, in words", () => {
    expect(words(from, to)).toEqual([
      expect.stringMatching(/^Eve may approve: key [0-9a-f]{16}\.$/),
      "Approvals required: 1. Now: Approvals required: 2. Fewer people have to agree.",
      "Authors of a planned commit and the deployer count as approvers of their own work. Now: Authors of a planned commit and the deployer do not count as approvers.",
      expect.stringMatching(/^Eve may request deploy, rollback, maintenance, unlock: key/),
    ])
    expect(words(to, from)).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^Eve may no longer approve: key/),
        expect.stringContaining("More people have to agree."),
        expect.stringMatching(/^Eve may no longer request deploy, rollback, maintenance, unlock: key/),
      ]),
    )
  })

  it("says what operators and freezes change, and whose key becomes another's or is revoked", () => {
    const operators = `    operators: [{ name: Mei Lin, key: "${mei.approver.key}", may: [maintenance] }]`
    const some = policyOf(settingsOf("required: 1", [mei, bo], operators), "production")
    const plain = policyOf(settingsOf("required: 1", [mei, bo]), "production")
    expect(words(plain, some)).toEqual([
      "Only the listed operators may request something. Now: every approver may request everything.",
      expect.stringMatching(/^Mei Lin may no longer request deploy, rollback, unlock/),
      expect.stringMatching(/^Bo Chen may no longer request deploy, rollback, maintenance, unlock/),
      expect.stringMatching(/^Old Key may no longer request/),
    ])
    const frozen = policyOf(
      settingsOf(
        "required: 1",
        [mei, bo],
        "    freeze: { zone: Asia/Taipei, weekly: [{ reason: weekend, days: [saturday] }] }",
      ),
      "production",
    )
    expect(words(plain, frozen)).toEqual([
      "All times are in Asia/Taipei. Now: UTC.",
      "Frozen: saturday, 00:00 to 24:00, weekend.",
    ])
    expect(words(frozen, plain)).toContain("No longer frozen: saturday, 00:00 to 24:00, weekend.")
    const renamed = { ...mei, approver: { ...mei.approver, name: "Ann" } }
    expect(words(plain, policyOf(settingsOf("required: 1", [renamed, bo]), "production"))).toContainEqual(
      expect.stringMatching(/^The key [0-9a-f]{16} becomes Ann's\. It is Mei Lin's now\.$/),
    )
    const revoked = {
      ...plain,
      approvals: {
        ...plain.approvals,
        keys: plain.approvals.keys.map((one) => (one.name === "Bo Chen" ? { ...one, revoked: "2026-12-01" } : one)),
      },
    }
    expect(words(plain, revoked)).toContainEqual(
      expect.stringMatching(/^The key [0-9a-f]{16} of Bo Chen is revoked on 2026-12-01\.$/),
    )
  })

  it("has each setting that differs, the approvers under the policy in force, and what is missing", () => {
    const source = shown({ policyApprovals: [given(2, by(mei)), given(3, by(eve))] })
    for (const line of policyDifference(from, to)) expect(source).toContain(line.replaceAll('"', "&quot;"))
    expect(source).toContain("1 of 2 that count")
    expect(source).toContain("Mei Lin: no, has approved it")
    expect(source).toContain("Old Key: no, the key was revoked on 2026-01-01")
    expect(source).toContain("1 approval missing")
    // whom the proposal alone lists
    expect(source).toContain("policy-approval-unknown-key")
    expect(source).toContain(`data-keys="${bo.approver.key}"`)
    expect(source).toContain("tollgate policy adopt --env=production --reason=")
  })

  it("has no form when tollgate.yaml gives the policy in force, and none for an environment that asks for nothing", () => {
    const same = shown({}, before)
    expect(same).toContain("nothing is to be approved")
    expect(same).not.toContain("<form")
    const nothing = policyPage(after, environmentFacts({ environment: "staging" }), NOW)
    expect(nothing).toMatchObject({ approve: null, closed: expect.stringContaining("asks for nothing") })
    expect(policyPage(after, environmentFacts({ environment: "elsewhere" }), NOW)).toBeNull()
    expect(policyPage(after, environmentFacts({ environment: "__proto__" }), NOW)).toBeNull()
  })

  it("of the first policy is approved by its own approvers, and adopted by its fingerprint", () => {
    const none = { policies: { inForce: null, adopted: [], problems: [] } }
    expect(codes(by(eve, { from: null }), none)).toEqual([])
    expect(codes(by(eve), none)).toEqual(["policy-approval-other-policy"])
    expect(shown(none)).toContain(`--fingerprint=${policyFingerprint(policyDigest(to))}`)
  })

  it("has no markup of what a policy or a person says", () => {
    const hostile = { ...mei, approver: { ...mei.approver, name: XSS } }
    const source = shown(
      { policyApprovals: [given(2, by(mei, { reason: XSS }))] },
      settingsOf("required: 1", [hostile, bo]),
    )
    expect(source).toContain("&lt;script&gt;")
    expect(source).not.toMatch(/<script|<img|onerror="/)
  })
})
