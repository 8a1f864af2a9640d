import { execFileSync, spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { connect, createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, describe, expect, onTestFinished, test } from "vitest"
import { parseSettings } from "../../core/config/parse.js"
import { checkEcpay } from "../../core/ecpay/check.js"
import {
  answerAsEcpay,
  formOf,
  httpServer,
  httpsServer,
  listening,
  repository,
  stageSecrets,
  tcpServer,
  tollgate,
} from "./ecpay-server.js"

const ample = "60s"

async function ask(endpoint: string, timeout = ample) {
  const settings = parseSettings(
    `qa: { runner: a.py, suites: { e2e: { files: [a.py] } } }\nenvironments: { sandbox: { ecpay: { endpoint: '${endpoint}', timeout: ${timeout} } } }\n`,
  )
  const result = await checkEcpay(settings, "sandbox", stageSecrets)
  return result.verdict.kind === "passed" ? "passed" : result.verdict.problems.map(({ code }) => code).join(" ")
}

test("a server that answers as ECPay does is proven", async () => {
  expect(await ask(await httpServer(answerAsEcpay))).toBe("passed")
})

test("each query asks for another order, with the time of now and a signature of its own", async () => {
  const forms: URLSearchParams[] = []
  const endpoint = await httpServer(async (request, response) => {
    forms.push(await formOf(request))
    response.end("x=y")
  })
  await ask(endpoint)
  await ask(endpoint)
  const [first, second] = forms
  expect([...(first?.keys() ?? [])].sort()).toEqual(["CheckMacValue", "MerchantID", "MerchantTradeNo", "TimeStamp"])
  expect(first?.get("MerchantTradeNo")).toMatch(/^TG[0-9A-Z]{18}$/)
  expect(first?.get("MerchantTradeNo")).not.toBe(second?.get("MerchantTradeNo"))
  expect(first?.get("CheckMacValue")).not.toBe(second?.get("CheckMacValue"))
})

describe("there is no answer when", () => {
  test("nothing listens", async () => {
    const server = createServer()
    const port = await listening(server)
    server.close()
    await once(server, "close")
    expect(await ask(`http://127.0.0.1:${port}`)).toBe("refused")
  })

  test("the name does not exist", async () => {
    expect(await ask("http://ecpay.invalid")).toBe("dns")
  })

  test("the connection is taken and nothing said", async () => {
    expect(await ask(await httpServer(() => undefined), "1s")).toBe("no-answer")
  })

  test("the answer begins and does not end", async () => {
    expect(await ask(await httpServer((_, response) => response.writeHead(200).write("MerchantID=")), "1s")).toBe(
      "stalled",
    )
  })

  test("the answer drips, one letter at a time", async () => {
    const endpoint = await httpServer((_, response) => {
      response.writeHead(200)
      const drip = setInterval(() => response.write("x"), 50)
      response.on("close", () => clearInterval(drip))
    })
    expect(await ask(endpoint, "1s")).toBe("stalled")
  })

  test("the connection is closed without a word", async () => {
    expect(await ask(await tcpServer((socket) => socket.on("data", () => socket.destroy())))).toBe("closed")
  })

  test("the connection is closed in the middle of the answer", async () => {
    expect(
      await ask(
        await tcpServer((socket) =>
          socket.on("data", () => socket.end("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nMerchantID=")),
        ),
      ),
    ).toBe("closed")
  })

  test("the answer goes on and on", async () => {
    const endpoint = await httpServer((_, response) => {
      response.writeHead(200)
      const pour = () => {
        while (response.write("x".repeat(16_384)));
      }
      response.on("drain", pour)
      pour()
    })
    expect(await ask(endpoint)).toBe("too-large")
  })

  test("what answers does not speak HTTP", async () => {
    expect(await ask(await tcpServer((socket) => socket.on("data", () => socket.end("SSH-2.0-OpenSSH_9.2\r\n"))))).toBe(
      "failed",
    )
  })

  // the kernel answers for a process that has stopped, until its queue is full
  test.runIf(process.platform === "linux")("no connection comes about", async () => {
    const child = spawn(process.execPath, [
      "-e",
      "const s = require('net').createServer(); s.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => console.log(s.address().port))",
    ])
    onTestFinished(() => void child.kill("SIGKILL"))
    const [line] = await once(child.stdout, "data")
    child.kill("SIGSTOP")
    const waiting = Array.from({ length: 8 }, () => connect(Number(line), "127.0.0.1").on("error", () => undefined))
    onTestFinished(() => {
      for (const socket of waiting) socket.destroy()
    })
    await once(waiting[0] ?? child, "connect")
    expect(await ask(`http://127.0.0.1:${String(line).trim()}`, "1s")).toBe("connect-timeout")
  })
})

describe("an answer is classified:", () => {
  test.each([
    ["redirected", 302, ""],
    ["rate-limited", 403, "<html>"],
    ["http-error", 404, ""],
    ["server-error", 500, "oops"],
    ["maintenance", 503, "<h1>系統維護中</h1>"],
    ["html", 200, "<h1>It works!</h1>"],
    ["empty", 200, ""],
    ["not-form-data", 200, "{}"],
  ])("%s (HTTP %i)", async (code, status, body) => {
    let asked = 0
    const endpoint = await httpServer((_, response) => {
      asked += 1
      response.writeHead(status, status === 302 ? { location: "/elsewhere" } : {}).end(body)
    })
    expect(await ask(endpoint)).toBe(code)
    // neither followed nor tried again
    expect(asked).toBe(1)
  })
})

describe("over TLS", () => {
  const folder = mkdtempSync(join(tmpdir(), "tollgate-tls-"))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  const openssl = (...args: string[]) => execFileSync("openssl", args, { cwd: folder, stdio: "ignore" })
  openssl(
    "req",
    "-x509",
    "-newkey",
    "ec",
    "-pkeyopt",
    "ec_paramgen_curve:P-256",
    "-nodes",
    "-days",
    "2",
    "-subj",
    "/CN=Test CA",
    "-keyout",
    "ca.key",
    "-out",
    "ca.pem",
  )

  /** Signed by the CA, or by itself. */
  function certificate(name: string, host: string, days: number, signer: "ca" | "itself" = "ca") {
    const extensions = join(folder, `${name}.ext`)
    writeFileSync(extensions, `subjectAltName=DNS:${host}\n`)
    openssl(
      "req",
      "-new",
      "-newkey",
      "ec",
      "-pkeyopt",
      "ec_paramgen_curve:P-256",
      "-nodes",
      "-subj",
      `/CN=${host}`,
      "-keyout",
      `${name}.key`,
      "-out",
      `${name}.csr`,
    )
    const by = signer === "ca" ? ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial"] : ["-signkey", `${name}.key`]
    openssl(
      "x509",
      "-req",
      "-in",
      `${name}.csr`,
      ...by,
      "-days",
      String(days),
      "-extfile",
      extensions,
      "-out",
      `${name}.pem`,
    )
    return { key: readFileSync(join(folder, `${name}.key`)), cert: readFileSync(join(folder, `${name}.pem`)) }
  }

  /** By the command: which certificates Node trusts is settled when it starts. */
  async function askOverTls(endpoint: string) {
    const cwd = repository(`{ sandbox: { ecpay: { endpoint: '${endpoint}', timeout: ${ample} } } }`)
    return tollgate(cwd, ["check-ecpay", "--env=sandbox", "--secrets=env:SANDBOX_ENV"], {
      SANDBOX_ENV: stageSecrets,
      NODE_EXTRA_CA_CERTS: join(folder, "ca.pem"),
    })
  }

  test("a server with a certificate of its own name, signed by someone trusted, is proven", async () => {
    const ran = await askOverTls(await httpsServer(certificate("good", "localhost", 2), answerAsEcpay))
    expect(ran.out).toContain("PASSED: localhost:")
    expect(ran.code).toBe(0)
  })

  test.each([
    ["tls-untrusted", "self-signed", "localhost", 2, "itself" as const],
    ["tls-expired", "expired", "localhost", -1, "ca" as const],
    ["tls-wrong-host", "of another host", "payment.ecpay.com.tw", 2, "ca" as const],
  ])("%s: one that is %s is not asked at all", async (code, name, host, days, signer) => {
    let asked = false
    const endpoint = await httpsServer(
      certificate(name.replaceAll(" ", "-"), host, days, signer),
      (request, response) => {
        asked = true
        void answerAsEcpay(request, response)
      },
    )
    const ran = await askOverTls(endpoint)
    expect(ran.out).toContain(`FAILED: 1 problem with ECPay in sandbox: ${code}`)
    expect(ran.code).toBe(1)
    expect(asked).toBe(false)
  })

  test("tls-other: what answers does not speak TLS", async () => {
    const endpoint = (await httpServer(answerAsEcpay)).replace("http:", "https:")
    expect((await askOverTls(endpoint)).out).toContain("FAILED: 1 problem with ECPay in sandbox: tls-other")
  })
})
