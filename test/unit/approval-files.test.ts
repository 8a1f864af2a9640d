import { describe, expect, test } from "vitest"
import { judgeApprovals } from "../../core/release/approval/verify.js"
import { identityOf } from "../../core/release/plan/plan-id.js"
import { approval, NOW, person, plan, recorded, settings } from "./approval-samples.js"

const [mei, stranger] = [person("Mei Lin"), person("Stranger")]
const judged = (text: string) =>
  judgeApprovals([text], {
    identity: identityOf(plan()),
    settings: settings([mei]),
    elsewhere: new Map(),
    records: recorded(plan()),
    deployer: "the test",
    now: NOW,
  })
/** What is said of a file. */
function said(text: string): string {
  const verdict = judged(text)
  return verdict.kind === "approved" ? "approved" : (verdict.problems[0]?.message ?? "")
}
const good = approval(mei)
const changed = (more: object) => JSON.stringify({ ...JSON.parse(good), ...more })
const stated = (more: object) => changed({ statement: { ...JSON.parse(good).statement, ...more } })

describe("a file that is no approval", () => {
  test.each([
    ["no JSON", "approved!", "it is not JSON"],
    ["nothing", "", "it is not JSON"],
    ["a text", '"approved"', "its format is not tollgate-approval"],
    ["a number", "1", "its format is not tollgate-approval"],
    ["null", "null", "its format is not tollgate-approval"],
    ["a list", "[]", "its format is not tollgate-approval"],
    ["something without a format", '{"version":2}', "its format is not tollgate-approval"],
    ["another file of Tollgate", changed({ format: "tollgate-review" }), "its format is not tollgate-approval"],
    ["one with a field more", changed({ approved: true }), "it has an unknown field"],
    ["one with a statement of one field more", stated({ approved: true }), "it has an unknown field"],
    ["one without a reason", stated({ reason: undefined }), "statement.reason is missing or wrong"],
    ["one with a wrong time", stated({ expiresAt: "tomorrow" }), "statement.expiresAt is missing or wrong"],
    ["one whose signature is a number", changed({ signature: 1 }), "signature is missing or wrong"],
  ])("is refused, and why: %s", (_, text, why) => expect(said(text)).toBe(`is not an approval: ${why}`))

  test.each([
    ["without a version", changed({ version: undefined })],
    ["of a later version", changed({ version: 3 })],
  ])("of this Tollgate says which version is supported: %s", (_, text) =>
    expect(said(text)).toBe("has a version that this Tollgate does not support; it supports 2"),
  )

  test("is too large only above 256 KiB", () => {
    expect(said(good.padEnd(262_144))).toBe("approved")
    expect(said(good.padEnd(262_145))).toBe("is not an approval: it is too large")
  })
})

test("an unknown key is named with the file's environment only where that is another one", () => {
  const key = "is signed with a key that environments.production.approvals.keys does not list"
  expect(said(approval(stranger))).toBe(key)
  expect(said(approval(stranger, { plan: plan({ environment: "staging" }) }))).toBe(
    `${key}; its environment is staging`,
  )
})

test("an environment that requires one approval says so in the singular", () => {
  const verdict = judged("")
  expect(verdict.kind === "refused" && verdict.problems.at(-1)?.message).toBe(
    "production requires 1 approval; 0 are valid",
  )
})
