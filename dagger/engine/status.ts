import { usedBytes } from "./disk.js"
import type { Home } from "./home.js"
import { publishedImages } from "./images/published.js"
import { findRoom } from "./process.js"
import { answers } from "./room.js"
import { engineIsUp } from "./up.js"
import { engineVersion } from "./version.js"

export interface EngineStatus {
  state: "up" | "outdated" | "not answering" | "down"
  version: string
  pid: number | undefined
  upMs: number | undefined
  socket: string
  /** undefined: more than can be counted in the time given */
  cacheBytes: number | undefined
  images: string[]
}

export const quickly = 2_000
export const thoroughly = 600_000

export async function engineStatus(home: Home, countMs: number = quickly): Promise<EngineStatus> {
  const room = await findRoom(home.root)
  const [answering, current, cacheBytes, published] = await Promise.all([
    answers(home.socket),
    engineIsUp(home),
    usedBytes(home.cache, countMs),
    publishedImages(home),
  ])
  return {
    state: !room ? "down" : !answering ? "not answering" : current ? "up" : "outdated",
    version: engineVersion(),
    pid: room?.outer,
    upMs: room && Date.now() - room.startedAt,
    socket: home.socket,
    cacheBytes,
    images: Object.keys(published),
  }
}

/** What the state takes on disk, part by part. */
export async function stateSizes(home: Home): Promise<{ what: string; path: string; bytes: number | undefined }[]> {
  const folders = [
    { what: "engine cache", path: home.cache },
    { what: "image registry", path: home.registry },
    { what: "built parts", path: home.parts },
    { what: "logs", path: home.log },
  ]
  return await Promise.all(
    folders.map(async (folder) => ({ ...folder, bytes: await usedBytes(folder.path, thoroughly) })),
  )
}
