import { spawn } from "node:child_process"
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { dag } from "@dagger.io/dagger"
import { afterAll, describe, expect, test } from "vitest"
import { proveLoad } from "../../core/load/prove.js"
import { reasonsOf } from "../../core/load/result.js"
import { loadScreen } from "../../core/load/screen.js"
import { dagger } from "./dagger-call.js"
import { newRun } from "./load-service.js"
import { useEngine } from "./session.js"

useEngine()

const ROOT = fileURLToPath(new URL("../..", import.meta.url))
const LAUNCHER = join(ROOT, "bin/tollgate.mjs")
const folder = mkdtempSync(join(tmpdir(), "tollgate-load-image-"))

afterAll(() => rmSync(folder, { recursive: true, force: true }))

const SETTINGS = `
qa:
  runner: a.py
  services: { postgres: false, redis: false }
  suites: { e2e: { files: [a.py] } }
image:
  startTimeout: 5s
  env: { BEHAVIOUR: well }
load:
  warmUp: 1s
  timeout: 4s
  scenarios:
    orders: { path: /orders, rate: 20/s, duration: 2s, checks: { answer: { json: status, equals: ok } }, thresholds: { p50: 3s } }
`

/** A repository whose image is the misbehaving service, with a Dockerfile of its own. */
function repository(name: string, change: (settings: string) => string = (same) => same): string {
  const path = join(folder, name)
  mkdirSync(path)
  cpSync(new URL("fixtures/load/service.py", import.meta.url), join(path, "service.py"))
  writeFileSync(
    join(path, "Dockerfile"),
    'FROM python:3.11-slim\nCOPY service.py /service.py\nUSER 10001\nCMD ["python", "-u", "/service.py"]\n',
  )
  writeFileSync(join(path, "tollgate.yaml"), change(SETTINGS))
  return path
}

function prove(path: string) {
  return proveLoad(dag.host().directory(path), {
    scenarios: [],
    run: newRun(),
    url: "",
    confirm: "",
    secrets: undefined,
  })
}

describe.concurrent("the built image", () => {
  test("is started with what load adds to its environment, after the commands of image and load", async () => {
    const { result } = await prove(
      repository("prepared", (settings) =>
        settings
          .replace("env: { BEHAVIOUR: well }", 'env: { BEHAVIOUR: wrong-body }\n  before: ["echo one > /tmp/one"]')
          .replace(
            "  warmUp",
            '  env: { BEHAVIOUR: well, PATTERN: "/users/{{id}}" }\n  before: ["test $(cat /tmp/one) = one", "test $PATTERN = /users/{id}"]\n  warmUp',
          ),
      ),
    )
    expect(reasonsOf(result)).toEqual([])
    expect(loadScreen(result, { report: "here" })).toMatch(
      /the image of \. · source [0-9a-f]{12}[^]*PASSED: 1 scenario, 3 thresholds passed/,
    )
  })

  test("that dies under the load is red by its own end, with what it printed last", async () => {
    const { result } = await prove(
      repository("dies", (settings) =>
        settings.replace("BEHAVIOUR: well", "BEHAVIOUR: dies, DIES_AT: 45").replace("duration: 2s", "duration: 3s"),
      ),
    )
    expect(result.reasons).toMatchObject([{ code: "service-ended" }])
    expect(result.reasons[0]?.message).toMatch(/^the service exited 1 \d+\.\d s after the warm-up$/)
    expect(result.scenarios[0]?.failures.map(({ kind }) => kind)).toContain("connection")
    expect(result.serviceOutput).toContain("going down")
    expect(loadScreen(result, { report: "here" })).toMatch(
      /FAILED: the service exited 1 .* after the warm-up; \d of 3 thresholds failed/,
    )
  })

  test("that is never healthy is not loaded", async () => {
    const { result } = await prove(
      repository("unhealthy", (settings) =>
        settings
          .replace("startTimeout: 5s", "startTimeout: 2s\n  health: /orders")
          .replace("BEHAVIOUR: well", "BEHAVIOUR: redirects-to-login"),
      ),
    )
    expect(result.reasons).toMatchObject([
      {
        code: "unreachable",
        message:
          "could not reach the service: /orders did not answer 2xx within 2 s: it answered 302; k6 was not started",
      },
    ])
  })

  test("that ends at its start, or whose preparation fails, is not loaded", async () => {
    const [ends, unprepared] = await Promise.all([
      prove(repository("ends", (settings) => settings.replace("env: { BEHAVIOUR: well }", "env: { OTHER: x }"))),
      prove(
        repository("unprepared", (settings) => settings.replace("  warmUp", '  before: ["true", "exit 7"]\n  warmUp')),
      ),
    ])
    expect(ends.result.reasons[0]?.message).toContain("the service exited 1 before it was ready")
    expect(ends.result.serviceOutput).toContain("KeyError: 'BEHAVIOUR'")
    expect(unprepared.result.reasons[0]?.message).toContain("a command of image.before or load.before exited 7")
  })
})

async function tollgate(
  cwd: string,
  ...args: string[]
): Promise<{ status: number | null; stdout: string; stderr: string }> {
  return await new Promise((resolve) => {
    const child = spawn(process.execPath, [LAUNCHER, ...args], { cwd })
    let [stdout, stderr] = ["", ""]
    child.stdout.on("data", (text) => (stdout += text))
    child.stderr.on("data", (text) => (stderr += text))
    child.on("close", (status) => resolve({ status, stdout, stderr }))
  })
}

describe.concurrent("from a shell", () => {
  test("tollgate load-test says beforehand what it sends, prints one screen, writes the report, and exits 0", async () => {
    const path = repository("command")
    const run = await tollgate(path, "load-test")
    expect(run.status, run.stderr).toBe(0)
    expect(run.stderr).toContain("load .: up to 62 requests in 3.0 s: started")
    expect(run.stdout).toMatch(
      /Full report: tollgate-report\/load\/report\.html\n\nPASSED: 1 scenario, 3 thresholds passed, 4[01] requests measured\n$/,
    )
    expect(run.stdout.trim().split("\n").length).toBeLessThanOrEqual(40)
    expect(JSON.parse(readFileSync(join(path, "tollgate-report/load/k6-summary.json"), "utf8"))).toHaveProperty(
      "metrics",
    )
    expect(existsSync(join(path, "tollgate-report/load/report.html"))).toBe(true)
  })

  test("it exits 1 when a threshold is broken, and has its report all the same", async () => {
    const path = repository("command-red", (settings) => settings.replace("BEHAVIOUR: well", "BEHAVIOUR: wrong-body"))
    const run = await tollgate(path, "load-test", `--report=${join(folder, "red")}`)
    expect(run.status).toBe(1)
    expect(run.stdout).toMatch(
      /threshold-broken: errors 100 %[^]*first answer of orders with check answer failed:\n {4}\| \{"status": "maintenance"\}[^]*FAILED: /,
    )
    expect(readFileSync(join(folder, "red/report.html"), "utf8")).toContain("<h1>FAILED</h1>")
  })

  test("it sends nothing to an address that is not confirmed, nor to a scenario that is not there, nor without a section load", async () => {
    const path = repository("refused")
    const production = await tollgate(path, "load-test", "--url=https://shop.invalid")
    expect([production.status, production.stdout]).toEqual([1, ""])
    expect(production.stderr).toMatch(
      /load-not-confirmed[^]*https:\/\/shop\.invalid is not listed in load\.staging[^]*up to 62 requests[^]*--confirm=shop\.invalid/,
    )
    const unknown = await tollgate(path, "load-test", "--scenarios=checkout")
    expect(unknown.stderr).toMatch(/scenario-unknown[^]*no scenario checkout[^]*It has: orders/)
    writeFileSync(join(path, "tollgate.yaml"), SETTINGS.slice(0, SETTINGS.indexOf("load:")))
    expect((await tollgate(path, "load-test")).stderr).toMatch(/load-missing/)
  })

  test("dagger call load-test exits non-zero with the screen as its error; load-report finds the same run again", async () => {
    const path = repository("called", (settings) => settings.replace("BEHAVIOUR: well", "BEHAVIOUR: empty-body"))
    const red = await dagger(path, "-m", ROOT, "call", "--source=.", "load-test")
    const ended = Date.now()
    expect(red.code).toBe(1)
    expect(red.err).toMatch(/threshold-broken: errors 100 %[^]*FAILED: /)
    const [, id = ""] = /load-report --run=(\w+) export/.exec(red.err) ?? []
    const report = await dagger(
      path,
      "-m",
      ROOT,
      "call",
      "--source=.",
      "load-report",
      `--run=${id}`,
      "export",
      `--path=${join(folder, "called-report")}`,
    )
    expect(report.code, report.err).toBe(0)
    const { run, startedAt } = JSON.parse(readFileSync(join(folder, "called-report/load.json"), "utf8"))
    expect(run).toBe(id)
    // a second load would have begun after the first had ended
    expect(Date.parse(startedAt)).toBeLessThan(ended)
    expect(readFileSync(join(folder, "called-report/summary.md"), "utf8")).toContain("check answer failed")
  })
})
