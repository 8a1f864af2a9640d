import { spawn } from "node:child_process"
import { copyFile, mkdir, open, readFile, rename, rm, symlink, writeFile } from "node:fs/promises"
import { connect } from "node:net"
import { join } from "node:path"
import { TollgateError } from "../../core/shared/errors.js"
import { lastLines } from "./command.js"
import { debianPart, roomPart } from "./debian.js"
import { engineConfig } from "./engine-config.js"
import { enginePart } from "./go-build.js"
import type { Home } from "./home.js"
import { choosePlan, connectRoom, disconnectRoom, recordedPlan, writeResolvConf, writeRoomNetwork } from "./network.js"
import { partFolder } from "./part.js"
import { findRoom, isAlive } from "./process.js"
import { registryConfigs } from "./registry.js"
import { sdkDigest, sdkPart } from "./sdk-content.js"
import { engineFolder } from "./version.js"

// no limit that anybody should meet: reading a large cache from a slow disk takes minutes, and an engine that is killed
// while it does so throws everything away
const startTimeoutMs = 1_800_000
// a process and its child: moments, or never
const roomTimeoutMs = 60_000
// the engine asks itself for five minutes at most to write its cache down
const stopTimeoutMs = 330_000

export function engineLog(home: Home): string {
  return join(home.log, "engine.log")
}

/** Starts the engine, up to where it goes on by itself: its process runs and has its network. */
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
      "--mount",
      "--propagation",
      "private",
      "--pid",
      "--net",
      "--ipc",
      "--uts",
      "--fork",
      "--kill-child",
      "--",
      "sh",
      join(home.room, "enter.sh"),
      home.root,
      home.socketFolder,
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
    const inner = await until(
      roomTimeoutMs,
      () => Promise.resolve(ended),
      async () => (await findRoom(home.root))?.inner,
    )
    await connectRoom(plan, inner, join(home.log, "network.log"))
  } catch (error) {
    room.kill("SIGKILL")
    await disconnectRoom(plan)
    throw error instanceof TollgateError ? error : await startFailed(home)
  }
}

/** Waits until an engine whose start was begun, by this command or one that was interrupted, answers. */
export async function waitForRoom(home: Home): Promise<void> {
  const gone = async () => (await findRoom(home.root)) === undefined
  try {
    await until(startTimeoutMs, gone, async () => ((await answers(home.socket)) ? true : undefined))
  } catch (error) {
    if (!(error instanceof TookTooLong)) throw error
    if (await gone()) throw await startFailed(home)
    throw new TollgateError(
      "engine.start-slow",
      `The engine is still starting after ${startTimeoutMs / 60_000} minutes. It was left alone, because killing it would throw its cache away. The end of ${engineLog(home)}:\n${await endOfLog(home)}`,
      "`tollgate engine up` waits for it again; `tollgate engine down` gives it up.",
    )
  }
}

async function startFailed(home: Home): Promise<TollgateError> {
  return new TollgateError(
    "engine.start-failed",
    `The engine did not start. The end of ${engineLog(home)}:\n${await endOfLog(home)}`,
    "docs/engine.md explains the known causes. Then: `tollgate engine up`.",
  )
}

const endOfLog = async (home: Home) => lastLines(await readFile(engineLog(home), "utf8"), 15)

const systemPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

class TookTooLong extends Error {}

async function until<T>(
  timeoutMs: number,
  over: () => Promise<boolean>,
  look: () => Promise<T | undefined>,
): Promise<T> {
  const deadline = Date.now() + timeoutMs
  for (;;) {
    const seen = await look()
    if (seen !== undefined) return seen
    if ((await over()) || Date.now() > deadline) throw new TookTooLong()
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
  for (const [name, config] of Object.entries(registryConfigs)) await writeFile(join(home.room, name), config)
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
