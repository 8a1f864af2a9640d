import { describe, expect, test } from "vitest"
import { alignColumns, displayWidth, fit, fitPath } from "../../core/presentation/columns.js"
import { clip, oneLine } from "../../core/presentation/plain-text.js"
import { shareReasons } from "../../core/report/reasons.js"
import { duration, lineRanges, moment, percent, shortDigest } from "../../core/shared/figures.js"
import { plainText } from "../../core/shared/plain-text.js"
import { aSuite } from "./qa-result-samples.js"

describe("figures", () => {
  test.each([
    [89.999, "89.99 %"],
    [89.99999, "89.99 %"],
    [90, "90.00 %"],
    [1.15, "1.15 %"],
    [93.416, "93.41 %"],
    [100, "100.00 %"],
    [0, "0.00 %"],
  ])("coverage of %d is rounded down to %s", (value, text) => expect(percent(value)).toBe(text))

  test.each([
    [0, "0 ms"],
    [0.1234, "123 ms"],
    [0.9996, "1.0 s"],
    [3.84, "3.8 s"],
    [59.96, "1 min 0 s"],
    [75, "1 min 15 s"],
    [3_725, "1 h 2 min"],
  ])("%d seconds are read as %s", (seconds, text) => expect(duration(seconds)).toBe(text))

  test("lines in a row become a range, in whatever order they come", () => {
    expect(lineRanges([9, 3, 5, 4, 4])).toBe("3–5, 9")
    expect(lineRanges([])).toBe("")
  })

  test("a moment is shown in UTC, and a text that is not a date is left as it is", () => {
    expect(moment("2026-03-02T10:14:07+01:00")).toBe("2026-03-02 09:14 UTC")
    expect(moment("yesterday")).toBe("yesterday")
  })

  test("a digest is short and without its algorithm", () =>
    expect(shortDigest("sha256:3f9a1c2b7d1088e4")).toBe("3f9a1c2b7d10"))
})

describe("text of the app", () => {
  test("that is left out is in the file that is named, and in none where the report has none", () => {
    expect(clip("x".repeat(3000), 300, "evidence.json")).toContain(
      "… 2700 characters left out here; evidence.json has them …",
    )
    expect(clip("x".repeat(3000), 300)).toContain("\n… 2700 characters left out here …\n")
  })

  test("loses colours, links, cursor movements and control characters, and keeps its words", () => {
    expect(
      plainText("\u001b[1;31mred\u001b[0m \u001b]8;;https://x\u0007link\u001b]8;;\u001b\\ \u009b2Ja\u0000b\bc"),
    ).toBe("red link abc")
    expect(plainText("one\r\ntwo\rthree\n\tfour")).toBe("one\ntwo\nthree\n\tfour")
  })

  test("cannot be shown in another order than it is stored", () =>
    expect(plainText("a\u202Eb\u2066c\u200f")).toBe("abc"))

  test("has no half characters, and keeps whole ones", () =>
    expect(plainText("\ud800x 💸 é 月")).toBe("\uFFFDx 💸 é 月"))

  test("an escape sequence that never ends does not swallow the following lines", () => {
    expect(plainText("\u001b]0;title\nthe error")).toBe("\nthe error")
  })

  test("on one line has no line breaks and no double spaces", () => expect(oneLine(" a\n  b\t c ")).toBe("a b c"))

  test("when too long keeps its beginning and its end and says how much is left out", () => {
    const text = clip(`first ${"x".repeat(5000)} last`, 300)
    expect(text).toMatch(/^first x+\n… 47\d\d characters left out here …\nx+ last$/)
    expect(clip("short\n\n", 300)).toBe("short")
  })
})

describe("columns", () => {
  test("Chinese takes two columns a character, accents none of their own", () => {
    expect(displayWidth("月費")).toBe(4)
    expect(displayWidth("e\u0301")).toBe(1)
  })

  test("columns stay aligned beside Chinese", () => {
    expect(
      alignColumns(
        [
          ["月費", "1"],
          ["abc", "22"],
        ],
        ["left", "right"],
      ),
    ).toEqual(["月費   1", "abc   22"])
  })

  test("a cut text ends in an ellipsis and never exceeds its columns", () => {
    expect(fit("abcdef", 4)).toBe("abc…")
    expect(fit("abcd", 4)).toBe("abcd")
    expect(displayWidth(fit("月費方案月費方案", 5))).toBeLessThanOrEqual(5)
    expect(fitPath("payments/ecpay/client.py", 10)).toBe("…client.py")
  })
})

describe("sharing a limited number of reasons", () => {
  const failures = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ code: "test-failed" as const, message: `${index}` }))

  test("a suite with many does not hide the only one of another", () => {
    const shares = shareReasons(
      [aSuite("many", { reasons: failures(100) }), aSuite("green"), aSuite("few", { reasons: failures(2) })],
      6,
    )
    expect(shares.map(({ suite, shown, hidden }) => [suite.suite, shown.length, hidden])).toEqual([
      ["many", 4, 96],
      ["few", 2, 0],
    ])
  })

  test("all are shown where there is room", () => {
    expect(shareReasons([aSuite("few", { reasons: failures(2) })], 12).map((share) => share.hidden)).toEqual([0])
  })
})
