import { spawn } from "node:child_process"
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { createServer as createWebServer, type Server as WebServer } from "node:http"
import { connect, createServer, type Server } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, beforeAll, expect, test } from "vitest"
import { hostDoor } from "../../cli/release/door.js"
import { registry } from "../../src/release/target/sandbox/machine.js"
import type { Sandbox } from "../../src/release/target/sandbox/open.js"
import { type Forward, forwardTo } from "../../src/release/through-target.js"
import { onHost, settingsWith } from "./deployments.js"
import { empty, sandboxNamed } from "./faults.js"
import { formsOf, leaksIn, SECRET, watchProcesses } from "./leaks.js"
import { useEngine } from "./session.js"

useEngine()

const NAME = "test-faults"
const LAUNCHER = fileURLToPath(new URL("../../bin/tollgate.mjs", import.meta.url))
const folder = mkdtempSync(join(tmpdir(), "tollgate-deploy-secrets-"))
const source = join(folder, "shop")
const at = (name: string) => join(folder, name)
/** Where `registry:5000` of the host is for this machine: an address of loopback that nobody else has. */
const REGISTRY = `127.0.${1 + (process.pid % 250)}.2`

/** One for each way in. */
const SECRETS: Record<string, string> = { SHOP_KEY: `${SECRET}-service`, HOOK_URL: "hook-5f0e3c77aa", HOOK_SECRET: `${SECRET}-hook-that-is-long-enough` }

let sandbox: Sandbox
let ledger: Forward
let hooks: WebServer
let relay: Server
const told: string[] = []
beforeAll(async () => {
  sandbox = await sandboxNamed(NAME, settingsWith("ed25519:11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="))
  await empty(sandbox)
  const { registryPassword, clientKey, hostKey } = sandbox.identity
  SECRETS["REGISTRY_AND_LEDGER_PASSWORD"] = registryPassword
  SECRETS["SSH_KEY"] = clientKey.split("\n")[3] ?? ""
  for (const value of Object.values(SECRETS)) if (value.length < 12) throw new Error("too short to look for")

  const ssh = await hostDoor(sandbox.service, 22)
  const images = await hostDoor(registry(NAME), 5000)
  relay = createServer((socket) => void socket.pipe(connect(images.port, images.host)).pipe(socket).on("error", () => socket.destroy()))
  await new Promise<void>((opened) => relay.listen(5000, REGISTRY, opened))
  ledger = await forwardTo(sandbox.target, "postgres", 5432)
  await onHost(sandbox, `docker exec postgres psql -U app -d app -qc "create role tollgate login password '${registryPassword}'" -c "create database tollgate owner tollgate"`)
  hooks = createWebServer((request, response) => {
    request.on("data", (chunk: Buffer) => told.push(chunk.toString()))
    request.on("end", () => response.end("ok"))
  })
  const port = await new Promise<number>((opened) =>
    hooks.listen(0, "127.0.0.1", () => {
      const address = hooks.address()
      opened(typeof address === "object" && address !== null ? address.port : 0)
    }),
  )

  cpSync(fileURLToPath(new URL("fixtures/deploy/", import.meta.url)), source, { recursive: true })
  // a service that says what it should not, when its payment fails
  writeFileSync(join(source, "serve.py"), readFileSync(join(source, "serve.py"), "utf8").replace('print(f"payment failed in {VERSION}"', 'print(f"payment failed with {os.environ[\'SHOP_KEY\']}"'))
  const written = readFileSync(join(source, "tollgate.yaml"), "utf8").replace(/ {2}guarded:[\s\S]*$/, "")
  writeFileSync(
    join(source, "tollgate.yaml"),
    `${written}  live:
    gates: []
    migrations: commands
    target:
      hosts: ["${ssh.host}:${ssh.port}"]
      knownHosts: "[${ssh.host}]:${ssh.port} ${hostKey}"
      proxy: { image: "registry:5000/basecamp/kamal-proxy:v0.9.2" }
image: { name: "registry:5000/shop", registry: { insecure: true, user: tollgate } }
notifications: { webhook: { url: HOOK_URL, secret: HOOK_SECRET } }
`,
  )
  const environment = (mode: string) => `MODE=${mode}\nSHOP_KEY='${SECRETS["SHOP_KEY"]}'\n`
  const files = {
    "good.env": environment(""),
    "bad.env": environment("smoke-fails"),
    "notify.env": `HOOK_URL=http://127.0.0.1:${port}/${SECRETS["HOOK_URL"]}\nHOOK_SECRET='${SECRETS["HOOK_SECRET"]}'\n`,
    ledger: `postgresql://tollgate:${registryPassword}@127.0.0.1:${ledger.port}/tollgate?sslmode=disable`,
    password: registryPassword,
    key: clientKey,
  }
  for (const [name, text] of Object.entries(files)) writeFileSync(at(name), text, { mode: 0o600 })
})
afterAll(async () => {
  relay.close()
  hooks.close()
  await ledger.close()
  await sandbox.target.close()
  rmSync(folder, { recursive: true, force: true })
})

function tollgate(...args: string[]): Promise<{ command: string; code: number | null; out: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [LAUNCHER, ...args, "--env=live", `--ledger=file:${at("ledger")}`], { cwd: source })
    let out = ""
    child.stdout.on("data", (text) => (out += text))
    child.stderr.on("data", (text) => (out += text))
    child.on("error", reject)
    child.on("close", (code) => resolve({ command: `tollgate ${args.slice(0, 2).join(" ")}`, code, out }))
  })
}

test("deployments and rollbacks over SSH let no secret out: not to the terminal, the host's Docker, a list of processes, the ledger or a message", async () => {
  const stopWatching = watchProcesses()
  const ssh = `--ssh-key=file:${at("key")}`
  const notify = `--notify=file:${at("notify.env")}`
  const build = [ssh, notify, `--registry-password=file:${at("password")}`, `--registry-service=tcp://${REGISTRY}:5000`]
  const good = `--secrets=file:${at("good.env")}`
  const ran = [
    await tollgate("deploy", "--version=s1", good, ...build),
    await tollgate("deploy", "--version=s2", `--secrets=file:${at("bad.env")}`, ...build),
    await tollgate("deploy", "--version=s3", good, "--json", ...build),
    await tollgate("rollback", "--reason=a test", ssh, notify),
    await tollgate("history"),
  ]
  const processes = stopWatching()
  const [first, second, third, back, listed] = ran
  // each got as far as the secrets: one that ended before would prove nothing
  expect(first?.out).toMatch(/\nLIVE: shop s1 /)
  expect(second?.out).toMatch(/it printed last:[\s\S]*payment failed with [\s\S]*\nRED: s2 was not deployed to live; s1 \([0-9a-f]{12}\) serves\n$/)
  expect(third?.out).toMatch(/"outcome": "live"/)
  expect(back?.out).toMatch(/\nROLLED BACK: shop s1 /)
  expect(listed?.out).toContain("s2")
  expect(ran.map(({ code }) => code)).toEqual([0, 1, 0, 0, 0])
  expect(told.length).toBeGreaterThanOrEqual(7)

  const shown: [name: string, text: string][] = [
    ["docker inspect", await onHost(sandbox, "docker inspect $(docker ps -aq)")],
    ["docker image inspect", await onHost(sandbox, "docker image inspect $(docker images -q); docker image history --no-trunc $(docker images -q registry:5000/shop | head -1)")],
    ["processes of the host", await onHost(sandbox, "ps axww -o args; docker ps -a --no-trunc")],
    ["what is left on the host", await onHost(sandbox, "ls -laR /var/lib/tollgate /dev/shm /tmp; cat /root/.docker/config.json 2>/dev/null; true")],
    ["the ledger's rows", await onHost(sandbox, "docker exec postgres pg_dump -U app --inserts tollgate")],
  ]
  expect(Object.fromEntries(shown)["the ledger's rows"]).toContain("release-finished")
  expect(Object.fromEntries(shown)["docker inspect"]).toContain("shop-web-")
  const texts = [...ran.map(({ command, out }): [string, string] => [command, out]), ...shown, ...processes, ["messages", told.join("\n")] as [string, string]]
  expect(leaksIn(texts, SECRETS)).toEqual([])
  // the host does hold it, in the one file that only root and the service can read: the search finds what is there
  const file = await onHost(sandbox, "cat /var/lib/tollgate/shop/releases/*/inside/environment; stat -c '%a %u' /var/lib/tollgate/shop/releases/*/inside/environment")
  expect(file).toContain(formsOf(SECRETS["SHOP_KEY"] ?? "")["as it is"])
  expect(new Set(file.split("\n").filter((line) => /^\d+ \d+$/.test(line)))).toEqual(new Set(["400 10001"]))
})
