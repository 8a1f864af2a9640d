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

describe("a value that is itself encoded", () => {
  it("is masked as it is sent, too, whether or not anything else in the text is encoded", () => {
    for (const text of ["pw=hunter/22", "pw= hunter/22", "pw=hunter%2F22", "hunter\\u002f22"])
      expect(redact(text, ["hunter%2F22"])).toMatch(/^(?:pw= ?)?\*\*\*$/)
  })

  it("is masked only as it is written when it is too short as it is sent", () => {
    expect(redact("ABC (%41%42%43)", ["%41%42%43"])).toBe("ABC (***)")
    expect(redact("ABCD (%41%42%43%44)", ["%41%42%43%44"])).toBe("*** (***)")
  })
})

describe("the password of a URL", () => {
  const shown = (url: string, text: string) => redact(`login: ${text}.`, [url]).slice(7, -1)
  it.each([
    ["of a database", "postgresql://shop:hunter22@db:5432/shop", "hunter22"],
    ["without a user", "redis://:hunter22@cache", "hunter22"],
    ["in capitals", "AMQPS://Shop:HUNTER22@mq", "HUNTER22"],
    ["of a scheme with signs", "postgresql+psycopg2.x-y://shop:hunter22@db", "hunter22"],
    ["with an at sign and a colon", "postgresql://shop:hunt@er:22@db/shop", "hunt@er:22"],
    ["with an address in the query", "postgresql://shop:hunter22@db/shop?owner=pay@shop.example", "hunter22"],
    ["of six characters", "postgresql://shop:hunter@db", "hunter"],
    ["as it is sent", "postgresql://shop:hunter%2F22@db", "hunter/22"],
  ])("is masked by itself: %s", (_, url, password) => expect(shown(url, password)).toBe("***"))

  it.each([
    ["one of five characters", "postgresql://shop:hunte@db", "hunte"],
    ["one that repeats the user's name", "postgresql://postgres:postgres@db", "postgres"],
    ["the user's name", "postgresql://shopkeeper:hunter22@db", "shopkeeper"],
    ["the host", "postgresql://shop:hunter22@database", "database"],
    ["a port and a path", "http://api.shop.example:8000000/pay@home", "8000000"],
  ])("is not %s", (_, url, text) => expect(shown(url, text)).toBe(text))
})

describe("a value", () => {
  it("is not masked for the blanks around it, or for a word that keeps nothing secret", () => {
    expect(redact("a  ab  b", ["  ab  "])).toBe("a  ab  b")
    for (const ordinary of ["TRUE", "False", "null", "None"]) expect(redact(ordinary, [ordinary])).toBe(ordinary)
    expect(redact("untrue nonesuch", ["untrue", "nonesuch"])).toBe("*** ***")
  })

  it("of one line among several is masked without its indentation", () => {
    expect(redact("147112 4711", ["begin-of-it\n    4711  \nend-of-it"])).toBe("147112 ***")
    expect(redact("got key-of-shop", ["begin:\n    key-of-shop  \nend..."])).toBe("got ***")
  })

  it("of 192 characters and more is masked in pieces of 96, and one of 191 only whole", () => {
    const long = (length: number) => Array.from({ length }, (_, at) => String.fromCodePoint(0x4e00 + at)).join("")
    const [whole, less] = [long(250), long(191)]
    expect(redact(`x ${whole.slice(0, 96)} y`, [whole])).toBe("x *** y")
    expect(redact(`x ${whole.slice(96)} y`, [whole])).toBe("x *** y")
    expect(redact(`x ${long(192).slice(96)} y`, [long(192)])).toBe("x *** y")
    expect(redact(`x ${less.slice(0, 96)} y`, [less])).toBe(`x ${less.slice(0, 96)} y`)
    expect(redact(`x ${less} y`, [less])).toBe("x *** y")
  })

  it("that overlaps or contains another leaves nothing of the two", () => {
    for (const values of [
      ["abcdefgh", "efghijkl"],
      ["efghijkl", "abcdefgh"],
    ])
      expect(redact("x abcdefghijkl y", values)).toBe("x *** y")
    for (const values of [
      ["abcdefghijkl", "cdefgh"],
      ["cdefgh", "abcdefghijkl"],
    ])
      expect(redact("x abcdefghijkl y", values)).toBe("x *** y")
    expect(redact("abcdefgh.efghijkl", ["abcdefgh", "efghijkl"])).toBe("***.***")
  })

  it("is masked at the beginning and at the end of a text, and one that is empty has none", () => {
    expect([redact("hunter22", ["hunter22"]), redact("", ["hunter22"])]).toEqual(["***", ""])
  })

  it.each([9, 10, 11])("of %i bytes is masked in base64, alone and among others", (length) => {
    const value = "s3cr3t+of/me".slice(0, length)
    const encoded = (text: string) => Buffer.from(text).toString("base64")
    // the last character of a length that three does not divide has bits of what may follow
    expect(redact(encoded(value), [value])).toMatch(length === 9 ? /^\*\*\*$/ : /^\*\*\*.=+$/)
    for (const before of ["", "u", "us", "use"])
      for (const after of ["", ":", ":a", ":ab"]) {
        const clean = redact(encoded(before + value + after), [value])
        expect(clean).toContain("***")
        expect(clean.replace("***", "").length).toBeLessThanOrEqual(before.length + after.length + 8)
      }
  })
})

describe("a short value beside letters", () => {
  it("is left, wherever in the text they are, and of whichever script", () => {
    for (const text of ["a4711", "4711a", "x a4711", "𝒜4711", "4711𝒜", "٤4711", "4711_", "_4711"])
      expect(redact(text, ["4711"])).toBe(text)
    expect(redact("4711-4711", ["4711"])).toBe("***-***")
    expect(redact("one\n4711\ntwo", ["4711"])).toBe("one\n***\ntwo")
  })
})

describe("lines that belong together", () => {
  it("stay as many lines, with a value over two of them masked", () => {
    const clean = redactor(["hunter22-and-more"])
    expect(redactLines(["one hunter22-", "and-more two", "three"], clean)).toEqual(["one ***", "*** two", "three"])
    expect(redactLines([], clean)).toEqual([])
    expect(redactLines(["one\ntwo\nhunter22-and-more", "three"], clean)).toEqual(["one two ***", "three"])
  })
})
