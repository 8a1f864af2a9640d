import { format } from "node:util"
import { vi } from "vitest"
import { main } from "../../cli/index.js"
import type { Ran } from "./ecpay-server.js"

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const

/** The command in this process, with all that it prints: as `bin/tollgate.mjs` runs it, without the second in which Node starts. */
export async function tollgateHere(cwd: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ran> {
  const before = { cwd: process.cwd(), env: { ...process.env }, exitCode: process.exitCode, tty: process.stdin.isTTY }
  const handlers = SIGNALS.map((signal) => [signal, process.listeners(signal)] as const)
  const printed = { out: "", err: "" }
  const to = (where: keyof typeof printed) => (text: string | Uint8Array) => {
    printed[where] += typeof text === "string" ? text : Buffer.from(text).toString()
    return true
  }
  const spies = [
    vi.spyOn(process.stdout, "write").mockImplementation(to("out")),
    vi.spyOn(process.stderr, "write").mockImplementation(to("err")),
    // vitest's console does not write to this process's streams
    vi.spyOn(console, "log").mockImplementation((...parts) => void to("out")(`${format(...parts)}\n`)),
    vi.spyOn(console, "error").mockImplementation((...parts) => void to("err")(`${format(...parts)}\n`)),
  ]
  try {
    process.chdir(cwd)
    Object.assign(process.env, env)
    process.exitCode = undefined
    process.stdin.isTTY = false
    return { code: await main(args), ...printed }
  } finally {
    for (const spy of spies) spy.mockRestore()
    process.chdir(before.cwd)
    for (const name of Object.keys(env)) {
      const value = before.env[name]
      if (value === undefined) delete process.env[name]
      else process.env[name] = value
    }
    process.exitCode = before.exitCode
    process.stdin.isTTY = before.tty
    for (const [signal, own] of handlers)
      for (const listener of process.listeners(signal))
        if (!own.includes(listener)) process.removeListener(signal, listener)
  }
}
