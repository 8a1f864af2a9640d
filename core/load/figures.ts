/** Formats figures. Times are rounded up, so that one over its threshold never reads like the threshold. */
export function time(milliseconds: number): string {
  if (milliseconds < 10) return `${up(milliseconds, 1)} ms`
  if (milliseconds < 1000) return `${up(milliseconds, 0)} ms`
  return `${up(milliseconds / 1000, 2)} s`
}

export function percentOf(value: number): string {
  return `${value === 0 || value >= 99.995 ? Math.round(value) : value.toFixed(value < 10 ? 2 : 1)} %`
}

export function rate(perSecond: number): string {
  return perSecond > 0 && perSecond < 1 ? `${round(perSecond * 60, 1)}/min` : `${round(perSecond, 1)}/s`
}

function up(value: number, digits: number): string {
  const factor = 10 ** digits
  // undoes the error of binary fractions
  return String(Math.ceil(value * factor - 1e-6) / factor)
}

function round(value: number, digits: number): string {
  return String(Number(value.toFixed(digits)))
}
