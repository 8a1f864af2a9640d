import { describe, expect, it } from "vitest"
import { parseSettings } from "../../core/config/parse.js"
import { judgeAnswer, type Query } from "../../core/ecpay/answer.js"
import { judgeCredentials } from "../../core/ecpay/credentials.js"
import { judgeFailure } from "../../core/ecpay/failure.js"
import { checkMacValue, type Field } from "../../core/ecpay/mac.js"
import { ecpayScreen } from "../../core/ecpay/screen.js"
import { environmentSettings } from "../../core/environment/check.js"

const stage = { merchantId: "3002607", hashKey: "pwFHCqoQZGmho4w6", hashIv: "EkRm7iFT261dpevs" }
const own = { merchantId: "3466445", hashKey: "aB3dE5fG7hJ9kL1m", hashIv: "nP2qR4sT6uV8wX0y" }

function codes(environment: string, { merchantId, hashKey, hashIv }: typeof stage, yaml = "{}"): string[] {
  const settings = environmentSettings(
    parseSettings(`qa: { runner: a.py, suites: { e2e: { files: [a.py] } } }\nenvironments: ${yaml}\n`),
    environment,
  )
  return judgeCredentials(
    new Map([
      ["ECPAY_MERCHANT_ID", merchantId],
      ["ECPAY_HASH_KEY", hashKey],
      ["ECPAY_HASH_IV", hashIv],
    ]),
    environment,
    settings,
  ).problems.map(({ code, message }) => {
    for (const value of [merchantId, hashKey, hashIv]) if (value.length > 4) expect(message).not.toContain(value)
    return code
  })
}

describe("ECPay credentials", () => {
  it("of their own environment are right", () => {
    expect(codes("staging", stage)).toEqual([])
    expect(codes("production", own)).toEqual([])
  })

  it.each([
    ["a merchant id with a letter", { merchantId: "300260A" }],
    ["a short merchant id", { merchantId: "300260" }],
    ["a merchant id with a blank", { merchantId: "3002607 " }],
    ["a short HashKey", { hashKey: "pwFHCqoQZGmho4w" }],
    ["a HashKey with a blank", { hashKey: " pwFHCqoQZGmho4w" }],
    ["a HashIV with a sign", { hashIv: "EkRm7iFT261dpev+" }],
    ["a HashIV that is the HashKey", { hashIv: stage.hashKey }],
  ])("with %s are malformed", (_, change) => {
    expect(codes("staging", { ...stage, ...change })).toEqual(["credentials-malformed"])
  })

  it("that are missing are named at once", () => {
    expect(codes("production", { merchantId: "", hashKey: "", hashIv: "" })).toEqual(["credentials-missing"])
  })

  it("of the test environment are detected before production is queried, and its published keys as well", () => {
    expect(codes("production", { ...own, merchantId: "3002607" })).toEqual(["other-environment"])
    expect(codes("production", { ...own, merchantId: "2000132" })).toEqual(["other-environment"])
    expect(codes("production", { ...own, hashKey: stage.hashKey })).toEqual(["published-key"])
    expect(codes("production", stage)).toEqual(["other-environment", "published-key", "published-key"])
  })

  it("of production are detected before the test environment is queried", () => {
    expect(codes("staging", own)).toEqual(["other-environment"])
  })

  it("of the test environment are detected when a further environment queries production", () => {
    expect(codes("eu", stage, "{ eu: { ecpay: { endpoint: 'https://payment.ecpay.com.tw' } } }")).toEqual([
      "other-environment",
      "published-key",
      "published-key",
    ])
    expect(codes("eu", stage, "{ eu: {} }")).toEqual([])
  })
})

const query: Query = {
  credentials: stage,
  order: "TG0123456789ABCDEFGH",
  endpoint: "https://payment-stage.ecpay.com.tw",
}
const fields: Field[] = [
  ["HandlingCharge", "0"],
  ["ItemName", ""],
  ["MerchantID", "3002607"],
  ["MerchantTradeNo", query.order],
  ["TradeAmt", "0"],
  ["TradeDate", "2026/01/02 03:04:05"],
  ["TradeStatus", "10200047"],
]
const change = (changes: Record<string, string>): Field[] =>
  fields.map(([name, value]) => [name, changes[name] ?? value])
const plain = (of: readonly Field[]) => of.map(([name, value]) => `${name}=${value}`).join("&")
const signed = (of: readonly Field[], keys = stage): Field[] => [...of, ["CheckMacValue", checkMacValue(of, keys)]]
const judged = (body: string, status = 200) =>
  judgeAnswer({ kind: "answered", status, contentType: "text/html", body, seconds: 0 }, query)

describe("ECPay's answer", () => {
  it("is believed when it is signed with our key, for our query", () => {
    expect(judged(plain(signed(fields)))).toBeNull()
  })

  it("is believed escaped as forms are, too", () => {
    expect(judged(new URLSearchParams(signed(fields).map(([name, value]) => [name, value])).toString())).toBeNull()
  })

  it.each([
    ["wrong-signature", plain(signed(fields, { ...stage, hashKey: own.hashKey })), 200],
    ["wrong-signature", plain([...fields, ["CheckMacValue", "F".repeat(64)]]), 200],
    ["wrong-signature", plain(signed(fields)).replace("TradeAmt=0", "TradeAmt=1"), 200],
    ["unsigned", plain(fields), 200],
    ["unsigned", plain(change({ TradeStatus: "1" })), 200],
    ["other-merchant", plain(signed(change({ MerchantID: "3002599" }))), 200],
    ["other-merchant", plain(signed(change({ MerchantID: "3002599" }), own)), 200],
    ["other-order", plain(signed(change({ MerchantTradeNo: "TGZZZZZZZZZZZZZZZZZZ" }))), 200],
    ["refused-query", plain(signed(change({ TradeStatus: "1" }))), 200],
    ["refused-query", plain(signed(change({ TradeStatus: "10200083" }))), 200],
    ["refused-query", "TradeStatus=10200052&RtnMsg=MerchantTradeNo Error", 200],
    ["key-refused", "TradeStatus=10200073&RtnMsg=CheckMacValue verify fail", 200],
    ["key-refused", "TradeStatus=10200073", 200],
    ["key-refused", "0|CheckMacValue Error", 200],
    ["key-refused", "<html><body>10200073 CheckMacValue Error</body></html>", 200],
    ["merchant-unknown", "TradeStatus=10100050&RtnMsg=MerchantID Error", 200],
    ["clock", "TradeStatus=10100050&RtnMsg=TimeStamp Error", 200],
    ["html", "<!doctype html><h1>系統錯誤</h1>", 200],
    ["maintenance", "<html><h1>系統維護中</h1></html>", 200],
    ["maintenance", "<html>Scheduled maintenance</html>", 503],
    ["empty", "", 200],
    ["empty", "\r\n", 200],
    ["not-form-data", '{"RtnCode":1}', 200],
    ["not-form-data", "OK", 200],
    ["redirected", "", 302],
    ["rate-limited", "<html>403</html>", 403],
    ["http-error", "", 404],
    ["server-error", "Internal Server Error", 500],
    ["server-error", "<html>502</html>", 502],
  ])("is %s: %.50s (HTTP %i)", (code, body, status) => {
    expect(judged(body, status)).toMatchObject({ code, next: expect.stringMatching(/\w/) })
  })

  it("repeats of an order's code digits alone", () => {
    expect(judged("TradeStatus=<script>&RtnMsg=x")?.message).toBe("ECPay rejected the query: no code x")
  })
})

describe("a failed query", () => {
  const all = [
    "dns",
    "refused",
    "unreachable",
    "connect-timeout",
    "no-answer",
    "stalled",
    "closed",
    "tls-untrusted",
    "tls-expired",
    "tls-wrong-host",
    "tls-other",
    "too-large",
    "failed",
  ] as const

  it("has a sentence of its own for each way, and something to do", () => {
    const said = all.map((code) => judgeFailure({ kind: "failed", code, detail: "ECODE", seconds: 1 }, query.endpoint))
    expect(new Set(said.map(({ message }) => message)).size).toBe(all.length)
    for (const { message, next } of said) {
      expect(message).toContain("payment-stage.ecpay.com.tw")
      expect(next).toMatch(/\w/)
    }
  })
})

describe("the screen of check-ecpay", () => {
  const result = {
    tollgateVersion: "0.1.0",
    environment: "staging",
    steps: [{ step: "query", state: "passed" as const, said: "answered" }],
  }

  it("says PASSED of ECPay only when it was ECPay", () => {
    expect(
      ecpayScreen({ ...result, endpoint: "https://payment-stage.ecpay.com.tw", verdict: { kind: "passed" } }),
    ).toMatch(/PASSED: ECPay accepts the credentials of staging and signs with them\n$/)
    expect(ecpayScreen({ ...result, endpoint: "http://127.0.0.1:9001", verdict: { kind: "passed" } })).toMatch(
      /PASSED: 127\.0\.0\.1:9001 \(not ECPay's own\) accepts/,
    )
    expect(
      ecpayScreen({ ...result, endpoint: "https://payment.ecpay.com.tw.evil.tw", verdict: { kind: "passed" } }),
    ).toContain("(not ECPay's own)")
  })

  it("stays on one screen, whatever was said", () => {
    const problem = { code: "refused-query" as const, message: "x ".repeat(500), next: "y".repeat(500) }
    const lines = ecpayScreen({
      ...result,
      endpoint: "https://payment-stage.ecpay.com.tw",
      verdict: { kind: "failed", problems: Array.from({ length: 5 }, () => problem) },
    })
      .trimEnd()
      .split("\n")
    expect(lines.length).toBeLessThanOrEqual(40)
    expect(lines.filter((line) => line.length > 100)).toEqual([])
    expect(lines.at(-1)).toBe("FAILED: 5 problems with ECPay in staging: refused-query")
  })
})
