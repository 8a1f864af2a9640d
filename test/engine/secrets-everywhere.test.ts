import { spawn } from "node:child_process"
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { dag } from "@dagger.io/dagger"
import { afterAll, beforeAll, expect, test } from "vitest"
import { currentHome } from "../../cli/engine/connect.js"
import { proveImage } from "../../core/image/prove.js"
import { noStamp } from "../../core/image/stamp.js"
import { leaksIn, SECRET, textsBelow, watchProcesses } from "./leaks.js"
import { serviceFolder } from "./service.js"
import { useEngine } from "./session.js"

useEngine()

/** One for each way in; different ones, so that a finding says which way it went. */
const SECRETS = {
  ECPAY_HASH_KEY: `${SECRET}-suite`,
  BUILD_TOKEN: `${SECRET}-build`,
  LOAD_TOKEN: `${SECRET}-load`,
  REGISTRY_PASSWORD: `${SECRET}-registry`,
  ADMIN_WEBHOOK_TOKEN: `${SECRET}-admin`,
  DATABASE_PASSWORD: `${SECRET}-database`,
}

const LAUNCHER = fileURLToPath(new URL("../../bin/tollgate.mjs", import.meta.url))
const folder = mkdtempSync(join(tmpdir(), "tollgate-secrets-everywhere-"))
const shop = join(folder, "shop")
const service = join(folder, "service")
const environment = join(folder, "secrets.env")
const password = join(folder, "registry-password")

const dotenv = [
  ...Object.entries(SECRETS).map(([name, value]) => `${name}='${value}'`),
  `DATABASE_URL='postgresql://app:${encodeURIComponent(SECRETS.DATABASE_PASSWORD)}@db.example/production'`,
  "ECPAY_MERCHANT_ID=3456789",
  "ECPAY_HASH_IV=v77hoKGq4kWxNNIS",
].join("\n")

beforeAll(() => {
  cpSync(fileURLToPath(new URL("fixtures/shop/", import.meta.url)), shop, { recursive: true })
  const dockerfile = readFileSync(join(shop, "Dockerfile"), "utf8")
  writeFileSync(
    join(shop, "Dockerfile"),
    dockerfile.replace(
      "COPY shop",
      "RUN --mount=type=secret,id=BUILD_TOKEN test -s /run/secrets/BUILD_TOKEN\nCOPY shop",
    ),
  )
  const settings = readFileSync(join(shop, "tollgate.yaml"), "utf8")
  writeFileSync(
    join(shop, "tollgate.yaml"),
    `${settings}  services: { postgres: false, redis: false }
  name: 127.0.0.1:9/acme/shop
  registry: { insecure: true, user: acme-bot }
  buildSecrets: [BUILD_TOKEN]
load:
  warmUp: 1s
  secrets: [LOAD_TOKEN]
  scenarios:
    health:
      path: /health
      headers: { Authorization: "Bearer {{secret.LOAD_TOKEN}}" }
      rate: 20/s
      duration: 3s
      checks: { ok: { equals: "ok" } }
`,
  )
  serviceFolder(service, {
    "tollgate.yaml": (text) => text.replace("qa:\n", "qa:\n  secrets: [ECPAY_HASH_KEY]\n"),
    "tests/test_retry.py": (text) =>
      `${text}\n\ndef test_the_key_is_there():\n    import os\n    key = os.environ["ECPAY_HASH_KEY"]\n    print(key)\n    assert key == "another"\n`,
  })
  writeFileSync(environment, dotenv)
  writeFileSync(password, SECRETS.REGISTRY_PASSWORD)
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Ran {
  command: string
  code: number | null
  out: string
}

function tollgate(cwd: string, ...args: string[]): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [LAUNCHER, ...args], { cwd })
    let out = ""
    child.stdout.on("data", (text) => (out += text))
    child.stderr.on("data", (text) => (out += text))
    child.on("error", reject)
    child.on("close", (code) => resolve({ command: `tollgate ${args[0]}`, code, out }))
  })
}

/** What engine and sessions wrote down since a time. */
function logsSince(time: number): [name: string, text: string][] {
  const { log } = currentHome()
  if (!existsSync(log)) return []
  return readdirSync(log)
    .map((name) => join(log, name))
    .filter((path) => statSync(path).mtimeMs >= time)
    .map((path) => [path, readFileSync(path, "latin1")])
}

test("no command lets a secret out: not to the terminal, a report, a log, an image or a list of processes", async () => {
  const began = Date.now()
  const stopWatching = watchProcesses()
  const secrets = `--secrets=file:${environment}`
  const ran: Ran[] = [
    await tollgate(service, "test", secrets),
    await tollgate(shop, "build", secrets),
    await tollgate(shop, "publish", secrets, "--tag=v1", `--registry-password=file:${password}`),
    await tollgate(shop, "scan", secrets),
    await tollgate(shop, "load-test", secrets),
    await tollgate(
      shop,
      "check-config",
      "--env=production",
      secrets,
      `--against=file:${environment}`,
      `--report=${join(shop, "config.json")}`,
    ),
    await tollgate(shop, "check-ecpay", "--env=production", secrets, `--report=${join(shop, "ecpay.json")}`),
  ]
  const processes = stopWatching()

  // each got as far as the secret: a command that ended before would prove nothing
  const said = Object.fromEntries(ran.map(({ command, out }) => [command, out]))
  expect(said["tollgate test"]).toContain("test_the_key_is_there")
  expect(said["tollgate build"]).toMatch(/PASSED/)
  expect(said["tollgate publish"]).toMatch(/registry-unreachable/)
  expect(said["tollgate scan"]).toMatch(/PASSED|FAILED|INCONCLUSIVE/)
  expect(said["tollgate load-test"]).toMatch(/PASSED/)
  expect(said["tollgate check-config"]).toMatch(/FAILED: /)
  expect(said["tollgate check-ecpay"]).toMatch(/FAILED: /)

  const { layout } = await proveImage(dag.host().directory(shop), {
    stamp: noStamp,
    fresh: false,
    twice: false,
    secrets: dag.secret(`file://${environment}`),
  })
  const image = join(folder, "layout")
  mkdirSync(image)
  await layout.export(image)

  const texts = [
    ...ran.map(({ command, out }): [string, string] => [command, out]),
    ...textsBelow(join(service, "tollgate-report")),
    ...textsBelow(join(shop, "tollgate-report")),
    ...["config.json", "ecpay.json"].map((name): [string, string] => [name, readFileSync(join(shop, name), "utf8")]),
    ...textsBelow(image),
    ...logsSince(began),
    ...processes,
  ]
  expect(
    texts
      .map(([name]) => name)
      .filter((name) => /report\.html|image\.json|scan\.json|load\.json|engine\.log/.test(name)).length,
  ).toBeGreaterThanOrEqual(5)
  expect(leaksIn(texts, SECRETS)).toEqual([])
})
