import { percentileOf } from "../../shared/percentile.js"
import { binOf, EDGES } from "../bins.js"

/**
 * Aggregates k6's samples, one CSV line each, to the figures of a scenario. Requests of the warm-up do not count. Runs in the
 * generator's container, because there may be too many samples to move.
 */

export interface Figures {
  /** Completed requests: correct, wrong or timed out. */
  requests: number
  failed: number
  /** Requests that were due but not sent, because all virtual users were waiting for answers. */
  dropped: number
  /** Milliseconds, over all requests; a failed one counts as the time-out. null without requests. */
  times: Times | null
  failures: Failure[]
  /** Number of answers that failed each check, by name. */
  failedChecks: Record<string, number>
  seconds: Second[]
  /** Of correct answers only. */
  histogram: Bin[]
  /** Milliseconds by which the generator sent requests too late. */
  late: { p95: number; max: number }
  /** End of the warm-up, in milliseconds of the epoch. */
  startedAt: number | null
}

export interface Times {
  min: number
  mean: number
  p50: number
  p90: number
  p95: number
  p99: number
  max: number
}

export type FailureKind = "timeout" | "connection" | "status" | "check"

export interface Failure {
  kind: FailureKind
  /** The status, the first failed check or k6's error code; empty for a time-out. */
  detail: string
  count: number
  /** Start of the first such request, in milliseconds after the warm-up. */
  firstAt: number
}

/** Requests by the second in which they started. */
export interface Second {
  requests: number
  failed: number
  dropped: number
  p50: number
  p95: number
}

export interface Bin {
  /** Milliseconds, from inclusive to exclusive. */
  from: number
  to: number
  count: number
}

interface Sample {
  began: number
  time: number
  failed: boolean
}

export interface ScenarioShape {
  name: string
  rate: { count: number; seconds: number }
  /** Seconds. Each one is in the series, also without requests. */
  duration: number
}

export class Fold {
  private columns: Map<string, number> | null = null
  private readonly scenarios: Map<string, ScenarioFold>

  constructor(scenarios: readonly ScenarioShape[]) {
    this.scenarios = new Map(scenarios.map((scenario) => [scenario.name, new ScenarioFold(scenario)]))
  }

  /** One line of the file; the first is the header. */
  add(line: string): void {
    if (this.columns === null) {
      this.columns = new Map(line.split(",").map((name, index) => [name, index]))
      return
    }
    if (!line.startsWith("tollgate_") && !line.startsWith("dropped_iterations,")) return
    // none of our values contains a comma or a quote
    const cells = line.split(",")
    const cell = (name: string): string => cells[this.columns?.get(name) ?? -1] ?? ""
    const scenario = this.scenarios.get(cell("scenario"))
    // the warm-up's samples have another scenario name
    if (scenario === undefined) return
    const tags = pairs(cell("extra_tags"))
    const value = Number(cell("metric_value"))
    switch (cells[0]) {
      case "tollgate_response_time":
        scenario.request(value, tags, pairs(cell("metadata")))
        break
      case "tollgate_failed_checks":
        scenario.failedCheck(tags.get("check") ?? "", value)
        break
      case "dropped_iterations":
        scenario.drop(Number(cell("timestamp")), value)
        break
    }
  }

  figures(): Record<string, Figures> {
    return Object.fromEntries([...this.scenarios].map(([name, fold]) => [name, fold.figures()]))
  }
}

class ScenarioFold {
  private readonly samples: Sample[] = []
  private readonly failures = new Map<string, Failure>()
  private readonly byCheck: Record<string, number> = {}
  private readonly drops: [at: number, count: number][] = []
  private startedAt: number | null = null
  private readonly shape: ScenarioShape

  constructor(shape: ScenarioShape) {
    this.shape = shape
  }

  request(time: number, tags: Map<string, string>, metadata: Map<string, string>): void {
    const began = Number(metadata.get("began"))
    const outcome = tags.get("outcome")
    this.startedAt ??= Number(metadata.get("start"))
    this.samples.push({ began, time, failed: outcome !== "right" })
    if (outcome === "right") return
    const kind = kindOf(outcome)
    const detail = tags.get("detail") ?? ""
    const failure = this.failures.get(`${kind} ${detail}`)
    if (failure === undefined) this.failures.set(`${kind} ${detail}`, { kind, detail, count: 1, firstAt: began })
    else {
      failure.count += 1
      failure.firstAt = Math.min(failure.firstAt, began)
    }
  }

  failedCheck(name: string, count: number): void {
    this.byCheck[name] = (this.byCheck[name] ?? 0) + count
  }

  drop(at: number, count: number): void {
    this.drops.push([at, count])
  }

  figures(): Figures {
    const { samples, startedAt } = this
    const sorted = sortedTimes(samples)
    return {
      requests: samples.length,
      failed: samples.filter(({ failed }) => failed).length,
      dropped: this.drops.reduce((sum, [, count]) => sum + count, 0),
      times: sorted.length === 0 ? null : timesOf(sorted),
      failures: [...this.failures.values()].sort((one, other) => other.count - one.count),
      failedChecks: this.byCheck,
      seconds: this.secondsOf(this.shape.duration),
      histogram: histogramOf(sortedTimes(samples.filter(({ failed }) => !failed))),
      late: this.lateness(),
      startedAt,
    }
  }

  /** The arrival rate determines when each request was due. */
  private lateness(): { p95: number; max: number } {
    const { count, seconds } = this.shape.rate
    const begun = [
      ...this.samples.map(({ began }) => began),
      ...this.drops.map(([at]) => at - (this.startedAt ?? at)),
    ].sort((one, other) => one - other)
    const late = Float64Array.from(begun, (at, index) => Math.max(0, at - (index * seconds * 1000) / count)).sort()
    return { p95: percentileOf(late, 95), max: late[late.length - 1] ?? 0 }
  }

  private secondsOf(duration: number): Second[] {
    const bySecond: Sample[][] = Array.from({ length: duration }, () => [])
    // the last request may start in the last millisecond
    const place = (at: number) => Math.min(Math.max(0, Math.floor(at / 1000)), duration - 1)
    for (const sample of this.samples) bySecond[place(sample.began)]?.push(sample)
    const dropped = bySecond.map(() => 0)
    if (this.startedAt !== null) {
      for (const [at, count] of this.drops) {
        const second = place(at - this.startedAt)
        dropped[second] = (dropped[second] ?? 0) + count
      }
    }
    return bySecond.map((samples, second) => {
      const sorted = sortedTimes(samples)
      return {
        requests: samples.length,
        failed: samples.filter(({ failed }) => failed).length,
        dropped: dropped[second] ?? 0,
        p50: percentileOf(sorted, 50),
        p95: percentileOf(sorted, 95),
      }
    })
  }
}

function kindOf(outcome: string | undefined): FailureKind {
  switch (outcome) {
    case "timeout":
    case "status":
    case "check":
      return outcome
    default:
      return "connection"
  }
}

function pairs(text: string): Map<string, string> {
  return new Map(
    text
      .split("&")
      .map((pair): [string, string] => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)]),
  )
}

function sortedTimes(samples: Sample[]): Float64Array {
  return Float64Array.from(samples, ({ time }) => time).sort()
}

function timesOf(sorted: Float64Array): Times {
  const at = (percent: number) => percentileOf(sorted, percent)
  return {
    min: sorted[0] ?? 0,
    mean: sorted.reduce((sum, time) => sum + time, 0) / sorted.length,
    p50: at(50),
    p90: at(90),
    p95: at(95),
    p99: at(99),
    max: sorted[sorted.length - 1] ?? 0,
  }
}

/** All bins from the fastest answer to the slowest. */
function histogramOf(sorted: Float64Array): Bin[] {
  if (sorted.length === 0) return []
  const counts = EDGES.map(() => 0)
  for (const time of sorted) {
    const bin = binOf(time)
    counts[bin] = (counts[bin] ?? 0) + 1
  }
  const first = binOf(sorted[0] ?? 0)
  const last = binOf(sorted[sorted.length - 1] ?? 0)
  return Array.from({ length: last - first + 1 }, (_, index) => {
    const bin = first + index
    return { from: EDGES[bin] ?? 0, to: EDGES[bin + 1] ?? Number.MAX_SAFE_INTEGER, count: counts[bin] ?? 0 }
  })
}
