import { spawn } from "node:child_process"
import { beforeAll, expect, test } from "vitest"
import { z } from "zod"

const ROOT = new URL("../..", import.meta.url).pathname
const said = z.object({
  before: z.string(),
  outcome: z.string().nullable(),
  causes: z.array(z.string()),
  after: z.string(),
  live: z.string(),
  candidates: z.number(),
  history: z.array(z.string()),
})

/** One run as a process of its own. With `killAt` it is ended by SIGKILL as soon as that step has begun: null then. */
function run(args: string[], killAt?: string): Promise<z.output<typeof said> | null> {
  const child = spawn(
    process.execPath,
    ["node_modules/.bin/tsx", "--tsconfig", "tsconfig.host.json", "test/release/deploy-child.ts", ...args],
    { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"], detached: true },
  )
  let stdout = ""
  let stderr = ""
  let killed = false
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()))
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk.toString()
    if (killAt === undefined || killed || !stderr.includes(`${killAt}: started`)) return
    killed = true
    // the whole group: the engine's session goes with it, and the sandbox's host with that
    if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL")
  })
  return new Promise((done, failed) => {
    child.once("close", (code) => {
      if (killed) return done(null)
      if (code === 0) return done(said.parse(JSON.parse(stdout)))
      failed(new Error(`the run ended with ${code}: ${stderr.slice(-2000)}`))
    })
  })
}

/** A run that was killed keeps the environment for as long as its lease holds. */
const leaseRunsOut = () => new Promise((resolve) => setTimeout(resolve, 9000))

beforeAll(async () => {
  expect(await run(["empty", "1"])).toMatchObject({ outcome: "live", after: "200 1" })
})

let version = 1
test.each(["migrate", "start", "healthy", "switch", "watch"])(
  "a pipeline that is killed in %s, with the host, leaves a version that serves, and goes through when it is run again",
  async (step) => {
    const [old, next] = [`200 ${version}`, `200 ${++version}`]
    expect(await run(["deploy", String(version)], step)).toBeNull()
    await leaseRunsOut()
    const again = await run(["deploy", String(version)])
    const atTheTime = step === "watch" ? [next] : step === "switch" ? [old, next] : [old]
    expect(atTheTime).toContain(again?.before)
    expect(again).toMatchObject({ outcome: "live", causes: [], after: next, live: "live", candidates: 0 })
    expect(again?.history[0]).toBe("live")
  },
)
