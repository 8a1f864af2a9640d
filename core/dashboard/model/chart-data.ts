import { stretches, timeTicks } from "../../presentation/chart-scale.js"
import type { Picture } from "./pictures.js"

/** A picture as the page's script draws it: with every word, so that the script decides nothing. Times are seconds since the switch. */
export interface ChartData {
  readonly name: string
  readonly unit: string
  /** When the release got the traffic, in milliseconds since 1970. */
  readonly from: number
  /** IANA name of the second zone of all times. */
  readonly zone: string
  readonly to: number
  readonly low: number
  readonly high: number
  readonly ticks: readonly Tick[]
  readonly times: readonly Tick[]
  readonly threshold: (NonNullable<Picture["threshold"]> & { readonly place: Picture["scale"]["threshold"] }) | null
  readonly before: Picture["before"]
  readonly gaps: readonly (readonly [from: number, to: number])[]
  readonly at: readonly number[]
  /** null: no data. */
  readonly values: readonly (number | null)[]
  /** One line each: a list would be much longer as an attribute. */
  readonly words: string
  /** Places in `values` of those that are larger than what can be measured. */
  readonly beyond: readonly number[]
}

type Tick = readonly [at: number, words: string]

export function chartData(picture: Picture, zone: string): ChartData {
  const { name, unit, points, scale, tick, threshold, before, switchedAt, until } = picture
  const since = (time: number) => (time - switchedAt) / 1000
  return {
    name,
    unit,
    from: switchedAt,
    zone,
    to: since(until),
    low: scale.low,
    high: scale.high,
    ticks: scale.ticks.map((value) => [value, tick(value)]),
    times: timeTicks(since(until)).map(({ seconds, words }) => [seconds, words]),
    threshold: threshold === null ? null : { ...threshold, place: scale.threshold },
    before,
    gaps: stretches(points).flatMap(({ gap }) => (gap === null ? [] : [[since(gap.from), since(gap.to)] as const])),
    at: points.map(({ at }) => since(at)),
    values: points.map(({ value }) => value),
    words: points.map(({ words }) => words).join("\n"),
    beyond: points.flatMap(({ beyond }, index) => (beyond ? [index] : [])),
  }
}
