/**
 * Requests needed to judge a percentile with 95 % confidence. With fewer, even the slowest may be below the true percentile (the
 * smallest n with 1 − pⁿ ≥ 0.95; S. S. Wilks, "Determination of sample sizes for setting tolerance limits", 1941).
 */
export function leastRequests(percent: number): number {
  return Math.ceil(Math.log(0.05) / Math.log(percent / 100))
}

/**
 * The percentile of sorted values, interpolated linearly between the nearest ranks, as k6 computes it.
 */
export function percentileOf(sorted: ArrayLike<number>, percent: number): number {
  const place = (percent / 100) * (sorted.length - 1)
  const below = sorted[Math.floor(place)] ?? 0
  const above = sorted[Math.ceil(place)] ?? 0
  return below + (above - below) * (place - Math.floor(place))
}
