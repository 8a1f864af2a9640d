import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs"
import { connect } from "node:net"
import { dirname, join } from "node:path"
import { setTimeout as pause } from "node:timers/promises"
import { z } from "zod"
import type { RunningSandbox } from "../../core/targets/sandbox/running.js"
import { homeFolder } from "../../dagger/engine/home.js"
import { isAlive } from "../../dagger/engine/process.js"

/** How commands of this machine find the sandbox that `tollgate sandbox` keeps running: a file for its user alone. */
const running = z.strictObject({
  host: z.string(),
  port: z.int(),
  hostKey: z.string(),
  clientKey: z.string(),
  registryPassword: z.string(),
})

/** Its content while the sandbox starts: the starting process. */
const starting = z.strictObject({ startedBy: z.int() })

const PATIENCE_MS = 1000
const LOOK_MS = 500
/** One that has not started by then is waited for no longer. */
const LONGEST_START_SECONDS = 180

function fileOf(env: NodeJS.ProcessEnv): string {
  return join(homeFolder(env), "sandbox.json")
}

let found: Promise<RunningSandbox | null> | null = null

/** Looked for once in a process: what it decided by the first answer must not meet another one. */
export function runningSandbox(): Promise<RunningSandbox | null> {
  return (found ??= findRunningSandbox(process.env))
}

/**
 * One that is being started is waited for: to start it as well would mean to wait for as long as it runs.
 *
 * @returns null: none is running; a file that a killed process left leads nowhere
 */
export async function findRunningSandbox(env: NodeJS.ProcessEnv): Promise<RunningSandbox | null> {
  const file = fileOf(env)
  for (let told = false; ; told = true) {
    const announced = announcedIn(file)
    const start = starting.safeParse(announced)
    if (!start.success) {
      const parsed = running.safeParse(announced)
      return parsed.success && (await greets(parsed.data)) ? parsed.data : null
    }
    if (!isAlive(start.data.startedBy) || secondsSince(file) > LONGEST_START_SECONDS) return null
    if (!told) process.stderr.write("Another process is starting the sandbox. Waiting for it.\n")
    await pause(LOOK_MS)
  }
}

function announcedIn(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"))
  } catch {
    return null
  }
}

/** Since it was written; one that has gone meanwhile is looked for again. */
function secondsSince(file: string): number {
  const written = statSync(file, { throwIfNoEntry: false })?.mtimeMs
  return written === undefined ? 0 : (Date.now() - written) / 1000
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

/** @returns removes the announcement */
export function announceStart(env: NodeJS.ProcessEnv = process.env): () => void {
  return announce({ startedBy: process.pid }, env)
}

/** @returns removes the announcement */
export function announceSandbox(sandbox: RunningSandbox, env: NodeJS.ProcessEnv = process.env): () => void {
  return announce(sandbox, env)
}

function announce(what: RunningSandbox | z.output<typeof starting>, env: NodeJS.ProcessEnv): () => void {
  const file = fileOf(env)
  mkdirSync(dirname(file), { recursive: true })
  const text = JSON.stringify(what)
  writeFileSync(`${file}.${process.pid}`, text, { mode: 0o600 })
  renameSync(`${file}.${process.pid}`, file)
  return () => {
    try {
      if (readFileSync(file, "utf8") === text) rmSync(file)
    } catch {
      // already removed
    }
  }
}
