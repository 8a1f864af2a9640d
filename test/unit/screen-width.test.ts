import { describe, expect, it } from "vitest"
import { widthOf } from "../../core/report/screen.js"

describe("a screen's width", () => {
  it("is the terminal's, or what COLUMNS says", () => {
    expect(widthOf(undefined, { isTTY: true, columns: 132 })).toBe(132)
    expect(widthOf("90", { isTTY: true, columns: 132 })).toBe(90)
    expect(widthOf("90", {})).toBe(90)
    expect(widthOf(undefined, { isTTY: true, columns: 20 })).toBe(60)
  })

  it("is no limit where there is no terminal: no cause is cut in a log", () => {
    expect(widthOf(undefined, { isTTY: false })).toBeGreaterThan(1000)
    expect(widthOf("wide", {})).toBeGreaterThan(1000)
  })
})
