import { createWriteStream, type WriteStream } from "node:fs"
import { mkdir, readdir, rm } from "node:fs/promises"
import { join } from "node:path"
import type { Home } from "../../dagger/engine/home.js"

const kept = 10
const prefix = "session-"

/** One file per command, since two may run at once. The newest are kept. */
export async function openSessionLog(home: Home): Promise<{ path: string; stream: WriteStream }> {
  await mkdir(home.log, { recursive: true })
  const older = (await readdir(home.log)).filter((name) => name.startsWith(prefix)).sort()
  for (const name of older.slice(0, Math.max(0, older.length - kept + 1)))
    await rm(join(home.log, name), { force: true })
  const stamp = new Date().toISOString().replace(/[:.]/g, "-")
  const path = join(home.log, `${prefix}${stamp}-${process.pid}.log`)
  return { path, stream: createWriteStream(path) }
}

export async function newestSessionLog(home: Home): Promise<string | undefined> {
  const names = (await readdir(home.log).catch(() => [])).filter((name) => name.startsWith(prefix)).sort()
  const newest = names.at(-1)
  return newest === undefined ? undefined : join(home.log, newest)
}
