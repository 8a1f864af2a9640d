import { describe, expect, it } from "vitest"
import { headLines, headProblem, judgeHead } from "../../../core/ledger/judge-head.js"
import { headLine, parseHeads } from "../../../core/targets/heads.js"

const HASH = `${"3f".repeat(31)}a0`
const kept = (number: number, by = "app1") => ({ number, hash: HASH, by })

describe("a head that the ledger has no event for", () => {
  it.each([
    [4, 2, "the ledger ends at event 2, before the head 4:3f3f3f3f3f3f3f3f (app1): 2 events are missing"],
    [3, 2, "the ledger ends at event 2, before the head 3:3f3f3f3f3f3f3f3f (app1): 1 event is missing"],
    [2, 2, "the ledger has no event 2, which was its head 2:3f3f3f3f3f3f3f3f (app1)"],
    [1, 2, "the ledger has no event 1, which was its head 1:3f3f3f3f3f3f3f3f (app1)"],
  ])("at %i says whether the ledger, which has %i, lost its end", (number, last, words) =>
    expect(headProblem(judgeHead(kept(number), last, null))).toBe(words),
  )

  it("is no problem when it has the event with that hash", () => {
    expect(headProblem(judgeHead(kept(2), 2, HASH))).toBeNull()
    expect(judgeHead({ ...kept(2), hash: HASH.slice(0, 16) }, 2, HASH).kind).toBe("contained")
    expect(judgeHead(kept(2), 2, HASH.replace(/0$/, "1")).kind).toBe("differs")
  })
})

describe("the lines about heads", () => {
  const contained = (number: number, by?: string) => judgeHead(kept(number, by), 9, HASH)
  it("name the latest that is contained, in whichever order, and of two the first", () => {
    for (const numbers of [
      [4, 7],
      [7, 4],
    ])
      expect(headLines(numbers.map((number) => contained(number)))).toEqual([
        "PASSED: the ledger contains 2 heads that were kept, the latest 7:3f3f3f3f3f3f3f3f (app1)",
      ])
    expect(headLines([contained(7, "app1"), contained(7, "app2")])[0]).toContain("(app1)")
  })

  it("count a head of an empty ledger, which is the latest where there is no other", () => {
    expect(headLines([contained(0)])).toEqual([
      "PASSED: the ledger contains 1 head that was kept, the latest 0:3f3f3f3f3f3f3f3f (app1)",
    ])
  })

  it("name three that are lost, and how many more there are", () => {
    const lost = (count: number) => Array.from({ length: count }, (_, at) => judgeHead(kept(at + 1), 0, null))
    expect(headLines(lost(3)).map((text) => text.slice(0, 14))).toEqual(Array(3).fill("FAILED: the le"))
    expect(headLines(lost(5)).slice(3)).toEqual(["FAILED: and 2 more; --json shows all"])
    expect(headLines(lost(5))[0]).toContain("before the head 1:")
  })
})

describe("the file of heads on a host", () => {
  const head = { number: 12, hash: HASH, release: "r-12", at: "2026-11-29T10:15:00.000Z" }
  const line = `12 ${HASH} r-12 2026-11-29T10:15:00.000Z`

  it("comes back as it was written, without its empty lines", () => {
    expect(headLine(head)).toBe(line)
    const other = { ...head, number: 9, release: "r9" }
    expect(parseHeads(`${line}\n${headLine(other)}\n`)).toEqual([head, other])
    expect([parseHeads(""), parseHeads("\n\n")]).toEqual([[], []])
    const longest = { ...head, number: 123_456_789_012_345, release: "r".repeat(40) }
    expect(parseHeads(headLine(longest))).toEqual([longest])
  })

  it.each([
    ["something before it", `x${line}`],
    ["something after it", `${line}x`],
    ["a number with a letter", line.replace("12 ", "1x ")],
    ["too large a number", line.replace("12 ", `${"1".repeat(16)} `)],
    ["no number", line.replace("12 ", " ")],
    ["a hash with another letter", line.replace("3f", "3g")],
    ["a hash too short", line.replace("3f", "")],
    ["a hash too long", line.replace("3f", "3f3")],
    ["a release in capitals", line.replace("r-12", "R-12")],
    ["no release", line.replace("r-12", "")],
    ["too long a release", line.replace("r-12", "r".repeat(41))],
    ["a day alone", line.replace(/T.*/, "")],
    ["no milliseconds", line.replace(".000Z", "Z")],
    ["another time zone", line.replace("Z", "+08:00")],
  ])("cannot be read with %s, which is not the same as without heads", (_, broken) =>
    expect(() => parseHeads(`${broken}\n${line}`)).toThrow(RangeError),
  )

  it("cannot be read with a letter in any place of its time", () => {
    const time = line.indexOf("2026")
    for (let at = time; at < line.length; at++)
      expect(() => parseHeads(`${line.slice(0, at)}x${line.slice(at + 1)}`)).toThrow(RangeError)
  })
})
