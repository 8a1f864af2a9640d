import { type Markup, markup, nothing } from "../../presentation/html-markup.js"
import { table } from "../../presentation/html-table.js"
import type { Picture } from "../model/pictures.js"
import { type Clock, moment } from "./time.js"

/** A page is read again at each sample: it has no more rows than a person reads. */
const MOST_ROWS = 20

/** What the pictures show, for whoever cannot see or hover them. */
export function valuesTable(pictures: readonly Picture[], clock: Clock): Markup {
  const times = [...new Set(pictures.flatMap(({ points }) => points.map(({ at }) => at)))].sort((a, b) => b - a)
  if (times.length === 0) return nothing
  const shown = spread(times, MOST_ROWS)
  const words = pictures.map(({ points }) => new Map(points.map((point) => [point.at, point.words])))
  return markup`<details id="values"><summary>Values as a table</summary>${table(
    `${shown.length === times.length ? "All samples" : `${shown.length} samples, spread over all of the watch`}, the latest first.`,
    [
      { title: "Time" },
      ...pictures.map(({ name, threshold }) => ({ title: threshold === null ? name : `${name} (${threshold.words})` })),
    ],
    shown.map((at) => [
      moment(clock, new Date(at).toISOString()),
      ...words.map((one) => markup`${one.get(at) ?? "not measured at this time"}`),
    ]),
  )}</details>`
}

/** The first and the last stay. */
function spread<T>(all: readonly T[], most: number): T[] {
  if (all.length <= most) return [...all]
  return all.filter((_, index) => {
    const part = (place: number) => Math.floor((place * (most - 1)) / (all.length - 1))
    return index === 0 || part(index) > part(index - 1)
  })
}
