import { type Point, type Scale, stretches, timeTicks } from "./chart-scale.js"
import { figure, type Markup, markup, nothing } from "./html-markup.js"

export interface ChartPoint extends Point {
  /** Larger than what can be measured: marked. */
  readonly beyond?: boolean
}

/** A picture of one figure over time. Nothing in it is told by a colour alone. */
export interface Chart {
  /** Of the page's element: letters, digits and hyphens. */
  readonly id: string
  /** What it shows with its figures, for people who do not see it. */
  readonly words: string
  /** What its upper edge is marked with: the unit. */
  readonly unit: string
  readonly points: readonly ChartPoint[]
  /** Milliseconds since 1970: where the axis of time begins and ends. */
  readonly from: number
  readonly to: number
  /** What `from` is. */
  readonly fromWords: string
  /** One value of before `from`, in a lane of its own; null: none. */
  readonly before: { readonly value: number | null; readonly words: string } | null
  readonly threshold: { readonly value: number; readonly words: string } | null
  readonly scale: Scale
  /** A mark of the vertical axis. */
  readonly tick: (value: number) => string
}

const WIDTH = 360
const HEIGHT = 210
const [LEFT, RIGHT, TOP, BOTTOM] = [58, 12, 26, 40]
/** Of the window before. */
const LANE = 66
const FLOOR = HEIGHT - BOTTOM

export function chart(given: Chart): Markup {
  const { id, words, unit, before, scale, tick, from, to } = given
  const x0 = LEFT + (before === null ? 0 : LANE)
  const end = WIDTH - RIGHT
  const across = (at: number) => x0 + ((at - from) / Math.max(1, to - from)) * (end - x0)
  const down = (value: number) =>
    TOP +
    (1 - (Math.min(scale.high, Math.max(scale.low, value)) - scale.low) / (scale.high - scale.low)) * (FLOOR - TOP)
  return markup`<svg class="chart" id="${id}" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-labelledby="${id}-title"><title id="${id}-title">${words}</title>
${scale.ticks.map((value) => markup`<line class="grid" x1="${LEFT}" x2="${end}" y1="${figure(down(value))}" y2="${figure(down(value))}"/><text class="end" x="${LEFT - 6}" y="${figure(down(value) + 4)}">${tick(value)}</text>`)}
<text x="4" y="13">${unit}</text>
${before === null ? nothing : lane(before, x0, down)}
${timeAxis(given, across)}
${stretches(given.points).map(({ points, gap }) => (gap === null ? line(points, across, down) : hole(gap, across)))}
${given.points.map(({ at, value, beyond }) => (value === null || beyond !== true ? nothing : markup`<text class="middle beyond" x="${figure(across(at))}" y="${figure(down(value) + 4)}">▲</text>`))}
${given.points.some(({ value }) => value !== null) ? nothing : markup`<text class="middle" x="${figure((x0 + end) / 2)}" y="${(TOP + FLOOR) / 2}">no data</text>`}
<line class="switch" x1="${x0}" x2="${x0}" y1="${TOP - 8}" y2="${FLOOR}"/><text x="${x0 + 4}" y="13">${given.fromWords}</text>
${given.threshold === null ? nothing : threshold(given.threshold, scale, down, end)}</svg>`
}

/** Hatched, with its own label: another tone alone would not be seen by all. */
function lane({ value, words }: NonNullable<Chart["before"]>, x0: number, down: (value: number) => number): Markup {
  return markup`<rect class="earlier" x="${LEFT}" y="${TOP}" width="${LANE}" height="${FLOOR - TOP}"/>${
    value === null
      ? nothing
      : markup`<line class="earlier-value" x1="${LEFT}" x2="${x0}" y1="${figure(down(value))}" y2="${figure(down(value))}"/>`
  }<text class="middle" x="${LEFT + LANE / 2}" y="${FLOOR + 15}">${words}</text>${value === null ? markup`<text class="middle" x="${LEFT + LANE / 2}" y="${(TOP + FLOOR) / 2}">no data</text>` : nothing}`
}

function timeAxis({ from, to, fromWords }: Chart, across: (at: number) => number): Markup {
  const ticks = timeTicks((to - from) / 1000)
  return markup`${ticks.map(({ seconds, words }) => {
    const x = across(from + seconds * 1000)
    const isAtEnd = x > WIDTH - RIGHT - 20
    return markup`<line class="grid" x1="${figure(x)}" x2="${figure(x)}" y1="${FLOOR}" y2="${FLOOR + 4}"/><text class="${isAtEnd ? "end" : "middle"}" x="${figure(isAtEnd ? WIDTH - RIGHT : x)}" y="${FLOOR + 15}">${words}</text>`
  })}<text class="end" x="${WIDTH - RIGHT}" y="${HEIGHT - 6}">time since the ${fromWords}</text>`
}

function line(points: readonly Point[], across: (at: number) => number, down: (value: number) => number): Markup {
  const at = points.map((point) => `${figure(across(point.at))},${figure(down(point.value ?? 0))}`)
  const [x = "0", y = "0"] = (at.at(-1) ?? "").split(",")
  // one point has no line
  return markup`${at.length < 2 ? nothing : markup`<polyline class="value" points="${at.join(" ")}"/>`}<circle class="value-end" cx="${x}" cy="${y}" r="3"/>`
}

function hole({ from, to }: { from: number; to: number }, across: (at: number) => number): Markup {
  const [x, width] = [across(from), across(to) - across(from)]
  return markup`<rect class="gap" x="${figure(x)}" y="${TOP}" width="${figure(Math.max(2, width))}" height="${FLOOR - TOP}"/>${
    width < 50 ? nothing : markup`<text class="middle" x="${figure(x + width / 2)}" y="${FLOOR - 6}">no data</text>`
  }`
}

/** A threshold that is out of the picture is named at the edge that it is behind. */
function threshold(
  { value, words }: NonNullable<Chart["threshold"]>,
  scale: Scale,
  down: (value: number) => number,
  end: number,
): Markup {
  if (scale.threshold !== "inside") {
    const y = scale.threshold === "above" ? TOP + 13 : FLOOR - 6
    return markup`<text class="end threshold-words" x="${end}" y="${y}">${scale.threshold === "above" ? "↑" : "↓"} ${words}</text>`
  }
  const y = down(value)
  // below the line where there is no room above it
  return markup`<line class="threshold" x1="${LEFT}" x2="${end}" y1="${figure(y)}" y2="${figure(y)}"/><text class="end threshold-words" x="${end}" y="${figure(y < TOP + 18 ? y + 14 : y - 5)}">${words}</text>`
}
