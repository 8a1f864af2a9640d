import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, test } from "vitest"
import { leaksIn } from "../engine/leaks.js"
import { tollgateHere as tollgate } from "./command-here.js"
import { answerAsEcpay, formOf, httpServer, type Ran, repository } from "./ecpay-server.js"

/** Values that are found wherever they slip out: nothing else in a run looks like them. */
const right = {
  DATABASE_URL: "postgresql://payments:pa5s%2Fw0rd+of=the@db.internal:5432/payments_production",
  REDIS_URL: "rediss://:r3dis&pass+word@cache.internal:6379/0",
  ECPAY_MERCHANT_ID: "3466445",
  ECPAY_HASH_KEY: "aB3dE5fG7hJ9kL1m",
  ECPAY_HASH_IV: "nP2qR4sT6uV8wX0y",
  ADMIN_WEBHOOK_TOKEN: "t0ken/5f2b8c1de0a9+4763b8f1c2d3=",
  SENTRY_DSN: "https://0123abcd4567@o12.ingest.sentry.io/345",
}

/** Each is wrong in another way, so that each rule has its say. */
const wrong = {
  DATABASE_URL: "mysql://payments:pa5s w0rd@db.internal/payments_nowhere",
  REDIS_URL: "redis:///nohost-f00d",
  ECPAY_MERCHANT_ID: "3002607x",
  ECPAY_HASH_KEY: " pwFHCqoQZGmho4w",
  ECPAY_HASH_IV: "changeme-EkRm7iF",
  ADMIN_WEBHOOK_TOKEN: "adminadminadmin1",
  SENTRY_DSN: "'https://0123abcd4567'",
  LOG_LEVEL: "louderthanever",
  BACKUP_SCHEDULE: "every full moon",
  STRAY_SECRET: "str4y-s3cret-value",
}

const assignments = (values: Record<string, string>) =>
  Object.entries(values)
    .map(([name, value]) => `${name}="${value}"`)
    .join("\n")
const MALFORMED = "s3cret without an equals sign"
const OPEN = "quote-l3ft-open"

const secrets: Record<string, string> = Object.fromEntries(
  [
    ...Object.values(right),
    ...Object.values(wrong),
    MALFORMED,
    OPEN,
    "pa5s%2Fw0rd",
    "pa5s/w0rd",
    "r3dis&pass",
    "pa5s w0rd",
  ].flatMap((value, index) => [
    [`value ${index}`, value],
    [`value ${index} without blanks around`, value.trim()],
  ]),
)

function leaks(where: Record<string, string>): string[] {
  return leaksIn(Object.entries(where), secrets)
}

const files = {
  RIGHT: assignments(right),
  WRONG: `${assignments(wrong)}\n${MALFORMED}\nWORSE="${OPEN}\n`,
  OTHER: assignments({ ...right, ECPAY_MERCHANT_ID: "3002607" }),
}

async function run(cwd: string, ...args: string[]): Promise<{ ran: Ran; all: Record<string, string> }> {
  const ran = await tollgate(cwd, [...args, "--report=report.json"], files)
  let report = ""
  try {
    report = readFileSync(join(cwd, "report.json"), "utf8")
  } catch {
    // an error comes before any report
  }
  return { ran, all: { stdout: ran.out, stderr: ran.err, report } }
}

describe("check-config prints, reports and throws no value, in no form:", () => {
  test.each([
    ["passing", ["--env=production", "--secrets=env:RIGHT"], 0, "PASSED"],
    ["failing in every way", ["--env=production", "--secrets=env:WRONG", "--against=env:RIGHT"], 1, "FAILED"],
    ["failing for what is shared", ["--env=production", "--secrets=env:RIGHT", "--against=env:OTHER"], 1, "FAILED"],
    ["failing in staging", ["--env=staging", "--secrets=env:RIGHT", "--against=env:WRONG"], 1, "FAILED"],
  ])("%s", async (_, args, code, verdict) => {
    const folder = repository("{}")
    writeFileSync(join(folder, ".env.example"), assignments(wrong))
    const { ran, all } = await run(folder, "check-config", ...args)
    expect([ran.code, ran.err]).toEqual([code, ""])
    expect(ran.out).toContain(verdict)
    expect(all["report"]).toContain("variables")
    expect(leaks(all)).toEqual([])
  })

  test("nor a secret that is given where its place should be named", async () => {
    for (const mistake of [
      assignments(right),
      right.DATABASE_URL,
      right.ADMIN_WEBHOOK_TOKEN,
      `env:${right.ADMIN_WEBHOOK_TOKEN}`,
      `file:${right.ADMIN_WEBHOOK_TOKEN}`,
    ]) {
      const { ran, all } = await run(repository("{}"), "check-config", "--env=production", `--secrets=${mistake}`)
      expect(ran.code).toBe(1)
      expect(ran.err).toMatch(/secret-(reference|missing)/)
      expect(leaks(all)).toEqual([])
    }
  })
})

describe("check-ecpay prints, reports and throws no value, in no form:", () => {
  const at = (endpoint: string) => repository(`{ production: { ecpay: { endpoint: '${endpoint}', timeout: 60s } } }`)

  test("when the credentials are wrong", async () => {
    const { ran, all } = await run(at("http://127.0.0.1:9"), "check-ecpay", "--env=production", "--secrets=env:WRONG")
    expect(ran.out).toMatch(/nothing was sent[^]*FAILED: \d problems/)
    expect(leaks(all)).toEqual([])
  })

  test("when no server answers", async () => {
    const { ran, all } = await run(at("http://ecpay.invalid"), "check-ecpay", "--env=production", "--secrets=env:RIGHT")
    expect(ran.out).toContain("FAILED: 1 problem")
    expect(leaks(all)).toEqual([])
  })

  test("when the answer is another's", async () => {
    const { ran, all } = await run(
      at(await httpServer(answerAsEcpay)),
      "check-ecpay",
      "--env=production",
      "--secrets=env:RIGHT",
    )
    expect(ran.out).toContain("wrong-signature")
    expect(leaks(all)).toEqual([])
  })

  test("when the server repeats everything that it was sent, in every form", async () => {
    const endpoint = await httpServer(async (request, response) => {
      const form = await formOf(request)
      const merchant = form.get("MerchantID") ?? ""
      response.end(
        `TradeStatus=10299999&RtnMsg=${[merchant, Buffer.from(merchant).toString("base64"), ...form.values()].join(" ")}`,
      )
    })
    const { ran, all } = await run(at(endpoint), "check-ecpay", "--env=production", "--secrets=env:RIGHT")
    expect(ran.out).toMatch(/rejected the query: 10299999 \*\*\* \*\*\*/)
    expect(leaks(all)).toEqual([])
  })
})
