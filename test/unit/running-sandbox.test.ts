import { spawnSync } from "node:child_process"
import { existsSync, mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs"
import { createServer, type Server } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, test } from "vitest"
import { announceSandbox, announceStart, findRunningSandbox } from "../../cli/release/running-sandbox.js"
import { onLoopback } from "../loopback.js"

let home: string
let servers: Server[] = []
const env = () => ({ TOLLGATE_HOME: home })
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "tollgate-home-"))
})
afterEach(async () => {
  await Promise.all(servers.map((server) => new Promise((closed) => server.close(closed))))
  servers = []
  rmSync(home, { recursive: true })
})

function listening(greeting: string | null): Promise<number> {
  const server = createServer((socket) => {
    socket.on("error", () => undefined).resume()
    if (greeting === null) socket.destroy()
    else socket.write(greeting)
  })
  servers.push(server)
  return onLoopback(server)
}

const sandbox = (port: number) => ({
  host: "127.0.0.1",
  port,
  hostKey: "ssh-ed25519 AAAA",
  clientKey: "key",
  registryPassword: "password",
})

describe("the sandbox that another process keeps running", () => {
  test("is found while its sshd answers, by its user alone", async () => {
    const announced = sandbox(await listening("SSH-2.0-OpenSSH_9.2\r\n"))
    const withdraw = announceSandbox(announced, env())
    expect(await findRunningSandbox(env())).toEqual(announced)
    expect(statSync(join(home, "sandbox.json")).mode & 0o777).toBe(0o600)
    withdraw()
    expect(existsSync(join(home, "sandbox.json"))).toBe(false)
    expect(await findRunningSandbox(env())).toBeNull()
  })

  test.each([
    ["nobody listens any more", async () => 1],
    ["a tunnel whose other end is gone takes the connection", () => listening(null)],
    ["something else has its port", () => listening("220 mail.example ESMTP\r\n")],
  ])("is not found when %s", async (_, port) => {
    announceSandbox(sandbox(await port()), env())
    expect(await findRunningSandbox(env())).toBeNull()
  })

  test("is waited for while it starts", async () => {
    const withdraw = announceStart(env())
    const found = findRunningSandbox(env())
    const announced = sandbox(await listening("SSH-2.0-OpenSSH_9.2\r\n"))
    announceSandbox(announced, env())
    withdraw()
    expect(await found).toEqual(announced)
  })

  test.each([
    ["it gave up", () => announceStart(env())()],
    [
      "it was killed",
      () => writeFileSync(join(home, "sandbox.json"), JSON.stringify({ startedBy: spawnSync("true").pid })),
    ],
    [
      "it has not come to an end for minutes",
      () => {
        announceStart(env())
        utimesSync(join(home, "sandbox.json"), 0, 0)
      },
    ],
  ])("is not waited for when who started it is gone: %s", async (_, gone) => {
    gone()
    expect(await findRunningSandbox(env())).toBeNull()
  })

  test("is not found in a file of another kind", async () => {
    writeFileSync(join(home, "sandbox.json"), '{"port": 22}')
    expect(await findRunningSandbox(env())).toBeNull()
    writeFileSync(join(home, "sandbox.json"), "{")
    expect(await findRunningSandbox(env())).toBeNull()
  })

  test("takes back its own announcement and not a later one", async () => {
    const port = await listening("SSH-2.0-x\r\n")
    const withdraw = announceSandbox(sandbox(1), env())
    announceSandbox(sandbox(port), env())
    withdraw()
    expect(await findRunningSandbox(env())).toEqual(sandbox(port))
  })
})
