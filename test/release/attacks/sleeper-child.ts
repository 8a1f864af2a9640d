import { createWriteStream, writeSync } from "node:fs"
import { createInterface } from "node:readline"
import { connection } from "@dagger.io/dagger"
import { z } from "zod"
import { SshConnection } from "../../../core/targets/ssh/connection.js"
import { entryPoint, joinHost, release, settingsWith } from "../deployments.js"

/**
 * Deploys as a process of its own. It stops itself with SIGSTOP before a command reaches the host, and goes on with SIGCONT. Reads one
 * order a line; prints `asleep` when it stops, and one line of JSON when the run has ended.
 */
const order = z.object({
  version: z.string(),
  mode: z.string(),
  /** First words of a command's name; null: it does not stop. */
  asleepBefore: z.string().nullable(),
  /** Of such commands, how many go through first. */
  after: z.number(),
  ledger: z.string().nullable(),
  watch: z.number(),
  running: z.object({
    host: z.string(),
    port: z.number(),
    hostKey: z.string(),
    clientKey: z.string(),
    registryPassword: z.string(),
  }),
})
export type Order = z.input<typeof order>

let asleepBefore: string | null = null
let after = 0
const run = SshConnection.prototype.run
SshConnection.prototype.run = async function (this: SshConnection, command) {
  if (asleepBefore !== null && command.what.startsWith(asleepBefore) && after-- === 0) {
    asleepBefore = null
    writeSync(1, `asleep ${process.pid}\n`)
    process.kill(process.pid, "SIGSTOP")
  }
  return await run.call(this, command)
}

const shipped = settingsWith("ed25519:11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=")
await connection(
  async () => {
    for await (const line of createInterface({ input: process.stdin })) {
      const { version, mode, watch, ledger, running, ...asleep } = order.parse(JSON.parse(line))
      joinHost(running)
      ;({ asleepBefore, after } = asleep)
      const monitor = { ...shipped.release.monitor, window: watch }
      const settings = { ...shipped, release: { ...shipped.release, before: [], healthTimeout: 60, monitor } }
      const {
        outcome,
        causes,
        next,
        release: id,
        steps,
      } = await release(settings, version, mode, { ledger }, entryPoint)
      writeSync(1, `${JSON.stringify({ outcome, causes, next, release: id, steps })}\n`)
    }
  },
  { LogOutput: createWriteStream("/dev/null") },
)
process.exit(0)
