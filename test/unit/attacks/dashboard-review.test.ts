import { webcrypto } from "node:crypto"
import canonicalize from "canonicalize"
import { describe, expect, it } from "vitest"
import { parseSettings } from "../../../core/config/parse.js"
import { closedReview, dueReviews } from "../../../core/dashboard/model/reviews.js"
import { judgeSentReview } from "../../../core/dashboard/server/signed-desk.js"
import { reviewsCard } from "../../../core/dashboard/view/review.js"
import { approvalFile } from "../../../core/release/approval/approval.js"
import {
  openReviews,
  type Review,
  type ReviewFile,
  reviewFile,
  signReview,
} from "../../../core/release/approval/review.js"
import { recordReview } from "../../../core/release/approval/review-ledger.js"
import { XSS } from "../../release/dashboard-samples.js"
import { approval, NOW, type Person, person } from "../approval-samples.js"
import { environmentFacts, policiesOf } from "../environment-facts.js"
import { MemoryLedger } from "../memory-ledger.js"
import { sampleEvent } from "../sample-event.js"

const [mei, bo, eve] = [person("Mei Lin"), person("Bo Chen", { also: ["bochen"] }), person("Eve")]
const OLD = person("Old Key")
const settingsWith = (...people: Person[]) => {
  const listed = people.map(
    ({ approver: { name, also, key } }) => `{ name: ${name}, also: [${also.join(", ")}], key: "${key}" }`,
  )
  return parseSettings(`qa: { runner: a.py, suites: { e2e: { files: [a.py] } } }
ledger: { service: shop }
environments:
  staging: {}
  production:
    approvals: { required: 1, keys: [${[...listed, `{ name: Old Key, key: "${OLD.approver.key}", revoked: 2026-01-01 }`].join(", ")}] }
`)
}
const settings = settingsWith(mei, bo)
const keys = settings.environments["production"]?.approvals.keys ?? []
const minutes = (count: number) => new Date(NOW.getTime() + count * 60_000)
const stored = (file: unknown) => JSON.parse(JSON.stringify(file))

/** Mei broke the glass, and the pipeline deployed. */
const broke = (release: string, at = NOW, more: object = {}) =>
  sampleEvent(
    {
      kind: "broke-glass",
      reason: "customers cannot pay",
      waived: ["frozen", "approval-too-few"],
      signed: stored(approvalFile.parse(JSON.parse(approval(mei, { purpose: "break-glass" })))),
    },
    { at, context: { release, who: "the pipeline", ...more } },
  )
const broken = [broke("r1"), broke("r2")]
const facts = (more: Parameters<typeof environmentFacts>[0] = {}) =>
  environmentFacts({ policies: policiesOf(settings), broken, ...more })

const [open = expect.unreachable()] = openReviews(broken, [], keys)
/** As `tollgate review` signs it, for anyone who asks. */
const signed = (by: Person, of: Review = open, now = NOW): ReviewFile =>
  signReview({ ...of, signer: "", deployer: "" }, { key: by.key, approver: by.approver.name, reason: "fixed", now }, [
    by.approver,
  ])
const codes = (file: unknown, more: Parameters<typeof environmentFacts>[0] = {}, now = NOW) => {
  const verdict = judgeSentReview(stored(file), settings, facts(more), now)
  return "problems" in verdict ? verdict.problems.map(({ code }) => code) : []
}
const edited = (change: Partial<ReviewFile["statement"]>) => {
  const file = signed(bo)
  return { ...file, statement: { ...file.statement, ...change } }
}
const recorded = async (...files: ReviewFile[]) => {
  const memory = new MemoryLedger([])
  for (const file of files) await recordReview(memory.ledger, file)
  return memory.events
}

describe("a review that a browser sends", () => {
  it("closes the review for the command line as well, signed over the page's own statement", async () => {
    const pair = await webcrypto.subtle.generateKey("Ed25519", false, ["sign", "verify"])
    if (!("privateKey" in pair)) throw new Error("it is a pair")
    const raw = Buffer.from(await webcrypto.subtle.exportKey("raw", pair.publicKey)).toString("base64")
    const lin = { ...bo, approver: { name: "Lin", also: [], key: `ed25519:${raw}` } }
    const own = settingsWith(mei, lin)
    const policies = policiesOf(own)
    const listed = own.environments["production"]?.approvals.keys ?? []
    const source = reviewsCard(dueReviews(facts(), listed, NOW), "production", { zone: "UTC" }).source
    const [, shown = ""] = /data-approve="([^"]+)"/.exec(source) ?? []
    const statement = {
      ...JSON.parse(shown.replaceAll("&quot;", '"')),
      approver: "Lin",
      reason: "看過了",
      signedAt: NOW.toISOString(),
      key: lin.approver.key,
    }
    const bytes = new TextEncoder().encode(`tollgate-review 1\n${canonicalize(statement)}`)
    const signature = Buffer.from(await webcrypto.subtle.sign("Ed25519", pair.privateKey, bytes)).toString("base64")
    const file = reviewFile.parse({ format: "tollgate-review", version: 1, statement, signature })
    expect(judgeSentReview(stored(file), own, facts({ policies }), NOW)).toEqual({ file })
    const reviewed = await recorded(file)
    expect(openReviews(broken, reviewed, listed).map(({ release }) => release)).toEqual(["r2"])
    expect(closedReview({ broken, reviewed }, listed, "r1")).toMatchObject({ approver: "Lin", reason: "看過了" })
  })

  it.each<[string, () => unknown, string[]]>([
    ["by the one who signed the break-glass", () => signed(mei), ["review-own"]],
    ["by a key that is not listed", () => signed(eve), ["review-unknown-key"]],
    ["by a revoked key", () => signed(OLD), ["review-key-revoked"]],
    [
      "with another one's signature",
      () => ({ ...signed(bo), signature: signed(mei).signature }),
      ["review-bad-signature"],
    ],
    ["that was changed after it was signed", () => edited({ reason: "other" }), ["review-bad-signature"]],
    [
      "in another one's name",
      () => signed({ ...bo, approver: { ...bo.approver, name: "Mei Lin" } }),
      ["review-approver"],
    ],
    ["moved to another release", () => edited({ release: "r2" }), ["review-bad-signature"]],
    ["of a release without break-glass", () => signed(bo, { ...open, release: "r9" }), ["review-none"]],
    ["of another environment", () => signed(bo, { ...open, environment: "staging" }), ["review-other-release"]],
    ["of another service", () => signed(bo, { ...open, service: "bank" }), ["review-other-release"]],
    ["that was kept for later", () => signed(bo, open, minutes(-11)), ["review-expired"]],
    ["of a clock that is ahead", () => signed(bo, open, minutes(10)), ["review-not-yet-valid"]],
    ["with a field more", () => ({ ...signed(bo), more: 1 }), ["review-unreadable"]],
    ["that is an approval", () => JSON.parse(approval(bo)), ["review-unreadable"]],
    ["that is none", () => "x", ["review-unreadable"]],
    [
      "with several faults, each of which is said",
      () => ({ ...signed(mei, open, minutes(-11)), signature: signed(bo).signature }),
      ["review-bad-signature", "review-own", "review-expired"],
    ],
  ])("is refused: one %s", (_, make, expected) => expect(codes(make())).toEqual(expected))

  it("is refused a second time, by the same person and by another", async () => {
    const an = person("An Wu")
    const own = settingsWith(mei, bo, an)
    const reviewed = await recorded(signed(bo))
    const again = (file: ReviewFile) => {
      const verdict = judgeSentReview(stored(file), own, facts({ policies: policiesOf(own), reviewed }), NOW)
      return "problems" in verdict ? verdict.problems.map(({ code }) => code) : []
    }
    expect(again(signed(bo))).toEqual(["review-closed"])
    expect(again(signed(an))).toEqual(["review-closed"])
    expect(again(signed(an, { ...open, release: "r2" }))).toEqual([])
    // what does not count closes nothing
    expect(codes(signed(bo), { reviewed: await recorded(signed(eve)) })).toEqual([])
    const memory = new MemoryLedger([])
    expect(await recordReview(memory.ledger, signed(bo))).toBe(true)
    expect(await recordReview(memory.ledger, signed(bo))).toBe(false)
  })

  it("is refused of the deployer, under whichever name, also when another one deployed with it before", () => {
    for (const who of ["Bo Chen", "bochen"])
      expect(codes(signed(bo), { broken: [broke("r1", NOW, { who })] })).toEqual(["review-own"])
    expect(codes(signed(bo), { broken: [broke("r1"), broke("r1", NOW, { who: "bochen" })] })).toEqual(["review-own"])
  })

  it("goes by the keys of the policy in force, and without one by those of tollgate.yaml", () => {
    const none = { inForce: null, adopted: [], problems: [] }
    expect(codes(signed(bo), { policies: none })).toEqual([])
    expect(codes(signed(bo), { policies: policiesOf(settingsWith(mei)) })).toEqual(["review-unknown-key"])
    expect(codes(signed(bo), { policies: none, environment: "nowhere" })).toEqual(["policy-missing"])
  })
})

describe("what a page says of a review", () => {
  const shown = (at: Date, now = NOW) =>
    reviewsCard(dueReviews({ broken: [broke("r1", at)], reviewed: [] }, keys, now), "production", { zone: "UTC" })
      .source

  it("is until when it is due, and that it is overdue after 48 hours", () => {
    expect(dueReviews({ broken, reviewed: [] }, keys, NOW)).toMatchObject([
      { release: "r1", due: minutes(48 * 60).toISOString(), overdue: false },
      { release: "r2", due: minutes(48 * 60).toISOString(), overdue: false },
    ])
    expect(shown(minutes(-48 * 60 + 1))).not.toContain("overdue")
    expect(shown(minutes(-48 * 60))).toContain("overdue")
  })

  it("is what was overridden, by whom and why, who may review it, and why others may not", () => {
    const source = shown(NOW)
    for (const words of [
      "frozen, approval-too-few",
      "customers cannot pay",
      "signed by Mei Lin",
      "deployed by the pipeline",
    ])
      expect(source).toContain(words)
    expect(source).toContain("Mei Lin: no, signed the break-glass, or deployed with it")
    expect(source).toContain("Old Key: no, the key was revoked on 2026-01-01")
    expect(source).toContain(`data-keys="${bo.approver.key}"`)
  })

  it("has no form where nobody may review it, and no markup of what people wrote", () => {
    const alone = dueReviews({ broken: [broke("r1")], reviewed: [] }, [mei.approver], NOW)
    const source = reviewsCard(alone, "production", { zone: "UTC" }).source
    expect(source).toContain("No one else may review it")
    expect(source).not.toContain("<form")
    const hostile = alone.map((one) => ({
      ...one,
      reason: XSS,
      release: XSS,
      signer: XSS,
      deployer: XSS,
      waived: [XSS],
    }))
    expect(reviewsCard(hostile, "production", { zone: "UTC" }).source).not.toMatch(/<script|<img|onerror="/)
    expect(reviewsCard([], "production", { zone: "UTC" }).source).toBe("")
  })
})
