import { webcrypto } from "node:crypto"
import canonicalize from "canonicalize"
import { describe, expect, it } from "vitest"
import { parseSettings } from "../../../core/config/parse.js"
import { approvalFile } from "../../../core/release/approval/approval.js"
import { policyDigest, policyOf } from "../../../core/release/policy/policy.js"
import { rollbackTo } from "../../../core/requests/fresh-problems.js"
import { requestRules } from "../../../core/requests/operators.js"
import type { RequestAction, RequestFile } from "../../../core/requests/request.js"
import { type Asked, judgeRequest } from "../../../core/requests/verify.js"
import { approval, person } from "../approval-samples.js"
import {
  askedBy,
  edited,
  event,
  finished,
  HISTORY,
  NOW,
  operator,
  ROLLBACK,
  request,
  rulesOf,
  started,
} from "../request-samples.js"

const [mei, bo, eve] = [person("Mei Lin"), person("Bo Chen"), person("Eve")]
const rules = rulesOf([operator(mei, ["rollback", "maintenance", "unlock", "deploy"]), operator(bo, ["maintenance"])])
const codes = (file: unknown, more: Partial<Asked> = {}): string[] => {
  const verdict = judgeRequest(file, askedBy(rules, more))
  return verdict.kind === "refused" ? verdict.problems.map(({ code }) => code) : []
}
const DEPLOY: RequestAction = {
  kind: "deploy",
  planId: `plan-${"0".repeat(64)}`,
  planSha256: "0".repeat(64),
  version: "2",
  revision: "0".repeat(40),
}
const later = (minutes: number) => new Date(NOW.getTime() + minutes * 60_000)
const scheduled = (minutes: number): RequestAction => ({
  kind: "schedule",
  at: later(minutes).toISOString(),
  action: { kind: "rollback", to: "" },
})

describe("a request of a person whom the policy allows it", () => {
  it.each<[string, RequestAction]>([
    ["rollback", ROLLBACK],
    ["maintenance", { kind: "maintenance", on: true, message: "Back at 10:00" }],
    ["unlock", { kind: "unlock", run: "r" }],
    ["deploy", DEPLOY],
    ["a rollback tonight", scheduled(600)],
  ])("is valid: %s", (_, action) => expect(codes(request(mei, action))).toEqual([]))

  it("is valid when a browser signed it with WebCrypto, as core/requests/README.md says", async () => {
    const pair = await webcrypto.subtle.generateKey("Ed25519", false, ["sign", "verify"])
    if (!("privateKey" in pair)) throw new Error("a pair")
    const raw = await webcrypto.subtle.exportKey("raw", pair.publicKey)
    const key = `ed25519:${Buffer.from(raw).toString("base64")}`
    const statement = { ...request(mei).statement, key }
    const bytes = new TextEncoder().encode(`tollgate-request 1\n${canonicalize(statement)}`)
    const signature = Buffer.from(await webcrypto.subtle.sign("Ed25519", pair.privateKey, bytes)).toString("base64")
    const listed = rulesOf([{ name: "Mei Lin", key, may: ["rollback"] }])
    const file = { format: "tollgate-request", version: 1, statement, signature }
    expect(judgeRequest(file, askedBy(listed)).kind).toBe("valid")
    expect(judgeRequest({ ...file, statement: { ...statement, reason: "x" } }, askedBy(listed)).kind).toBe("refused")
  })
})

describe("a forged request is refused:", () => {
  const good = request(mei)
  it.each<[string, unknown, string]>([
    ["no JSON object", "please", "request-unreadable"],
    ["an approval of the same person", JSON.parse(approval(mei)), "request-unreadable"],
    ["an unknown field", { ...good, more: true }, "request-unreadable"],
    [
      "an unknown action",
      { ...good, statement: { ...good.statement, action: { kind: "drop" } } },
      "request-unreadable",
    ],
    ["another version", { ...good, version: 2 }, "request-version"],
    ["no signature", { ...good, signature: "" }, "request-unsigned"],
    ["a key that is not listed", request(eve, ROLLBACK, { who: "Mei Lin" }), "request-unknown-key"],
    ["the signature of another request", { ...good, signature: request(mei).signature }, "request-bad-signature"],
    [
      "another's key under one's own signature",
      edited(request(eve), { key: mei.approver.key }),
      "request-bad-signature",
    ],
  ])("%s", (_, file, code) => expect(codes(file)).toEqual([code]))

  it.each<[string, Partial<RequestFile["statement"]>]>([
    ["id", { id: "00000000-0000-4000-8000-000000000000" }],
    ["environment", { environment: "staging" }],
    ["service", { service: "blog" }],
    ["action", { action: { kind: "rollback", to: "r0" } }],
    ["reason", { reason: "checkout is slow." }],
    ["who", { who: "mei lin" }],
    ["requestedAt", { requestedAt: later(1).toISOString() }],
    ["expiresAt", { expiresAt: later(50).toISOString() }],
    ["sees", { sees: { event: 1, live: "r1" } }],
  ])("%s edited after it was signed", (_, change) =>
    expect(codes(edited(good, change))).toEqual(["request-bad-signature"]),
  )
})

describe("a genuine request is refused:", () => {
  it.each<[string, RequestFile, Partial<Asked>, string]>([
    ["in another service of the same ledger", request(mei, ROLLBACK, { service: "blog" }), {}, "request-other-service"],
    ["in another environment", request(mei, ROLLBACK, { environment: "staging" }), {}, "request-other-environment"],
    ["under another person's name", request(mei, ROLLBACK, { who: "Bo Chen" }), {}, "request-who"],
    ["for what the person may not request", request(bo), {}, "request-not-allowed"],
    ["for it at another time", request(bo, scheduled(60)), {}, "request-not-allowed"],
    ["after it expired", request(mei), { now: later(10) }, "request-expired"],
    [
      "scheduled, when it reached the ledger too late",
      request(mei, scheduled(60)),
      { written: { at: later(11), number: 10 } },
      "request-expired",
    ],
    ["signed for longer than an hour", request(mei, ROLLBACK, { validity: 3601 }), {}, "request-too-long"],
    ["from the future", request(mei, ROLLBACK, { now: later(3) }), {}, "request-not-yet-valid"],
    ["scheduled in the past", request(mei, scheduled(-1)), {}, "request-schedule"],
    ["scheduled too far ahead", request(mei, scheduled(31 * 24 * 60)), {}, "request-schedule"],
    ["from another ledger", request(mei, ROLLBACK, { sees: { event: 10, live: "r1" } }), {}, "request-other-ledger"],
    ["that saw another release live", request(mei, ROLLBACK, { sees: { event: 2, live: "r0" } }), {}, "request-stale"],
    [
      "after another release went live",
      request(mei),
      { events: [...HISTORY, started(3, "r2"), finished(4, "r2")] },
      "request-stale",
    ],
    [
      "to turn maintenance mode on, after another person did",
      request(mei, { kind: "maintenance", on: true, message: "x" }),
      { events: [...HISTORY, event(3, { kind: "maintenance", on: true, message: "y" })] },
      "request-stale",
    ],
  ])("%s", (_, file, more, code) => expect(codes(file, more)).toEqual([code]))

  it("a second time", () => {
    const file = request(mei)
    expect(codes(file, { earlier: new Set([file.statement.id]) })).toEqual(["request-replayed"])
  })

  it("by a key that was revoked, whenever it signed", () => {
    const revoked = rulesOf([{ ...operator(mei, ["rollback"]), revoked: "2026-11-22" }])
    expect(judgeRequest(request(mei), askedBy(revoked))).toMatchObject({
      problems: [{ code: "request-key-revoked" }],
    })
    const scheduledBefore = request(mei, scheduled(60 * 24))
    const tomorrow = rulesOf([{ ...operator(mei, ["rollback"]), revoked: "2026-11-23" }])
    expect(judgeRequest(scheduledBefore, askedBy(tomorrow)).kind).toBe("valid")
    expect(judgeRequest(scheduledBefore, askedBy(tomorrow, { now: later(60 * 24) }))).toMatchObject({
      problems: [{ code: "request-key-revoked" }],
    })
  })

  it("with all of its problems at once", () => {
    const file = request(bo, ROLLBACK, { environment: "staging", who: "Mei Lin", sees: { event: 2, live: "r0" } })
    expect(codes(file, { now: later(60), earlier: new Set([file.statement.id]) })).toEqual([
      "request-other-environment",
      "request-who",
      "request-not-allowed",
      "request-expired",
      "request-replayed",
      "request-stale",
    ])
  })
})

describe("canceling", () => {
  const cancel = (by = bo) => request(by, { kind: "cancel", request: "00000000-0000-4000-8000-000000000000" })
  it("needs the right to what is canceled", () => {
    expect(codes(cancel(), { canceled: { kind: "maintenance", on: true, message: "x" } })).toEqual([])
    expect(codes(cancel(), { canceled: scheduled(60) })).toEqual(["request-not-allowed"])
    expect(codes(cancel(mei), { canceled: scheduled(60) })).toEqual([])
  })
})

describe("an emergency rollback", () => {
  const inProgress = [...HISTORY, started(3, "r2")]
  const file = request(mei, ROLLBACK, { sees: { event: 3, live: "r1" } })
  it("is valid when the deployment that it saw has ended meanwhile, whatever it left", () => {
    for (const events of [inProgress, [...inProgress, finished(4, "r2")], [...inProgress, finished(4, "r2", "r1")]])
      expect(codes(file, { events })).toEqual([])
    expect(codes(file, { events: [...inProgress, finished(4, "r2"), started(5, "r3"), finished(6, "r3")] })).toEqual([
      "request-stale",
    ])
  })

  it("leads to the release before that deployment, and never further back", () => {
    expect(rollbackTo(file.statement, inProgress)).toEqual({ to: "r1", from: ["r1", "r2"] })
    expect(rollbackTo(request(mei).statement, HISTORY)).toEqual({ to: "", from: ["r1"] })
  })

  it("does not undo a rollback that is in progress", () => {
    const back = [...HISTORY, started(3, "r0"), finished(4, "r0"), started(5, "b1", "rollback")]
    expect(rollbackTo(request(mei, ROLLBACK, { sees: { event: 5, live: "r0" } }).statement, back)).toEqual({
      to: "",
      from: ["r0"],
    })
  })
})

describe("the policy of an environment", () => {
  const yaml = (operators: string) => `
qa: { runner: a.py, suites: { e2e: { files: [a.py] } } }
environments:
  production:
    approvals: { required: 1, keys: [{ name: Mei Lin, key: "${mei.approver.key}" }] }
${operators}`
  const listed = `    operators: [{ name: Bo Chen, key: "${bo.approver.key}", may: [maintenance] }]\n`
  const policy = (operators: string) => policyOf(parseSettings(yaml(operators)), "production")
  const judged = (file: RequestFile, operators: string) =>
    judgeRequest(file, askedBy(requestRules(policy(operators)), { service: file.statement.service }))

  it("lets approvers request everything where it lists no operators", () => {
    expect(judged(request(mei), "").kind).toBe("valid")
    expect(judged(request(bo), "")).toMatchObject({ problems: [{ code: "request-unknown-key" }] })
  })

  it("lets only its operators request, where it lists some", () => {
    expect(judged(request(bo, { kind: "maintenance", on: true, message: "x" }), listed).kind).toBe("valid")
    expect(judged(request(mei), listed)).toMatchObject({ problems: [{ code: "request-not-allowed" }] })
  })

  it("lets approvers submit their own approval in every case, and no one else", () => {
    const action: RequestAction = { kind: "approve", approval: approvalFile.parse(JSON.parse(approval(mei))) }
    expect(judged(request(mei, action), listed).kind).toBe("valid")
    expect(judged(request(bo, action), listed)).toMatchObject({ problems: [{ code: "request-not-allowed" }] })
  })

  it("is another one with other operators, and the same as before the setting existed without", () => {
    expect(policyDigest(policy(listed))).not.toBe(policyDigest(policy("")))
    expect(policyDigest(policy(listed))).not.toBe(policyDigest(policy(listed.replace("maintenance", "rollback"))))
    expect(policy("").rules).not.toHaveProperty("operators")
  })

  it("allows nothing by a list that this Tollgate cannot read", () => {
    const unknown = {
      ...policy(""),
      rules: { operators: [{ name: "Eve", key: eve.approver.key, may: ["everything"] }] },
    }
    expect(judgeRequest(request(mei), askedBy(requestRules(unknown)))).toMatchObject({
      problems: [{ code: "request-not-allowed" }],
    })
  })
})
