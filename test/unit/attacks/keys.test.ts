import { describe, expect, it } from "vitest"
import { keyBytes, sameKey } from "../../../core/config/approver-key.js"
import { parseSettings } from "../../../core/config/parse.js"
import { fingerprint } from "../../../core/release/approval/approval.js"
import { breakGlass } from "../../../core/release/approval/break-glass.js"
import { judgeApprovals } from "../../../core/release/approval/verify.js"
import { identityOf } from "../../../core/release/plan/plan-id.js"
import { approval, NOW, type Person, person, plan, recorded, settings } from "../approval-samples.js"

/** The same 32 bytes in another spelling: the last character of the Base64 has two bits that nobody reads. */
function respelled(key: string): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
  const last = alphabet.indexOf(key.at(-2) ?? "")
  return `${key.slice(0, -2)}${alphabet[last ^ 1]}=`
}

const mei = person("Mei Lin")
const meisOtherSpelling: Person = { ...mei, approver: { name: "Bo Chen", also: [], key: respelled(mei.approver.key) } }

const codes = (texts: string[], asked: Partial<Parameters<typeof judgeApprovals>[1]> = {}): string[] => {
  const verdict = judgeApprovals(texts, {
    identity: identityOf(plan()),
    settings: settings([mei]),
    elsewhere: new Map(),
    records: recorded(plan()),
    deployer: "Eve",
    now: NOW,
    ...asked,
  })
  return verdict.kind === "refused" ? verdict.problems.map(({ code }) => code) : []
}

describe("one key in two spellings", () => {
  it("has the same bytes and the same fingerprint", () => {
    expect(meisOtherSpelling.approver.key).not.toBe(mei.approver.key)
    expect(sameKey(meisOtherSpelling.approver.key, mei.approver.key)).toBe(true)
    expect(keyBytes(mei.approver.key)).toHaveLength(64)
    expect(fingerprint(meisOtherSpelling.approver.key)).toBe(fingerprint(mei.approver.key))
  })

  it("is refused in tollgate.yaml as the key of two people", () => {
    const keys = [mei, meisOtherSpelling].map(({ approver: { name, key } }) => `{ name: ${name}, key: "${key}" }`)
    expect(() =>
      parseSettings(
        `{ qa: { runner: a.py, suites: { e2e: { files: [a.py] } } }, environments: { production: { approvals: { required: 2, keys: [${keys.join(", ")}] } } } }`,
      ),
    ).toThrow(/keys\[1\]\.key +is the key of \[0\] as well/)
  })

  it("is refused in tollgate.yaml as the key of two operators", () => {
    const list = [mei, meisOtherSpelling].map(({ approver: { name, key } }) => `{ name: ${name}, key: "${key}" }`)
    expect(() =>
      parseSettings(
        `{ qa: { runner: a.py, suites: { e2e: { files: [a.py] } } }, environments: { production: { operators: [${list.join(", ")}] } } }`,
      ),
    ).toThrow(/operators\[1\]\.key +is the key of \[0\] as well/)
  })

  it("does not count as two people", () => {
    const both = settings([mei, meisOtherSpelling])
    expect(codes([approval(mei), approval(meisOtherSpelling)], { settings: both })).toContain("approval-too-few")
    expect(codes([approval(mei), approval(mei)], { settings: both })).toContain("approval-key-twice")
  })

  it("is revoked in both when one is revoked", () => {
    const revoked = { ...meisOtherSpelling.approver, revoked: "2026-11-01" }
    const listed = settings([mei], { keys: [mei.approver, revoked] })
    expect(codes([approval(mei)], { settings: listed })).toEqual(["approval-key-revoked", "approval-too-few"])
    expect(codes([approval(mei)], { settings: { ...listed, keys: [...listed.keys].reverse() } })).toEqual([
      "approval-key-revoked",
      "approval-too-few",
    ])
  })
})

describe("one person in two spellings", () => {
  it.each(["mei lin", "Mei  Lin", "ＭＥＩ Lin"])("counts once: %s", (name) => {
    const again = person(name)
    const both = settings([mei, again])
    expect(codes([approval(mei), approval(again)], { settings: both })).toEqual([
      "approval-person-twice",
      "approval-too-few",
    ])
    expect(() =>
      parseSettings(
        `{ qa: { runner: a.py, suites: { e2e: { files: [a.py] } } }, environments: { production: { approvals: { required: 2, keys: [${[
          mei,
          again,
        ]
          .map(({ approver }) => `{ name: "${approver.name}", key: "${approver.key}" }`)
          .join(", ")}] } } } }`,
      ),
    ).toThrow("asks for more approvals than there are approvers: 1")
  })
})

describe("break-glass", () => {
  const stranger = person("Stranger")
  it.each([
    ["an unknown key", () => approval(stranger)],
    ["an expired approval", () => approval(mei, { at: new Date("2026-11-20T00:00:00Z") })],
    ["another environment's approval", () => approval(mei, { plan: plan({ environment: "staging" }) })],
    ["no approval at all", () => "please"],
  ])("does not override %s", (_, text) => {
    const refusals = codes([text()])
    expect(refusals).toContain("approval-too-few")
    expect(
      breakGlass(refusals, "customers cannot pay", settings([mei]), "production", {
        deployer: "Eve",
        signer: "Mei Lin",
      }),
    ).toBeNull()
  })
})
