import { spawnSync } from "node:child_process"
import { expect, it } from "vitest"
import { redactor } from "../../core/secrets/redact.js"
import { FORMS, VALUE, WRAPS, wrapped } from "./secret-forms.js"

it("is the same in Python, for what a suite leaves behind", () => {
  const values = [
    VALUE,
    "4711",
    "token-of-one",
    "пароль-кассы-🔑",
    "\\new\\text in a path",
    "postgresql://shop:hunter22@db/shop",
    "tok%2Fen%2Bof",
    "amqp://pay:brown-fox@mq/shop?owner=pay@shop.example",
  ]
  const texts = [
    "login brown-fox, brown-foxes",
    "pw=tok/en+of",
    "tok/en%2Bof",
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
