import { describe, expect, it, test } from "vitest"
import { redact, redactLines, redactor } from "../../core/secrets/redact.js"

const VALUE = `pa5s/w0rd+of=the "provider"&<more>?`

const hex = (text: string, write: (code: string) => string) =>
  [...text].map((character) => write((character.codePointAt(0) ?? 0).toString(16).padStart(4, "0"))).join("")
const wrapped = (text: string, every: number, end: string) =>
  (text.match(new RegExp(`.{1,${every}}`, "gs")) ?? []).join(end)

describe("a secret is taken out of a text", () => {
  test.each([
    ["as it is", VALUE],
    ["in JSON", JSON.stringify({ key: VALUE })],
    ["in JSON in JSON", JSON.stringify(JSON.stringify({ key: VALUE }))],
    ["in JSON with slashes escaped", JSON.stringify({ key: VALUE }).replaceAll("/", "\\/")],
    ["in JSON with each character as \\u", hex(VALUE, (code) => `\\u${code}`)],
    ["in JSON with each character as \\u in capitals", hex(VALUE, (code) => `\\u${code.toUpperCase()}`)],
    ["in JSON with some characters as \\u", VALUE.replace(/[&<>"']/g, (one) => hex(one, (code) => `\\u${code}`))],
    ["in JSON with \\u in JSON", JSON.stringify(hex(VALUE, (code) => `\\u${code}`))],
    ["in Python's notation", hex(VALUE, (code) => `\\x${code.slice(2)}`)],
    ["URL-encoded", encodeURIComponent(VALUE)],
    ["URL-encoded as a form", new URLSearchParams({ key: VALUE }).toString()],
    ["URL-encoded in lower case, as ECPay does it", encodeURIComponent(VALUE).toLowerCase()],
    ["URL-encoded with lower-case hex", encodeURIComponent(VALUE).replace(/%../g, (code) => code.toLowerCase())],
    ["URL-encoded in full", hex(VALUE, (code) => `%${code.slice(2)}`)],
    ["URL-encoded twice", encodeURIComponent(encodeURIComponent(VALUE))],
    ["URL-encoded in JSON", JSON.stringify({ key: encodeURIComponent(VALUE) })],
    ["in base64", Buffer.from(VALUE).toString("base64")],
    ["in base64 for URLs", Buffer.from(VALUE).toString("base64url")],
    ["behind a user's name in base64", Buffer.from(`user:${VALUE}`).toString("base64")],
    ["behind another in base64", Buffer.from(`us:${VALUE}`).toString("base64")],
    ["in base64, URL-encoded", encodeURIComponent(Buffer.from(VALUE).toString("base64"))],
    ["in hex", Buffer.from(VALUE).toString("hex")],
    ["in hex in capitals", Buffer.from(VALUE).toString("hex").toUpperCase()],
    [
      "as HTML",
      VALUE.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;"),
    ],
    ["as HTML by numbers", VALUE.replace(/[&<>"]/g, (one) => `&#${one.charCodeAt(0)};`)],
    ["as HTML by hexadecimal numbers", VALUE.replace(/[&<>"]/g, (one) => `&#x${one.charCodeAt(0).toString(16)};`)],
  ])("%s", (_, text) => {
    const clean = redact(`before ${text} after`, [VALUE])
    expect(clean).toMatch(/^before .*\*\*\*.* after$/)
    expect(clean.length).toBeLessThan(50)
  })

  test.each([
    ["a line's end", VALUE, "\n"],
    ["a line's end of Windows", VALUE, "\r\n"],
    ["an indentation", VALUE, "\n      "],
    ["a backslash, as a shell does it", VALUE, "\\\n"],
    ["an equals sign, as mails do it", VALUE, "=\n"],
    ["a line's end in JSON", VALUE, "\\n"],
    ["a line's end in base64", Buffer.from(VALUE).toString("base64"), "\n"],
  ])("wrapped by %s, on each of its lines", (_, text, end) => {
    const clean = redact(`before ${wrapped(text, 8, end)} after`, [VALUE])
    expect(clean).toMatch(/^before \*\*\*(?:\r?\n\*\*\*)*\w?=* after$/)
    expect(clean.split("\n").length).toBe(wrapped(text, 8, end).split("\n").length)
  })

  it("with characters beyond ASCII, in each encoding", () => {
    const value = "пароль-кассы-🔑"
    const forms = [
      value,
      encodeURIComponent(value),
      encodeURIComponent(value).toLowerCase(),
      JSON.stringify(value).replace(/[^\x00-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`),
      value.replace(/[^\x00-\x7f]/gu, (one) => `&#${one.codePointAt(0)};`),
      value.replace(/[^\x00-\x7f]/gu, (one) => `\\U${(one.codePointAt(0) ?? 0).toString(16).padStart(8, "0")}`),
    ]
    for (const form of forms) expect(redact(`a ${form} b`, [value]).replaceAll('"', "")).toBe("a *** b")
  })

  it("each of its lines and each piece of a long one by itself", () => {
    const key = `-----BEGIN KEY-----\n${"0123456789abcdef".repeat(4)}\n-----END KEY-----`
    expect(redact(`log: ${"0123456789abcdef".repeat(4)}`, [key])).toBe("log: ***")
    const long = Array.from({ length: 100 }, (_, at) => `part${at}`).join("-")
    expect(redact(`cut: ${long.slice(0, 250)}`, [long])).toMatch(/^cut: \*\*\*/)
    expect(redact(`whole: ${long}.`, [long])).toBe("whole: ***.")
  })

  it("the second time it occurs, and next to itself", () => {
    expect(redact("hunter22 and hunter22hunter22", ["hunter22"])).toBe("*** and ***")
  })

  it("with the longer of two that begin the same", () => {
    const values = ["token-of-one", "token-of-one-and-all"]
    expect(redact("token-of-one token-of-one-and-all", values)).toBe("*** ***")
    expect(redact("token-of-one token-of-one-and-all", values.reverse())).toBe("*** ***")
  })
})

describe("a short value", () => {
  it("is masked where it is a whole word", () => {
    expect(redact("PIN 4711, pin=4711; (4711) 4711", ["4711"])).toBe("PIN ***, pin=***; (***) ***")
  })

  it("is left where it is a part of one, or of two lines", () => {
    expect(redact("147112 a4711 4711é 4711_ 47\n11", ["4711"])).toBe("147112 a4711 4711é 4711_ 47\n11")
  })

  it("is masked in the forms of a whole word", () => {
    expect(redact("%34%37%31%31 \\u0034711", ["4711"])).toBe("*** ***")
  })

  it("is left when every text has it", () => {
    expect(redact("HTTP 500 is true, or null", ["500", "true", "null", ""])).toBe("HTTP 500 is true, or null")
  })

  it("of five characters is one, of six is not", () => {
    expect(redact("xabcde xabcdef", ["abcde", "abcdef"])).toBe("xabcde x***")
  })
})

describe("lines that belong together", () => {
  it("stay as many lines, with a value over two of them masked", () => {
    const clean = redactor(["hunter22-and-more"])
    expect(redactLines(["one hunter22-", "and-more two", "three"], clean)).toEqual(["one ***", "*** two", "three"])
    expect(redactLines([], clean)).toEqual([])
  })
})

it("reads one megabyte of whatever looks like an encoding in steps that grow with its length alone", () => {
  const clean = redactor(["hunter22-and-more", "%".repeat(12), "\\".repeat(12), "aaaaaaaaaaaaaaab"])
  for (const one of ["%", "%25", "\\", "&", "&#", "&amp;", "\n", "\n ", "=", "+", "a", "%e", "\\u"]) {
    const [small, large] = [2 ** 14, 2 ** 20].map((length) => one.repeat(length / one.length))
    expect(ratio(() => clean(small ?? ""), () => clean(large ?? ""))).toBeLessThan(600)
  }
})

/** CPU time of the second by the first: 64 when it grows with the length, 4096 when it grows with its square. */
function ratio(small: () => void, large: () => void): number {
  for (let warm = 0; warm < 3; warm++) small()
  const least = Math.min(...Array.from({ length: 5 }, () => cpu(() => Array.from({ length: 8 }, small)) / 8))
  return cpu(large) / Math.max(least, 20)
}

function cpu(work: () => void): number {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return user + system
}
