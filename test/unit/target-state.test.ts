import { describe, expect, it } from "vitest"
import { parseSettings } from "../../core/config/parse.js"
import { targetOf } from "../../core/config/target.js"
import { commandFailure } from "../../core/targets/compose/failure.js"
import { parseMetrics, sumCounted } from "../../core/targets/compose/metrics.js"
import { planOf } from "../../core/targets/compose/plan.js"
import { runningOf } from "../../core/targets/compose/running.js"
import { parseState, routesOf } from "../../core/targets/compose/state.js"
import { fenceLine } from "../../core/targets/fence.js"

const settings = parseSettings(
  "qa: { runner: tests/qa.py, suites: { e2e: { files: [tests/test_a.py] } } }\nrelease: { name: shop }",
)
const given = targetOf("sandbox", undefined)
if (given.kind === "none") throw new Error("the sandbox has a target")
const plan = planOf(settings, given)

interface Made {
  release: string
  process?: string
  status?: string
  code?: number
  restarts?: number
  health?: string
  colour?: string
  job?: string
}

function container({
  release,
  process = "web",
  status = "running",
  code = 0,
  restarts = 0,
  health,
  colour = "blue",
  job,
}: Made): string {
  return JSON.stringify({
    name: `/shop-${process}-${release}`,
    labels: {
      "tollgate.service": "shop",
      "tollgate.release": release,
      "tollgate.process": process,
      "tollgate.version": `v-${release}`,
      "tollgate.image": "r/shop@sha256:11",
      "tollgate.config": "abc",
      "tollgate.colour": colour,
      ...(job === undefined ? {} : { "tollgate.job": job }),
    },
    state: {
      Status: status,
      ExitCode: code,
      OOMKilled: false,
      StartedAt: "2026-11-22T10:00:00Z",
      ...(health === undefined ? {} : { Health: { Status: health } }),
    },
    restarts,
    created: "2026-11-22T10:00:00Z",
    networks: { tollgate: { IPAddress: status === "running" ? "172.18.0.5" : "" } },
    image: "r/shop@sha256:11",
  })
}

const PROXY = JSON.stringify({
  name: "/tollgate-proxy",
  labels: { "tollgate.settings": "s" },
  state: { Status: "running", ExitCode: 0, OOMKilled: false, StartedAt: "" },
  restarts: 0,
  created: "",
  networks: { tollgate: { IPAddress: "172.18.0.2" } },
  image: "basecamp/kamal-proxy:v0.9.2",
})
const HEADER =
  "\u001b[3;94mService\u001b[0m  \u001b[3;94mHost\u001b[0m  \u001b[3;94mPath\u001b[0m  \u001b[3;94mTarget\u001b[0m  \u001b[3;94mState\u001b[0m  \u001b[3;94mTLS\u001b[0m  \n"
const routed = (target: string, state = "running") =>
  `${HEADER}\u001b[1;34mshop\u001b[0m     \u001b[m*\u001b[0m     \u001b[m/\u001b[0m     \u001b[m${target}:8000\u001b[0m  \u001b[m${state}\u001b[0m  \u001b[mno\u001b[0m   \n`

function printed({
  proxy = PROXY,
  routes = HEADER,
  switched = "",
  containers = [],
  maintenance = "",
  fence = "",
}: {
  proxy?: string
  routes?: string
  switched?: string
  containers?: string[]
  maintenance?: string
  fence?: string
}): string {
  return `@@tollgate containers\n${[proxy, ...containers].join("\n")}\n@@tollgate switched\n${switched}@@tollgate routes\n${routes}@@tollgate maintenance\n${maintenance}\n@@tollgate fence\n${fence}`
}

const at = (place: string, text: string) => ({ host: { place }, state: parseState(text, plan) })

describe("what a host says", () => {
  it("is nothing, when nothing is there", () => {
    const running = runningOf([at("a", printed({ proxy: "", routes: "Error: No such container: tollgate-proxy\n" }))])
    expect(running).toEqual({
      live: { kind: "none" },
      retained: [],
      candidates: [],
      maintenance: { kind: "off" },
      places: [{ place: "a", proxy: { kind: "absent" }, release: null }],
      claimed: null,
    })
  })

  it("tells the live release by where the proxy sends the traffic, the retained by when they had it, and the candidates", () => {
    const running = runningOf([
      at(
        "a",
        printed({
          routes: routed("shop-web-r3"),
          switched: "r1 2026-11-22T10:00:00.1Z\nr2 2026-11-22T11:00:00.1Z\nr3 2026-11-22T12:00:00.1Z\n",
          containers: [
            container({ release: "r1", status: "exited" }),
            container({ release: "r2", colour: "green" }),
            container({ release: "r3", health: "healthy" }),
            container({ release: "r3", process: "worker" }),
            container({ release: "r4", status: "restarting", code: 3, restarts: 2 }),
            container({ release: "r4", process: "job", job: "migrate" }),
          ],
        }),
      ),
    ])
    expect(running.live).toMatchObject({
      kind: "live",
      instance: {
        release: "r3",
        version: "v-r3",
        digest: "sha256:11",
        replicas: [{ process: "web", state: { kind: "running", check: "healthy" } }, { process: "worker" }],
      },
    })
    expect(running.retained.map(({ release }) => release)).toEqual(["r2", "r1"])
    expect(running.candidates).toMatchObject([
      {
        release: "r4",
        switchedAt: null,
        replicas: [{ process: "web", state: { kind: "restarting", code: 3, restarts: 2 } }],
      },
    ])
  })

  it("is not believed to be ours when the proxy sends the traffic elsewhere", () => {
    expect(
      runningOf([at("a", printed({ routes: routed("legacy-app"), containers: [container({ release: "r1" })] }))]).live,
    ).toEqual({ kind: "foreign", place: "a", to: "legacy-app" })
  })

  it("is reported as split when hosts differ", () => {
    const both = [container({ release: "r1" }), container({ release: "r2" })]
    const running = runningOf([
      at("a", printed({ routes: routed("shop-web-r2"), containers: both })),
      at("b", printed({ routes: routed("shop-web-r1"), containers: both })),
    ])
    expect(running.live).toMatchObject({
      kind: "split",
      at: [
        { place: "a", release: "r2" },
        { place: "b", release: "r1" },
      ],
      instances: [{ release: "r1" }, { release: "r2" }],
    })
    expect(running.retained).toEqual([])
    expect(running.candidates).toEqual([])
  })

  it("has the message of maintenance, as it was written", () => {
    const text = printed({
      routes: routed("shop-web-r1", "stopped"),
      containers: [container({ release: "r1" })],
      maintenance: "Back at 9.\nSorry",
    })
    expect(runningOf([at("a", text)]).maintenance).toEqual({ kind: "on", message: "Back at 9.\nSorry" })
  })

  it("has the latest time at which maintenance mode ended, and none while it is on anywhere", () => {
    const host = (state: string, maintenance: string) => {
      const containers = [container({ release: "r1" })]
      return at("a", printed({ routes: routed("shop-web-r1", state), containers, maintenance }))
    }
    const early = host("running", "2026-11-30T00:00:20.1Z")
    const late = host("running", "2026-11-30T00:00:21.5Z")
    expect(runningOf([early, late, host("running", "")]).maintenance).toEqual({
      kind: "off",
      ended: "2026-11-30T00:00:21.5Z",
    })
    expect(runningOf([early, host("stopped", "Back at 9")]).maintenance).toEqual({ kind: "on", message: "Back at 9" })
  })

  it("names the run that claimed the target last, with the highest token of all hosts", () => {
    const claimedBy = (token: number, who: string) => {
      const since = "2026-11-29T10:00:00.000Z"
      return `${fenceLine({ token, granted: token, run: "R1", command: "deploy", who, owner: "ci-1", since })}\n`
    }
    const [low, high] = [printed({ fence: claimedBy(7, "Mei Lin") }), printed({ fence: claimedBy(12, 'Bo "B" Chen') })]
    for (const texts of [
      [low, high, printed({})],
      [printed({}), high, low],
    ])
      expect(runningOf(texts.map((text) => at("a", text))).claimed).toMatchObject({ token: 12, who: 'Bo "B" Chen' })
  })

  it("says why a proxy is down", () => {
    const down = PROXY.replace('"running"', '"exited"').replace('"ExitCode":0', '"ExitCode":2')
    expect(parseState(printed({ proxy: down }), plan)).toMatchObject({
      proxy: { kind: "down", why: "its container is exited, exit code 2" },
      traffic: null,
    })
    expect(
      parseState(printed({ routes: "Error: dial unix /tmp/kamal-proxy.sock: connect: connection refused\n" }), plan),
    ).toMatchObject({ proxy: { kind: "down" } })
  })

  it("is an error when it breaks off in the middle, not an empty host", () => {
    expect(() => parseState("@@tollgate proxy\n", plan)).toThrow("did not say anything of containers")
  })

  it("is read from the proxy's table whatever its colours", () => {
    expect(routesOf(routed("shop-web-r1"))).toEqual([{ service: "shop", target: "shop-web-r1:8000", state: "running" }])
    expect(routesOf(HEADER)).toEqual([])
  })
})

describe("the proxy's counters", () => {
  const text = [
    "# TYPE kamal_proxy_http_requests_total counter",
    'kamal_proxy_http_requests_total{method="GET",service="shop",status="200"} 12',
    'kamal_proxy_http_requests_total{method="POST",service="shop",status="502"} 1',
    'kamal_proxy_http_requests_total{method="GET",service="other",status="200"} 99',
    'kamal_proxy_http_request_duration_seconds_bucket{method="GET",service="shop",status="200",le="0.005"} 10',
    'kamal_proxy_http_request_duration_seconds_bucket{method="GET",service="shop",status="200",le="+Inf"} 12',
    'kamal_proxy_http_request_duration_seconds_bucket{method="POST",service="shop",status="502",le="+Inf"} 1',
  ].join("\n")

  it("are those of the service alone, over all hosts", () => {
    const one = parseMetrics(text, "shop") ?? { requests: [], durations: [] }
    expect(one).toEqual({
      requests: [
        { method: "GET", status: 200, count: 12 },
        { method: "POST", status: 502, count: 1 },
      ],
      durations: [
        { upTo: 0.005, count: 10 },
        { upTo: Infinity, count: 13 },
      ],
    })
    expect(parseMetrics(text.replace("} 12", "} many"), "shop")).toBeNull()
    expect(sumCounted([one, one])).toMatchObject({
      requests: [{ count: 24 }, { count: 2 }],
      durations: [{ count: 20 }, { count: 26 }],
    })
  })
})

describe("a failure on a host is named", () => {
  const failure = (code: number, stderr: string) =>
    commandFailure("app1", { what: "fetch the image x", script: "", seconds: 1 }, { code, stdout: "", stderr }).kind

  it.each([
    ["no-space", 72, "write /var/lib/docker/tmp/x: no space left on device"],
    ["refused", 1, "sudo: a password is required"],
    ["registry-login", 71, "Error response from daemon: Get https://r/v2/: unauthorized"],
    ["registry-pull", 72, "manifest unknown"],
    ["image-no-shell", 73, 'exec: "/bin/sh": stat /bin/sh: no such file or directory'],
    ["never-healthy", 1, "Error: target failed to become healthy within configured timeout (20s)"],
    ["failed", 75, ""],
    ["failed", 127, "sh: 1: docker: not found"],
  ])("%s: exit code %i, %s", (kind, code, stderr) => {
    expect(failure(code, stderr)).toBe(kind)
  })
})
