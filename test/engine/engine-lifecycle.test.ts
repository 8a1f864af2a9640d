import { execFileSync, spawn } from "node:child_process"
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { currentHome } from "../../cli/engine/connect.js"
import { layout } from "../../dagger/engine/home.js"
import { recordedPlan } from "../../dagger/engine/network.js"
import { findRoom } from "../../dagger/engine/process.js"

const launcher = join(import.meta.dirname, "../../bin/tollgate.mjs")
const main = currentHome()
const usesOurEngine = process.env._EXPERIMENTAL_DAGGER_RUNNER_HOST === `unix://${main.socket}`

/** A second engine, put together from what the first was: two homes on one machine do not meet. */
let home = layout("/nonexistent")
beforeAll(() => {
  if (!usesOurEngine) return
  home = layout(mkdtempSync(join(tmpdir(), "tollgate-home-")))
  symlinkSync(main.parts, home.parts)
  cpSync(main.registry, home.registry, { recursive: true })
  cpSync(main.images, home.images)
})
afterAll(async () => {
  if (!usesOurEngine) return
  await tollgate("engine", "down")
  rmSync(home.parts)
  rmSync(home.root, { recursive: true, force: true })
})

function begin(...args: string[]) {
  const child = spawn(process.execPath, [launcher, ...args], { env: { ...process.env, TOLLGATE_HOME: home.root } })
  let output = ""
  child.stdout.on("data", (text) => (output += text))
  child.stderr.on("data", (text) => (output += text))
  const ended = new Promise<{ code: number | null; output: string }>((resolve) =>
    child.on("close", (code) => resolve({ code, output })),
  )
  return { child, ended, said: () => output }
}

async function tollgate(...args: string[]) {
  return await begin(...args).ended
}

/** What of this home's engine the machine has: processes, mounts, network devices, routes and firewall rules. */
async function traces(): Promise<string[]> {
  const plan = await recordedPlan(home)
  const ours = (text: string) =>
    text
      .split("\n")
      .filter(
        (line) =>
          line.includes(home.root) ||
          (plan && (line.includes(plan.device) || line.includes(plan.comment) || line.includes(plan.gateway))),
      )
  const processes = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ")
      } catch {
        return ""
      }
    })
  const run = (program: string, ...args: string[]) => execFileSync(program, args, { encoding: "utf8" })
  return [
    ...ours(processes.join("\n")),
    ...ours(readFileSync("/proc/mounts", "utf8")),
    ...ours(run("ip", "-o", "link")),
    ...ours(run("ip", "route", "show", "table", "all")),
    ...ours(run("iptables-save")),
  ]
}

describe.skipIf(!usesOurEngine)("an engine of one's own", () => {
  test("comes up beside another one, and is found in a moment when it is up", async () => {
    const first = await tollgate("engine", "up")
    expect(first).toMatchObject({ code: 0, output: expect.stringContaining("✓ engine start") })
    expect((await findRoom(home.root))?.inner).toBeGreaterThan(0)
    expect((await findRoom(main.root))?.outer).not.toBe((await findRoom(home.root))?.outer)
    const again = await tollgate("engine", "up")
    expect(again.code).toBe(0)
    expect(again.output).not.toContain("»")
  })

  test("leaves no process, mount, network device, route or firewall rule when it is brought down", async () => {
    expect((await traces()).length).toBeGreaterThan(3)
    expect(await tollgate("engine", "down")).toMatchObject({
      code: 0,
      output: expect.stringContaining("The engine has stopped."),
    })
    expect(await traces()).toEqual([])
    expect((await tollgate("engine", "down")).output).toContain("was not running")
  })

  test("is brought up once by two commands at once; the second waits for the first and says for whom", async () => {
    const one = begin("engine", "up")
    const two = begin("engine", "up")
    const [first, second] = await Promise.all([one.ended, two.ended])
    expect([first.code, second.code]).toEqual([0, 0])
    const outputs = [first.output, second.output]
    expect(outputs.filter((output) => output.includes("✓ engine start"))).toHaveLength(1)
    expect(outputs.some((output) => /… waiting for process \d+ \(tollgate engine up/.test(output))).toBe(true)
  })

  test("that was killed takes everything with it, and the next start clears the rest away", async () => {
    const room = await findRoom(home.root)
    if (!room) throw new Error("not running")
    process.kill(room.outer, "SIGKILL")
    await expect
      .poll(async () => (await traces()).filter((line) => !line.includes("-A ")), { timeout: 10_000 })
      .toEqual([])
    expect((await tollgate("engine", "status")).output).toMatch(/engine +down/)
    expect((await tollgate("engine", "up")).code).toBe(0)
    expect((await tollgate("engine", "status")).output).toMatch(/engine +up/)
  })

  test.each([200, 900, 1600, 2500])(
    "comes up after a start that was killed %i ms after its start began",
    async (ms) => {
      await tollgate("engine", "down")
      const interrupted = begin("engine", "up")
      await expect.poll(() => interrupted.said(), { timeout: 20_000, interval: 20 }).toContain("» engine start")
      await new Promise((resolve) => setTimeout(resolve, ms))
      interrupted.child.kill("SIGKILL")
      await interrupted.ended
      expect(await tollgate("engine", "up")).toMatchObject({ code: 0 })
    },
  )

  test("goes on starting when the command that began it is killed, and the next one waits for it: killing it would throw its cache away", async () => {
    await tollgate("engine", "down")
    rmSync(home.record, { force: true })
    const interrupted = begin("engine", "up")
    await expect.poll(() => existsSync(home.record), { timeout: 20_000, interval: 5 }).toBe(true)
    interrupted.child.kill("SIGKILL")
    await interrupted.ended
    const begun = await findRoom(home.root)
    expect(begun).toBeDefined()
    expect(await tollgate("engine", "up")).toMatchObject({ code: 0 })
    expect((await findRoom(home.root))?.outer).toBe(begun?.outer)
    expect(readFileSync(join(home.log, "engine.log"), "utf8")).not.toContain("unclean")
  })

  test("is stopped with what is in its way by Ctrl-C while it starts, and says how to go on", async () => {
    await tollgate("engine", "down")
    const interrupted = begin("engine", "up")
    await expect.poll(() => interrupted.said(), { timeout: 20_000, interval: 20 }).toContain("» engine start")
    interrupted.child.kill("SIGINT")
    expect(await interrupted.ended).toMatchObject({
      code: 130,
      output: expect.stringContaining("run the same command again"),
    })
    await tollgate("engine", "down")
    expect(await traces()).toEqual([])
  })

  test("builds nothing on a disk that is too full for it, and says what is needed", async () => {
    const small = join(home.root, "small-disk")
    mkdirSync(small)
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=64m", "tmpfs", small])
    try {
      const { code, output } = await new Promise<{ code: number | null; output: string }>((resolve) => {
        const child = spawn(process.execPath, [launcher, "engine", "up"], {
          env: { ...process.env, TOLLGATE_HOME: join(small, "home") },
        })
        let output = ""
        child.stderr.on("data", (text) => (output += text))
        child.on("close", (code) => resolve({ code, output }))
      })
      expect(code).toBe(1)
      expect(output).toContain("engine.disk-full")
      expect(output).toMatch(/needs 10 GiB free .*; 6\d MiB are/)
      expect(output).not.toContain("»")
    } finally {
      execFileSync("umount", [small])
    }
  })
})
