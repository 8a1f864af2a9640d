/** A part of a text that may have to be shortened: whole rows only, with the number of those left out. */
export interface Rows {
  before: string
  rows: readonly string[]
  after: string
  /** In place of rows that were left out. */
  more?: string
}

/**
 * Joins the blocks to a text that `size` finds no larger than `limit`. Rows are left out at the end of the largest list first, so that
 * one gate's thousand reasons do not hide another's only one.
 */
export function fitRows(
  blocks: readonly Rows[],
  { limit, size }: { limit: number; size: (text: string) => number },
): string {
  const shown = blocks.map(({ rows }) => rows.length)
  const sizes = blocks.map(({ rows }) => rows.map((row) => size(`${row}\n`)))
  const totals = sizes.map((each) => each.reduce((sum, one) => sum + one, 0))
  for (;;) {
    const joined = join(blocks, shown)
    let excess = size(joined) - limit
    if (excess <= 0 || shown.every((keep) => keep === 0)) return joined
    // the next measure is exact: this loop only has to leave out enough
    while (excess > 0) {
      const largest = totals.indexOf(Math.max(...totals))
      const keep = shown[largest] ?? 0
      if (keep === 0) break
      const freed = sizes[largest]?.[keep - 1] ?? 0
      shown[largest] = keep - 1
      totals[largest] = (totals[largest] ?? 0) - freed
      excess -= freed
    }
  }
}

function join(blocks: readonly Rows[], shown: readonly number[]): string {
  const texts = blocks.map(({ before, rows, after, more }, index) => {
    const keep = shown[index] ?? 0
    const left = rows.length - keep
    const kept = [...rows.slice(0, keep), ...(left === 0 ? [] : [more ?? `and ${left} more in the report`])]
    return [before, ...kept, after].filter((part) => part !== "").join("\n")
  })
  return `${texts.filter((text) => text !== "").join("\n\n")}\n`
}
