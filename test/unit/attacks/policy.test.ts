import { describe, expect, it } from "vitest"
import { parseSettings } from "../../../core/config/parse.js"
import type { Settings } from "../../../core/config/schema.js"
import type { Happening, LedgerEvent } from "../../../core/ledger/event.js"
import type { Ledger } from "../../../core/ledger/ledger.js"
import { adoptPolicy } from "../../../core/release/policy/adopt.js"
import { changeFile, type PolicyApproval, readPolicyChange } from "../../../core/release/policy/change.js"
import { policyDifference } from "../../../core/release/policy/difference.js"
import { policyHistory } from "../../../core/release/policy/in-force.js"
import { judgeChange } from "../../../core/release/policy/judge-change.js"
import { type Policy, policyDigest, policyFingerprint, policyOf } from "../../../core/release/policy/policy.js"
import { judgePolicy } from "../../../core/release/policy/require.js"
import { signChange } from "../../../core/release/policy/sign.js"
import { approval, NOW, type Person, person } from "../approval-samples.js"
import { sampleEvent } from "../sample-event.js"

const [mei, bo, eve] = [person("Mei Lin"), person("Bo Chen"), person("Eve")]
const listed = (...people: Person[]) =>
  people.map(({ approver: { name, key } }) => `{ name: ${name}, key: "${key}" }`).join(", ")
const YAML = `
qa: { runner: a.py, suites: { e2e: { files: [a.py] } }, coverage: { source: [app], threshold: 90 } }
image: { name: registry.example/shop }
scan: { failOn: high }
release: { name: shop, monitor: { thresholds: { errors: 1% } } }
environments:
  production:
    approvals: { required: 2, keys: [${listed(mei, bo)}] }
    freeze: { weekly: [{ reason: weekend, days: [saturday, sunday] }] }
    target: { hosts: [app1.shop.example] }
`
const settings = parseSettings(YAML)
const inTree = (change: (yaml: string) => string): Settings => {
  const changed = change(YAML)
  expect(changed).not.toBe(YAML)
  return parseSettings(changed)
}
const policy = policyOf(settings, "production")

function signed(by: Person, from: Policy | null, to: Policy, approver = by.approver.name): PolicyApproval {
  return signChange({
    change: readPolicyChange(changeFile(from, to)),
    key: by.key,
    approver,
    reason: "reviewed",
    now: NOW,
    expiresAt: new Date(NOW.getTime() + 3_600_000),
  })
}
function adopted(from: Policy | null, to: Policy, approvals: unknown[], number = 1, at = NOW): LedgerEvent {
  return sampleEvent(
    {
      kind: "policy-adopted",
      digest: policyDigest(to),
      previous: from === null ? null : policyDigest(from),
      reason: "first",
      signed: JSON.parse(JSON.stringify({ policy: to, approvals })),
    },
    { number, at, context: { service: to.service } },
  )
}
const first = adopted(null, policy, [signed(mei, null, policy), signed(bo, null, policy)])
const inForce = policyHistory([first])

describe("a commit that changes the rules by which it is judged", () => {
  it.each<[string, (yaml: string) => string, string]>([
    ["asks for no approval", (yaml) => yaml.replace("required: 2", "required: 0"), "approvals.required: 2 → 0"],
    ["asks for fewer", (yaml) => yaml.replace("required: 2", "required: 1"), "approvals.required: 2 → 1"],
    ["lists its own key", (yaml) => yaml.replace("keys: [", `keys: [${listed(eve)}, `), `approvals.keys.[Eve ed25519:`],
    [
      "allows an approval to be used for ever",
      (yaml) => yaml.replace("required: 2", "required: 2, uses: 1000"),
      "approvals.uses: 1 → 1000",
    ],
    [
      "lets authors approve",
      (yaml) => yaml.replace("required: 2", "required: 2, requireSeparation: false"),
      "approvals.requireSeparation: true → false",
    ],
    ["ends the freeze", (yaml) => yaml.replace("freeze: {", "freeze: {} #"), "freeze.weekly"],
    [
      "asks for no gate",
      (yaml) => yaml.replace("production:", "production:\n    gates: []"),
      'gates.required: ["qa","scan","ecpay"] → []',
    ],
    [
      "lowers the coverage",
      (yaml) => yaml.replace("threshold: 90", "threshold: 10"),
      "thresholds.coverage.threshold: 90 → 10",
    ],
    ["lets findings pass", (yaml) => yaml.replace("failOn: high", "failOn: critical"), "thresholds.scan.failOn"],
    ["lets errors pass", (yaml) => yaml.replace("errors: 1%", "errors: 90%"), "thresholds.monitor.thresholds.errors"],
    ["goes to another host", (yaml) => yaml.replace("app1.shop", "app2.shop"), "target.hosts"],
    ["tightens, which the others must know too", (yaml) => yaml.replace("threshold: 90", "threshold: 95"), "90 → 95"],
  ])("is refused when it %s, with the difference", (_, change, difference) => {
    expect(() => judgePolicy(inTree(change), "production", inForce)).toThrow(
      expect.objectContaining({ code: "policy-changed", message: expect.stringContaining(difference) }),
    )
  })

  it("is refused when it asks for nothing any more", () => {
    const nothing = inTree((yaml) => yaml.replace(/environments:[\s\S]*$/, "environments: { staging: {} }\n"))
    expect(() => judgePolicy(nothing, "production", inForce)).toThrow(
      expect.objectContaining({ code: "policy-changed" }),
    )
  })

  it("is deployed when the policy is the one in force", () => {
    expect(judgePolicy(settings, "production", inForce)).toMatchObject({ kind: "done" })
    const comment = inTree((yaml) => `${yaml}# another line\n`)
    expect(judgePolicy(comment, "production", inForce)).toMatchObject({ kind: "done" })
  })
})

describe("without a policy in force", () => {
  const none = policyHistory([])
  it("an environment that asks for something is refused, and its fingerprint is named", () => {
    expect(() => judgePolicy(settings, "production", none)).toThrow(
      expect.objectContaining({
        code: "policy-missing",
        message: expect.stringContaining(policyFingerprint(policyDigest(policy))),
      }),
    )
  })
  it("production is refused even when it asks for nothing", () => {
    const bare = parseSettings("qa: { runner: a.py, suites: { e2e: { files: [a.py] } } }")
    expect(() => judgePolicy(bare, "production", none)).toThrow(expect.objectContaining({ code: "policy-missing" }))
    expect(judgePolicy(bare, "staging", none)).toMatchObject({ kind: "skipped" })
  })
})

describe("a policy that is written into the ledger", () => {
  const weak = policyOf(
    inTree((yaml) => yaml.replace("required: 2", "required: 0")),
    "production",
  )
  const evil = policyOf(
    inTree((yaml) => yaml.replace(listed(mei, bo), listed(eve, person("Mallory")))),
    "production",
  )
  const other: Policy = { ...policy, environment: "staging" }
  it.each<[string, unknown[], Policy]>([
    ["with no approval", [], weak],
    ["with one of two", [signed(mei, policy, weak)], weak],
    ["with one approver's twice", [signed(mei, policy, weak), signed(mei, policy, weak)], weak],
    ["under its own keys", [signed(eve, null, evil)], evil],
    ["with approvals of another change", [signed(mei, policy, evil), signed(bo, policy, evil)], weak],
    ["with approvals of the first adoption", [signed(mei, null, policy), signed(bo, null, policy)], weak],
    [
      "with words that have no canonical form",
      [{ ...signed(mei, policy, weak), statement: { ...signed(mei, policy, weak).statement, reason: "\ud800" } }],
      weak,
    ],
    ["with approvals of it as a first one", [signed(mei, null, weak), signed(bo, null, weak)], weak],
    ["with approvals of a deployment", [JSON.parse(approval(mei)), JSON.parse(approval(bo))], weak],
    [
      "with a signature of another's",
      [signed(mei, policy, weak), { ...signed(bo, policy, weak), signature: signed(mei, policy, weak).signature }],
      weak,
    ],
    ["for another environment", [signed(mei, policy, other), signed(bo, policy, other)], other],
  ])("%s is not in force, and is found", (_, approvals, to) => {
    const history = policyHistory([first, adopted(policy, to, approvals, 2)])
    expect(history.inForce?.digest).toBe(policyDigest(policy))
    expect(history.problems).toMatchObject([{ number: 2 }])
  })

  it("with approvals that had expired is not in force", () => {
    const late = new Date(NOW.getTime() + 7_200_000)
    const history = policyHistory([
      first,
      adopted(policy, weak, [signed(mei, policy, weak), signed(bo, policy, weak)], 2, late),
    ])
    expect(history.problems).toHaveLength(1)
  })

  it("with the approvals that the one in force asks for is in force, and the one after it is judged under it", () => {
    const second = adopted(policy, weak, [signed(mei, policy, weak), signed(bo, policy, weak)], 2)
    const third = adopted(weak, policy, [], 3)
    expect(policyHistory([first, second])).toMatchObject({ inForce: { digest: policyDigest(weak) }, problems: [] })
    expect(policyHistory([first, second, third])).toMatchObject({
      inForce: { digest: policyDigest(policy) },
      problems: [],
    })
  })

  it("as the first one is signed by those whom it lists", () => {
    expect(policyHistory([adopted(null, policy, [])])).toMatchObject({ inForce: null, problems: [{ number: 1 }] })
    expect(first.what.kind === "policy-adopted" && inForce.inForce?.approvers).toEqual(["Mei Lin", "Bo Chen"])
  })

  it("that was approved is not approved by a change of one letter", () => {
    const files = [signed(mei, policy, weak), signed(bo, policy, weak)]
    const changed = files.map((file) => ({ ...file, statement: { ...file.statement, reason: "x" } }))
    expect(judgeChange(changed, policy, weak, NOW).wrong).toEqual([
      "approval 1 has a signature that does not match",
      "approval 2 has a signature that does not match",
    ])
  })
})

describe("signing", () => {
  it("is refused to a key that the policy in force does not list", () => {
    const evil = policyOf(
      inTree((yaml) => yaml.replace(listed(mei, bo), listed(eve, mei))),
      "production",
    )
    expect(() => signed(eve, policy, evil)).toThrow(expect.objectContaining({ code: "policy-approval" }))
    expect(() => signed(mei, policy, evil, "Bo Chen")).toThrow("names Bo Chen")
  })
})

describe("adopting", () => {
  function ledgerOf(events: LedgerEvent[]): { ledger: Ledger; written: Happening[] } {
    const written: Happening[] = []
    const never = () => Promise.reject(new Error("is not asked for"))
    const ledger: Ledger = {
      state: { kind: "online" },
      takeLease: never,
      holder: never,
      unlock: never,
      raise: never,
      record: (_, what) => {
        written.push(what)
        return Promise.resolve(null)
      },
      recordOnce: never,
      recordSeen: never,
      releases: never,
      release: never,
      events: never,
      eventsOfKind: () => Promise.resolve(events),
      rowsAfter: never,
      rowsOf: never,
      eventsOfKinds: never,
      latestEvent: never,
      listen: never,
      storeReport: never,
      verify: never,
      replay: never,
      close: () => Promise.resolve(),
    }
    return { ledger, written }
  }
  const open = inTree((yaml) => yaml.replace(/approvals:.*\n/, "approvals: {}\n"))
  const ask = (fingerprint: string) => ({
    environment: "production",
    fingerprint,
    approvals: [],
    reason: "the first one",
    who: "Mei Lin",
  })

  it("the first policy must be named by its fingerprint", async () => {
    const { ledger, written } = ledgerOf([])
    for (const wrong of ["", "0123456789abcdef"])
      await expect(adoptPolicy(open, ask(wrong), ledger)).rejects.toMatchObject({ code: "policy-fingerprint" })
    expect(written).toEqual([])
    const fingerprint = policyFingerprint(policyDigest(policyOf(open, "production")))
    await adoptPolicy(open, ask(fingerprint), ledger)
    expect(written).toMatchObject([{ kind: "policy-adopted", previous: null }])
  })

  it("another policy is refused without approvals under the one in force", async () => {
    const { ledger, written } = ledgerOf([first])
    await expect(adoptPolicy(open, ask(""), ledger)).rejects.toMatchObject({
      code: "policy-not-approved",
      message: expect.stringContaining("2 approvals are required by the policy in force; 0 are valid"),
    })
    expect(written).toEqual([])
  })

  it("what it records is in force", async () => {
    const { ledger, written } = ledgerOf([])
    await adoptPolicy(open, ask(policyFingerprint(policyDigest(policyOf(open, "production")))), ledger)
    const [what] = written
    if (what === undefined) throw new Error("nothing was recorded")
    expect(judgePolicy(open, "production", policyHistory([{ ...first, what }])).kind).toBe("done")
  })
})

describe("the difference of two policies", () => {
  it("names an added approver without moving the others", () => {
    const more = policyOf(
      inTree((yaml) => yaml.replace(listed(bo), `${listed(bo)}, ${listed(eve)}`)),
      "production",
    )
    const lines = policyDifference(policy, more)
    expect(lines.every((text) => text.startsWith("approvals.keys.[Eve "))).toBe(true)
    expect(lines.length).toBeGreaterThan(0)
  })
  it("is empty for the same policy", () => expect(policyDifference(policy, policy)).toEqual([]))
})
