import { type ChildProcess, spawn } from "node:child_process"
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { connect } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as pause } from "node:timers/promises"
import { fileURLToPath } from "node:url"
import { type Document, parseDocument } from "yaml"
import { reachFromHost } from "../../cli/release/reach-from-host.js"
import { parseSettings } from "../../core/config/parse.js"
import { openRelay } from "../../core/release/session/relay.js"
import { forwardTo } from "../../core/release/session/through-target.js"
import { registry } from "../../core/targets/sandbox/machine.js"
import type { Sandbox } from "../../core/targets/sandbox/open.js"
import { empty, onHost, sandboxNamed } from "./host.js"

const LAUNCHER = fileURLToPath(new URL("../../bin/tollgate.mjs", import.meta.url))

/** Commands that read no host. */
const OF_THE_LEDGER = new Set(["history", "policy", "dashboard"])

export interface Ran {
  command: string
  code: number | null
  out: string
  /** From Enter to the shell's prompt. */
  seconds: number
}

/** A command that goes on. */
export interface Process {
  /** All that it printed. */
  text(): string
  /** Waits until it printed this. */
  printed(what: RegExp): Promise<string>
  /** As Ctrl-C does. */
  end(): Promise<void>
  /** With all that it started, as a machine that loses its power. */
  kill(): Promise<void>
  /** To all that it started. */
  signal(signal: NodeJS.Signals): void
}

function processOf(child: ChildProcess): Process {
  let text = ""
  const closed = new Promise((done) => child.once("close", done))
  for (const from of [child.stdout, child.stderr]) from?.on("data", (part: Buffer) => (text += part.toString()))
  const end = (signal: NodeJS.Signals, to: number) => async () => {
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null)
      process.kill(to * child.pid, signal)
    await closed
  }
  return {
    text: () => text,
    printed: async (what) => {
      for (;;) {
        const [found] = what.exec(text) ?? []
        if (found !== undefined) return found
        if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}:\n${text}`)
        await pause(50)
      }
    },
    end: end("SIGINT", 1),
    kill: end("SIGKILL", -1),
    signal: (signal) => {
      if (child.pid !== undefined) process.kill(-child.pid, signal)
    },
  }
}

/** An environment of a team's own: a host over SSH, a registry and a ledger, for commands in processes of their own. */
export interface LiveEnvironment {
  readonly sandbox: Sandbox
  /** The service that is deployed: a folder that a test may change. */
  readonly source: string
  /** A file for one test alone. */
  file(name: string, text: string): string
  /** URL of the ledger. */
  readonly ledgerUrl: string
  /** `tollgate COMMAND --env=live …` */
  tollgate(command: string, ...args: string[]): Promise<Ran>
  /** The same, of a command that goes on until it is told to end. */
  start(command: string, ...args: string[]): Process
  /** Options by which `deploy` publishes. */
  readonly publishing: readonly string[]
  close(): Promise<void>
}

/**
 * @param name of a sandbox: it is emptied
 * @param fixture a folder with tollgate.yaml
 * @param change of its tollgate.yaml
 */
export async function liveEnvironment(
  name: string,
  fixture: string,
  change: (settings: Document) => void = () => undefined,
): Promise<LiveEnvironment> {
  const folder = mkdtempSync(join(tmpdir(), "tollgate-live-"))
  const source = join(folder, "service")
  cpSync(fixture, source, { recursive: true })
  const path = join(source, "tollgate.yaml")
  const written = parseDocument(readFileSync(path, "utf8"))
  // an environment whose keys only its own test has
  written.deleteIn(["environments", "guarded"])
  const sandbox = await sandboxNamed(name, parseSettings(written.toString()))
  await empty(sandbox)
  const { registryPassword, clientKey, hostKey } = sandbox.identity

  const ssh = await reachFromHost(sandbox.service, 22)
  const images = await reachFromHost(registry(name), 5000)
  // `registry:5000` of the host is an address of loopback for this machine, one that nobody else has
  const address = `127.0.${1 + (process.pid % 250)}.2`
  const relay = await openRelay(() => Promise.resolve(connect({ ...images, noDelay: true })), {
    host: address,
    port: 5000,
  })
  const ledger = await forwardTo(sandbox.target, "postgres", 5432)
  await onHost(
    sandbox,
    `docker exec postgres psql -U app -d app -qc "create role tollgate login password '${registryPassword}'" -c "create database tollgate owner tollgate"`,
  )

  written.setIn(["environments", "live"], {
    gates: [],
    migrations: "commands",
    target: {
      hosts: [`${ssh.host}:${ssh.port}`],
      knownHosts: `[${ssh.host}]:${ssh.port} ${hostKey}`,
      proxy: { image: "registry:5000/basecamp/kamal-proxy:v0.9.2" },
    },
  })
  // a heartbeat may come late on a busy machine
  written.setIn(["ledger", "lease"], "1m")
  written.setIn(["image", "name"], "registry:5000/shop")
  written.setIn(["image", "registry"], { insecure: true, user: "tollgate" })
  change(written)
  writeFileSync(path, written.toString())
  const file = (called: string, text: string): string => {
    writeFileSync(join(folder, called), text, { mode: 0o600 })
    return `file:${join(folder, called)}`
  }
  const ledgerUrl = `postgresql://tollgate:${registryPassword}@127.0.0.1:${ledger.port}/tollgate?sslmode=disable`
  const common = [`--ledger=${file("ledger", ledgerUrl)}`, "--env=live"]
  const key = `--ssh-key=${file("key", clientKey)}`
  const spawned = (command: string, args: readonly string[], detached = false) =>
    spawn(process.execPath, [LAUNCHER, command, ...args, ...common, ...(OF_THE_LEDGER.has(command) ? [] : [key])], {
      cwd: source,
      detached,
      stdio: ["ignore", "pipe", "pipe"],
    })
  return {
    sandbox,
    source,
    ledgerUrl,
    file,
    publishing: [
      `--registry-password=${file("password", registryPassword)}`,
      `--registry-service=tcp://${address}:5000`,
    ],
    start: (command, ...args) => processOf(spawned(command, args, true)),
    tollgate: (command, ...args) =>
      new Promise((resolve, reject) => {
        const began = performance.now()
        const child = spawned(command, args)
        let out = ""
        child.stdout.on("data", (text) => (out += text))
        child.stderr.on("data", (text) => (out += text))
        child.on("error", reject)
        child.on("close", (code) =>
          resolve({
            command: `tollgate ${command} ${args[0] ?? ""}`,
            code,
            out,
            seconds: (performance.now() - began) / 1000,
          }),
        )
      }),
    close: async () => {
      await relay.close()
      await ledger.close()
      await sandbox.target.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
