/** CPU usage of the load generator and of the whole machine during the measurement. */

export interface Reading {
  /** Milliseconds of the epoch. */
  at: number
  /** CPU time of the generator so far, in milliseconds. */
  generator: number
  /** CPU time of the whole machine so far, in any unit. */
  busy: number
  total: number
}

export interface CpuUse {
  cores: number
  /** Share of all cores, 0 to 1. */
  mean: number
  /** The highest share in any second. */
  peak: number
  /** Share of all cores used by all processes, 0 to 1. */
  machine: number
}

/** Milliseconds per tick of /proc: the kernel reports hundredths of a second. */
const TICK = 10

/** utime and stime of /proc/PID/stat, in milliseconds. The second field, a name in parentheses, may contain spaces. */
export function processTime(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ")
  return (Number(fields[11]) + Number(fields[12])) * TICK
}

/** The first line of /proc/stat. */
export function machineTime(stat: string): { busy: number; total: number } {
  const [user = 0, nice = 0, system = 0, idle = 0, iowait = 0, irq = 0, softirq = 0, steal = 0] = (
    stat.split("\n")[0] ?? ""
  )
    .split(/\s+/)
    .slice(1)
    .map(Number)
  const busy = user + nice + system + irq + softirq + steal
  return { busy, total: busy + idle + iowait }
}

/** null with fewer than two readings in the period. */
export function cpuUse(readings: readonly Reading[], from: number, to: number, cores: number): CpuUse | null {
  const inside = readings.filter(({ at }) => at >= from && at <= to)
  const [first] = inside
  const last = inside.at(-1)
  if (first === undefined || last === undefined || last.at <= first.at) return null
  const share = (one: Reading, other: Reading) => (other.generator - one.generator) / (other.at - one.at) / cores
  let peak = share(first, last)
  for (const [index, start] of inside.entries()) {
    const end = inside.slice(index).find(({ at }) => at - start.at >= 1000)
    if (end !== undefined) peak = Math.max(peak, share(start, end))
  }
  return {
    cores,
    mean: share(first, last),
    peak,
    machine: last.total > first.total ? (last.busy - first.busy) / (last.total - first.total) : 0,
  }
}
