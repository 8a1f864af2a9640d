import { sign } from "node:crypto"
import { describe, expect, it } from "vitest"
import type { ApprovalSettings } from "../../../core/config/approvals.js"
import type { EventContext, LedgerEvent } from "../../../core/ledger/event.js"
import { approvalFile } from "../../../core/release/approval/approval.js"
import {
  openReviews,
  type Review,
  type ReviewFile,
  reviewFile,
  signReview,
  whyNoReview,
} from "../../../core/release/approval/review.js"
import { canonicalJson } from "../../../core/shared/canonical-json.js"
import { approval, NOW, type Person, person } from "../approval-samples.js"
import { sampleEvent } from "../sample-event.js"

const [mei, bo, eve] = [person("Mei Lin"), person("Bo Chen", { also: ["bo@shop.example"] }), person("Eve")]
const keys: ApprovalSettings["keys"] = [mei.approver, bo.approver]
const opened: Review = {
  service: "shop",
  environment: "production",
  release: "r1",
  reason: "customers cannot pay",
  at: NOW.toISOString(),
  signer: "Mei Lin",
  deployer: "the pipeline",
}

/** A review as anyone with a key may write and sign it. */
function signedBy(by: Person, more: Partial<ReviewFile["statement"]> = {}): ReviewFile {
  const statement = {
    service: "shop",
    environment: "production",
    release: "r1",
    approver: by.approver.name,
    reason: "the cause is fixed",
    signedAt: NOW.toISOString(),
    key: by.approver.key,
    ...more,
  }
  const bytes = Buffer.from(`tollgate-review 1\n${canonicalJson(statement)}`)
  return { format: "tollgate-review", version: 1, statement, signature: sign(null, bytes, by.key).toString("base64") }
}

describe("a review of break-glass", () => {
  it("closes it when a second person has signed it, in any time zone", () => {
    expect(whyNoReview(signedBy(bo), opened, keys)).toBeNull()
    const file = signedBy(bo, { signedAt: "2026-11-22T18:00:00+08:00" })
    expect(reviewFile.safeParse(file).success).toBe(true)
    expect(whyNoReview(file, opened, keys)).toBeNull()
  })

  it.each<[string, ReviewFile, string]>([
    ["of another service", signedBy(bo, { service: "blog" }), "is of another release"],
    ["of another environment", signedBy(bo, { environment: "staging" }), "is of another release"],
    ["of another release", signedBy(bo, { release: "r2" }), "is of another release"],
    ["by a key that is not listed", signedBy(eve), "is signed with a key that is not listed"],
    ["in another's name", signedBy(bo, { approver: "An Wu" }), "names a person to whom the key does not belong"],
    [
      "under another's key",
      { ...signedBy(eve), statement: signedBy(bo).statement },
      "has a signature that does not match",
    ],
    ["by the one who broke the glass", signedBy(mei), "is by Mei Lin, who broke the glass"],
  ])("%s closes nothing", (_, file, why) => {
    expect(whyNoReview(file, opened, keys)).toContain(why)
  })

  it("is not by the deployer either, under whichever of the names", () => {
    for (const deployer of ["Bo Chen", "bo  chen", "bo@shop.example"])
      expect(whyNoReview(signedBy(bo), { ...opened, deployer }, keys)).toContain("a second person closes the review")
    for (const signer of ["Bo Chen", "bo@shop.example"])
      expect(whyNoReview(signedBy(bo), { ...opened, signer }, keys)).toContain("a second person closes the review")
  })

  it("counts with a key that was revoked on a later day, however often it is listed", () => {
    const listed = (...revoked: (string | undefined)[]) =>
      revoked.map((day) => ({ ...bo.approver, ...(day === undefined ? {} : { revoked: day }) }))
    const why = (...days: (string | undefined)[]) => whyNoReview(signedBy(bo), opened, listed(...days))
    expect(why("2026-11-23")).toBeNull()
    expect(why("2026-11-22")).toBe("is signed with a revoked key")
    expect(why("2026-11-21")).toBe("is signed with a revoked key")
    expect(why(undefined, "2026-11-21")).toBe("is signed with a revoked key")
    expect(why("2026-11-21", undefined)).toBe("is signed with a revoked key")
  })

  it("that would not count is not signed, and the error says who else may", () => {
    const given = { key: bo.key, approver: "Bo Chen", reason: "fixed", now: NOW }
    expect(signReview(opened, given, keys)).toMatchObject({
      statement: { service: "shop", environment: "production", release: "r1", reason: "fixed" },
    })
    expect(() => signReview(opened, { ...given, key: mei.key, approver: "Mei Lin" }, keys)).toThrow(
      expect.objectContaining({
        code: "review-refused",
        message: expect.stringContaining("This review of r1 would not count: it is by Mei Lin, who broke the glass"),
      }),
    )
  })

  it.each<[string, Partial<ReviewFile["statement"]>]>([
    ["no reason", { reason: "" }],
    ["too long a reason", { reason: "x".repeat(4001) }],
    ["a zero byte first", { reason: "\u0000fixed" }],
    ["a zero byte last", { reason: "fixed\u0000" }],
    ["half a character first", { reason: "\ud800fixed" }],
    ["half a character last", { reason: "fixed\ud800" }],
    ["no time", { signedAt: "yesterday" }],
    ["something before the key", { key: `x${bo.approver.key}` }],
    ["something after the key", { key: `${bo.approver.key}x` }],
    ["a part of a key", { key: bo.approver.key.slice(0, -2) }],
    ["another letter in the key", { key: bo.approver.key.replace(/.=$/, "-=") }],
  ])("with %s cannot be read", (_, more) => {
    const file = signedBy(bo)
    expect(reviewFile.safeParse({ ...file, statement: { ...file.statement, ...more } }).success).toBe(false)
  })

  it("may have a reason as long as an approval's", () => {
    expect(reviewFile.safeParse(signedBy(bo, { reason: "x".repeat(4000) })).success).toBe(true)
  })
})

describe("the reviews that are open", () => {
  const event = (what: LedgerEvent["what"], more: Partial<EventContext> = {}) =>
    sampleEvent(what, { at: NOW, context: { release: "r1", who: "the pipeline", ...more } })
  const stored = (file: unknown) => JSON.parse(JSON.stringify(file))
  const signed = approvalFile.parse(JSON.parse(approval(mei, { purpose: "break-glass" })))
  const glass = (release: string | null, file: unknown = signed) =>
    event({ kind: "broke-glass", reason: "customers cannot pay", waived: [], signed: stored(file) }, { release })
  const reviewed = (file: unknown) =>
    event({ kind: "glass-reviewed", approver: "x", reason: "x", signed: stored(file) })

  it("are those that no valid review closes, each with its reason and its people", () => {
    expect(openReviews([glass("r1"), glass("r2")], [], keys)).toEqual([opened, { ...opened, release: "r2" }])
    expect(openReviews([glass("r1"), glass("r2")], [reviewed(signedBy(bo))], keys)).toMatchObject([{ release: "r2" }])
    // one review of several closes it, in whichever order they are
    const files = [reviewed(signedBy(eve)), reviewed(signedBy(bo))]
    expect(openReviews([glass("r1")], files, keys)).toEqual([])
    expect(openReviews([glass("r1")], [...files].reverse(), keys)).toEqual([])
    expect(openReviews([glass("r1")], [reviewed(signedBy(eve))], keys)).toHaveLength(1)
  })

  it("are none for break-glass without a release or a signature, and for no other event", () => {
    const other = event({ kind: "lease-released" })
    expect(openReviews([glass(null), glass("r1", null), glass("r1", { format: "x" }), other], [], keys)).toEqual([])
  })

  it("stay open when the record of their review cannot be read, or is another event", () => {
    const broken = [reviewed({ format: "x" }), event({ kind: "lease-released" }), glass("r1")]
    expect(openReviews([glass("r1")], broken, keys)).toHaveLength(1)
    expect(openReviews([glass("r1")], [...broken, reviewed(signedBy(bo))], keys)).toEqual([])
    const elsewhere = event({ kind: "requested", request: "q1", signed: stored(signedBy(bo)) })
    expect(openReviews([glass("r1")], [elsewhere], keys)).toHaveLength(1)
  })
})
