import { readFileSync } from "node:fs"
import { createServer, type RequestListener, type Server } from "node:http"
import type { Directory } from "@dagger.io/dagger"
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest"
import { parseSettings, type Settings } from "../../core/config/parse.js"
import type { ReleaseResult } from "../../core/release/deploy/result.js"
import { releaseScreen } from "../../core/release/deploy/screen.js"
import type { Sandbox } from "../../core/targets/sandbox/open.js"
import { databases, publishDatabases } from "../engine/scan.js"
import { type Changes, service } from "../engine/service.js"
import { useEngine } from "../engine/session.js"
import { onLoopback } from "../loopback.js"
import { answerAsEcpay, stageSecrets } from "../unit/ecpay-server.js"
import { emptyHost, release, SECRET, source } from "./deployments.js"
import { historyOf } from "./faults.js"
import { liveVersion } from "./host.js"

useEngine()

let ecpay: Server
let answer: RequestListener = answerAsEcpay
let text = ""
let settings: Settings
let sandbox: Sandbox
beforeAll(async () => {
  await publishDatabases()
  ecpay = createServer((request, response) => void answer(request, response))
  const port = await onLoopback(ecpay)
  const gated = readFileSync(new URL("../engine/fixtures/service/tollgate.yaml", import.meta.url), "utf8")
  const released = readFileSync(new URL("fixtures/deploy/tollgate.yaml", import.meta.url), "utf8")
    .replace(/^qa:[\s\S]*?^release:/m, "release:")
    .replace(/^environments:[\s\S]*$/m, "")
  text = `${gated}${released}environments:
  sandbox:
    config: { required: [SHOP_KEY, ECPAY_MERCHANT_ID, ECPAY_HASH_KEY, ECPAY_HASH_IV], optional: [MODE] }
    ecpay: { endpoint: "http://127.0.0.1:${port}", timeout: 5s }
image: { services: { redis: false } }
scan: { database: "${databases.full}", scanners: [vulnerabilities, secrets], ignoreUnfixed: true }
`
  settings = parseSettings(text)
  sandbox = await emptyHost(settings)
})
afterAll(async () => {
  ecpay.close()
  await sandbox.target.close()
})

/** The fixture that is deployed, with the suites of the one that is tested. */
function shop(changes: Changes): Directory {
  return source().withDirectory("/", service(changes)).withNewFile("tollgate.yaml", text)
}

/** A source that nobody has tested before. */
const FRESH = { "app/fresh.py": `"""${process.pid} ${Date.now()}"""\n` }
const VALUES = `SHOP_KEY=${SECRET}\n${stageSecrets}`

function deployed(
  version: string,
  changes: Changes = {},
  change: (source: Directory) => Directory = (same) => same,
  values = VALUES,
): Promise<ReleaseResult> {
  return release(settings, version, "", { source: change(shop(changes)), secrets: () => Promise.resolve(values) })
}

const noteOf = ({ steps }: ReleaseResult, name: string) => steps.find((step) => step.name === name)?.note

async function nothingChanged(result: ReleaseResult, at: string): Promise<void> {
  expect(result).toMatchObject({ outcome: "refused", serving: { version: "1" } })
  expect(result.steps.at(-1)).toMatchObject({ name: at, outcome: "failed" })
  expect(releaseScreen(result)).not.toContain(SECRET)
  expect(await liveVersion(sandbox)).toBe("200 1")
  expect((await sandbox.target.running()).candidates).toEqual([])
  expect((await historyOf(sandbox, settings))[0]).toMatchObject({ id: result.release, outcome: "refused" })
}

test("a deployment gathers the evidence that is missing, and says what each gate found", async () => {
  const first = await deployed("1", FRESH)
  expect(first.causes).toEqual([])
  expect(first).toMatchObject({ outcome: "live", serving: { version: "1" } })
  expect(noteOf(first, "config")).toBe("5 variables passed")
  expect(noteOf(first, "ecpay")).toMatch(/^http:\/\/127\.0\.0\.1:\d+ answered, signed with the same key$/)
  expect(noteOf(first, "evidence")).toBe("2 suites passed, 7 tests")
  expect(noteOf(first, "scan")).toBe("passed")
})

describe("a deployment is refused, and nothing is changed,", () => {
  test("when a variable is missing: all that are", async () => {
    const result = await deployed("2", {}, undefined, `SHOP_KEY=${SECRET}\n`)
    await nothingChanged(result, "config")
    for (const name of ["ECPAY_MERCHANT_ID", "ECPAY_HASH_KEY", "ECPAY_HASH_IV"])
      expect(result.causes[0]).toContain(name)
  })

  test("when ECPay does not know the key", async () => {
    answer = (_, response) => void response.end("0|CheckMacValue Error")
    onTestFinished(() => void (answer = answerAsEcpay))
    const result = await deployed("2")
    await nothingChanged(result, "ecpay")
    expect(result.causes[0]).not.toContain("pwFHCqoQZGmho4w6")
  })

  test("when ECPay says nothing", async () => {
    answer = (request) => void request.socket.destroy()
    onTestFinished(() => void (answer = answerAsEcpay))
    await nothingChanged(await deployed("2"), "ecpay")
  })

  test("when one test of the source fails, although the runner says that all is well", async () => {
    const result = await deployed("2", { "tests/test_retry.py": (written) => written.replace("== seconds", "== -1") })
    await nothingChanged(result, "evidence")
    expect(result.causes[0]).toContain("tests/test_retry.py")
  })

  test("when a library has a vulnerability with a fix", async () => {
    const result = await deployed("2", { "requirements.txt": (written) => `${written}pyyaml==5.3\n` })
    await nothingChanged(result, "scan")
    expect(result.causes[0]).toContain("CVE-2020-14343")
  })

  test("when its image runs as root", async () => {
    const result = await deployed("2", {}, (folder) =>
      folder.withNewFile(
        "Dockerfile",
        readFileSync(new URL("fixtures/deploy/Dockerfile", import.meta.url), "utf8").replace("USER 10001:10001\n", ""),
      ),
    )
    await nothingChanged(result, "image")
    expect(result.causes[0]).toContain("runs as root")
  })
})

test("evidence of this very source is not gathered again", async () => {
  const again = await deployed("3", FRESH)
  expect(noteOf(again, "evidence")).toBe("2 suites passed, 7 tests, evidence of an earlier run of the same source")
  expect(again).toMatchObject({ outcome: "live", serving: { version: "3" } })
})
