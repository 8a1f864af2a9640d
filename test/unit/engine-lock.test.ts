import { spawn } from "node:child_process"
import { once } from "node:events"
import { join } from "node:path"
import { expect, test } from "vitest"
import { lock, type Owner } from "../../bin/lock.mjs"

const name = () => `test:${process.pid}:${Math.random()}`
const script = join(import.meta.dirname, "../../bin/lock.mjs")

async function holder(lockName: string) {
  const code = `import { lock } from ${JSON.stringify(script)}; await lock(${JSON.stringify(lockName)}, "holding", () => {}); console.log("held"); setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ["--input-type=module", "--eval", code], {
    stdio: ["ignore", "pipe", "inherit"],
  })
  await once(child.stdout, "data")
  return child
}

test("a second one waits for the first, and prints its holder", async () => {
  const lockName = name()
  const order: string[] = []
  const owners: Owner[] = []
  const first = await lock(lockName, "engine up", () => {})
  const second = lock(lockName, "engine down", (owner) => owners.push(owner)).then((unlock) => {
    order.push("second")
    return unlock
  })
  await expect.poll(() => owners.length).toBe(1)
  order.push("first ends")
  await first()
  await (await second)()
  expect(order).toEqual(["first ends", "second"])
  expect(owners[0]).toMatchObject({ pid: process.pid, purpose: "engine up" })
})

test("an owner that was killed holds nothing", async () => {
  const lockName = name()
  const child = await holder(lockName)
  let waited: Owner | undefined
  const waiting = lock(lockName, "engine up", (owner) => (waited = owner))
  await expect.poll(() => waited?.pid).toBe(child.pid)
  child.kill("SIGKILL")
  await (await waiting)()
})

test("locks of different names do not meet", async () => {
  const [one, two] = await Promise.all([lock(name(), "a", () => {}), lock(name(), "b", () => {})])
  await Promise.all([one(), two()])
})

test("of many at once each gets its turn alone", async () => {
  const lockName = name()
  let inside = 0
  let most = 0
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      const unlock = await lock(lockName, "turn", () => {})
      most = Math.max(most, ++inside)
      await new Promise((resolve) => setTimeout(resolve, 5))
      inside--
      await unlock()
    }),
  )
  expect(most).toBe(1)
})
