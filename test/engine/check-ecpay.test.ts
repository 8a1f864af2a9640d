import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { dag, type Service } from "@dagger.io/dagger"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { proveEcpay } from "../../core/ecpay/prove.js"
import { dagger } from "./dagger-call.js"
import { useEngine } from "./session.js"

useEngine()

const ROOT = fileURLToPath(new URL("../..", import.meta.url))
const PORT = 9001
const stage = { ECPAY_MERCHANT_ID: "3002607", ECPAY_HASH_KEY: "pwFHCqoQZGmho4w6", ECPAY_HASH_IV: "EkRm7iFT261dpevs" }

/** The example's stand-in for ECPay: it computes CheckMacValue with code of its own. */
function sandbox(): Service {
  const example = dag.host().directory(join(ROOT, "examples/payments"), {
    include: ["requirements.txt", "tests/__init__.py", "tests/ecpay_sandbox/*.py"],
  })
  return dag
    .container()
    .from("python:3.11-slim")
    .withWorkdir("/app")
    .withMountedCache("/root/.cache/pip", dag.cacheVolume("tollgate-pip-test"))
    .withFile("requirements.txt", example.file("requirements.txt"))
    .withExec(["pip", "install", "-q", "-r", "requirements.txt"])
    .withDirectory(".", example)
    .withEnvVariable("STARTED_FOR", `check-ecpay ${process.pid}`)
    .withExposedPort(PORT)
    .asService({ args: ["python", "-m", "tests.ecpay_sandbox", "--host=0.0.0.0", `--port=${PORT}`] })
}

let tunnel: Service
let address = ""

beforeAll(async () => {
  tunnel = await dag.host().tunnel(sandbox()).start()
  address = await tunnel.endpoint({ scheme: "http" })
})

afterAll(async () => {
  await tunnel.stop({ kill: true })
})

async function fail(faults: object): Promise<void> {
  const answer = await fetch(`${address}/_admin/faults`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(faults),
  })
  expect(answer.status).toBe(200)
}

async function ask(secrets: Record<string, string>, timeout = "60s"): Promise<string> {
  const yaml = `qa: { runner: a.py, suites: { e2e: { files: [a.py] } } }\nenvironments: { sandbox: { ecpay: { endpoint: '${address}', timeout: ${timeout} } } }\n`
  const source = dag.directory().withNewFile("tollgate.yaml", yaml)
  const text = Object.entries(secrets)
    .map(([name, value]) => `${name}=${value}`)
    .join("\n")
  const { verdict } = await proveEcpay(source, "sandbox", dag.setSecret(`ecpay-${text.length}`, text))
  return verdict.kind === "passed" ? "passed" : verdict.problems.map(({ code }) => code).join(" ")
}

describe("against the example's sandbox, which signs with code of its own,", () => {
  test("the right credentials are proven, and the query creates nothing", async () => {
    await fail({})
    expect(await ask(stage)).toBe("passed")
    const state = await (await fetch(`${address}/_admin/state`)).json()
    expect(state).toMatchObject({
      orders: {},
      calls: [expect.objectContaining({ path: "/Cashier/QueryTradeInfo/V5" })],
    })
  })

  test.each([
    ["a HashKey that is not the merchant's", { ...stage, ECPAY_HASH_KEY: "aB3dE5fG7hJ9kL1m" }],
    ["a HashIV that is not the merchant's", { ...stage, ECPAY_HASH_IV: "aB3dE5fG7hJ9kL1m" }],
    ["a merchant that is not the key's", { ...stage, ECPAY_MERCHANT_ID: "3002608" }],
  ])("%s is refused by the provider", async (_, secrets) => {
    await fail({})
    expect(await ask(secrets)).toBe("key-refused")
  })

  test.each([
    ["http500", "server-error"],
    ["html", "html"],
    ["maintenance", "maintenance"],
    ["empty", "empty"],
    ["wrong_mac", "wrong-signature"],
    ["no_mac", "unsigned"],
    ["other_merchant", "other-merchant"],
    ["unknown_merchant", "merchant-unknown"],
    ["refuse", "refused-query"],
  ])("told to fail by %s, it is %s", async (api, code) => {
    await fail({ api })
    expect(await ask(stage)).toBe(code)
  })

  test.each([
    ["timeout", "no-answer"],
    ["stall", "stalled"],
  ])("told to fail by %s, it is %s", async (api, code) => {
    await fail({ api })
    expect(await ask(stage, "3s")).toBe(code)
  })
})

describe("dagger call check-ecpay", () => {
  const folder = mkdtempSync(join(tmpdir(), "tollgate-check-ecpay-"))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  const secrets = join(folder, "stage.env")
  writeFileSync(
    secrets,
    Object.entries(stage)
      .map(([name, value]) => `${name}=${value}`)
      .join("\n"),
  )
  writeFileSync(
    join(folder, "tollgate.yaml"),
    "qa: { runner: a.py, suites: { e2e: { files: [a.py] } } }\nenvironments: { staging: { ecpay: { endpoint: 'https://ecpay.invalid' } } }\n",
  )

  test("asks from inside the module, and exits 1 with its whole screen when it is red", async () => {
    const called = await dagger(
      folder,
      "-m",
      ROOT,
      "call",
      "--source=.",
      "check-ecpay",
      "--env=staging",
      `--secrets=file:${secrets}`,
    )
    expect(called.code).toBe(1)
    expect(called.err).toMatch(
      /credentials +passed[^]*CheckMacValue +passed[^]*query +FAILED[^]*FAILED: 1 problem with ECPay in staging: dns/,
    )
    for (const value of Object.values(stage)) expect(called.out + called.err).not.toContain(value)
  })
})
