import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs"
import { connect } from "node:net"
import { dirname, join } from "node:path"
import { z } from "zod"
import { homeFolder } from "../../dagger/engine/home.js"
import type { RunningSandbox } from "../../src/release/target/sandbox/running.js"

/** How commands of this machine find the sandbox that `tollgate sandbox` keeps running: a file for its user alone. */
const running = z.strictObject({ host: z.string(), port: z.int(), hostKey: z.string(), clientKey: z.string(), registryPassword: z.string() })

const PATIENCE_MS = 1000

function fileOf(env: NodeJS.ProcessEnv): string {
  return join(homeFolder(env), "sandbox.json")
}

let found: Promise<RunningSandbox | null> | null = null

/** Looked for once in a process: what it decided by the first answer must not meet another one. */
export function runningSandbox(): Promise<RunningSandbox | null> {
  return (found ??= findRunningSandbox(process.env))
}

const LOOK_MS = 1000

/** @returns null: none was there when it was no longer wanted */
export async function sandboxAppears(until: AbortSignal, env: NodeJS.ProcessEnv = process.env): Promise<RunningSandbox | null> {
  while (!until.aborted) {
    const running = await findRunningSandbox(env)
    if (running !== null) return running
    await new Promise((look) => setTimeout(look, LOOK_MS).unref())
  }
  return null
}

/** @returns null: none is running; a file that a killed process left leads nowhere */
export async function findRunningSandbox(env: NodeJS.ProcessEnv): Promise<RunningSandbox | null> {
  let text: string
  try {
    text = readFileSync(fileOf(env), "utf8")
  } catch {
    return null
  }
  const parsed = running.safeParse(jsonOf(text))
  return parsed.success && (await greets(parsed.data)) ? parsed.data : null
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** An sshd speaks first: a tunnel whose other end is gone takes the connection, and says nothing. Who it is, the host key shows later. */
function greets({ host, port }: RunningSandbox): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect({ host, port })
    const end = (answer: boolean) => {
      // no SSH client says this: sshd hangs up by itself. A tunnel tells it of our hanging up late, and it lets only so many wait
      socket.end("goodbye\r\n", () => socket.destroy())
      done(answer)
    }
    socket.setTimeout(PATIENCE_MS, () => end(false))
    socket.once("error", () => end(false))
    socket.once("close", () => end(false))
    socket.once("data", (greeting: Buffer) => end(greeting.toString("latin1").startsWith("SSH-")))
  })
}

/** @returns takes it back */
export function announceSandbox(sandbox: RunningSandbox, env: NodeJS.ProcessEnv = process.env): () => void {
  const file = fileOf(env)
  mkdirSync(dirname(file), { recursive: true })
  const text = JSON.stringify(sandbox)
  writeFileSync(`${file}.${process.pid}`, text, { mode: 0o600 })
  renameSync(`${file}.${process.pid}`, file)
  return () => {
    try {
      if (readFileSync(file, "utf8") === text) rmSync(file)
    } catch {
      // it is gone already
    }
  }
}
