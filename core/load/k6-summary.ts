import { z } from "zod"

/** k6's own summary, which is compared with the figures computed from its samples. */

const metric = z.object({
  values: z.record(z.string(), z.number().nullable()),
  thresholds: z.record(z.string(), z.object({ ok: z.boolean() })).optional(),
})

const summary = z.object({ metrics: z.record(z.string(), metric) })

export interface K6Scenario {
  requests: number
  failed: number
  dropped: number
  p50: number
  p95: number
  p99: number
  max: number
}

export interface K6Summary {
  scenarios: Record<string, K6Scenario>
  /** Thresholds that k6 reports as crossed. */
  crossed: string[]
}

export type K6SummaryReading = { kind: "read"; summary: K6Summary } | { kind: "unusable"; why: string }

/** @param text null when k6 wrote none */
export function readK6Summary(text: string | null, names: readonly string[]): K6SummaryReading {
  if (text === null) return { kind: "unusable", why: "k6 wrote no summary" }
  const parsed = summary.safeParse(json(text))
  if (!parsed.success)
    return { kind: "unusable", why: `k6's summary is invalid: ${parsed.error.issues[0]?.message ?? ""}` }
  const { metrics } = parsed.data
  const scenarios: Record<string, K6Scenario> = {}
  for (const name of names) {
    const of = (base: string) => metrics[`${base}{scenario:${name}}`]?.values
    const times = of("tollgate_response_time")
    if (times === undefined) return { kind: "unusable", why: `k6's summary does not contain ${name}` }
    const value = (key: string) => times[key] ?? 0
    scenarios[name] = {
      requests: value("count"),
      failed: of("tollgate_failed")?.["passes"] ?? 0,
      dropped: of("dropped_iterations")?.["count"] ?? 0,
      p50: value("p(50)"),
      p95: value("p(95)"),
      p99: value("p(99)"),
      max: value("max"),
    }
  }
  const crossed = Object.entries(metrics).flatMap(([name, { thresholds = {} }]) =>
    Object.entries(thresholds).flatMap(([threshold, { ok }]) => (ok ? [] : [`${name}: ${threshold}`])),
  )
  return { kind: "read", summary: { scenarios, crossed } }
}

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
