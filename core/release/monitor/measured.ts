import type { Traffic } from "../../targets/target.js"

/** All counters at one moment. */
export interface Reading {
  readonly traffic: Traffic
  /** null: not reported, or the request failed. */
  readonly payments: { readonly good: number; readonly bad: number } | null
  /** null: not configured, or the database does not answer. */
  readonly connections: { readonly used: number; readonly of: number } | null
}

/** What was counted in some time: between two readings, or in several such spans together. */
export interface Measured extends Pick<Reading, "payments" | "connections"> {
  readonly seconds: number
  readonly answers: readonly { readonly status: number; readonly count: number }[]
  /** Upper bounds in seconds, rising, and how many requests took at most so long. */
  readonly durations: Traffic["durations"]
}

/** Counters restart at 0 with their process: then the whole count belongs to the time after it. */
function since(now: number, before: number): number {
  return now >= before ? now - before : now
}

export function measuredBetween(before: Reading, now: Reading): Measured {
  const start = new Map(before.traffic.requests.map((one) => [`${one.method} ${one.status}`, one.count]))
  const early = new Map(before.traffic.durations.map(({ upTo, count }) => [upTo, count]))
  return {
    seconds: (Date.parse(now.traffic.at) - Date.parse(before.traffic.at)) / 1000,
    answers: now.traffic.requests.map(({ method, status, count }) => ({
      status,
      count: since(count, start.get(`${method} ${status}`) ?? 0),
    })),
    durations: now.traffic.durations.map(({ upTo, count }) => ({ upTo, count: since(count, early.get(upTo) ?? 0) })),
    payments:
      now.payments === null
        ? null
        : {
            good: since(now.payments.good, before.payments?.good ?? 0),
            bad: since(now.payments.bad, before.payments?.bad ?? 0),
          },
    connections: now.connections,
  }
}

/** Both together. Connections are those of the later one: they are no counter. */
export function together(earlier: Measured | null, later: Measured): Measured {
  if (earlier === null) return later
  const durations = new Map(earlier.durations.map(({ upTo, count }) => [upTo, count]))
  for (const { upTo, count } of later.durations) durations.set(upTo, (durations.get(upTo) ?? 0) + count)
  return {
    seconds: earlier.seconds + later.seconds,
    answers: [...earlier.answers, ...later.answers],
    durations: [...durations].map(([upTo, count]) => ({ upTo, count })).sort((one, other) => one.upTo - other.upTo),
    payments:
      earlier.payments === null || later.payments === null
        ? null
        : {
            good: earlier.payments.good + later.payments.good,
            bad: earlier.payments.bad + later.payments.bad,
          },
    connections: later.connections,
  }
}
