import { type ChildProcess, execFileSync, spawn } from "node:child_process"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import { z } from "zod"
import type { Order } from "./sleeper-child.js"

const ROOT = fileURLToPath(new URL("../../..", import.meta.url))

const ended = z.object({
  outcome: z.string(),
  causes: z.array(z.string()),
  next: z.string(),
  release: z.string(),
  steps: z.array(z.object({ name: z.string(), outcome: z.string() })),
})
export type Ended = z.output<typeof ended>

/** A process that deploys, and that can be asleep meanwhile. */
export class Sleeper {
  readonly #child: ChildProcess
  readonly #lines: AsyncIterator<string>
  #pid = 0
  #said = ""

  constructor() {
    this.#child = spawn(process.execPath, ["--import", "tsx", "test/release/attacks/sleeper-child.ts"], {
      cwd: ROOT,
      env: { ...process.env, TSX_TSCONFIG_PATH: "tsconfig.host.json" },
      stdio: ["pipe", "pipe", "pipe"],
    })
    const { stdout, stderr } = this.#child
    if (stdout === null || stderr === null) throw new Error("its output is piped")
    this.#lines = createInterface({ input: stdout })[Symbol.asyncIterator]()
    stderr.on("data", (chunk: Buffer) => {
      this.#said += chunk.toString()
    })
  }

  order(order: Order): void {
    this.#said = ""
    this.#child.stdin?.write(`${JSON.stringify(order)}\n`)
  }

  /** Waits until it has begun a step. */
  async until(step: string): Promise<void> {
    while (!this.#said.includes(`${step}: started`)) {
      if (this.#child.exitCode !== null) throw new Error(`it ended: ${this.#said.slice(-2000)}`)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }

  /** Waits until the kernel says that it is stopped. */
  async asleep(): Promise<void> {
    const line = await this.#line()
    this.#pid = Number(/^asleep (\d+)$/.exec(line)?.[1] ?? Number.NaN)
    if (Number.isNaN(this.#pid)) throw new Error(`it did not stop: ${line}\n${this.#said.slice(-2000)}`)
    while (!execFileSync("ps", ["-o", "stat=", "-p", String(this.#pid)], { encoding: "utf8" }).startsWith("T"))
      await new Promise((resolve) => setTimeout(resolve, 20))
  }

  wake(): void {
    process.kill(this.#pid, "SIGCONT")
  }

  async ended(): Promise<Ended> {
    return ended.parse(JSON.parse(await this.#line()))
  }

  async #line(): Promise<string> {
    const { value, done } = await this.#lines.next()
    if (done === true) throw new Error(`it ended: ${this.#said.slice(-2000)}`)
    return value
  }

  close(): void {
    this.#child.kill("SIGKILL")
  }
}
