import { describe, expect, it } from "vitest"
import { wrapWords } from "../../core/presentation/columns.js"
import { line, roomForCauses, widthOf } from "../../core/presentation/screen.js"

describe("a screen's width", () => {
  it("is the terminal's, or what COLUMNS says", () => {
    expect(widthOf(undefined, { isTTY: true, columns: 132 })).toBe(132)
    expect(widthOf("90", { isTTY: true, columns: 132 })).toBe(90)
    expect(widthOf("90", {})).toBe(90)
    expect(widthOf(undefined, { isTTY: true, columns: 20 })).toBe(60)
  })

  it("is no limit where there is no terminal: no cause is cut in a log", () => {
    const width = widthOf(undefined, { isTTY: false })
    const cause = "a very long cause ".repeat(400).trim()
    expect(line(cause, width)).toBe(cause)
    expect(wrapWords(cause, width - 6)).toEqual([cause])
    expect(roomForCauses(3, width)).toBe(Number.POSITIVE_INFINITY)
    expect(widthOf("wide", {})).toBe(Number.POSITIVE_INFINITY)
  })

  it("wraps a cause in a terminal, and leaves no word out", () => {
    const cause = Array.from({ length: 60 }, (_, index) => `word${index}`).join(" ")
    const lines = wrapWords(cause, 60)
    expect(lines.join(" ")).toBe(cause)
    expect(Math.max(...lines.map((one) => one.length))).toBeLessThanOrEqual(60)
  })
})
