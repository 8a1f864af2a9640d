import { describe, expect, test } from "vitest"
import { redact } from "../../core/secrets/redact.js"

const VALUE = `pa5s/w0rd+of=the "provider"&<more>?`

describe("a secret is taken out of a text", () => {
  test.each([
    ["as it is", VALUE],
    ["in JSON", JSON.stringify({ key: VALUE })],
    ["in JSON in JSON", JSON.stringify(JSON.stringify({ key: VALUE }))],
    ["URL-encoded", encodeURIComponent(VALUE)],
    ["URL-encoded as a form", new URLSearchParams({ key: VALUE }).toString()],
    ["URL-encoded in lower case, as ECPay does it", encodeURIComponent(VALUE).toLowerCase()],
    ["in base64", Buffer.from(VALUE).toString("base64")],
    ["in base64 for URLs", Buffer.from(VALUE).toString("base64url")],
    ["behind a user's name in base64", Buffer.from(`user:${VALUE}`).toString("base64")],
    ["behind another in base64", Buffer.from(`us:${VALUE}`).toString("base64")],
    ["in hex", Buffer.from(VALUE).toString("hex")],
    [
      "as HTML",
      VALUE.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;"),
    ],
  ])("%s", (_, text) => {
    const clean = redact(`before ${text} after`, [VALUE])
    expect(clean).toMatch(/^before .*\*\*\*.* after$/)
    expect(clean.length).toBeLessThan(50)
  })

  test("with the longer of two first, and words that are too short left alone", () => {
    expect(redact("token-of-one token-of-one-and-all info", ["token-of-one", "token-of-one-and-all", "info"])).toBe(
      "*** *** info",
    )
  })
})
