/** Rounded down, so that 89.999 never reads 90.00 beside a threshold of 90. */
export function percent(value: number): string {
  // 1.15 * 100 is 114.99999999999999: the addend corrects the binary fraction only
  return `${(Math.floor(value * 100 + 1e-9) / 100).toFixed(2)} %`
}

export function threshold(value: number): string {
  return `${value} %`
}

export function duration(seconds: number): string {
  if (seconds < 0.9995) return `${Math.round(seconds * 1000)} ms`
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`
  const whole = Math.round(seconds)
  const hours = Math.floor(whole / 3600)
  const minutes = Math.floor((whole % 3600) / 60)
  return hours > 0 ? `${hours} h ${minutes} min` : `${minutes} min ${whole % 60} s`
}

/** 2026-03-02T09:14:07.123Z as `2026-03-02 09:14 UTC`. A text that is no date is returned unchanged. */
export function moment(iso: string): string {
  const time = Date.parse(iso)
  if (Number.isNaN(time)) return iso
  return `${new Date(time).toISOString().slice(0, 16).replace("T", " ")} UTC`
}

/** 3, 4, 5, 9 as `3–5, 9`. */
export function lineRanges(lines: number[]): string {
  const ranges: [number, number][] = []
  for (const line of [...lines].sort((a, b) => a - b)) {
    const last = ranges.at(-1)
    if (last !== undefined && line <= last[1] + 1) last[1] = line
    else ranges.push([line, line])
  }
  return ranges.map(([from, to]) => (from === to ? `${from}` : `${from}–${to}`)).join(", ")
}

export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`
}

/** The first twelve digits of a digest. */
export function shortDigest(digest: string): string {
  const digits = digest.slice(digest.indexOf(":") + 1)
  return digits.slice(0, 12)
}

/** In powers of ten, as registries count. Rounded up, so that a size over a limit never reads like the limit. */
export function bytes(value: number): string {
  const units = ["bytes", "kB", "MB", "GB"]
  const power = value < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(value) / 3))
  if (power === 0) return `${value} ${units[0]}`
  // the subtrahend corrects the binary fraction only
  return `${(Math.ceil((value / 1000 ** power) * 10 - 1e-9) / 10).toFixed(1).replace(/\.0$/, "")} ${units[power]}`
}
