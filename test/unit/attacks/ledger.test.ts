import { describe, expect, it } from "vitest"
import { parseSettings } from "../../../core/config/parse.js"
import type { LedgerEvent } from "../../../core/ledger/event.js"
import type { Journal } from "../../../core/ledger/ledger.js"
import { openLedger } from "../../../core/ledger/open.js"
import { eventBodyOf } from "../../../core/ledger/write.js"
import { type ApprovalFile, approvalFile } from "../../../core/release/approval/approval.js"
import {
  judgeSignatures,
  keysOf,
  signatureLine,
  verifySignatures,
  withPolicies,
  wrongSignatures,
} from "../../../core/release/approval/signatures.js"
import { approval, NOW, person, plan, settings as rules } from "../approval-samples.js"
import { sampleEvent } from "../sample-event.js"

const lines: string[] = []
const journal: Journal = {
  append: (line) => Promise.resolve(void lines.push(line)),
  take: () => Promise.resolve({ lines: [], done: () => Promise.resolve() }),
}
const open = (url: string, need: "required" | "wanted" = "required") =>
  openLedger({ url, service: "shop", patience: 0.2, journal, need, entryPoint: "cli" })

describe("a ledger that would be reached in plain text", () => {
  it("is refused when it is not on this machine", async () => {
    await expect(open("postgresql://app:word@203.0.113.1/ledger")).rejects.toMatchObject({
      code: "ledger-sslmode",
      message: expect.not.stringContaining("word"),
    })
  })

  it.each([
    ["on this machine", "postgresql://app:word@127.0.0.1:9/ledger"],
    ["with an sslmode of its own", "postgresql://app:word@203.0.113.1:9/ledger?sslmode=verify-full"],
  ])("is tried %s", async (_, url) => {
    await expect(open(url)).rejects.toMatchObject({ code: "ledger-unreachable" })
  })

  it("stops no rollback: what happens is kept for later", async () => {
    const ledger = await open("postgresql://app:word@203.0.113.1/ledger", "wanted")
    expect(ledger.state).toMatchObject({ kind: "away", code: "ledger-sslmode" })
    await ledger.record(
      { service: "shop", environment: "production", release: null, run: "r", token: null, who: "Mei Lin" },
      { kind: "lease-released" },
    )
    expect(lines).toHaveLength(1)
    await ledger.close()
  })
})

describe("approvals in the ledger", () => {
  const [mei, eve] = [person("Mei Lin"), person("Eve")]
  const signed = approvalFile.parse(JSON.parse(approval(mei)))
  const forged = approvalFile.parse(JSON.parse(approval(eve)))
  const recordedAs = (
    file: ApprovalFile | null,
    change: Partial<LedgerEvent["context"]> = {},
    number = 1,
  ): LedgerEvent => {
    const { planId, planSha256, approver, key, reason, signedAt, expiresAt } = (file ?? signed).statement
    return sampleEvent(
      { kind: "approved", planId, planSha256, approver, key, reason, signedAt, expiresAt, signed: file },
      { number, at: NOW, context: { release: "r1", who: "x", ...change } },
    )
  }
  const plans = new Map([["r1", new Set([plan().id])]])
  const judged = (...events: LedgerEvent[]) => judgeSignatures(events, plans, [mei.approver.key])

  it("are verified by public keys alone", () => {
    expect(judged(recordedAs(signed))).toEqual({ verified: 1, unsigned: 0, problems: [] })
    expect(signatureLine(judged(recordedAs(signed)))).toBe(
      "PASSED: 1 signature of recorded approvals and policies verified",
    )
  })

  it.each<[string, LedgerEvent, string]>([
    [
      "another reason written in",
      recordedAs({ ...signed, statement: { ...signed.statement, reason: "x" } }),
      "does not match",
    ],
    ["a signature cut out", recordedAs({ ...signed, signature: null }), "does not match"],
    ["somebody else's key", recordedAs(forged), "which is not listed"],
    ["another environment", recordedAs(signed, { environment: "staging" }), "another service or environment"],
    ["another service", recordedAs(signed, { service: "blog" }), "another service or environment"],
    ["another release", recordedAs(signed, { release: "r2" }), "another plan"],
  ])("that have %s are found", (_, event, why) => {
    const verdict = judged(event)
    expect(verdict.problems).toMatchObject([{ why: expect.stringContaining(why) }])
    expect(signatureLine(verdict)).toMatch(/^FAILED: 1 of 1 recorded approvals and policies: event 1 /)
  })

  it.each<[string, Partial<ApprovalFile["statement"]>]>([
    ["plan id", { planId: "plan-other" }],
    ["plan file", { planSha256: "0".repeat(64) }],
    ["key", { key: eve.approver.key }],
    ["time of signing", { signedAt: "2026-11-22T00:00:00.000Z" }],
    ["expiry", { expiresAt: "2099-01-01T00:00:00.000Z" }],
  ])("are found where the event has another %s beside the signed statement than in it", (_, change) => {
    const event = recordedAs(signed)
    if (event.what.kind !== "approved") throw new Error("an approval was recorded")
    const verdict = judged({ ...event, what: { ...event.what, ...change } })
    expect(verdict.problems).toMatchObject([{ number: 1, why: "differs from what was signed" }])
    expect(verdict.verified).toBe(0)
  })

  it("may have another name and reason: secrets are taken out of them", () => {
    const event = recordedAs(signed)
    if (event.what.kind !== "approved") throw new Error("an approval was recorded")
    expect(judged({ ...event, what: { ...event.what, approver: "***", reason: "***" } }).verified).toBe(1)
  })

  it("that were inserted without a signature are found, once there are signed ones", () => {
    expect(judged(recordedAs(null))).toMatchObject({ unsigned: 1, problems: [] })
    expect(judged(recordedAs(signed), recordedAs(null, {}, 2)).problems).toMatchObject([{ number: 2 }])
  })

  it.each<[string, LedgerEvent, string]>([
    ["of no release", recordedAs(signed, { release: null }), "is for another plan than its release had"],
    [
      "signed for break-glass",
      recordedAs(approvalFile.parse(JSON.parse(approval(mei, { purpose: "break-glass" })))),
      "is for another purpose",
    ],
  ])("are found that are %s", (_, event, why) => {
    expect(judged(event).problems).toMatchObject([{ why }])
  })

  it("of an earlier Tollgate are counted apart, and a break-glass without keys is none that lacks a signature", () => {
    const glass = (file: ApprovalFile | null, number: number): LedgerEvent => ({
      ...recordedAs(signed, {}, number),
      what: { kind: "broke-glass", reason: "customers cannot pay", waived: ["frozen"], signed: file },
    })
    const broken = approvalFile.parse(JSON.parse(approval(mei, { purpose: "break-glass" })))
    expect(judged(recordedAs(signed), glass(null, 2), glass(broken, 3))).toEqual({
      verified: 2,
      unsigned: 1,
      problems: [],
    })
    expect(judged(glass(signed, 1)).problems).toMatchObject([{ why: "is for another purpose" }])
    const other = { ...recordedAs(signed), what: { kind: "lease-released" } } satisfies LedgerEvent
    expect(judged(other)).toEqual({ verified: 0, unsigned: 0, problems: [] })
    expect(signatureLine({ verified: 0, unsigned: 0, problems: [] })).toBe("")
    expect(signatureLine({ verified: 0, unsigned: 2, problems: [] })).toMatch(/^PASSED: 0 signatures .*, 2 without one/)
    expect(signatureLine({ verified: 2, unsigned: 0, problems: [] })).toMatch(/^PASSED: 2 signatures .* verified$/)
    const problems = [{ number: 7, release: "r1", why: "x" }]
    expect(signatureLine({ verified: 2, unsigned: 1, problems })).toMatch(/^FAILED: 1 of 4 .*: event 7 of r1 x$/)
    expect(signatureLine({ verified: 0, unsigned: 0, problems: [{ number: 7, release: null, why: "x" }] })).toMatch(
      /: event 7 x$/,
    )
  })

  const begun = (release: string | null, planId: string | null): LedgerEvent => ({
    ...recordedAs(signed, { release }),
    what: {
      kind: "release-started",
      action: "deploy",
      version: "1",
      image: "",
      digest: "",
      previous: null,
      revision: null,
      planId,
      sourceDigest: null,
      configDigest: null,
      configNames: [],
      migrations: [],
      why: "",
      scheduledFor: null,
    },
  })
  const ledgerOf = (events: LedgerEvent[]) => ({
    eventsOfKind: (environment: string, kind: string) =>
      Promise.resolve(events.filter(({ what, context }) => what.kind === kind && context.environment === environment)),
  })

  it("are read with the plans of their releases, and each environment with a wrong one is named", async () => {
    const settings = parseSettings(`qa: { runner: a.py, suites: { e2e: { files: [a.py] } } }
environments:
  production: { approvals: { required: 1, keys: [{ name: Mei Lin, key: "${mei.approver.key}" }] } }
  staging: {}
`)
    expect([keysOf(settings, "production"), keysOf(settings, "staging")]).toEqual([[mei.approver.key], []])
    const keys = [mei.approver.key]
    // a release that was resumed had two plans
    const resumed = [begun("r1", "plan-other"), begun("r1", plan().id), begun(null, plan().id), begun("r2", null)]
    expect(await verifySignatures(ledgerOf([...resumed, recordedAs(signed)]), "production", keys)).toEqual({
      verified: 1,
      unsigned: 0,
      problems: [],
    })
    const wrong = [recordedAs(forged, {}, 9), recordedAs(signed, { release: "r2" }, 4)]
    const ledger = ledgerOf([...resumed, ...wrong])
    expect((await verifySignatures(ledger, "production", keys)).problems.map(({ number }) => number)).toEqual([4, 9])
    expect(await wrongSignatures(ledger, settings, ["staging", "production"])).toEqual([
      expect.stringMatching(/^production: FAILED: 2 of 2 /),
    ])
    expect(await wrongSignatures(ledgerOf([]), settings, ["staging", "production"])).toEqual([])
  })

  it("are read in the order of the ledger, also where break-glass and approvals alternate", async () => {
    const glass = approvalFile.parse(JSON.parse(approval(mei, { purpose: "break-glass" })))
    const read = (unsigned: number, broken: number) => {
      const events: LedgerEvent[] = [
        begun("r1", plan().id),
        recordedAs(null, {}, unsigned),
        {
          ...recordedAs(signed, {}, broken),
          what: { kind: "broke-glass", reason: "", waived: [], signed: glass },
        },
      ]
      return verifySignatures(ledgerOf(events), "production", [mei.approver.key])
    }
    expect(await read(5, 3)).toMatchObject({ verified: 1, unsigned: 0, problems: [{ number: 5 }] })
    expect(await read(3, 5)).toMatchObject({ verified: 1, unsigned: 1, problems: [] })
  })

  it("that are something else are found", () => {
    const event = recordedAs(signed)
    if (event.what.kind !== "approved") throw new Error("an approval was recorded")
    expect(judged({ ...event, what: { ...event.what, signed: { format: "x" } } }).problems).toMatchObject([
      { why: "is not an approval" },
    ])
    expect(signatureLine({ verified: 2, unsigned: 2, problems: [] })).toMatch(/^PASSED: 2 signatures .*, 2 without one/)
  })

  it("are named with forged policies in the order of the ledger", () => {
    const approvals = { verified: 1, unsigned: 2, problems: [{ number: 9, release: "r1", why: "x" }] }
    const policy = {
      format: "tollgate-policy",
      version: 1,
      service: "shop",
      environment: "production",
      approvals: rules([mei]),
      rules: {},
    } as const
    const adopted = { digest: "", number: 2, at: "", who: "", reason: "", approvers: [], approvals: [], policy }
    const policies = { inForce: null, adopted: [adopted], problems: [{ number: 4, why: "it has no approval" }] }
    expect(withPolicies(approvals, policies)).toEqual({
      verified: 2,
      unsigned: 2,
      problems: [
        { number: 4, release: null, why: "is not a valid adoption of a policy: it has no approval" },
        { number: 9, release: "r1", why: "x" },
      ],
    })
  })

  it("keep the letters that were signed when a secret of the run is among them", () => {
    const body = eventBodyOf(recordedAs(signed).context, recordedAs(signed).what, NOW, (text) =>
      text.replaceAll("production", "***"),
    )
    expect(body.context.environment).toBe("production")
    expect(body.what).toMatchObject({ signed })
  })
})
