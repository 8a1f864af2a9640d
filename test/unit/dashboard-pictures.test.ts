import { describe, expect, it } from "vitest"
import { chartData } from "../../core/dashboard/model/chart-data.js"
import { MOST_POINTS, picturesOf } from "../../core/dashboard/model/pictures.js"
import type { SampleFacts } from "../../core/dashboard/reading/samples.js"
import { picturesCard } from "../../core/dashboard/view/pictures.js"
import { releasesOf } from "../../core/ledger/fold.js"
import type { ReleaseRecord } from "../../core/ledger/ledger.js"
import type { StoredSample } from "../../core/ledger/samples/rows.js"
import type { Sample } from "../../core/ledger/samples/sample.js"
import { chart } from "../../core/presentation/html-chart.js"
import { XSS } from "../release/dashboard-samples.js"
import { context, started } from "../release/ledger-samples.js"
import { SWITCHED, sampleOf } from "./picture-samples.js"

const STEP = {
  name: "switch",
  outcome: "done",
  startedAt: new Date(SWITCHED - 2000).toISOString(),
  seconds: 2,
  note: "",
} as const

function release(more: Partial<ReleaseRecord> = {}): ReleaseRecord {
  const at = "2026-11-27T09:00:00.000000Z"
  const event = { version: 1, id: "00000000-0000-4000-8000-000000000000", happenedAt: at, at, number: 1 } as const
  const [one] = releasesOf([{ ...event, journaled: false, stale: false, context: context(), what: started() }], null)
  if (one === undefined) throw new Error("a release was started")
  return { ...one, steps: [STEP], ...more }
}

const drawn = (samples: readonly StoredSample[], of = release()) => {
  const pictures = picturesOf(samples, of)
  if (pictures === null) throw new Error("there are samples")
  return pictures
}
const picture = (...samples: StoredSample[]) => {
  const [one] = drawn(samples).pictures
  if (one === undefined) throw new Error("there is a sample")
  return one
}
const html = (samples: SampleFacts, of = release()) => picturesCard({ release: of }, samples, { zone: "UTC" }).source
const read = (...samples: StoredSample[]): SampleFacts => ({ kind: "read", samples, cut: false })

describe("a picture", () => {
  it("is of the metrics that the run measured; the others are named", () => {
    expect(picturesOf([], release())).toBeNull()
    const { pictures, unmeasured } = drawn([
      sampleOf("errors", 0, 5),
      sampleOf("p95", 0.2, 5),
      sampleOf("canaries", 1, 5),
    ])
    expect(pictures.map(({ metric }) => metric)).toEqual(["p95", "errors"])
    expect(unmeasured).toEqual(["Payment success rate", "Database connections"])
  })

  it("has its samples in order, each time once, and the newest as its figure", () => {
    const one = picture(
      sampleOf("errors", 0.3, 15),
      sampleOf("errors", 0.1, 5),
      sampleOf("errors", 0.2, 10),
      sampleOf("errors", 0.1, 5),
    )
    expect(one.points.map(({ value }) => value)).toEqual([0.1, 0.2, 0.3])
    expect(one).toMatchObject({ now: "0.30 % of 100 requests", state: "within", until: SWITCHED + 15_000 })
  })

  it("has no data of maintenance mode, says so, and is never within a threshold then", () => {
    const closed = (seconds: number, phase: Sample["phase"] = "watch-maintenance") =>
      sampleOf("errors", null, seconds, { phase, outOf: null })
    const before = closed(0, "before-maintenance")
    const now = picture(before, sampleOf("errors", 0.5, 5), closed(10), closed(15))
    expect(now).toMatchObject({ state: "none", now: "no data: maintenance mode", before: { value: null } })
    expect(now.points.map(({ value }) => value)).toEqual([0.5, null, null])
    expect(now.words).toContain("; 2 without data, 2 of them in maintenance mode.")
    expect(now.words).toContain("Release before: no data: maintenance mode.")
    const later = picture(closed(5), closed(10), sampleOf("errors", 0.5, 20))
    expect(later).toMatchObject({ state: "within", now: "0.50 % of 100 requests" })
    expect(later.points.map(({ value }) => value)).toEqual([null, null, 0.5])
  })

  it.each<[string, StoredSample, string, string]>([
    ["within its threshold", sampleOf("errors", 1, 5), "within", "1.00 % of 100 requests"],
    ["outside its threshold", sampleOf("errors", 1.01, 5), "broken", "1.01 % of 100 requests"],
    ["of too few requests", sampleOf("errors", 50, 5, { outOf: 2 }), "few", "50.00 % of 2 requests, 20 are needed"],
    [
      "below a smallest good value",
      sampleOf("payments", 94.9, 5, { threshold: 95 }),
      "broken",
      "94.90 % of 100 payments",
    ],
    ["at a smallest good value", sampleOf("payments", 95, 5, { threshold: 95 }), "within", "95.00 % of 100 payments"],
    ["that is not judged", sampleOf("p95", 0.182, 5, { threshold: null }), "unjudged", "182 ms of 100 requests"],
    [
      "beyond what the proxy measures",
      sampleOf("p95", 10, 5, { beyond: true, threshold: 12 }),
      "unclear",
      "> 10.0 s of 100 requests",
    ],
    [
      "beyond it and the threshold",
      sampleOf("p95", 10, 5, { beyond: true, threshold: 10 }),
      "broken",
      "> 10.0 s of 100 requests",
    ],
    [
      "of connections",
      sampleOf("connections", 12, 5, { outOf: 50, least: 0, threshold: 80 }),
      "within",
      "12.00 %: 6 of 50",
    ],
    ["of nothing that happened", sampleOf("payments", null, 5), "none", "no data: no payments"],
    ["that was not read", sampleOf("payments", null, 5, { outOf: null }), "none", "no data"],
  ])("%s says so", (_, sample, state, now) => {
    expect(picture(sample)).toMatchObject({ state, now })
  })

  it("begins at the end of the step switch, and where that was another run's, at the first window", () => {
    const sample = sampleOf("errors", 0, 5)
    expect(drawn([sample]).pictures[0]?.switchedAt).toBe(SWITCHED)
    const late = { ...STEP, startedAt: new Date(SWITCHED + 60_000).toISOString() }
    const early = { ...STEP, startedAt: new Date(SWITCHED - 3_600_000).toISOString() }
    for (const steps of [[], [late], [early], [{ ...STEP, outcome: "failed" as const }]])
      expect(drawn([sample], release({ steps })).pictures[0]?.switchedAt).toBe(SWITCHED + 500)
  })

  it("shows the latest run of a release that was watched twice", () => {
    expect(picture(sampleOf("errors", 7, 5, { run: "killed" }), sampleOf("errors", 0, 50)).points).toHaveLength(1)
  })

  it("of 10,000 samples has few points and the extremes", () => {
    const many = Array.from({ length: 10_000 }, (_, index) =>
      sampleOf("errors", index === 6000 ? 42 : index % 3, index),
    )
    const one = picture(...many)
    expect(one.points.length).toBeLessThanOrEqual(MOST_POINTS)
    expect(one.points.some(({ value }) => value === 42)).toBe(true)
    expect(one.words).toContain("10000 samples in 2 h 46 min, from 0.00 % to 42.00 %.")
  })
})

it("a picture has no markup of what its words say", () => {
  const { source } = chart({
    id: "chart-x",
    words: XSS,
    unit: XSS,
    points: [],
    from: 0,
    to: 1000,
    fromWords: XSS,
    before: { value: 1, words: XSS },
    threshold: { value: 1, words: XSS },
    scale: { low: 0, high: 2, ticks: [0, 2], threshold: "inside" },
    tick: () => XSS,
  })
  expect(source).toContain("&lt;script&gt;")
  expect(source).not.toMatch(/<script|<img|onerror="/)
})

it("a picture has for its script every point with its words, where there is no data, and what could not be measured", () => {
  const one = picture(
    sampleOf("p95", 0.2, 0, { phase: "before", threshold: 12 }),
    sampleOf("p95", 0.3, 5, { threshold: 12 }),
    sampleOf("p95", null, 10, { threshold: 12, outOf: null }),
    sampleOf("p95", 10, 15, { threshold: 12, beyond: true }),
  )
  expect(chartData(one, "Asia/Taipei")).toMatchObject({
    name: "Response time, 95th percentile",
    from: SWITCHED,
    zone: "Asia/Taipei",
    to: 15,
    threshold: { value: 12, words: "threshold: at most 12.0 s", place: "inside" },
    before: { value: 0.2, words: "200 ms of 100 requests" },
    at: [5, 10, 15],
    values: [0.3, null, 10],
    words: "300 ms of 100 requests\nno data\n> 10.0 s of 100 requests",
    gaps: [[5, 15]],
    beyond: [2],
  })
  expect(html(read(sampleOf("p95", 10, 15, { beyond: true })))).toMatch(/▲<\/text>[^]*▲ marks a value that is larger/)
  expect(html(read(sampleOf("p95", 10, 15)))).not.toContain("▲")
})

it("the table of values has each sample, and of many some from the first to the latest", () => {
  const rows = (source: string) => source.match(/<tr role="row"><th scope="row"/g)?.length
  const few = html(read(sampleOf("errors", 0.2, 5), sampleOf("errors", null, 10), sampleOf("p95", 0.2, 10)))
  expect(few).toContain("All samples, the latest first.")
  expect(rows(few)).toBe(2)
  expect(few).toMatch(/>no data: no requests<\/td>[^]*>not measured at this time<\/td>/)
  const looks = Array.from({ length: 400 }, (_, index) => [
    sampleOf("errors", (index * 7) % 100, index),
    sampleOf("p95", ((index * 13) % 100) / 100, index),
  ])
  const many = html(read(...looks.flat()))
  expect(many).toContain("20 of 400 samples, spread over all of the watch, the latest first.")
  // what is not drawn was measured all the same
  expect(many).not.toContain("not measured at this time")
  expect(rows(many)).toBe(20)
  for (const seconds of ["10:00:00", "10:06:39"]) expect(many).toContain(`2026-11-27 ${seconds} UTC</time></th>`)
})

describe("the card", () => {
  const before = sampleOf("errors", 0.4, 0, { phase: "before", since: SWITCHED - 60_000, outOf: 900 })

  it("has each figure in words for people who do not see the picture", () => {
    const source = html(
      read(before, sampleOf("errors", 0.2, 5), sampleOf("errors", null, 10), sampleOf("errors", 0.3, 15)),
    )
    expect(source).toContain(
      'aria-labelledby="chart-errors-title"><title id="chart-errors-title">Error rate: 0.30 % of 100 requests, within the threshold. Threshold: at most 1 %. Release before: 0.40 % of 900 requests. 3 samples in 14.5 s, from 0.20 % to 0.30 %; 1 without data.</title>',
    )
    // lines, gaps and the window before differ by more than a colour
    for (const part of [
      'class="earlier"',
      ">before</text>",
      'class="threshold"',
      ">threshold: at most 1 %</text>",
      'class="gap"',
      ">switch</text>",
      "time since the switch",
    ])
      expect(source, part).toContain(part)
    expect(source.match(/class="value-end"/g)).toHaveLength(2)
  })

  it("says of the payments of the release before that they are all of its payments", () => {
    const paid = sampleOf("payments", 98, 0, { phase: "before", threshold: 95 })
    expect(html(read(paid))).toContain("release before: 98.00 % of 100 payments since it started</small>")
    expect(html(read({ ...paid, value: null, outOf: null }))).toContain("release before: no data</small>")
  })

  it("draws one sample as a point, and only samples without data as no data", () => {
    expect(html(read(sampleOf("errors", 0.2, 5)))).not.toContain("polyline")
    const empty = html(read(sampleOf("errors", null, 5)))
    expect(empty).not.toMatch(/polyline|value-end/)
    expect(empty.match(/no data/g)?.length).toBeGreaterThan(2)
    expect(empty).not.toContain("within")
  })

  it("draws the window before alone while the watch has no sample", () => {
    const source = html(read(before))
    expect(source).toContain("No sample since the switch.")
    expect(source).toContain('class="earlier-value"')
  })

  it("names a threshold that is out of the picture at the edge that it is behind", () => {
    const above = html(read(sampleOf("p95", 0.01, 5, { threshold: 10 })))
    expect(above).toContain("↑ threshold: at most 10.0 s</text>")
    expect(above).not.toContain('class="threshold"')
    expect(html(read(sampleOf("payments", 100, 5, { threshold: 20 })))).toContain("↓ threshold: at least 20 %</text>")
  })

  it("has no figure that is not a number, no style attribute, and no markup of the ledger", () => {
    const samples = [
      sampleOf(XSS, 1, 5),
      sampleOf("errors", 0, 0, { run: XSS, at: SWITCHED, since: SWITCHED }),
      sampleOf("connections", 0, 5, { run: XSS, outOf: 0 }),
    ]
    for (const source of [
      html(read(...samples)),
      html(read(before)),
      html(read(sampleOf("p95", 0, 5, { threshold: 0 }))),
    ]) {
      // for the script, null is no data
      expect(source.replaceAll(/ data-chart="[^"]*"/g, "")).not.toMatch(
        /NaN|Infinity|undefined|null| style=|<script|<img/,
      )
      expect(source).not.toMatch(/NaN|Infinity|undefined| style=|<script|<img/)
    }
  })

  it("says why there is no picture, and is there all the same: the page hears of the first sample", () => {
    for (const [samples, of, words] of [
      [read(), release({ outcome: "running" }), "No sample yet: the watch begins after the switch."],
      [read(), release({ outcome: "live" }), "were deleted after 90 days"],
      [{ kind: "refused" }, release(), "GRANT SELECT ON tollgate_ledger.samples"],
    ] as const) {
      expect(html(samples, of)).toContain(words)
      expect(html(samples, of)).toContain("data-samples")
    }
    expect(html(read(), release({ action: "rollback" }))).toBe("")
  })
})
