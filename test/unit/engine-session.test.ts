import { spawn } from "node:child_process"
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { PassThrough } from "node:stream"
import { afterAll, describe, expect, test } from "vitest"
import { freePort } from "../../cli/engine/free-port.js"
import { TollgateError } from "../../core/shared/errors.js"
import { isAlive } from "../../dagger/engine/process.js"
import { openSession, type SessionLimits, usualLimits } from "../../dagger/engine/session/open.js"
import { addressOf } from "../../dagger/engine/session/reach.js"
import { reasonOf } from "../../dagger/engine/session/reason.js"
import { busyWith } from "../../dagger/engine/session/working.js"
import { onLoopback } from "../loopback.js"

const folder = mkdtempSync(join(tmpdir(), "tollgate-session-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A dagger CLI of one's own; it writes its process id to FILE.pid. */
function cli(name: string, script: string): string {
  const path = join(folder, name)
  writeFileSync(path, `#!/bin/sh\necho $$ >'${path}.pid'\n${script}\n`)
  chmodSync(path, 0o755)
  return path
}

const quick: SessionLimits = { connectMs: 300, silenceMs: 400, closeMs: 5_000 }
const opens = `echo '{"port":4711,"session_token":"t"}'; exec cat >/dev/null`

function open(
  path: string,
  limits: SessionLimits = quick,
  runner: string | undefined = undefined,
  told: string[] = [],
) {
  return openSession(path, new PassThrough().resume(), { runner, log: "engine.log" }, limits, (text) => told.push(text))
}

async function failure(opening: Promise<unknown>): Promise<TollgateError> {
  const error: unknown = await opening.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof TollgateError)) throw new Error(`no TollgateError, but ${String(error)}`)
  return error
}

const pidOf = (path: string) => Number(readFileSync(`${path}.pid`, "utf8"))
const gone = (path: string) => expect.poll(() => isAlive(pidOf(path)), { timeout: 20_000 }).toBe(false)

test("an engine that does not answer is an error before 30 s have passed", () => {
  expect(usualLimits.connectMs + usualLimits.silenceMs).toBeLessThan(30_000)
})

describe("a session that cannot be opened", () => {
  test("because nothing listens is an error with the system's reason, and no CLI is started", async () => {
    const path = cli("never-started", opens)
    const error = await failure(open(path, quick, `tcp://127.0.0.1:${await freePort()}`))
    expect(error).toMatchObject({
      code: "engine.unreachable",
      message: expect.stringMatching(/ECONNREFUSED[^]*_EXPERIMENTAL_DAGGER_RUNNER_HOST[^]*engine\.log/),
    })
    expect(existsSync(`${path}.pid`)).toBe(false)
  })

  test("because its socket does not exist names the socket", async () => {
    expect((await failure(open(cli("no-socket", opens), quick, `unix://${folder}/none.sock`))).message).toContain(
      `ENOENT ${folder}/none.sock`,
    )
  })

  test("because the engine accepts and never answers is an error, and its CLI is killed", async () => {
    const server = createServer(() => undefined)
    const port = await onLoopback(server)
    const path = cli("mute-engine", "echo 'connecting to engine' >&2; exec sleep 600")
    const error = await failure(open(path, quick, `tcp://127.0.0.1:${port}`))
    expect(error).toMatchObject({
      code: "engine.no-answer",
      message: expect.stringMatching(/did not answer[^]*connecting to engine/),
    })
    await gone(path)
    server.close()
  })

  test("because the CLI fails has the CLI's reason without its trace", async () => {
    const error = await failure(
      open(
        cli(
          "fails",
          "echo 'Error: start engine: driver for scheme \"image\" was not available [traceparent:0af7-00f0]' >&2; exit 3",
        ),
      ),
    )
    expect(error).toMatchObject({
      code: "engine.session-failed",
      message: expect.stringContaining(
        'ended with exit code 3:\n    start engine: driver for scheme "image" was not available\n',
      ),
    })
    expect(error.message).not.toContain("traceparent")
  })

  test("because the CLI hangs ends the CLI and what it started", async () => {
    const path = cli("hangs", `sh -c 'echo $$ >"$0.child.pid"; exec sleep 600' '${join(folder, "hangs")}' & wait`)
    expect((await failure(open(path))).code).toBe("engine.no-answer")
    await gone(path)
    await gone(`${path}.child`)
  })

  test("because the CLI is not there says so", async () => {
    expect((await failure(open(join(folder, "missing")))).message).toMatch(/engine|missing/)
  })

  test("because the CLI is another program shows what it printed", async () => {
    expect((await failure(open(cli("other", "echo hello; exec sleep 600")))).message).toContain(
      'printed "hello" instead of the address of a session',
    )
  })
})

test("an image that is being pulled is waited for longer than silence is, and named", async () => {
  const bin = join(folder, "bin")
  mkdirSync(bin)
  writeFileSync(join(bin, "docker"), "#!/bin/sh\nsleep 2\n")
  chmodSync(join(bin, "docker"), 0o755)
  const told: string[] = []
  const session = await open(
    cli("pulls", `'${bin}/docker' pull example.org/engine:1\n${opens}`),
    quick,
    undefined,
    told,
  )
  expect(session.port).toBe(4711)
  expect(told.join("")).toContain("docker pull example.org/engine:1")
  await session.close()
})

test("a session that is closed ends its CLI; one whose CLI dies says what it said last", async () => {
  const path = cli("orderly", opens)
  const session = await open(path)
  await session.close()
  await gone(path)
  expect(session.lost()).toBeUndefined()

  const dying = cli(
    "dying",
    `echo '{"port":4711,"session_token":"t"}'; sleep 0.2; echo 'Error: engine went away' >&2; exit 1`,
  )
  const lost = await open(dying)
  await expect.poll(() => lost.lost(), { timeout: 10_000 }).toEqual({ reason: "engine went away" })
  await lost.close()
})

test.each(["hangs while it starts", "is open"])(
  "a killed process leaves no CLI behind when its session %s",
  async (when) => {
    const path = cli(`orphan-${when.length}`, when === "is open" ? opens : "exec sleep 600")
    const program = `import { openSession } from ${JSON.stringify(join(import.meta.dirname, "../../dagger/engine/session/open.ts"))}
import { PassThrough } from "node:stream"
await openSession(${JSON.stringify(path)}, new PassThrough().resume(), { runner: undefined, log: "" }, { connectMs: 1, silenceMs: 600_000, closeMs: 1 }, () => {})
console.log("opened"); setInterval(() => {}, 1000)`
    const entry = join(folder, `${when.length}.mts`)
    writeFileSync(entry, program)
    const tsx = join(import.meta.dirname, "../../node_modules/tsx/dist/cli.mjs")
    // tsx runs a process of its own: that one is killed
    const child = spawn(process.execPath, ["--import", join(tsx, "../loader.mjs"), entry], {
      stdio: ["ignore", "pipe", "inherit"],
    })
    if (when === "is open") await new Promise((resolve) => child.stdout.once("data", resolve))
    await expect
      .poll(() => existsSync(`${path}.pid`) && readFileSync(`${path}.pid`, "utf8").trim() !== "", { timeout: 30_000 })
      .toBe(true)
    child.kill("SIGKILL")
    await gone(path)
  },
)

describe("the reason", () => {
  const failedPull = [
    "1   : connect",
    "2   : ┆ exec docker pull registry.example/engine:v1",
    '2   : ┆ [0.1s] | Error response from daemon: Get "https://registry.example/v2/": dial tcp: lookup registry.example: no such host',
    "2   : ┆ exec docker pull registry.example/engine:v1 ERROR [0.2s]",
    "2   : ┆ ! failed to run command [docker pull registry.example/engine:v1]: exit status 1",
    "1   : connect ERROR [0.2s]",
    "1   : ! start engine: failed to pull image: failed to run command",
    "",
    "Error: start engine: failed to pull image: failed to run command [docker pull registry.example/engine:v1]: exit status 1 [traceparent:5567-0b50]",
  ].join("\n")

  test("is the CLI's error with what the command that failed had printed, in no colours", () => {
    const coloured = failedPull.replaceAll("ERROR", "\x1b[31mERROR\x1b[0m")
    expect(reasonOf(coloured)).toBe(
      'start engine: failed to pull image: failed to run command [docker pull registry.example/engine:v1]: exit status 1\nError response from daemon: Get "https://registry.example/v2/": dial tcp: lookup registry.example: no such host',
    )
  })

  test("is the last output when the CLI reports no error, and not its steps", () => {
    expect(reasonOf("1   : connect\npanic: out of memory\n")).toBe("panic: out of memory")
    expect(reasonOf("1   : connect\n2   : ┆ starting engine\n")).toBeUndefined()
  })
})

test("only a container client's slow commands in the CLI's own process group are progress", () => {
  const processes =
    " 41 /usr/bin/docker pull other\n 42 dagger session\n 42 /usr/local/bin/docker exec -i engine buildctl dial-stdio\n"
  expect(busyWith(processes, 42)).toBeUndefined()
  expect(busyWith(`${processes} 42 podman pull registry.dagger.io/engine:v1\n`, 42)).toBe(
    "podman pull registry.dagger.io/engine:v1",
  )
})

test("a host that can be connected to is distinguished from one that only the CLI can reach", () => {
  expect(addressOf("tcp://build-host:8080")).toEqual({ host: "build-host", port: 8080 })
  expect(addressOf("tcp://[::1]:8080")).toEqual({ host: "::1", port: 8080 })
  expect(addressOf("unix:///run/engine.sock")).toEqual({ path: "/run/engine.sock" })
  for (const runner of [undefined, "image://registry.dagger.io/engine:v1", "ssh://host", "kube-pod://engine"])
    expect(addressOf(runner)).toBeUndefined()
})
