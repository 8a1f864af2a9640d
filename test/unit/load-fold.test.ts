import { describe, expect, test } from "vitest"
import { type Figures, Fold } from "../../core/load/generator/fold.js"

const HEADER = "metric_name,timestamp,metric_value,scenario,extra_tags,metadata"
const START = 1_795_351_511_000

function answer(began: number, time: number, tags = "outcome=right", scenario = "orders"): string {
  return `tollgate_response_time,${START + began + Math.round(time)},${time.toFixed(6)},${scenario},${tags},start=${START}&began=${began}`
}

function dropped(at: number, scenario = "orders"): string {
  return `dropped_iterations,${START + at},1.000000,${scenario},,`
}

function figures(lines: string[], seconds = 3): Figures {
  const fold = new Fold([{ name: "orders", rate: { count: 10, seconds: 1 }, duration: seconds }])
  for (const line of [HEADER, ...lines]) fold.add(line)
  const found = fold.figures()["orders"]
  if (found === undefined) throw new Error("no figures")
  return found
}

describe("k6's samples", () => {
  test("of a known series have the known figures", () => {
    // 1, 2, … 100 ms: in whatever order they come
    const times = Array.from({ length: 100 }, (_, index) => ((index * 37) % 100) + 1)
    const { requests, failed, times: found } = figures(times.map((time, index) => answer(index * 30, time)))
    expect([requests, failed]).toEqual([100, 0])
    // linear between ranks, as k6 has it: rank 0.95 × 99 = 94.05 lies between 95 and 96
    expect(found).toEqual({
      min: 1,
      mean: 50.5,
      p50: 50.5,
      p90: expect.closeTo(90.1, 9),
      p95: expect.closeTo(95.05, 9),
      p99: expect.closeTo(99.01, 9),
      max: 100,
    })
  })

  test("are counted in the second in which their request began, however long it took", () => {
    const { seconds } = figures([
      answer(0, 10),
      answer(999, 5000),
      answer(1000, 20),
      answer(1500, 40),
      answer(2999, 1),
      answer(3000, 1),
    ])
    expect(seconds.map(({ requests }) => requests)).toEqual([2, 2, 2])
    expect(seconds[1]).toEqual({ requests: 2, failed: 0, dropped: 0, p50: 30, p95: 39 })
  })

  test("of the warm-up, of other scenarios and of other metrics are left out", () => {
    const { requests, times } = figures([
      answer(10, 9000, "outcome=right", "orders_warm-up"),
      answer(10, 9000, "outcome=right", "other"),
      `http_req_duration,${START},9000.000000,orders,,`,
      `vus,${START},50.000000,,,`,
      answer(10, 7),
    ])
    expect([requests, times?.max]).toEqual([1, 7])
  })

  test("of failures count by kind, the most frequent first, with when it began; they are in the percentiles as what k6 was told", () => {
    const found = figures([
      answer(100, 10),
      answer(400, 4000, "outcome=status&detail=503"),
      answer(300, 4000, "detail=503&outcome=status"),
      answer(200, 4000, "outcome=timeout&detail="),
      answer(500, 4000, "outcome=connection&detail=1212"),
      answer(600, 4000, "outcome=check&detail=answer"),
      `tollgate_failed_checks,${START},1.000000,orders,check=answer,`,
      `tollgate_failed_checks,${START},1.000000,orders,check=total,`,
    ])
    expect(found.failures).toEqual([
      { kind: "status", detail: "503", count: 2, firstAt: 300 },
      { kind: "timeout", detail: "", count: 1, firstAt: 200 },
      { kind: "connection", detail: "1212", count: 1, firstAt: 500 },
      { kind: "check", detail: "answer", count: 1, firstAt: 600 },
    ])
    expect([found.requests, found.failed, found.times?.p50]).toEqual([6, 5, 4000])
    expect(found.failedChecks).toEqual({ answer: 1, total: 1 })
    expect(found.histogram).toEqual([{ from: 10, to: 15, count: 1 }])
  })

  test("of requests that were due and not sent are counted in their second", () => {
    const found = figures([answer(0, 10), dropped(1200), dropped(1900), dropped(2100), dropped(100, "orders_warm-up")])
    expect(found.dropped).toBe(3)
    expect(found.seconds.map((second) => second.dropped)).toEqual([0, 2, 1])
  })

  test("make a distribution without a gap, in which each answer is once", () => {
    const { histogram } = figures([answer(0, 0.07), answer(0, 1), answer(0, 1.49), answer(0, 8), answer(0, 20)])
    expect(histogram.map(({ count }) => count).reduce((sum, count) => sum + count)).toBe(5)
    expect(histogram[0]).toEqual({ from: 0, to: 0.1, count: 1 })
    expect(histogram.find(({ from }) => from === 1)).toEqual({ from: 1, to: 1.5, count: 2 })
    expect(histogram.at(-1)).toEqual({ from: 20, to: 30, count: 1 })
    for (const [index, bin] of histogram.slice(1).entries()) expect(bin.from).toBe(histogram[index]?.to)
  })

  test("tell how late requests were begun, those that were due and not sent counted in", () => {
    // ten a second: due at 0, 100, 200, 300 and 400
    expect(figures([answer(2, 10), answer(100, 10), dropped(200), answer(301, 10), answer(400, 10)]).late.max).toBe(2)
    const heldUp = figures([answer(0, 10), answer(850, 10), answer(850, 10), answer(851, 10), answer(852, 10)])
    expect(heldUp.late).toEqual({ max: 750, p95: expect.closeTo(730, 9) })
  })

  test("that never came make no figures, and a second each all the same", () => {
    expect(figures([])).toMatchObject({
      requests: 0,
      times: null,
      histogram: [],
      startedAt: null,
      seconds: [{ requests: 0 }, { requests: 0 }, { requests: 0 }],
    })
  })
})
