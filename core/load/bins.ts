/** Edges of the histogram's bins in milliseconds: six bins per power of ten. */
const STEPS = [1, 1.5, 2, 3, 5, 7]

export const EDGES: readonly number[] = [
  0,
  ...[0.1, 1, 10, 100, 1000, 10_000, 100_000].flatMap((decade) =>
    STEPS.map((step) => Number((step * decade).toPrecision(2))),
  ),
]

/** The bin that a time falls into. */
export function binOf(time: number): number {
  return EDGES.findLastIndex((edge) => edge <= time)
}

/** Position of a time among bins drawn equally wide: 3.5 is the middle of the fourth. */
export function placeOf(time: number): number {
  const bin = binOf(time)
  const from = EDGES[bin] ?? 0
  const to = EDGES[bin + 1] ?? from * 2
  return bin + (time - from) / (to - from)
}
