import { spawn } from "node:child_process"
import { copyFile, mkdir, open, readFile, rename, rm, symlink, writeFile } from "node:fs/promises"
import { connect } from "node:net"
import { join } from "node:path"
import { TollgateError } from "../../src/errors.js"
import { lastLines } from "./command.js"
import { debianPart, roomPart } from "./debian.js"
import { engineConfig } from "./engine-config.js"
import { enginePart } from "./go-build.js"
import type { Home } from "./home.js"
import { choosePlan, connectRoom, disconnectRoom, recordedPlan, writeResolvConf, writeRoomNetwork } from "./network.js"
import { partFolder } from "./part.js"
import { findRoom, isAlive } from "./process.js"
import { sdkDigest, sdkPart } from "./sdk-content.js"
import { engineFolder } from "./version.js"

// a large cache on a slow disk was seen to take 50 s
const startTimeoutMs = 180_000
// the engine asks itself for five minutes at most to write its cache down
const stopTimeoutMs = 330_000

const registryConfig = `version: 0.1
log: {level: warn}
storage: {filesystem: {rootdirectory: /var/lib/registry}, delete: {enabled: true}}
http: {addr: "0.0.0.0:5000"}
`

export function engineLog(home: Home): string {
  return join(home.log, "engine.log")
}

export async function startRoom(home: Home): Promise<void> {
  await clearAway(home)
  await layOut(home)
  const plan = await choosePlan(home)
  await writeRoomNetwork(plan, join(home.room, "network"))
  await writeResolvConf(join(home.room, "resolv.conf"))

  // what the last engine said is wanted exactly when it ended badly
  await rename(engineLog(home), join(home.log, "engine.previous.log")).catch(() => undefined)
  const log = await open(engineLog(home), "w")
  const room = spawn(
    "unshare",
    [
      "--mount", "--propagation", "private", "--pid", "--net", "--ipc", "--uts", "--fork", "--kill-child",
      "--", "sh", join(home.room, "enter.sh"), home.root, home.socketFolder,
    ],
    {
      // a session of its own: the engine outlives the command that started it, and its Ctrl-C
      detached: true,
      stdio: ["ignore", log.fd, log.fd],
      env: { ...process.env, PATH: systemPath, DAGGER_TYPESCRIPT_SDK_MANIFEST_DIGEST: await sdkDigest(home) },
    },
  )
  await log.close()
  let ended = false
  room.on("exit", () => (ended = true))
  room.on("error", () => (ended = true))
  room.unref()

  try {
    const inner = await until(startTimeoutMs, () => ended, async () => (await findRoom(home.root))?.inner)
    await connectRoom(plan, inner, join(home.log, "network.log"))
    await until(startTimeoutMs, () => ended, async () => ((await answers(home.socket)) ? true : undefined))
  } catch (error) {
    room.kill("SIGKILL")
    await disconnectRoom(plan)
    if (error instanceof TollgateError) throw error
    throw new TollgateError(
      "engine.start-failed",
      `The engine did not start. The end of ${engineLog(home)}:\n${lastLines(await readFile(engineLog(home), "utf8"), 15)}`,
      "docs/engine.md explains the known causes. Then: `tollgate engine up`.",
    )
  }
}

const systemPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

class TookTooLong extends Error {}

async function until<T>(timeoutMs: number, over: () => boolean, look: () => Promise<T | undefined>): Promise<T> {
  const deadline = Date.now() + timeoutMs
  for (;;) {
    const seen = await look()
    if (seen !== undefined) return seen
    if (over() || Date.now() > deadline) throw new TookTooLong()
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

async function layOut(home: Home): Promise<void> {
  for (const folder of [home.room, home.socketFolder, home.cache, home.registry, home.tmp, home.log]) {
    await mkdir(folder, { recursive: true, mode: 0o700 })
  }
  const links: Record<string, string> = {
    rootfs: partFolder(home, roomPart()),
    engine: partFolder(home, enginePart()),
    content: partFolder(home, sdkPart()),
  }
  for (const [name, target] of Object.entries(links)) {
    await rm(join(home.room, name), { recursive: true, force: true })
    await symlink(target, join(home.room, name))
  }
  for (const script of ["enter.sh", "serve.sh"]) {
    await copyFile(join(engineFolder, "room", script), join(home.room, script))
  }
  await writeFile(join(home.room, "engine.json"), JSON.stringify(engineConfig))
  await writeFile(join(home.room, "registry.yml"), registryConfig)
}

/** An orderly stop: the engine writes its cache down, so that the next start finds it. */
export async function stopRoom(home: Home): Promise<boolean> {
  const room = await findRoom(home.root)
  if (room) {
    if (room.inner !== undefined) process.kill(room.inner, "SIGTERM")
    const deadline = Date.now() + stopTimeoutMs
    while (isAlive(room.outer) && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 100))
    if (isAlive(room.outer)) process.kill(room.outer, "SIGKILL")
  }
  await clearAway(home)
  return room !== undefined
}

/** What an engine that was killed leaves: its socket's file and its firewall rules. The kernel took everything else. */
async function clearAway(home: Home): Promise<void> {
  const plan = await recordedPlan(home)
  if (plan) await disconnectRoom(plan)
  await rm(home.socket, { force: true })
}

export async function answers(socket: string): Promise<boolean> {
  return await new Promise((resolve) => {
    const connection = connect(socket)
    connection.setTimeout(2000, () => {
      connection.destroy()
      resolve(false)
    })
    connection.on("connect", () => {
      connection.destroy()
      resolve(true)
    })
    connection.on("error", () => resolve(false))
  })
}

export const roomParts = () => [enginePart(), debianPart(), roomPart(), sdkPart()]
