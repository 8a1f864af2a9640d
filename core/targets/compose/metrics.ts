import type { RequestCount } from "../target.js"

/** kamal-proxy's own counters, in Prometheus' text format, of one service. */
export interface Counted {
  requests: RequestCount[]
  durations: { upTo: number; count: number }[]
}

/** null: a count of the service is no number. */
export function parseMetrics(text: string, service: string): Counted | null {
  const requests: RequestCount[] = []
  const durations = new Map<number, number>()
  for (const line of text.split("\n")) {
    const [, name = "", inside = "", value = ""] = /^(\w+)\{(.*)\}\s+(\S+)$/.exec(line) ?? []
    if (name === "") continue
    const labels = new Map(
      [...inside.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, key = "", text = ""]) => [key, text]),
    )
    if (labels.get("service") !== service) continue
    const count = Number(value)
    if (name.startsWith("kamal_proxy_http_request") && !Number.isFinite(count)) return null
    if (name === "kamal_proxy_http_requests_total")
      requests.push({ method: labels.get("method") ?? "", status: Number(labels.get("status")), count })
    if (name === "kamal_proxy_http_request_duration_seconds_bucket") {
      const bound = labels.get("le") === "+Inf" ? Infinity : Number(labels.get("le"))
      durations.set(bound, (durations.get(bound) ?? 0) + count)
    }
  }
  return {
    requests,
    durations: [...durations].sort(([one], [other]) => one - other).map(([upTo, count]) => ({ upTo, count })),
  }
}

/** Of all places together. */
export function sumCounted(all: readonly Counted[]): Counted {
  const requests = new Map<string, RequestCount>()
  const durations = new Map<number, number>()
  for (const one of all) {
    for (const { method, status, count } of one.requests) {
      const key = `${method} ${status}`
      requests.set(key, { method, status, count: (requests.get(key)?.count ?? 0) + count })
    }
    for (const { upTo, count } of one.durations) durations.set(upTo, (durations.get(upTo) ?? 0) + count)
  }
  return {
    requests: [...requests.values()],
    durations: [...durations].sort(([one], [other]) => one - other).map(([upTo, count]) => ({ upTo, count })),
  }
}
