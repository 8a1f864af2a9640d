import { describe, expect, it } from "vitest"
import type { LedgerEvent } from "../../../core/ledger/event.js"
import type { Journal } from "../../../core/ledger/ledger.js"
import { openLedger } from "../../../core/ledger/open.js"
import { eventBodyOf } from "../../../core/ledger/write.js"
import { type ApprovalFile, approvalFile } from "../../../core/release/approval/approval.js"
import { judgeSignatures, signatureLine } from "../../../core/release/approval/signatures.js"
import { approval, NOW, person, plan } from "../approval-samples.js"

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
    return {
      version: 1,
      id: "00000000-0000-4000-8000-000000000000",
      number,
      at: NOW.toISOString(),
      happenedAt: NOW.toISOString(),
      journaled: false,
      stale: false,
      context: {
        service: "shop",
        environment: "production",
        release: "r1",
        run: "r",
        token: null,
        who: "x",
        ...change,
      },
      what: { kind: "approved", planId, planSha256, approver, key, reason, signedAt, expiresAt, signed: file },
    }
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
    expect(verdict.problems).toMatchObject([{ number: 1, why: "says something else than what was signed" }])
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

  it("keep the letters that were signed when a secret of the run is among them", () => {
    const body = eventBodyOf(recordedAs(signed).context, recordedAs(signed).what, NOW, (text) =>
      text.replaceAll("production", "***"),
    )
    expect(body.context.environment).toBe("production")
    expect(body.what).toMatchObject({ signed })
  })
})
