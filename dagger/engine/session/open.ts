import { createInterface } from "node:readline"
import type { Writable } from "node:stream"
import { z } from "zod"
import { cliFailed, type EngineAddress, noAnswer, unreachable } from "./errors.js"
import { type GuardedProcess, spawnGuarded } from "./guard.js"
import { addressOf, whyUnreachable } from "./reach.js"
import { reasonOf } from "./reason.js"
import { workOf } from "./working.js"

export interface SessionLimits {
  /** Nothing listens: an engine that is being started beside us is waited for. */
  connectMs: number
  /** No sign of progress, from the beginning or the last one. With connectMs it stays below 30 s. */
  silenceMs: number
  /** The caches that an orderly end may still have to export. */
  closeMs: number
}

export const usualLimits: SessionLimits = { connectMs: 8_000, silenceMs: 20_000, closeMs: 300_000 }

const keptOfStderr = 64 * 1024
const lookEveryMs = 250
const paramsSchema = z.object({ port: z.number().int().positive(), session_token: z.string().min(1) })

export interface OpenSession {
  port: number
  token: string
  /** What the CLI said last, once it has ended although the session was not closed. */
  lost: () => { reason: string | undefined } | undefined
  close: () => Promise<void>
}

const open = new Set<() => Promise<void>>()

/** For the moment when Tollgate itself is told to stop: in an orderly way, but not for long. */
export async function closeSessions(withinMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, withinMs)))
  await Promise.race([Promise.all([...open].map((close) => close())), late])
  clearTimeout(timer)
}

/** Starts `dagger session` and waits for where it listens. Everything it may die of, or be silent for, is one error with the reason. */
export async function openSession(
  cli: string,
  log: Writable,
  address: EngineAddress,
  limits: SessionLimits,
  tell: (text: string) => void,
): Promise<OpenSession> {
  const direct = addressOf(address.runner)
  const why = direct && (await whyUnreachable(direct, limits.connectMs))
  if (why !== undefined) throw unreachable(address, why)

  const { DAGGER_SESSION_PORT: _port, DAGGER_SESSION_TOKEN: _token, ...env } = process.env
  const guarded = spawnGuarded([cli, "session", "--label", "dagger.io/sdk.name:tollgate"], { ...env, NO_COLOR: "1" })
  const said = listen(guarded, log)
  let closing = false
  const ended = new Promise<string>((resolve) => {
    guarded.child.once("error", (error) => resolve(`could not be started: ${error.message}`))
    guarded.child.once("close", (code, signal) =>
      resolve(signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`),
    )
  })
  let over: string | undefined
  void ended.then((how) => (over = how))

  const kill = async () => {
    guarded.kill()
    await ended
  }
  open.add(kill)
  const outcome = await Promise.race([
    params(guarded),
    ended.then((how) => ({ how })),
    silence(guarded, said, limits.silenceMs, tell),
  ])
  open.delete(kill)
  if ("how" in outcome) {
    await kill()
    throw cliFailed(address, cli, outcome.how, reasonOf(said.text()))
  }
  if ("silentMs" in outcome) {
    await kill()
    throw noAnswer(address, Math.round(outcome.silentMs / 1000), reasonOf(said.text()))
  }
  guarded.opened()

  const close = async () => {
    closing = true
    guarded.end()
    const timer = setTimeout(() => guarded.kill(), limits.closeMs)
    await ended
    clearTimeout(timer)
    open.delete(close)
  }
  open.add(close)
  return {
    ...outcome,
    close,
    lost: () => (over === undefined || closing ? undefined : { reason: reasonOf(said.text()) }),
  }
}

interface Said {
  text: () => string
  lastAt: () => number
}

function listen({ child }: GuardedProcess, log: Writable): Said {
  let [text, lastAt] = ["", Date.now()]
  child.stderr?.pipe(log, { end: false })
  child.stderr?.setEncoding("utf8").on("data", (more: string) => {
    text = (text + more).slice(-keptOfStderr)
    lastAt = Date.now()
  })
  return { text: () => text, lastAt: () => lastAt }
}

/** The first line on standard output says where it listens. */
async function params({ child }: GuardedProcess): Promise<{ port: number; token: string } | { how: string }> {
  return await new Promise((resolve) => {
    if (!child.stdout) return
    const lines = createInterface({ input: child.stdout })
    lines.once("line", (line) => {
      const parsed = paramsSchema.safeParse(parse(line))
      // read on: a full pipe would stop it
      lines.on("line", () => undefined)
      if (parsed.success) resolve({ port: parsed.data.port, token: parsed.data.session_token })
      else resolve({ how: `printed ${JSON.stringify(line.slice(0, 200))} instead of the address of a session` })
    })
  })
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

/** Resolves once there was no sign of progress for too long: no line, and no image that is being pulled. */
function silence(
  { child }: GuardedProcess,
  said: Said,
  limitMs: number,
  tell: (text: string) => void,
): Promise<{ silentMs: number }> {
  let progressAt = Date.now()
  let told: string | undefined
  return new Promise((resolve) => {
    const look = async () => {
      if (child.exitCode !== null || child.signalCode !== null) return
      progressAt = Math.max(progressAt, said.lastAt())
      if (Date.now() - progressAt > limitMs / 4) {
        const work = child.pid === undefined ? undefined : await workOf(child.pid)
        if (work !== undefined) {
          progressAt = Date.now()
          if (told !== work) tell(`… waiting for \`${work}\`\n`)
          told = work
        }
      }
      if (Date.now() - progressAt > limitMs) return resolve({ silentMs: limitMs })
      timer()
    }
    const timer = () => setTimeout(() => void look(), lookEveryMs).unref()
    timer()
  })
}
