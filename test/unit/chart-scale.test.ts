import { describe, expect, it } from "vitest"
import {
  inOrder,
  type Point,
  type ScaleRequest,
  scaleOf,
  stretches,
  thinned,
  timeTicks,
} from "../../core/presentation/chart-scale.js"

const points = (...values: (number | null)[]): Point[] => values.map((value, at) => ({ at, value }))

describe("points", () => {
  it("are in order, whatever order they came in, and each time has one: the last that was given", () => {
    const given = [
      { at: 3, value: 30 },
      { at: 1, value: 10 },
      { at: 3, value: 33 },
      { at: 2, value: null },
    ]
    expect(inOrder(given)).toEqual([
      { at: 1, value: 10 },
      { at: 2, value: null },
      { at: 3, value: 33 },
    ])
  })

  it("of 10,000 are thinned to as many as are wanted, with the extremes, both ends, gaps and their order", () => {
    const many = Array.from({ length: 10_000 }, (_, at): Point => ({ at, value: Math.sin(at / 50) + (at % 7) / 10 }))
    many[4321] = { at: 4321, value: 99 }
    many[7777] = { at: 7777, value: -99 }
    many[5000] = { at: 5000, value: null }
    const kept = thinned(many, 300)
    expect(kept.length).toBeLessThanOrEqual(300)
    expect(kept.length).toBeGreaterThan(150)
    for (const at of [0, 4321, 5000, 7777, 9999]) expect(kept, `${at}`).toContain(many[at])
    expect(kept.map(({ at }) => at)).toEqual(kept.map(({ at }) => at).sort((one, other) => one - other))
  })

  it("that are few stay as they are", () => {
    expect(thinned(points(1, null, 3), 5)).toEqual(points(1, null, 3))
    expect(thinned([], 5)).toEqual([])
  })

  it("without data are gaps, from the data before to the data after", () => {
    expect(stretches(points(null, 1, 2, null, null, 5)).map(({ points: own, gap }) => [own.length, gap])).toEqual([
      [1, { from: 0, to: 1 }],
      [2, null],
      [2, { from: 2, to: 5 }],
      [1, null],
    ])
    expect(stretches(points(null, null))).toMatchObject([{ gap: { from: 0, to: 1 } }])
    expect(stretches([])).toEqual([])
  })
})

describe("a scale", () => {
  const most = (values: number[], threshold: number | null, ceiling: number | null = 100): ScaleRequest => ({
    values,
    threshold,
    limit: "most",
    ceiling,
  })
  const least = (values: number[], threshold: number | null): ScaleRequest => ({
    values,
    threshold,
    limit: "least",
    ceiling: 100,
  })

  it.each<[string, ScaleRequest, [low: number, high: number, threshold: string | null]]>([
    ["begins at 0 and has room for the threshold", most([0.1, 0.3], 1), [0, 1, "inside"]],
    ["has room for a threshold that is broken", most([3, 40], 1), [0, 40, "inside"]],
    ["leaves out a threshold that would flatten its values", most([0.02, 0.03], 1), [0, 0.03, "above"]],
    ["of zeros has room for the threshold", most([0, 0], 80), [0, 80, "inside"]],
    ["without a threshold is that of its values", most([0.12, 0.2], null, null), [0, 0.2, null]],
    ["without values is that of its threshold", most([], 0.5, null), [0, 0.6, "inside"]],
    ["without both is empty", most([], null, null), [0, 1, null]],
    ["of a smallest good value begins near the values", least([99.2, 100], 95), [94, 100, "inside"]],
    ["leaves out a smallest good value that is far below", least([99.9, 100], 20), [99.9, 100, "below"]],
    ["has room for a smallest good value that is not reached", least([20, 21], 95), [20, 100, "inside"]],
    ["of one value that is the largest possible has a height", least([100], null), [99, 100, null]],
    ["never goes above what is possible", most([97], 80), [0, 100, "inside"]],
  ])("%s", (_, given, [low, high, threshold]) => {
    const scale = scaleOf(given)
    expect([scale.low, scale.high, scale.threshold]).toEqual([low, high, threshold])
    expect(scale.ticks.length).toBeGreaterThanOrEqual(2)
    expect(scale.ticks.length).toBeLessThanOrEqual(7)
    for (const tick of scale.ticks) expect(tick >= low && tick <= high, `${tick}`).toBe(true)
  })

  it("has marks that people read", () => {
    expect(scaleOf(most([0.3], 1)).ticks).toEqual([0, 0.25, 0.5, 0.75, 1])
    expect(scaleOf(most([0.3], null)).ticks).toEqual([0, 0.1, 0.2, 0.3])
  })
})

it("an axis of time has few marks in steps that people read", () => {
  expect(timeTicks(60).map(({ words }) => words)).toEqual(["0", "15 s", "30 s", "45 s", "60 s"])
  expect(timeTicks(300).map(({ words }) => words)).toEqual(["0", "2 min", "4 min"])
  expect(timeTicks(1).map(({ words }) => words)).toEqual(["0", "1 s"])
  expect(timeTicks(86_400).map(({ words }) => words)).toEqual(["0", "6 h", "12 h", "18 h", "24 h"])
  expect(timeTicks(2_000_000).length).toBeLessThanOrEqual(5)
})
