export interface Row {
  what: string
  seconds: number[]
  /** Its ratio is against this row's median. */
  against?: Row
  /** The most the ratio, or without `against` the seconds, should be. */
  goal?: number
}

export function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2
}

/** A Markdown table; a goal that is missed says so and fails nothing: timings are no assertions. */
export function table(rows: Row[]): string {
  const lines = rows.map((row) => {
    const took = median(row.seconds)
    const ratio = row.against === undefined ? null : took / median(row.against.seconds)
    const goal = row.goal === undefined ? "" : ratio === null ? `≤ ${row.goal} s` : `≤ ${row.goal} ×`
    const met = row.goal === undefined ? "" : (ratio ?? took) <= row.goal ? " met" : " missed"
    const range =
      row.seconds.length > 1 ? ` (${Math.min(...row.seconds).toFixed(1)}–${Math.max(...row.seconds).toFixed(1)})` : ""
    return `| ${row.what} | ${took.toFixed(1)} s${range} | ${ratio === null ? "" : `${ratio.toFixed(2)} ×`} | ${goal}${met} |`
  })
  return ["| what | median (range) | ratio | goal |", "|---|---|---|---|", ...lines].join("\n")
}
