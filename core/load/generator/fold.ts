import { binOf, EDGES } from "../bins.js"
import { percentileOf } from "../percentile.js"

/**
 * k6's samples, one line of CSV each, to the figures of a scenario. Only what was sent after the warm-up counts. Runs inside the
 * generator's container, where the samples are: they may be far more than anybody wants to move.
 */

export interface Figures {
  /** Requests that were begun and have an end: a right answer, a wrong one, or none in time. */
  requests: number
  failed: number
  /** Requests that were due and not begun, because every virtual user was waiting for an answer. */
  dropped: number
  /** Milliseconds, all requests: one that failed counts as the time-out. null: there was none. */
  times: Times | null
  failures: Failure[]
  /** By name: how many of the answers broke this check. */
  brokenChecks: Record<string, number>
  seconds: Second[]
  /** Of right answers alone. */
  histogram: Bin[]
  /** Milliseconds between when requests were due and when they were begun: the generator's own doing, not the service's. */
  late: { p95: number; max: number }
  /** When the first second after the warm-up began, in milliseconds of the epoch. */
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
  /** The status, the first broken check, k6's code of the error; empty for a time-out. */
  detail: string
  count: number
  /** Milliseconds after the warm-up at which the first such request began. */
  firstAt: number
}

/** Requests by the second in which they began. */
export interface Second {
  requests: number
  failed: number
  dropped: number
  p50: number
  p95: number
}

export interface Bin {
  /** Milliseconds: from this, up to and without the next. */
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
  /** Seconds: each of them has its place in the series, also one without a request. */
  duration: number
}

export class Fold {
  private columns: Map<string, number> | null = null
  private readonly scenarios: Map<string, ScenarioFold>

  constructor(scenarios: readonly ScenarioShape[]) {
    this.scenarios = new Map(scenarios.map((scenario) => [scenario.name, new ScenarioFold(scenario)]))
  }

  /** One line of the file, the first of which names the columns. */
  add(line: string): void {
    if (this.columns === null) {
      this.columns = new Map(line.split(",").map((name, index) => [name, index]))
      return
    }
    if (!line.startsWith("tollgate_") && !line.startsWith("dropped_iterations,")) return
    // no value of ours has a comma or a quote in it
    const cells = line.split(",")
    const cell = (name: string): string => cells[this.columns?.get(name) ?? -1] ?? ""
    const scenario = this.scenarios.get(cell("scenario"))
    // the warm-up's samples bear another name
    if (scenario === undefined) return
    const tags = pairs(cell("extra_tags"))
    const value = Number(cell("metric_value"))
    switch (cells[0]) {
      case "tollgate_response_time":
        return scenario.request(value, tags, pairs(cell("metadata")))
      case "tollgate_broken_checks":
        return scenario.brokenCheck(tags.get("check") ?? "", value)
      case "dropped_iterations":
        return scenario.drop(Number(cell("timestamp")), value)
    }
  }

  figures(): Record<string, Figures> {
    return Object.fromEntries([...this.scenarios].map(([name, fold]) => [name, fold.figures()]))
  }
}

class ScenarioFold {
  private readonly samples: Sample[] = []
  private readonly failures = new Map<string, Failure>()
  private readonly broken: Record<string, number> = {}
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

  brokenCheck(name: string, count: number): void {
    this.broken[name] = (this.broken[name] ?? 0) + count
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
      brokenChecks: this.broken,
      seconds: this.secondsOf(this.shape.duration),
      histogram: histogramOf(sortedTimes(samples.filter(({ failed }) => !failed))),
      late: this.lateness(),
      startedAt,
    }
  }

  /** The arrival rate says when each of them was due, sent or not. */
  private lateness(): { p95: number; max: number } {
    const { count, seconds } = this.shape.rate
    const begun = [...this.samples.map(({ began }) => began), ...this.drops.map(([at]) => at - (this.startedAt ?? at))].sort((one, other) => one - other)
    const late = Float64Array.from(begun, (at, index) => Math.max(0, at - (index * seconds * 1000) / count)).sort()
    return { p95: percentileOf(late, 95), max: late[late.length - 1] ?? 0 }
  }

  private secondsOf(duration: number): Second[] {
    const bySecond: Sample[][] = Array.from({ length: duration }, () => [])
    // the last request may begin in the same millisecond as the end
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
  return new Map(text.split("&").map((pair): [string, string] => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)]))
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

/** From the fastest answer's to the slowest's, without a gap. */
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
