import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { get, IncomingMessage } from "node:http"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { z } from "zod"
import { parseSettings } from "../../core/config/parse.js"
import { addressOf, isLoopback, problemsOfPlace } from "../../core/dashboard/server/address.js"
import { type Dashboard, serveDashboard } from "../../core/dashboard/server/listen.js"
import { onLoopback } from "../loopback.js"
import { tollgateHere } from "./command-here.js"
import { Browser } from "./oidc-browser.js"
import { CLIENT, FalseIssuer } from "./oidc-issuers.js"

const ROOT = join(import.meta.dirname, "../..")
const URL_OF = "https://dash.example"
/** Nothing listens there. */
const NO_LEDGER = "postgresql://nobody@127.0.0.1:1/none"
const SETTINGS = "qa: { runner: a.py, suites: { e2e: { files: [a.py] } } }\nrelease: { name: shop }\n"

describe("where the dashboard is", () => {
  it("is the loopback by default, and another address only behind https", () => {
    expect(problemsOfPlace("127.0.0.1", null)).toEqual([])
    expect(problemsOfPlace("::1", null)).toEqual([])
    expect(problemsOfPlace("0.0.0.0", URL_OF)).toEqual([])
    for (const host of ["0.0.0.0", "::", "10.0.0.5", "dash.example", "127.0.0.1.evil.example"]) {
      expect(isLoopback(host)).toBe(false)
      expect(problemsOfPlace(host, null)).toEqual([expect.stringContaining("in plain text. Add --url=https://")])
      expect(problemsOfPlace(host, "http://localhost:8070")).toHaveLength(1)
    }
  })

  it.each([
    ["dash.example", "not an address of the web"],
    ["ftp://dash.example", "not an address of the web"],
    ["http://dash.example", "write https://dash.example."],
    ["https://dash.example/tollgate", "write https://dash.example."],
    ["https://dash.example?a=b", "more than a host and a port"],
    ["https://mei:secret@dash.example", "has a user name or a password"],
  ])("is not %s", (url, why) => {
    const [problem, ...more] = problemsOfPlace("127.0.0.1", url)
    expect(problem).toContain(why)
    expect(problem).not.toContain("secret")
    expect(more).toEqual([])
  })

  it("is what people open: by a proxy's address its own no longer is", () => {
    expect(addressOf({ host: "127.0.0.1", url: null }, 8070)).toMatchObject({
      origin: "http://127.0.0.1:8070",
      hosts: ["127.0.0.1:8070", "localhost:8070"],
    })
    expect(addressOf({ host: "::1", url: null }, 8070).origin).toBe("http://[::1]:8070")
    expect(addressOf({ host: "0.0.0.0", url: new URL("https://dash.example:8443") }, 8070)).toEqual({
      origin: "https://dash.example:8443",
      hosts: ["dash.example:8443"],
      origins: ["https://dash.example:8443"],
      secure: true,
      cookies: "8443",
    })
  })
})

describe("behind a proxy", () => {
  let dashboard: Dashboard

  beforeAll(async () => {
    dashboard = await serveDashboard({
      settings: parseSettings(SETTINGS),
      ledger: NO_LEDGER,
      place: { host: "127.0.0.1", port: 0, url: new URL(URL_OF) },
      oidc: null,
      links: true,
      zone: "UTC",
      report: () => undefined,
    })
  })
  afterAll(() => dashboard.close())

  const browser = () => new Browser({ [URL_OF]: dashboard.port })
  const post = (from: string) => {
    const token = new URL(dashboard.newLink()).searchParams.get("token")
    return browser().open(`${URL_OF}/sign-in`, { method: "POST", body: `token=${token}`, from })
  }

  it("prints links of the public address, and signs in there with a cookie that only https sends", async () => {
    expect(dashboard.address).toBe(URL_OF)
    expect(dashboard.newLink()).toMatch(/^https:\/\/dash\.example\/sign-in\?token=[\w-]{43}$/)
    const signed = browser()
    const token = new URL(dashboard.newLink()).searchParams.get("token")
    const page = await signed.open(`${URL_OF}/sign-in`, { method: "POST", body: `token=${token}`, from: `${URL_OF}/` })
    expect(page.text).toContain("The ledger is unreachable")
    expect(signed.cookie("dash.example", / __Host-tollgate-443$/)).toMatch(/^[\w-]{43}$/)
  })

  it("answers no other name, whatever headers of a proxy say", async () => {
    const by = (headers: Record<string, string>) => browser().open(`${URL_OF}/`, { headers })
    for (const host of ["evil.example", "dash.example.evil.example", `127.0.0.1:${dashboard.port}`, "localhost", ""])
      expect((await by({ host })).status, host).toBe(421)
    const forwarded = { "x-forwarded-host": "dash.example", forwarded: "host=dash.example;proto=https" }
    expect((await by({ host: "evil.example", ...forwarded })).status).toBe(421)
    const claimed = { "x-forwarded-host": "evil.example", forwarded: "host=evil.example", "x-forwarded-proto": "http" }
    const page = await by(claimed)
    expect(page.status).toBe(401)
    expect(JSON.stringify([page.text, page.headers])).not.toContain("evil.example")
  })

  it("takes forms of the public address alone", async () => {
    for (const from of ["https://evil.example/", "http://dash.example/", `http://127.0.0.1:${dashboard.port}/`])
      expect((await post(from)).status, from).toBe(403)
    expect((await post(`${URL_OF}/`)).text).toContain("The ledger is unreachable")
  })

  it("tells a supervisor that it lives, by any name and without a session, and nothing more", async () => {
    const probe = (method: "GET" | "HEAD" | "POST") =>
      browser().open(`${URL_OF}/healthz`, { method, headers: { host: "10.1.2.3:8070" } })
    expect(await probe("GET")).toMatchObject({ status: 200, text: "ok" })
    expect((await probe("HEAD")).status).toBe(200)
    expect((await probe("POST")).status).toBe(421)
  })
})

it("a dashboard that stops ends the streams of its pages, and cuts off none", async () => {
  const dashboard = await serveDashboard({
    settings: parseSettings(SETTINGS),
    ledger: NO_LEDGER,
    place: { host: "127.0.0.1", port: 0, url: null },
    oidc: null,
    links: true,
    zone: "UTC",
    report: () => undefined,
  })
  const browser = new Browser()
  const body = `token=${new URL(dashboard.newLink()).searchParams.get("token")}`
  await browser.open(`${dashboard.address}/sign-in`, { method: "POST", body, from: `${dashboard.address}/` })
  const cookie = `tollgate-${dashboard.port}=${browser.cookie("127.0.0.1", / tollgate-\d+$/)}`
  const asked = get(`${dashboard.address}/stream`, { headers: { cookie } })
  const [stream] = z.tuple([z.instanceof(IncomingMessage)]).parse(await once(asked, "response"))
  await once(stream.setEncoding("utf8"), "data")
  const closed = dashboard.close()
  // a connection that was cut off ends with an error
  for await (const part of stream) expect(part).toContain("event: ")
  await closed
  expect(stream.complete).toBe(true)
})

describe("tollgate dashboard", () => {
  const issuer = new FalseIssuer()
  const folder = mkdtempSync(join(tmpdir(), "tollgate-dashboard-"))

  beforeAll(async () => {
    writeFileSync(join(folder, "tollgate.yaml"), SETTINGS)
    await issuer.start()
  })
  afterAll(async () => {
    await issuer.close()
    rmSync(folder, { recursive: true })
  })

  it("names all problems of its options at once, before it reads a secret", async () => {
    const wrong = ["--host=0.0.0.0", "--oidc-issuer=http://login.example", "--oidc-allow=shop.example"]
    const { code, err } = await tollgateHere(folder, ["dashboard", "--ledger=env:LEDGER", ...wrong], {
      LEDGER: NO_LEDGER,
    })
    expect(code).toBe(1)
    expect(err).toMatch(/✗ dashboard-options\n\n--host=0\.0\.0\.0 is not the loopback/)
    expect(err).toContain("--oidc-client-id, --oidc-client-secret is missing")
    expect(err).toContain("--oidc-issuer is not https")
    expect(err).toContain("--oidc-allow=shop.example is neither")
  })

  it("says which port or address it cannot have", async () => {
    const taken = createServer()
    const port = await onLoopback(taken)
    const failed = async (...args: string[]) =>
      (await tollgateHere(folder, ["dashboard", "--ledger=env:LEDGER", ...args], { LEDGER: NO_LEDGER })).err
    expect(await failed(`--port=${port}`)).toContain(`Port ${port} of this machine is in use.`)
    expect(await failed("--host=203.0.113.1", `--url=${URL_OF}`)).toContain("dashboard-host")
    taken.close()
  })

  it("starts as the documented service does, answers, and ends with 0 on SIGTERM", async () => {
    const { args, variables } = documentedService()
    expect(args).toContain("--url=https://dash.shop.example")
    expect(args).toContain("--port=8070")
    const given = args.map((one) =>
      one.startsWith("--oidc-issuer=") ? `--oidc-issuer=${issuer.url}` : one.startsWith("--port=") ? "--port=0" : one,
    )
    const values = [NO_LEDGER, CLIENT.secret]
    const program = spawn(process.execPath, [join(ROOT, "bin/tollgate.mjs"), ...given], {
      cwd: folder,
      env: { ...process.env, ...Object.fromEntries(variables.map((name, index) => [name, values[index] ?? ""])) },
      stdio: ["ignore", "pipe", "pipe"],
    })
    const ended = once(program, "exit")
    let printed = ""
    try {
      for await (const part of program.stdout.setEncoding("utf8")) if ((printed += part).includes("\n")) break
      const [, port = ""] = /listens on port (\d+) of 127\.0\.0\.1, for the proxy/.exec(printed) ?? []
      expect(printed).toContain("The dashboard is running: https://dash.shop.example. People sign in with localhost:")
      const browser = new Browser({ "https://dash.shop.example": Number(port) })
      const page = await browser.open("https://dash.shop.example/")
      expect(page).toMatchObject({ status: 401, text: expect.stringContaining("Sign in with localhost:") })
      program.kill("SIGTERM")
      expect(await ended).toEqual([0, null])
    } finally {
      program.kill("SIGKILL")
    }
    expect(printed).not.toContain("token=")
  })
})

/** The arguments of the service in docs/dashboard-team.md, and the variables that they read. */
function documentedService(): { args: string[]; variables: string[] } {
  const docs = readFileSync(join(ROOT, "docs/dashboard-team.md"), "utf8")
  const [, start = ""] = /^ExecStart=((?:.*\\\n)*.*)$/m.exec(docs) ?? []
  const [node, launcher, ...args] = start.replaceAll("\\\n", " ").split(/\s+/)
  expect([node, launcher]).toEqual(["/usr/bin/node", "/opt/tollgate/bin/tollgate.mjs"])
  const variables = args.flatMap((one) => /=env:(\w+)$/.exec(one)?.[1] ?? [])
  for (const name of variables) expect(docs).toContain(`\`${name}\``)
  return { args, variables }
}
