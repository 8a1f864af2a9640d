import { spawn } from "node:child_process"
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { createServer, type Socket } from "node:net"
import { tmpdir } from "node:os"
import { delimiter, join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { freePort } from "../../cli/engine/free-port.js"
import { capture } from "../../dagger/engine/command.js"
import { onLoopback } from "../loopback.js"
import { serviceFolder } from "./service.js"

const launcher = fileURLToPath(new URL("../../bin/tollgate.mjs", import.meta.url))
const folder = mkdtempSync(join(tmpdir(), "tollgate-session-start-"))
const service = serviceFolder(join(folder, "service"))
const connections = new Set<Socket>()
/** Accepts, and never answers. */
const mute = createServer((socket) => void connections.add(socket.on("error", () => undefined)))
let runner = ""
beforeAll(async () => {
  runner = `tcp://127.0.0.1:${await onLoopback(mute)}`
})
afterAll(() => {
  for (const socket of connections) socket.destroy()
  mute.close()
  rmSync(folder, { recursive: true, force: true })
})

/** A command in a home of its own, whose processes carry a mark by which those that are left are found. */
function begin(mark: string, env: NodeJS.ProcessEnv) {
  const child = spawn(process.execPath, [launcher, "test", "--no-report"], {
    cwd: service,
    env: { ...process.env, TOLLGATE_HOME: join(folder, mark), TOLLGATE_TEST_MARK: mark, ...env },
  })
  let output = ""
  child.stdout.on("data", (text) => (output += text))
  child.stderr.on("data", (text) => (output += text))
  return {
    child,
    ended: new Promise<{ code: number | null; output: string }>((resolve) =>
      child.on("close", (code) => resolve({ code, output })),
    ),
  }
}

/** By the environment that they inherited, where the system shows it; by the name of the home elsewhere. */
async function left(mark: string): Promise<string[]> {
  if (process.platform !== "linux")
    return ((await capture(["ps", "-A", "-o", "args="])) ?? "")
      .split("\n")
      .filter((line) => line.includes(join(folder, mark)))
  return readdirSync("/proc").filter(
    (pid) => /^\d+$/.test(pid) && readOrNothing(`/proc/${pid}/environ`).includes(`TOLLGATE_TEST_MARK=${mark}\0`),
  )
}

/** What is killed is gone in moments, and what ends in an orderly way within its grace of a minute. */
async function leftAtLast(mark: string): Promise<string[]> {
  for (let tries = 0; tries < 900 && (await left(mark)).length > 0; tries += 1)
    await new Promise((resolve) => setTimeout(resolve, 100))
  return await left(mark)
}

/** The command itself, and the CLI that it has started. */
async function untilItConnects(mark: string): Promise<void> {
  while ((await left(mark)).length < 2) await new Promise((resolve) => setTimeout(resolve, 50))
}

function readOrNothing(path: string): string {
  try {
    return readFileSync(path, "latin1")
  } catch {
    return ""
  }
}

function program(name: string, script: string): string {
  const path = join(folder, name)
  mkdirSync(join(path, ".."), { recursive: true })
  writeFileSync(path, `#!/bin/sh\n${script}\n`)
  chmodSync(path, 0o755)
  return path
}

describe.concurrent("a command whose engine", () => {
  const given: [string, string, () => Promise<NodeJS.ProcessEnv>, RegExp][] = [
    [
      "refuses connections",
      "refused",
      async () => ({ _EXPERIMENTAL_DAGGER_RUNNER_HOST: `tcp://127.0.0.1:${await freePort()}` }),
      /^✗ engine\.unreachable\n\nThe Dagger engine at tcp:\/\/127\.0\.0\.1:\d+ cannot be reached: connect ECONNREFUSED/,
    ],
    [
      "accepts and never answers",
      "mute",
      async () => ({ _EXPERIMENTAL_DAGGER_RUNNER_HOST: runner }),
      /^✗ engine\.no-answer\n\nThe Dagger engine at tcp:[^]* did not answer within 20 s/,
    ],
    [
      "has a CLI that hangs",
      "hangs",
      async () => ({
        _EXPERIMENTAL_DAGGER_RUNNER_HOST: runner,
        _EXPERIMENTAL_DAGGER_CLI_BIN: program("hanging", "exec sleep 600"),
      }),
      /^✗ engine\.no-answer\n\n/,
    ],
    [
      "has a CLI that fails",
      "fails",
      async () => ({
        _EXPERIMENTAL_DAGGER_RUNNER_HOST: "image://engine",
        _EXPERIMENTAL_DAGGER_CLI_BIN: program("failing", "echo 'Error: start engine: no driver' >&2; exit 1"),
      }),
      /^✗ engine\.session-failed\n\n[^]*ended with exit code 1:\n {4}start engine: no driver\n/,
    ],
    [
      "is Docker's, whose image cannot be pulled",
      "pull",
      async () => {
        program(
          "bin/docker",
          `case "$1 $2" in info*) ;; "pull "*) echo 'Error response from daemon: manifest unknown' >&2; exit 1;; *) exit 1;; esac`,
        )
        return {
          _EXPERIMENTAL_DAGGER_RUNNER_HOST: "",
          _EXPERIMENTAL_DAGGER_CLI_BIN: process.env._EXPERIMENTAL_DAGGER_CLI_BIN,
          PATH: `${join(folder, "bin")}${delimiter}${process.env.PATH}`,
        }
      },
      /✗ engine\.image-pull\n\ndocker could not pull the engine's image [^]*manifest unknown/,
    ],
  ]
  test.each(given)("%s ends with one error, no stack, and nothing left behind", async (_, mark, env, error) => {
    const { code, output } = await begin(mark, await env()).ended
    expect(output).toMatch(error)
    expect(output).not.toMatch(/\n {4}at |UnhandledPromise|node:internal/)
    expect(code).toBe(1)
    expect(await leftAtLast(mark)).toEqual([])
  })

  test.each<[NodeJS.Signals, number | null]>([
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGKILL", null],
  ])("is still being connected to leaves nothing behind after %s", async (signal, expected) => {
    const { child, ended } = begin(signal, { _EXPERIMENTAL_DAGGER_RUNNER_HOST: runner })
    await untilItConnects(signal)
    child.kill(signal)
    expect((await ended).code).toBe(expected)
    expect(await leftAtLast(signal)).toEqual([])
  })

  test.each<[NodeJS.Signals, number | null]>([
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGKILL", null],
  ])("is at work leaves no session behind after %s", async (signal, expected) => {
    const mark = `work-${signal}`
    const { child, ended } = begin(mark, { TOLLGATE_HOME: process.env.TOLLGATE_HOME })
    await untilItConnects(mark)
    child.kill(signal)
    expect((await ended).code).toBe(expected)
    expect(await leftAtLast(mark)).toEqual([])
  })
})
