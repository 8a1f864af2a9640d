import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type Container, dag } from "@dagger.io/dagger"
import { afterAll, describe, expect, test } from "vitest"
import { loadReport } from "../../core/load/folder.js"
import { generator } from "../../core/load/generator.js"
import { proveLoad } from "../../core/load/prove.js"
import { isPassed, reasonsOf } from "../../core/load/result.js"
import { loadScreen } from "../../core/load/screen.js"
import { leaksIn, SECRET, textsBelow, watchProcesses } from "./leaks.js"
import {
  codesOf,
  type Loaded,
  load,
  loadSettings,
  messagesOf,
  misbehaving,
  newRun,
  only,
  orders,
} from "./load-service.js"
import { useEngine } from "./session.js"

useEngine()

const folder = mkdtempSync(join(tmpdir(), "tollgate-load-test-"))

afterAll(() => rmSync(folder, { recursive: true, force: true }))

const K6 = "/usr/local/bin/k6"

/** Instead of k6 a script, which finds the real one as k6-real. */
function insteadOfK6(script: string): (container: Container) => Container {
  return (container) =>
    container
      .withFile("/usr/local/bin/k6-real", container.file(K6))
      .withNewFile(K6, `#!/bin/sh\n${script}\n`, { permissions: 0o755 })
}

function changedScript(change: (text: string) => string): (container: Container) => Container {
  const script = readFileSync(new URL("../../core/load/generator/script.js", import.meta.url), "utf8")
  return (container) => container.withNewFile("/opt/tollgate/load/generator/script.js", change(script))
}

async function loadWith(client: (container: Container) => Container, grace?: number): Promise<Loaded> {
  const run = newRun()
  const short = loadSettings(
    "warmUp: 1s\ntimeout: 4s\nscenarios: { orders: { path: /orders, rate: 30/s, duration: 2s, checks: { answer: { json: status, equals: ok } } } }",
  )
  return load(short, misbehaving("well", run), { run, client, ...(grace === undefined ? {} : { grace }) })
}

describe.concurrent("a k6 that broke is told apart from a threshold that is broken:", () => {
  test("one that ends with a code of its own", async () => {
    const loaded = await loadWith(insteadOfK6("echo 'level=error' >&2; exit 3"))
    expect(codesOf(loaded)).toEqual(["generator-broke", "nothing-measured", "rate-not-reached"])
    expect(messagesOf(loaded)).toContain("k6 exited 3: level=error")
  })

  test("one that is killed", async () => {
    expect(messagesOf(await loadWith(insteadOfK6("kill -KILL $$")))).toContain("k6 was killed by SIGKILL")
  })

  test("one that does not end", async () => {
    expect(messagesOf(await loadWith(insteadOfK6("exec sleep 300"), -5))).toContain(
      "k6 did not finish within 2 s and was killed",
    )
  })

  test("one that cannot be started", async () => {
    expect(messagesOf(await loadWith((container) => container.withoutFile(K6)))).toContain(
      "k6 could not be started: spawn k6 ENOENT",
    )
  })

  test("one that ends with 0 and leaves neither samples nor a summary", async () => {
    const loaded = await loadWith(insteadOfK6("exit 0"))
    expect(codesOf(loaded)).toEqual(["generator-broke", "nothing-measured", "rate-not-reached"])
    expect(messagesOf(loaded)).toContain("k6 wrote no summary")
  })

  test("one whose summary cannot be read, though it sent everything", async () => {
    const loaded = await loadWith(insteadOfK6('k6-real "$@"; code=$?; echo "{" >"$TOLLGATE_SUMMARY"; exit $code'))
    expect(codesOf(loaded)).toEqual(["generator-broke"])
    expect(messagesOf(loaded)).toContain("k6's summary is invalid")
    expect(only(loaded).figures?.requests).toBeGreaterThan(0)
  })

  test("one whose summary knows of other figures than its samples", async () => {
    const loaded = await loadWith(insteadOfK6('k6-real "$@" | grep -v "[13579],orders,outcome=right"; exit 0'))
    expect(codesOf(loaded)).toContain("figures-disagree")
    expect(messagesOf(loaded)).toMatch(/requests: \d+ in k6's summary, \d+ in its samples/)
  })

  test("one that says a threshold is crossed when none is", async () => {
    const loaded = await loadWith(insteadOfK6('k6-real "$@"; exit 99'))
    expect(codesOf(loaded)).toEqual(["figures-disagree"])
    expect(messagesOf(loaded)).toContain("as crossed, but its samples do not show it")
  })

  test("one whose script breaks before it sends anything", async () => {
    const loaded = await loadWith(changedScript((text) => `throw new Error("no plan today")\n${text}`))
    expect(codesOf(loaded)[0]).toBe("generator-broke")
    expect(messagesOf(loaded)).toMatch(/k6 exited 107 \(the script threw an error\): .*no plan today/)
  })

  test("one whose script breaks in some requests, which k6 itself ends with 0", async () => {
    const loaded = await loadWith(
      changedScript((text) =>
        text.replace("const began =", 'if (iterationInTest % 20 === 3) throw new Error("odd")\n  const began ='),
      ),
    )
    expect(codesOf(loaded)).toContain("generator-broke")
    expect(messagesOf(loaded)).toMatch(/k6 exited \d+, but its log has errors: .*odd/)
  })
})

test("an engine that has no k6 says so, and how to get one", async () => {
  const refused = generator("grafana/k6:0.0.0-none")
  await expect(refused).rejects.toMatchObject({ code: "k6-missing" })
  await expect(refused).rejects.toThrow("npx tollgate engine up --with=k6")
})

describe("a secret in a header or a body", () => {
  const source = (more = "") =>
    dag.directory().withNewFile(
      "tollgate.yaml",
      `
qa: { runner: a.py, suites: { e2e: { files: [a.py] } } }
load:
  warmUp: 1s
  timeout: 4s
  secrets: [LOAD_TOKEN]
  staging: ["http://app:8000"]
  scenarios:
    orders:
      method: POST
      path: /orders
      headers: { Authorization: "Bearer {{secret.LOAD_TOKEN}}" }
      json: { token: "{{secret.LOAD_TOKEN}}" }
      rate: 20/s
      duration: 2s
      checks: { authorization: { json: authorization, matches: "^Bearer pa5s/w0rd" }, sent: { json: sent, contains: 'the&provider?"}' } }
${more}`,
    )
  const bundle = () => dag.setSecret("load-secrets-test", `LOAD_TOKEN='${SECRET}'\nDATABASE_URL=postgresql://prod\n`)
  const prove = (behaviour: string) => {
    const run = newRun()
    const service = misbehaving(behaviour, run)
    return proveLoad(source(), {
      scenarios: [],
      run,
      url: "http://app:8000",
      confirm: "",
      secrets: bundle(),
      client: (container) => container.withServiceBinding("app", service),
    })
  }

  test("reaches the service, and no report, also where the service says it back", async () => {
    const processes = watchProcesses()
    const [told, kept] = [await prove("tells-secrets"), await prove("refuses-repeats")]
    expect(reasonsOf(kept.result).map(({ message }) => message)).toEqual([])
    expect(isPassed(told.result)).toBe(false)
    expect(told.result.scenarios[0]?.failures[0]?.example).toContain("you sent Bearer ***")
    for (const [name, proof] of Object.entries({ told, kept }))
      await (await loadReport(proof)).export(join(folder, name))
    await told.run.files.export(join(folder, "left"))
    const texts = [
      ...textsBelow(folder),
      ["screen", loadScreen(told.result, { report: "here" })] as const,
      ...processes(),
    ]
    expect(texts.map(([name]) => name)).toEqual(
      expect.arrayContaining([
        "told/report.html",
        "told/load.json",
        "told/summary.md",
        "told/k6-summary.json",
        "kept/report.html",
        "left/measurement.json",
      ]),
    )
    expect(leaksIn(texts, { "the token": SECRET })).toEqual([])
  })

  test("that --secrets does not hold is missed before anything is sent", async () => {
    const request = { scenarios: [], run: newRun(), url: "http://app:8000", confirm: "", secrets: undefined }
    await expect(proveLoad(source(), request)).rejects.toThrow(
      /--secrets does not hold LOAD_TOKEN[^]*load\.secrets of tollgate\.yaml/,
    )
  })
})

describe("a deployed service", () => {
  const source = (staging: string) =>
    dag.directory().withNewFile(
      "tollgate.yaml",
      `
qa: { runner: a.py, suites: { e2e: { files: [a.py] } } }
load:
  warmUp: 1s
  timeout: 4s
  staging: [${staging}]
  scenarios:
    orders: { path: /orders, rate: 20/s, duration: 2s, checks: { answer: { json: status, equals: ok } } }
    checkout: { method: POST, path: /checkout, rate: 60/m, duration: 2s, checks: { answer: { json: status, equals: ok } } }`,
    )

  test("that is not listed as staging is not loaded without --confirm: the error names the load", async () => {
    const request = { scenarios: [], run: newRun(), url: "http://shop.invalid:8000", secrets: undefined }
    const refused = proveLoad(source(""), { ...request, confirm: "" })
    await expect(refused).rejects.toMatchObject({ code: "load-not-confirmed" })
    await expect(refused).rejects.toThrow(
      /up to 67 requests in 3\.0 s[^]*orders: GET \/orders, 20\/s for 2\.0 s\n {2}checkout: POST \/checkout, 1\/s for 2\.0 s[^]*--confirm=shop\.invalid:8000/,
    )
    await expect(proveLoad(source(""), { ...request, confirm: "staging.invalid" })).rejects.toThrow(
      "names another host",
    )
    await expect(proveLoad(source("https://shop.invalid"), { ...request, confirm: "" })).rejects.toMatchObject({
      code: "load-not-confirmed",
    })
  })

  test("is loaded where its host is written out", async () => {
    const run = newRun()
    const service = misbehaving("well", run)
    const proof = await proveLoad(source(""), {
      scenarios: ["orders"],
      run,
      url: "http://app:8000/",
      confirm: "app:8000",
      secrets: undefined,
      client: (container) => container.withServiceBinding("app", service),
    })
    expect(loadScreen(proof.result, { report: "here" })).toMatch(
      /http:\/\/app:8000[^]*not run: checkout[^]*PASSED: 1 of 2 scenarios, 2 thresholds passed, 4[01] requests measured\n$/,
    )
  })

  test("where no server answers fails, and is not an error of k6", async () => {
    const { result } = await proveLoad(source("http://shop.invalid:8000"), {
      scenarios: [],
      run: newRun(),
      url: "http://shop.invalid:8000",
      confirm: "",
      secrets: undefined,
    })
    expect(reasonsOf(result).map(({ code }) => code)).toEqual(["unreachable"])
    expect(loadScreen(result, { report: "here" })).toMatch(/ENOTFOUND|EAI_AGAIN/)
  })
})

test("the report of the same run is found again, without a second load", async () => {
  const run = newRun()
  const again = () => load(orders(), misbehaving("well", run), { run })
  const [one, other] = [await again(), await again()]
  expect(only(other).figures).toEqual(only(one).figures)
})
