import { randomUUID } from "node:crypto"
import { CacheSharingMode, dag, ReturnType, type Service } from "@dagger.io/dagger"
import { z } from "zod"

/** What k6 counted. */
export interface Served {
  requests: number
  /** Not answered, or not with what was asked for. */
  failed: number
  /** What the first of those got, and when. */
  failures: string[]
  /** That k6 could not even send at its rate: then nothing is proven. */
  notSent: number
  /** Milliseconds. */
  p95: number
  longest: number
}

const counted = z.object({
  requests: z.number(),
  failed: z.number(),
  notSent: z.number(),
  p95: z.number(),
  longest: z.number(),
})

const script = (url: string, rate: number, contains: string) => `
import http from "k6/http"
import { Rate } from "k6/metrics"
const wrong = new Rate("wrong")
export const options = {
  discardResponseBodies: false,
  scenarios: { customers: { executor: "constant-arrival-rate", rate: ${rate}, timeUnit: "1s", duration: "60m", preAllocatedVUs: ${rate * 2}, maxVUs: ${rate * 6}, gracefulStop: "10s" } },
}
export default function () {
  const answer = http.get("${url}")
  // requests that k6 cancels itself when it ends say nothing about the service
  const failed = answer.error !== "context canceled" && (answer.status !== 200 || !String(answer.body).includes("${contains}"))
  wrong.add(failed)
  if (failed) console.error(\`got \${answer.status} after \${Math.round(answer.timings.duration)} ms: \${answer.error} \${String(answer.body).slice(0, 80)}\`)
}
export function handleSummary({ metrics }) {
  const value = (name, key) => (metrics[name] ? metrics[name].values[key] : 0)
  return { "/tmp/served.json": JSON.stringify({
    requests: value("http_reqs", "count"), failed: value("wrong", "passes"), notSent: value("dropped_iterations", "count"),
    p95: value("http_req_duration", "p(95)"), longest: value("http_req_duration", "max"),
  }) }
}
`

/**
 * k6 asks one page of a host at a constant rate until it is told to end.
 *
 * @param host a sandbox that this very test has made: nothing else may be aimed at
 */
export function k6Customers(
  host: Service,
  { rate, path, contains, port = 80 }: { rate: number; path: string; contains: string; port?: number },
): () => Promise<Served> {
  const id = randomUUID()
  // a file on a volume that both see is how one container of the engine tells another something
  const flags = dag.cacheVolume("tollgate-test-flags")
  const shared = { sharing: CacheSharingMode.Shared }
  const running = dag
    .container()
    .from("grafana/k6:1.3.0")
    .withUser("root")
    .withServiceBinding("host", host)
    .withMountedCache("/flags", flags, shared)
    .withNewFile("/script.js", script(`http://host:${port}${path}`, rate, contains))
    .withEnvVariable("TOLLGATE_RUN", id)
    .withExec(
      [
        "sh",
        "-c",
        `k6 run --quiet /script.js >/tmp/said 2>&1 & k6=$!; until [ -e /flags/${id} ] || ! kill -0 $k6 2>/dev/null; do sleep 0.2; done; kill -INT $k6 2>/dev/null; wait $k6; rm -f /flags/${id}; cat /tmp/served.json || cat /tmp/said >&2; echo; grep -F 'msg="got ' /tmp/said | head -20`,
      ],
      { expect: ReturnType.Any },
    )
    .stdout()
  running.catch(() => undefined)
  return async () => {
    await dag
      .container()
      .from("debian:bookworm-slim")
      .withMountedCache("/flags", flags, shared)
      .withEnvVariable("TOLLGATE_RUN", id)
      .withExec(["touch", `/flags/${id}`])
      .sync()
    const [summary = "", ...failures] = (await running).trim().split("\n")
    return { ...counted.parse(JSON.parse(summary)), failures }
  }
}
