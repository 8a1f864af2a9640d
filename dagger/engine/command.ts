import { spawn } from "node:child_process"
import { appendFile, open, readFile } from "node:fs/promises"
import { TollgateError } from "../../core/shared/errors.js"

export interface CommandOptions {
  log: string
  cwd?: string
  env?: NodeJS.ProcessEnv
  /** In process and mount namespaces of its own, so that it and its children end with us, mounts included. */
  contained?: boolean
}

const running = new Set<() => void>()

/** Ends what is still running; for the moment when Tollgate itself is told to stop. */
export function endRunningCommands(): void {
  for (const end of running) end()
}

// setpriv makes the kernel end the command when we are gone, even by SIGKILL; unshare does the same for its children
const containment = [
  "setpriv",
  "--pdeathsig",
  "KILL",
  "unshare",
  "--mount",
  "--pid",
  "--fork",
  "--kill-child",
  "--mount-proc",
]

/** Runs a command with its output in a log file; a failure carries the end of that log. */
export async function run(argv: readonly string[], options: CommandOptions): Promise<void> {
  const log = await open(options.log, "a")
  try {
    await log.write(`$ ${argv.join(" ")}\n`)
    const [program = "", ...args] = options.contained ? [...containment, "--", ...argv] : argv
    const failure = await new Promise<string | undefined>((resolve) => {
      const child = spawn(program, args, {
        cwd: options.cwd,
        env: options.env ?? process.env,
        stdio: ["ignore", log.fd, log.fd],
      })
      const end = () => child.kill(options.contained ? "SIGKILL" : "SIGTERM")
      running.add(end)
      child.on("error", (error) => resolve(error.message))
      child.on("close", (code, signal) => {
        running.delete(end)
        resolve(code === 0 ? undefined : signal ? `was ended by ${signal}` : `ended with exit code ${code}`)
      })
    })
    if (failure !== undefined) throw await commandFailed(argv, failure, options.log)
  } finally {
    await log.close()
  }
}

async function commandFailed(argv: readonly string[], failure: string, log: string): Promise<TollgateError> {
  const tail = lastLines(await readFile(log, "utf8"), 15)
  const full = /no space left on device/i.test(tail)
  return new TollgateError(
    full ? "engine.disk-full" : "engine.command-failed",
    `\`${shorten(argv.join(" "))}\` ${failure}. The end of ${log}:\n${tail}`,
    full
      ? "The disk is full: make room (`tollgate doctor` shows what takes it), then run the same command again."
      : "Run the same command again once the cause is gone: what was finished is kept.",
  )
}

export function lastLines(text: string, count: number): string {
  return text
    .trimEnd()
    .split("\n")
    .slice(-count)
    .map((line) => `    ${line}`)
    .join("\n")
}

function shorten(text: string): string {
  return text.length > 120 ? `${text.slice(0, 117)}…` : text
}

/** Runs a command and gives its standard output, or undefined when it failed or is not there. */
export async function capture(argv: readonly string[], timeoutMs = 10_000): Promise<string | undefined> {
  const [program = "", ...args] = argv
  return await new Promise((resolve) => {
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "ignore"], timeout: timeoutMs })
    let output = ""
    child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text))
    child.on("error", () => resolve(undefined))
    child.on("close", (code) => resolve(code === 0 ? output : undefined))
  })
}

export async function note(log: string, text: string): Promise<void> {
  await appendFile(log, `${text}\n`)
}
