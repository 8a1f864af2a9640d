import { type Markup, markup, nothing } from "../../presentation/html-markup.js"
import { table } from "../../presentation/html-table.js"
import type { Pictures } from "../model/pictures.js"
import { type Clock, moment } from "./time.js"

/** What the pictures show, for people who cannot see or hover them. */
export function valuesTable({ pictures, rows, allRows }: Pictures, clock: Clock): Markup {
  if (rows.length === 0) return nothing
  const columns = pictures.map(({ name, threshold }) => (threshold === null ? name : `${name} (${threshold.words})`))
  return markup`<details id="values"><summary>Values as a table</summary>${table(
    `${rows.length === allRows ? "All samples" : `${rows.length} of ${allRows} samples, spread over all of the watch`}, the latest first.`,
    ["Time", ...columns].map((title) => ({ title })),
    rows.map(({ at, words }) => [moment(clock, new Date(at).toISOString()), ...words.map((one) => markup`${one}`)]),
  )}</details>`
}
