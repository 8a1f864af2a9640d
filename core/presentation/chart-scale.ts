/** What a picture of figures over time shows, apart from how it is drawn. */

export interface Point {
  /** Milliseconds since 1970. */
  readonly at: number
  /** null: no data. */
  readonly value: number | null
}

/** Oldest first; of points with the same time the last one that is given. */
export function inOrder<P extends Point>(points: readonly P[]): P[] {
  return [...new Map(points.map((point) => [point.at, point])).values()].sort((one, other) => one.at - other.at)
}

/**
 * At most so many points, in their order. Each part of the picture keeps its smallest and its largest value, and a point without data if
 * it has one; the first and the last point stay.
 *
 * @param points in their order
 * @param most at least 5
 */
export function thinned<P extends Point>(points: readonly P[], most: number): P[] {
  if (points.length <= most) return [...points]
  const parts = Math.floor((most - 2) / 3)
  const kept = new Set<P>([...points.slice(0, 1), ...points.slice(-1)])
  for (let part = 0; part < parts; part += 1) {
    const slice = points.slice((part * points.length) / parts, ((part + 1) * points.length) / parts)
    let [low, high]: (P | undefined)[] = []
    for (const point of slice) {
      if (point.value === null) continue
      if (low === undefined || point.value < (low.value ?? 0)) low = point
      if (high === undefined || point.value > (high.value ?? 0)) high = point
    }
    for (const point of [low, high, slice.find(({ value }) => value === null)]) if (point !== undefined) kept.add(point)
  }
  return points.filter((point) => kept.has(point))
}

export interface Stretch<P> {
  readonly points: readonly P[]
  /** null: the points have no data, and these are the times between which none is known. */
  readonly gap: { readonly from: number; readonly to: number } | null
}

/** Points with data that follow each other, and the gaps between them. */
export function stretches<P extends Point>(points: readonly P[]): Stretch<P>[] {
  const groups: P[][] = []
  for (const point of points) {
    const last = groups.at(-1)
    if (last !== undefined && (last[0]?.value === null) === (point.value === null)) last.push(point)
    else groups.push([point])
  }
  return groups.map((group, index) => {
    const [first, last] = [group[0], group.at(-1)]
    if (first === undefined || last === undefined || first.value !== null) return { points: group, gap: null }
    const from = groups[index - 1]?.at(-1)?.at ?? first.at
    const to = groups[index + 1]?.[0]?.at ?? last.at
    return { points: group, gap: { from, to } }
  })
}

export interface Scale {
  readonly low: number
  readonly high: number
  readonly ticks: readonly number[]
  /** Where the threshold is; null: none. */
  readonly threshold: "inside" | "above" | "below" | null
}

export interface ScaleRequest {
  readonly values: readonly number[]
  readonly threshold: number | null
  /** Whether the threshold is the largest good value or the smallest. */
  readonly limit: "most" | "least"
  /** The largest possible value, such as 100; null: none. */
  readonly ceiling: number | null
}

/** How many times the room of its values a picture takes for its threshold's sake. */
const FAR = 10
const TICKS = 4

/**
 * Values with a largest good one are drawn from 0 on; those with a smallest one from the smallest on, because the difference between 99
 * and 100 matters there. A threshold that is far from good values would flatten them: it is left outside. One that is broken is inside.
 */
export function scaleOf({ values, threshold, limit, ceiling }: ScaleRequest): Scale {
  const known = values.length > 0 ? values : threshold === null ? [ceiling ?? 1] : [threshold]
  const least = known.reduce((one, other) => Math.min(one, other))
  const largest = known.reduce((one, other) => Math.max(one, other))
  let [low, high] = limit === "most" ? [0, largest] : [least, ceiling ?? largest]
  if (threshold !== null && isShown(threshold)) [low, high] = [Math.min(low, threshold), Math.max(high, threshold)]
  if (high <= low) [low, high] = limit === "least" ? [Math.max(0, low - 1), high] : [low, low + 1]
  const step = niceStep((high - low) / TICKS)
  const from = Math.floor(low / step + 1e-9)
  const to = Math.ceil(high / step - 1e-9)
  const ticks = Array.from({ length: to - from + 1 }, (_, index) => rounded((from + index) * step))
  const [bottom, top] = [rounded(from * step), rounded(to * step)]
  return { low: bottom, high: top, ticks, threshold: place() }

  function isShown(at: number): boolean {
    if (limit === "most") return largest === 0 || at <= FAR * largest
    return least - at <= FAR * Math.max(largest - least, (ceiling ?? largest) / 100)
  }

  function place(): Scale["threshold"] {
    if (threshold === null) return null
    return threshold > top ? "above" : threshold < bottom ? "below" : "inside"
  }
}

/** 1, 2, 2.5 or 5, times a power of ten: at least as large. */
function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least) + 1e-9)
  const step = [1, 2, 2.5, 5, 10].find((one) => one * power >= least * (1 - 1e-9)) ?? 10
  return step * power
}

/** Without the ends of binary fractions: 0.30000000000000004. */
function rounded(value: number): number {
  return Number(value.toPrecision(12))
}

const SECOND_STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600]

/** Times since 0 at which an axis of so many seconds is marked. */
export function timeTicks(seconds: number): { readonly seconds: number; readonly words: string }[] {
  const step = SECOND_STEPS.find((one) => seconds / one <= TICKS) ?? Math.ceil(seconds / TICKS / 3600) * 3600
  return Array.from({ length: Math.floor(seconds / step) + 1 }, (_, index) => {
    const at = index * step
    const words = at === 0 ? "0" : step < 60 ? `${at} s` : step < 3600 ? `${at / 60} min` : `${at / 3600} h`
    return { seconds: at, words }
  })
}
