import { spawnSync } from "node:child_process"
import { describe, expect, it, test } from "vitest"
import { redact, redactLines, redactor } from "../../core/secrets/redact.js"
import { FORMS, VALUE, WRAPS, wrapped } from "./secret-forms.js"

describe("a secret is taken out of a text", () => {
  test.each(FORMS)("%s", (_, text) => {
    const clean = redact(`before ${text} after`, [VALUE])
    expect(clean).toMatch(/^before .*\*\*\*.* after$/)
    expect(clean.length).toBeLessThan(50)
  })

  test.each(WRAPS)("wrapped by %s, on each of its lines", (_, text, end) => {
    const clean = redact(`before ${wrapped(text, 8, end)} after`, [VALUE])
    expect(clean).toMatch(/^before \*\*\*(?:\r?\n\*\*\*)*\w?=* after$/)
    expect(clean.split("\n").length).toBe(wrapped(text, 8, end).split("\n").length)
  })

  it("in lower case throughout, as ECPay URL-encodes it", () => {
    const value = "Pwd/FHCqo QZGmho4w6"
    expect(redact(`sent ${encodeURIComponent(value).toLowerCase()}`, [value])).toBe("sent ***")
    expect(redact(value.toUpperCase(), [value])).toBe(value.toUpperCase())
  })

  it("with characters beyond ASCII, in each encoding", () => {
    const value = "пароль-кассы-🔑"
    const forms = [
      value,
      encodeURIComponent(value),
      encodeURIComponent(value).toLowerCase(),
      JSON.stringify(value).replace(
        /[^\x00-\x7f]/g,
        (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
      ),
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

it("is the same in Python, for what a suite leaves behind", () => {
  const values = [
    VALUE,
    "4711",
    "token-of-one",
    "пароль-кассы-🔑",
    "\\new\\text in a path",
    "postgresql://shop:hunter22@db/shop",
  ]
  const texts = [
    ...FORMS.map(([, text]) => `before ${text} after`),
    ...WRAPS.map(([, text, end]) => `before ${wrapped(text, 8, end)} after ${wrapped(text, 3, end)}\n`),
    "PIN 4711, a4711 47\\n11 %34711 (4711)",
    "token-of-\\\none and token\\ -of-one, tok\\u0065n-of-one; hunter22 hunter\\22",
    `пароль-кассы-🔑 ${encodeURIComponent("пароль-кассы-🔑")} ${JSON.stringify("пароль-кассы-🔑").replace(/[^\x00-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)}`,
    "pwd%2ffhcqo+qz Pwd%2FFHCqo%20QZ PWD/FHCQO QZ",
    JSON.stringify("\\new\\text in a path"),
    "nothing to see, 100 % of it & more \\ or less",
  ]
  const program =
    "import json, sys; from tollgate_redact import Redactor; given = json.load(sys.stdin); print(json.dumps([Redactor(given['values']).text(text) for text in given['texts']]))"
  const { stdout, stderr } = spawnSync("python3", ["-c", program], {
    cwd: "core/qa/python",
    input: JSON.stringify({ values, texts }),
    encoding: "utf8",
  })
  expect(stderr).toBe("")
  const clean = redactor(values)
  expect(JSON.parse(stdout)).toEqual(texts.map(clean))
})

it("reads one megabyte of whatever looks like an encoding in steps that grow with its length alone", () => {
  const clean = redactor(["hunter22-and-more", "%".repeat(12), "\\".repeat(12), "aaaaaaaaaaaaaaab"])
  for (const one of ["%", "%25", "\\", "&", "&#", "&amp;", "\n", "\n ", "=", "+", "a", "%e", "\\u"]) {
    const [small, large] = [2 ** 14, 2 ** 20].map((length) => one.repeat(length / one.length))
    expect(
      ratio(
        () => clean(small ?? ""),
        () => clean(large ?? ""),
      ),
    ).toBeLessThan(600)
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
