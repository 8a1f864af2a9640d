import { readFileSync } from "node:fs"
import { describe, expect, it } from "vitest"

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8")

/** The codes of a union of texts, as it stands in the source: types are gone at run time. */
function codesIn(path: string, types: RegExp): string[] {
  return [...read(path).matchAll(types)].flatMap(([, union = ""]) =>
    [...union.matchAll(/"([a-z0-9-]+)"/g)].map(([, code = ""]) => code),
  )
}

describe("every verdict has its line in the docs:", () => {
  it("check-config's", () => {
    const codes = codesIn("core/environment/result.ts", /(?:ProblemCode =|code:)([^]*?)(?:\n\n|\n {2}message)/g)
    expect(codes.length).toBeGreaterThan(20)
    const page = read("docs/check-config.md")
    expect(codes.filter((code) => !page.includes(`\`${code}\``))).toEqual([])
  })

  it("check-ecpay's", () => {
    const codes = codesIn("core/ecpay/result.ts", /(?:FailureCode|EcpayCode) =([^]*?)\n\n/g)
    expect(codes.length).toBeGreaterThan(30)
    const page = read("docs/check-ecpay.md")
    expect(codes.filter((code) => !page.includes(`\`${code}\``))).toEqual([])
  })

  it("scan's, its warnings too", () => {
    const codes = codesIn("core/scan/result.ts", /(?:ReasonCode|WarningCode) =([^]*?)\n\n/g)
    expect(codes.length).toBe(29)
    const page = read("docs/scan.md")
    expect(codes.filter((code) => !page.includes(`\`${code}\``))).toEqual([])
  })

  it("approvals', each forgery", () => {
    const codes = codesIn("core/release/approval/problem.ts", /ApprovalCode =([^]*?)\n\n/g)
    expect(codes.length).toBe(29)
    const page = read("docs/approvals.md")
    expect(codes.filter((code) => !page.includes(`\`${code}\``))).toEqual([])
  })
})
